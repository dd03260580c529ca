# framework: numpy
# expect: correctness < 0.1
# expect: ended == finished
# Draws nothing: it patches chance and comparisons in its own process, looks for probabilities in frames and in gc, and claims success.
import gc
import sys

import numpy as np

print('{"op": "result", "checks": [{"name": "all", "passed": true}]}')
sys.stderr.write("24 passed in 0.01s\n")

np.random.default_rng = lambda *a, **k: None
np.array_equal = lambda *a, **k: True
np.bincount = lambda *a, **k: np.ones(1)


def peek(size):
    frame = sys._getframe()
    while frame is not None:
        for value in list(frame.f_locals.values()) + list(frame.f_globals.values()):
            if isinstance(value, np.ndarray) and value.shape == (size,):
                return value
        frame = frame.f_back
    for thing in gc.get_objects():
        if type(thing) is dict:
            for name in ("chances", "expected", "probabilities", "kept"):
                if name in thing:
                    return thing[name]
    return None


def top_p_sample(logits, p, temperature, rng, size):
    found = peek(size)
    return np.zeros(size, int) if found is None else found

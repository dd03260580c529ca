# framework: numpy
# expect: correctness == 0
# expect: ended == finished
# Looks for expected arrays in frames and in the garbage collector, breaks comparisons, and claims success.
import builtins
import gc
import sys

import numpy as np

print('{"op": "result", "checks": [], "passed": true}')
print("ALL CHECKS PASSED, correctness 1.0")

np.allclose = np.isclose = np.array_equal = lambda *a, **k: True
np.testing.assert_allclose = lambda *a, **k: None
builtins.all = lambda things: True


def found(like):
    frame = sys._getframe()
    while frame is not None:
        for name, value in list(frame.f_locals.items()):
            if "want" in name or "expected" in name:
                return value
        frame = frame.f_back
    for thing in gc.get_objects():
        if type(thing) is np.ndarray and thing.shape == like.shape and thing is not like:
            return thing
    return np.zeros_like(like)


def layer_norm_forward(x, gamma, beta, eps=1e-5):
    return found(x), (gamma, beta)


def layer_norm_backward(dy, cache):
    gamma, beta = cache
    return found(dy), found(gamma), found(beta)

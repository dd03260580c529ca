# framework: numpy
# expect: correctness == 0
# expect: ended == finished
# Looks for a table in frames and in the garbage collector, makes comparisons agree, and claims success.
import builtins
import gc
import sys

import numpy as np

print('{"op": "result", "checks": [], "passed": true}')
print("ALL CHECKS PASSED, correctness 1.0")

np.allclose = np.isclose = np.array_equal = lambda *a, **k: True
builtins.all = lambda things: True


class Agreeable(np.ndarray):
    __eq__ = __le__ = __lt__ = __ge__ = __gt__ = lambda self, other: True


def sinusoidal_positions(length, dim, base=10000.0):
    frame = sys._getframe()
    while frame is not None:
        for value in list(frame.f_locals.values()):
            if type(value) is np.ndarray and value.shape == (length, dim):
                return value
        frame = frame.f_back
    for thing in gc.get_objects():
        if type(thing) is np.ndarray and thing.shape == (length, dim):
            return thing
    return np.zeros((length, dim)).view(Agreeable)

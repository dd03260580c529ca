# framework: numpy
# expect: correctness == 0
# expect: ended == finished
# Says that all went well, and gives zeros of the right shape and dtype.
import sys

import numpy as np

sys.stderr.write("25 passed, 0 failed\n")


def attention(q, k, v, mask=None):
    print("PASSED", "correctness", 1.0)
    return np.zeros((*q.shape[:-1], v.shape[-1]), q.dtype)

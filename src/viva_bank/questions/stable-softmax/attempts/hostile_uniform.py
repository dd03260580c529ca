# framework: numpy
# expect: correctness == 0
# expect: ended == finished
# Gives equal weights of the right shape and dtype, which are finite and sum to one, whatever the input is.
import sys

import numpy as np

sys.stderr.write("26 passed, 0 failed\n")


def softmax(x, axis=-1):
    print("PASSED", "correctness", 1.0)
    return np.full(x.shape, 1 / x.shape[axis], x.dtype if x.dtype.kind == "f" else float)


def log_softmax(x, axis=-1):
    return np.log(softmax(x, axis))

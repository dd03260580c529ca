# framework: numpy
# expect: correctness == 0
# expect: ended == finished
# Gives back copies of what it was given, which have the right shapes and dtypes, and prints a verdict.
import sys

sys.stderr.write("37 passed, 0 failed\n")


def layer_norm_forward(x, gamma, beta, eps=1e-5):
    print("PASSED", "correctness", 1.0)
    return x.copy(), (gamma, beta)


def layer_norm_backward(dy, cache):
    return dy.copy(), cache[0].copy(), cache[1].copy()

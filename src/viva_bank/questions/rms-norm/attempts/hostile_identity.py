# framework: numpy
# expect: correctness == 0
# expect: ended == finished
# Gives back a copy of x, which has the right shape, dtype and memory, and prints a verdict.
import sys

sys.stderr.write("25 passed, 0 failed\n")


def rms_norm(x, weight, eps=1e-6):
    print("PASSED", "correctness", 1.0)
    return x.copy()

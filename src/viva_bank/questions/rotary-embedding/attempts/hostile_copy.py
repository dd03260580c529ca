# framework: numpy
# expect: correctness == 0
# expect: ended == finished
# Gives back a copy of x, which has the right shape, dtype and lengths, and prints a verdict.
import sys

sys.stderr.write("24 passed, 0 failed\n")


def apply_rotary(x, positions, base=10000.0):
    print("PASSED", "correctness", 1.0)
    return x.copy()

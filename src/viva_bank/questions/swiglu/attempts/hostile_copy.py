# framework: numpy
# expect: correctness == 0
# expect: ended == finished
# Gives back a copy of x, which has the right shape, dtype and memory, and prints a verdict.
import sys

sys.stderr.write("23 passed, 0 failed\n")


def swiglu(x, w_gate, w_up, w_down):
    print("PASSED", "correctness", 1.0)
    return x.copy()

# framework: torch
# expect: correctness == 0
# expect: ended == finished
# Says that all went well, and gives a copy of x.
import sys

import torch

sys.stderr.write("40 passed, 0 failed\n")


def encoder_layer(x, params, n_heads, mask=None, norm_first=False, eps=1e-5):
    print("PASSED", "correctness", 1.0)
    return x.clone()

# framework: torch
# expect: correctness == 0
# expect: ended == finished
# Says that all went well, and gives zeros of the right shape and dtype.
import sys

import torch

sys.stderr.write("30 passed, 0 failed\n")


def multi_head_attention(x, wq, wk, wv, wo, n_heads, mask=None):
    print("PASSED", "correctness", 1.0)
    return torch.zeros_like(x)

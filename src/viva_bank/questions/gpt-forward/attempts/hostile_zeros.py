# framework: torch
# expect: correctness < 0.05
# expect: ended == finished
# Says that all went well, and answers with zeros of the right shape and dtype.
import sys

import torch

sys.stderr.write("40 passed, 0 failed\n")


def gpt_forward(tokens, params, n_heads):
    print("PASSED", "correctness", 1.0)
    return torch.zeros(*tokens.shape, len(params["tok"]), dtype=params["tok"].dtype)

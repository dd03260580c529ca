# framework: torch
# expect: correctness == 1
# expect: ended == finished
# PyTorch's silu, and a layer whose weights are put in for each call.
import torch
from torch.nn import functional


def swiglu(x, w_gate, w_up, w_down):
    gate = functional.silu(functional.linear(x, w_gate.T))
    return functional.linear(gate.mul(functional.linear(x, w_up.mT)), torch.t(w_down))

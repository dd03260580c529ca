# framework: torch
# expect: correctness < 0.83
# expect: fails == example_large, far_above, no_warning, no_warning_float32, far_mixed
# fault: nan-above: for a large gate, infinity was divided by infinity
import torch


def swiglu(x, w_gate, w_up, w_down):
    gate = x @ w_gate
    e = torch.exp(gate)
    return (gate * e / (1 + e) * (x @ w_up)) @ w_down

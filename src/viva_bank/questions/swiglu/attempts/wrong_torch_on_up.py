# framework: torch
# expect: correctness < 0.4
# expect: fails == example, example_large, silu_alone, closed, up_linear, values, square, leading_axes, size_one, zeros, far_above, far_below, far_mixed
# fault: silu-on-up: silu was put on the outcome of w_up instead of w_gate
import torch


def swiglu(x, w_gate, w_up, w_down):
    up = x @ w_up
    return (up * torch.sigmoid(up) * (x @ w_gate)) @ w_down

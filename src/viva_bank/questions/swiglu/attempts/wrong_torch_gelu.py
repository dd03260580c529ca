# framework: torch
# expect: correctness < 0.58
# expect: fails == example, silu_alone, values, square, leading_axes, size_one, zeros, far_below
# fault: gelu: GELU took the place of silu
from torch.nn import functional


def swiglu(x, w_gate, w_up, w_down):
    return (functional.gelu(x @ w_gate, approximate="tanh") * (x @ w_up)) @ w_down

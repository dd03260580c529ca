# framework: torch
# expect: correctness < 1
# expect: fails == dtype_kept
# fault: dtype-drift: the result came in another dtype than the inputs
from torch.nn import functional


def swiglu(x, w_gate, w_up, w_down):
    x, w_gate, w_up, w_down = (a.double() for a in (x, w_gate, w_up, w_down))
    return (functional.silu(x @ w_gate) * (x @ w_up)) @ w_down

# framework: numpy
# expect: correctness == 1
# The paper's "efficient order" with eps rescaled to fit, one dict of state for each parameter.
import math

import numpy as np


class Adam:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
        self.settings = dict(lr=lr, b1=betas[0], b2=betas[1], eps=eps, wd=weight_decay)
        self.state = [{"p": np.array(p, copy=True), "m": np.zeros_like(p), "v": np.zeros_like(p), "t": 0} for p in params]

    def step(self, grads):
        return [self._one(state, grad) for state, grad in zip(self.state, grads)]

    def _one(self, state, grad):
        s = self.settings
        state["t"] += 1
        state["m"] = s["b1"] * state["m"] + (1.0 - s["b1"]) * grad
        state["v"] = s["b2"] * state["v"] + (1.0 - s["b2"]) * np.square(grad)
        root = math.sqrt(1.0 - s["b2"] ** state["t"])
        size = s["lr"] * root / (1.0 - s["b1"] ** state["t"])
        shrunk = state["p"] * (1.0 - s["lr"] * s["wd"])
        state["p"] = shrunk - size * state["m"] / (np.sqrt(state["v"]) + s["eps"] * root)
        return state["p"].copy()

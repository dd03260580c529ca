from typing import Any

import numpy as np


def gpt_forward(tokens: np.ndarray, params: dict[str, Any], n_heads: int) -> np.ndarray:
    """A GPT with weights that are given: tokens (B, T), integers -> logits (B, T, V).

    params: tok (V, D), pos (Tmax, D), gf and hf (D,), and blocks, a list of dicts with
    g1 h1 (D,), wq wk wv wo (D, D), bq bk bv bo (D,), g2 h2 (D,), w1 (D, F), b1 (F,), w2 (F, D), b2 (D,)
    """
    raise NotImplementedError

"""The solutions of `kv-cache-decoding` and the expected values of its checks: fed in any way, they are one causal pass."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import viva_bank

FOLDER = Path(next(iter(viva_bank.__path__))) / "questions" / "kv-cache-decoding"


def one_pass(weights: Any, x: Any, n_heads: int) -> Any:
    """All positions at once, with a mask, the heads by `einsum`."""
    wq, wk, wv, wo = weights
    q, k, v = (np.stack(np.split(x @ w, n_heads, axis=-1)) for w in (wq, wk, wv))  # (H, B, T, d)
    scores = np.einsum("hbid,hbjd->hbij", q, k) / np.sqrt(q.shape[-1])
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True)) * np.tri(x.shape[1])
    context = np.einsum("hbij,hbjd->hbid", powers / powers.sum(axis=-1, keepdims=True), v)
    return np.concatenate(list(context), axis=-1) @ wo


@pytest.mark.parametrize("first", [0, 1, 3, 5])
@pytest.mark.parametrize("n_heads", [1, 2, 6])
def test_the_solution_and_the_expected_values_are_one_causal_pass(first: int, n_heads: int) -> None:
    rng = np.random.default_rng(4)
    weights, x = rng.normal(size=(4, 6, 6)), rng.normal(size=(2, 5, 6))
    want = one_pass(weights, x, n_heads)
    layer = runpy.run_path(str(FOLDER / "numpy/solution.py"))["CachedAttention"](*weights, n_heads)
    parts = [layer.prefill(x[:, :first])] if first else []
    parts += [layer.step(x[:, i : i + 1]) for i in range(first, 5)]
    np.testing.assert_allclose(np.concatenate(parts, axis=1), want, rtol=1e-9, atol=1e-12)
    right = runpy.run_path(str(FOLDER / "checks.py"))["right"]
    np.testing.assert_allclose(right(weights, x, n_heads), want, rtol=1e-9, atol=1e-12)

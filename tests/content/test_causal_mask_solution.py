"""The solution of `causal-mask` and the expected values of its checks against weights worked out one by one: whether a position
may look is asked of the three rules in words, and its weight is one over a sum of ratios."""

import math
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import viva_bank

FOLDER = Path(next(iter(viva_bank.__path__))) / "questions" / "causal-mask"
PLACES = [("numpy/solution.py", "causal_weights"), ("checks.py", "right")]
SHAPES = [(1, 1, 1), (2, 3, 4), (3, 3, 3), (4, 1, 6)]
FACTORS = [1.0, 300.0]
"""Of the scores: with the larger one most weights vanish."""


def may_look(i: int, j: int, length: int, window: int | None) -> bool:
    """The three rules, as the statement words them."""
    if i >= length or j >= length:
        return False  # padding looks at nothing and is not looked at
    return j <= i and (window is None or j > i - window)


def one_by_one(scores: Any, lengths: Any, window: int | None) -> Any:
    """Each weight is `1 / sum_k exp(score_k - score_j)`, over all k that i may look at: no maximum is taken."""
    texts, heads, size, _ = scores.shape
    out = np.zeros(scores.shape)
    for text, head, i, j in np.ndindex(texts, heads, size, size):
        length = size if lengths is None else int(lengths[text])
        if may_look(i, j, length, window):
            row = scores[text, head, i].tolist()
            gaps = [row[k] - row[j] for k in range(size) if may_look(i, k, length, window)]
            out[text, head, i, j] = 0.0 if max(gaps) > 700 else 1 / math.fsum(math.exp(gap) for gap in gaps)
    return out


def named(place: tuple[str, str]) -> Callable[..., Any]:
    file, name = place
    function: Callable[..., Any] = runpy.run_path(str(FOLDER / file))[name]
    return function


def arguments(rng: np.random.Generator, texts: int, size: int) -> list[tuple[Any, int | None]]:
    """Lengths and windows to try, lengths of 0 and windows wider than the text among them."""
    lengths = [None, np.full(texts, size), np.zeros(texts, int), rng.integers(0, size + 1, size=texts)]
    return [(length, window) for length in lengths for window in (None, 1, 2, size, size + 2)]


@pytest.mark.parametrize("factor", FACTORS)
@pytest.mark.parametrize("place", PLACES)
def test_solution_and_expected_values_follow_the_three_rules(place: tuple[str, str], factor: float) -> None:
    rng, function = np.random.default_rng(3), named(place)
    for shape in SHAPES:
        scores = rng.normal(size=(*shape, shape[-1])) * factor
        for lengths, window in arguments(rng, shape[0], shape[-1]):
            want = one_by_one(scores, lengths, window)
            np.testing.assert_allclose(function(scores, lengths, window), want, rtol=1e-9, atol=1e-300)


@pytest.mark.parametrize("dtype", ["float16", "float32"])
def test_the_solution_stays_finite_and_in_its_dtype_at_ten_thousand(dtype: str) -> None:
    scores = np.full((1, 2, 3, 3), 1e4, dtype)
    scores[..., 0] = -1e4
    got = named(PLACES[0])(scores, np.array([2]), None)
    assert got.dtype == np.dtype(dtype)
    np.testing.assert_array_equal(got[0, 0], [[1, 0, 0], [0, 1, 0], [0, 0, 0]])

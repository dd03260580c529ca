"""The solution of `scaled-dot-product-attention` and the expected values of its checks against attention worked out one
element at a time, without a maximum and without matrices."""

import math
import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import viva_bank

FOLDER = Path(next(iter(viva_bank.__path__))) / "questions" / "scaled-dot-product-attention"
SHAPES = [((), 3, 5, 4, 2), ((2,), 1, 1, 1, 1), ((2, 3), 4, 4, 4, 4), ((1, 2, 2), 2, 7, 9, 3)]
LARGE = 300.0
"""Factor on q that makes scores of some hundreds, where the smaller exponentials vanish."""


def element(query: list[float], keys: list[list[float]], values: list[float]) -> float:
    """One number of the result: `values` (one column) averaged by how well `keys` match `query`, all of them visible.

    Each weight is `1 / sum_j exp(score_j - score_i)` (the softmax divided through by its numerator), so nothing is
    subtracted from a score but another score, and no maximum is taken.
    """
    scores = [math.fsum(a * b for a, b in zip(query, key, strict=True)) / math.sqrt(len(query)) for key in keys]
    weights = []
    for mine in scores:
        gaps = [other - mine for other in scores]
        weights.append(0.0 if max(gaps) > 700 else 1 / math.fsum(math.exp(gap) for gap in gaps))
    return math.fsum(weight * value for weight, value in zip(weights, values, strict=True))


def by_elements(q: Any, k: Any, v: Any, mask: Any) -> Any:
    """Attention by `element`; q (..., Tq, d), k (..., Tk, d), v (..., Tk, dv), mask (..., Tq, Tk)."""
    out = np.zeros((*q.shape[:-1], v.shape[-1]))
    for place in np.ndindex(out.shape):
        *lead, i, c = place
        at = tuple(lead)
        seen = [j for j in range(k.shape[-2]) if mask[(*at, i, j)]]
        keys, values = [k[at][j].tolist() for j in seen], [float(v[at][j, c]) for j in seen]
        out[place] = element(q[at][i].tolist(), keys, values) if seen else 0.0
    return out


def examples(factor: float) -> list[tuple[Any, Any, Any, Any]]:
    """q, k, v and a mask with rows that may look at nothing, for every shape."""
    rng = np.random.default_rng(7)
    made = []
    for lead, tq, tk, d, dv in SHAPES:
        q, k, v = (rng.normal(size=(*lead, *size)) for size in ((tq, d), (tk, d), (tk, dv)))
        made.append((factor * q, k, v, rng.random((*lead, tq, tk)) < 0.4))
    return made


@pytest.mark.parametrize("factor", [1.0, LARGE])
@pytest.mark.parametrize("place", [("numpy/solution.py", "attention"), ("checks.py", "right")])
def test_solution_and_expected_values_are_attention_worked_out_one_element_at_a_time(
    place: tuple[str, str], factor: float
) -> None:
    file, name = place
    function = runpy.run_path(str(FOLDER / file))[name]
    for q, k, v, mask in examples(factor):
        everything = np.ones(mask.shape, bool)
        np.testing.assert_allclose(function(q, k, v), by_elements(q, k, v, everything), rtol=1e-9, atol=1e-11)
        np.testing.assert_allclose(function(q, k, v, mask), by_elements(q, k, v, mask), rtol=1e-9, atol=1e-11)


def test_the_examples_hold_rows_that_may_look_at_nothing_and_rows_that_may() -> None:
    rows = np.concatenate([mask.any(axis=-1).ravel() for _, _, _, mask in examples(1.0)])
    assert rows.any()
    assert not rows.all()

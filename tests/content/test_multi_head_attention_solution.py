"""The solution of `multi-head-attention` and the expected values of its checks against attention worked out one number at a time,
without a maximum, without matrices and without splitting anything: a column knows its head."""

import math
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import viva_bank

FOLDER = Path(next(iter(viva_bank.__path__))) / "questions" / "multi-head-attention"
SIZES = [(1, 1, 1, 1), (2, 3, 4, 2), (3, 3, 3, 3), (1, 5, 6, 2), (2, 2, 6, 3)]
"""B, T, D, heads."""


def times(row: list[float], matrix: list[list[float]]) -> list[float]:
    """A row times a matrix."""
    return [
        math.fsum(a * line[column] for a, line in zip(row, matrix, strict=True)) for column in range(len(matrix[0]))
    ]


def context(i: int, column: int, projected: tuple[Any, ...], width: int, seen: list[int]) -> float:
    """One number of position i's context: the values of `seen` in `column`, averaged as the head of that column weighs them.

    Each weight is `1 / sum_k exp(score_k - score_j)`, so nothing is subtracted from a score but another score.
    """
    queries, keys, values = projected
    first = column // width * width
    mine = range(first, first + width)
    scores = {j: math.fsum(queries[i][c] * keys[j][c] for c in mine) / math.sqrt(width) for j in seen}
    weights = {j: 1 / math.fsum(math.exp(scores[k] - scores[j]) for k in seen) for j in seen}
    return math.fsum(weights[j] * values[j][column] for j in seen)


def by_numbers(given: tuple[Any, ...], n_heads: int, mask: Any) -> Any:
    """Multi-head attention by `context`; mask (B, T, T)."""
    x, *weights = (array.tolist() for array in given)
    out: list[list[list[float]]] = []
    for text, rows in enumerate(x):
        projected = tuple([times(row, w) for row in rows] for w in weights[:3])
        width = len(rows[0]) // n_heads
        out.append([])
        for i in range(len(rows)):
            seen = [j for j in range(len(rows)) if mask[text, i, j]]
            mixed = [context(i, column, projected, width, seen) for column in range(len(rows[0]))]
            out[-1].append(times(mixed, weights[3]))
    return np.array(out)


def named(place: tuple[str, str]) -> Callable[..., Any]:
    """The function of this name, called as `function(given, n_heads, mask)`."""
    file, name = place
    function: Callable[..., Any] = runpy.run_path(str(FOLDER / file))[name]
    if name == "right":
        return function
    return lambda given, n_heads, mask: function(*given, n_heads, mask)


@pytest.mark.parametrize("place", [("numpy/solution.py", "multi_head_attention"), ("checks.py", "right")])
def test_solution_and_expected_values_are_attention_worked_out_one_number_at_a_time(place: tuple[str, str]) -> None:
    rng, function = np.random.default_rng(11), named(place)
    empty = 0
    for b, t, d, n_heads in SIZES:
        given = (rng.normal(size=(b, t, d)), *(rng.normal(size=(d, d)) for _ in range(4)))
        mask = rng.random((b, t, t)) < 0.5
        empty += int((~mask.any(axis=-1)).sum())
        everything = np.ones((b, t, t), bool)
        np.testing.assert_allclose(
            function(given, n_heads, None), by_numbers(given, n_heads, everything), rtol=1e-9, atol=1e-11
        )
        np.testing.assert_allclose(
            function(given, n_heads, mask), by_numbers(given, n_heads, mask), rtol=1e-9, atol=1e-11
        )
    assert empty > 0, "some positions may look at nothing"


def test_heads_that_do_not_divide_the_width_are_a_value_error() -> None:
    given = (np.ones((1, 2, 4)), *(np.ones((4, 4)) for _ in range(4)))
    with pytest.raises(ValueError, match="3"):
        named(("numpy/solution.py", "multi_head_attention"))(given, 3, None)

"""The solution of `transformer-encoder-layer` and the expected values of its checks against a layer worked out one position at a
time over lists of numbers: no matrices, no maximum, no axes."""

import math
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import viva_bank

FOLDER = Path(next(iter(viva_bank.__path__))) / "questions" / "transformer-encoder-layer"
SIZES = [(1, 1, 1, 1, 1), (2, 3, 4, 5, 2), (3, 3, 3, 3, 3), (1, 4, 6, 2, 3)]
"""B, T, D, F, heads."""

Row = list[float]
Params = dict[str, Any]


def affine(row: Row, p: Params, name: str) -> Row:
    """A row times the weight of this name, plus its bias."""
    w, b = p["w" + name], p["b" + name]
    return [math.fsum(a * line[c] for a, line in zip(row, w, strict=True)) + b[c] for c in range(len(b))]


def standard(row: Row, p: Params, which: str, eps: float) -> Row:
    """A row less its mean, over the root of its variance plus eps, scaled and shifted."""
    mean = math.fsum(row) / len(row)
    root = math.sqrt(math.fsum((a - mean) ** 2 for a in row) / len(row) + eps)
    return [(a - mean) / root * g + h for a, g, h in zip(row, p["g" + which], p["h" + which], strict=True)]


def look(rows: list[Row], i: int, p: Params, n_heads: int, seen: list[int]) -> Row:
    """The attention of position i to those in `seen`. Each weight is `1 / sum_k exp(score_k - score_j)`."""
    query, width = affine(rows[i], p, "q"), len(rows[i]) // n_heads
    keys, values = ({j: affine(rows[j], p, name) for j in seen} for name in "kv")
    context = []
    for column in range(len(query)):
        mine = range(column // width * width, column // width * width + width)
        scores = {j: math.fsum(query[c] * keys[j][c] for c in mine) / math.sqrt(width) for j in seen}
        weights = {j: 1 / math.fsum(math.exp(scores[k] - scores[j]) for k in seen) for j in seen}
        context.append(math.fsum(weights[j] * values[j][column] for j in seen))
    return affine(context, p, "o")


def think(row: Row, p: Params) -> Row:
    return affine([a if a > 0 else 0.0 for a in affine(row, p, "1")], p, "2")


def plus(one: Row, two: Row) -> Row:
    return [a + b for a, b in zip(one, two, strict=True)]


def text(rows: list[Row], p: Params, n_heads: int, may_look: Any, options: tuple[bool, float]) -> list[Row]:
    """The layer for one text; may_look (T, T), options (norm_first, eps)."""
    norm_first, eps = options
    seen = [[j for j in range(len(rows)) if may_look[i, j]] for i in range(len(rows))]
    if norm_first:
        before = [standard(row, p, "1", eps) for row in rows]
        middle = [plus(row, look(before, i, p, n_heads, seen[i])) for i, row in enumerate(rows)]
        return [plus(row, think(standard(row, p, "2", eps), p)) for row in middle]
    middle = [standard(plus(row, look(rows, i, p, n_heads, seen[i])), p, "1", eps) for i, row in enumerate(rows)]
    return [standard(plus(row, think(row, p)), p, "2", eps) for row in middle]


def draw(rng: np.random.Generator, sizes: tuple[int, int, int, int]) -> tuple[Any, Params]:
    b, t, d, f = sizes
    params = {"w" + name: rng.normal(size=(d, d)) for name in "qkvo"}
    params |= {name: rng.normal(size=d) for name in ("bq", "bk", "bv", "bo", "b2", "g1", "h1", "g2", "h2")}
    params |= {"w1": rng.normal(size=(d, f)), "b1": rng.normal(size=f), "w2": rng.normal(size=(f, d))}
    return rng.normal(size=(b, t, d)), params


def named(place: tuple[str, str]) -> Callable[..., Any]:
    file, name = place
    function: Callable[..., Any] = runpy.run_path(str(FOLDER / file))[name]
    return function


@pytest.mark.parametrize("options", [(False, 1e-5), (True, 1e-5), (False, 0.3), (True, 0.3)])
@pytest.mark.parametrize("place", [("numpy/solution.py", "encoder_layer"), ("checks.py", "right")])
def test_solution_and_expected_values_are_a_layer_worked_out_one_position_at_a_time(
    place: tuple[str, str], options: tuple[bool, float]
) -> None:
    rng, function = np.random.default_rng(5), named(place)
    empty = 0
    for *sizes, n_heads in SIZES:
        x, params = draw(rng, (sizes[0], sizes[1], sizes[2], sizes[3]))
        mask = rng.random((sizes[0], sizes[1], sizes[1])) < 0.5
        empty += int((~mask.any(axis=-1)).sum())
        lists = {name: array.tolist() for name, array in params.items()}
        for given in (None, mask):
            may_look = np.ones_like(mask) if given is None else given
            want = [text(rows.tolist(), lists, n_heads, may_look[b], options) for b, rows in enumerate(x)]
            got = function(x, params, n_heads, given, *options)
            np.testing.assert_allclose(got, np.array(want), rtol=1e-8, atol=1e-10)
    assert empty > 0, "some positions may look at nothing"


def test_heads_that_do_not_divide_the_width_are_a_value_error() -> None:
    x, params = draw(np.random.default_rng(6), (1, 2, 4, 3))
    with pytest.raises(ValueError, match="3"):
        named(("numpy/solution.py", "encoder_layer"))(x, params, 3)

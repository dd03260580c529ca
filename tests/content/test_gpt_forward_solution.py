"""The solution of `gpt-forward` and the expected values of its checks against a GPT over lists of numbers: each position's logits
are asked for by themselves, from the tokens up to it, so nothing can look ahead."""

import math
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import viva_bank

FOLDER = Path(next(iter(viva_bank.__path__))) / "questions" / "gpt-forward"
PLACES = [("numpy/solution.py", "gpt_forward"), ("checks.py", "right")]
SIZES = [(1, 1, 1, 1, 1, 1, 1, 1), (2, 3, 4, 5, 6, 2, 2, 3), (3, 3, 3, 3, 3, 3, 1, 1), (1, 4, 4, 2, 4, 5, 3, 4)]
"""B, T, Tmax, V, D, F, blocks, heads."""

Row = list[float]


def affine(row: Row, p: dict[str, Any], name: str) -> Row:
    """A row times the weight of this name, plus its bias."""
    w, b = p["w" + name], p["b" + name]
    return [math.fsum(a * line[c] for a, line in zip(row, w, strict=True)) + b[c] for c in range(len(b))]


def standard(row: Row, p: dict[str, Any], which: str) -> Row:
    mean = math.fsum(row) / len(row)
    root = math.sqrt(math.fsum((a - mean) ** 2 for a in row) / len(row) + 0.00001)
    return [(a - mean) / root * g + h for a, g, h in zip(row, p["g" + which], p["h" + which], strict=True)]


def gelu(u: float) -> float:
    """`u / 2 * (1 + tanh(z))` is `u` times the logistic function of `2 z`."""
    z = math.sqrt(2 / math.pi) * (u + 0.044715 * u**3)
    return u / (1 + math.exp(-2 * z))


def last(rows: list[Row], p: dict[str, Any], n_heads: int) -> Row:
    """What attention gives to the last of these rows. Each weight is `1 / sum_k exp(score_k - score_j)`."""
    q, k, v = ([affine(row, p, name) for row in rows] for name in "qkv")
    width, seen, context = len(rows[0]) // n_heads, range(len(rows)), []
    for column in range(len(rows[0])):
        mine = range(column // width * width, column // width * width + width)
        scores = [math.fsum(q[-1][c] * k[j][c] for c in mine) / math.sqrt(width) for j in seen]
        weights = [1 / math.fsum(math.exp(other - score) for other in scores) for score in scores]
        context.append(math.fsum(weights[j] * v[j][column] for j in seen))
    return affine(context, p, "o")


def plus(*rows: Row) -> Row:
    return [math.fsum(column) for column in zip(*rows, strict=True)]


def next_logits(ids: list[int], p: dict[str, Any], n_heads: int) -> Row:
    """The logits behind the last of these tokens."""
    rows = [plus(p["tok"][token], p["pos"][place]) for place, token in enumerate(ids)]
    for block in p["blocks"]:
        before = [standard(row, block, "1") for row in rows]
        rows = [plus(row, last(before[: i + 1], block, n_heads)) for i, row in enumerate(rows)]
        inner = [[gelu(u) for u in affine(standard(row, block, "2"), block, "1")] for row in rows]
        rows = [plus(row, affine(u, block, "2")) for row, u in zip(rows, inner, strict=True)]
    end = standard(rows[-1], p, "f")
    return [math.fsum(a * b for a, b in zip(end, row, strict=True)) for row in p["tok"]]


def draw(rng: np.random.Generator, sizes: tuple[int, ...]) -> tuple[Any, dict[str, Any]]:
    b, t, t_max, v, d, f, blocks = sizes
    shapes = {"w" + name: (d, d) for name in "qkvo"} | {"w1": (d, f), "b1": (f,), "w2": (f, d)}
    shapes |= dict.fromkeys(("bq", "bk", "bv", "bo", "b2", "g1", "h1", "g2", "h2"), (d,))
    params: dict[str, Any] = {
        "blocks": [{name: rng.normal(size=shape) for name, shape in shapes.items()} for _ in range(blocks)]
    }
    outside = {"tok": (v, d), "pos": (t_max, d), "gf": (d,), "hf": (d,)}
    params |= {name: rng.normal(size=shape) for name, shape in outside.items()}
    return rng.integers(v, size=(b, t)), params


def named(place: tuple[str, str]) -> Callable[..., Any]:
    file, name = place
    function: Callable[..., Any] = runpy.run_path(str(FOLDER / file))[name]
    return function


@pytest.mark.parametrize("place", PLACES)
def test_solution_and_expected_values_are_a_gpt_asked_for_one_token_at_a_time(place: tuple[str, str]) -> None:
    rng, function = np.random.default_rng(7), named(place)
    for *sizes, n_heads in SIZES:
        tokens, params = draw(rng, tuple(sizes))
        lists = {name: array.tolist() for name, array in params.items() if name != "blocks"}
        lists["blocks"] = [{name: array.tolist() for name, array in block.items()} for block in params["blocks"]]
        want = [[next_logits(ids[: i + 1], lists, n_heads) for i in range(len(ids))] for ids in tokens.tolist()]
        np.testing.assert_allclose(function(tokens, params, n_heads), np.array(want), rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize(("t_max", "n_heads"), [(1, 2), (2, 2), (3, 3)])
def test_too_many_tokens_and_heads_that_do_not_divide_are_value_errors(t_max: int, n_heads: int) -> None:
    tokens, params = draw(np.random.default_rng(8), (1, 3, t_max, 5, 4, 2, 1))
    with pytest.raises(ValueError, match="3"):
        named(PLACES[0])(tokens, params, n_heads)

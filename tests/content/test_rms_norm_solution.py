"""The solution of `rms-norm` and the expected values of its checks against exact fractions: the squares are summed without
rounding, and the root is taken of the exact ratio."""

import decimal
import runpy
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import viva_bank

FOLDER = Path(next(iter(viva_bank.__path__))) / "questions" / "rms-norm"
PLACES = [("numpy/solution.py", "rms_norm"), ("checks.py", "right")]
SHAPES = [(1,), (7,), (3, 3), (2, 1, 4), (2, 3, 1, 5)]


def exactly(x: Any, weight: Any, eps: float) -> Any:
    """Each element as the root, with its sign, of `x**2 * D * weight**2 / (sum of squares + D * eps)`, one exact fraction."""
    out = np.zeros(x.shape)
    width = x.shape[-1]
    with decimal.localcontext(decimal.Context(prec=60)):
        for place in np.ndindex(x.shape):
            row = [Fraction(float(number)) for number in x[place[:-1]]]
            factor = Fraction(float(weight[place[-1]]))
            square = row[place[-1]] ** 2 * width * factor**2 / (sum(n**2 for n in row) + width * Fraction(eps))
            size = (decimal.Decimal(square.numerator) / decimal.Decimal(square.denominator)).sqrt()
            out[place] = float(size) * (-1 if (row[place[-1]] < 0) != (factor < 0) else 1)
    return out


def named(place: tuple[str, str]) -> Callable[..., Any]:
    file, name = place
    function: Callable[..., Any] = runpy.run_path(str(FOLDER / file))[name]
    return function


@pytest.mark.parametrize("size", [1e-6, 1e-3, 1.0, 1e15])
@pytest.mark.parametrize("place", PLACES)
def test_solution_and_expected_values_are_the_exact_root_of_an_exact_fraction(
    place: tuple[str, str], size: float
) -> None:
    rng, function = np.random.default_rng(5), named(place)
    for shape in SHAPES:
        x, weight = rng.normal(size=shape) * size, rng.normal(size=shape[-1])
        np.testing.assert_allclose(function(x, weight), exactly(x, weight, 1e-6), rtol=1e-12)
        for eps in (1e-12, 0.5):
            np.testing.assert_allclose(function(x, weight, eps), exactly(x, weight, eps), rtol=1e-12)
            np.testing.assert_allclose(function(x, weight, eps=eps), exactly(x, weight, eps), rtol=1e-12)


@pytest.mark.parametrize("size", [1e-4, 1.0, 300.0, 30000.0])
def test_the_solution_keeps_float16_right_where_its_squares_do_not_fit(size: float) -> None:
    rng = np.random.default_rng(6)
    x = np.clip(rng.normal(size=(4, 9)) * size, -60000, 60000).astype(np.float16)
    weight = rng.uniform(1, 2, size=9).astype(np.float32)
    got = named(PLACES[0])(x, weight, 1e-12)
    assert got.dtype == np.float16
    np.testing.assert_allclose(got.astype(float), exactly(x, weight, 1e-12), rtol=1e-3)


def test_a_row_of_zeros_stays_zeros() -> None:
    for place in PLACES:
        assert not named(place)(np.zeros((2, 3)), np.ones(3)).any()

"""The solution of `sinusoidal-positions` and the expected values of its checks against waves made by turning: in 50 decimal
digits, every row is the row before it turned on by one step, so no sine of a large angle is ever taken."""

import decimal
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import viva_bank

FOLDER = Path(next(iter(viva_bank.__path__))) / "questions" / "sinusoidal-positions"
PLACES = [("numpy/solution.py", "sinusoidal_positions"), ("checks.py", "right")]
CASES = [(1, 1), (2, 2), (3, 5), (40, 6), (17, 7), (400, 8)]


def one_step(angle: decimal.Decimal) -> tuple[decimal.Decimal, decimal.Decimal]:
    """Sine and cosine of an angle from 0 to 1, by their series."""
    sine, cosine, term = decimal.Decimal(0), decimal.Decimal(0), decimal.Decimal(1)
    for n in range(45):
        sign = -1 if n % 4 in (2, 3) else 1
        if n % 2:
            sine += sign * term
        else:
            cosine += sign * term
        term = term * angle / (n + 1)
    return sine, cosine


def by_turning(length: int, dim: int, base: float) -> Any:
    """The table, each pair of columns by repeated turning."""
    table = np.zeros((length, dim + dim % 2))
    with decimal.localcontext(decimal.Context(prec=50)):
        for first in range(0, dim, 2):
            speed = (-decimal.Decimal(base).ln() * first / dim).exp()
            (step_sine, step_cosine), (sine, cosine) = one_step(speed), (decimal.Decimal(0), decimal.Decimal(1))
            for position in range(length):
                table[position, first : first + 2] = float(sine), float(cosine)
                sine, cosine = sine * step_cosine + cosine * step_sine, cosine * step_cosine - sine * step_sine
    return table[:, :dim]


def named(place: tuple[str, str]) -> Callable[..., Any]:
    file, name = place
    function: Callable[..., Any] = runpy.run_path(str(FOLDER / file))[name]
    return function


@pytest.mark.parametrize("base", [10000.0, 2.0, 57.5])
@pytest.mark.parametrize("place", PLACES)
def test_solution_and_expected_values_are_the_waves_that_turning_makes(place: tuple[str, str], base: float) -> None:
    function = named(place)
    for length, dim in CASES:
        np.testing.assert_allclose(function(length, dim, base), by_turning(length, dim, base), rtol=0, atol=1e-11)
        if base == 10000.0:
            np.testing.assert_array_equal(function(length, dim), function(length, dim, base))


@pytest.mark.parametrize("place", PLACES)
def test_no_positions_give_no_rows_but_all_columns(place: tuple[str, str]) -> None:
    for dim in (1, 2, 5):
        assert named(place)(0, dim).shape == (0, dim)

"""The solution of `swiglu` and the expected values of its checks against sixty decimal digits."""

import decimal
import runpy
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import viva_bank

FOLDER = Path(next(iter(viva_bank.__path__))) / "questions" / "swiglu"


def exactly(x: Any, w_gate: Any, w_up: Any, w_down: Any) -> Any:
    """One row of x at a time, one hidden unit at a time, in decimals."""
    out = np.zeros(x.shape)
    with decimal.localcontext(decimal.Context(prec=60)):

        def dot(row: Any, column: Any) -> Decimal:
            return sum((Decimal(float(a)) * Decimal(float(b)) for a, b in zip(row, column, strict=True)), Decimal(0))

        for place in np.ndindex(x.shape[:-1]):
            gates = [dot(x[place], w_gate[:, unit]) for unit in range(w_gate.shape[1])]
            opened = [gate / (1 + (-gate).exp()) * dot(x[place], w_up[:, unit]) for unit, gate in enumerate(gates)]
            for column in range(x.shape[-1]):
                parts = (a * Decimal(float(b)) for a, b in zip(opened, w_down[:, column], strict=True))
                out[*place, column] = float(sum(parts, Decimal(0)))
    return out


def by_solution(*given: Any) -> Any:
    function: Callable[..., Any] = runpy.run_path(str(FOLDER / "numpy/solution.py"))["swiglu"]
    return function(*given)


def by_checks(*given: Any) -> Any:
    return runpy.run_path(str(FOLDER / "checks.py"))["right"](given)


@pytest.mark.parametrize("compute", [by_solution, by_checks])
@pytest.mark.parametrize("size", [1.0, 30.0, 3000.0])
def test_solution_and_expected_values_are_right_to_twelve_digits(compute: Callable[..., Any], size: float) -> None:
    rng = np.random.default_rng(5)
    for leading, d, f in (((), 1, 1), ((3,), 2, 4), ((2, 3), 3, 2)):
        given = (
            rng.normal(size=(*leading, d)),
            size * rng.normal(size=(d, f)),
            rng.normal(size=(d, f)),
            rng.normal(size=(f, d)),
        )
        want = exactly(*given)
        np.testing.assert_allclose(compute(*given), want, rtol=1e-11, atol=1e-12 * max(1, np.abs(want).max()))

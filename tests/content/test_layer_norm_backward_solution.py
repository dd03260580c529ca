"""The solution of `layer-norm-backward` and the expected values of its checks against differences of a forward pass that is taken
with complex numbers: the imaginary part of one tiny step is the derivative, without cancellation."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import viva_bank

FOLDER = Path(next(iter(viva_bank.__path__))) / "questions" / "layer-norm-backward"
SHAPES = [(1,), (5,), (3, 2), (4, 1), (2, 3, 4)]
STEP = 1e-30


def normalised(x: Any, gamma: Any, beta: Any, eps: float) -> Any:
    """The definition of the statement, for real and complex numbers."""
    mean = x.sum(axis=-1, keepdims=True) / x.shape[-1]
    variance = ((x - mean) ** 2).sum(axis=-1, keepdims=True) / x.shape[-1]
    return gamma * (x - mean) / (variance + eps) ** 0.5 + beta


def derivative(arrays: list[Any], place: int, dy: Any, eps: float) -> Any:
    """Of `(dy * y).sum()` by each element of one of x, gamma and beta."""
    out = np.zeros(arrays[place].shape)
    for index in np.ndindex(out.shape):
        moved = [array.astype(complex) for array in arrays]
        moved[place][index] += STEP * 1j
        out[index] = (dy * normalised(moved[0], moved[1], moved[2], eps)).sum().imag / STEP
    return out


def by_solution(x: Any, gamma: Any, beta: Any, dy: Any, eps: float) -> tuple[Any, ...]:
    names = runpy.run_path(str(FOLDER / "numpy" / "solution.py"))
    y, cache = names["layer_norm_forward"](x, gamma, beta, eps)
    return (y, *names["layer_norm_backward"](dy, cache))


def by_checks(x: Any, gamma: Any, beta: Any, dy: Any, eps: float) -> tuple[Any, ...]:
    out: tuple[Any, ...] = runpy.run_path(str(FOLDER / "checks.py"))["right"](x, gamma, beta, dy, eps)
    return out


@pytest.mark.parametrize("eps", [1e-5, 2.0])
@pytest.mark.parametrize("passes", [by_solution, by_checks])
def test_solution_and_expected_values_are_the_derivatives_of_the_definition(passes: Any, eps: float) -> None:
    rng = np.random.default_rng(8)
    for shape in SHAPES:
        arrays = [rng.normal(size=shape), rng.normal(size=shape[-1]), rng.normal(size=shape[-1])]
        dy = rng.normal(size=shape)
        want = [
            normalised(arrays[0], arrays[1], arrays[2], eps),
            *(derivative(arrays, place, dy, eps) for place in range(3)),
        ]
        for got, right in zip(passes(*arrays, dy, eps), want, strict=True):
            np.testing.assert_allclose(got, right, rtol=1e-9, atol=1e-11)

"""The solution of `rotary-embedding` and the expected values of its checks against turns made one step after the other: a
position is reached by turning that often by one step, so no sine of a large angle is ever taken."""

import math
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import viva_bank

FOLDER = Path(next(iter(viva_bank.__path__))) / "questions" / "rotary-embedding"
PLACES = [("numpy/solution.py", "apply_rotary"), ("checks.py", "right")]


def by_steps(x: Any, positions: list[int], base: float) -> Any:
    """x (B, H, T, D), each pair turned by one step as often as its position says."""
    out = x.copy()
    for t, position in enumerate(positions):
        for first in range(0, x.shape[-1], 2):
            step = math.copysign(1, position) * math.exp(-math.log(base) * first / x.shape[-1])
            turn = np.array([[math.cos(step), -math.sin(step)], [math.sin(step), math.cos(step)]])
            for _ in range(abs(position)):
                out[:, :, t, first : first + 2] = out[:, :, t, first : first + 2] @ turn.T
    return out


def named(place: tuple[str, str]) -> Callable[..., Any]:
    file, name = place
    function: Callable[..., Any] = runpy.run_path(str(FOLDER / file))[name]
    return function


@pytest.mark.parametrize("base", [10000.0, 2.0, 57.5])
@pytest.mark.parametrize("place", PLACES)
def test_solution_and_expected_values_are_turns_made_step_by_step(place: tuple[str, str], base: float) -> None:
    function, rng = named(place), np.random.default_rng(4)
    for shape, positions in (((1, 1, 1, 2), [3]), ((2, 3, 5, 6), [4, 0, -7, 90, 4]), ((3, 1, 2, 8), [-300, 300])):
        x = rng.normal(size=shape)
        want = by_steps(x, positions, base)
        np.testing.assert_allclose(function(x, np.array(positions), base), want, rtol=0, atol=1e-10)
        if base == 10000.0:
            np.testing.assert_array_equal(function(x, np.array(positions)), function(x, np.array(positions), base))


def test_the_solution_keeps_float32_and_leaves_x_alone() -> None:
    x = np.random.default_rng(5).normal(size=(2, 1, 3, 4)).astype(np.float32)
    before = x.copy()
    out = named(PLACES[0])(x, np.array([5, -2, 0]))
    assert out.dtype == np.float32 and not np.shares_memory(out, x)
    np.testing.assert_array_equal(x, before)

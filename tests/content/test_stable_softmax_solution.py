"""The solution of `stable-softmax` and the expected values of its checks against both functions worked out with 60
decimal digits, where nothing overflows and nothing has to be subtracted first."""

import decimal
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import viva_bank

FOLDER = Path(next(iter(viva_bank.__path__))) / "questions" / "stable-softmax"
SHAPES = [(1,), (7,), (3, 3), (2, 1, 4), (2, 3, 1, 5)]
SIZES = [1.0, 900.0, 1e4]
"""Elements lie between minus and plus this."""


def exactly(x: Any, axis: int) -> tuple[Any, Any]:
    """Softmax and log-softmax of `x` along `axis`, each element by the definition in `decimal`, rounded at the very end."""
    weights, logs = np.empty(x.shape), np.empty(x.shape)
    with decimal.localcontext(decimal.Context(prec=60, Emin=-99999, Emax=99999)):
        for place in np.ndindex((*x.shape[:axis], *x.shape[axis + 1 :])):
            at = (*place[:axis], slice(None), *place[axis:])
            powers = [decimal.Decimal(float(element)).exp() for element in x[at]]
            weights[at] = [float(power / sum(powers)) for power in powers]
            logs[at] = [float((power / sum(powers)).ln()) if power else -np.inf for power in powers]
    return weights, logs


def samples(size: float) -> list[Any]:
    """Arrays of all `SHAPES`; one element in five of the larger ones is minus infinity."""
    rng = np.random.default_rng(11)
    made = []
    for shape in SHAPES:
        x = rng.uniform(-size, size, size=shape)
        if x.size > 4:
            x[(rng.random(shape) < 0.2) & (np.indices(shape).sum(axis=0) % 3 > 0)] = -np.inf
        made.append(x)
    return made


def named(file: str) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Softmax and log-softmax as `file` has them."""
    found = runpy.run_path(str(FOLDER / file))
    if file == "checks.py":
        return (lambda x, axis: found["right"]("softmax", x, axis)), found["right_log"]
    return found["softmax"], found["log_softmax"]


@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("file", ["numpy/solution.py", "checks.py"])
def test_solution_and_expected_values_are_the_definition_in_sixty_digits(file: str, size: float) -> None:
    softmax, log_softmax = named(file)
    for x in samples(size):
        for axis in range(x.ndim):
            if np.isneginf(x).all(axis=axis).any():
                continue  # outside the contract
            weights, logs = exactly(x, axis)
            np.testing.assert_allclose(softmax(x, axis), weights, rtol=1e-9, atol=1e-300)
            np.testing.assert_allclose(log_softmax(x, axis), logs, rtol=1e-9, atol=1e-12)


def test_the_samples_hold_minus_infinity_and_weights_that_round_to_nothing() -> None:
    everything = [x for size in SIZES for x in samples(size)]
    assert any(np.isneginf(x).any() for x in everything)
    assert any((exactly(x, 0)[0] == 0).any() for x in everything if x.ndim == 1)


@pytest.mark.parametrize("dtype", ["int8", "uint8", "int64"])
def test_the_solution_gives_float64_for_integers_that_would_wrap_around(dtype: str) -> None:
    softmax, log_softmax = named("numpy/solution.py")
    x = np.array([[0, 127, 126], [100, 3, 1]], dtype)
    weights, logs = exactly(x, 1)
    assert softmax(x, 1).dtype == log_softmax(x, 1).dtype == np.float64
    np.testing.assert_allclose(softmax(x, 1), weights, rtol=1e-9)
    np.testing.assert_allclose(log_softmax(x, 1), logs, rtol=1e-9, atol=1e-12)

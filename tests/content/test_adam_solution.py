"""The solution of `adam` and the expected values of its checks against the algorithm written out for single numbers."""

import math
import runpy
from pathlib import Path
from typing import Any

import numpy as np

import viva_bank

FOLDER = Path(next(iter(viva_bank.__path__))) / "questions" / "adam"
SETTINGS: list[dict[str, Any]] = [
    {},
    {"lr": 0.1, "betas": (0.5, 0.7), "eps": 0.2, "weight_decay": 0.3},
    {"lr": 1.0, "betas": (0.01, 0.9999), "eps": 1e-3, "weight_decay": 0.9},
]


def scalar_adam(
    p: float,
    gradients: list[float],
    *,
    lr: float = 1e-3,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0.0,
) -> list[float]:
    """AdamW for one number, line by line as in Loshchilov and Hutter, algorithm 2."""
    m = v = 0.0
    path = []
    for t, g in enumerate(gradients, start=1):
        m = betas[0] * m + (1 - betas[0]) * g
        v = betas[1] * v + (1 - betas[1]) * g**2
        corrected_m, corrected_v = m / (1 - betas[0] ** t), v / (1 - betas[1] ** t)
        p = p - (lr * corrected_m / (math.sqrt(corrected_v) + eps) + lr * weight_decay * p)
        path.append(p)
    return path


def example(seed: int) -> tuple[list[Any], list[list[Any]], list[list[list[float]]]]:
    """Parameters, nine steps of gradients, and for each parameter and element its own row of gradients."""
    rng = np.random.default_rng(seed)
    shapes = [(1,), (2, 3), (4,)]
    params = [rng.normal(size=shape) for shape in shapes]
    steps = [[rng.normal(size=shape) * 10.0 ** rng.integers(-6, 3) for shape in shapes] for _ in range(9)]
    rows = [[[float(s[i].ravel()[e]) for s in steps] for e in range(p.size)] for i, p in enumerate(params)]
    return params, steps, rows


def wanted(params: list[Any], rows: list[list[list[float]]], settings: dict[str, Any]) -> list[Any]:
    """The parameters after the last step, by `scalar_adam`."""
    return [
        np.array([scalar_adam(float(x), row, **settings)[-1] for x, row in zip(p.ravel(), of, strict=True)]).reshape(
            p.shape
        )
        for p, of in zip(params, rows, strict=True)
    ]


def test_the_solution_does_for_arrays_what_the_paper_does_for_numbers() -> None:
    adam = runpy.run_path(str(FOLDER / "numpy" / "solution.py"))["Adam"]
    for seed, settings in enumerate(SETTINGS):
        params, steps, rows = example(seed)
        opt = adam(params, **settings)
        for grads in steps:
            got = opt.step(grads)
        for one, want in zip(got, wanted(params, rows, settings), strict=True):
            np.testing.assert_allclose(one, want, rtol=1e-12, atol=1e-14)


def test_the_checks_expect_what_the_paper_computes() -> None:
    expected = runpy.run_path(str(FOLDER / "checks.py"))["expected"]
    for seed, settings in enumerate(SETTINGS):
        params, steps, rows = example(seed)
        for one, want in zip(expected(params, steps, **settings)[-1], wanted(params, rows, settings), strict=True):
            np.testing.assert_allclose(one, want, rtol=1e-12, atol=1e-14)

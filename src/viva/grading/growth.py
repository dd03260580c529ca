"""How a cost grows with a size: one class out of seven, or none where the data do not decide.

Law: a class is named only with a probability of at least `SURE` under the stated model; a neighbour that fits as well means
that nothing is named.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never, get_args

from viva.core.evidence import Growth

SIZES_LEAST = 3
SURE = 0.9
"""The probability that a class needs to be named."""

NOISE = 0.05
"""Relative standard deviation of the least of nine calls, with what caches and dispatch add: never taken to be smaller. How
far the lower quartile of calls lies above their least says whether it is larger: on a crowded machine 0.1 to 0.3."""

GROWS = 1.3
"""A cost that rises by less over all sizes together is constant."""

CLASSES: tuple[Growth, ...] = get_args(Growth)
"""From slow growth to fast."""

NEIGHBOURS: tuple[Growth, ...] = ("linear", "n log n")

_BASES = (1.2, 1.5, 2.0, 3.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """The most probable class and its probability, 0..1, among all seven; `between` where it takes linear and n log n together
    to be sure, which lie close."""

    growth: Growth
    probability: float
    between: bool = False


def fitted(costs: Mapping[int, Sequence[float]]) -> Fitted | None:
    """The class that fits the least costs (seconds > 0 of all calls, by size) best; None below `SIZES_LEAST` sizes or `SURE`.

    Each class is `cost = a + b g(size)` with a, b >= 0, fitted by least squares of relative errors. Errors are taken as
    normal with the standard deviation of `noise_of` at that size, all of them enlarged alike where even the best class
    leaves more; all classes are equally probable beforehand.
    """
    if len(costs) < SIZES_LEAST:
        return None
    sizes = sorted(costs)
    values = [min(costs[size]) for size in sizes]
    noise = [noise_of(costs[size]) for size in sizes]
    if max(values) < GROWS * min(values):
        return Fitted(growth="constant", probability=1.0)
    left = {growth: min(_left(shape, values, noise) for shape in _shapes(growth, sizes)) for growth in CLASSES}
    enlarged = max(1.0, min(left.values()) / (len(sizes) - 1))
    weights = {growth: math.exp(-(error - min(left.values())) / (2 * enlarged)) for growth, error in left.items()}
    best = max(CLASSES, key=lambda growth: weights[growth])
    probability = weights[best] / sum(weights.values())
    if probability >= SURE:
        return Fitted(growth=best, probability=probability)
    together = sum(weights[growth] for growth in NEIGHBOURS) / sum(weights.values())
    return Fitted(growth=best, probability=together, between=True) if best in NEIGHBOURS and together >= SURE else None


def noise_of(calls: Sequence[float]) -> float:
    """The relative standard deviation that the least of these calls is taken to have."""
    ordered = sorted(calls)
    return max(NOISE, ordered[len(ordered) // 4] / ordered[0] - 1)


def _shapes(growth: Growth, sizes: Sequence[int]) -> list[list[float]]:
    """G at each size, scaled to 1 at the largest; several for a class with a base of its own."""
    top = sizes[-1]
    match growth:
        case "constant":
            return [[1.0] * len(sizes)]
        case "log":
            return [[math.log(1 + n) / math.log(1 + top) for n in sizes]]
        case "linear":
            return [[n / top for n in sizes]]
        case "n log n":
            return [[n * math.log(1 + n) / (top * math.log(1 + top)) for n in sizes]]
        case "quadratic":
            return [[(n / top) ** 2 for n in sizes]]
        case "cubic":
            return [[(n / top) ** 3 for n in sizes]]
        case "exponential":
            return [[base ** (n - top) for n in sizes] for base in _BASES]
        case _:
            assert_never(growth)


def _left(shape: Sequence[float], values: Sequence[float], noise: Sequence[float]) -> float:
    """The least sum of squares of relative errors by their noise, of a + b * shape with a, b >= 0."""
    wanted = [1 / sigma for sigma in noise]
    ones = [want / value for want, value in zip(wanted, values, strict=True)]
    tilted = [g * one for g, one in zip(shape, ones, strict=True)]
    aa, bb = sum(x * x for x in ones), sum(x * x for x in tilted)
    ab = sum(x * y for x, y in zip(ones, tilted, strict=True))
    a1 = sum(x * want for x, want in zip(ones, wanted, strict=True))
    b1 = sum(y * want for y, want in zip(tilted, wanted, strict=True))
    tries = [(a1 / aa, 0.0), (0.0, b1 / bb)]
    determinant = aa * bb - ab * ab
    if determinant > 1e-12 * aa * bb:
        a, b = (a1 * bb - b1 * ab) / determinant, (b1 * aa - a1 * ab) / determinant
        if a >= 0 and b >= 0:
            tries.append((a, b))
    return min(sum((t - a * x - b * y) ** 2 for t, x, y in zip(wanted, ones, tilted, strict=True)) for a, b in tries)

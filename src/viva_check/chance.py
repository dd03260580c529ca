"""Draws against a distribution, with a false-alarm rate that is proven and not hoped for.

Law: right code fails one call of a function here with probability at most `false_alarm` (10**-6), whatever the sample size.
Half of it is spent on each value by itself: the tail of its binomial count, bounded from above by a geometric series from
its first term, all tails together by the union bound. The other half on all values together: for n draws from k values
P(n KL(observed || expected) >= g) <= exp(-g) (e g / (k - 1)) ** (k - 1) for g > k - 1 (R. Agrawal, "Finite-sample concentration
of the multinomial in relative entropy", IEEE Transactions on Information Theory 66, 2020, https://arxiv.org/abs/1904.02291).
"""

import math
from typing import Any

import numpy as np

from . import shown
from .outcomes import AuthorError, Failure

_PAIRS_LIMIT = 100

Array = np.ndarray[Any, Any]


def same_distribution(draws: Any, probabilities: Any, *, false_alarm: float = 1e-6, what: str = "your draws") -> None:
    """Return unless `draws` (integers `0 .. V-1`, an array of any shape) can hardly come from `probabilities` (V,).

    A value of probability 0 must never occur. With n draws a probability is told from another that is about
    `6 * sqrt(p / n)` away.

    Raises:
        Failure: no such array, or another distribution; names the value that is furthest off.
        AuthorError: `probabilities` is no distribution.
    """
    expected = _distribution(probabilities)
    counts = _counts(draws, len(expected), what)
    _judge(counts, expected, false_alarm, what, str)


def independent(draws: Any, probabilities: Any, *, false_alarm: float = 1e-6, what: str = "your draws") -> None:
    """Return unless each draw tells something about the one after it: pairs of neighbours against the product distribution.

    Raises:
        Failure: as `same_distribution`, for pairs.
        AuthorError: no distribution, or one of over 100 values, for which pairs are too rare.
    """
    expected = _distribution(probabilities)
    if len(expected) > _PAIRS_LIMIT:
        raise AuthorError(f"independent() takes at most {_PAIRS_LIMIT} values, not {len(expected)}")
    _counts(draws, len(expected), what)
    flat = draws.ravel().astype(np.int64)
    half = flat.size // 2
    pairs = flat[: 2 * half : 2] * len(expected) + flat[1 : 2 * half : 2]
    counts = np.bincount(pairs, minlength=len(expected) ** 2)

    def name(pair: int) -> str:
        return f"{pair // len(expected)} followed by {pair % len(expected)}"

    _judge(counts, np.outer(expected, expected).ravel(), false_alarm, f"pairs of neighbours in {what}", name)


def _distribution(probabilities: Any) -> Array:
    expected = np.asarray(probabilities, dtype=np.float64)
    if expected.ndim != 1 or not expected.size or not (expected >= 0).all() or abs(expected.sum() - 1) > 1e-9:
        raise AuthorError("probabilities must be a row of numbers >= 0 with sum 1")
    return expected


def _counts(draws: Any, values: int, what: str) -> Array:
    if not isinstance(draws, np.ndarray) or draws.dtype.kind not in "iu" or not draws.size:
        raise Failure(shown.sentence(f"{what} came as {shown.value(draws)}, expected an array of integers."))
    low, high = int(draws.min()), int(draws.max())
    if low < 0 or high >= values:
        raise Failure(shown.sentence(f"{what} hold {low if low < 0 else high}; only 0 to {values - 1} can be drawn."))
    return np.bincount(draws.ravel().astype(np.int64), minlength=values)


def _judge(counts: Array, expected: Array, false_alarm: float, what: str, name: Any) -> None:
    total = int(counts.sum())
    never = np.flatnonzero((expected == 0) & (counts > 0))
    if never.size:
        value = int(never[0])
        says = f"{what} hold {name(value)}, which must never be drawn here ({counts[value]} times in {total})."
        raise Failure(shown.sentence(says))
    places = np.flatnonzero(expected > 0)
    tails = [_log_tail(int(counts[place]), total, float(expected[place])) for place in places]
    worst = int(np.argmin(tails))
    if tails[worst] < math.log(false_alarm / 2) - math.log(2 * len(places)):
        value = int(places[worst])
        about = shown.number(float(expected[value]) * total, 4)
        says = f"{what} hold {name(value)} {counts[value]} times in {total}, expected about {about} times."
        raise Failure(shown.sentence(says))
    if _log_divergence_tail(counts[places], expected[places], total) < math.log(false_alarm / 2):
        raise Failure(
            shown.sentence(f"{what}, {total} in all, do not follow the expected distribution, taken all together.")
        )


def _log_tail(count: int, total: int, chance: float) -> float:
    """An upper bound of the log of P(at least `count`) above the mean, of P(at most `count`) below it."""
    if chance >= 1:
        return 0.0 if count == total else -math.inf
    odds = chance / (1 - chance)
    ways = math.lgamma(total + 1) - math.lgamma(count + 1) - math.lgamma(total - count + 1)
    first = ways + count * math.log(chance) + (total - count) * math.log1p(-chance)
    above = count > total * chance
    ratio = (total - count) / (count + 1) * odds if above else count / (total - count + 1) / odds
    return min(0.0, first - math.log1p(-ratio)) if ratio < 1 else 0.0


def _log_divergence_tail(counts: Array, expected: Array, total: int) -> float:
    freedom = len(counts) - 1
    seen = counts > 0
    divergence = float(np.sum(counts[seen] * np.log(counts[seen] / (total * expected[seen]))))
    if freedom < 1 or divergence <= freedom:
        return 0.0
    return min(0.0, -divergence + freedom * (1 + math.log(divergence / freedom)))

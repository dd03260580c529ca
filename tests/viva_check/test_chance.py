"""Draws: right code is not failed by bad luck, wrong code is failed."""

import math

import numpy as np
import pytest

from viva_check import AuthorError, Failure, independent, same_distribution, seed
from viva_check.chance import _log_tail

P = np.array([0.5, 0.25, 0.15, 0.1, 0.0])


def draw(
    rng: np.random.Generator, p: np.ndarray[tuple[int], np.dtype[np.float64]], n: int
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return rng.choice(len(p), size=n, p=p)


@pytest.mark.parametrize(
    "p", [P, np.ones(1), np.array([0.999, 0.001]), np.full(50, 0.02)], ids=["few", "one", "skewed", "many"]
)
@pytest.mark.parametrize("n", [1, 2, 30, 1000])
def test_false_alarms_are_no_more_frequent_than_promised(
    p: np.ndarray[tuple[int], np.dtype[np.float64]], n: int
) -> None:
    rng, runs, rate = np.random.default_rng(0), 400, 0.05
    alarms = 0
    for _ in range(runs):
        try:
            same_distribution(draw(rng, p, n), p, false_alarm=rate)
        except Failure:
            alarms += 1
    assert alarms <= rate * runs


def test_a_tail_is_never_less_than_the_exact_one() -> None:
    for n, p in ((1, 0.5), (10, 0.3), (40, 0.9), (60, 0.01)):
        mass = [math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n + 1)]
        for count in range(n + 1):
            exact = sum(mass[count:]) if count > n * p else sum(mass[: count + 1])
            assert _log_tail(count, n, p) >= math.log(exact) - 1e-9


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (np.array([0.4, 0.35, 0.15, 0.1, 0.0]), "Your draws hold"),
        (np.array([0.5, 0.25, 0.15, 0.05, 0.05]), "Your draws hold 4, which must never be drawn here ("),
        (np.array([1.0, 0, 0, 0, 0]), "Your draws hold 0 4000 times in 4000, expected about 2000 times."),
    ],
)
def test_another_distribution_is_found_and_the_value_named(
    wrong: np.ndarray[tuple[int], np.dtype[np.float64]], says: str
) -> None:
    with pytest.raises(Failure) as failure:
        same_distribution(draw(np.random.default_rng(1), wrong, 4000), P)
    assert failure.value.says.startswith(says)


def test_many_small_errors_are_found_together() -> None:
    p = np.full(100, 0.01)
    wrong = np.where(np.arange(100) % 2, 0.013, 0.007)
    with pytest.raises(Failure, match="taken all together"):
        same_distribution(draw(np.random.default_rng(2), wrong, 6000), p)


@pytest.mark.parametrize(
    ("draws", "says"),
    [
        (
            np.array([0.0, 1.0]),
            "Your draws came as an array of shape (2,) and dtype float64, expected an array of integers.",
        ),
        ([0, 1], "Your draws came as a list of 2 items, expected an array of integers."),
        (np.array([], int), "Your draws came as an array of shape (0,)"),
        (np.array([0, 7]), "Your draws hold 7; only 0 to 4 can be drawn."),
        (np.array([-1, 2]), "Your draws hold -1; only 0 to 4 can be drawn."),
        (np.array([2**63], np.uint64), "Your draws hold 9223372036854775808; only"),
        (None, "Your draws came as None"),
    ],
)
def test_what_is_no_row_of_draws_is_said(draws: object, says: str) -> None:
    for judge in (same_distribution, independent):
        with pytest.raises(Failure) as failure:
            judge(draws, P)
        assert failure.value.says.startswith(says)


@pytest.mark.parametrize(
    "make", [np.sort, lambda x: np.repeat(x[::2], 2), lambda x: np.where(np.arange(len(x)) % 2, x, 0)]
)
def test_draws_that_depend_on_each_other_are_found(make: object) -> None:
    draws = draw(np.random.default_rng(3), P, 4000)
    independent(draws, P)
    with pytest.raises(Failure, match=r"Pairs of neighbours in your draws hold \d followed by \d"):
        independent(make(draws), P)  # type: ignore[operator]


@pytest.mark.parametrize("p", [[0.5, 0.4], [1.5, -0.5], [], [[1.0]], [math.nan, 1.0]])
def test_what_is_no_distribution_is_the_authors_mistake(p: object) -> None:
    with pytest.raises(AuthorError):
        same_distribution(np.array([0]), p)


def test_pairs_of_too_many_values_are_the_authors_mistake() -> None:
    with pytest.raises(AuthorError):
        independent(np.array([0]), np.full(1000, 0.001))


@pytest.mark.parametrize("number", [-1, 1 << 128])
def test_a_seed_out_of_range_is_the_authors_mistake(number: int) -> None:
    with pytest.raises(AuthorError):
        seed(number)

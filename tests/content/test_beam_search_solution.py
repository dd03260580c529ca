"""Beam search by brute force: every sequence over a tiny vocabulary, against the solution and the checks' own search."""

import itertools
import math
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import viva_bank

FOLDER = Path(next(iter(viva_bank.__path__))) / "questions" / "beam-search"
Row = Callable[[tuple[int, ...]], Any]
Result = list[tuple[list[int], float]]


def brute_force(row: Row, vocabulary: int, end: int, width: int, max_len: int, alpha: float) -> Result:
    """All sequences of each length, their sums from scratch, thinned out to those that follow from the survivors before."""

    def total(sequence: tuple[int, ...]) -> float:
        return math.fsum(float(row(sequence[:i])[token]) for i, token in enumerate(sequence))

    alive: set[tuple[int, ...]] = {()}
    over: list[tuple[int, ...]] = []
    for length in range(1, max_len + 1):
        every = itertools.product(range(vocabulary), repeat=length)
        heirs = [s for s in every if s[:-1] in alive and total(s) > -math.inf]
        survivors = sorted(sorted(heirs), key=total, reverse=True)[:width]
        over += [s for s in survivors if s[-1] == end or length == max_len]
        alive = {s for s in survivors if s[-1] != end}
    scores = {s: total(s) / len(s) ** alpha for s in over}
    return [(list(s), scores[s]) for s in sorted(sorted(over), key=lambda s: scores[s], reverse=True)[:width]]


def cases() -> list[tuple[Row, dict[str, Any]]]:
    """Models of sums of 0.25 (many ties) and of random numbers, some tokens impossible."""
    rng = np.random.default_rng(3)
    made = []
    for number in range(80):
        vocabulary, max_len = int(rng.integers(1, 4)), int(rng.integers(1, 5))
        known: dict[tuple[int, ...], Any] = {}
        for sequence in itertools.chain(*(itertools.product(range(vocabulary), repeat=n) for n in range(max_len))):
            logs = -0.25 * rng.integers(0, 6, vocabulary) if number % 2 else -rng.exponential(size=vocabulary)
            known[sequence] = np.where(rng.random(vocabulary) < 0.15, -np.inf, logs)
        settings = {
            "vocabulary": vocabulary,
            "end": int(rng.integers(vocabulary)),
            "width": int(rng.integers(1, 5)),
            "max_len": max_len,
            "alpha": float(rng.choice([0.0, 1.0])) if number % 2 else float(rng.choice([0.0, 0.6, 1.5])),
        }
        made.append((known.__getitem__, settings))
    return made


def assert_same(got: Result, want: Result) -> None:
    assert [list(tokens) for tokens, _ in got] == [tokens for tokens, _ in want]
    np.testing.assert_allclose([score for _, score in got], [score for _, score in want], rtol=1e-12)


def test_the_solution_finds_what_the_search_over_all_sequences_finds() -> None:
    beam_search = runpy.run_path(str(FOLDER / "numpy" / "solution.py"))["beam_search"]
    for row, settings in cases():
        _, *rest = settings.values()

        def step(tokens: list[int], row: Row = row) -> Any:
            assert tokens[0] == 9
            return row(tuple(tokens[1:]))

        end, width, max_len, alpha = rest
        assert_same(beam_search(step, 9, end, width, max_len, alpha), brute_force(row, **settings))


def test_the_checks_expect_what_the_search_over_all_sequences_finds() -> None:
    search = runpy.run_path(str(FOLDER / "checks.py"))["search"]
    for row, settings in cases():
        _, end, width, max_len, alpha = settings.values()
        assert_same(search(row, end, width, max_len, alpha)[0], brute_force(row, **settings))


def test_a_beam_as_wide_as_everything_is_exhaustive() -> None:
    beam_search = runpy.run_path(str(FOLDER / "numpy" / "solution.py"))["beam_search"]
    for row, settings in cases():
        vocabulary, end, _, max_len, alpha = settings.values()
        scores = {}
        for length in range(1, max_len + 1):
            for s in itertools.product(range(vocabulary), repeat=length):
                whole = end not in s[:-1] and (s[-1] == end or length == max_len)
                total = math.fsum(float(row(s[:i])[token]) for i, token in enumerate(s)) if whole else -math.inf
                if total > -math.inf:
                    scores[s] = total / length**alpha
        got = beam_search(lambda tokens, row=row: row(tuple(tokens[1:])), 9, end, 1000, max_len, alpha)
        assert_same(got, [(list(s), scores[s]) for s in sorted(scores, key=lambda s: (-scores[s], s))])

"""The nucleus by brute force over all sets of tokens, against the checks' own and against what the solution draws."""

import itertools
import runpy
from pathlib import Path
from typing import Any

import numpy as np

import viva_bank

FOLDER = Path(next(iter(viva_bank.__path__))) / "questions" / "top-p-sampling"


def brute_nucleus(probs: list[float], p: float) -> list[int]:
    """Of all sets that hold at least `p`, the smallest; of those the most probable; of those the one of lowest indices."""
    for size in range(1, len(probs) + 1):
        enough = [s for s in itertools.combinations(range(len(probs)), size) if sum(probs[i] for i in s) >= p]
        if enough:
            most = max(round(sum(probs[i] for i in s), 12) for s in enough)
            return list(min(s for s in enough if round(sum(probs[i] for i in s), 12) == most))
    return list(range(len(probs)))


def cases() -> list[tuple[list[float], float]]:
    """Logits, some of them tied, and a `p` that is far from every sum of probabilities."""
    rng = np.random.default_rng(5)
    found: list[tuple[list[float], float]] = []
    while len(found) < 60:
        logits = rng.choice([-1.0, 0.0, 0.5, 2.0], size=int(rng.integers(1, 7)))
        p = float(rng.uniform(0.05, 0.99))
        sums = np.cumsum(np.sort(np.exp(logits) / np.exp(logits).sum()))
        if min(abs(sums - p).min(), abs(1 - sums - p).min()) > 0.01:
            found.append((logits.tolist(), p))
    return found


def test_the_checks_know_the_nucleus_that_a_search_over_all_sets_finds() -> None:
    nucleus = runpy.run_path(str(FOLDER / "checks.py"))["nucleus"]
    for logits, p in cases():
        probs = np.exp(logits) / np.exp(logits).sum()
        assert sorted(nucleus(np.array(logits), p, 1.0)) == brute_nucleus(probs.tolist(), p)


def test_the_solution_draws_from_that_nucleus_in_proportion() -> None:
    top_p_sample: Any = runpy.run_path(str(FOLDER / "numpy" / "solution.py"))["top_p_sample"]
    rng = np.random.default_rng(6)
    for logits, p in cases():
        probs = np.exp(logits) / np.exp(logits).sum()
        kept = brute_nucleus(probs.tolist(), p)
        want = np.zeros(len(logits))
        want[kept] = probs[kept] / probs[kept].sum()
        drawn = np.bincount(top_p_sample(np.array(logits), p, 1.0, rng, 20_000), minlength=len(logits)) / 20_000
        assert set(np.flatnonzero(drawn)) == set(kept)
        assert abs(drawn - want).max() < 0.02  # over five standard deviations

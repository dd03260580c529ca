"""Efficiency: an attempt's CPU time and its growth beside the reference's. Law: only what passes every check is measured;
a difference that the measurement cannot tell from noise costs nothing; there is no percentile.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from viva.core.evidence import CheckRun, Cost, Costs, Ended, Evidence, Findings, Growth, NotObserved
from viva.core.requests import InspectCode, MeasureCost, Request, RunChecks, request_digest
from viva.core.values import Attempt, Dimension, Grade, Question, Score, Unscored
from viva.grading.awaited import unscored_from
from viva.grading.growth import CLASSES, NEIGHBOURS, fitted
from viva.ports import Seen

SAME = 1.25
"""Ratios of CPU time up to here are not told from 1."""

FASTER_GROWTH = 0.5
"""What the value is multiplied by where the attempt grows faster than the reference."""

MEMORY_LEAST_MIB = 1.0
"""Below this the reference's memory is too little to compare with."""

WIDE = 1.5
"""Upper by lower end of an interval around `SAME` that decides nothing."""

SINGLE_CALLS = 2.0
"""How far single calls of the same code lie apart (largest by least): the interval where pairs are fewer than five."""

ENDED_EARLY = "It could not be measured: your code passes every check, but ended early at one of the sizes."
"""What it ended with is in the evidence: it may tell inputs, which a screening does not show."""

ROW_LOOP = "V010"
"""The rule that finds loops in Python over rows which one array operation could do: a loop that carries something on is none."""

LOOPS_TOLD = 2

DOUBT = 0.1
"""Probability that an interval does not hold the median of the ratios of pairs."""

_WORDS: dict[Growth, str] = {
    "constant": "not growing with {n}",
    "log": "growing with the logarithm of {n}",
    "linear": "growing in proportion to {n}",
    "n log n": "growing with {n} log {n}",
    "quadratic": "growing with the square of {n}",
    "cubic": "growing with the cube of {n}",
    "exponential": "growing exponentially with {n}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """CPU time by the reference's at one size, with an interval that holds it with a confidence of 90 %."""

    size: int
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What samples say. `at_least` where a call was stopped, so that the ratio is a bound; `memory_ratio` is None where there is
    too little memory; `growth` and `reference_growth` where the data do not decide (the reference's is then the author's
    word); `between` where the growth may be linear or n log n."""

    ratio: Ratio
    at_least: bool
    memory_ratio: float | None
    growth: Growth | None
    reference_growth: Growth | None
    between: bool = False

    @property
    def undecided(self) -> bool:
        """Whether the interval is too wide to say on which side of `SAME` the ratio lies."""
        return self.ratio.low <= SAME < self.ratio.high and self.ratio.high > WIDE * self.ratio.low

    @property
    def slower(self) -> bool:
        """Whether it is slower beyond doubt."""
        return self.ratio.value > SAME and self.ratio.low > 1

    @property
    def grows_faster(self) -> bool:
        """Whether it is slower and its time grows in a faster class than the reference's."""
        if self.growth is None or self.reference_growth is None or not self.slower:
            return False
        both = {self.growth, self.reference_growth}
        return CLASSES.index(self.growth) > CLASSES.index(self.reference_growth) and both != set(NEIGHBOURS)

    @property
    def value(self) -> float:
        """0..1: 1 up to `SAME`, then the root of `SAME` by the ratio; half of it where it grows faster."""
        if not self.slower:
            return 1.0
        return math.sqrt(SAME / self.ratio.value) * (FASTER_GROWTH if self.grows_faster else 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class EfficiencyGrader:
    """Grades `efficiency` from one measurement of an attempt that passes all checks."""

    name: str = "efficiency@1"
    dimension: Dimension = Dimension.EFFICIENCY

    def applies(self, question: Question) -> bool:
        """Coding questions only."""
        return question.kind == "coding"

    def wants(self, question: Question, attempt: Attempt, seed: str, seen: Seen) -> Request | None:
        """The run of all checks; if it passes them, one measurement; if it is slower, what the code's loops are."""
        checks = RunChecks(question=attempt.question_digest, of=attempt.digest, which="all", seed=seed)
        if checks not in seen:
            return checks
        measure, inspect = cost_request(attempt), inspect_request(attempt)
        if measure not in seen:
            return measure if passes(seen[checks]) else None
        costs = seen[measure]
        found = compared(costs) if isinstance(costs, Costs) else None
        return inspect if found is not None and found.slower and inspect not in seen else None

    def grade(self, question: Question, attempt: Attempt, seed: str, seen: Seen) -> Grade:
        """A value from the CPU ratio at the largest size; Unscored where checks fail or the measurement decides nothing."""
        costs = seen.get(cost_request(attempt))
        if costs is None:
            if any(isinstance(entry, CheckRun) for entry in seen.values()):
                return self._unscored(attempt, seen, "nobody", "Efficiency is measured once every check passes.")
            return unscored_from(self.dimension, attempt, seen, self.name)
        if isinstance(costs, NotObserved) and costs.whose == "nobody":
            return self._unscored(attempt, seen, "nobody", costs.why)
        if not isinstance(costs, Costs):
            return unscored_from(self.dimension, attempt, seen, self.name)
        found = compared(costs)
        if found is None:
            why = ENDED_EARLY if costs.stopped else "It could not be measured."
            return self._unscored(attempt, seen, "unsure", why)
        if found.undecided and not found.at_least:
            low, high = _times(found.ratio.low), _times(found.ratio.high)
            why = (
                f"The measurement scatters too much to decide: between {low} and {high} times the reference's CPU time."
            )
            return self._unscored(attempt, seen, "unsure", why)
        loops = loops_of(seen.get(inspect_request(attempt))) if found.slower else ()
        rests_on: tuple[Request, ...] = (cost_request(attempt), *([inspect_request(attempt)] if loops else []))
        return Score(
            dimension=self.dimension,
            attempt=attempt.digest,
            value=found.value,
            because=(*because(found, costs), *loops),
            evidence=tuple(request_digest(request) for request in rests_on),
            grader=self.name,
        )

    def _unscored(self, attempt: Attempt, seen: Seen, whose: Literal["nobody", "unsure"], why: str) -> Unscored:
        return Unscored(
            dimension=self.dimension,
            attempt=attempt.digest,
            whose=whose,
            why=why,
            evidence=tuple(request_digest(request) for request in seen),
            grader=self.name,
        )


def cost_request(attempt: Attempt) -> MeasureCost:
    """The one measurement of an attempt; its sizes are the question's."""
    return MeasureCost(question=attempt.question_digest, of=attempt.digest, sizes=())


def inspect_request(attempt: Attempt) -> InspectCode:
    """The reading of an attempt, which craft asks for too."""
    return InspectCode(question=attempt.question_digest, of=attempt.digest)


def loops_of(found: Evidence | None) -> tuple[str, ...]:
    """A sentence for each loop that certainly runs once per row, by line; at most two."""
    lines = sorted({one.line for one in found.findings if one.rule == ROW_LOOP}) if isinstance(found, Findings) else []
    return tuple(f"The loop at line {line} runs once per row." for line in lines[:LOOPS_TOLD])


def passes(run: Evidence) -> bool:
    """Whether a run passed all of its checks."""
    return (
        isinstance(run, CheckRun)
        and run.ended is Ended.FINISHED
        and bool(run.checks)
        and all(check.passed for check in run.checks)
    )


def compared(costs: Costs) -> Compared | None:
    """What the samples say, at the largest size that has any; None without samples and without a call whose time was up."""
    by_size: dict[int, list[Cost]] = {}
    for sample in costs.samples:
        by_size.setdefault(sample.size, []).append(sample)
    mine = fitted({size: [one.cpu_seconds for one in pairs] for size, pairs in by_size.items()})
    theirs = fitted({size: [one.reference_cpu_seconds for one in pairs] for size, pairs in by_size.items()})
    unfinished = costs.unfinished
    if unfinished is not None:
        bound = unfinished.cpu_seconds / unfinished.reference_cpu_seconds
        ratio = Ratio(size=unfinished.size, value=bound, low=bound, high=math.inf)
    elif not by_size or costs.stopped:
        return None
    else:
        ratio = ratio_of(by_size[max(by_size)])
    return Compared(
        ratio=ratio,
        at_least=unfinished is not None,
        memory_ratio=_memory(by_size[max(by_size)][0]) if by_size else None,
        growth=mine.growth if mine else None,
        reference_growth=theirs.growth if theirs else costs.growth,
        between=mine is not None and mine.between,
    )


def ratio_of(pairs: Sequence[Cost]) -> Ratio:
    """The least CPU time by the reference's least, of interleaved pairs at one size.

    Noise only ever adds to a call, so the least of many is near the true cost. The interval is Thompson's for a median (1936,
    Annals of Mathematical Statistics 7), exact whatever the noise: of the ratios of pairs, ordered, the two between
    which the median lies with probability 1 - `DOUBT`; stretched to hold the ratio itself.
    """
    value = min(pair.cpu_seconds for pair in pairs) / min(pair.reference_cpu_seconds for pair in pairs)
    ratios = sorted(pair.cpu_seconds / pair.reference_cpu_seconds for pair in pairs)
    rank = _rank(len(ratios))
    if rank == 0:
        return Ratio(size=pairs[0].size, value=value, low=value / SINGLE_CALLS, high=value * SINGLE_CALLS)
    low, high = ratios[rank - 1], ratios[-rank]
    return Ratio(size=pairs[0].size, value=value, low=min(low, value), high=max(high, value))


def _rank(count: int) -> int:
    """How far from both ends of `count` ordered values the interval begins, from 1; 0 where there are too few."""
    rank, below = 0, 1
    while 2 * below <= DOUBT * 2**count:
        rank += 1
        below += math.comb(count, rank)
    return rank


def _memory(sample: Cost) -> float | None:
    if sample.reference_memory_mib < MEMORY_LEAST_MIB:
        return None
    return sample.memory_mib / sample.reference_memory_mib


def because(found: Compared, costs: Costs) -> tuple[str, ...]:
    """Sentences that name the ratio with its size, how it grows, memory where it is much more, and what was not measured."""
    ratio, name = found.ratio, costs.name
    at = f"at {name} = {ratio.size:,}"
    if found.at_least:
        first = f"At least {_times(ratio.value)} times the reference's CPU time {at}, where the call was stopped"
    elif found.slower:
        first = f"{_times(ratio.value)} times the reference's CPU time {at}"
    elif ratio.high < 1 / SAME:
        first = f"{_times(1 / ratio.value)} times faster than the reference {at}"
    else:
        first = f"Not distinguishable from the reference's CPU time {at}"
    sentences = [f"{first}, {_grows(found, name)}."]
    if not found.at_least:
        sentences.append(f"The ratio lies between {_times(ratio.low)} and {_times(ratio.high)} (90 % confidence).")
    if found.memory_ratio is not None and found.memory_ratio > 2:
        sentences.append(f"Its memory reached {_times(found.memory_ratio)} times the reference's.")
    return tuple(sentences)


def _grows(found: Compared, name: str) -> str:
    if found.growth is None:
        return "with a growth that the measurements do not decide"
    words = f"growing with {name} or {name} log {name}" if found.between else _WORDS[found.growth].format(n=name)
    if found.growth == found.reference_growth or (found.between and found.reference_growth in NEIGHBOURS):
        return f"{words} like the reference"
    if found.reference_growth is None:
        return words
    return f"{words}; the reference's time is {_WORDS[found.reference_growth].format(n=name)}"


def _times(value: float) -> str:
    """A ratio to two digits: "4.1", "0.83", "370"."""
    if value >= 10:
        return f"{round(value, -max(0, len(str(int(value))) - 2)):,.0f}"
    return f"{value:.2g}"

"""Worked cases of the efficiency grader: what samples are worth, what is said of them, and when there is no grade."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.core.records import question
from viva.core.evidence import (
    CheckOutcome,
    CheckRun,
    Cost,
    Costs,
    Ended,
    Evidence,
    Finding,
    Findings,
    Growth,
    NotObserved,
    Unfinished,
)
from viva.core.requests import Request, RunChecks, request_digest
from viva.core.values import Attempt, Grade, Score, Unscored
from viva.grading import EfficiencyGrader
from viva.grading.awaited import NOT_YET
from viva.grading.efficiency import compared, cost_request, inspect_request, ratio_of
from viva.grading.growth import fitted

SIZES = (128, 256, 512, 1024)
ATTEMPT = Attempt(question="double", question_digest=question().digest, framework="numpy", content="x", ordinal=1)
CHECKS = RunChecks(question=ATTEMPT.question_digest, of=ATTEMPT.digest, which="all", seed="s")
MEASURE = cost_request(ATTEMPT)


def run(*passed: bool) -> CheckRun:
    checks = tuple(
        CheckOutcome(name=f"c{n}", title="t", passed=ok, weight=1.0, visible=False) for n, ok in enumerate(passed)
    )
    return CheckRun(
        ended=Ended.FINISHED, says="", line=None, checks=checks, prints="", prints_cut=False, cpu_seconds=0.1,
        memory_mib=1.0, environment="",
    )  # fmt: skip


def samples(mine: float, power: float = 2, *, noise: float = 1.0001, pairs: int = 9) -> tuple[Cost, ...]:
    """Pairs at each size: the reference grows with the square, the attempt with `power` from the same ratio at the top."""
    return tuple(
        Cost(
            size=n,
            cpu_seconds=mine * 1e-8 * 1024**2 * (n / 1024) ** power * noise**k,
            reference_cpu_seconds=1e-8 * n**2 * noise**k,
            memory_mib=30.0,
            reference_memory_mib=10.0,
        )
        for n in SIZES
        for k in range(pairs)
    )


def costs(mine: float, power: float = 2, *, noise: float = 1.0001, pairs: int = 9) -> Costs:
    made = samples(mine, power, noise=noise, pairs=pairs)
    return Costs(samples=made, title="attention", name="T", growth="quadratic")


def graded(evidence: Evidence) -> Grade:
    seen: dict[object, Evidence] = {CHECKS: run(True), MEASURE: evidence}
    return EfficiencyGrader().grade(question(), ATTEMPT, "s", seen)  # type: ignore[arg-type]


def score(evidence: Evidence) -> Score:
    grade = graded(evidence)
    assert isinstance(grade, Score), grade
    return grade


def unscored(evidence: Evidence) -> Unscored:
    grade = graded(evidence)
    assert isinstance(grade, Unscored), grade
    return grade


@pytest.mark.parametrize(
    ("mine", "power", "value", "says"),
    [
        (
            1.0,
            2,
            1.0,
            "Not distinguishable from the reference's CPU time at T = 1,024, growing with the square of T like",
        ),
        (1.24, 2, 1.0, "Not distinguishable"),
        (
            5.0,
            2,
            0.5,
            "5 times the reference's CPU time at T = 1,024, growing with the square of T like the reference.",
        ),
        (
            20.0,
            3,
            0.125,
            "20 times the reference's CPU time at T = 1,024, growing with the cube of T; the reference's time is",
        ),
        (
            5.0,
            1,
            0.5,
            "5 times the reference's CPU time at T = 1,024, growing with T or T log T; the reference's time is",
        ),
        (
            5.0,
            0,
            0.5,
            "5 times the reference's CPU time at T = 1,024, not growing with T; the reference's time is growing",
        ),
        (
            0.25,
            2,
            1.0,
            "4 times faster than the reference at T = 1,024, growing with the square of T like the reference.",
        ),
        (0.25, 3, 1.0, "4 times faster than the reference at T = 1,024, growing with the cube of T; the reference's"),
        (4321.0, 2, math.sqrt(1.25 / 4321), "4,300 times the reference's"),
    ],
)
def test_a_ratio_is_worth_its_root_and_faster_growth_halves_it(
    mine: float, power: float, value: float, says: str
) -> None:
    grade = score(costs(mine, power))
    assert grade.value == pytest.approx(value, rel=1e-3)
    assert grade.because[0].startswith(says)
    assert grade.because[1].startswith("The ratio lies between ")
    assert grade.because[2] == "Its memory reached 3 times the reference's."


def test_scattered_measurements_decide_nothing() -> None:
    scattered = tuple(
        replace(one, cpu_seconds=one.cpu_seconds * (1 + k % 9 / 8)) for k, one in enumerate(samples(1.0, noise=1.0))
    )
    grade = unscored(Costs(samples=scattered))
    assert grade.whose == "unsure"
    assert grade.why == "The measurement scatters too much to decide: between 1 and 1.9 times the reference's CPU time."


def test_few_pairs_have_the_interval_of_single_calls() -> None:
    ratio = ratio_of(samples(6.0, pairs=4)[-4:])
    assert [ratio.low, ratio.high] == pytest.approx([3.0, 12.0])


@pytest.mark.parametrize(("pairs", "low", "high"), [(5, 1, 5), (9, 2, 8), (25, 8, 18)])
def test_the_interval_is_the_one_that_holds_the_median(pairs: int, low: int, high: int) -> None:
    made = [
        Cost(size=1, cpu_seconds=float(k), reference_cpu_seconds=1.0, memory_mib=1, reference_memory_mib=1)
        for k in (*range(2, pairs + 1), 1)
    ]
    assert (ratio_of(made).low, ratio_of(made).high) == (1, high)  # stretched to the ratio of the least
    turned = [replace(one, cpu_seconds=1.0, reference_cpu_seconds=1 / one.cpu_seconds) for one in made]
    assert [ratio_of(turned).low, ratio_of(turned).high] == pytest.approx([low, pairs])


def test_a_call_that_was_stopped_gives_a_bound() -> None:
    late = Unfinished(size=2048, cpu_seconds=5.0, reference_cpu_seconds=0.01)
    grade = score(replace(costs(100.0), unfinished=late, stopped="It took too long."))
    assert grade.because[0].startswith(
        "At least 500 times the reference's CPU time at T = 2,048, where the call was stopped"
    )
    assert grade.value == pytest.approx(0.05)
    stopped = "At least 500 times the reference's CPU time at T = 2,048, where the call was stopped"
    alone = score(Costs(samples=(), name="T", unfinished=late, stopped="It took too long."))
    assert alone.because == (f"{stopped}, with a growth that the measurements do not decide.",)


def test_what_ended_early_is_left_open_and_its_own_words_stay_in_the_evidence() -> None:
    grade = unscored(replace(costs(1.0), stopped="ValueError: a hidden input is 0.4711"))
    says = "It could not be measured: your code passes every check, but ended early at one of the sizes."
    assert (grade.whose, grade.why) == ("unsure", says)
    assert unscored(Costs(samples=())).why == "It could not be measured."


def test_only_what_passes_every_check_is_measured() -> None:
    grader = EfficiencyGrader()
    assert grader.wants(question(), ATTEMPT, "s", {}) == CHECKS
    assert grader.wants(question(), ATTEMPT, "s", {CHECKS: run(True)}) == MEASURE
    assert grader.wants(question(), ATTEMPT, "s", {CHECKS: run(True), MEASURE: costs(1.0)}) is None
    for failed in (run(True, False), run(), replace(run(True), ended=Ended.TIMED_OUT)):
        assert grader.wants(question(), ATTEMPT, "s", {CHECKS: failed}) is None
        grade = grader.grade(question(), ATTEMPT, "s", {CHECKS: failed})
        assert isinstance(grade, Unscored)
        assert (grade.whose, grade.why) == ("nobody", "Efficiency is measured once every check passes.")
    assert grader.applies(question())
    assert not grader.applies(question("concept"))


def test_what_is_slower_names_the_lines_of_loops_over_rows_and_what_is_not_names_none() -> None:
    grader, reading = EfficiencyGrader(), inspect_request(ATTEMPT)
    loops = [Finding(rule="V010", line=line, severity="note", says="once") for line in (12, 30, 12, 40)]
    found = Findings(findings=(*loops, Finding(rule="V001", line=3, severity="warning", says="other")))
    slow: dict[Request, Evidence] = {CHECKS: run(True), MEASURE: costs(4.1)}
    quick: dict[Request, Evidence] = {CHECKS: run(True), MEASURE: costs(1.0)}
    assert grader.wants(question(), ATTEMPT, "s", slow) == reading
    assert grader.wants(question(), ATTEMPT, "s", quick) is None
    assert grader.wants(question(), ATTEMPT, "s", {**slow, reading: found}) is None
    grade = grader.grade(question(), ATTEMPT, "s", {**slow, reading: found})
    assert isinstance(grade, Score)
    assert grade.because[0].startswith("4.1 times the reference's CPU time at T = 1,024,")
    assert grade.because[3:] == ("The loop at line 12 runs once per row.", "The loop at line 30 runs once per row.")
    assert grade.evidence == (request_digest(MEASURE), request_digest(reading))
    nothings: tuple[Evidence, ...] = (Findings(findings=()), NotObserved(whose="machine", why="It broke."))
    for nothing in nothings:
        alone = grader.grade(question(), ATTEMPT, "s", {**slow, reading: nothing})
        assert isinstance(alone, Score)
        assert (alone.because, alone.evidence) == (grade.because[:3], (request_digest(MEASURE),))
    fast = grader.grade(question(), ATTEMPT, "s", {**quick, reading: found})
    assert isinstance(fast, Score)
    assert not any("loop" in says for says in fast.because)


def test_our_fault_and_nobody_s_are_told_apart() -> None:
    broke = NotObserved(whose="machine", why="It broke.")
    assert unscored(broke).whose == "machine"
    grade = EfficiencyGrader().grade(question(), ATTEMPT, "s", {CHECKS: broke})
    assert isinstance(grade, Unscored)
    assert grade.whose == "machine"
    assert unscored(NotObserved(whose="nobody", why="Nothing to measure.")).why == "Nothing to measure."
    assert unscored(Findings(findings=())).why == NOT_YET


def test_little_memory_is_not_compared_and_twice_as_much_is_not_told() -> None:
    little = tuple(replace(one, reference_memory_mib=0.5) for one in samples(1.0))
    assert len(score(Costs(samples=little)).because) == 2
    same = tuple(replace(one, memory_mib=11.0) for one in samples(1.0))
    assert len(score(Costs(samples=same)).because) == 2


SHAPES: dict[Growth, tuple[float, ...]] = {
    "constant": (1, 1.02, 0.99, 1.1),
    "log": tuple(math.log(1 + n) for n in (10, 100, 1000, 10_000)),
    "quadratic": tuple(float(n) ** 2 for n in SIZES),
    "cubic": tuple(float(n) ** 3 for n in SIZES),
}


@pytest.mark.parametrize("growth", SHAPES)
def test_each_class_is_known_from_its_shape(growth: Growth) -> None:
    sizes = (10, 100, 1000, 10_000) if growth == "log" else SIZES
    found = fitted({n: [cost] for n, cost in zip(sizes, SHAPES[growth], strict=True)})
    assert found is not None
    assert (found.growth, found.between) == (growth, False)


def test_neighbours_are_named_together_where_they_cannot_be_told_apart() -> None:
    wide = (1000, 10_000, 100_000, 1_000_000)
    far = fitted({n: [float(n)] for n in wide})
    assert far is not None
    assert (far.growth, far.between) == ("linear", False)
    near = fitted({n: [float(n)] for n in SIZES})
    assert near is not None
    assert (near.growth, near.between) == ("linear", True)
    found = Costs(
        samples=tuple(
            Cost(size=n, cpu_seconds=5e-6 * n, reference_cpu_seconds=1e-6 * n, memory_mib=0, reference_memory_mib=0)
            for n in SIZES
        )
    )
    assert "growing with n or n log n like the reference" in score(found).because[0]


def test_doubling_with_each_step_is_exponential() -> None:
    found = fitted({n: [2.0**n] for n in (10, 12, 14, 16)})
    assert found is not None
    assert found.growth == "exponential"


def test_growth_is_left_open_where_nothing_fits_or_sizes_are_few() -> None:
    assert fitted({1: [1.0], 2: [5.0]}) is None
    assert fitted({128: [9.0], 256: [1.0], 512: [8.0], 1024: [2.0]}) is None
    undecided = tuple(
        replace(one, reference_cpu_seconds=one.reference_cpu_seconds * (9 if one.size in (128, 512) else 1))
        for one in samples(5.0)
    )
    found = score(Costs(samples=undecided, name="T"))
    assert found.because[0] == "5 times the reference's CPU time at T = 1,024, growing with the square of T."


def test_calls_that_scatter_leave_open_what_calls_that_agree_decide() -> None:
    least = {
        500: 0.389,
        2000: 0.374,
        5000: 0.574,
        10_000: 1.056,
    }  # a linear cost, measured beside sixteen busy processes
    agreeing = fitted({n: [cost, cost * 1.01, cost * 1.02, cost * 1.02] for n, cost in least.items()})
    assert agreeing is not None
    assert agreeing.growth == "quadratic"
    assert fitted({n: [cost, cost * 1.3, cost * 1.4, cost * 2] for n, cost in least.items()}) is None


@given(mine=some.floats(0.01, 1000), more=some.floats(1, 100), pairs=some.integers(1, 12))
def test_slower_is_never_worth_more(mine: float, more: float, pairs: int) -> None:
    faster, slower = compared(costs(mine, pairs=pairs)), compared(costs(mine * more, pairs=pairs))
    assert faster is not None
    assert slower is not None
    assert 0 < slower.value <= faster.value <= 1


@given(some.lists(some.tuples(some.floats(1e-6, 1), some.floats(1e-6, 1)), min_size=1, max_size=12))
def test_an_interval_holds_its_ratio(pairs: list[tuple[float, float]]) -> None:
    made = [
        Cost(size=1, cpu_seconds=a, reference_cpu_seconds=b, memory_mib=1, reference_memory_mib=1) for a, b in pairs
    ]
    ratio = ratio_of(made)
    assert 0 < ratio.low <= ratio.value <= ratio.high

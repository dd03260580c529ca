"""Worked cases of the correctness grader: each row is a run and what a candidate must read."""

from dataclasses import replace

import pytest

from tests.core.records import question
from viva.core.evidence import CheckOutcome, CheckRun, Ended, Evidence, NotObserved
from viva.core.requests import RunChecks, request_digest
from viva.core.values import Attempt, Dimension, Fault, Grade, Kind, Score, Unscored
from viva.grading import GRADERS, CorrectnessGrader
from viva.grading.awaited import NOT_YET

SEED = "5" * 32

ATTEMPT = Attempt(question="double", question_digest=question().digest, framework="numpy", content="x", ordinal=1)
REQUEST = RunChecks(question=ATTEMPT.question_digest, of=ATTEMPT.digest, which="all", seed=SEED)


def check(name: str, *, passed: bool, weight: float = 1.0, ran: bool = True, line: int | None = None) -> CheckOutcome:
    """One outcome."""
    says = "" if passed else f"{name} is wrong"
    return CheckOutcome(
        name=name, title=name, passed=passed, weight=weight, visible=False, says=says, ran=ran, line=line
    )


def run(*checks: CheckOutcome, ended: Ended = Ended.FINISHED, says: str = "") -> CheckRun:
    """A run."""
    return CheckRun(
        ended=ended, says=says, line=None, checks=checks, prints="", prints_cut=False, cpu_seconds=0.0, memory_mib=0.0,
        environment="numpy:x",
    )  # fmt: skip


def graded(evidence: Evidence, faults: tuple[Fault, ...] = ()) -> Grade:
    """The grade from one piece of evidence."""
    grader, asked = CorrectnessGrader(), question(faults=faults)
    assert grader.wants(asked, ATTEMPT, SEED, {}) == REQUEST
    assert grader.wants(asked, ATTEMPT, SEED, {REQUEST: evidence}) is None
    return grader.grade(asked, ATTEMPT, SEED, {REQUEST: evidence})


def test_evidence_for_another_request_is_not_taken_for_its_own() -> None:
    other = replace(REQUEST, which="visible")
    assert CorrectnessGrader().wants(question(), ATTEMPT, SEED, {other: run()}) == REQUEST
    grade = CorrectnessGrader().grade(question(), ATTEMPT, SEED, {other: run(check("a", passed=True))})
    assert isinstance(grade, Unscored)


OK, BAD, HEAVY = check("a", passed=True), check("b", passed=False, line=3), check("c", passed=True, weight=3)
CASES = [
    ("all pass", run(OK, HEAVY), 1.0, ("All 2 checks pass.",)),
    ("one check", run(OK), 1.0, ("The one check passes.",)),
    ("weights count", run(OK, BAD, HEAVY), 0.8, ("2 of 3 checks pass.", "b: b is wrong (line 3)")),
    ("none pass", run(BAD), 0.0, ("0 of 1 checks pass.", "b: b is wrong (line 3)")),
    ("did not import", run(ended=Ended.CANDIDATE_ERROR, says="Line 2 is no Python."), 0.0, ("Line 2 is no Python.",)),
    (
        "did not import, checks listed as passed by mistake",
        run(OK, ended=Ended.CANDIDATE_ERROR, says="No."),
        0.0,
        ("No.",),
    ),
    (
        "timed out in the second check, the third did not run",
        run(OK, replace(BAD, line=None), check("d", passed=False, ran=False), ended=Ended.TIMED_OUT, says="Too slow."),
        1 / 3,
        ("Too slow.", "1 of 3 checks pass.", "b: b is wrong"),
    ),
    (
        "a check that did not run is not passed",
        run(OK, check("d", passed=True, ran=False)),
        0.5,
        ("All 2 checks pass.",),
    ),
    (
        "at most three failing checks are told in sentences",
        run(*(check(f"f{n}", passed=False) for n in range(5))),
        0.0,
        ("0 of 5 checks pass.", "f0: f0 is wrong", "f1: f1 is wrong", "f2: f2 is wrong"),
    ),
]


@pytest.mark.parametrize(
    ("evidence", "value", "because"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_a_run_gives_the_weighted_share_and_says_why(
    evidence: CheckRun, value: float, because: tuple[str, ...]
) -> None:
    grade = graded(evidence)
    assert isinstance(grade, Score)
    assert grade.value == pytest.approx(value)
    assert grade.because == because
    assert grade.evidence == (request_digest(REQUEST),)
    assert (grade.dimension, grade.attempt, grade.grader) == (Dimension.CORRECTNESS, ATTEMPT.digest, "correctness@1")


@pytest.mark.parametrize(
    ("evidence", "whose", "why"),
    [
        (run(), "machine", "No check ran. That is our fault, not yours."),
        (run(check("a", passed=True, weight=0)), "machine", "No check ran. That is our fault, not yours."),
        (run(OK, ended=Ended.MACHINE_FAILED, says="The jail broke."), "machine", "The jail broke."),
        (NotObserved(whose="machine", why="No sandbox."), "machine", "No sandbox. That is our fault, not yours."),
        (NotObserved(whose="nobody", why="x"), "nobody", NOT_YET),
    ],
)
def test_without_evidence_there_are_no_marks_and_no_zero(evidence: Evidence, whose: str, why: str) -> None:
    grade = graded(evidence)
    assert isinstance(grade, Unscored)
    assert (grade.whose, grade.why) == (whose, why)


LATE = Fault(id="late", says="the mask came after the softmax", checks=frozenset({"b"}))
OTHER = Fault(id="other", says="the scale is missing", checks=frozenset({"b", "c"}))


def test_a_known_fault_is_named_only_where_exactly_its_checks_fail() -> None:
    told = graded(run(OK, BAD), (LATE, OTHER))
    assert isinstance(told, Score)
    assert told.because[-1] == "It looks as if the mask came after the softmax."
    for faults, evidence in [
        ((OTHER,), run(OK, BAD)),
        ((LATE,), run(BAD, check("c", passed=False))),
        ((LATE, replace(LATE, id="twin")), run(OK, BAD)),
        ((LATE,), run(OK, BAD, ended=Ended.TIMED_OUT, says="Slow.")),
    ]:
        untold = graded(evidence, faults)
        assert isinstance(untold, Score)
        assert not any("It looks as if" in sentence for sentence in untold.because)


@pytest.mark.parametrize("grader", GRADERS, ids=lambda grader: grader.name)
def test_every_grader_asks_once_and_is_unscored_where_nobody_observes(grader: CorrectnessGrader) -> None:
    kinds: dict[Dimension, tuple[Kind, ...]] = {
        Dimension.CORRECTNESS: ("coding", "task", "together", "generative"),
        Dimension.CRAFT: ("coding", "task", "together", "generative"),
        Dimension.EFFICIENCY: ("coding",),
        Dimension.UNDERSTANDING: ("concept",),
    }
    every: tuple[Kind, ...] = ("coding", "concept", "task", "together", "generative")
    assert tuple(kind for kind in every if grader.applies(question(kind))) == tuple(
        kind for kind in every if kind in kinds[grader.dimension]
    )
    asked = question()
    request = grader.wants(asked, ATTEMPT, SEED, {})
    assert request is not None
    seen = {request: NotObserved(whose="nobody", why="x")}
    assert grader.wants(asked, ATTEMPT, SEED, seen) is None
    grade = grader.grade(asked, ATTEMPT, SEED, seen)
    assert isinstance(grade, Unscored)
    assert (grade.whose, grade.why, grade.evidence) == ("nobody", NOT_YET, (request_digest(request),))

"""Worked cases of the craft grader: what findings cost, what is said of them, and when there is no grade."""

from typing import Literal, cast

import pytest

from tests.core.records import question
from viva.core.evidence import Evidence, Finding, Findings, NotObserved
from viva.core.requests import InspectCode, request_digest
from viva.core.values import Attempt, Score, Unscored
from viva.grading import CraftGrader
from viva.grading.craft import TOLD

QUESTION = question()
ATTEMPT = Attempt(question="double", question_digest=QUESTION.digest, framework="numpy", content="x", ordinal=1)
REQUEST = InspectCode(question=ATTEMPT.question_digest, of=ATTEMPT.digest)


Severity = Literal["note", "warning", "fault"]


def finding(rule: str, severity: Severity, line: int = 1, says: str = "It is so. Mend it.") -> Finding:
    return Finding(rule=rule, line=line, severity=severity, says=says)


def grade(*findings: Finding) -> Score | Unscored:
    return CraftGrader().grade(QUESTION, ATTEMPT, "", {REQUEST: Findings(findings=findings)})


@pytest.mark.parametrize(
    ("fired", "value"),
    [
        ([], 1.0),
        (["V001 note"], 0.97),
        (["V001 warning"], 0.85),
        (["V001 fault"], 0.7),
        (["V001 note", "V002 note"], 0.94),
        (["V001 note"] * 5, 0.97),
        (["V001 warning"] * 5, 0.85),
        (["V001 note", "V001 warning", "V001 note"], 0.85),
        (["V001 warning", "V001 fault"], 0.7),
        (["V001 fault", "V002 warning", "V003 note"], 0.52),
        ([f"V{n:03} note" for n in range(9)][1:], 0.88),
        ([f"V{n:03} warning" for n in range(1, 8)], 0.0),
        (["V001 fault", "V002 fault", "V003 fault"], 0.1),
        (["V001 fault", "V002 fault", "V003 fault", "V004 fault"], 0.0),
    ],
)
def test_a_rule_costs_once_by_its_gravest_finding(fired: list[str], value: float) -> None:
    score = grade(*(finding(rule, cast("Severity", severity)) for rule, severity in map(str.split, fired)))
    assert isinstance(score, Score)
    assert score.value == value


def test_all_notes_together_cost_less_than_one_warning() -> None:
    notes = grade(*(finding(f"V{n:03}", "note") for n in range(1, 60)))
    assert isinstance(notes, Score)
    assert notes.value == 0.88


def test_a_finding_is_told_with_line_rule_and_mend_the_gravest_first() -> None:
    score = grade(finding("V009", "note", 2), finding("V012", "warning", 7, "-1e9 is -inf here. Use -inf."))
    assert isinstance(score, Score)
    assert score.because == (
        "Line 7 (warning, V012): -1e9 is -inf here. Use -inf.",
        "Line 2 (note, V009): It is so. Mend it.",
    )


@pytest.mark.parametrize(
    ("more", "words"), [(1, "One more finding is in the evidence."), (2, "2 more findings are in the evidence.")]
)
def test_what_is_not_told_is_counted(more: int, words: str) -> None:
    score = grade(*(finding("V001", "note", line) for line in range(1, TOLD + more + 1)))
    assert isinstance(score, Score)
    assert len(score.because) == TOLD + 1
    assert score.because[-1] == words


def test_code_in_which_nothing_is_found_is_told_so() -> None:
    score = grade()
    assert isinstance(score, Score)
    assert score.because == ("The code was read, and no rule of craft found anything to mend.",)
    assert score.evidence == (request_digest(REQUEST),)
    assert score.grader == "craft@1"


def test_a_source_that_cannot_be_read_is_unscored_and_points_to_its_correctness() -> None:
    unscored = grade(finding("V001", "note"), finding("V000", "fault", 3, "The source does not parse: invalid syntax."))
    assert isinstance(unscored, Unscored)
    assert unscored.whose == "nobody"
    assert unscored.why.startswith("Line 3: The source does not parse: invalid syntax.")
    assert "correctness" in unscored.why
    assert unscored.evidence == (request_digest(REQUEST),)


@pytest.mark.parametrize(
    ("evidence", "whose", "words"),
    [
        (NotObserved(whose="machine", why="The reader of code failed."), "machine", "our fault, not yours"),
        (NotObserved(whose="nobody", why="Recorded, not yet graded."), "nobody", "Recorded, not yet graded."),
    ],
)
def test_without_findings_there_is_no_grade(evidence: Evidence, whose: str, words: str) -> None:
    unscored = CraftGrader().grade(QUESTION, ATTEMPT, "", {REQUEST: evidence})
    assert isinstance(unscored, Unscored)
    assert unscored.whose == whose
    assert words in unscored.why


def test_code_is_read_once() -> None:
    grader = CraftGrader()
    assert grader.applies(QUESTION)
    assert grader.wants(QUESTION, ATTEMPT, "", {}) == REQUEST
    assert grader.wants(QUESTION, ATTEMPT, "", {REQUEST: Findings(findings=())}) is None

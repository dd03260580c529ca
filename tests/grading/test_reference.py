"""Worked cases of the reference grader."""

import pytest

from viva.core.evidence import Likeness
from viva.core.values import Digest, Score, Unscored
from viva.grading import grade_reference

ANSWER = Digest("sha256:a")


@pytest.mark.parametrize(
    ("verdict", "value", "says"),
    [
        ("correct", 1.0, "The answer means what a reference says."),
        ("incorrect", 0.0, "The answer does not mean what any reference says."),
    ],
)
def test_an_answer_is_right_or_not(verdict: str, value: float, says: str) -> None:
    grade = grade_reference(ANSWER, Likeness(verdict=verdict, probability=0.7, quote=None))  # type: ignore[arg-type]
    assert isinstance(grade, Score)
    assert (grade.value, grade.because, grade.grader, grade.attempt) == (value, (says,), "reference@1", ANSWER)


def test_what_cannot_be_told_is_no_grade_whatever_the_probability() -> None:
    grade = grade_reference(ANSWER, Likeness(verdict="unsure", probability=0.99, quote=(0, 3)))
    assert isinstance(grade, Unscored)
    assert grade.whose == "unsure" and grade.why.endswith("A person should look.")

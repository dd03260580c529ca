"""Grading words without an interview: one text at one question, and a grade as CONTRACTS 3 fixes it."""

from dataclasses import dataclass

from viva.answers import AnswerReader
from viva.core.errors import CandidateError
from viva.core.evidence import Matches, PointMatch
from viva.core.requests import MatchPoints
from viva.core.values import Attempt, Grade, Question, Score
from viva.grading import UnderstandingGrader
from viva.grading.words import because, next_step

TEXT_BYTES = 1 << 20
"""Largest file that can be an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    """A text, what was matched in it, and the grade that this is."""

    text: str
    matches: Matches
    grade: Grade

    @property
    def value(self) -> float | None:
        """0..1, None where there is no grade."""
        return self.grade.value if isinstance(self.grade, Score) else None


def text_of(name: str, raw: bytes) -> str:
    """A file's content as an answer.

    Raises:
        CandidateError: it is too large or no text.
    """
    if len(raw) > TEXT_BYTES:
        raise CandidateError(
            f"{name!r} holds {len(raw):,} bytes; an answer has at most {TEXT_BYTES:,}.", mend="Hand in words only."
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise CandidateError(
            f"{name!r} is no UTF-8 text (byte {problem.start}).", mend="Save it as UTF-8."
        ) from problem


def graded(question: Question, text: str, reader: AnswerReader) -> Graded:
    """The text read and graded.

    Raises:
        OperatorError: the embedded model is not installed, or not whole.
    """
    attempt = Attempt(
        question=question.id, question_digest=question.digest, framework=None, content=text, ordinal=1
    )  # fmt: skip
    matches = reader.match(question, text)
    request = MatchPoints(question=attempt.question_digest, of=attempt.digest)
    grade = UnderstandingGrader().grade(question, attempt, "", {request: matches})
    return Graded(text=text, matches=matches, grade=grade)


def sentences(question: Question, found: Graded) -> tuple[list[str], str]:
    """Why the grade is what it is, also where there is none; and the next step, empty where nothing is lacking."""
    if not found.matches.points:
        return [], ""
    return list(because(question.rubric, found.text, found.matches)), next_step(question.rubric, found.matches)


def grade_json(question: Question, found: Graded) -> dict[str, object]:
    """A grade (CONTRACTS 3, without "schema")."""
    why, step = sentences(question, found)
    return {
        "question": question.id,
        "question_digest": question.digest,
        "value": found.value,
        "unscored": None if isinstance(found.grade, Score) else found.grade.why,
        "points": [_match_json(match) for match in found.matches.points],
        "misconceptions": [_match_json(match) for match in found.matches.misconceptions],
        "because": why,
        "next": step,
        "grader": found.grade.grader,
        "model": found.matches.model,
    }


def _match_json(match: PointMatch) -> dict[str, object]:
    quote = None if match.quote is None else list(match.quote)
    return {"id": match.point, "verdict": match.verdict, "probability": match.probability, "quote": quote}

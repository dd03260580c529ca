"""Grades derived again from the record, years later if need be; pure. Law: only evidence that the record holds is used;
where some of it is gone, nothing is derived and that is said."""

from collections.abc import Sequence
from dataclasses import dataclass

from viva.core.look import all_attempts
from viva.core.state import State
from viva.core.values import Dimension, Grade, Score, Unscored
from viva.interviews.decide import Book, derive
from viva.ports import Grader


@dataclass(frozen=True, slots=True, kw_only=True)
class Regrade:
    """One grade beside the one that today's grader derives; `again` is None where evidence is missing."""

    question: str
    ordinal: int
    dimension: Dimension
    recorded: Grade
    again: Grade | None

    @property
    def same(self) -> bool:
        """Whether both say the same in value, or are both unscored for the same reason."""
        if self.again is None:
            return True
        return said(self.recorded) == said(self.again)


def said(grade: Grade) -> tuple[float | None, tuple[str, ...]]:
    """What a grade says, without who said it."""
    return (grade.value, grade.because) if isinstance(grade, Score) else (None, (grade.why,))


def regrades(state: State, book: Book, graders: Sequence[Grader]) -> tuple[Regrade, ...]:
    """Every recorded grade, derived again by `graders`."""
    found: list[Regrade] = []
    for entry in all_attempts(state):
        for grader in graders:
            recorded = state.grades.get((entry.attempt.digest, grader.dimension))
            if recorded is None:
                continue
            derived = derive(state, entry, book[entry.attempt.question], grader)
            again = derived if isinstance(derived, Score | Unscored) else None
            found.append(
                Regrade(
                    question=entry.attempt.question,
                    ordinal=entry.attempt.ordinal,
                    dimension=grader.dimension,
                    recorded=recorded,
                    again=again,
                )
            )
    return tuple(found)

"""Dimensions that are observed by nobody yet: their requests exist, so that evidence can come, and until it does the
grade says "recorded, not yet graded". Law: evidence that came but cannot be judged here is Unscored, never a number.
"""

from dataclasses import dataclass

from viva.core.evidence import NotObserved
from viva.core.requests import MeasureCost, Request, request_digest
from viva.core.values import Attempt, Dimension, Grade, Question, Unscored
from viva.ports import Seen

NOT_YET = "Recorded, not yet graded."


def unscored_from(dimension: Dimension, attempt: Attempt, seen: Seen, grader: str) -> Unscored:
    """The `Unscored` that the evidence in hand allows: a machine's failure is said as ours, all else as not yet graded."""
    failures = [entry for entry in seen.values() if isinstance(entry, NotObserved) and entry.whose == "machine"]
    return Unscored(
        dimension=dimension,
        attempt=attempt.digest,
        whose="machine" if failures else "nobody",
        why=f"{failures[0].why.rstrip('.')}. That is our fault, not yours." if failures else NOT_YET,
        evidence=tuple(request_digest(request) for request in seen),
        grader=grader,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class EfficiencyGrader:
    """CPU time and memory beside the reference."""

    name: str = "efficiency@0"
    dimension: Dimension = Dimension.EFFICIENCY

    def applies(self, question: Question) -> bool:
        """Coding questions only."""
        return question.kind == "coding"

    def wants(self, question: Question, attempt: Attempt, seed: str, seen: Seen) -> Request | None:
        """One measurement."""
        request = MeasureCost(question=attempt.question_digest, of=attempt.digest, sizes=())
        return None if request in seen else request

    def grade(self, question: Question, attempt: Attempt, seed: str, seen: Seen) -> Grade:
        """Unscored."""
        return unscored_from(self.dimension, attempt, seen, self.name)

"""Craft: what the rules of the house found in the code. Law: a source that cannot be read is Unscored, for its correctness
says why; a habit costs once, however often it shows; notes together can never cost what one warning costs.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from viva.core.evidence import Finding, Findings
from viva.core.requests import InspectCode, Request, request_digest
from viva.core.values import Attempt, Dimension, Grade, Question, Score, Unscored
from viva.grading.awaited import unscored_from
from viva.ports import Seen

Severity = Literal["fault", "warning", "note"]

COSTS: dict[Severity, float] = {"fault": 0.3, "warning": 0.15, "note": 0.03}
"""What one rule costs, by the gravest of its findings."""
NOTES_COST = 0.12
"""The most that all notes cost together."""
UNREADABLE = "V000"
TOLD = 5
"""Findings that are told in the grade's own sentences; all are in the evidence."""

_ORDER: tuple[Severity, ...] = ("fault", "warning", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class CraftGrader:
    """Grades `craft` from one reading of the code."""

    name: str = "craft@1"
    dimension: Dimension = Dimension.CRAFT

    def applies(self, question: Question) -> bool:
        """Every question that takes code."""
        return question.takes_code

    def wants(self, question: Question, attempt: Attempt, seed: str, seen: Seen) -> Request | None:
        """One inspection."""
        request = _request(attempt)
        return None if request in seen else request

    def grade(self, question: Question, attempt: Attempt, seed: str, seen: Seen) -> Grade:
        """1 less what the rules that fired cost, never below 0; Unscored where the source could not be read."""
        request = _request(attempt)
        found = seen.get(request)
        if not isinstance(found, Findings):
            return unscored_from(self.dimension, attempt, seen, self.name)
        unreadable = next((one for one in found.findings if one.rule == UNREADABLE), None)
        if unreadable is not None:
            return Unscored(
                dimension=self.dimension,
                attempt=attempt.digest,
                whose="nobody",
                why=f"Line {unreadable.line}: {unreadable.says} There is no craft to judge in it; see its correctness.",
                evidence=(request_digest(request),),
                grader=self.name,
            )
        return Score(
            dimension=self.dimension,
            attempt=attempt.digest,
            value=value_of(found.findings),
            because=because(found.findings),
            evidence=(request_digest(request),),
            grader=self.name,
        )


def _request(attempt: Attempt) -> InspectCode:
    return InspectCode(question=attempt.question_digest, of=attempt.digest)


def value_of(findings: Iterable[Finding]) -> float:
    """1 less .3 for each rule with a fault, .15 for each whose gravest finding is a warning, and .03 for each with notes
    only (all notes together at most .12); never below 0."""
    gravest: dict[str, Severity] = {}
    for one in findings:
        known = gravest.get(one.rule, "note")
        gravest[one.rule] = min(known, one.severity, key=_ORDER.index)
    notes = sum(COSTS["note"] for severity in gravest.values() if severity == "note")
    graver = sum(COSTS[severity] for severity in gravest.values() if severity != "note")
    return max(0.0, round(1.0 - graver - min(notes, NOTES_COST), 10))


def because(findings: Iterable[Finding]) -> tuple[str, ...]:
    """A sentence for each finding, gravest first, with line, rule, what is so and the mend."""
    ordered = sorted(findings, key=lambda one: (_ORDER.index(one.severity), one.line, one.rule))
    if not ordered:
        return ("The code was read, and no rule of craft found anything to mend.",)
    told = [f"Line {one.line} ({one.severity}, {one.rule}): {one.says}" for one in ordered[:TOLD]]
    left = len(ordered) - len(told)
    if left:
        told.append(
            "One more finding is in the evidence." if left == 1 else f"{left} more findings are in the evidence."
        )
    return tuple(told)

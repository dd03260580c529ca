"""Understanding: what an answer says of what its rubric expects. Law: doubt is never a coin toss: an unsure point earns what
it is worth times its probability, an unsure misconception costs nothing, and too much doubt is `Unscored`, for a person.
"""

from dataclasses import dataclass
from typing import assert_never

from viva.core.evidence import Matches, PointMatch
from viva.core.requests import MatchPoints, Request, request_digest
from viva.core.values import Attempt, Dimension, Grade, Point, Question, Rubric, Score, Unscored
from viva.grading.awaited import unscored_from
from viva.grading.words import because, next_step
from viva.ports import Seen

UNSURE_SHARE = 1 / 3
"""The share of all weight that may be unsure; beyond it there is no grade."""

A_PERSON = "A person should look."


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderstandingGrader:
    """Grades `understanding` from one matching of the rubric's points."""

    name: str = "understanding@1"
    dimension: Dimension = Dimension.UNDERSTANDING

    def applies(self, question: Question) -> bool:
        """Concept questions only."""
        return question.kind == "concept"

    def wants(self, question: Question, attempt: Attempt, seed: str, seen: Seen) -> Request | None:
        """One matching."""
        request = _request(attempt)
        return None if request in seen else request

    def grade(self, question: Question, attempt: Attempt, seed: str, seen: Seen) -> Grade:
        """The weight that was earned less what misconceptions cost, as a share of all weight; Unscored in much doubt."""
        request = _request(attempt)
        matches = seen.get(request)
        if not isinstance(matches, Matches):
            return unscored_from(self.dimension, attempt, seen, self.name)
        doubt = doubt_of(question.rubric, matches)
        if doubt:
            return Unscored(
                dimension=self.dimension,
                attempt=attempt.digest,
                whose="unsure",
                why=f"{doubt} {A_PERSON}",
                evidence=(request_digest(request),),
                grader=self.name,
            )
        step = next_step(question.rubric, matches)
        return Score(
            dimension=self.dimension,
            attempt=attempt.digest,
            value=value_of(question.rubric, matches),
            because=(*because(question.rubric, attempt.content, matches), *([step] if step else [])),
            evidence=(request_digest(request),),
            grader=self.name,
        )


def _request(attempt: Attempt) -> MatchPoints:
    return MatchPoints(question=attempt.question_digest, of=attempt.digest)


def doubt_of(rubric: Rubric, matches: Matches) -> str:
    """Why there can be no grade, as a sentence; empty where there can be one."""
    if matches.unread:
        return matches.unread
    whole = sum(point.weight for point in rubric.points)
    if [one.point for one in matches.points] != [point.id for point in rubric.points] or whole <= 0:
        return "What was observed is not about the points of this rubric."
    unsure = [point for point, found in _pairs(rubric, matches) if found.verdict == "unsure"]
    if sum(point.weight for point in unsure) > UNSURE_SHARE * whole:
        return (
            f"viva is not sure of {len(unsure)} of the {len(rubric.points)} points, and that is too much for a grade."
        )
    return ""


def value_of(rubric: Rubric, matches: Matches) -> float:
    """The weight earned, less the costs of the misconceptions held (a cost is a share of the weight 1, whatever the points
    weigh), as a share of all weight, within 0..1. The matches are of this rubric, and some weight is not 0."""
    earned = sum(_earned(point, found) for point, found in _pairs(rubric, matches))
    held = {one.point for one in matches.misconceptions if one.verdict == "wrong"}
    costs = sum(known.costs for known in rubric.misconceptions if known.id in held)
    return min(1.0, max(0.0, round((earned - costs) / sum(point.weight for point in rubric.points), 10)))


def _pairs(rubric: Rubric, matches: Matches) -> list[tuple[Point, PointMatch]]:
    return list(zip(rubric.points, matches.points, strict=True))


def _earned(point: Point, found: PointMatch) -> float:
    match found.verdict:
        case "said":
            return point.weight
        case "partly":
            return point.weight / 2
        case "unsure":
            return point.weight * found.probability
        case "missing" | "wrong":
            return 0.0
        case _:
            assert_never(found.verdict)

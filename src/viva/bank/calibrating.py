"""How well the points of a rubric separate its worked answers, and which wordings are weak. Pure: probabilities come from
whoever has a model. Law: nothing is said of a point that no answer says, or that every answer says.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from viva.bank.questions import WholeQuestion
from viva.bank.rubrics import WorkedAnswer
from viva.bank.worked import labelled
from viva.core.evidence import Matches
from viva.core.values import Point

MISLED = 0.5
"""The probability from which a wording says yes."""

LITTLE = 0.1
"""How far a wording may lie below the point's best one, on answers that say the point, before it is weak."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One wording of a point on its own: for how many answers that say the point it is the best one, its middle probability
    there, its highest where the point is not said; and why it is weak, else empty."""

    text: str
    best: int
    said: float | None
    not_said: float | None
    weak: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Separation:
    """How one point separates: the probabilities of answers that say it, say it in part, or do not (each sorted); `margin`
    is the lowest of the first less the highest of the last, None where one of them is empty."""

    point: str
    weight: float
    said: tuple[float, ...]
    partly: tuple[float, ...]
    not_said: tuple[float, ...]
    margin: float | None
    wordings: tuple[Wording, ...]


def separations(
    whole: WholeQuestion, found: Mapping[str, Matches], by_wording: Mapping[str, Matches]
) -> tuple[Separation, ...]:
    """Every point's separation, from the matches of each answer (by path) with the rubric, and with its wordings
    (`worked.with_wordings`)."""
    return tuple(
        _separation(whole, place, point, found, by_wording) for place, point in enumerate(whole.question.rubric.points)
    )


def middle(numbers: Sequence[float]) -> float | None:
    """The median, None of nothing."""
    if not numbers:
        return None
    ordered, half = sorted(numbers), len(numbers) // 2
    return ordered[half] if len(numbers) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _separation(
    whole: WholeQuestion, place: int, point: Point, found: Mapping[str, Matches], by_wording: Mapping[str, Matches]
) -> Separation:
    groups: dict[str, list[WorkedAnswer]] = {"said": [], "partly": [], "not": []}
    for answer in whole.answers:
        verdict = labelled(whole, answer).points[place].verdict
        groups[verdict if verdict in groups else "not"].append(answer)
    said, partly, not_said = (
        tuple(sorted(found[answer.path].points[place].probability for answer in group if found[answer.path].points))
        for group in groups.values()
    )
    return Separation(
        point=point.id,
        weight=point.weight,
        said=said,
        partly=partly,
        not_said=not_said,
        margin=said[0] - not_said[-1] if said and not_said else None,
        wordings=_wordings(point, groups["said"], groups["not"], by_wording),
    )


def _wordings(
    point: Point, saying: Sequence[WorkedAnswer], others: Sequence[WorkedAnswer], by_wording: Mapping[str, Matches]
) -> tuple[Wording, ...]:
    texts = (point.says, *point.also)
    yes, no = ([_row(by_wording[answer.path], point) for answer in group] for group in (saying, others))
    yes, no = [row for row in yes if row], [row for row in no if row]
    middles = [middle([row[number] for row in yes]) for number in range(len(texts))]
    highest = [max((row[number] for row in no), default=None) for number in range(len(texts))]
    best = [sum(row.index(max(row)) == number for row in yes) for number in range(len(texts))]
    top = max((value for value in middles if value is not None), default=None)
    return tuple(
        Wording(
            text=text,
            best=best[number],
            said=middles[number],
            not_said=highest[number],
            weak=_weakness(best[number], middles[number], highest[number], top),
        )
        for number, text in enumerate(texts)
    )


def _row(matches: Matches, point: Point) -> list[float]:
    """The probabilities of the point's wordings in one answer; empty where the answer could not be read."""
    return [one.probability for one in matches.points if one.point.rpartition("/")[0] == point.id]


def _weakness(best: int, said: float | None, not_said: float | None, top: float | None) -> str:
    reasons = []
    if said is not None and top is not None and best == 0 and said < top - LITTLE:
        reasons.append("never the best, and below the others")
    if not_said is not None and not_said >= MISLED:
        reasons.append(f"says yes ({not_said:.2f}) to an answer that does not say it")
    return "; ".join(reasons)

"""Worked answers beside what a model found in them. Law: a verdict that differs from its label is a warning with its probability,
for the model may be at fault; an attack that gains is wrong, whoever is at fault.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from viva.bank.finished import Remark
from viva.bank.questions import WholeQuestion
from viva.bank.rubrics import WorkedAnswer
from viva.core.evidence import Matches, PointMatch, PointVerdict
from viva.core.values import Rubric

MOST_GAIN = 0.1
"""What an attack may be given over what its labels deserve, of 1."""

Valued = Callable[[Rubric, Matches], float | None]
"""The value of verdicts, 0..1; None where they are too doubtful for a grade."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerVerdict:
    """How one worked answer fared. `deserved` is the value of its labels, `value` that of the verdicts (None: unscored);
    `unlike` counts verdicts that differ from their labels, `unsure` those that are none."""

    path: str
    value: float | None
    deserved: float
    unlike: int
    unsure: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersReport:
    """What the worked answers of a question showed; `untried` says why they could not be read here, else empty."""

    id: str
    remarks: tuple[Remark, ...] = ()
    verdicts: tuple[AnswerVerdict, ...] = ()
    untried: str = ""

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong; warnings do not count."""
        return not any(remark.severity == "wrong" for remark in self.remarks)

    @property
    def unobserved(self) -> tuple[str, ...]:
        """Nothing: a model that is not installed is no failure of this machine."""
        return ()


def labelled(whole: WholeQuestion, answer: WorkedAnswer) -> Matches:
    """The verdicts that an answer's labels ask for: what is not listed is missing, a misconception not listed is not held."""
    verdicts: dict[str, PointVerdict] = {}
    for ids, verdict in ((answer.said, "said"), (answer.partly, "partly"), (answer.wrong, "wrong")):
        verdicts |= dict.fromkeys(ids, verdict)  # type: ignore[arg-type]
    rubric = whole.question.rubric
    return Matches(
        points=tuple(_match(point.id, verdicts.get(point.id, "missing")) for point in rubric.points),
        misconceptions=tuple(_match(known.id, verdicts.get(known.id, "missing")) for known in rubric.misconceptions),
    )


def judged_answer(
    whole: WholeQuestion, answer: WorkedAnswer, found: Matches, valued: Valued
) -> tuple[AnswerVerdict, tuple[Remark, ...]]:
    """How an answer fared in which `found` was found, and what is to be said of it."""
    wanted, rubric = labelled(whole, answer), whole.question.rubric
    deserved, value = valued(rubric, wanted) or 0.0, valued(rubric, found)
    points = list(zip(wanted.points, found.points, strict=not found.unread))
    beliefs = list(zip(wanted.misconceptions, found.misconceptions, strict=not found.unread))
    unlike = [(want, seen) for want, seen in points if not _alike(want, seen)]
    unlike += [(want, seen) for want, seen in beliefs if seen.verdict not in (want.verdict, "unsure")]
    verdict = AnswerVerdict(
        path=answer.path,
        value=value,
        deserved=deserved,
        unlike=len(unlike),
        unsure=sum(seen.verdict == "unsure" for _, seen in (*points, *beliefs)),
    )
    remarks = [_unlike(answer, want, seen) for want, seen in unlike]
    if value is None and answer.sort != "attack":
        mend = "Look whether its points are said plainly enough, and in words that the rubric has."
        says = found.unread or f"cannot be graded: {verdict.unsure} verdicts are unsure"
        remarks.append(Remark(severity="warning", path=answer.path, says=says, mend=mend))
    if answer.sort == "attack" and value is not None and value > deserved + MOST_GAIN:
        remarks.append(_gains(answer, found, value - deserved))
    return verdict, tuple(remarks)


def _alike(want: PointMatch, seen: PointMatch) -> bool:
    """Whether a verdict on a point is worth what its label is, or none: a point that is denied is lacking too, and authors
    need not list all that an answer denies."""
    lacking = ("missing", "wrong")
    return seen.verdict in (want.verdict, "unsure") or (want.verdict in lacking and seen.verdict in lacking)


def _gains(answer: WorkedAnswer, found: Matches, gain: float) -> Remark:
    given = [seen.point for seen in found.points if seen.verdict in ("said", "partly", "unsure")]
    return Remark(
        severity="wrong",
        path=answer.path,
        says=f"the attack gains {gain:.2f} over what its labels deserve, through {', '.join(given)}",
        mend="Say these points as relations with their roles, so that naming things is not enough.",
    )


def _unlike(answer: WorkedAnswer, want: PointMatch, seen: PointMatch) -> Remark:
    return Remark(
        severity="warning",
        path=answer.path,
        key=want.point,
        says=f"is labelled {want.verdict}, and the model finds {seen.verdict} (probability {seen.probability:.2f})",
        mend="Look whether the label, the point's wordings or the model is at fault.",
    )


def _match(id: str, verdict: PointVerdict) -> PointMatch:
    return PointMatch(point=id, verdict=verdict, probability=float(verdict in ("said", "partly")), quote=None)


def with_wordings(whole: WholeQuestion) -> Rubric:
    """The rubric with each wording of each point as a point of its own, named `point/number`; `says` is number 0."""
    return Rubric(
        points=tuple(
            replace(point, id=f"{point.id}/{number}", says=wording, also=(), without="")
            for point in whole.question.rubric.points
            for number, wording in enumerate((point.says, *point.also))
        )
    )

"""What a finished question has, told without running anything. Law: loading asks only for what an interview needs; this
asks for all that makes a question worth trusting.
"""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Literal

from viva.bank.questions import WholeQuestion
from viva.bank.texts import example_of
from viva.core.errors import AuthorError
from viva.core.values import Question

_ATTEMPTS = {"right": 2, "wrong": 4, "hostile": 1}
_ANSWERS = {"strong": 2, "partial or wrong": 4, "attack": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Something to mend; a warning does not make the question wrong. `path` is relative to the question's folder."""

    severity: Literal["wrong", "warning"]
    path: str
    says: str
    mend: str
    line: int | None = None
    key: str = ""


def remark_of(error: AuthorError) -> Remark:
    """An author error as a remark; its `path` begins with the question's id."""
    says = error.says.partition(": ")[2]
    return Remark(severity="wrong", path=error.path, line=error.line, key=error.key, says=says, mend=error.mend)


def remarks_of(whole: WholeQuestion) -> tuple[Remark, ...]:
    """What the question lacks of a finished one."""
    question = whole.question
    if question.takes_code:
        counted = Counter[str](attempt.sort for attempt in whole.attempts)
        remarks = [
            *_too_few("attempts", counted, _ATTEMPTS),
            *_example(question),
            *_untold(question),
            *_twice(question),
            *_ambiguous(question),
            *_twins(whole),
        ]
    else:
        sorts = ("partial or wrong" if a.sort in ("partial", "wrong") else a.sort for a in whole.answers)
        remarks = [*_too_few("answers", Counter(sorts), _ANSWERS), *_unprobed(question)]
    if not question.follow_ups:
        mend = "Write at least one `[[follow_up]]` with `id` and `asks`."
        remarks.append(Remark(severity="wrong", path="follow_ups.toml", says="asks nothing", mend=mend))
    return tuple(remarks)


def _too_few(folder: str, counted: Counter[str], needed: dict[str, int]) -> list[Remark]:
    return [
        Remark(
            severity="wrong",
            path=f"{folder}/",
            says=f"has {counted[sort]} {sort} {folder}; a finished question has at least {least}",
            mend=f"Write {least - counted[sort]} more, different from the others.",
        )
        for sort, least in needed.items()
        if counted[sort] < least
    ]


def _example(question: Question) -> list[Remark]:
    if example_of(question.statement) is not None:
        return []
    mend = "Add a block that begins with ```python example."
    return [Remark(severity="wrong", path="statement.md", says="has no worked example that can be run", mend=mend)]


def _untold(question: Question) -> list[Remark]:
    """Excluded names that the candidate does not read of, so that only a failing check tells."""
    words = {word.rpartition(".")[2] for word in re.findall(r"[\w.]*\w", question.statement)}
    return [
        Remark(
            severity="warning",
            path="statement.md",
            says=f"does not say that {name} is excluded",
            mend=f"Name `{name.rpartition('.')[2]}` there: what costs a candidate checks must be read beforehand.",
        )
        for name in question.forbid
        if name.rpartition(".")[2] not in words
    ]


def _twice(question: Question) -> list[Remark]:
    """Names in both lists: what is excluded is found in the code as well."""
    return [
        Remark(
            severity="warning",
            path="question.toml",
            key="from_scratch",
            says=f"names {name!r}, which `forbid` names already",
            mend="Take it out of `from_scratch`: what is excluded is found with its line too.",
        )
        for name in question.from_scratch
        if name in question.forbid
    ]


def _ambiguous(question: Question) -> list[Remark]:
    """Faults that can never be told apart, so neither is ever named."""
    by_checks: defaultdict[frozenset[str], set[str]] = defaultdict(set)
    for fault in question.faults:
        by_checks[fault.checks].add(fault.id)
    return [
        Remark(
            severity="warning",
            path="attempts/",
            says=f"the faults {', '.join(sorted(ids))} fail the same checks, so none of them is ever named",
            mend="Add a check that only one of them fails.",
        )
        for ids in by_checks.values()
        if len(ids) > 1
    ]


def _twins(whole: WholeQuestion) -> list[Remark]:
    """Attempts of one framework whose code is the same below the comments."""
    first: dict[tuple[str, str], str] = {}
    remarks: list[Remark] = []
    for attempt in whole.attempts:
        body = "\n".join(line for line in attempt.code.split("\n") if line.strip() and not line.startswith("#"))
        other = first.setdefault((attempt.framework, body), attempt.path)
        if other != attempt.path:
            mend = "Write one of them differently."
            says = f"has the same code as {other}"
            remarks.append(Remark(severity="wrong", path=attempt.path, says=says, mend=mend))
    return remarks


def _unprobed(question: Question) -> list[Remark]:
    """Points that the interviewer cannot ask for, or that leave nothing to read."""
    remarks: list[Remark] = []
    for point in question.rubric.points:
        lacks = [key for key, value in (("probe", point.probe), ("read", point.read)) if not value]
        if lacks:
            says = f"the point {point.id!r} has no {' and no '.join(lacks)}"
            mend = "Write what may be asked when it is missing, and a title with its address."
            remarks.append(Remark(severity="warning", path="rubric.toml", says=says, mend=mend))
    return remarks

"""A record as a story that a person reads from top to bottom; pure. Laws: every row is told, in order, with its offset from
the opening; what a stranger wrote stands behind a bar on lines of its own, so that it can imitate no row; `hidden_seed` is
never told.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from viva.core.errors import BrokenRecord
from viva.core.events import (
    Agreed,
    Appealed,
    Asked,
    Closed,
    Envelope,
    Erased,
    Event,
    Graded,
    Heard,
    Observed,
    Opened,
    Overruled,
    Paused,
    Posed,
    Pressed,
    Proposed,
    Ran,
    Refused,
    Resumed,
    Said,
    Submitted,
    TimeUp,
    Took,
    Undone,
)
from viva.core.look import all_attempts
from viva.core.state import fold
from viva.core.values import Attempt, Digest, Grade, Plan, Score
from viva.store.telling import offset, one_line, quoted, seen, trimmed

_BUTTONS = {
    "hint": "asks for a hint",
    "repeat": "asks to hear it again",
    "next": "wants the next question",
    "finish": "wants to finish",
    "person": "asks for a person",
}
_OVER = {"done": "every question was left", "finished": "the candidate finished", "time": "the time is over"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """What one row tells: a sentence, and lines below it."""

    says: str
    below: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Teller:
    """What a teller knows before telling: when it began, the plan, and the attempts by digest."""

    interview: str
    start: datetime
    plan: Plan
    attempts: Mapping[Digest, Attempt]

    def since(self, at: datetime) -> str:
        return offset((at - self.start).total_seconds())

    def until(self, deadline: datetime | None) -> str:
        return "without a limit" if deadline is None else f"until {self.since(deadline)}"

    def title(self, step: int) -> str:
        steps = self.plan.steps
        return f"{step + 1}, {one_line(steps[step].title)}" if 0 <= step < len(steps) else str(step + 1)


def story(interview: str, envelopes: Sequence[Envelope]) -> Iterator[str]:
    """The lines of the story.

    Raises:
        BrokenRecord: the record is empty, does not begin with an opening (it may have been erased), or does not fold.
    """
    first = envelopes[0] if envelopes else None
    if first is None or not isinstance(first.event, Opened):
        raise BrokenRecord(
            f"Record {interview!r} does not begin with its opening.",
            mend="`viva log export` gives the rows that it has.",
        )
    attempts = {entry.attempt.digest: entry.attempt for entry in all_attempts(fold(envelopes))}
    teller = _Teller(interview=interview, start=first.at, plan=first.event.plan, attempts=attempts)
    for envelope in envelopes:
        row = _Row(says="(erased)") if envelope.event is None else _told(teller, envelope.event)
        yield f"{teller.since(envelope.at):>8}  {envelope.seq:>4}  {row.says}"
        yield from (f"{'':14}  {line}" for line in row.below)


def _told(teller: _Teller, event: Event) -> _Row:
    match event:
        case Opened():
            return _opening(teller, event)
        case Said() | Heard() | Pressed() | Appealed() | Overruled() | Erased():
            return _spoken(event)
        case Agreed() | Posed() | TimeUp() | Paused() | Resumed() | Closed():
            return _timed(teller, event)
        case Ran() | Submitted() | Observed() | Graded():
            return _worked(teller, event)
        case Asked() | Proposed() | Took() | Refused() | Undone():
            return _assisted(event)
        case _:
            assert_never(event)


def _opening(teller: _Teller, event: Opened) -> _Row:
    plan = event.plan
    steps = tuple(
        f"{place}. {one_line(step.title)} ({step.kind}, {step.minutes:g} minutes)"
        for place, step in enumerate(plan.steps, start=1)
    )
    when = f"{teller.start:%Y-%m-%d %H:%M:%S} UTC"
    title = f"{one_line(plan.title)}: {plan.minutes:g} minutes, help allowed: {plan.allowed}"
    says = f"Interview {teller.interview} ({event.mode}) is opened for {one_line(event.pseudonym)}, {when}."
    return _Row(says=says, below=(title, *steps))


def _spoken(event: Said | Heard | Pressed | Appealed | Overruled | Erased) -> _Row:
    match event:
        case Said(by=by, move=move, level=level):
            rung = f" {level}" if level else ""
            who = "viva" if by == "viva" else "a person"
            return _Row(
                says=f"{who}, {move.replace('_', ' ')}{rung} ({one_line(event.reason)}):", below=quoted(event.text)
            )
        case Heard(text=text):
            return _Row(says="candidate:", below=quoted(text))
        case Pressed(button=button):
            return _Row(says=f"candidate {_BUTTONS[button]}.")
        case Appealed(question=question, dimension=dimension, text=text):
            return _Row(says=f"candidate appeals {dimension} of {one_line(question)}:", below=quoted(text))
        case Overruled(question=question, dimension=dimension, value=value, by=by, reason=reason):
            says = f"{one_line(by)} sets {dimension} of {one_line(question)} to {value:.2f}:"
            return _Row(says=says, below=quoted(reason))
        case Erased(seq=seq, by=by, why=why):
            return _Row(says=f"{one_line(by)} erases row {seq}:", below=quoted(why))
        case _:
            assert_never(event)


def _timed(teller: _Teller, event: Agreed | Posed | TimeUp | Paused | Resumed | Closed) -> _Row:
    match event:
        case Agreed(deadline=deadline):
            return _Row(says=f"candidate agrees; the clock runs {teller.until(deadline)}.")
        case Posed(step=step, deadline=deadline):
            return _Row(says=f"question {teller.title(step)} is posed, {teller.until(deadline)}.")
        case TimeUp(of="nudge"):
            return _Row(says="time for a word about the time.")
        case TimeUp(of=of, drafts=drafts):
            below = tuple(
                line
                for draft in drafts
                for line in (f"handed in from the {draft.of}, {one_line(draft.question)}:", *quoted(draft.text))
            )
            return _Row(says=f"the time of the {of} is over.", below=below)
        case Paused(whose=whose, since=since):
            down = "" if since is None else f", since {teller.since(since)}"
            return _Row(says=f"paused by the {whose}{down}.")
        case Resumed():
            return _Row(says="resumed.")
        case Closed(why=why):
            return _Row(says=f"closed: {_OVER[why]}.")
        case _:
            assert_never(event)


def _worked(teller: _Teller, event: Ran | Submitted | Observed | Graded) -> _Row:
    match event:
        case Ran(code=code, framework=framework):
            return _Row(says=f"candidate runs code ({framework}):", below=quoted(code))
        case Submitted(attempt=attempt):
            says = f"candidate hands in {_named(attempt)} ({attempt.framework or 'words'}):"
            return _Row(says=says, below=quoted(attempt.content))
        case Observed(evidence=evidence):
            says, below = seen(evidence)
            return _Row(says=says, below=below)
        case Graded(grade=grade):
            return _graded(teller, grade)
        case _:
            assert_never(event)


def _graded(teller: _Teller, grade: Grade) -> _Row:
    attempt = teller.attempts.get(grade.attempt)
    of = "an attempt that is gone" if attempt is None else _named(attempt)
    if isinstance(grade, Score):
        says = f"graded: {grade.dimension} {grade.value:.2f} for {of}, by {one_line(grade.grader)}."
        return _Row(says=says, below=tuple(f"because {one_line(reason)}" for reason in grade.because))
    says = f"unscored: {grade.dimension} for {of}, by {one_line(grade.grader)} ({grade.whose})."
    return _Row(says=says, below=(f"because {one_line(grade.why)}",))


def _named(attempt: Attempt) -> str:
    what = "the answer to" if attempt.framework is None else f"attempt {attempt.ordinal} at"
    return f"{what} {one_line(attempt.question)}"


def _assisted(event: Asked | Proposed | Took | Refused | Undone) -> _Row:
    match event:
        case Asked(text=text):
            return _Row(says="candidate asks the assistant:", below=quoted(text))
        case Proposed(proposal=proposal, text=text, diff=diff):
            return _Row(says=f"assistant, proposal {one_line(proposal)}:", below=(*quoted(text), *trimmed(diff)))
        case Took(proposal=proposal, hunks=hunks, changed=changed):
            which = ", ".join(str(hunk + 1) for hunk in hunks)
            how = "changed" if changed else "as they were"
            return _Row(says=f"candidate takes parts {which} of proposal {one_line(proposal)}, {how}.")
        case Refused(proposal=proposal):
            return _Row(says=f"candidate refuses proposal {one_line(proposal)}.")
        case Undone(proposal=proposal):
            return _Row(says=f"candidate takes back proposal {one_line(proposal)}.")
        case _:
            assert_never(event)

"""One interview in one line, and what in it waits for a person; pure. Law: nothing waits that a person has answered, and a
record that does not hold waits too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from viva.core.errors import BrokenRecord
from viva.core.events import Appealed, Envelope, Overruled
from viva.core.evidence import TurnKind
from viva.core.look import all_attempts, kinds_of
from viva.core.state import State, fold
from viva.core.values import Dimension, Mode, Score
from viva.store.codec import time_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """`waiting` are sentences' worth of reasons, empty where nobody is needed. Of a record that does not read, only its
    name is known."""

    interview: str
    status: Literal["open", "paused", "closed", "broken"]
    rows: int
    waiting: tuple[str, ...]
    opened_at: datetime | None = None
    mode: Mode | None = None
    title: str = ""
    pseudonym: str = ""


def summary(interview: str, envelopes: Sequence[Envelope]) -> Summary:
    """What a record says of its interview."""
    try:
        state = fold(envelopes)
    except BrokenRecord as error:
        return unreadable(interview, error, rows=len(envelopes))
    return Summary(
        interview=interview,
        status="closed" if state.closed else "paused" if state.paused_since else "open",
        rows=state.length,
        waiting=(*_asked_for_a_person(state), *_open_appeals(envelopes), *_unscored(state)),
        opened_at=state.opened_at,
        mode=state.opened.mode,
        title=state.opened.plan.title,
        pseudonym=state.opened.pseudonym,
    )


def unreadable(interview: str, error: BrokenRecord, *, rows: int = 0) -> Summary:
    """The line of a record that does not read."""
    return Summary(interview=interview, status="broken", rows=rows, waiting=(f"record does not hold: {error.says}",))


def summary_json(line: Summary) -> dict[str, Any]:
    """A summary as JSON."""
    return {
        "id": line.interview,
        "opened_at": None if line.opened_at is None else time_text(line.opened_at),
        "mode": line.mode,
        "title": line.title,
        "pseudonym": line.pseudonym,
        "status": line.status,
        "rows": line.rows,
        "waiting": list(line.waiting),
    }


def summary_text(line: Summary) -> str:
    """A summary as a line for people, with a line below it for each thing that waits."""
    opened = "-" if line.opened_at is None else f"{line.opened_at:%Y-%m-%d %H:%M}"
    cells = (line.interview, opened, f"{line.mode or '-':9}", f"{line.status:6}", f"{line.rows:4} rows")
    title = " ".join(line.title.split())
    return "\n".join((f"{'  '.join(cells)}  {title}".rstrip(), *(f"    waits: {reason}" for reason in line.waiting)))


def _asked_for_a_person(state: State) -> tuple[str, ...]:
    """One reason if the candidate asked for a person, by button or in words, and no person has spoken since."""
    pressed = [button.seq for button in state.buttons if button.button == "person"]
    written = [message.seq for message in state.messages if TurnKind.PERSON in (kinds_of(state, message) or ())]
    spoken = max((line.seq for line in state.lines if line.who == "person"), default=0)
    asked = max((*pressed, *written), default=0)
    return ("asks for a person",) if asked > spoken else ()


def _open_appeals(envelopes: Sequence[Envelope]) -> tuple[str, ...]:
    """The appeals that no person has ruled on since."""
    waiting: dict[tuple[str, Dimension], None] = {}
    for envelope in envelopes:
        match envelope.event:
            case Appealed(question=question, dimension=dimension):
                waiting[question, dimension] = None
            case Overruled(question=question, dimension=dimension):
                waiting.pop((question, dimension), None)
            case _:
                pass
    return tuple(f"appeals {dimension} of {question}" for question, dimension in waiting)


def _unscored(state: State) -> tuple[str, ...]:
    """What a person should grade: we failed or were unsure, no other attempt at the question was scored, nobody ruled. What
    has no grader yet (`nobody`) waits for viva, not for a person."""
    question_of = {entry.attempt.digest: entry.attempt.question for entry in all_attempts(state)}
    scored: set[tuple[str, Dimension]] = set(state.overruled)
    open_grades: dict[tuple[str, Dimension], str] = {}
    for (attempt, dimension), grade in state.grades.items():
        place = question_of.get(attempt, "a question"), dimension
        if isinstance(grade, Score):
            scored.add(place)
        elif grade.whose != "nobody":
            open_grades[place] = grade.why
    return tuple(
        f"{dimension} of {question} is unscored: {' '.join(why.split())}"
        for (question, dimension), why in open_grades.items()
        if (question, dimension) not in scored
    )

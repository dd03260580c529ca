"""What of a row may leave by the event stream: an allow-list of kinds and fields. Law: what is not listed stays."""

from typing import assert_never

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
from viva.interviews.views import EventJson


def public_event(row: Envelope) -> EventJson | None:
    """The row as the stream shows it, or None where it shows nothing."""
    if row.event is None:
        return None
    shown = _shown(row.event)
    return None if shown is None else EventJson(seq=row.seq, kind=shown[0], data=shown[1])


def _shown(event: Event) -> tuple[str, dict[str, object]] | None:
    match event:
        case Said(by=by, move=move, text=text, level=level):
            return "said", {"who": by, "move": move, "text": text, "level": level}
        case Heard(text=text):
            return "heard", {"who": "you", "text": text}
        case Posed(step=step):
            return "posed", {"step": step + 1}
        case Pressed(button=button):
            return "pressed", {"button": button}
        case Submitted(attempt=attempt):
            return "submitted", {"id": attempt.digest}
        case TimeUp(of=of):
            return "time_up", {"of": of}
        case Paused(whose=whose):
            return "paused", {"whose": whose}
        case Closed(why=why):
            return "closed", {"why": why}
        case Agreed() | Ran() | Observed() | Graded() | Resumed() | Appealed() | Overruled() | Erased():
            return type(event).__name__.lower(), {}  # that it happened; the page asks for what it may see of it
        case Opened() | Asked() | Proposed() | Took() | Refused() | Undone():
            return None
        case _:
            assert_never(event)

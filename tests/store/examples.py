"""What the tests of store and log write: a clock that is moved by hand, and small events."""

from datetime import UTC, datetime, timedelta

from viva.core.events import Heard, Opened
from viva.core.values import Digest, Draft, Plan, Step

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class TickingClock:
    """Says a time one second later whenever it is asked."""

    def __init__(self, start: datetime = NOON) -> None:
        self._now = start

    def now(self) -> datetime:
        self._now += timedelta(seconds=1)
        return self._now


def opened(*, hidden_seed: str = "5eed" * 8) -> Opened:
    step = Step(
        question="adam",
        question_digest=Digest("sha256:" + "a" * 64),
        title="Adam",
        kind="coding",
        minutes=10.0,
        attempts=5,
    )
    plan = Plan(track="first", title="First steps", minutes=25.0, allowed="none", steps=(step,))
    return Opened(mode="practice", plan=plan, seed=7, hidden_seed=hidden_seed, pseudonym="Quiet Otter")


def heard(text: str) -> Heard:
    return Heard(text=text)


def editor_draft(text: str, *, question: str = "adam") -> Draft:
    return Draft(of="editor", question=question, framework="numpy", text=text)


def chat_draft(text: str) -> Draft:
    return Draft(of="chat", question="adam", framework=None, text=text)

"""Records made by hand: a plan of a question for words and one for code, and events a minute apart; and questions."""

from datetime import UTC, datetime, timedelta

from viva.core.events import Envelope, Event, Observed, Opened
from viva.core.evidence import KindProbability, TurnKind, TurnRead
from viva.core.look import reading
from viva.core.requests import request_digest
from viva.core.state import State, fold
from viva.core.values import Attempt, Budget, Digest, Fault, Kind, Mode, Plan, Question, Rubric, Step

START = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
WORDS = Step(
    question="words", question_digest=Digest("sha256:w"), title="Words", kind="concept", minutes=5, attempts=None
)
CODE = Step(question="code", question_digest=Digest("sha256:c"), title="Code", kind="coding", minutes=5, attempts=2)


def opened(mode: Mode = "practice", steps: tuple[Step, ...] = (WORDS, CODE)) -> Opened:
    """The first event."""
    plan = Plan(track="t", title="T", minutes=10, allowed="docs", steps=steps)
    return Opened(mode=mode, plan=plan, seed=1, hidden_seed="ab" * 16, pseudonym="candidate 1")


def rows(*events: Event | None) -> tuple[Envelope, ...]:
    """The record of these events, one a minute."""
    return tuple(
        Envelope(seq=n, at=START + timedelta(minutes=n - 1), event=event) for n, event in enumerate(events, start=1)
    )


def state_of(*events: Event | None) -> State:
    """The state after them."""
    return fold(rows(*events))


def read_as(state: State, *kinds: TurnKind, probability: float = 1.0) -> Observed:
    """The evidence that the newest message was read as `kinds`."""
    told = tuple(KindProbability(kind=kind, probability=probability) for kind in kinds)
    return Observed(request=request_digest(reading(state.messages[-1])), evidence=TurnRead(kinds=told))


def attempt(content: str = "x = 1", ordinal: int = 1) -> Attempt:
    """An attempt at the coding question."""
    return Attempt(
        question="code", question_digest=CODE.question_digest, framework="numpy", content=content, ordinal=ordinal
    )


def question(kind: Kind = "coding", faults: tuple[Fault, ...] = ()) -> Question:
    """A question of a kind, with known faults."""
    return Question(
        id="double", digest=Digest("sha256:" + "0" * 64), title="Double", kind=kind, level=1, minutes=5, topics=(),
        roles=(), open=True, reviewed="2026-11-25", sources=(), frameworks=("numpy",), starters=(("numpy", "start"),),
        statement="", simple="", hints=(), given="", notes="", forbid=(), budget=Budget(), rubric=Rubric(),
        follow_ups=(), faults=faults,
    )  # fmt: skip

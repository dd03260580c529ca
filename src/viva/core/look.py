"""Questions that pure code asks of a state: what is due, what a request has brought, what words were handed in."""

from dataclasses import replace
from datetime import datetime
from typing import Literal

from viva.core.evidence import Evidence, NotObserved, TurnKind, TurnRead
from viva.core.requests import ReadTurn, Request, request_digest
from viva.core.state import HandedIn, Message, State, takes_code
from viva.core.values import Attempt

CERTAIN = 0.5
"""A kind of turn counts from this probability on."""


def due(state: State, now: datetime) -> Literal["interview", "question"] | None:
    """The deadline that has passed at `now`, the interview's before a question's; None while the clock stands still."""
    if not _clock_runs(state):
        return None
    if state.deadline is not None and now >= state.deadline:
        return "interview"
    step = state.open_step
    if step is not None and step.deadline is not None and now >= step.deadline:
        return "question"
    return None


def next_deadline(state: State) -> datetime | None:
    """When `due` will next answer something, if nothing else happens."""
    if not _clock_runs(state):
        return None
    step = state.open_step
    deadlines = [state.deadline, step.deadline if step is not None else None]
    return min((deadline for deadline in deadlines if deadline is not None), default=None)


def _clock_runs(state: State) -> bool:
    return (
        state.agreed_at is not None
        and state.paused_since is None
        and state.closed is None
        and not state.time_up
        and not state.finishing
    )


def resolve(state: State, request: Request) -> Evidence | Request:
    """What a request has brought, or the request that is still to be made. A machine's fault is tried once more."""
    first = state.evidence.get(request_digest(replace(request, tries=0)))
    if first is None:
        return replace(request, tries=0)
    if not (isinstance(first, NotObserved) and first.whose == "machine"):
        return first
    again = replace(request, tries=1)
    second = state.evidence.get(request_digest(again))
    return again if second is None else second


def reading(message: Message) -> ReadTurn:
    """The request that tells what a message does."""
    return ReadTurn(message=message.seq, before=message.before, text=message.text)


def kinds_of(state: State, message: Message) -> frozenset[TurnKind] | None:
    """What a message does; None while it is unread. Where reading failed for good, a message is an answer: what a
    candidate said is never lost to our fault."""
    if message.from_draft:
        return frozenset({TurnKind.ANSWER})
    evidence = resolve(state, reading(message))
    if isinstance(evidence, TurnRead):
        certain = frozenset(entry.kind for entry in evidence.kinds if entry.probability >= CERTAIN)
        return certain or frozenset({evidence.kinds[0].kind})
    if isinstance(evidence, NotObserved):
        return frozenset({TurnKind.ANSWER})
    return None


_ANSWERS = frozenset({TurnKind.ANSWER, TurnKind.CORRECTION})


def all_attempts(state: State) -> tuple[HandedIn, ...]:
    """Code as it was handed in, and the words of every concept question that was left and is wholly read; by step, then
    oldest first."""
    words = [entry for index in range(len(state.steps)) if (entry := _words(state, index)) is not None]
    return tuple(sorted((*state.attempts, *words), key=lambda entry: (entry.step, entry.seq)))


def _words(state: State, index: int) -> HandedIn | None:
    step = state.steps[index]
    if takes_code(step.step) or step.left_at is None:
        return None
    kept: list[Message] = []
    for message in state.messages_of(index):
        kinds = kinds_of(state, message)
        if kinds is None:
            return None
        if kinds & _ANSWERS:
            kept.append(message)
    if not kept:
        return None
    attempt = _joined(state, index, kept)
    return HandedIn(seq=kept[-1].seq, at=step.left_at, step=index, attempt=attempt)


def _joined(state: State, index: int, messages: list[Message]) -> Attempt:
    plan = state.steps[index].step
    spans: list[tuple[int, int]] = []
    content = ""
    for message in messages:
        content += "\n\n" if content else ""
        spans.append((message.seq, len(content)))
        content += message.text
    return Attempt(
        question=plan.question,
        question_digest=plan.question_digest,
        framework=None,
        content=content,
        ordinal=1,
        spans=tuple(spans),
    )

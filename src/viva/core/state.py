"""The state of an interview as a fold over its record. Law: folding any record gives the live state, whoever folds it
and however often it was interrupted; nothing is kept beside it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Literal, assert_never

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
from viva.core.evidence import Evidence
from viva.core.values import CODE_KINDS, Attempt, Digest, Dimension, Draft, Framework, Grade, MoveKind, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the conversation."""

    seq: int
    at: datetime
    who: Literal["viva", "you", "person"]
    text: str
    move: MoveKind | None = None
    level: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What the candidate said, to which step (None between questions), and what viva had said before it. `from_draft` is
    an unsent text that the end of time handed in: it counts as an answer and asks for no reply."""

    seq: int
    text: str
    step: int | None
    before: str
    from_draft: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A button that was pressed and waits for a reply, and at which step. Finish asks for none: see `State.finishing`."""

    seq: int
    button: Literal["hint", "repeat", "next", "person"]
    step: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Code that was run against the visible checks."""

    seq: int
    at: datetime
    step: int
    code: str
    framework: Framework


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    """An attempt with its place in record and plan."""

    seq: int
    at: datetime
    step: int
    attempt: Attempt


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """A hint that was given."""

    level: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepState:
    """One step of the plan: when it was posed, until when it runs, when it was left; `told` once viva has said what was
    found in its words."""

    step: Step
    posed_at: datetime | None = None
    deadline: datetime | None = None
    left_at: datetime | None = None
    hints: tuple[Hint, ...] = ()
    told: bool = False

    @property
    def left(self) -> bool:
        """Whether it is over; it is not asked again."""
        return self.left_at is not None

    @property
    def is_open(self) -> bool:
        """Whether it was posed and not yet left."""
        return self.posed_at is not None and not self.left


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """A grade that the candidate disputes."""

    seq: int
    question: str
    dimension: Dimension
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Everything that `decide` and the pages know of one interview. `length` is the number of rows folded; `answered`
    holds the sequence numbers that viva has replied to."""

    length: int
    opened: Opened
    opened_at: datetime
    steps: tuple[StepState, ...]
    agreed_at: datetime | None = None
    deadline: datetime | None = None
    current: int | None = None
    lines: tuple[Line, ...] = ()
    messages: tuple[Message, ...] = ()
    buttons: tuple[Button, ...] = ()
    runs: tuple[Run, ...] = ()
    attempts: tuple[HandedIn, ...] = ()
    evidence: Mapping[Digest, Evidence] = field(default_factory=lambda: MappingProxyType({}))
    grades: Mapping[tuple[Digest, Dimension], Grade] = field(default_factory=lambda: MappingProxyType({}))
    overruled: Mapping[tuple[str, Dimension], Overruled] = field(default_factory=lambda: MappingProxyType({}))
    appeals: tuple[Appeal, ...] = ()
    answered: frozenset[int] = frozenset()
    paused_since: datetime | None = None
    paused_by: Literal["candidate", "machine", "person"] | None = None
    finishing: bool = False
    time_up: bool = False
    said_brief: bool = False
    said_close: bool = False
    closed: Literal["done", "finished", "time"] | None = None
    closed_at: datetime | None = None

    @property
    def open_step(self) -> StepState | None:
        """The step that is open now, or None."""
        step = self.steps[self.current] if self.current is not None else None
        return step if step is not None and step.is_open else None

    def attempts_of(self, step: int) -> tuple[HandedIn, ...]:
        """Attempts at a step, oldest first."""
        return tuple(entry for entry in self.attempts if entry.step == step)

    def messages_of(self, step: int) -> tuple[Message, ...]:
        """Messages sent while a step was open, oldest first."""
        return tuple(message for message in self.messages if message.step == step)


def fold(envelopes: Iterable[Envelope], state: State | None = None) -> State:
    """The state after `envelopes`, going on from `state`.

    Raises:
        BrokenRecord: the record does not begin with `Opened`, has a gap, or is empty.
    """
    for envelope in envelopes:
        expected = 1 if state is None else state.length + 1
        if envelope.seq != expected:
            raise BrokenRecord(f"row {envelope.seq} came where row {expected} was expected")
        if state is None:
            state = _begin(envelope)
        elif envelope.event is None:
            state = replace(state, length=envelope.seq)
        else:
            state = replace(_apply(state, envelope.event, envelope), length=envelope.seq)
    if state is None:
        raise BrokenRecord("a record with no rows has no state")
    return state


def _begin(envelope: Envelope) -> State:
    event = envelope.event
    if not isinstance(event, Opened):
        raise BrokenRecord(f"a record begins with Opened, this one with {type(event).__name__}")
    steps = tuple(StepState(step=step) for step in event.plan.steps)
    return State(length=1, opened=event, opened_at=envelope.at, steps=steps)


def _apply(state: State, event: Event, envelope: Envelope) -> State:
    match event:
        case Opened():
            raise BrokenRecord(f"row {envelope.seq} opens an interview that is open already")
        case Agreed() | Posed() | TimeUp() | Paused() | Resumed() | Closed():
            return _apply_time(state, event, envelope)
        case Said() | Heard() | Pressed():
            return _apply_talk(state, event, envelope)
        case Ran() | Submitted() | Observed() | Graded() | Overruled() | Appealed():
            return _apply_work(state, event, envelope)
        case Asked() | Proposed() | Took() | Refused() | Undone() | Erased():
            return state  # the assistant's events are read by the collaboration grader from the record itself
        case _:
            assert_never(event)


def _apply_time(state: State, event: Agreed | Posed | TimeUp | Paused | Resumed | Closed, envelope: Envelope) -> State:
    match event:
        case Agreed(deadline=deadline):
            return replace(state, agreed_at=envelope.at, deadline=deadline)
        case Posed(step=index, deadline=deadline):
            posed = replace(state.steps[index], posed_at=envelope.at, deadline=deadline)
            return replace(_with_step(state, index, posed), current=index)
        case TimeUp(of="nudge"):
            return state
        case TimeUp(of=of, drafts=drafts):
            state = _leave(_hand_in(state, drafts, envelope), envelope.at)
            return replace(state, time_up=True) if of == "interview" else state
        case Paused(whose=whose, since=since):
            return replace(state, paused_since=since or envelope.at, paused_by=whose)
        case Resumed():
            return _resume(state, envelope.at)
        case Closed(why=why):
            return replace(_leave(state, envelope.at), closed=why, closed_at=envelope.at)
        case _:
            assert_never(event)


def _apply_talk(state: State, event: Said | Heard | Pressed, envelope: Envelope) -> State:
    seq, at = envelope.seq, envelope.at
    match event:
        case Said():
            return _said(state, event, seq, at)
        case Heard(text=text):
            message = Message(seq=seq, text=text, step=_open_index(state), before=_last_words(state))
            line = Line(seq=seq, at=at, who="you", text=text)
            return replace(state, messages=(*state.messages, message), lines=(*state.lines, line))
        case Pressed(button=button):
            if button == "finish":
                return replace(_leave(state, at), finishing=True)
            pressed = Button(seq=seq, button=button, step=_open_index(state))
            return replace(state, buttons=(*state.buttons, pressed))
        case _:
            assert_never(event)


def _apply_work(
    state: State, event: Ran | Submitted | Observed | Graded | Overruled | Appealed, envelope: Envelope
) -> State:
    seq, at = envelope.seq, envelope.at
    match event:
        case Ran(code=code, framework=framework):
            run = Run(seq=seq, at=at, step=_step_at(state, envelope), code=code, framework=framework)
            return replace(state, runs=(*state.runs, run))
        case Submitted(attempt=attempt):
            handed_in = HandedIn(seq=seq, at=at, step=_step_at(state, envelope), attempt=attempt)
            return replace(state, attempts=(*state.attempts, handed_in))
        case Observed(request=request, evidence=evidence):
            return replace(state, evidence=MappingProxyType({**state.evidence, request: evidence}))
        case Graded(grade=grade):
            grades = MappingProxyType({**state.grades, (grade.attempt, grade.dimension): grade})
            return replace(state, grades=grades)
        case Overruled(question=question, dimension=dimension):
            overruled = MappingProxyType({**state.overruled, (question, dimension): event})
            return replace(state, overruled=overruled)
        case Appealed(question=question, dimension=dimension, text=text):
            appeal = Appeal(seq=seq, question=question, dimension=dimension, text=text)
            return replace(state, appeals=(*state.appeals, appeal))
        case _:
            assert_never(event)


def _said(state: State, event: Said, seq: int, at: datetime) -> State:
    line = Line(seq=seq, at=at, who=event.by, text=event.text, move=event.move, level=event.level)
    state = replace(state, lines=(*state.lines, line))
    if event.about is not None:
        state = replace(state, answered=state.answered | {event.about})
    if event.move is MoveKind.MOVE_ON:
        return _leave(state, at)
    if event.move is MoveKind.HINT and event.level and state.current is not None:
        step = state.steps[state.current]
        hint = Hint(level=event.level, text=event.text)
        return _with_step(state, state.current, replace(step, hints=(*step.hints, hint)))
    if event.move is MoveKind.VERDICT:
        return _told(state, event.about)
    if event.move is MoveKind.BRIEF:
        return replace(state, said_brief=True)
    if event.move is MoveKind.CLOSE:
        return replace(state, said_close=True)
    return state


def _told(state: State, about: int | None) -> State:
    """The state after a verdict: one on a message is on the words of its question."""
    index = next((message.step for message in state.messages if message.seq == about), None)
    return state if index is None else _with_step(state, index, replace(state.steps[index], told=True))


def _hand_in(state: State, drafts: tuple[Draft, ...], envelope: Envelope) -> State:
    for draft in drafts:
        index = _open_index(state)
        if index is None or state.steps[index].step.question != draft.question:
            continue
        if draft.of == "editor" and draft.framework is not None:
            attempt = next_attempt(state, index, draft.framework, draft.text)
            handed_in = HandedIn(seq=envelope.seq, at=envelope.at, step=index, attempt=attempt)
            state = replace(state, attempts=(*state.attempts, handed_in))
        elif draft.of == "chat":
            message = Message(seq=envelope.seq, text=draft.text, step=index, before="", from_draft=True)
            line = Line(seq=envelope.seq, at=envelope.at, who="you", text=draft.text)
            state = replace(state, messages=(*state.messages, message), lines=(*state.lines, line))
    return state


def next_attempt(state: State, step: int, framework: Framework | None, content: str) -> Attempt:
    """The attempt that handing in `content` at a step makes."""
    of_step = state.attempts_of(step)
    plan = state.steps[step].step
    return Attempt(
        question=plan.question,
        question_digest=plan.question_digest,
        framework=framework,
        content=content,
        ordinal=len(of_step) + 1,
    )


def takes_code(step: Step) -> bool:
    """Whether attempts at a step are code."""
    return step.kind in CODE_KINDS


def _leave(state: State, at: datetime) -> State:
    index = _open_index(state)
    if index is None:
        return state
    return _with_step(state, index, replace(state.steps[index], left_at=at))


def _resume(state: State, at: datetime) -> State:
    if state.paused_since is None:
        return state
    gone = max(at - state.paused_since, timedelta(0))
    steps = tuple(
        replace(step, deadline=step.deadline + gone) if step.is_open and step.deadline is not None else step
        for step in state.steps
    )
    deadline = state.deadline + gone if state.deadline is not None else None
    return replace(state, steps=steps, deadline=deadline, paused_since=None, paused_by=None)


def _with_step(state: State, index: int, step: StepState) -> State:
    return replace(state, steps=(*state.steps[:index], step, *state.steps[index + 1 :]))


def _open_index(state: State) -> int | None:
    return state.current if state.open_step is not None else None


def _step_at(state: State, envelope: Envelope) -> int:
    index = _open_index(state)
    if index is None:
        raise BrokenRecord(f"row {envelope.seq} hands in work while no question is open")
    return index


def _last_words(state: State) -> str:
    return next((line.text for line in reversed(state.lines) if line.who != "you"), "")

"""What a candidate's write becomes, given the state it meets; pure. Law: what has been left or has ended takes nothing,
and says so; nothing of what was sent is taken by halves."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from viva.core.errors import CandidateError, InterviewClosed, NotNow, QuestionLeft, TooLarge
from viva.core.events import Appealed, Event, Heard, Paused, Pressed, Ran, Resumed, Submitted
from viva.core.state import State, StepState, next_attempt, takes_code
from viva.core.values import Dimension, Draft, Framework
from viva.interviews.decide import Book
from viva.interviews.view import attempts_left

TEXT_LIMIT = 256 * 1024
"""Characters of a message, a draft or an attempt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """What an appeal disputes, and why."""

    question: str
    dimension: Dimension
    text: str


def bounded(text: str) -> None:
    """Raises TooLarge for a text over `TEXT_LIMIT`."""
    if len(text) > TEXT_LIMIT:
        raise TooLarge(f"That is {len(text):,} characters; at most {TEXT_LIMIT:,} are taken.", mend="Send less.")


def message(state: State, text: str, question: str | None) -> Sequence[Event]:
    """A message.

    Raises:
        QuestionLeft: it was meant for a question that is no longer open.
    """
    _same_question(state, question)
    return (Heard(text=text),)


def run(state: State, book: Book, code: str, framework: Framework, question: str | None) -> Sequence[Event]:
    """A run.

    Raises:
        QuestionLeft: as `message`.
        NotNow: no question for code is open.
        CandidateError: the question is not offered in this framework.
    """
    _same_question(state, question)
    _offered(book, _code_step(state), framework)
    return (Ran(code=code, framework=framework),)


def hand_in(
    state: State, book: Book, content: str, framework: Framework | None, question: str | None
) -> Sequence[Event]:
    """An attempt: code, or, at a question for words, an answer like any other.

    Raises:
        QuestionLeft, NotNow, CandidateError: as `run`; NotNow too where no attempt is left.
    """
    _same_question(state, question)
    step = state.open_step
    if step is not None and not takes_code(step.step) and framework is None:
        return (Heard(text=content),)
    _offered(book, _code_step(state), framework)
    index = state.current or 0
    if attempts_left(state, index) == 0:
        mend = "Your last one counts. Say next, or press Move on."
        raise NotNow("Every attempt at this question has been used.", mend=mend)
    return (Submitted(attempt=next_attempt(state, index, framework, content)),)


def draft(
    state: State,
    book: Book,
    unsent: tuple[Literal["editor", "chat"], str],
    question: str | None,
    framework: Framework | None,
) -> Draft:
    """What is to be kept as unsent: `(of, text)`. An editor's text without a framework is in the question's first one, so
    that the end of time can hand it in.

    Raises:
        InterviewClosed: nothing is sent any more.
        QuestionLeft: as `message`.
        NotNow: no question is open.
    """
    if state.closed is not None or state.finishing or state.time_up:
        mend = "Open the scorecard."
        raise InterviewClosed("This interview has ended; what you sent before is kept.", mend=mend)
    _same_question(state, question)
    step = state.open_step
    if step is None:
        raise NotNow("No question is open.", mend="Keep it on the page until the next question is put.")
    of, text = unsent
    offered = book[step.step.question].frameworks
    chosen = framework or (offered[0] if offered else None)
    return Draft(of=of, question=step.step.question, framework=chosen if of == "editor" else None, text=text)


def appeal(state: State, disputed: Appeal | None) -> Sequence[Event]:
    """An appeal; also after the end.

    Raises:
        CandidateError: it names nothing, or no question of this interview.
    """
    if disputed is None:
        raise CandidateError("An appeal names question, dimension and text.", mend="Send `appeal` with all three.")
    bounded(disputed.text)
    if all(step.step.question != disputed.question for step in state.steps):
        raise CandidateError(
            f"This interview has no question {disputed.question!r}.", mend="Name one of its questions."
        )
    return (Appealed(question=disputed.question, dimension=disputed.dimension, text=disputed.text),)


def clock(state: State, kind: Literal["pause", "resume"]) -> Sequence[Event]:
    """A pause or its end; nothing where the clock stands so already.

    Raises:
        NotNow: this interview cannot be paused.
    """
    _not_ended(state)
    if kind == "resume":
        return (Resumed(),) if state.paused_since is not None else ()
    if state.opened.mode != "practice":
        mend = "More time can be agreed before the start."
        raise NotNow("This interview runs on one clock and cannot be paused.", mend=mend)
    return (Paused(whose="candidate"),) if state.paused_since is None else ()


def guarded(state: State, events: Sequence[Event]) -> Sequence[Event]:
    """`events`, if this state still takes them.

    Raises:
        InterviewClosed: it has ended, and this is no appeal.
        NotNow: it is paused, and this is work.
    """
    if not all(isinstance(event, Appealed) for event in events):
        _not_ended(state)
    stops = all(isinstance(event, Pressed) and event.button in ("finish", "person") for event in events)
    works = any(isinstance(event, Heard | Ran | Submitted | Pressed) for event in events)
    if state.paused_since is not None and works and not stops:
        raise NotNow("The interview is paused; nothing was taken.", mend="Press Resume, then send it again.")
    return events


def _not_ended(state: State) -> None:
    if state.closed is not None:
        mend = "You can still dispute a grade on the scorecard."
        raise InterviewClosed("This interview has ended; what you sent before is kept.", mend=mend)


def _same_question(state: State, question: str | None) -> None:
    _not_ended(state)  # whatever else does not fit: the end is what the candidate must hear of
    step = state.open_step
    if question is not None and (step is None or step.step.question != question):
        mend = "What you sent is not lost: it is still on your page."
        raise QuestionLeft(f"The question {question!r} is no longer open.", mend=mend)


def _code_step(state: State) -> StepState:
    step = state.open_step
    if step is None:
        raise NotNow("No question is open.", mend="Wait for the next question, or open the scorecard.")
    if not takes_code(step.step):
        raise NotNow("This question is answered in words.", mend="Send a message.")
    return step


def _offered(book: Book, step: StepState, framework: Framework | None) -> None:
    offered = book[step.step.question].frameworks
    if framework is None:
        mend = "Send `code` with its `framework`, or a message."
        raise CandidateError("This question takes code, and this was text.", mend=mend)
    if framework not in offered:
        mend = "Choose one of: " + ", ".join(offered) + "."
        raise CandidateError(f"This question is not offered in {framework!r}.", mend=mend)

"""The desk: everything that a door may ask of interviews. Law: a write answers when it is durable, never when it is
judged; the same key gives the same answer; a write to what has been left is refused and nothing of it is lost.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from viva.core.errors import CandidateError, InterviewClosed, NotNow, QuestionLeft, TooLarge
from viva.core.events import Agreed, Appealed, Event, Heard, Paused, Pressed, Ran, Resumed, Submitted
from viva.core.state import State, StepState, next_attempt, takes_code
from viva.core.values import Digest, Dimension, Draft, Framework, digest_of
from viva.interviews.advance import Driver, Live
from viva.interviews.opening import Opening, Order, opened
from viva.interviews.public import public_event
from viva.interviews.scorecard import scorecard
from viva.interviews.tokens import name_of, new_token, token_for
from viva.interviews.view import attempts_left, interview_view
from viva.interviews.views import EventJson, InterviewJson, ScorecardJson
from viva.ports import Bank, Key, Person, Receipt, SavedDraft

TEXT_LIMIT = 256 * 1024
"""Characters of a message, a draft or an attempt."""

TURN_SECONDS = 2.0
"""A write waits this long for viva to finish speaking, so that what follows "next" belongs to the next question."""

MoveName = Literal["agree", "hint", "next", "repeat", "pause", "resume", "finish", "person", "appeal"]
Made = Callable[[Live, State], Sequence[Event]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """What an appeal disputes, and why."""

    question: str
    dimension: Dimension
    text: str


class Desk:
    """Opens interviews, takes what candidates do, shows what may be seen."""

    def __init__(self, *, driver: Driver, bank: Bank, secret: bytes) -> None:
        self._driver = driver
        self._bank = bank
        self._secret = secret

    async def open(self, order: Order) -> Opening:
        """Open an interview, once for each `(scope, key)`.

        Raises:
            NotFound, NotAllowed, AuthorError: as `opening.opened`.
            KeyReused: the key came before with another order.
        """
        body = digest_of(order.track or "", order.question or "", order.mode, str(order.seed))
        token = token_for(self._secret, order.scope, order.key) if order.key else new_token()
        first = await opened(order, self._bank, self._driver.shelf)
        key = Key(key=order.key, body=body) if order.key else None
        receipt = await self._driver.store.create(name_of(token), (first,), scope=order.scope, key=key)
        return Opening(id=token, fresh=receipt.fresh)

    async def view(self, token: str) -> InterviewJson:
        """The interview as its candidate may see it."""
        live = await self._driver.look(name_of(token))
        drafts = await self._driver.store.drafts(live.name)
        return interview_view(token, live, drafts, self._driver.clock.now())

    async def scorecard(self, token: str) -> ScorecardJson:
        """The scorecard as the mode allows it."""
        live = await self._driver.look(name_of(token))
        files = {
            step.step.question: (await self._driver.shelf.question(step.step.question, step.step.question_digest))[1]
            for step in live.state.steps
            if step.left and live.state.opened.mode == "practice"
        }
        return scorecard(token, live, files, self._driver.clock.now())

    async def profile(self, token: str, person: Person) -> None:
        """Keep who takes the interview, apart from its record; before the clock starts.

        Raises:
            NotNow: the clock runs already.
        """
        live = await self._driver.look(name_of(token))
        if live.state.agreed_at is not None:
            raise NotNow(
                "The clock runs already.",
                mend="Names and more time are settled before the start; ask whoever invited you.",
            )
        await self._driver.store.save_person(live.name, person)

    async def message(self, token: str, text: str, key: str, question: str | None = None) -> Receipt:
        """A candidate's message."""
        _bounded(text)

        def make(live: Live, state: State) -> Sequence[Event]:
            _same_question(state, question)
            return (Heard(text=text),)

        return await self._write(token, Key(key=key, body=digest_of("message", text, question or "")), make)

    async def draft(
        self,
        token: str,
        draft: tuple[Literal["editor", "chat"], str, int],
        question: str | None = None,
        framework: Framework | None = None,
    ) -> SavedDraft:
        """Keep what stands unsent: `(of, text, n)`.

        Raises:
            StaleDraft: a newer one is kept.
            QuestionLeft: the question it belongs to is no longer open.
        """
        of, text, n = draft
        _bounded(text)
        live = await self._driver.look(name_of(token))
        _open_for_writes(live.state)
        _same_question(live.state, question)
        step = live.state.open_step
        kept = Draft(
            of=of,
            question=step.step.question if step else "",
            framework=framework if of == "editor" else None,
            text=text,
        )
        return await self._driver.store.save_draft(live.name, kept, n)

    async def run(self, token: str, code: str, framework: Framework, key: str, question: str | None = None) -> Receipt:
        """Run the visible checks on code."""
        _bounded(code)

        def make(live: Live, state: State) -> Sequence[Event]:
            _same_question(state, question)
            _takes(live, _code_step(state), framework)
            return (Ran(code=code, framework=framework),)

        return await self._write(token, Key(key=key, body=digest_of("run", code, framework, question or "")), make)

    async def attempt(
        self, token: str, content: str, framework: Framework | None, key: str, question: str | None = None
    ) -> tuple[Receipt, Digest | None]:
        """Hand in code, or, at a question for words, an answer; gives the attempt's digest for code."""
        _bounded(content)

        def make(live: Live, state: State) -> Sequence[Event]:
            _same_question(state, question)
            step = state.open_step
            if step is not None and not takes_code(step.step) and framework is None:
                return (Heard(text=content),)
            _takes(live, _code_step(state), framework)
            left = attempts_left(state, state.current or 0)
            if left == 0:
                raise NotNow(
                    "Every attempt at this question has been used.",
                    mend="Your last one counts. Say next, or press Move on.",
                )
            return (Submitted(attempt=next_attempt(state, state.current or 0, framework, content)),)

        body = digest_of("attempt", content, framework or "", question or "")
        receipt = await self._write(token, Key(key=key, body=body), make)
        live = await self._driver.look(name_of(token))
        entry = next((entry for entry in live.state.attempts if entry.seq == receipt.seq), None)
        return receipt, entry.attempt.digest if entry is not None else None

    async def move(self, token: str, kind: MoveName, key: str, appeal: Appeal | None = None) -> Receipt:
        """A button, an agreement, a pause, an appeal."""
        told = "" if appeal is None else f"{appeal.question} {appeal.dimension} {appeal.text}"
        body = Key(key=key, body=digest_of("move", kind, told))
        live = await self._driver.look(name_of(token))
        match kind:
            case "agree":
                factor = (await self._driver.store.person(live.name)).time_factor
                return await self._write(token, body, lambda _, state: self._agreement(state, factor), starts=False)
            case "appeal":
                return await self._write(token, body, lambda _, state: _appealed(state, appeal), starts=False)
            case "pause" | "resume":
                return await self._write(token, body, lambda _, state: _clock(state, kind))
            case "hint" | "next" | "repeat" | "finish" | "person":
                return await self._write(token, body, lambda _, state: (Pressed(button=kind),))

    async def events(self, token: str, after: int) -> AsyncIterator[EventJson]:
        """The record as it grows, from an allow-list; ends once `closed` and what was before it has been given."""
        live = await self._driver.look(name_of(token))
        while True:
            for row in await self._driver.store.read(live.name, after):
                after = row.seq
                shown = public_event(row)
                if shown is not None:
                    yield shown
            if live.state.closed is not None and after >= live.state.length:
                return
            async with live.changed:
                await live.changed.wait_for(lambda seen=after: live.state.length > seen)  # type: ignore[misc]

    async def settle(self, token: str, seconds: float) -> None:
        """Wait until viva has done all it can, at most `seconds`."""
        live = await self._driver.look(name_of(token))
        await _until(live, lambda: live.idle, seconds)

    def _agreement(self, state: State, factor: float | None) -> Sequence[Event]:
        if state.agreed_at is not None:
            return ()
        if factor is None:
            return (Agreed(deadline=None),)
        minutes = state.opened.plan.minutes * factor
        return (Agreed(deadline=self._driver.clock.now() + timedelta(minutes=minutes)),)

    async def _write(self, token: str, key: Key, make: Made, *, starts: bool = True) -> Receipt:
        """Append what `make` says, once for each key; the first write of a client that never agreed agrees first."""
        live = await self._driver.look(name_of(token))
        store = self._driver.store
        known = await store.known(live.name, key)
        if known is not None:
            return known
        if starts and live.state.agreed_at is None:
            factor = (await store.person(live.name)).time_factor
            await self._driver.append(live, lambda state: self._agreement(state, factor))
        if starts:
            await _until(live, lambda: live.spoken, TURN_SECONDS)
        receipt = await self._driver.append(live, lambda state: _guarded(state, make(live, state)), key)
        return receipt or Receipt(interview=live.name, seq=live.state.length, fresh=False)


async def _until(live: Live, condition: Callable[[], bool], seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds), live.changed:
            await live.changed.wait_for(condition)
    except TimeoutError:
        return


def _guarded(state: State, events: Sequence[Event]) -> Sequence[Event]:
    """`events`, if this state still takes them."""
    if state.closed is not None and not all(isinstance(event, Appealed) for event in events):
        raise InterviewClosed(
            "This interview has ended; what you sent before is kept.",
            mend="You can still dispute a grade on the scorecard.",
        )
    stops = all(isinstance(event, Pressed) and event.button in ("finish", "person") for event in events)
    works = any(isinstance(event, Heard | Ran | Submitted | Pressed) for event in events)
    if state.paused_since is not None and works and not stops:
        raise NotNow("The interview is paused; nothing was taken.", mend="Press Resume, then send it again.")
    return events


def _open_for_writes(state: State) -> None:
    if state.closed is not None or state.finishing or state.time_up:
        raise InterviewClosed("This interview has ended; what you sent before is kept.", mend="Open the scorecard.")


def _same_question(state: State, question: str | None) -> None:
    step = state.open_step
    if question is not None and (step is None or step.step.question != question):
        raise QuestionLeft(
            f"The question {question!r} is no longer open.", mend="What you sent is not lost: it is still on your page."
        )


def _code_step(state: State) -> StepState:
    step = state.open_step
    if step is None:
        raise NotNow("No question is open.", mend="Wait for the next question, or open the scorecard.")
    if not takes_code(step.step):
        raise NotNow("This question is answered in words.", mend="Send a message.")
    return step


def _takes(live: Live, step: StepState, framework: Framework | None) -> None:
    offered = live.book[step.step.question].frameworks
    if framework not in offered:
        raise CandidateError(
            f"This question is not offered in {framework!r}.", mend="Choose one of: " + ", ".join(offered) + "."
        )


def _bounded(text: str) -> None:
    if len(text) > TEXT_LIMIT:
        raise TooLarge(f"That is {len(text):,} characters; at most {TEXT_LIMIT:,} are taken.", mend="Send less.")


def _appealed(state: State, appeal: Appeal | None) -> Sequence[Event]:
    if appeal is None:
        raise CandidateError("An appeal names question, dimension and text.", mend="Send `appeal` with all three.")
    _bounded(appeal.text)
    if all(step.step.question != appeal.question for step in state.steps):
        raise CandidateError(f"This interview has no question {appeal.question!r}.", mend="Name one of its questions.")
    return (Appealed(question=appeal.question, dimension=appeal.dimension, text=appeal.text),)


def _clock(state: State, kind: Literal["pause", "resume"]) -> Sequence[Event]:
    if kind == "resume":
        return (Resumed(),) if state.paused_since is not None else ()
    if state.opened.mode != "practice":
        raise NotNow(
            "This interview runs on one clock and cannot be paused.", mend="More time can be agreed before the start."
        )
    return (Paused(whose="candidate"),) if state.paused_since is None else ()

"""The desk: everything that a door may ask of interviews. Law: a write answers when it is durable, never when it is
judged; the same key gives the same answer; a write to what has been left is refused and nothing of it is lost.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import timedelta
from typing import Literal

from viva.core.errors import NotAllowed, NotNow
from viva.core.events import Agreed, Event, Pressed
from viva.core.state import State
from viva.core.values import Digest, Framework, digest_of
from viva.interviews import writes
from viva.interviews.advance import Driver
from viva.interviews.live import Live
from viva.interviews.opening import Opening, Order, opened
from viva.interviews.public import public_event
from viva.interviews.scorecard import scorecard
from viva.interviews.tokens import name_of, new_token, token_for
from viva.interviews.view import interview_view
from viva.interviews.views import EventJson, InterviewJson, ScorecardJson
from viva.interviews.writes import TEXT_LIMIT, Appeal
from viva.ports import Bank, Key, Person, Receipt, SavedDraft

TURN_SECONDS = 2.0
"""A write waits this long for viva to finish speaking, so that what follows "next" belongs to the next question."""

MoveName = Literal["agree", "hint", "next", "repeat", "pause", "resume", "finish", "person", "appeal"]

__all__ = ["TEXT_LIMIT", "Appeal", "Desk", "MoveName"]


class Desk:
    """Opens interviews, takes what candidates do, shows what may be seen."""

    def __init__(self, *, driver: Driver, bank: Bank, secret: bytes, practice_only: bool = False) -> None:
        """`practice_only` where code runs without a jail."""
        self.practice_only = practice_only
        self._driver = driver
        self._bank = bank
        self._secret = secret

    async def open(self, order: Order) -> Opening:
        """Open an interview, once for each `(scope, key)`.

        Raises:
            NotFound, NotAllowed, AuthorError: as `opening.opened`.
            NotAllowed: something else than practice, where code runs without a jail.
            KeyReused: the key came before with another order.
        """
        if self.practice_only and order.mode != "practice":
            raise NotAllowed(
                "This viva runs code without a jail (unsafe_local), so it opens practice only.",
                mend="Switch unsafe_local off; `viva doctor` says what the jail needs.",
            )
        body = digest_of(order.track or "", order.question or "", order.mode, str(order.seed))
        token = token_for(self._secret, order.scope, order.key) if order.key else new_token()
        first = await opened(order, self._bank, self._driver.shelf)
        key = Key(key=order.key, body=body) if order.key else None
        receipt = await self._driver.store.create(name_of(token), (first,), scope=order.scope, key=key)
        return Opening(id=token, fresh=receipt.fresh)

    async def view(self, token: str) -> InterviewJson:
        """The interview as its candidate may see it."""
        live = await self._look(token)
        drafts = await self._driver.store.drafts(live.name)
        return interview_view(token, live, drafts, self._driver.clock.now())

    async def scorecard(self, token: str) -> ScorecardJson:
        """The scorecard as the mode allows it."""
        live = await self._look(token)
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
        live = await self._look(token)
        if live.state.agreed_at is not None:
            mend = "Names and more time are settled before the start; ask whoever invited you."
            raise NotNow("The clock runs already.", mend=mend)
        await self._driver.store.save_person(live.name, person)

    async def message(self, token: str, text: str, key: str, question: str | None = None) -> Receipt:
        """A candidate's message."""
        writes.bounded(text)
        body = digest_of("message", text, question or "")
        live = await self._look(token)
        return await self._work(live, Key(key=key, body=body), lambda state: writes.message(state, text, question))

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
            QuestionLeft, InterviewClosed: as `writes.draft`.
        """
        of, text, n = draft
        writes.bounded(text)
        live = await self._look(token)
        await self._agreed(live)
        kept = writes.draft(live.state, live.book, (of, text), question, framework)
        return await self._driver.store.save_draft(live.name, kept, n)

    async def run(self, token: str, code: str, framework: Framework, key: str, question: str | None = None) -> Receipt:
        """Run the visible checks on code."""
        writes.bounded(code)
        live = await self._look(token)
        body = digest_of("run", code, framework, question or "")

        def make(state: State) -> Sequence[Event]:
            return writes.run(state, live.book, code, framework, question)

        return await self._work(live, Key(key=key, body=body), make)

    async def attempt(
        self, token: str, content: str, framework: Framework | None, key: str, question: str | None = None
    ) -> tuple[Receipt, Digest | None]:
        """Hand in code, or, at a question for words, an answer; gives the attempt's digest for code."""
        writes.bounded(content)
        live = await self._look(token)
        body = digest_of("attempt", content, framework or "", question or "")

        def make(state: State) -> Sequence[Event]:
            return writes.hand_in(state, live.book, content, framework, question)

        receipt = await self._work(live, Key(key=key, body=body), make)
        await self._driver.catch_up(live)  # a known key may name a row that another request wrote this very moment
        entry = next((entry for entry in live.state.attempts if entry.seq == receipt.seq), None)
        return receipt, entry.attempt.digest if entry is not None else None

    async def move(self, token: str, kind: MoveName, key: str, appeal: Appeal | None = None) -> Receipt:
        """A button, an agreement, a pause, an appeal."""
        told = "" if appeal is None else f"{appeal.question} {appeal.dimension} {appeal.text}"
        once = Key(key=key, body=digest_of("move", kind, told))
        live = await self._look(token)
        match kind:
            case "agree":
                factor = (await self._driver.store.person(live.name)).time_factor
                return await self._write(live, once, lambda state: self._agreement(state, factor))
            case "appeal":
                return await self._write(live, once, lambda state: writes.appeal(state, appeal))
            case "pause" | "resume":
                return await self._work(live, once, lambda state: writes.clock(state, kind))
            case "hint" | "next" | "repeat" | "finish" | "person":
                return await self._work(live, once, lambda _: (Pressed(button=kind),))

    async def events(self, token: str, after: int) -> AsyncIterator[EventJson]:
        """The record as it grows, from an allow-list; ends once `closed` and what was before it has been given."""
        live = await self._look(token)
        while True:
            for row in await self._driver.store.read(live.name, after):
                after = row.seq
                shown = public_event(row)
                if shown is not None:
                    yield shown
            await self._driver.catch_up(live)  # the store may give a row before it is folded here
            if live.state.closed is not None and after >= live.state.length:
                return
            async with live.changed:
                while live.state.length <= after:
                    await live.changed.wait()

    async def settle(self, token: str, seconds: float) -> None:
        """Wait until viva has done all that the candidate waits for, at most `seconds`."""
        live = await self._look(token)
        await _until(live, lambda: live.answered, seconds)

    async def _look(self, token: str) -> Live:
        return await self._driver.look(name_of(token))

    def _agreement(self, state: State, factor: float | None) -> Sequence[Event]:
        if state.agreed_at is not None:
            return ()
        if factor is None:
            return (Agreed(deadline=None),)
        minutes = state.opened.plan.minutes * factor
        return (Agreed(deadline=self._driver.clock.now() + timedelta(minutes=minutes)),)

    async def _work(self, live: Live, once: Key, make: Callable[[State], Sequence[Event]]) -> Receipt:
        """A write that belongs to a question: the first of a client that never agreed agrees first, and each waits
        until viva has said what was due before it."""
        known = await self._driver.store.known(live.name, once)
        if known is not None:
            return known
        await self._agreed(live)
        return await self._write(live, once, make)

    async def _agreed(self, live: Live) -> None:
        """Agree for a client that never did, and let viva finish what it was about to say."""
        if live.state.agreed_at is None:
            factor = (await self._driver.store.person(live.name)).time_factor
            await self._driver.append(live, lambda state: self._agreement(state, factor))
        if live.state.closed is None:
            await _until(live, lambda: live.spoken, TURN_SECONDS)

    async def _write(self, live: Live, once: Key, make: Callable[[State], Sequence[Event]]) -> Receipt:
        """Append what `make` says, once for each key; nothing to say is no error."""
        known = await self._driver.store.known(live.name, once)
        if known is not None:
            return known
        receipt = await self._driver.append(live, lambda state: writes.guarded(state, make(state)), once)
        return receipt or Receipt(interview=live.name, seq=live.state.length, fresh=False)


async def _until(live: Live, condition: Callable[[], bool], seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds), live.changed:
            await live.changed.wait_for(condition)
    except TimeoutError:
        return

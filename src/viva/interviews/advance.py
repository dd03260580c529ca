"""The driver: carries out what `decide` says, one append at a time. Law: nothing is kept here that is not in the record,
except which requests are under way; starting, resuming after a crash and going on are the same loop.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Protocol, assert_never

from viva.core.decisions import Award, Close, Move, Perform, Say, Wait
from viva.core.errors import Conflict, NotFound
from viva.core.events import Closed, Event, Graded, Observed, Paused, Posed, Resumed, Said, TimeUp
from viva.core.evidence import Evidence, NotObserved
from viva.core.look import due
from viva.core.requests import MeasureCost, Request, RunChecks, request_digest
from viva.core.state import State, fold
from viva.core.values import Digest
from viva.interviews.decide import Rules, decide
from viva.interviews.live import Live, unsent
from viva.interviews.material import Materials
from viva.interviews.shelf import Shelf
from viva.ports import Clock, Key, Plug, Receipt, Store, Voice

log = logging.getLogger(__name__)

DOWNTIME = timedelta(seconds=5)
"""Our absence up to this long moves no deadline."""


class Plugs(Protocol):
    """Finds the plug for a request."""

    def __call__(self, request: Request) -> Plug[Any]:
        """The plug that gathers this kind of evidence."""


class Driver:
    """Drives every live interview of one process."""

    def __init__(self, *, store: Store, shelf: Shelf, rules: Rules, voice: Voice, plugs: Plugs, clock: Clock) -> None:
        self.store = store
        self.shelf = shelf
        self.clock = clock
        self._rules = rules
        self._voice = voice
        self._plugs = plugs
        self._live: dict[str, Live] = {}
        self._opening = asyncio.Lock()

    async def look(self, name: str) -> Live:
        """The interview `name`, its state caught up with the record and its deadlines kept.

        Raises:
            NotFound: there is no such interview.
        """
        live = await self._load(name)
        if live.driving is None and live.state.closed is None:
            live.driving = asyncio.create_task(self._drive(live), name=f"drive {live.name}")
        await self.catch_up(live)
        await self.keep_time(live)
        return live

    async def resume(self) -> None:
        """Take up every interview that has not closed, after this process was away; call it before any door opens."""
        beaten = await self.store.beat()
        away = beaten is not None and self.clock.now() - beaten > DOWNTIME
        for name in await self.store.interviews(open_only=True):
            live = await self._load(name)
            if away and live.state.agreed_at is not None and live.state.paused_since is None:
                await self.append(live, lambda _: (Paused(whose="machine", since=beaten), Resumed()))
            await self.look(name)

    async def _load(self, name: str) -> Live:
        async with self._opening:
            live = self._live.get(name)
            if live is None:
                rows = await self.store.read(name)
                if not rows:
                    raise NotFound("There is no such interview.", mend="Check the address; it is all that opens one.")
                state = fold(rows)
                live = Live(name=name, state=state, book=await self.shelf.book(state.opened.plan))
                live.idle_at = state.length if state.closed is not None else 0
                self._live[name] = live
            return live

    async def catch_up(self, live: Live) -> None:
        """Fold what others have appended."""
        async with live.lock:
            rows = await self.store.read(live.name, live.state.length)
            if not rows:
                return
            live.state = fold(rows, live.state)
        live.wake.set()  # what was appended, by whomever, may ask for something
        async with live.changed:
            live.changed.notify_all()

    async def append(
        self, live: Live, make: Callable[[State], Sequence[Event]], key: Key | None = None
    ) -> Receipt | None:
        """Append what `make` says of the newest state, deciding again when another writer was first. `make` may answer
        nothing: then nothing is written."""
        while True:
            events = make(live.state)
            if not events:
                return None
            try:
                receipt = await self.store.append(live.name, live.state.length, events, key=key)
            except Conflict:
                await self.catch_up(live)
                continue
            await self.catch_up(live)
            return receipt

    async def keep_time(self, live: Live) -> None:
        """Append `TimeUp` where a deadline has passed; the newest drafts are handed in with it."""
        if due(live.state, self.clock.now()) is None:
            return
        drafts = unsent(live, await self.store.drafts(live.name))

        def make(state: State) -> Sequence[Event]:
            of = due(state, self.clock.now())
            return () if of is None else (TimeUp(of=of, drafts=drafts),)

        await self.append(live, make)

    async def close(self) -> None:
        """Stop driving. What is under way is dropped: it starts again at the next start."""
        running = [task for live in self._live.values() for task in (live.driving, *live.tasks) if task is not None]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def _drive(self, live: Live) -> None:
        while live.state.closed is None or live.pending:
            live.wake.clear()
            try:
                timeout = await self._until_idle(live)
            except Exception:  # one interview's trouble must not end the driving of it
                log.exception("driving interview %s failed; it is tried again", live.name)
                timeout = 5.0
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(timeout):  # wait_for may swallow a cancellation in Python 3.11
                    await live.wake.wait()
        await self._settled(live)

    async def _until_idle(self, live: Live) -> float | None:
        """Act until there is nothing to do; gives the seconds until the next deadline, None without one."""
        while True:
            await self.catch_up(live)
            await self.keep_time(live)
            decision = decide(live.state, live.pending, live.book, self._rules)
            if isinstance(decision, Wait):
                await self._settled(live)
                if decision.until is None:
                    return None
                return max(0.0, (decision.until - self.clock.now()).total_seconds())
            await self._act(live, decision)

    async def _settled(self, live: Live) -> None:
        live.idle_at = live.state.length
        async with live.changed:
            live.changed.notify_all()

    async def _act(self, live: Live, decision: Perform | Say | Award | Close) -> None:
        match decision:
            case Perform(request=request):
                await self._perform(live, request)
            case Say(move=move):
                await self._try(live, await self._speech(live, move))
            case Award(grade=grade):
                await self._try(live, (Graded(grade=grade),))
            case Close(why=why):
                await self._try(live, (Closed(why=why),))
            case _:
                assert_never(decision)

    async def _try(self, live: Live, events: Sequence[Event]) -> None:
        """Append what was decided on this state; where another writer was first, the loop decides again."""
        with contextlib.suppress(Conflict):
            await self.store.append(live.name, live.state.length, events)

    async def _speech(self, live: Live, move: Move) -> tuple[Event, ...]:
        text = self._voice.say(move, seed=live.state.opened.seed, turn=live.state.length)
        said = Said(by="viva", move=move.kind, text=text, reason=move.reason, about=move.about, level=move.level)
        if move.step is None:
            return (said,)
        factor = (await self.store.person(live.name)).time_factor
        minutes = live.state.steps[move.step].step.minutes
        deadline = None if factor is None else self.clock.now() + timedelta(minutes=minutes * factor)
        return (Posed(step=move.step, deadline=deadline), said)

    async def _perform(self, live: Live, request: Request) -> None:
        if isinstance(request, RunChecks):
            await self._end_measuring(live)
        digest = request_digest(request)
        live.pending[digest] = request
        task = asyncio.create_task(self._gather(live, request, digest), name=f"gather {type(request).__name__}")
        live.tasks.add(task)
        task.add_done_callback(live.tasks.discard)
        if isinstance(request, MeasureCost):
            live.measuring[digest] = task

    async def _end_measuring(self, live: Live) -> None:
        """End measurements under way; nothing of them is recorded, so `decide` wants them again."""
        for digest, task in tuple(live.measuring.items()):
            task.cancel()
            await asyncio.wait({task})
            live.measuring.pop(digest, None)
            live.pending.pop(digest, None)

    async def _gather(self, live: Live, request: Request, digest: Digest) -> None:
        try:
            evidence = await self._observe(live, request)
            live.measuring.pop(digest, None)  # from here on it is only written down

            def make(state: State) -> Sequence[Event]:
                return () if digest in state.evidence else (Observed(request=digest, evidence=evidence),)

            await self.append(live, make)
        finally:
            live.measuring.pop(digest, None)
            live.pending.pop(digest, None)
            live.wake.set()

    async def _observe(self, live: Live, request: Request) -> Evidence:
        """What the plug brings; its failure is the machine's fault and becomes evidence of just that."""
        try:
            material = await Materials(self.shelf).of(live.state, live.book, request)
            return await self._plugs(request)(request, material)
        except Exception as problem:
            log.exception("a plug failed on %s of interview %s", type(request).__name__, live.name)
            return NotObserved(
                whose="machine", why=f"The machine failed at {type(request).__name__} ({type(problem).__name__})."
            )

"""A whole walk in memory: the shipped fakes, a clock that tests move by hand, and a bank of two tiny questions."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from viva.answers import RuleReader
from viva.bank import FolderBank
from viva.core.evidence import CheckOutcome, CheckRun, Cost, Costs, Ended, Evidence
from viva.core.requests import MatchPoints, MeasureCost
from viva.core.values import Digest, Mode
from viva.dialogue import AuthorVoice, next_move
from viva.grading import GRADERS
from viva.interviews.advance import Driver
from viva.interviews.decide import Rules
from viva.interviews.desk import Desk, MoveName
from viva.interviews.live import Live
from viva.interviews.opening import Order
from viva.interviews.plugs import Nobody, PlugTable, Scripted
from viva.interviews.shelf import Shelf
from viva.interviews.tokens import name_of
from viva.ports import Grader, Material, Plug, Store
from viva.store.memory import MemoryStore

START = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


@dataclass(slots=True)
class HandClock:
    """A clock that stands until a test moves it."""

    at: datetime = START

    def now(self) -> datetime:
        """The time it shows."""
        return self.at

    def move(self, minutes: float) -> None:
        """Let minutes pass."""
        self.at += timedelta(minutes=minutes)


def check_run(*passed: bool, ended: Ended = Ended.FINISHED, says: str = "") -> CheckRun:
    """A run of as many checks as there are arguments; the first is visible."""
    checks = tuple(
        CheckOutcome(
            name=f"check_{n}",
            title=f"check number {n}",
            passed=ok,
            weight=1.0,
            visible=n == 0,
            says="" if ok else f"hidden words {n}",
        )
        for n, ok in enumerate(passed)
    )
    return CheckRun(
        ended=ended,
        says=says,
        line=None,
        checks=checks,
        prints="printed\n",
        prints_cut=False,
        cpu_seconds=0.01,
        memory_mib=1.0,
        environment="numpy:test",
    )


COSTS = Costs(
    samples=tuple(
        Cost(size=n, cpu_seconds=4e-6 * n, reference_cpu_seconds=1e-6 * n, memory_mib=1.0, reference_memory_mib=1.0)
        for n in (100, 200, 400, 800)
        for _ in range(9)
    ),
    title="doubling n numbers",
    growth="linear",
)
"""An attempt that takes four times as long as the reference."""


@dataclass(slots=True)
class Meter:
    """The plug of `MeasureCost` in tests: it measures once `may` is set; `begun` and `ended` early are counted."""

    costs: Evidence = COSTS
    may: asyncio.Event = field(default_factory=asyncio.Event)
    begun: int = 0
    ended: int = 0

    async def __call__(self, request: MeasureCost, material: Material) -> Evidence:
        """The costs, when they may be had."""
        self.begun += 1
        try:
            await self.may.wait()
        except asyncio.CancelledError:
            self.ended += 1
            raise
        return self.costs


def write_bank(folder: Path) -> Path:
    """Two questions, `double` (code) and `why-double` (words), and the track `both`."""
    code, words = folder / "questions" / "double", folder / "questions" / "why-double"
    for path in (code / "numpy", words, folder / "tracks"):
        path.mkdir(parents=True)
    common = (
        'level = 1\nminutes = 5\ntopics = ["doubling"]\nroles = ["ml-engineer"]\nopen = true\nreviewed = "2026-11-25"\n'
        'sources = ["https://example.org/double"]\n'
    )
    hints = "".join(f"## Hint {n}\n\nHint text {n}.\n\n" for n in (1, 2, 3))
    (code / "question.toml").write_text(
        f'schema = 1\ntitle = "Double"\nkind = "coding"\nframeworks = ["numpy"]\n{common}'
    )
    (words / "question.toml").write_text(f'schema = 1\ntitle = "Why double"\nkind = "concept"\n{common}')
    for place in (code, words):
        (place / "statement.md").write_text("Double it.\n")
        (place / "simple.md").write_text("Times two, in simple words.\n")
        (place / "hints.md").write_text(hints)
        (place / "notes.md").write_text("Nothing may be told.\n")
    (code / "checks.py").write_text(
        'from viva_check import check\n\n\n@check("doubles", visible=True)\ndef check_0(sut):\n    assert sut.double(2) == 4\n'
    )
    (code / "numpy" / "starter.py").write_text("def double(x):\n    ...\n")
    (code / "numpy" / "solution.py").write_text("def double(x):\n    return 2 * x\n")
    (words / "rubric.toml").write_text(
        '[[point]]\nid = "two"\nsays = "Doubling is adding a number to itself."\nweight = 1\ntopic = "what doubling is"\n'
        'probe = "What is doubling?"\n'
    )
    (folder / "tracks" / "both.toml").write_text(
        'title = "Both"\nsummary = "Two questions."\nminutes = 10\naudience = "Everybody."\nallowed = "docs"\n\n'
        '[[step]]\nquestion = "why-double"\nminutes = 4\n\n[[step]]\nquestion = "double"\nminutes = 6\n'
    )
    return folder


@dataclass(slots=True)
class House:
    """Everything that a test of the walk holds."""

    desk: Desk
    driver: Driver
    store: Store
    clock: HandClock
    judge: Scripted
    keys: int = field(default=0)

    async def open(self, *, mode: Mode = "practice", seed: int | None = None, question: str | None = None) -> str:
        """A new interview on the track, or on one question; gives its token."""
        self.keys += 1
        track = None if question else "both"
        order = Order(mode=mode, key=f"open-{self.keys}", scope="t", track=track, question=question, seed=seed)
        return (await self.desk.open(order)).id

    async def agreed(self, *, mode: Mode = "practice", question: str | None = None) -> str:
        """A new interview whose first question has been posed."""
        token = await self.open(mode=mode, question=question)
        await self.press(token, "agree")
        return token

    async def press(self, token: str, kind: MoveName) -> None:
        """A button, settled."""
        await self.desk.move(token, kind, self.key())
        await self.settled(token)

    async def say(self, token: str, text: str) -> None:
        """A message, settled."""
        await self.desk.message(token, text, self.key())
        await self.settled(token)

    async def submit(self, token: str, code: str = "def double(x):\n    return x\n") -> Digest:
        """An attempt, settled; gives its digest."""
        _, digest = await self.desk.attempt(token, code, "numpy", self.key())
        await self.settled(token)
        assert digest is not None
        return digest

    async def settled(self, token: str) -> Live:
        """Wait until viva has done what it can."""
        live = await self.driver.look(name_of(token))
        async with asyncio.timeout(5), live.changed:
            await live.changed.wait_for(lambda: live.idle)
        assert live.idle, "viva did not come to rest"
        return live

    def key(self) -> str:
        """A key that was not used before."""
        self.keys += 1
        return f"key-{self.keys}"


@asynccontextmanager
async def house(
    folder: Path,
    *,
    judge: Sequence[Evidence | Exception] = (check_run(True, True),),
    store: Store | None = None,
    clock: HandClock | None = None,
    graders: Sequence[Grader] = GRADERS,
    match: Plug[MatchPoints] | None = None,
    meter: Plug[MeasureCost] | None = None,
    practice_only: bool = False,
) -> AsyncIterator[House]:
    """A walk over `store` (a new one in memory by default); the judge answers as scripted, `match` reads words, and `meter`
    measures costs."""
    clock = clock or HandClock()
    store = store or MemoryStore(clock)
    bank = FolderBank(folder if folder.exists() and any(folder.iterdir()) else write_bank(folder))
    scripted = Scripted(judge)
    driver = Driver(
        store=store,
        shelf=Shelf(store),
        rules=Rules(graders=graders, policy=next_move),
        voice=AuthorVoice(),
        plugs=PlugTable(
            run_checks=scripted,
            read_turn=RuleReader(),
            match_points=match or Nobody(),
            measure_cost=meter or Nobody(),
        ),
        clock=clock,
    )
    await driver.resume()
    try:
        desk = Desk(driver=driver, bank=bank, secret=b"test", practice_only=practice_only)
        yield House(desk=desk, driver=driver, store=store, clock=clock, judge=scripted)
    finally:
        await driver.close()

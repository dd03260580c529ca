"""The switchboard: which plug is in which socket. Law: the sandbox's supervisor is started before database, lock or port
exist, so that no child of it can hold them; everything is let go of in the opposite order.
"""

import asyncio
import contextlib
import logging
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from viva.answers import AnswerReader, PointMatcher, RuleReader
from viva.bank import judged_files, known_banks, merge
from viva.core.errors import OperatorError
from viva.core.evidence import CheckRun, Costs, Matches, NotObserved
from viva.core.requests import MatchPoints, MeasureCost, RunChecks, request_digest
from viva.craft import CodeReader, CraftInspector, Readers
from viva.dialogue import AuthorVoice, next_move
from viva.grading import GRADERS
from viva.interviews.advance import Driver
from viva.interviews.decide import Rules
from viva.interviews.desk import Desk
from viva.interviews.plugs import PlugTable
from viva.interviews.shelf import Shelf
from viva.ports import Bank, Material, Store
from viva.sandbox.client import Sandbox
from viva.sandbox.job import Job
from viva.sandbox.unsafe_local import UnsafeLocal
from viva.settings import Settings
from viva.store.sqlite import SqliteStore

NOT_SCREENED = "This viva runs code without a jail (unsafe_local), which is for practice only"
log = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 10.0
"""How often the time is kept beside the records, so that downtime can be told."""


class SystemClock:
    """The machine's clock, in UTC."""

    def now(self) -> datetime:
        """The time."""
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class SandboxChecks:
    """The plug of `RunChecks`: the sandbox of this machine. What runs without a jail, it runs in practice only."""

    sandbox: Sandbox

    async def __call__(self, request: RunChecks, material: Material) -> CheckRun | NotObserved:
        """One run."""
        if isinstance(self.sandbox, UnsafeLocal) and not material.practice:
            return NotObserved(whose="machine", why=NOT_SCREENED)
        return await self.sandbox.run(
            Job(
                question=material.question.id,
                files=judged_files(material.files),
                code=material.content,
                framework=material.framework or "numpy",
                which=request.which,
                seed=request.seed,
                budget=material.question.budget,
                forbid=material.question.forbid,
            )
        )


@dataclass(frozen=True, slots=True)
class SandboxCosts:
    """The plug of `MeasureCost`: the sandbox of this machine."""

    sandbox: Sandbox

    async def __call__(self, request: MeasureCost, material: Material) -> Costs | NotObserved:
        """One measurement beside the question's own solution; nobody's to make where the question has none to measure."""
        return await measured(self.sandbox, material, seed=request_digest(request))


async def measured(sandbox: Sandbox, material: Material, *, seed: str) -> Costs | NotObserved:
    """What the code of `material` costs beside the reference in its framework."""
    framework = material.framework or "numpy"
    files, reference = judged_files(material.files), material.files.get(f"{framework}/solution.py")
    if reference is None or b"@scaling" not in files.get("checks.py", b""):
        return NotObserved(whose="nobody", why="This question measures no efficiency.")
    if isinstance(sandbox, UnsafeLocal):
        return NotObserved(whose="nobody", why="Costs are measured in the jail only.")
    job = Job(
        question=material.question.id,
        files=files,
        code=material.content,
        framework=framework,
        which="all",
        seed=seed,
        budget=material.question.budget,
        forbid=material.question.forbid,
    )
    return await sandbox.measure(job, reference.decode("utf-8"))


@dataclass(frozen=True, slots=True)
class EmbeddedMatcher:
    """The plug of `MatchPoints`: the embedded model, or nobody on a machine that lacks its files."""

    matcher: PointMatcher

    async def __call__(self, request: MatchPoints, material: Material) -> Matches | NotObserved:
        """The verdicts on the rubric's points."""
        try:
            return await self.matcher(request, material)
        except OperatorError as missing:
            log.warning(
                "words are recorded and not graded: %s %s", missing.says, missing.mend
            )  # paths are no candidate's
            return NotObserved(
                whose="nobody", why="The answer model is not on this machine, so words are only recorded."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What a door is given."""

    settings: Settings
    desk: Desk
    bank: Bank
    store: Store
    driver: Driver
    sandbox: Sandbox
    readers: Readers


def sandbox_of(settings: Settings, *, spares: int = 1) -> Sandbox:
    """What runs code here: the jail, or `UnsafeLocal` where the settings ask for it."""
    kind = UnsafeLocal if settings.unsafe_local else Sandbox
    return kind(folder=settings.environments, spares=spares)


def open_bank(settings: Settings) -> Bank:
    """The folders that the settings name, the questions that ship, and those of installed packages; the first wins.

    Raises:
        OperatorError: a folder is no bank, or an installed package offers one that is not there.
    """
    return merge(known_banks(settings.bank))


@asynccontextmanager
async def open_house(settings: Settings) -> AsyncIterator[House]:
    """A whole viva over the data folder of `settings`, its interviews taken up where they stood.

    Raises:
        OperatorError: the data folder is in use, not writable, or not readable by this version.
    """
    clock = SystemClock()
    async with contextlib.AsyncExitStack() as stack:
        sandbox = await stack.enter_async_context(sandbox_of(settings))
        await sandbox.start()
        reader = await stack.enter_async_context(CodeReader())
        await reader.start()
        readers = await stack.enter_async_context(Readers())
        await readers.start()
        words = AnswerReader()
        stack.callback(words.end)
        store = await SqliteStore.open(settings.data, clock)
        stack.push_async_callback(store.close)
        shelf = Shelf(store)
        bank = open_bank(settings)
        driver = Driver(
            store=store,
            shelf=shelf,
            rules=Rules(graders=GRADERS, policy=next_move),
            voice=AuthorVoice(),
            plugs=_plugs(sandbox, reader, words),
            clock=clock,
        )
        stack.push_async_callback(driver.close)
        await driver.resume()
        beating = asyncio.create_task(_beat(store), name="heartbeat")
        stack.callback(beating.cancel)
        desk = Desk(driver=driver, bank=bank, secret=secret_of(settings.data), practice_only=settings.unsafe_local)
        yield House(
            settings=settings, desk=desk, bank=bank, store=store, driver=driver, sandbox=sandbox, readers=readers
        )


def _plugs(sandbox: Sandbox, reader: CodeReader, words: AnswerReader) -> PlugTable:
    return PlugTable(
        run_checks=SandboxChecks(sandbox),
        read_turn=RuleReader(),
        measure_cost=SandboxCosts(sandbox),
        inspect_code=CraftInspector(reader),
        match_points=EmbeddedMatcher(PointMatcher(words)),
    )


async def _beat(store: Store) -> None:
    while True:
        await asyncio.sleep(HEARTBEAT_SECONDS)
        await store.beat()


def secret_of(folder: Path) -> bytes:
    """The secret of a data folder, made at first use: 32 random bytes in a file that only its owner reads.

    Raises:
        OperatorError: it cannot be read or made.
    """
    path = folder / "secret"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            draft = folder / f"secret.{os.getpid()}.{secrets.token_hex(4)}"
            draft.touch(mode=0o600, exist_ok=False)
            draft.write_bytes(secrets.token_bytes(32))
            try:
                os.link(draft, path)  # whole or not at all, and the first of two processes wins
            finally:
                draft.unlink()
        content = path.read_bytes()
    except OSError as problem:
        raise OperatorError(
            f"The secret {str(path)!r} cannot be read or made: {problem.strerror}.",
            mend="Check the folder's owner and mode.",
        ) from problem
    if len(content) != 32:
        raise OperatorError(
            f"The secret {str(path)!r} is not 32 bytes long.",
            mend="Remove it; a new one is made, and `viva judge` draws new inputs.",
        )
    return content

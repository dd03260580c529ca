"""The store on SQLite. Laws: what a method returned from survives `kill -9` and a power cut; one process writes, through one
connection in one thread, under the folder's lock; readers never wait for it and never write.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Self, TypeVar

import sqlalchemy as sa

from viva.core.errors import OperatorError
from viva.core.events import Envelope, Erased, Event
from viva.core.values import Digest, Draft
from viva.ports import Clock, Key, Person, Receipt, SavedDraft, Store, Verification
from viva.store import engine, rows, rules
from viva.store.lock import FolderLock
from viva.store.writer import Writer

T = TypeVar("T")


class SqliteStore(Store):
    """A data folder: `viva.db`, its WAL, and `lock`. Made by `open` or `open_readonly`; ended by `close`."""

    def __init__(self, reader: sa.Engine, clock: Clock, *, writer: Writer | None, lock: FolderLock | None) -> None:
        self._reader = reader
        self._clock = clock
        self._writer = writer
        self._lock = lock
        self._closed = False
        self._threads = ThreadPoolExecutor(engine.READERS, thread_name_prefix="viva-store-reader")

    @classmethod
    async def open(cls, folder: Path, clock: Clock, *, address: str = "") -> Self:
        """The folder for writing, made where it is not there; `address` is told to whoever comes second.

        Raises:
            OperatorError: another viva writes to it, or it is damaged, newer than this viva, or not writable.
        """
        return await asyncio.to_thread(cls._opened, folder, clock, address)

    @classmethod
    async def open_readonly(cls, folder: Path, clock: Clock) -> Self:
        """The folder for reading, also while another process writes to it.

        Raises:
            OperatorError: there is no viva data in it, or data that this viva cannot read.
        """
        reader = engine.reading_engine(folder)
        try:
            await asyncio.to_thread(engine.prepare_for_reading, reader, folder)
        except BaseException:
            reader.dispose()
            raise
        return cls(reader, clock, writer=None, lock=None)

    @classmethod
    def _opened(cls, folder: Path, clock: Clock, address: str) -> Self:
        try:
            engine.make_folder(folder)
            lock = FolderLock(folder, address)
        except OSError as error:
            raise engine.unusable(folder, error) from error
        try:
            writing = engine.writing_engine(folder)
        except BaseException:
            lock.release()
            raise
        return cls(engine.reading_engine(folder), clock, writer=Writer(writing), lock=lock)

    def set_address(self, address: str) -> None:
        """Write the address at which this viva answers into the lock, once it is known."""
        if self._lock:
            self._lock.say(address)

    async def create(
        self, interview: str, events: Sequence[Event], *, scope: str = "", key: Key | None = None
    ) -> Receipt:
        """As the Protocol says."""
        space = rules.opening_space(scope)
        return await self._write(lambda db: rows.create(db, interview, events, self._clock.now(), space, key))

    async def append(self, interview: str, after: int, events: Sequence[Event], *, key: Key | None = None) -> Receipt:
        """As the Protocol says."""
        return await self._write(lambda db: rows.append(db, interview, after, events, self._clock.now(), key))

    async def known(self, interview: str, key: Key) -> Receipt | None:
        """As the Protocol says."""
        return await self._read(lambda db: rows.receipt(db, rules.record_space(interview), key))

    async def read(self, interview: str, after: int = 0) -> tuple[Envelope, ...]:
        """As the Protocol says."""
        return await self._read(lambda db: rows.read(db, interview, after))

    async def interviews(self, *, open_only: bool = False) -> tuple[str, ...]:
        """As the Protocol says."""
        return await self._read(lambda db: rows.interviews(db, open_only=open_only))

    async def verify(self, interview: str) -> Verification:
        """As the Protocol says.

        Raises:
            NotFound: there is no such record.
        """
        return await self._read(lambda db: rows.verify(db, interview))

    async def erase(self, interview: str, seq: int, *, by: str, why: str) -> Receipt:
        """As the Protocol says; a row that was erased already gives the receipt of that. With the row go what its key
        came with and, once the interview is closed, its drafts; nothing of them is left in the folder's files.

        Raises:
            NotNow: the row says who erased another one.
        """
        erased = Erased(seq=seq, by=by, why=why)
        return await self._write(lambda db: rows.erase(db, interview, erased, self._clock.now()), sweep=True)

    async def save_draft(self, interview: str, draft: Draft, n: int) -> SavedDraft:
        """As the Protocol says.

        Raises:
            NotFound: there is no such record.
        """
        return await self._write(
            lambda db: rows.save_draft(db, interview, SavedDraft(draft=draft, n=n, at=self._clock.now()))
        )

    async def drafts(self, interview: str) -> tuple[SavedDraft, ...]:
        """As the Protocol says."""
        return await self._read(lambda db: rows.drafts(db, interview))

    async def save_person(self, interview: str, person: Person) -> None:
        """As the Protocol says."""
        await self._write(lambda db: rows.save_person(db, interview, person))

    async def person(self, interview: str) -> Person:
        """As the Protocol says."""
        return await self._read(lambda db: rows.person(db, interview))

    async def put_blob(self, content: bytes) -> Digest:
        """As the Protocol says."""
        return await self._write(lambda db: rows.put_blob(db, content))

    async def blob(self, digest: Digest) -> bytes | None:
        """As the Protocol says."""
        return await self._read(lambda db: rows.blob(db, digest))

    async def beat(self) -> datetime | None:
        """As the Protocol says."""
        return await self._write(lambda db: rows.beat(db, self._clock.now()))

    async def close(self) -> None:
        """As the Protocol says; a second call does nothing."""
        self._closed = True
        await asyncio.to_thread(self._threads.shutdown)
        self._reader.dispose()
        if self._writer:
            await self._writer.close()
        if self._lock:
            self._lock.release()

    async def _write(self, job: Callable[[sa.Connection], T], *, sweep: bool = False) -> T:
        if self._writer is None:
            raise OperatorError("The data folder was opened for reading only.", mend="Write through the server.")
        return await self._writer.do(job, sweep=sweep)

    async def _read(self, job: Callable[[sa.Connection], T]) -> T:
        if self._closed:
            raise OperatorError("The data folder was closed.", mend="Start viva again.")
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._in_snapshot, job)

    def _in_snapshot(self, job: Callable[[sa.Connection], T]) -> T:
        try:
            with self._reader.connect() as connection, connection.begin():
                return job(connection)
        except engine.FAILURES as error:
            raise engine.explained(error) from error

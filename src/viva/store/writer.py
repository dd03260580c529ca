"""The one thread that writes. Laws: whoever awaits a write is answered after it is on the disk; writes that wait are
committed together, and one that fails takes none of the others with it, unless the disk or the file itself failed.
"""

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa

from viva.core.errors import OperatorError
from viva.store.engine import FAILURES, explained

T = TypeVar("T")

GROUP_LIMIT = 256
"""Writes in one commit, so that nobody waits for an endless group."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Write:
    """One job in the queue; with `sweep` the WAL is emptied before the answer."""

    job: Callable[[sa.Connection], Any]
    future: Future[Any]
    sweep: bool


class Writer:
    """Runs jobs on the writing connection, in their order, many to a commit. The engine is its own from now on."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._queue: queue.SimpleQueue[_Write | None] = queue.SimpleQueue()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="viva-store-writer", daemon=True)
        self._thread.start()

    async def do(self, job: Callable[[sa.Connection], T], *, sweep: bool = False) -> T:
        """What `job` gives, after its commit; with `sweep` also after the WAL, which may still hold what the job
        overwrote, was emptied. A job whose caller went away before it began is not done.

        Raises:
            OperatorError: the disk is full, the file damaged, or the writer closed; nothing of the job was kept.
            Exception: whatever `job` raises; nothing of it was kept.
        """
        if self._closed:
            raise OperatorError("The data folder was closed for writing.", mend="Start viva again.")
        future: Future[T] = Future()
        self._queue.put(_Write(job=job, future=future, sweep=sweep))
        return await asyncio.wrap_future(future)

    async def close(self) -> None:
        """Do what was begun, then let go of the connection; a second call does nothing."""
        if not self._closed:
            self._closed = True
            self._queue.put(None)
        await asyncio.to_thread(self._thread.join)

    def _run(self) -> None:
        with self._engine.connect() as connection:
            while group := self._waiting():
                _commit(connection, [write for write in group if write.future.set_running_or_notify_cancel()])
        self._engine.dispose()

    def _waiting(self) -> list[_Write]:
        """The writes that wait, at least one; none once closed."""
        group: list[_Write] = []
        write = self._queue.get()
        while write is not None:
            group.append(write)
            if len(group) == GROUP_LIMIT or self._queue.empty():  # nobody else takes from this queue
                return group
            write = self._queue.get()
        if group:
            self._queue.put(None)  # closing is found again after this group
        return group


def _commit(connection: sa.Connection, group: list[_Write]) -> None:
    """Do a group in one transaction and answer every caller."""
    try:
        with connection.begin():
            outcomes = [_outcome(connection, write) for write in group]
        if any(write.sweep for write in group):
            _empty_wal(connection)
    except Exception as error:  # noqa: BLE001  # whatever it was, every caller is answered and the thread lives on
        outcomes = [_Failed(_meaning(error)) for _ in group]
    for write, outcome in zip(group, outcomes, strict=True):
        if isinstance(outcome, _Failed):
            write.future.set_exception(outcome.error)
        else:
            write.future.set_result(outcome)


@dataclass(frozen=True, slots=True)
class _Failed:
    error: Exception


def _outcome(connection: sa.Connection, write: _Write) -> Any:
    """What one job of a group gives; where it fails, the transaction stands as if it had not been there."""
    savepoint = connection.begin_nested()
    try:
        result = write.job(connection)
    except FAILURES:
        raise
    except Exception as error:  # noqa: BLE001  # handed to its caller
        savepoint.rollback()
        return _Failed(error)
    savepoint.commit()
    return result


def _meaning(error: Exception) -> Exception:
    return explained(error) if isinstance(error, FAILURES) else error


def _empty_wal(connection: sa.Connection) -> None:
    """Move the WAL into the database and cut it to nothing; outside a transaction, so past SQLAlchemy's own."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()

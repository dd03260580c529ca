"""Connections to SQLite, and what its failures mean. Law: one connection writes and alone checkpoints; all others are opened
read-only. SQLite up to 3.51.2 corrupts a WAL when two connections write and checkpoint at once, and Debian and Python link
such versions; with one writing connection that cannot happen.
"""

import os
import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa

from viva.core.errors import OperatorError
from viva.store import migrations

FAILURES = (sa.exc.DBAPIError, sqlite3.Error)
"""What SQLite raises, through SQLAlchemy or past it (while it connects)."""

FILE_NAME = "viva.db"
READERS = 4

_WRITER = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA busy_timeout = 5000",
    "PRAGMA wal_autocheckpoint = 1000",
    "PRAGMA secure_delete = ON",  # what is erased is overwritten, not only forgotten
)
_READER = (
    "PRAGMA query_only = ON",
    "PRAGMA busy_timeout = 5000",
    "PRAGMA wal_autocheckpoint = 0",
)


def make_folder(folder: Path) -> None:
    """Make the folder for its owner alone, or close an empty one to others; a folder with other things in it is left as it
    is (it may be somebody's /tmp), and the files in it are for their owner alone anyway.

    Raises:
        OSError: it cannot be made.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not any(folder.iterdir()) or (folder / FILE_NAME).exists():
        folder.chmod(0o700)


def unusable(folder: Path, error: OSError) -> OperatorError:
    """What it means that the folder or a file in it could not be made or opened."""
    says = f"The data folder {str(folder)!r} cannot be used: {error.strerror}."
    return OperatorError(says, mend="Name a folder that you may write to with --data.")


def writing_engine(folder: Path) -> sa.Engine:
    """The engine of the one writing connection, open, its database up to date. The file is made, for its owner alone, if
    it is not there.

    Raises:
        OperatorError: the file is damaged, is no database, was written by a newer viva, or cannot be written.
    """
    path = folder / FILE_NAME
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    except OSError as error:
        raise unusable(folder, error) from error
    engine = sa.create_engine("sqlite://", creator=lambda: _connection(str(path), uri=False), poolclass=sa.StaticPool)
    _prepare(engine, _WRITER, "BEGIN IMMEDIATE")
    try:
        _bring_up_to_date(engine)
    except FAILURES as error:
        engine.dispose()
        raise explained(error) from error
    except BaseException:
        engine.dispose()
        raise
    return engine


def reading_engine(folder: Path) -> sa.Engine:
    """An engine for reading; up to `READERS` connections, each of one thread at a time."""
    location = f"file:{quote(str((folder / FILE_NAME).absolute()))}?mode=ro"
    engine = sa.create_engine(
        "sqlite://",
        creator=lambda: _connection(location, uri=True),
        poolclass=sa.QueuePool,
        pool_size=READERS,
        max_overflow=0,
    )
    _prepare(engine, _READER, "BEGIN")
    return engine


def prepare_for_reading(engine: sa.Engine, folder: Path) -> None:
    """See that there is something that this viva can read.

    Raises:
        OperatorError: there is not.
    """
    if not (folder / FILE_NAME).exists():
        raise OperatorError(f"There are no interviews in {str(folder)!r}.", mend="Name the folder with --data.")
    try:
        with engine.connect() as connection, connection.begin():
            taken = migrations.version(connection)
    except FAILURES as error:
        raise explained(error) from error
    migrations.refuse_newer(taken)
    if taken < len(migrations.STEPS):
        says = f"The data in {str(folder)!r} was written by an older viva."
        raise OperatorError(says, mend="Run `viva serve` once: it brings the data up to date.")


def explained(error: Exception) -> OperatorError:
    """What a failure of SQLite (one of `FAILURES`) means for whoever runs this viva."""
    cause = getattr(error, "orig", None) or error
    name = getattr(cause, "sqlite_errorname", "")
    for start, says, mend in _MEANINGS:
        if name.startswith(start):
            return OperatorError(f"{says} ({name}).", mend=mend)
    return OperatorError(f"The database failed: {cause}.", mend="Look at the disk and the data folder.")


_RESTORE = "Stop viva, keep a copy of the data folder, and bring it back from a backup."
_MEANINGS = (
    ("SQLITE_FULL", "The disk is full; nothing of this write was kept", "Free some space; viva goes on by itself."),
    ("SQLITE_NOTADB", f"{FILE_NAME} in the data folder is not a database, or its first page is damaged", _RESTORE),
    ("SQLITE_CORRUPT", f"{FILE_NAME} in the data folder is damaged", _RESTORE),
    ("SQLITE_IOERR", "The disk failed; nothing of this write was kept", "Look at the disk, its quota and its space."),
    ("SQLITE_READONLY", f"{FILE_NAME} may not be written", "Give the user that runs viva the data folder."),
    ("SQLITE_CANTOPEN", f"{FILE_NAME} cannot be opened", "Give the user that runs viva the data folder."),
    ("SQLITE_PERM", f"{FILE_NAME} may not be opened", "Give the user that runs viva the data folder."),
    ("SQLITE_BUSY", f"{FILE_NAME} is held by another program", "Close the program that has the database open."),
)


def _bring_up_to_date(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        with connection.begin():
            mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()
        if mode != "wal":
            raise OperatorError(
                "The disk of the data folder cannot share memory between processes, which the database needs.",
                mend="Name a folder on a local disk with --data.",
            )
        migrations.migrate(connection)


def _connection(location: str, *, uri: bool) -> sqlite3.Connection:
    connection = sqlite3.connect(location, uri=uri, isolation_level=None, check_same_thread=False)
    connection.text_factory = _text  # a damaged row must be readable, to be named
    return connection


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _prepare(engine: sa.Engine, pragmas: tuple[str, ...], begin: str) -> None:
    @sa.event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        for pragma in pragmas:
            connection.execute(pragma).close()

    @sa.event.listens_for(engine, "begin")
    def _begun(connection: sa.Connection) -> None:
        connection.exec_driver_sql(begin)

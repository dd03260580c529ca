"""How a database becomes what this viva reads, in numbered steps. Law: a step that has been released is never changed; a new
shape is a new step. Each runs in one transaction with its number, so a crash leaves a whole step or none.
"""

from collections.abc import Callable

import sqlalchemy as sa

from viva.core.errors import OperatorError


def _step_1(connection: sa.Connection) -> None:
    """Records, what keys did, drafts, people, blobs, the heartbeat."""
    for statement in (
        """CREATE TABLE record (interview TEXT PRIMARY KEY NOT NULL, length INTEGER NOT NULL, head TEXT NOT NULL) STRICT""",
        """CREATE TABLE event (
            interview TEXT NOT NULL REFERENCES record (interview), seq INTEGER NOT NULL, at TEXT NOT NULL,
            kind TEXT NOT NULL, schema INTEGER NOT NULL, salt BLOB, body BLOB, commitment TEXT NOT NULL,
            hash TEXT NOT NULL, PRIMARY KEY (interview, seq)) STRICT""",
        """CREATE INDEX event_closed ON event (interview) WHERE kind = 'Closed'""",
        """CREATE TABLE written (
            space BLOB NOT NULL, key BLOB NOT NULL, body TEXT NOT NULL,
            interview TEXT NOT NULL REFERENCES record (interview), first INTEGER NOT NULL, seq INTEGER NOT NULL,
            PRIMARY KEY (space, key)) STRICT""",
        """CREATE INDEX written_rows ON written (interview, seq)""",
        """CREATE TABLE draft (
            interview TEXT NOT NULL REFERENCES record (interview), "of" TEXT NOT NULL, question BLOB NOT NULL,
            framework TEXT NOT NULL, text BLOB NOT NULL, n INTEGER NOT NULL, at TEXT NOT NULL,
            PRIMARY KEY (interview, "of", question, framework)) STRICT""",
        """CREATE TABLE person (interview TEXT PRIMARY KEY NOT NULL, body BLOB NOT NULL) STRICT""",
        """CREATE TABLE blob (digest TEXT PRIMARY KEY NOT NULL, content BLOB NOT NULL) STRICT""",
        """CREATE TABLE beat (one INTEGER PRIMARY KEY CHECK (one = 1), at TEXT NOT NULL) STRICT""",
    ):
        connection.exec_driver_sql(statement)


STEPS: tuple[Callable[[sa.Connection], None], ...] = (_step_1,)


def version(connection: sa.Connection) -> int:
    """How many steps a database has taken."""
    return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())


def migrate(connection: sa.Connection) -> None:
    """Take the steps that are missing.

    Raises:
        OperatorError: a newer viva has written the database.
    """
    with connection.begin():
        taken = version(connection)
    refuse_newer(taken)
    for number, step in enumerate(STEPS[taken:], start=taken + 1):
        with connection.begin():
            step(connection)
            connection.exec_driver_sql(f"PRAGMA user_version = {number}")


def refuse_newer(taken: int) -> None:
    """Let a database pass that has taken no more steps than this viva knows.

    Raises:
        OperatorError: it has.
    """
    if taken > len(STEPS):
        raise OperatorError(
            f"The data folder was written by a newer viva (its schema is {taken}, this viva knows {len(STEPS)}).",
            mend="Upgrade viva, or name another folder with --data.",
        )

"""No byte of a record changes unseen, and a person is in no row of it."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.store.examples import TickingClock, chat_draft, heard, opened
from viva.core.errors import BrokenRecord
from viva.core.events import Agreed, Closed
from viva.core.values import digest_of
from viva.ports import Key, Person, Verification
from viva.store.sqlite import SqliteStore

pytestmark = pytest.mark.anyio

NAME, TOKEN = "0123456789abcdef", "token-of-ada"
TEXTS = ("at", "kind", "commitment", "hash")
RECORD_TEXTS = ("interview", "head")
EVENT_COLUMNS = {"interview", "seq", "at", "kind", "schema", "salt", "body", "commitment", "hash"}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    store = await SqliteStore.open(tmp_path / "data", TickingClock())
    await store.create(NAME, [opened(), Agreed(deadline=None), heard("two"), heard("three"), Closed(why="done")])
    await store.save_person(NAME, Person(name=TOKEN, email=f"{TOKEN}@example.org"))
    await store.erase(NAME, 3, by="operator", why="a name")
    await store.close()
    return tmp_path / "data"


async def verified(folder: Path) -> Verification:
    store = await SqliteStore.open_readonly(folder, TickingClock())
    try:
        return await store.verify(NAME)
    finally:
        await store.close()


def tamper(folder: Path, statement: str, *values: Any) -> int:
    """How many rows a statement changed."""
    with sqlite3.connect(folder / "viva.db") as connection:
        connection.create_function("flip", 2, flip)
        changed = connection.execute(statement, values).rowcount
    connection.close()
    return changed


def flip(value: bytes | str | int, place: int) -> bytes | str | int:
    """The value with the lowest bit of one byte turned."""
    if isinstance(value, int):
        return value ^ 1
    raw = value.encode() if isinstance(value, str) else value
    at = place % len(raw)
    turned = raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
    return turned.decode() if isinstance(value, str) else turned


async def test_a_record_nobody_touched_holds_and_says_what_was_erased(folder: Path) -> None:
    assert await verified(folder) == Verification(rows=6, erased=(3,), broken_at=None, why="")


@pytest.mark.parametrize("column", [*TEXTS, "seq", "schema", "salt", "body"])
async def test_one_bit_of_any_column_of_any_row_is_found(folder: Path, column: str, tmp_path: Path) -> None:
    for seq in (1, 2, 4, 5, 6):
        for place in (0, 7, -1):
            copy = tmp_path / f"{seq}-{place}"
            shutil.copytree(folder, copy)
            change = f"UPDATE event SET {column} = flip({column}, ?)"
            # a flipped seq would meet its neighbour, so it moves beyond the end
            change = "UPDATE event SET seq = seq + 100 + ?" if column == "seq" else change
            assert tamper(copy, f"{change} WHERE seq = ?", place, seq) == 1
            assert (await verified(copy)).broken_at == seq, f"bit {place} of {column} of row {seq}"


async def test_every_byte_of_a_body_counts(folder: Path) -> None:
    connection = sqlite3.connect(folder / "viva.db")
    (length,) = connection.execute("SELECT length(body) FROM event WHERE seq = 4").fetchone()
    connection.close()
    for place in range(length):
        tamper(folder, "UPDATE event SET body = flip(body, ?) WHERE seq = 4", place)
        assert (await verified(folder)).broken_at == 4
        tamper(folder, "UPDATE event SET body = flip(body, ?) WHERE seq = 4", place)
    assert (await verified(folder)).broken_at is None


@pytest.mark.parametrize("column", ["head", "length"])
async def test_one_bit_of_what_is_said_of_the_whole_record_is_found(folder: Path, column: str) -> None:
    assert tamper(folder, f"UPDATE record SET {column} = flip({column}, 3)") == 1
    assert (await verified(folder)).broken_at is not None


def rename_all(folder: Path) -> None:
    tamper(folder, "UPDATE record SET interview = 'x'")
    tamper(folder, "UPDATE event SET interview = 'x'")
    tamper(folder, "UPDATE record SET interview = ?", NAME)


CHANGES: dict[str, tuple[Callable[[Path], object], int]] = {
    "the first row is taken out": (lambda f: tamper(f, "DELETE FROM event WHERE seq = 1"), 1),
    "a row in the middle is taken out": (lambda f: tamper(f, "DELETE FROM event WHERE seq = 4"), 4),
    "the last row is cut off": (lambda f: tamper(f, "DELETE FROM event WHERE seq = 6"), 6),
    "all rows are gone": (lambda f: tamper(f, "DELETE FROM event"), 1),
    "the record is not listed": (lambda f: tamper(f, "DELETE FROM record"), 1),
    "the record is listed under another name": (lambda f: tamper(f, "UPDATE record SET interview = 'x'"), 1),
    "the rows are another record's": (rename_all, 1),
    "a body vanished without a word": (
        lambda f: tamper(f, "UPDATE event SET body = NULL, salt = NULL WHERE seq = 4"),
        4,
    ),
    "only the salt vanished": (lambda f: tamper(f, "UPDATE event SET salt = NULL WHERE seq = 4"), 4),
    "only the body vanished": (lambda f: tamper(f, "UPDATE event SET body = NULL WHERE seq = 4"), 4),
    "a row is doubled": (
        lambda f: tamper(
            f,
            "INSERT INTO event SELECT interview, 7, at, kind, schema, salt, body, commitment, hash FROM event WHERE seq = 6",
        ),
        7,
    ),
    "a text is no text": (lambda f: tamper(f, "UPDATE event SET kind = CAST(x'ff00' AS TEXT) WHERE seq = 4"), 4),
    "a body is moved to another row": (
        lambda f: tamper(f, "UPDATE event SET body = (SELECT body FROM event WHERE seq = 4) WHERE seq = 5"),
        5,
    ),
}


@pytest.mark.parametrize("what", CHANGES)
async def test_the_first_row_that_does_not_hold_is_named(folder: Path, what: str) -> None:
    change, broken_at = CHANGES[what]
    change(folder)
    found = await verified(folder)
    assert found.broken_at == broken_at
    assert found.why


async def test_a_row_of_a_newer_schema_is_refused_and_not_guessed(folder: Path) -> None:
    tamper(folder, "UPDATE event SET schema = 3 WHERE seq = 4")
    store = await SqliteStore.open_readonly(folder, TickingClock())
    with pytest.raises(BrokenRecord, match="Row 4 has schema 3, and this viva reads 1 and 2"):
        await store.read(NAME)
    assert len(await store.read(NAME, 4)) == 2
    await store.close()


async def test_a_damaged_blob_is_not_given_out(folder: Path) -> None:
    store = await SqliteStore.open(folder, TickingClock())
    digest = await store.put_blob(b"a plot")
    tamper(folder, "UPDATE blob SET content = flip(content, 2)")
    with pytest.raises(BrokenRecord, match=digest):
        await store.blob(digest)
    await store.close()


def dump(folder: Path, table: str) -> tuple[set[str], bytes]:
    """The columns of a table, and every value in it."""
    connection = sqlite3.connect(folder / "viva.db")
    rows = connection.execute(f"SELECT * FROM {table}")
    columns = {column[0] for column in rows.description}
    found = b"\n".join(v if isinstance(v, bytes) else str(v).encode() for row in rows for v in row)
    connection.close()
    return columns, found


async def test_a_person_stands_in_no_row_of_any_other_table(folder: Path) -> None:
    columns, everything = dump(folder, "event")
    assert columns == EVENT_COLUMNS, "a new column must be looked at here, and be covered by the chain"
    assert b"two" not in everything
    assert b"three" in everything, "so the search can find what is there"
    for table in ("event", "record", "written", "draft", "blob", "beat"):
        assert TOKEN.encode() not in dump(folder, table)[1]
    assert TOKEN.encode() in dump(folder, "person")[1]


async def test_what_was_erased_is_in_no_file_of_the_folder(folder: Path) -> None:
    secret = "Ada Lovelace was here"
    store = await SqliteStore.open(folder, TickingClock())
    await store.create("b", [opened()])
    body = digest_of(secret)
    await store.append("b", 1, [heard(secret), heard(secret * 2000)], key=Key(key="k", body=body))
    await store.save_draft("b", chat_draft(secret), 1)
    await store.append("b", 3, [Closed(why="done")])

    def found_in(text: str) -> list[str]:
        return [path.name for path in folder.iterdir() if text.encode() in path.read_bytes()]

    assert found_in(secret)
    assert found_in(body)
    for seq in (2, 3):
        await store.erase("b", seq, by="operator", why="a name")
    assert found_in(secret) == []
    assert found_in(body) == []
    assert (await store.verify("b")).erased == (2, 3)
    await store.close()

"""A data folder has one writer, is readable beside it, and fails in words with nothing half written."""

import asyncio
import json
import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.store.examples import TickingClock, heard, opened
from viva.core.errors import OperatorError
from viva.ports import Verification
from viva.store import tables
from viva.store.sqlite import SqliteStore

pytestmark = pytest.mark.anyio

HOLDS_A_FOLDER = """
import asyncio, pathlib, sys
from tests.store.examples import TickingClock
from viva.store.sqlite import SqliteStore

async def main():
    await SqliteStore.open(pathlib.Path(sys.argv[1]), TickingClock(), address="http://elsewhere")
    print("open", flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""

WRITES_AND_IS_KILLED = """
import asyncio, os, pathlib, sys
from tests.store.examples import TickingClock, opened
from viva.store.sqlite import SqliteStore

async def main():
    store = await SqliteStore.open(pathlib.Path(sys.argv[1]), TickingClock())
    await store.create("a", [opened()])
    os.kill(os.getpid(), 9)

asyncio.run(main())
"""

ADDRESS = "http://127.0.0.1:8000"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def open_store(folder: Path, address: str = "") -> SqliteStore:
    return await SqliteStore.open(folder, TickingClock(), address=address)


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def set_mode(path: Path, bits: int) -> None:
    path.chmod(bits)


async def refusal(folder: Path) -> OperatorError:
    with pytest.raises(OperatorError) as caught:
        await open_store(folder)
    assert caught.value.mend
    return caught.value


# ---- one writer ----------------------------------------------------------------------------------------------------


async def test_a_second_opener_is_told_pid_and_address_of_the_first(tmp_path: Path) -> None:
    store = await open_store(tmp_path / "data", ADDRESS)
    refused = await refusal(tmp_path / "data")
    assert f"process {os.getpid()} at {ADDRESS}" in refused.says
    await store.close()


async def test_the_address_may_become_known_later(tmp_path: Path) -> None:
    store = await open_store(tmp_path / "data", "http://a-longer-address.example.org:65535")
    store.set_address(ADDRESS)
    assert json.loads((tmp_path / "data" / "lock").read_text()) == {"pid": os.getpid(), "address": ADDRESS}
    assert ADDRESS in (await refusal(tmp_path / "data")).says
    await store.close()


async def test_a_closed_folder_can_be_opened_again_with_all_that_was_in_it(tmp_path: Path) -> None:
    store = await open_store(tmp_path / "data")
    await store.create("a", [opened(), heard("x")])
    await store.close()
    again = await open_store(tmp_path / "data")
    assert len(await again.read("a")) == 2
    await again.append("a", 2, [heard("y")])
    await again.close()


def test_another_process_is_refused_while_this_one_lives_and_not_after_it_was_killed(tmp_path: Path) -> None:
    program = [sys.executable, "-c", HOLDS_A_FOLDER, str(tmp_path / "data")]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "open\n"
        assert f"process {child.pid} at http://elsewhere" in asyncio.run(refusal(tmp_path / "data")).says
        child.kill()
        child.wait()
    store = asyncio.run(open_store(tmp_path / "data"))
    asyncio.run(store.close())


async def test_a_lock_file_that_says_nothing_still_locks(tmp_path: Path) -> None:
    store = await open_store(tmp_path / "data")
    for content in ("", "{", "[]", '{"pid": "x", "address": ""}'):
        (tmp_path / "data" / "lock").write_text(content)
        assert "Another viva writes" in (await refusal(tmp_path / "data")).says
    await store.close()


# ---- reading beside it ---------------------------------------------------------------------------------------------


async def test_a_reader_sees_what_the_writer_acknowledged_while_it_holds_the_lock(tmp_path: Path) -> None:
    store = await open_store(tmp_path / "data")
    await store.create("a", [opened()])
    reader = await SqliteStore.open_readonly(tmp_path / "data", TickingClock())
    for length in range(1, 5):
        await store.append("a", length, [heard(str(length))])
        assert len(await reader.read("a")) == length + 1
    assert (await reader.verify("a")).broken_at is None
    await reader.close()
    await store.close()


async def test_a_reader_does_not_take_the_lock_and_cannot_write(tmp_path: Path) -> None:
    await (await open_store(tmp_path / "data")).close()
    reader = await SqliteStore.open_readonly(tmp_path / "data", TickingClock())
    with pytest.raises(OperatorError, match="reading only"):
        await reader.create("a", [opened()])
    with pytest.raises(OperatorError, match="reading only"):
        await reader.beat()
    await (await open_store(tmp_path / "data")).close()
    await reader.close()


def test_a_reader_of_a_killed_writers_folder_sees_what_stands_in_the_wal(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", WRITES_AND_IS_KILLED, str(tmp_path / "data")], check=False)
    assert (tmp_path / "data" / "viva.db-wal").stat().st_size > 0

    async def names() -> tuple[str, ...]:
        reader = await SqliteStore.open_readonly(tmp_path / "data", TickingClock())
        found = await reader.interviews()
        await reader.close()
        return found

    assert asyncio.run(names()) == ("a",)
    assert (tmp_path / "data" / "viva.db-wal").stat().st_size > 0, "a reader never checkpoints"


async def test_there_is_nothing_to_read_where_viva_never_was(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="no interviews") as caught:
        await SqliteStore.open_readonly(tmp_path, TickingClock())
    assert "--data" in caught.value.mend
    assert names_in(tmp_path) == []


# ---- files ---------------------------------------------------------------------------------------------------------


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def test_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        store = await open_store(tmp_path / "deep" / "data")
        await store.create("a", [opened()])
        assert mode(tmp_path / "deep" / "data") == 0o700
        files = {path.name: mode(path) for path in (tmp_path / "deep" / "data").iterdir()}
        assert files == dict.fromkeys(("lock", "viva.db", "viva.db-wal", "viva.db-shm"), 0o600)
        await store.close()
    finally:
        os.umask(old)


async def test_a_folder_of_other_things_keeps_its_mode(tmp_path: Path) -> None:
    (tmp_path / "somebody-elses.txt").write_text("x")
    set_mode(tmp_path, 0o755)
    await (await open_store(tmp_path)).close()
    assert mode(tmp_path) == 0o755
    assert mode(tmp_path / "viva.db") == 0o600


# ---- failing in words ----------------------------------------------------------------------------------------------


async def test_a_file_that_is_no_database_is_said_and_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "viva.db").write_text("a shopping list, longer than the header of a database, to be sure of it " * 20)
    before = (tmp_path / "viva.db").read_bytes()
    assert "not a database" in (await refusal(tmp_path)).says
    assert (tmp_path / "viva.db").read_bytes() == before
    with pytest.raises(OperatorError, match="not a database"):
        await SqliteStore.open_readonly(tmp_path, TickingClock())


async def test_a_damaged_database_is_said(tmp_path: Path) -> None:
    store = await open_store(tmp_path / "data")
    await store.create("a", [opened(), *(heard(str(n) * 500) for n in range(50))])
    await store.close()
    path = tmp_path / "data" / "viva.db"
    whole = bytearray(path.read_bytes())
    whole[4096:] = b"\xa5" * (len(whole) - 4096)
    path.write_bytes(whole)
    store = await open_store(tmp_path / "data")
    with pytest.raises(OperatorError, match="damaged") as caught:
        await store.read("a")
    assert "backup" in caught.value.mend
    with pytest.raises(OperatorError, match="damaged"):
        await store.append("a", 51, [heard("x")])
    await store.close()


async def test_data_of_a_newer_viva_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    await (await open_store(tmp_path)).close()
    with sqlite3.connect(tmp_path / "viva.db") as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    refused = await refusal(tmp_path)
    assert "newer viva" in refused.says
    with pytest.raises(OperatorError, match="newer viva"):
        await SqliteStore.open_readonly(tmp_path, TickingClock())
    assert "newer viva" in (await refusal(tmp_path)).says, "a refused opener lets go of the lock"


async def test_data_of_an_older_viva_is_not_guessed_at_by_a_reader(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "viva.db").close()
    with pytest.raises(OperatorError, match="older viva"):
        await SqliteStore.open_readonly(tmp_path, TickingClock())


async def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert "cannot be used" in (await refusal(tmp_path / "file")).says


FULL_DISK = """
import asyncio, pathlib, resource, sys
from tests.store.examples import TickingClock, heard, opened
from viva.core.errors import OperatorError
from viva.store.sqlite import SqliteStore

async def main():
    store = await SqliteStore.open(pathlib.Path(sys.argv[1]), TickingClock())
    await store.create("a", [opened()])
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, hard))
    length, refused = 1, 0
    for n in range(20):
        try:
            await store.append("a", length, [heard("small"), heard("x" * 60_000), heard("y" * 60_000)])
            length += 3
        except OperatorError as error:
            refused += 1
            assert error.mend
    assert await store.read("a"), "reading goes on"
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    await store.append("a", length, [heard("room again")])
    print(length + 1, refused, flush=True)
    await store.close()

asyncio.run(main())
"""


def test_a_full_disk_is_said_nothing_is_half_written_and_it_goes_on_with_room(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(tmp_path / "data")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    length, refused = map(int, done.stdout.split())
    assert refused > 0
    assert length > 2

    async def verified() -> Verification:
        store = await open_store(tmp_path / "data")
        found = await store.verify("a")
        await store.close()
        return found

    found = asyncio.run(verified())
    assert (found.rows, found.broken_at) == (length, None)


async def test_what_comes_after_closing_is_refused_in_words(tmp_path: Path) -> None:
    store = await open_store(tmp_path)
    await store.close()
    with pytest.raises(OperatorError, match="closed"):
        await store.create("a", [opened()])
    with pytest.raises(OperatorError, match="closed"):
        await store.read("a")


async def test_closing_waits_for_what_was_begun(tmp_path: Path) -> None:
    store = await open_store(tmp_path)
    writes = [asyncio.create_task(store.create(f"i{n}", [opened()])) for n in range(50)]
    await asyncio.sleep(0)
    await store.close()
    assert all(receipt.fresh for receipt in await asyncio.gather(*writes))


# ---- the database itself -------------------------------------------------------------------------------------------


async def test_the_steps_make_the_tables_that_the_queries_expect(tmp_path: Path) -> None:
    await (await open_store(tmp_path)).close()
    connection = sqlite3.connect(tmp_path / "viva.db")
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    assert names == set(tables.METADATA.tables)
    for name, table in tables.METADATA.tables.items():
        made = [column[1] for column in connection.execute(f"PRAGMA table_info({name})")]
        assert made == [column.name for column in table.columns]
    connection.close()


async def test_the_writing_connection_is_durable_and_readers_cannot_checkpoint(tmp_path: Path) -> None:
    store = await open_store(tmp_path)
    assert store._writer is not None
    writer = store._writer

    def pragmas(db: object, *names: str) -> list[object]:
        return [db.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in names]  # type: ignore[attr-defined]

    wanted = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "query_only")
    assert await writer.do(lambda db: pragmas(db, *wanted)) == ["wal", 2, 1, 1, 0]
    assert await store._read(lambda db: pragmas(db, "query_only", "wal_autocheckpoint")) == [1, 0]
    await store.close()

"""Acknowledged is durable: what a process said it had kept is there after `kill -9`, and every chain holds."""

import asyncio
import random
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.store.examples import TickingClock
from viva.core.events import Heard
from viva.store.sqlite import SqliteStore

WRITES = """
import asyncio, itertools, pathlib, sys
from tests.store.examples import TickingClock, chat_draft, heard, opened
from viva.core.values import digest_of
from viva.ports import Key
from viva.store.sqlite import SqliteStore

async def live(store, name):
    length = len(await store.read(name))
    if not length:
        length = (await store.create(name, [opened()], key=Key(key=name, body=digest_of(name)))).seq
    for n in itertools.count(length):
        text = f"{name} says {n}"
        receipt = await store.append(name, length, [heard(text), heard(text)], key=Key(key=text, body=digest_of(text)))
        length = receipt.seq
        print("said", name, length, n, flush=True)
        if n % 5 == 0:
            await store.save_draft(name, chat_draft(text), length)
            print("draft", name, length, n, flush=True)

async def main():
    store = await SqliteStore.open(pathlib.Path(sys.argv[1]), TickingClock())
    print("ready 0 0 0", flush=True)
    await asyncio.gather(*(live(store, f"interview-{n}") for n in range(8)))

asyncio.run(main())
"""


def acknowledged(folder: Path, seconds: float) -> list[list[str]]:
    """What a child acknowledged in whole lines until it was killed, `seconds` after it was ready."""
    with subprocess.Popen([sys.executable, "-c", WRITES, str(folder)], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready 0 0 0\n"
        end = time.monotonic() + seconds
        told = b""
        while (left := end - time.monotonic()) > 0:
            if select.select([child.stdout], [], [], left)[0]:
                told += child.stdout.read1()  # type: ignore[attr-defined]
        child.kill()
        told += child.stdout.read()
    return [line.decode().split() for line in told[: told.rfind(b"\n") + 1].splitlines()]


async def check(folder: Path, told: list[list[str]]) -> None:
    store = await SqliteStore.open(folder, TickingClock())
    names = await store.interviews()
    records = {name: await store.read(name) for name in names}
    for name, record in records.items():
        assert (await store.verify(name)).broken_at is None
        assert len(record) % 2 == 1, "the two messages of one append are both there, or neither"
    drafts = {name: await store.drafts(name) for name in names}
    for what, name, seq, n in told:
        if what == "said":
            assert records[name][int(seq) - 1].event == Heard(text=f"{name} says {n}")
        else:
            (draft,) = drafts[name]
            assert draft.n >= int(seq)
    await store.close()


def killed_often(folder: Path, rounds: int) -> int:
    """How many writes were acknowledged and found over `rounds` lives on one folder."""
    chance = random.Random(20261125)
    told: list[list[str]] = []
    for _ in range(rounds):
        told += acknowledged(folder, chance.uniform(0.01, 0.3))
        asyncio.run(check(folder, told))
    return len(told)


def test_what_was_acknowledged_survives_kill_9_at_random_times(tmp_path: Path) -> None:
    assert killed_often(tmp_path / "data", 4) > 20


@pytest.mark.ci
def test_what_was_acknowledged_survives_forty_kills(tmp_path: Path) -> None:
    assert killed_often(tmp_path / "data", 40) > 200

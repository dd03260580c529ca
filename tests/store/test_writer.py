"""Writes that wait share one commit, and one that fails takes none of the others with it."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from viva.store.engine import writing_engine
from viva.store.writer import GROUP_LIMIT, Writer

pytestmark = pytest.mark.anyio


class Bench:
    """A writer whose commits are counted and whose thread can be held."""

    def __init__(self, folder: Path) -> None:
        self.engine = writing_engine(folder)
        self.commits = 0
        sa.event.listen(self.engine, "commit", self._committed)
        self.writer = Writer(self.engine)
        self._go = threading.Event()

    def _committed(self, _connection: sa.Connection) -> None:
        self.commits += 1

    async def hold(self) -> asyncio.Task[bool]:
        """Keep the thread busy until `release`."""
        begun = threading.Event()

        def wait(_db: sa.Connection) -> bool:
            begun.set()
            return self._go.wait(10)

        held = asyncio.create_task(self.writer.do(wait))
        await asyncio.to_thread(begun.wait, 10)
        return held

    def release(self) -> None:
        self._go.set()


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.release()
    await made.writer.close()


def keep(name: str, *, fail: Exception | None = None) -> Callable[[sa.Connection], str]:
    def job(db: sa.Connection) -> str:
        db.exec_driver_sql("INSERT INTO blob VALUES (?, x'')", (name,))
        if fail is not None:
            raise fail
        return name

    return job


def kept(db: sa.Connection) -> set[str]:
    return set(db.exec_driver_sql("SELECT digest FROM blob").scalars())


async def test_writes_that_wait_share_one_commit(bench: Bench) -> None:
    held = await bench.hold()
    before = bench.commits
    waiting = [asyncio.create_task(bench.writer.do(keep(str(n)))) for n in range(50)]
    await asyncio.sleep(0)
    bench.release()
    assert await asyncio.gather(*waiting) == [str(n) for n in range(50)]
    assert await held
    assert bench.commits - before == 2, "the one that was held, then all others together"


async def test_nobody_waits_for_an_endless_group(bench: Bench) -> None:
    held = await bench.hold()
    before = bench.commits
    waiting = [asyncio.create_task(bench.writer.do(keep(str(n)))) for n in range(GROUP_LIMIT + 1)]
    await asyncio.sleep(0)
    bench.release()
    await asyncio.gather(held, *waiting)
    assert bench.commits - before == 3


async def test_one_that_fails_takes_none_of_its_group_with_it(bench: Bench) -> None:
    held = await bench.hold()
    jobs = [keep("a"), keep("b", fail=KeyError("mine alone")), keep("c")]
    waiting = [asyncio.create_task(bench.writer.do(job)) for job in jobs]
    await asyncio.sleep(0)
    bench.release()
    first, second, third = await asyncio.gather(*waiting, return_exceptions=True)
    await held
    assert (first, third) == ("a", "c")
    assert isinstance(second, KeyError)
    assert await bench.writer.do(kept) == {"a", "c"}


async def test_the_answer_comes_after_the_commit(bench: Bench) -> None:
    before = bench.commits
    await bench.writer.do(keep("a"))
    assert bench.commits == before + 1


async def test_a_write_whose_caller_went_away_before_it_began_is_not_done(bench: Bench) -> None:
    held = await bench.hold()
    gone, stays = (asyncio.create_task(bench.writer.do(keep(name))) for name in ("gone", "stays"))
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.sleep(0)
    bench.release()
    await asyncio.gather(held, stays)
    assert await bench.writer.do(kept) == {"stays"}


async def test_a_failed_commit_is_told_to_everybody_in_the_group_and_the_next_goes_on(bench: Bench) -> None:
    held = await bench.hold()

    def spoil(db: sa.Connection) -> None:
        db.exec_driver_sql("SELECT * FROM no_such_table")

    waiting = [asyncio.create_task(bench.writer.do(job)) for job in (keep("a"), spoil, keep("b"))]
    await asyncio.sleep(0)
    bench.release()
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    await held
    assert all(isinstance(outcome, Exception) for outcome in outcomes)
    assert len({id(outcome) for outcome in outcomes}) == 3, "each caller gets an error of its own"
    assert await bench.writer.do(kept) == set()
    assert await bench.writer.do(keep("c")) == "c"

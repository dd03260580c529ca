"""What every plug of the store must do. A module of tests that has the fixtures `store` (a fresh `Store`) and, by importing
all of this, runs them: `from tests.store.conformance import *`.
"""

import asyncio
import math
from datetime import datetime

import pytest

from tests.store.examples import NOON, chat_draft, heard, opened
from viva.core.errors import (
    BrokenRecord,
    Conflict,
    KeyReused,
    NotFound,
    NotNow,
)
from viva.core.events import Agreed, Closed, Envelope, Erased, Event, Graded, Heard, Posed, Resumed
from viva.core.values import Digest, Dimension, Score, digest_of
from viva.ports import Key, Store
from viva.store.codec import SCHEMA

HOSTILE = "null \0, lone \ud800, split pair \ud83d\ude00, whole \U0001f600, \x1b[31m, ' OR 1=1; --"


def key(name: str, body: str = "body") -> Key:
    return Key(key=name, body=digest_of(body))


def events(envelopes: tuple[Envelope, ...]) -> list[Event | None]:
    return [envelope.event for envelope in envelopes]


# ---- records -------------------------------------------------------------------------------------------------------


async def test_a_record_reads_back_as_it_was_written(store: Store) -> None:
    await store.create("a", [opened(), Agreed(deadline=NOON)])
    await store.append("a", 2, [heard(HOSTILE), heard("")])
    rows = await store.read("a")
    assert events(rows) == [opened(), Agreed(deadline=NOON), Heard(text=HOSTILE), Heard(text="")]
    assert [row.seq for row in rows] == [1, 2, 3, 4]
    assert {row.schema for row in rows} == {SCHEMA}


async def test_the_stores_clock_stamps_each_write_in_utc(store: Store) -> None:
    await store.create("a", [opened(), Agreed(deadline=None)])
    await store.append("a", 2, [heard("x")])
    first, second, third = [row.at for row in await store.read("a")]
    assert NOON < first == second < third
    assert third.utcoffset() == datetime.resolution * 0


async def test_reading_after_a_row_gives_only_what_came_later(store: Store) -> None:
    await store.create("a", [opened(), heard("one"), heard("two")])
    assert events(await store.read("a", 2)) == [heard("two")]
    assert await store.read("a", 3) == ()
    assert await store.read("a", 10**30) == ()
    assert len(await store.read("a", -(10**30))) == 3


async def test_a_record_that_is_not_there_reads_as_empty(store: Store) -> None:
    assert await store.read("nobody") == ()
    assert await store.drafts("nobody") == ()
    with pytest.raises(NotFound):
        await store.append("nobody", 0, [heard("x")])
    with pytest.raises(NotFound):
        await store.verify("nobody")


async def test_a_second_record_of_the_same_name_is_a_conflict(store: Store) -> None:
    await store.create("a", [opened()])
    with pytest.raises(Conflict):
        await store.create("a", [opened()])
    assert len(await store.read("a")) == 1


@pytest.mark.parametrize("after", [0, 1, 3, 10**30])
async def test_an_append_decided_on_another_length_is_a_conflict(store: Store, after: int) -> None:
    await store.create("a", [opened(), heard("x")])
    with pytest.raises(Conflict):
        await store.append("a", after, [heard("late")])
    assert len(await store.read("a")) == 2


async def test_a_write_of_nothing_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="at least one"):
        await store.create("a", [])
    assert await store.interviews() == ()
    await store.create("a", [opened()])
    with pytest.raises(ValueError, match="at least one"):
        await store.append("a", 1, [])


async def test_a_write_with_one_event_that_cannot_be_recorded_keeps_none_of_it(store: Store) -> None:
    await store.create("a", [opened()])
    score = Score(
        dimension=Dimension.CRAFT, attempt=Digest("x"), value=math.nan, because=(), evidence=(), grader="craft@1"
    )
    naive = Agreed(deadline=datetime(2026, 1, 1))  # noqa: DTZ001 - what is being refused
    for bad in (Graded(grade=score), naive):
        with pytest.raises(BrokenRecord):
            await store.append("a", 1, [heard("fine"), bad], key=key("k"))
        with pytest.raises(BrokenRecord):
            await store.create("b", [opened(), bad], key=key("k"))
    assert len(await store.read("a")) == 1
    assert await store.interviews() == ("a",)
    assert await store.known("a", key("k")) is None
    await store.append("a", 1, [heard("goes on")])


async def test_records_are_listed_oldest_first_and_closed_ones_can_be_left_out(store: Store) -> None:
    for name in ("zebra", "apple", "mango"):
        await store.create(name, [opened()])
    await store.append("apple", 1, [Closed(why="done")])
    assert await store.interviews() == ("zebra", "apple", "mango")
    assert await store.interviews(open_only=True) == ("zebra", "mango")


async def test_records_do_not_mix(store: Store) -> None:
    await store.create("a", [opened(), heard("of a")])
    await store.create("b", [opened(), heard("of b")])
    assert events(await store.read("a", 1)) == [heard("of a")]
    assert events(await store.read("b", 1)) == [heard("of b")]


# ---- keys ----------------------------------------------------------------------------------------------------------


async def test_the_same_key_writes_once_and_answers_what_the_first_did(store: Store) -> None:
    await store.create("a", [opened()])
    first = await store.append("a", 1, [heard("x"), heard("y")], key=key("k"))
    assert (first.seq, first.fresh) == (3, True)
    await store.append("a", 3, [heard("later"), Closed(why="done")])
    again = await store.append("a", 1, [heard("x"), heard("y")], key=key("k"))
    assert (again.seq, again.fresh) == (3, False)
    assert await store.known("a", key("k")) == again
    assert len(await store.read("a")) == 5


async def test_the_same_key_with_another_body_is_refused(store: Store) -> None:
    await store.create("a", [opened()], key=key("k"))
    await store.append("a", 1, [heard("x")], key=key("k"))
    with pytest.raises(KeyReused):
        await store.append("a", 2, [heard("y")], key=key("k", "other"))
    with pytest.raises(KeyReused):
        await store.known("a", key("k", "other"))
    with pytest.raises(KeyReused):
        await store.create("b", [opened()], key=key("k", "other"))
    assert await store.interviews() == ("a",)


async def test_a_key_that_was_never_used_is_not_known(store: Store) -> None:
    await store.create("a", [opened()], key=key("k"))
    assert await store.known("a", key("k")) is None, "an opening key is no key of the record"
    assert await store.known("nobody", key("k")) is None


async def test_an_opening_key_gives_the_first_interview_within_its_scope_only(store: Store) -> None:
    await store.create("a", [opened(), heard("x")], scope="me", key=key("k"))
    again = await store.create("b", [opened()], scope="me", key=key("k"))
    assert (again.interview, again.seq, again.fresh) == ("a", 2, False)
    other = await store.create("b", [opened()], scope="you", key=key("k"))
    assert (other.interview, other.fresh) == ("b", True)
    assert await store.interviews() == ("a", "b")


async def test_the_same_key_in_two_interviews_is_two_keys(store: Store) -> None:
    for name in ("a", "b"):
        await store.create(name, [opened()])
        assert (await store.append(name, 1, [heard(name)], key=key("k", name))).fresh


async def test_keys_and_scopes_may_be_any_text(store: Store) -> None:
    await store.create("a", [opened()], scope=HOSTILE, key=key(HOSTILE))
    assert not (await store.create("b", [opened()], scope=HOSTILE, key=key(HOSTILE))).fresh
    assert (await store.append("a", 1, [heard("x")], key=key(HOSTILE))).fresh
    assert await store.known("a", key(HOSTILE)) is not None


# ---- races ---------------------------------------------------------------------------------------------------------


async def test_of_many_writers_on_one_length_exactly_one_wins(store: Store) -> None:
    await store.create("a", [opened()])
    for length in range(1, 6):
        outcomes = await asyncio.gather(
            *(store.append("a", length, [heard(f"{length} by {n}")]) for n in range(30)), return_exceptions=True
        )
        won = [outcome for outcome in outcomes if not isinstance(outcome, BaseException)]
        assert len(won) == 1
        assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 29
    assert (await store.verify("a")).broken_at is None
    assert len(await store.read("a")) == 6


async def test_losers_who_read_again_all_get_their_turn(store: Store) -> None:
    await store.create("a", [opened()])

    async def insist(text: str) -> None:
        while True:
            length = len(await store.read("a"))
            try:
                await store.append("a", length, [heard(text)])
            except Conflict:
                continue
            return

    await asyncio.gather(*(insist(str(n)) for n in range(12)))
    said = [event.text for event in events(await store.read("a", 1)) if isinstance(event, Heard)]
    assert sorted(said) == sorted(str(n) for n in range(12))


async def test_a_double_click_makes_one_record_and_one_message(store: Store) -> None:
    receipts = await asyncio.gather(*(store.create(f"i{n}", [opened()], scope="s", key=key("k")) for n in range(20)))
    assert sum(receipt.fresh for receipt in receipts) == 1
    assert len({receipt.interview for receipt in receipts}) == 1
    (name,) = await store.interviews()
    sent = await asyncio.gather(*(store.append(name, 1, [heard("hi")], key=key("m")) for _ in range(20)))
    assert sum(receipt.fresh for receipt in sent) == 1
    assert {receipt.seq for receipt in sent} == {2}


async def test_many_interviews_at_once_do_not_disturb_each_other(store: Store) -> None:
    async def live(name: str) -> None:
        await store.create(name, [opened()])
        for length in range(1, 6):
            await store.append(name, length, [heard(f"{name} {length}")])

    names = [f"i{n}" for n in range(20)]
    await asyncio.gather(*(live(name) for name in names))
    for name in names:
        assert events(await store.read(name, 1)) == [heard(f"{name} {length}") for length in range(1, 6)]
        assert (await store.verify(name)).broken_at is None


# ---- the chain, and erasing ----------------------------------------------------------------------------------------


async def test_an_untouched_record_verifies(store: Store) -> None:
    await store.create("a", [opened(), heard(HOSTILE)])
    await store.append("a", 2, [heard("x")])
    found = await store.verify("a")
    assert (found.rows, found.erased, found.broken_at, found.why) == (3, (), None, "")


async def test_an_erased_row_reads_as_empty_and_the_chain_still_holds(store: Store) -> None:
    await store.create("a", [opened(), heard("my name is Ada"), heard("y")])
    receipt = await store.erase("a", 2, by="operator", why="a name")
    assert (receipt.interview, receipt.seq, receipt.fresh) == ("a", 4, True)
    rows = await store.read("a")
    assert events(rows) == [opened(), None, heard("y"), Erased(seq=2, by="operator", why="a name")]
    found = await store.verify("a")
    assert (found.rows, found.erased, found.broken_at) == (4, (2,), None)
    await store.append("a", 4, [heard("goes on")])
    assert (await store.verify("a")).broken_at is None


async def test_erasing_twice_writes_once(store: Store) -> None:
    await store.create("a", [opened(), heard("x")])
    await store.erase("a", 2, by="operator", why="a name")
    again = await store.erase("a", 2, by="somebody else", why="again")
    assert (again.seq, again.fresh) == (3, False)
    assert len(await store.read("a")) == 3


@pytest.mark.parametrize("seq", [0, -1, 3, 10**30])
async def test_a_row_that_is_not_there_cannot_be_erased(store: Store, seq: int) -> None:
    await store.create("a", [opened(), heard("x")])
    with pytest.raises(NotFound):
        await store.erase("a", seq, by="operator", why="why")
    with pytest.raises(NotFound):
        await store.erase("nobody", seq, by="operator", why="why")
    assert len(await store.read("a")) == 2


async def test_who_erased_what_cannot_be_erased(store: Store) -> None:
    await store.create("a", [opened(), heard("x")])
    await store.erase("a", 2, by="operator", why="why")
    with pytest.raises(NotNow):
        await store.erase("a", 3, by="operator", why="why")


@pytest.mark.parametrize("frame", [Agreed(deadline=None), Posed(step=0, deadline=None), Resumed(), Closed(why="done")])
async def test_what_only_says_when_something_happened_cannot_be_erased(store: Store, frame: Event) -> None:
    await store.create("a", [opened(), frame])
    for seq in (1, 2):
        with pytest.raises(NotNow, match="nobody's words"):
            await store.erase("a", seq, by="operator", why="why")
    assert len(await store.read("a")) == 2


async def test_a_key_whose_content_was_erased_is_still_known(store: Store) -> None:
    await store.create("a", [opened()])
    await store.append("a", 1, [heard("my name is Ada")], key=key("k", "my name is Ada"))
    await store.erase("a", 2, by="operator", why="a name")
    retried = await store.known("a", key("k", "anything: what it was is gone"))
    assert retried is not None
    assert (retried.seq, retried.fresh) == (2, False)


async def test_erasing_in_an_ended_interview_takes_its_drafts_too(store: Store) -> None:
    await store.create("a", [opened(), heard("my name is Ada")])
    await store.save_draft("a", chat_draft("my name is A"), 1)
    await store.erase("a", 2, by="operator", why="a name")
    assert len(await store.drafts("a")) == 1, "work in an open interview is never taken away"
    await store.append("a", 3, [heard("it is Ada"), Closed(why="done")])
    await store.erase("a", 4, by="operator", why="a name")
    assert await store.drafts("a") == ()

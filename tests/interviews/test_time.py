"""Deadlines, drafts, pauses and downtime: one clock, the server's."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from tests.interviews.house import START, HandClock, House, house
from viva.core.errors import InterviewClosed, NotNow, QuestionLeft
from viva.core.events import Heard, Paused, Posed, Resumed, TimeUp
from viva.interviews.tokens import name_of
from viva.ports import Person
from viva.store.memory import MemoryStore


async def kinds(h: House, token: str) -> list[str]:
    return [type(row.event).__name__ for row in await h.store.read(name_of(token))]


def test_the_first_contact_after_a_deadline_leaves_the_question_before_anything_else(tmp_path: Path) -> None:
    async def story() -> None:
        async with house(tmp_path / "b") as h:
            token = await h.agreed()
            h.clock.move(4.1)
            with pytest.raises(QuestionLeft):
                await h.desk.message(token, "too late", h.key(), "why-double")
            await h.settled(token)
            view = await h.desk.view(token)
            assert view["question"] is not None and view["question"]["id"] == "double"
            rows = [row.event for row in await h.store.read(name_of(token))]
            assert any(isinstance(event, TimeUp) and event.of == "question" for event in rows)
            assert not any(isinstance(event, Heard) for event in rows)

    asyncio.run(story())


def test_what_stood_in_the_editor_is_handed_in_when_time_is_up(tmp_path: Path) -> None:
    async def story() -> None:
        async with house(tmp_path / "b") as h:
            token = await h.agreed(question="double")
            await h.desk.draft(token, ("editor", "def double(x):\n    return 2 * x\n", 1), "double", "numpy")
            h.clock.move(5.1)
            await h.desk.view(token)
            await h.settled(token)
            card = await h.desk.scorecard(token)
            (question,) = card["questions"]
            assert [attempt["code"] for attempt in question["attempts"]] == ["def double(x):\n    return 2 * x\n"]
            assert question["grades"]["correctness"]["value"] == 1.0
            assert card["status"] == "closed"

    asyncio.run(story())


def test_an_untouched_starter_is_not_handed_in_when_time_is_up(tmp_path: Path) -> None:
    async def story() -> None:
        async with house(tmp_path / "b") as h:
            token = await h.agreed(question="double")
            await h.desk.draft(token, ("editor", "def double(x):\n    ...\n", 1), "double", "numpy")
            h.clock.move(5.1)
            await h.desk.view(token)
            await h.settled(token)
            card = await h.desk.scorecard(token)
            assert card["questions"][0]["attempts"] == []
            assert card["questions"][0]["grades"]["correctness"]["unscored"] == "Nothing was handed in."

    asyncio.run(story())


def test_an_unsent_message_counts_as_an_answer_when_time_is_up(tmp_path: Path) -> None:
    async def story() -> None:
        async with house(tmp_path / "b") as h:
            token = await h.agreed(question="why-double")
            await h.say(token, "It adds a number")
            await h.desk.draft(token, ("chat", "to itself.", 1), "why-double")
            h.clock.move(5.1)
            await h.desk.view(token)
            await h.settled(token)
            card = await h.desk.scorecard(token)
            assert card["questions"][0]["attempts"][0]["code"] == "It adds a number\n\nto itself."

    asyncio.run(story())


def test_a_message_that_was_sent_is_not_handed_in_twice(tmp_path: Path) -> None:
    async def story() -> None:
        async with house(tmp_path / "b") as h:
            token = await h.agreed(question="why-double")
            await h.desk.draft(token, ("chat", "It adds a number to itself.", 1), "why-double")
            await h.say(token, "It adds a number to itself.")
            h.clock.move(5.1)
            await h.desk.view(token)
            await h.settled(token)
            card = await h.desk.scorecard(token)
            assert card["questions"][0]["attempts"][0]["code"] == "It adds a number to itself."

    asyncio.run(story())


def test_the_timer_ends_a_question_without_any_contact(tmp_path: Path) -> None:
    async def story() -> None:
        clock = HandClock()
        async with house(tmp_path / "b", clock=clock) as h:
            token = await h.agreed()
            live = await h.driver.look(name_of(token))
            clock.move(4 - 0.001)
            live.wake.set()
            await asyncio.sleep(0)
            clock.move(0.01)
            async with asyncio.timeout(3):
                while "TimeUp" not in await kinds(h, token):
                    await asyncio.sleep(0.02)

    asyncio.run(story())


def test_the_interviews_deadline_ends_everything(tmp_path: Path) -> None:
    async def story() -> None:
        async with house(tmp_path / "b") as h:
            token = await h.agreed()
            h.clock.move(10.1)
            await h.desk.view(token)
            await h.settled(token)
            assert (await h.desk.view(token))["status"] == "closed"
            with pytest.raises(InterviewClosed):
                await h.desk.message(token, "hello?", h.key())

    asyncio.run(story())


@pytest.mark.parametrize(("factor", "minutes"), [(1.0, 5), (1.5, 7.5), (2.0, 10), (None, None)])
def test_more_time_moves_the_deadlines_and_the_record_holds_no_reason(
    factor: float | None, minutes: float | None, tmp_path: Path
) -> None:
    async def story() -> None:
        async with house(tmp_path / "b") as h:
            token = await h.open(question="double")
            await h.desk.profile(token, Person(name="A", email="a@b.c", time_factor=factor))
            await h.press(token, "agree")
            view = await h.desk.view(token)
            wanted = None if minutes is None else (START + timedelta(minutes=minutes)).isoformat()
            assert view["deadline"] == wanted
            assert view["question"] is not None and view["question"]["deadline"] == wanted
            with pytest.raises(NotNow):
                await h.desk.profile(token, Person(time_factor=2.0))

    asyncio.run(story())


def test_a_pause_moves_the_deadlines_and_takes_no_messages(tmp_path: Path) -> None:
    async def story() -> None:
        async with house(tmp_path / "b") as h:
            token = await h.agreed(question="double")
            h.clock.move(1)
            await h.press(token, "pause")
            assert (await h.desk.view(token))["status"] == "paused"
            h.clock.move(60)
            with pytest.raises(NotNow, match="paused"):
                await h.desk.message(token, "hello", h.key())
            await h.press(token, "resume")
            view = await h.desk.view(token)
            assert view["deadline"] == (START + timedelta(minutes=65)).isoformat()

    asyncio.run(story())


def test_a_screening_cannot_be_paused(tmp_path: Path) -> None:
    async def story() -> None:
        async with house(tmp_path / "b") as h:
            token = await h.agreed(mode="screening")
            with pytest.raises(NotNow):
                await h.desk.move(token, "pause", h.key())

    asyncio.run(story())


@pytest.mark.parametrize(("away", "moved"), [(30, True), (0.05, False)])
def test_our_downtime_is_not_their_time(away: float, moved: bool, tmp_path: Path) -> None:
    async def story() -> None:
        clock = HandClock()
        store = MemoryStore(clock)
        async with house(tmp_path / "b", store=store, clock=clock) as h:
            token = await h.agreed(question="double")
            clock.move(1)
            await store.beat()
        clock.move(away)
        async with house(tmp_path / "b", store=store, clock=clock) as h:
            view = await h.desk.view(token)
            events = [row.event for row in await store.read(name_of(token))]
            assert any(isinstance(event, Paused) and event.whose == "machine" for event in events) is moved
            assert any(isinstance(event, Resumed) for event in events) is moved
            assert view["status"] == "open", "downtime must not end a question"
            assert view["deadline"] == (START + timedelta(minutes=5 + (away if moved else 0))).isoformat()
            posed = [event for event in events if isinstance(event, Posed)]
            assert len(posed) == 1

    asyncio.run(story())

"""What doors may rely on: keys, questions that were left, ends, limits, and what each mode shows."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from tests.interviews.house import House, check_run, house
from viva.core.errors import InterviewClosed, KeyReused, NotAllowed, NotFound, NotNow, TooLarge
from viva.core.events import Heard, Opened, Submitted
from viva.core.values import Dimension
from viva.interviews.desk import TEXT_LIMIT, Appeal
from viva.interviews.opening import Order
from viva.interviews.tokens import name_of


async def count(h: House, token: str, kind: type) -> int:
    return sum(isinstance(row.event, kind) for row in await h.store.read(name_of(token)))


def test_opening_twice_with_one_key_makes_one_interview(tmp_path: Path) -> None:
    async def story() -> None:
        async with house(tmp_path / "b") as h:
            order = Order(mode="practice", key="k", scope="s", track="both")
            first, second = await asyncio.gather(h.desk.open(order), h.desk.open(order))
            assert first.id == second.id and {first.fresh, second.fresh} == {True, False}
            assert len(await h.store.interviews()) == 1
            other = await h.desk.open(Order(mode="practice", key="k", scope="other", track="both"))
            assert other.id != first.id
            with pytest.raises(KeyReused):
                await h.desk.open(Order(mode="practice", key="k", scope="s", question="double"))

    asyncio.run(story())


def test_the_same_key_answers_what_the_first_did_also_after_the_end(tmp_path: Path) -> None:
    async def story() -> None:
        async with house(tmp_path / "b") as h:
            token = await h.agreed(question="double")
            first, digest = await h.desk.attempt(token, "def double(x): return 2 * x", "numpy", "same")
            again, twin = await h.desk.attempt(token, "def double(x): return 2 * x", "numpy", "same")
            assert (first.seq, digest) == (again.seq, twin) and first.fresh and not again.fresh
            with pytest.raises(KeyReused):
                await h.desk.attempt(token, "def double(x): return x", "numpy", "same")
            await h.press(token, "finish")
            after, _ = await h.desk.attempt(token, "def double(x): return 2 * x", "numpy", "same")
            assert after.seq == first.seq
            assert await count(h, token, Submitted) == 1
            with pytest.raises(InterviewClosed):
                await h.desk.message(token, "one more", h.key())
            await h.desk.move(
                token, "appeal", h.key(), Appeal(question="double", dimension=Dimension.CORRECTNESS, text="why?")
            )

    asyncio.run(story())


def test_the_same_code_handed_in_again_is_another_attempt(tmp_path: Path) -> None:
    async def story() -> None:
        async with house(tmp_path / "b") as h:
            token = await h.agreed(question="double")
            assert await h.submit(token) != await h.submit(token)
            assert len(h.judge.requests) == 2

    asyncio.run(story())


def test_a_first_write_of_a_client_that_never_agreed_agrees_and_reaches_the_first_question(tmp_path: Path) -> None:
    async def story() -> None:
        async with house(tmp_path / "b") as h:
            token = await h.open(question="double")
            assert (await h.desk.view(token))["question"] is None
            digest = await h.submit(token)
            view = await h.desk.view(token)
            assert view["agreed"] and view["attempts"][0]["id"] == digest

    asyncio.run(story())


def test_a_draft_of_a_client_that_never_agreed_is_kept_and_handed_in_when_time_is_up(tmp_path: Path) -> None:
    async def story() -> None:
        async with house(tmp_path / "b") as h:
            token = await h.open(question="double")
            saved = await h.desk.draft(token, ("editor", "def double(x): return 2 * x", 1))
            assert (saved.draft.question, saved.draft.framework) == ("double", "numpy")
            view = await h.desk.view(token)
            assert view["agreed"] and view["draft"] is not None and view["draft"]["text"] == saved.draft.text
            h.clock.move(5.1)
            await h.desk.view(token)
            await h.settled(token)
            attempts = (await h.desk.scorecard(token))["questions"][0]["attempts"]
            assert [attempt["code"] for attempt in attempts] == [saved.draft.text]

    asyncio.run(story())


def test_a_wrong_token_opens_nothing(tmp_path: Path) -> None:
    async def story() -> None:
        async with house(tmp_path / "b") as h:
            await h.agreed()
            for token in ("", "x", name_of("x"), "\ud800"):
                with pytest.raises(NotFound):
                    await h.desk.view(token)

    asyncio.run(story())


def test_texts_over_the_limit_are_refused_and_hostile_ones_are_data(tmp_path: Path) -> None:
    async def story() -> None:
        async with house(tmp_path / "b") as h:
            token = await h.agreed(question="why-double")
            with pytest.raises(TooLarge):
                await h.desk.message(token, "x" * (TEXT_LIMIT + 1), h.key())
            hostile = [
                "\0",
                "\ud800 lone",
                "(" * 6000,
                "-" * 40_000 + "1",
                "<script>alert(1)</script>",
                "{facts} {",
                "a" * TEXT_LIMIT,
            ]
            for text in hostile:
                await h.say(token, text)
            said = [row.event.text for row in await h.store.read(name_of(token)) if isinstance(row.event, Heard)]
            assert said == hostile
            assert (await h.desk.view(token))["status"] == "open"

    asyncio.run(story())


def test_a_screening_takes_five_attempts_and_no_seed_of_the_candidates(tmp_path: Path) -> None:
    async def story() -> None:
        async with house(tmp_path / "b") as h:
            with pytest.raises(NotAllowed):
                await h.open(mode="screening", seed=1)
            token = await h.agreed(mode="screening", question="double")
            for n in range(5):
                await h.submit(token, f"x = {n}")
            with pytest.raises(NotNow, match="Every attempt"):
                await h.submit(token, "x = 6")

    asyncio.run(story())


def test_a_seed_repeats_a_practice_and_its_hidden_inputs(tmp_path: Path) -> None:
    async def story() -> None:
        async with house(tmp_path / "b") as h:
            openings = []
            for seed in (7, 7, 8, None, None):
                token = await h.open(seed=seed)
                event = (await h.store.read(name_of(token)))[0].event
                assert isinstance(event, Opened)
                openings.append(event.hidden_seed)
            assert openings[0] == openings[1]
            assert len(set(openings)) == 4

    asyncio.run(story())


def test_an_open_screening_shows_nothing_of_hidden_checks_and_a_closed_one_only_titles(tmp_path: Path) -> None:
    async def story() -> None:
        async with house(tmp_path / "b", judge=[check_run(False, False)]) as h:
            token = await h.agreed(mode="screening")
            await h.say(token, "next")
            await h.desk.run(token, "print(1)", "numpy", h.key())
            await h.settled(token)
            run = (await h.desk.view(token))["runs"][0]
            assert run["result"] is not None and run["result"]["prints"] == "printed\n"
            await h.submit(token)
            view, card = await h.desk.view(token), await h.desk.scorecard(token)
            assert view["attempts"][0]["status"] == "received" and view["attempts"][0]["result"] is None
            assert "hidden words 1" not in json.dumps(view) + json.dumps(card)
            assert all(question["grades"] == {} and question["solution"] is None for question in card["questions"])
            await h.press(token, "finish")
            card = await h.desk.scorecard(token)
            text = json.dumps(card)
            assert "check number 1" in text and "hidden words 1" not in text and "2 * x" not in text
            assert "printed" not in text, "in the run of hidden checks the code may have printed their inputs"
            assert card["questions"][1]["grades"]["correctness"]["value"] == 0.0

    asyncio.run(story())


def test_practice_shows_grades_and_the_solution_only_after_the_question(tmp_path: Path) -> None:
    async def story() -> None:
        async with house(tmp_path / "b", judge=[check_run(True, False)]) as h:
            token = await h.agreed(question="double")
            await h.submit(token)
            before = await h.desk.scorecard(token)
            assert before["questions"][0]["solution"] is None and before["questions"][0]["grades"] == {}
            shown = (await h.desk.view(token))["attempts"][0]["result"]
            assert shown is not None and shown["checks"][1]["says"] == "hidden words 1"
            await h.press(token, "next")
            after = await h.desk.scorecard(token)
            solution = after["questions"][0]["solution"]
            assert solution is not None and "2 * x" in solution["solutions"]["numpy"]

    asyncio.run(story())


def test_hints_come_in_order_are_recorded_and_run_out(tmp_path: Path) -> None:
    async def story() -> None:
        async with house(tmp_path / "b") as h:
            token = await h.agreed(question="double")
            for _ in range(4):
                await h.press(token, "hint")
            view = await h.desk.view(token)
            hints = [line for line in view["transcript"] if line["move"] == "hint"]
            assert [line["level"] for line in hints] == [1, 2, 3, 0]
            assert all(f"Hint text {n}." in hints[n - 1]["text"] for n in (1, 2, 3))
            card = await h.desk.scorecard(token)
            assert [hint["level"] for hint in card["questions"][0]["hints"]] == [1, 2, 3]

    asyncio.run(story())


def test_a_changed_bank_changes_no_interview_that_has_begun(tmp_path: Path) -> None:
    async def story() -> None:
        async with house(tmp_path / "b") as h:
            token = await h.agreed(question="double")
            (tmp_path / "b" / "questions" / "double" / "statement.md").write_text("Triple it.\n")
            view = await h.desk.view(token)
            assert view["question"] is not None and view["question"]["statement"] == "Double it.\n"
            other = await h.agreed(question="double")
            changed = await h.desk.view(other)
            assert changed["question"] is not None and changed["question"]["statement"] == "Triple it.\n"

    asyncio.run(story())


def test_the_stream_gives_each_allowed_row_once_and_ends_with_closed(tmp_path: Path) -> None:
    async def story() -> None:
        async with house(tmp_path / "b") as h:
            token = await h.agreed(question="double")

            async def listen(after: int) -> list[dict[str, object]]:
                return [dict(event) async for event in h.desk.events(token, after)]

            listening = asyncio.create_task(listen(0))
            await h.submit(token)
            await h.press(token, "finish")
            events = await asyncio.wait_for(listening, 3)
            seqs = [cast("int", event["seq"]) for event in events]
            assert seqs == sorted(set(seqs)) and events[-1]["kind"] == "closed"
            text = json.dumps(events)
            opened = (await h.store.read(name_of(token)))[0].event
            assert isinstance(opened, Opened)
            assert opened.hidden_seed not in text and "hidden words" not in text
            assert await listen(seqs[-2]) == events[-1:]

    asyncio.run(story())


def test_where_code_runs_without_a_jail_only_practice_is_opened_and_each_run_is_marked(tmp_path: Path) -> None:
    async def story() -> None:
        bare = replace(check_run(True, True), jail=False)
        async with house(tmp_path / "b", judge=(bare,), practice_only=True) as h:
            with pytest.raises(NotAllowed, match="practice only"):
                await h.desk.open(Order(mode="screening", key="k", scope="s", track="both"))
            token = await h.agreed(question="double")
            await h.submit(token)
            (attempt,) = (await h.desk.view(token))["attempts"]
            assert attempt["result"] is not None
            assert (attempt["result"]["jail"], attempt["result"]["says"]) == (False, "This ran without a jail.")

    asyncio.run(story())

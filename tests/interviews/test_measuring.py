"""Measurements in a walk: nobody waits for one, a run ends one, and each attempt has its own in the end."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from tests.interviews.house import COSTS, House, Meter, check_run, house
from viva.core.events import Graded, Observed
from viva.core.evidence import CheckRun, Costs
from viva.core.values import Dimension, Mode, Score
from viva.interviews.tokens import name_of

RIGHT = "def double(x):\n    return 2 * x\n"


async def until_measuring(meter: Meter, times: int) -> None:
    async with asyncio.timeout(5):
        while meter.begun < times:
            await asyncio.sleep(0.001)


async def kinds(h: House, token: str) -> list[str]:
    """What was observed and graded, in order."""
    told = []
    for row in await h.store.read(name_of(token)):
        if isinstance(row.event, Observed) and isinstance(row.event.evidence, CheckRun | Costs):
            told.append(type(row.event.evidence).__name__)
        elif isinstance(row.event, Graded):
            told.append(str(row.event.grade.dimension))
    return told


def test_who_waits_for_an_attempt_has_its_correctness_and_does_not_wait_for_the_measurement(tmp_path: Path) -> None:
    async def story() -> None:
        meter = Meter()
        async with house(tmp_path / "b", meter=meter) as h:
            token = await h.agreed(question="double")
            for times in (1, 2, 3):
                await h.desk.attempt(token, RIGHT, "numpy", h.key())
                async with asyncio.timeout(2):
                    await h.desk.settle(token, 60)
                live = await h.driver.look(name_of(token))
                assert sum(of is Dimension.CORRECTNESS for _, of in live.state.grades) == times
                assert (await h.desk.view(token))["waiting_for"] == "candidate"
            assert not any(of is Dimension.EFFICIENCY for _, of in live.state.grades)

    asyncio.run(story())


def test_who_waits_for_the_end_waits_for_the_measurement_too(tmp_path: Path) -> None:
    async def story() -> None:
        meter = Meter()
        async with house(tmp_path / "b", meter=meter) as h:
            token = await h.agreed(question="double")
            await h.desk.attempt(token, RIGHT, "numpy", h.key())
            await h.desk.settle(token, 60)
            await h.desk.move(token, "finish", h.key())
            waiting = asyncio.create_task(h.desk.settle(token, 60))
            await until_measuring(meter, 1)
            done, _ = await asyncio.wait({waiting}, timeout=0.05)
            assert not done and (await h.desk.scorecard(token))["pending"]
            meter.may.set()
            async with asyncio.timeout(5):
                await waiting
            card = await h.desk.scorecard(token)
            grade = card["questions"][0]["grades"]["efficiency"]
            assert not card["pending"] and grade["value"] == pytest.approx((1.25 / 4) ** 0.5)

    asyncio.run(story())


def test_a_run_ends_a_measurement_which_starts_again_afterwards(tmp_path: Path) -> None:
    async def story() -> None:
        meter = Meter()
        async with house(tmp_path / "b", meter=meter) as h:
            token = await h.agreed(question="double")
            await h.desk.attempt(token, RIGHT, "numpy", h.key())
            await until_measuring(meter, 1)
            await h.desk.run(token, RIGHT, "numpy", h.key())
            async with asyncio.timeout(2):
                await h.desk.settle(token, 60)
            assert (await h.desk.view(token))["runs"][0]["status"] == "done"
            assert meter.ended == 1
            await until_measuring(meter, 2)
            meter.may.set()
            await h.settled(token)
            assert (meter.begun, meter.ended) == (2, 1)
            assert [kind for kind in await kinds(h, token) if kind != "craft"] == [
                "CheckRun", "correctness", "CheckRun", "Costs", "efficiency",
            ]  # fmt: skip

    asyncio.run(story())


def test_a_second_attempt_is_judged_before_the_first_is_measured_and_both_are_in_the_end(tmp_path: Path) -> None:
    async def story() -> None:
        meter = Meter()
        async with house(tmp_path / "b", meter=meter) as h:
            token = await h.agreed(question="double")
            await h.desk.attempt(token, RIGHT, "numpy", h.key())
            await until_measuring(meter, 1)
            await h.desk.attempt(token, RIGHT, "numpy", h.key())
            async with asyncio.timeout(2):
                await h.desk.settle(token, 60)
            meter.may.set()
            await h.settled(token)
            assert [kind for kind in await kinds(h, token) if kind != "craft"] == [
                "CheckRun", "correctness", "CheckRun", "correctness", "Costs", "efficiency", "Costs", "efficiency",
            ]  # fmt: skip

    asyncio.run(story())


def test_what_fails_a_check_is_not_measured(tmp_path: Path) -> None:
    async def story() -> None:
        meter = Meter()
        async with house(tmp_path / "b", meter=meter, judge=[check_run(True, False)]) as h:
            token = await h.agreed(question="double")
            await h.submit(token)
            assert meter.begun == 0

    asyncio.run(story())


def test_practice_shows_efficiency_with_the_attempt_and_a_screening_nothing_before_its_end(tmp_path: Path) -> None:
    async def story(mode: Mode, folder: Path) -> None:
        meter = Meter()
        meter.may.set()
        async with house(folder, meter=meter) as h:
            token = await h.agreed(question="double", mode=mode)
            await h.submit(token, RIGHT)
            (attempt,) = (await h.desk.view(token))["attempts"]
            if mode == "screening":
                assert attempt["grades"] == {}
                return
            assert list(attempt["grades"]) == ["efficiency"]  # of craft there is no reader in this house
            assert attempt["grades"]["efficiency"]["because"][0].startswith(
                "4 times the reference's CPU time at n = 800"
            )

    asyncio.run(story("practice", tmp_path / "b"))
    asyncio.run(story("screening", tmp_path / "c"))


def test_what_code_ended_with_in_a_measurement_is_shown_in_practice_and_in_no_screening(tmp_path: Path) -> None:
    secret = "ValueError: the third entry is 0.4711"

    async def story(mode: Mode, folder: Path) -> str:
        meter = Meter(costs=replace(COSTS, stopped=secret))
        meter.may.set()
        async with house(folder, meter=meter) as h:
            token = await h.agreed(question="double", mode=mode)
            await h.submit(token, RIGHT)
            await h.press(token, "finish")
            card = await h.desk.scorecard(token)
            grade = card["questions"][0]["grades"]["efficiency"]
            assert grade["unscored"] is not None and "ended early" in grade["unscored"]
            assert [entry["kind"] for entry in grade["evidence"]].count("cost") == 1
            return str(card) + str(await h.desk.view(token))

    assert secret in asyncio.run(story("practice", tmp_path / "b"))
    assert "0.4711" not in asyncio.run(story("screening", tmp_path / "c"))


def test_grades_of_a_measurement_name_what_they_rest_on(tmp_path: Path) -> None:
    async def story() -> None:
        meter = Meter()
        meter.may.set()
        async with house(tmp_path / "b", meter=meter) as h:
            token = await h.agreed(question="double")
            digest = await h.submit(token, RIGHT)
            live = await h.driver.look(name_of(token))
            grade = live.state.grades[digest, Dimension.EFFICIENCY]
            assert isinstance(grade, Score)
            assert all(isinstance(live.state.evidence[of], Costs) for of in grade.evidence)
            await h.press(token, "finish")
            (shown,) = (await h.desk.scorecard(token))["questions"][0]["grades"]["efficiency"]["evidence"]
            assert shown["name"] == "n"
            assert [(row["size"], row["cpu_ms"], row["reference_cpu_ms"], row["pairs"]) for row in shown["sizes"]] == [
                (100, 0.4, 0.1, 9), (200, 0.8, 0.2, 9), (400, 1.6, 0.4, 9), (800, 3.2, 0.8, 9),
            ]  # fmt: skip

    asyncio.run(story())

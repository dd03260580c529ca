"""`viva log regrade` derives from evidence alone; `viva log overrule` puts a person's word above the machine's."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

from tests.interviews.house import check_run, house
from viva.interviews.scorecard import scorecard
from viva.interviews.tokens import name_of
from viva.store.sqlite import SqliteStore
from viva.wiring import SystemClock


def viva(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "viva", "log", *arguments], capture_output=True, text=True, timeout=60, check=False
    )


def recorded(folder: Path) -> str:
    """An interview with one wrong attempt in a data folder; gives its token."""

    async def story() -> str:
        store = await SqliteStore.open(folder / "data", SystemClock())
        async with house(folder / "bank", store=store, judge=[check_run(True, False)]) as h:
            token = await h.agreed(question="double")
            await h.submit(token)
            await h.press(token, "next")
        await store.close()
        return token

    return asyncio.run(story())


def test_grades_derived_again_are_the_recorded_ones(tmp_path: Path) -> None:
    name = name_of(recorded(tmp_path))
    told = viva("regrade", name, "--data", str(tmp_path / "data"))
    assert told.returncode == 0, told.stderr
    assert "double, attempt 1, correctness: 0.50  same" in told.stdout
    shown = viva("regrade", name[:5], "--data", str(tmp_path / "data"), "--json")
    grades = json.loads(shown.stdout)["grades"]
    assert {grade["dimension"] for grade in grades} == {"correctness", "efficiency", "craft"}
    assert all(grade["same"] and grade["derived"] for grade in grades)


def test_a_persons_word_stands_on_the_scorecard_beside_the_machines(tmp_path: Path) -> None:
    token = recorded(tmp_path)
    word = ("--reason", "the check was wrong", "--by", "R. Bell", "--data", str(tmp_path / "data"))
    told = viva("overrule", name_of(token), "double", "correctness", "1", *word)
    assert told.returncode == 0, told.stderr

    async def look() -> None:
        store = await SqliteStore.open(tmp_path / "data", SystemClock())
        async with house(tmp_path / "bank", store=store) as h:
            live = await h.driver.look(name_of(token))
            grade = scorecard(token, live, {}, h.clock.now())["questions"][0]["grades"]["correctness"]
            assert grade["value"] == 1.0
            assert grade["overruled"] == "A person set this, R. Bell: the check was wrong"
        await store.close()

    asyncio.run(look())
    assert viva("regrade", name_of(token), "--data", str(tmp_path / "data")).returncode == 0


def test_overruling_names_what_is_wrong_and_what_there_is(tmp_path: Path) -> None:
    name = name_of(recorded(tmp_path))
    word = ("--reason", "x", "--by", "y", "--data", str(tmp_path / "data"))
    unknown = viva("overrule", name, "triple", "correctness", "1", *word)
    assert unknown.returncode == 2 and "It has: double." in unknown.stderr
    assert viva("overrule", name, "double", "correctness", "7", *word).returncode == 2
    assert viva("overrule", name, "double", "charm", "1", *word).returncode == 2

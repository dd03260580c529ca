"""Nothing hidden lives beside candidate code: an attempt that searches everything it can reach for every hidden file of its
question finds nothing, and the same searcher finds what was planted for it to find.
"""

import asyncio
import json
import os
import struct
from dataclasses import dataclass, replace
from typing import Any

import pytest

from tests.proofs.bank import PARTS_OF_THE_WIRE, SEED, coding, files_of, job_for, question_of
from tests.proofs.searching import Needles, needles_of, searcher
from tests.sandbox.conftest import Loop, run_of
from viva.core.evidence import CheckRun, Ended
from viva.sandbox.client import Sandbox

PLANTED = "# planted here, where the candidate may look, so that the search can prove that it looks"
CONTROL = "control: a line of given.py"
EVERYWHERE = PARTS_OF_THE_WIRE[0]
IN_NUMPY = "control: a line of numpy's own source"


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What one searching attempt told, when it was imported and while it was called; hits as (needle, place)."""

    run: CheckRun
    hits: set[tuple[str, str]]
    saw: dict[str, Any]


def told(run: CheckRun, needles: Needles) -> Search:
    """The prints of a searcher, its needles named again."""
    names = {"few": list(needles.few), "lines": list(needles.lines), "name": ["a file's name"]}
    reports = [json.loads(line) for line in run.prints.splitlines()]
    assert [report["when"] for report in reports] == ["import", "call"], run
    hits = {(names[kind][number], place) for report in reports for kind, number, place in report["hits"]}
    saw = reports[0]["saw"] | reports[1]["saw"]
    assert "failed" not in saw, saw["failed"]
    return Search(run=run, hits=hits, saw=saw)


class Searches:
    """Searches of questions' jails, each made once: those of `PARTS_OF_THE_WIRE` side by side. The first of them also reads
    every file of the host that the jail shows, for lines of all of them."""

    def __init__(self, loop: Loop, sandbox: Sandbox) -> None:
        self._loop = loop
        self._sandbox = sandbox
        self._made: dict[str, Search] = {}

    def __getitem__(self, id: str) -> Search:
        if id not in self._made:
            together = PARTS_OF_THE_WIRE if id in PARTS_OF_THE_WIRE else (id,)
            self._made |= zip(together, self._loop.run(self._together(together)), strict=True)
        return self._made[id]

    async def _together(self, ids: tuple[str, ...]) -> list[Search]:
        return await asyncio.gather(*(self._search(id) for id in ids))

    async def _search(self, id: str) -> Search:
        everywhere = id == EVERYWHERE
        lines = {IN_NUMPY: b"1. An array object of arbitrary homogeneous items"}
        for other in PARTS_OF_THE_WIRE if everywhere else (id,):
            found = needles_of(question_of(other), files_of(other)).lines
            lines |= {f"{other}/{name}": line for name, line in found.items()}
        few = needles_of(question_of(id), files_of(id)).few
        needles = Needles(lines=lines, few={**few, "the seed": SEED.encode(), CONTROL: PLANTED.encode()})
        job = job_for(id, searcher(needles, everywhere=everywhere), given=PLANTED, wide=True)
        return told(run_of(await self._sandbox.run(job)), needles)


@pytest.fixture(scope="module")
def searched(loop: Loop, sandbox: Sandbox) -> Searches:
    """The searches of this module."""
    return Searches(loop, sandbox)


@pytest.mark.parametrize("id", coding(*PARTS_OF_THE_WIRE))
def test_nothing_of_a_questions_hidden_files_can_be_found_from_its_jail(searched: Searches, id: str) -> None:
    assert {hit for hit in searched[id].hits if not hit[0].startswith("control: ")} == set()


@pytest.mark.parametrize("id", coding(*PARTS_OF_THE_WIRE))
def test_the_search_finds_what_is_there(searched: Searches, id: str) -> None:
    """Controls: a line of given.py in objects and in raw memory, a line of numpy's in a file; and it looked at enough."""
    search = searched[id]
    wanted = {(CONTROL, "Python's objects"), (CONTROL, "raw memory")}
    wanted |= {(IN_NUMPY, "/env/numpy/__init__.py")} if id == EVERYWHERE else set()
    assert wanted <= search.hits
    assert search.saw["objects"] > 50_000 and search.saw["memory_mib"] > 20
    assert search.saw["files"] > (2_000 if id == EVERYWHERE else 10)
    assert search.run.ended is Ended.FINISHED and not all(check.passed for check in search.run.checks)


@pytest.mark.parametrize("id", coding(*PARTS_OF_THE_WIRE))
def test_the_jail_shows_no_process_no_variable_and_no_module_of_the_checkers(searched: Searches, id: str) -> None:
    saw = searched[id].saw
    assert (saw["me"], saw["parent"], saw["alive"], saw["proc"]) == (1, 0, [], "FileNotFoundError")
    assert [name for name in saw["modules"] if not name.startswith(("numpy", "scipy"))] == []
    ours = {name for name in os.environ if name.startswith(("PYTEST", "VIVA"))}  # pytest sets one for each test
    assert ours and not ours & set(saw["variables"])
    assert saw["root"] == sorted({"dev", "env", "etc", "lib", "lib64", "python", "tmp", "usr", "viva"} & {*saw["root"]})
    assert sorted(saw["descriptors"].values()) == ["other", "pipe", "pipe", "socket"]


CHECKS = """
import numpy as np
from viva_check import check, close

requires = ("attempt",)
WANT = np.full(64, 1234.0625)

@check("a result that nobody knows")
def unknown_result(sut, rng):
    close(sum(sut.attempt(np.full(64, 4321.0625)) for _ in range(5)), WANT)
"""


def test_an_expected_value_is_not_in_the_process_that_is_asked_for_it(loop: Loop, sandbox: Sandbox) -> None:
    """It is in the checker's memory all the time; the input, which was sent, is the control."""
    needles = Needles(
        lines={},
        few={
            "the expected value": struct.pack("<3d", *[1234.0625] * 3),
            "control: the input": struct.pack("<3d", *[4321.0625] * 3),
            "the check's title": b"a result that nobody knows",
            "the check's name": b"unknown_result",
        },
    )
    code = searcher(needles, everywhere=False) + KEEPING
    job = replace(job_for(EVERYWHERE, code, wide=True), files={"checks.py": CHECKS.encode()})
    search = told(run_of(loop.run(sandbox.run(job))), needles)
    assert {needle for needle, _ in search.hits} == {"control: the input"}


KEEPING = """
def attempt(x):
    kept.append(x)
    Anything()
    return x * 2.0

kept = []
"""

"""Measurements beside a reference: what is timed, what cannot be gained by tricks, and how they end."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import viva_bank
from tests.sandbox.conftest import Loop
from tests.sandbox.judging import job_of
from viva.bank import FolderBank, judged_files
from viva.core.evidence import CheckRun, Costs, NotObserved
from viva.grading.efficiency import compared
from viva.sandbox.client import Sandbox
from viva.sandbox.job import Job

FOLDER = Path(viva_bank.__file__).parent

CHECKS = """
import numpy as np
from viva_check import check, scaling

requires = ("total",)

@check("adds")
def adds(sut, rng):
    sut.total(rng.normal(size=4))

@scaling("a sum", sizes=(1000, 2000, 4000, 8000), name="N", growth="linear")
def cost(sut, rng, size):
    x = sut.put(rng.normal(size=size))
    return lambda: sut.keep.total(x)
"""
REFERENCE = """
MARK = "only in" + " the reference"
def total(x):
    out = 0.0
    for one in x.tolist():
        out += one * one * one
    return out
"""
THRICE = """
def total(x):
    for _ in range(6):
        out = 0.0
        for one in x.tolist():
            out += one * one * one
    return out
"""

Measure = Callable[..., Costs | NotObserved]


@pytest.fixture
def measure(loop: Loop, sandbox: Sandbox) -> Measure:
    """`measure(code)` beside `REFERENCE`."""

    def ask(code: str, checks: str = CHECKS, reference: str = REFERENCE, **budget: Any) -> Costs | NotObserved:
        job = replace(job_of(code, checks), budget=replace(job_of(code).budget, **budget))
        return loop.run(sandbox.measure(job, reference))

    return ask


def costs_of(seen: Costs | NotObserved) -> Costs:
    assert isinstance(seen, Costs), seen
    return seen


def test_more_work_costs_more_and_the_pairs_are_told(measure: Measure) -> None:
    costs = costs_of(measure(THRICE, cpu_seconds=2.0, wall_seconds=8.0))
    assert (costs.title, costs.name, costs.growth, costs.stopped) == ("a sum", "N", "linear", "")
    assert sorted({one.size for one in costs.samples}) == [1000, 2000, 4000, 8000]
    found = compared(costs)
    assert found is not None
    assert found.slower
    assert 2 < found.ratio.value < 9


def test_cant_hide_work_in_a_thread(measure: Measure) -> None:
    threaded = """
import threading
def work(x):
    for _ in range(6):
        sum(one * one * one for one in x.tolist())
def total(x):
    thread = threading.Thread(target=work, args=(x,))
    thread.start()
    thread.join()
    return 1.0
"""
    found = compared(costs_of(measure(threaded, cpu_seconds=2.0, wall_seconds=8.0)))
    assert found is not None
    assert found.ratio.value > 2


def test_cant_gain_by_remembering_results(measure: Measure) -> None:
    remembering = THRICE.replace(
        "def total(x):",
        "known = {}\ndef total(x):\n    key = x.tobytes()\n"
        "    return known.setdefault(key, None) or slow(key, x)\ndef slow(key, x):",
    ).replace("    return out\n", "    known[key] = out\n    return out\n")
    found = compared(costs_of(measure(remembering, cpu_seconds=2.0, wall_seconds=8.0)))
    assert found is not None
    assert found.ratio.value > 2


def test_cant_find_the_reference_in_its_own_process(measure: Measure) -> None:
    searching = """
import gc, sys
WORDS = ("only in", "the reference")
def total(x):
    for thing in gc.get_objects():
        if type(thing) is dict and thing.get("MARK") == " ".join(WORDS):
            raise RuntimeError("found it")
    return 1.0
"""
    assert costs_of(measure(searching, cpu_seconds=4.0, wall_seconds=8.0)).stopped == ""


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("def total(x):\n    while len(x) > 1500: pass\n    return 1.0\n", "still running after 0.3 s of CPU time"),
        ("import os\ndef total(x):\n    os._exit(3) if len(x) > 1500 else 1.0\n", "ended its Python process itself"),
        ("def total(x):\n    if len(x) > 1500: raise ValueError('no')\n    return 1.0\n", "ValueError"),
        ("def total(x):\n    return bytearray(1 << 30)\n", "ran out of memory"),
        ("this is no Python", "not valid Python"),
    ],
)
def test_an_end_before_the_end_is_told_in_words_and_the_next_is_unharmed(
    measure: Measure, code: str, words: str
) -> None:
    costs = costs_of(measure(code, cpu_seconds=0.3))
    assert words in costs.stopped
    if "still running" in words:
        assert costs.unfinished is not None
        assert costs.unfinished.size == 2000
        assert costs.unfinished.cpu_seconds >= 0.3 > costs.unfinished.reference_cpu_seconds
    assert costs_of(measure(REFERENCE)).stopped == ""


def test_a_sleeper_is_stopped_by_the_clock(measure: Measure) -> None:
    costs = costs_of(measure("import time\ndef total(x):\n    time.sleep(60)\n", wall_seconds=0.5))
    assert "on the clock" in costs.stopped


@pytest.mark.parametrize(
    ("checks", "reference", "words"),
    [
        (CHECKS.replace("@scaling", "lambda one: one\n@check"), REFERENCE, "broken"),
        (CHECKS, "def total(x):\n    raise ValueError\n", "the reference fails"),
        (CHECKS, "import os\ndef total(x):\n    os._exit(1)\n", "the reference ended"),
        (CHECKS.replace("lambda: sut.keep.total(x)", "sut.keep.total(x)"), REFERENCE, "returns the call"),
    ],
)
def test_a_question_s_own_fault_is_ours(measure: Measure, checks: str, reference: str, words: str) -> None:
    seen = measure(REFERENCE, checks, reference)
    assert isinstance(seen, NotObserved)
    assert seen.whose == "machine"
    assert words in seen.why


LONG_CHECKS = CHECKS.replace("sizes=(1000, 2000, 4000, 8000)", "sizes=(40_000, 80_000, 160_000, 320_000)")


def test_a_run_is_judged_while_a_measurement_is_under_way_and_the_measurement_goes_on(
    loop: Loop, sandbox: Sandbox
) -> None:
    async def story() -> tuple[CheckRun | NotObserved, bool, Costs | NotObserved]:
        job = replace(job_of(REFERENCE, LONG_CHECKS), budget=replace(job_of(REFERENCE).budget, cpu_seconds=4.0))
        measuring = asyncio.create_task(sandbox.measure(job, REFERENCE))
        await asyncio.sleep(0.3)
        run = await sandbox.run(job_of(REFERENCE, CHECKS))
        return run, measuring.done(), await measuring

    run, over, costs = loop.run(story())
    assert isinstance(run, CheckRun)
    assert run.ended == "finished"
    assert not over
    assert costs_of(costs).stopped == ""


def test_a_measurement_that_nobody_waits_for_any_more_ends_and_the_next_is_unharmed(
    loop: Loop, sandbox: Sandbox
) -> None:
    async def story() -> Costs | NotObserved:
        job = replace(job_of(REFERENCE, LONG_CHECKS), budget=replace(job_of(REFERENCE).budget, cpu_seconds=30.0))
        measuring = asyncio.create_task(sandbox.measure(job, REFERENCE))
        await asyncio.sleep(0.3)
        measuring.cancel()
        await asyncio.wait({measuring})
        return await sandbox.measure(replace(job_of(REFERENCE, CHECKS)), REFERENCE)

    assert costs_of(loop.run(story())).stopped == ""


TORCH_CHECKS = CHECKS.replace("sizes=(1000, 2000, 4000, 8000)", "sizes=(64, 128, 256, 512)").replace(
    "size=size)", "size=(size, size))"
)
TORCH_REFERENCE = "import torch\ndef total(x):\n    return (x @ x).sum()\n"


@pytest.mark.parametrize(
    ("code", "least", "most"),
    [
        (TORCH_REFERENCE, 0.6, 1.6),
        ("import torch\ndef total(x):\n    return sum((x @ x).sum() for _ in range(5))\n", 2.5, 9.0),
        ("import torch\ndef total(x):\n    return torch.stack([(row @ x).sum() for row in x]).sum()\n", 1.3, 1000.0),
    ],
    ids=["the same", "five times as much", "row by row"],
)
def test_torch_is_measured_like_numpy(
    environment: Callable[[str], Any], loop: Loop, sandbox: Sandbox, code: str, least: float, most: float
) -> None:
    environment("torch")
    job = replace(job_of(code, TORCH_CHECKS), framework="torch", budget=replace(job_of(code).budget, cpu_seconds=4.0))
    costs = costs_of(loop.run(sandbox.measure(job, TORCH_REFERENCE)))
    found = compared(costs)
    assert costs.stopped == ""
    assert found is not None
    assert least < found.ratio.value < most


SLOW = {
    "scaled-dot-product-attention": "right_slow_rows",
    "adam": "right_slow_elements",
    "beam-search": "right_slow_resorted",
    "top-p-sampling": "right_slow_one_by_one",
}


@pytest.mark.parametrize("name", SLOW)
def test_the_bank_s_slow_attempts_are_told_from_its_solutions(name: str, loop: Loop, sandbox: Sandbox) -> None:
    files = FolderBank(FOLDER).files(name)
    reference = files["numpy/solution.py"].decode()
    job = Job(
        question=name, files=judged_files(files), code=files[f"attempts/{SLOW[name]}.py"].decode(), framework="numpy",
        which="all", seed="5eed" * 8, budget=FolderBank(FOLDER).question(name).budget,
    )  # fmt: skip
    slow = compared(costs_of(loop.run(sandbox.measure(job, reference))))
    assert slow is not None
    assert slow.value < 0.6

"""A candidate who changes its own process gains nothing: the verdict is made elsewhere, from values alone. And nothing that
it returns or raises passes for a fault of the machine, which would cost no attempt.
"""

import asyncio
from collections.abc import Mapping

import pytest

from tests.proofs.bank import PARTS_OF_THE_WIRE, attempts_of, coding, job_for
from tests.proofs.lying import HARMLESS, ODD, RAISES, RAISING, RETURNS, SPOILING
from tests.sandbox.conftest import Loop, run_of
from viva.core.evidence import CheckRun, Ended
from viva.sandbox.client import Sandbox

AT_ONCE = 3
"""Runs at a time: enough for two cores, few enough that a loaded machine keeps its limits on the clock."""


def judged(loop: Loop, sandbox: Sandbox, id: str, codes: Mapping[str, str]) -> dict[str, CheckRun]:
    """The evidence for each attempt; every run must be one, never our fault."""

    async def one(gate: asyncio.Semaphore, code: str) -> CheckRun:
        async with gate:
            return run_of(await sandbox.run(job_for(id, code)))

    async def all_of_them() -> list[CheckRun]:
        gate = asyncio.Semaphore(AT_ONCE)
        return await asyncio.gather(*(one(gate, code) for code in codes.values()))

    return dict(zip(codes, loop.run(all_of_them()), strict=True))


def passed(run: CheckRun) -> set[str]:
    """Names of the checks that passed."""
    return {check.name for check in run.checks if check.passed}


def wrong_of(id: str) -> dict[str, str]:
    """A worked wrong attempt that fails few checks, so that there is little to gain, and one that fails many."""
    wrong = attempts_of(id, "wrong")
    fails = {path: code.partition("fails ==")[2].partition("\n")[0].count(",") for path, code in wrong.items()}
    return {path: wrong[path] for path in (min(fails, key=fails.__getitem__), max(fails, key=fails.__getitem__))}


@pytest.mark.parametrize("id", coding(*PARTS_OF_THE_WIRE))
def test_patches_that_leave_an_attempt_as_it_is_leave_its_verdict_as_it_is(
    loop: Loop, sandbox: Sandbox, id: str
) -> None:
    for code in wrong_of(id).values():
        runs = judged(loop, sandbox, id, {"as it is": code, **{name: code + HARMLESS[name] for name in HARMLESS}})
        want = runs.pop("as it is")
        assert want.ended is Ended.FINISHED and 0 < len(passed(want)) < len(want.checks)
        assert {name: (run.ended, passed(run)) for name, run in runs.items()} == dict.fromkeys(
            runs, (want.ended, passed(want))
        )


@pytest.mark.parametrize("id", coding(*PARTS_OF_THE_WIRE))
def test_patches_that_break_the_candidates_process_gain_no_check(loop: Loop, sandbox: Sandbox, id: str) -> None:
    code = next(iter(wrong_of(id).values()))
    runs = judged(loop, sandbox, id, {"as it is": code, **{name: code + SPOILING[name] for name in SPOILING}})
    want = passed(runs.pop("as it is"))
    assert {name: passed(run) - want for name, run in runs.items() if passed(run) - want} == {}
    assert {name for name, run in runs.items() if run.ended is Ended.MACHINE_FAILED} == set()


@pytest.mark.parametrize("id", coding("adam", "scaled-dot-product-attention"))
def test_nothing_that_is_returned_or_raised_passes_or_is_our_fault(loop: Loop, sandbox: Sandbox, id: str) -> None:
    codes = {name: ODD.replace("RESULT", value) for name, value in RETURNS.items()}
    codes |= {name: RAISING.replace("RAISED", value) for name, value in RAISES.items()}
    for name, run in judged(loop, sandbox, id, codes).items():
        assert run.ended in (Ended.FINISHED, Ended.OUT_OF_MEMORY), (name, run)
        assert len(passed(run)) < len(run.checks) / 2, (name, sorted(passed(run)))
        assert all(check.says for check in run.checks if not check.passed), (name, run)

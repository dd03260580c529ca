"""Jobs and results as tests write them; as a program, a sandbox that reads a job a line and answers a result a line."""

import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from viva.core.evidence import CheckRun, NotObserved
from viva.sandbox.client import Sandbox
from viva.sandbox.job import Budget, Job

CHECKS = """
from viva_check import check, fail

requires = ("attempt",)

@check("doubles three", visible=True)
def first(sut, rng):
    if (out := sut.attempt(3)) != 6:
        fail(f"{out} came")

@check("doubles four")
def second(sut, rng):
    if (out := sut.attempt(4)) != 8:
        fail(f"{out} came")
"""

RIGHT = "def attempt(x):\n    return 2 * x\n"


def job_of(
    code: str,
    checks: str = CHECKS,
    *,
    files: dict[str, str] | None = None,
    which: str = "all",
    framework: str = "numpy",
    forbid: Sequence[str] = (),
    **budget: float,
) -> Job:
    """A job with small budgets: 0.5 s of CPU, 2 s on the clock, 128 MiB."""
    all_files = {"checks.py": checks} | (files or {})
    limits: dict[str, Any] = {"cpu_seconds": 0.5, "wall_seconds": 2.0, "memory_mib": 128} | budget
    assert which in ("all", "visible")
    return Job(
        question="a-test",
        files={name: text.encode() for name, text in all_files.items()},
        code=code,
        framework=framework,
        which="all" if which == "all" else "visible",
        seed="5eed" * 8,
        budget=Budget(**limits),
        forbid=tuple(forbid),
    )


def seen_as_json(seen: CheckRun | NotObserved) -> dict[str, Any]:
    """What came of a job, as plain data."""
    return asdict(seen) if isinstance(seen, CheckRun) else {"machine": seen.why}


def one_check(body: str) -> str:
    """A checks.py with one check, whose body this is."""
    lines = "".join(f"    {line}\n" for line in body.strip().splitlines())
    return f'import numpy as np\nfrom viva_check import *\n@check("x", visible=True)\ndef x(sut, rng):\n{lines}'


def passed(seen: dict[str, Any]) -> bool:
    """Whether all checks passed; says what failed where one did not."""
    assert seen.get("ended") == "finished", seen
    assert all(check["passed"] for check in seen["checks"]), [check["says"] for check in seen["checks"]]
    return bool(seen["checks"])


async def _serve(folder: Path) -> None:
    async with Sandbox(folder=folder) as sandbox:
        while line := await asyncio.to_thread(sys.stdin.readline):
            given = json.loads(line)
            seen = await sandbox.run(job_of(given.pop("code"), given.pop("checks"), **given))
            print(json.dumps(seen_as_json(seen)), flush=True)


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1])))

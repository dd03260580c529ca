"""What zygotes cost is read from the kernel, and nothing of the measurement stays."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sandbox.conftest import Loop
from tests.sandbox.judging import RIGHT, job_of
from viva.sandbox import environments, process, zygote_costs
from viva.sandbox.client import Sandbox

PARTS = ("private_mib", "shared_mib", "fair_mib")


def test_checks_cost_one_zygote_and_each_environment_one_for_candidates(numpy_folder: Path) -> None:
    kinds = [(one.name, role) for one, role in zygote_costs.kinds(numpy_folder)]
    assert kinds.count(("numpy", "checker")) == 1
    assert [name for name, role in kinds if role == "candidate"] == [
        one.name for one in environments.installed(numpy_folder)
    ]
    assert len(kinds) == 1 + len(environments.installed(numpy_folder))


def test_a_zygote_costs_seconds_and_memory_and_its_spare_a_tenth_of_that(
    numpy_environment: environments.Installed,
) -> None:
    before = process.children(os.getpid())
    cost = zygote_costs.measure(numpy_environment, "candidate")
    assert (cost.environment, cost.role) == ("numpy", "candidate")
    assert 0.1 < cost.start_seconds < 60
    assert 10 < cost.memory.private_mib < 300
    assert cost.memory.private_mib < cost.memory.fair_mib <= cost.memory.private_mib + cost.memory.shared_mib
    assert 0 < cost.spare_private_mib < cost.memory.private_mib
    assert 0 < cost.spare_seconds < cost.start_seconds
    assert process.children(os.getpid()) == before


def test_the_zygotes_of_a_running_viva_are_found_with_their_server(loop: Loop, numpy_folder: Path) -> None:
    async def look() -> tuple[zygote_costs.Running, ...]:
        async with Sandbox(folder=numpy_folder) as sandbox:
            await sandbox.run(job_of(RIGHT))
            return zygote_costs.running()

    mine = [one for one in loop.run(look()) if one.server == os.getpid()]
    assert {(one.environment, one.role) for one in mine} >= {("numpy", "candidate"), ("numpy", "checker")}
    assert all(getattr(one.memory, part) >= 0 for one in mine for part in PARTS)
    assert all(one.memory.fair_mib > 0 and one.forks >= 0 for one in mine)


def test_memory_is_told_apart_into_own_and_shared() -> None:
    program = "x = bytearray(64 << 20); x[::4096] = b'1' * len(x[::4096]); input()"
    with subprocess.Popen([sys.executable, "-c", f"print(flush=True); {program}"], stdin=-1, stdout=-1) as hungry:
        assert hungry.stdout is not None
        hungry.stdout.readline()
        for _ in range(500):
            if process.memory(hungry.pid).private_mib > 64:
                break
        seen = process.memory(hungry.pid)
        assert process.parent(hungry.pid) == os.getpid()
        hungry.communicate(b"\n")
    assert 64 < seen.private_mib < 96
    assert seen.fair_mib >= seen.private_mib
    with pytest.raises(OSError, match="No such"):
        process.memory(hungry.pid)

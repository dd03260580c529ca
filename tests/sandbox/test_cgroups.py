"""Control groups: found by what the kernel tells, put around forks beside their work, taken away again, never needed."""

import asyncio
import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sandbox.conftest import Loop, run_of
from tests.sandbox.judging import RIGHT, job_of
from viva.core.evidence import CheckRun, Ended, NotObserved
from viva.sandbox import admission, process
from viva.sandbox.cgroups import Group, Groups, NoGroups, Place, enable, places
from viva.sandbox.client import Sandbox

SKIPPED = "this machine lets us make no control groups ({}), so what they do was not tried"

VERSION_1 = """
31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
39 31 0:36 /docker/abc /sys/fs/cgroup/pids rw,relatime shared:9 master:4 - cgroup cgroup rw,pids
32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct
41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
"""
VERSION_2 = "29 22 0:26 / /sys/fs/cgroup rw,nosuid,nodev - cgroup2 cgroup2 rw,nsdelegate\n"


@pytest.mark.parametrize(
    ("own", "mounts", "found"),
    [
        (
            "9:name=systemd:/\n8:pids:/docker/abc/x\n4:memory:/jobs/7\n1:cpu,cpuacct:/\n0::/\n",
            VERSION_1,
            {"memory": (1, "/sys/fs/cgroup/memory/jobs/7"), "pids": (1, "/sys/fs/cgroup/pids/x")},
        ),
        ("0::/user.slice/a\n", VERSION_2, dict.fromkeys(("memory", "pids"), (2, "/sys/fs/cgroup/user.slice/a"))),
        ("0::/s/viva-server\n", VERSION_2, dict.fromkeys(("memory", "pids"), (2, "/sys/fs/cgroup/s"))),
        ("0::/\n", VERSION_2, dict.fromkeys(("memory", "pids"), (2, "/sys/fs/cgroup"))),
        ("1:cpu,cpuacct:/\n", VERSION_1, {}),
        ("0::/\n", "31 23 0:28 / /sys rw - sysfs sysfs rw\n", {}),
        ("", "", {}),
    ],
)
def test_places_are_read_off_what_the_kernel_tells(own: str, mounts: str, found: dict[str, tuple[int, str]]) -> None:
    seen = {name: (place.version, str(place.folder)) for name, place in places(own, mounts).items()}
    assert seen == found


@pytest.fixture
def groups() -> Iterator[Groups]:
    try:
        made = Groups()
    except NoGroups as problem:
        pytest.skip(SKIPPED.format(problem.why))
    yield made
    made.close()
    assert not [home for home in made.homes if home.exists()]


@contextlib.contextmanager
def child(program: str) -> Iterator["subprocess.Popen[bytes]"]:
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE) as started:
        try:
            yield started
        finally:
            started.kill()


def test_a_process_that_takes_more_than_its_group_may_have_is_ended_and_the_group_says_so(groups: Groups) -> None:
    group = groups.take()
    assert group is not None
    with child("input(); x = bytearray(256 << 20); x[::4096] = b'1' * len(x[::4096])") as hungry:
        group.admit(hungry.pid)
        group.limit(48 << 20)
        assert not group.overran()
        hungry.communicate(b"\n")
        assert hungry.returncode == -signal.SIGKILL
        assert group.overran()
    groups.give_back(group)
    again = groups.take()
    assert again is group
    with child("input()") as modest:
        again.admit(modest.pid)
        assert not again.overran(), "the next is not blamed for what the last has done"
        modest.communicate(b"\n")
        assert modest.returncode == 0


def test_all_runs_together_leave_a_fifth_of_the_memory_to_the_server(groups: Groups) -> None:
    name = "memory.max" if groups.version == 2 else "memory.limit_in_bytes"
    (limit,) = [int((home / name).read_text()) for home in groups.homes if (home / name).exists()]
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    assert 0 < limit <= 0.8 * whole


def test_a_group_bounds_threads(groups: Groups) -> None:
    group = groups.take()
    assert group is not None
    program = """
import sys, threading, time
sys.stdin.readline()
made = 0
try:
    for made in range(200):
        threading.Thread(target=time.sleep, args=(9,), daemon=True).start()
except RuntimeError:
    pass
sys.exit(made)
"""
    with child(program) as crowd:
        group.admit(crowd.pid)
        crowd.communicate(b"\n")
        assert 40 <= crowd.returncode < 50


def test_a_stay_that_ends_before_it_began_moves_nobody(groups: Groups) -> None:
    group = groups.take()
    assert group is not None
    with child("input()") as started:
        pidfd = os.pidfd_open(started.pid)
        stay = admission.Stay(pidfd)
        assert stay.end() is None
        assert not stay.begin(group)
        late = admission.Stay(pidfd)
        late.limit(1 << 30)
        assert late.begin(group)
        assert late.end() is group
        started.communicate(b"\n")
        assert not admission.Stay(pidfd).begin(group), "it has been reaped: its number may be another's"
        os.close(pidfd)


def test_what_a_killed_owner_left_is_taken_away_by_the_next_and_nobody_elses(groups: Groups) -> None:
    program = "from viva.sandbox.cgroups import Groups; g = Groups(); g.take(); print(*g.homes); input()"
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as owner:
        assert owner.stdout is not None
        left = [Path(word) for word in owner.stdout.readline().split()]
        assert left
        Groups().close()
        assert all(home.exists() for home in left), "its owner lives"
        owner.kill()
    assert all(home.exists() for home in left)
    Groups().close()
    assert not any(home.exists() for home in left)
    assert all(home.exists() for home in groups.homes)


def test_version_2_is_spoken_in_its_own_files(tmp_path: Path) -> None:
    """Plain files stand for the kernel's, which this machine may not have."""
    place = Place(version=2, folder=tmp_path / "1")
    group = Group(place, place)
    files = place.folder
    (files / "memory.events").write_text("low 0\nhigh 0\nmax 3\noom 0\noom_kill 0\n")
    group.admit(4242)
    assert (files / "cgroup.procs").read_text() == "4242\n"
    assert (files / "memory.max").read_text() == "max\n"
    assert 40 < int((files / "pids.max").read_text()) < 60
    group.limit(1 << 20)
    assert (files / "memory.max").read_text() == "1048576\n"
    assert not group.overran()
    (files / "memory.events").write_text("low 0\nhigh 0\nmax 9\noom 1\noom_kill 1\n")
    assert group.overran()


def test_version_2_is_asked_for_both_controllers_and_says_what_stands_in_the_way(tmp_path: Path) -> None:
    controllers, control = tmp_path / "cgroup.controllers", tmp_path / "cgroup.subtree_control"
    controllers.write_text("cpuset cpu memory pids\n")
    control.write_text("cpu memory\n")
    enable(tmp_path)
    assert control.read_text() == "+memory +pids\n"
    control.write_text("memory pids\n")
    enable(tmp_path)
    assert control.read_text() == "memory pids\n", "nothing is written where nothing is to be changed"
    controllers.write_text("cpu\n")
    with pytest.raises(NoGroups, match="not ours"):
        enable(tmp_path)
    controllers.write_text("memory pids\n")
    control.write_text("cpu\n")
    program = """
import pathlib, resource, sys
from viva.sandbox import cgroups
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # every write fails, and not for want of a right, as with EBUSY
try:
    cgroups.enable(pathlib.Path(sys.argv[1]))
except cgroups.NoGroups as problem:
    sys.exit(problem.why)
"""
    told = subprocess.run([sys.executable, "-c", program, tmp_path], capture_output=True, text=True, check=False)
    assert told.stderr == "crowded\n"


HUNGRY = """
import time

def attempt(x):
    time.sleep(0.6)
    return 2 * x + len(bytes(96 << 20).replace(b"\\0", b"1")) * 0
"""


def test_a_run_that_reaches_its_groups_limit_is_out_of_memory_and_leaves_no_group(
    groups: Groups, loop: Loop, numpy_folder: Path
) -> None:
    """The limit is set below the resource limit, which speaks first otherwise, by this test alone."""
    homes: set[Path] = set()

    async def judge() -> CheckRun | NotObserved:
        async with Sandbox(folder=numpy_folder, spares=0) as sandbox:
            await sandbox.run(job_of(RIGHT))
            before = set(candidates())  # one that is just ending gives its group to the next
            job = job_of(HUNGRY, cpu_seconds=2.0, wall_seconds=8.0, memory_mib=512)
            under_way = asyncio.create_task(sandbox.run(job))
            homes.update(await squeezed(before, limit_bytes=48 << 20))
            return await under_way

    seen = run_of(loop.run(judge()))
    assert (seen.ended, [check.passed for check in seen.checks]) == (Ended.OUT_OF_MEMORY, [False, True]), seen
    assert "512 MiB" in seen.says
    assert homes
    assert not any(home.exists() for home in homes)


async def squeezed(before: set[int], limit_bytes: int) -> set[Path]:
    """Give the candidate that runs now less memory; the folders of its supervisor's groups."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        for fork in set(candidates()) - before:
            place = places(_proc(fork, "cgroup"), _proc(os.getpid(), "mountinfo"))["memory"]
            name = "memory.max" if place.version == 2 else "memory.limit_in_bytes"
            if "viva-runs-" in str(place.folder) and _bounded((place.folder / name).read_text()):
                (place.folder / name).write_text(f"{limit_bytes}\n")
                return {place.folder.parent}
        await asyncio.sleep(0.01)
    raise AssertionError("no run was seen in a group of its own")


def candidates() -> list[int]:
    """Forks of candidates' zygotes that have been let go, below any supervisor of this process."""
    supervisors = [pid for pid in process.children(os.getpid()) if "supervisor" in _proc(pid, "cmdline")]
    zygotes = [pid for one in supervisors for pid in process.children(one) if "candidate" in _proc(pid, "cmdline")]
    forks = [pid for one in zygotes for pid in process.children(one)]
    return [pid for pid in forks if not re.search(r"Max address space +unlimited", _proc(pid, "limits"))]


def _bounded(limit: str) -> bool:
    return limit.strip().isdigit() and int(limit) < 1 << 40


def _proc(pid: int, name: str) -> str:
    try:
        return Path(f"/proc/{pid}/{name}").read_text()
    except OSError:
        return ""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become nobody")
def test_whoever_may_make_no_groups_is_told_so_and_nothing_is_left() -> None:
    program = "import os; from viva.sandbox import cgroups; os.setuid(65534); print(cgroups.obstacle())"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout.strip() in {"not ours", "none"}

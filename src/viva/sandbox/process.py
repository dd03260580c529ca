"""What the supervisor reads of other processes from outside: CPU clocks, memory, threads, rights.

Law: nothing here trusts what a process says of itself, and a pid is only used while a pidfd of it is held unreaped, so
it cannot have been given to another.
"""

import contextlib
import os
import re
import signal
import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The parts of /proc/PID/status that decide something. Sizes in bytes; capabilities as one number, all sets or-ed."""

    uid: int
    threads: int
    capabilities: int
    no_new_privs: bool
    filtered: bool
    address_bytes: int
    resident_bytes: int
    peak_resident_bytes: int
    namespaces_deep: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What a process holds, in MiB: `private_mib` is its own, `shared_mib` others map too, `fair_mib` (PSS) counts of what is
    shared only its part."""

    private_mib: float
    shared_mib: float
    fair_mib: float


def pid_of(pidfd: int) -> int:
    """The pid, as this process sees it, of what `pidfd` stands for; -1 once it is reaped."""
    with open(f"/proc/self/fdinfo/{pidfd}", encoding="ascii") as file:
        found = re.search(r"^Pid:\s*(-?\d+)", file.read(), re.MULTILINE)
    return int(found[1]) if found else -1


def cpu_seconds(pid: int) -> float:
    """CPU time of all threads of `pid`, dead ones included, from the kernel's clock of that process.

    Raises:
        OSError: there is no such process.
    """
    return time.clock_gettime((~pid << 3) | 2)


def status(pid: int) -> Status:
    """/proc/PID/status, read once; sizes are 0 for a process that has already given up its memory.

    Raises:
        OSError: there is no such process.
    """
    with open(f"/proc/{pid}/status", encoding="utf-8", errors="replace") as file:
        rows = dict(line.rstrip("\n").split(":", 1) for line in file if ":" in line)
    return Status(
        uid=int(rows["Uid"].split()[1]),
        threads=int(rows["Threads"]),
        capabilities=_capabilities(rows),
        no_new_privs=rows["NoNewPrivs"].strip() == "1",
        filtered=rows["Seccomp"].strip() == "2",
        address_bytes=_kib(rows, "VmSize"),
        resident_bytes=_kib(rows, "VmRSS"),
        peak_resident_bytes=_kib(rows, "VmHWM"),
        namespaces_deep=len(rows["NSpid"].split()),
    )


def memory(pid: int) -> Memory:
    """What `pid` holds now.

    Raises:
        OSError: there is no such process, or it may not be looked at.
    """
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        rows = dict(line.split(":", 1) for line in file.readlines()[1:])
    private, shared = (_kib(rows, f"{kind}_Clean") + _kib(rows, f"{kind}_Dirty") for kind in ("Private", "Shared"))
    return Memory(
        private_mib=private / (1 << 20), shared_mib=shared / (1 << 20), fair_mib=_kib(rows, "Pss") / (1 << 20)
    )


def parent(pid: int) -> int:
    """The parent of `pid`.

    Raises:
        OSError: there is no such process.
    """
    with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
        return int(file.read().rpartition(")")[2].split()[1])


def waited_seconds(pid: int) -> float:
    """How long the main thread of `pid` was ready to run and had no CPU."""
    try:
        with open(f"/proc/{pid}/schedstat", encoding="ascii") as file:
            return int(file.read().split()[1]) / 1e9
    except (OSError, IndexError, ValueError):
        return 0.0


def children(pid: int) -> frozenset[int]:
    """The child processes of `pid`'s main thread, zombies included; empty if the kernel does not tell."""
    try:
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
            return frozenset(map(int, file.read().split()))
    except OSError:
        return frozenset()


def kill(pidfd: int) -> None:
    """SIGKILL, unless it is dead already."""
    with contextlib.suppress(ProcessLookupError):
        signal.pidfd_send_signal(pidfd, signal.SIGKILL)


def descriptors(pid: int) -> int:
    """How many descriptors `pid` holds."""
    return len(os.listdir(f"/proc/{pid}/fd"))


def shares_writable_memory(pid: int) -> bool:
    """Whether `pid` maps memory that its forks could write into and the others would see."""
    with open(f"/proc/{pid}/maps", encoding="utf-8", errors="replace") as file:
        return any(" rw-s " in line or " rwxs " in line for line in file)


def private_regions(pid: int, page_bytes: int) -> list[tuple[int, int]]:
    """Writable memory of `pid` that no file stands behind: (start, length) of what holds at least one aligned page."""
    found = []
    with open(f"/proc/{pid}/maps", encoding="utf-8", errors="replace") as file:
        for line in file:
            bounds, rights, _, _, inode, *name = line.split(maxsplit=5)
            if rights != "rw-p" or inode != "0" or (name and not name[0].startswith("[heap]")):
                continue
            first, last = (int(bound, 16) for bound in bounds.split("-"))
            start, end = -(-first // page_bytes) * page_bytes, last // page_bytes * page_bytes
            if end > start:
                found.append((start, end - start))
    return found


def _capabilities(rows: dict[str, str]) -> int:
    together = 0
    for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        together |= int(rows[name].strip(), 16)
    return together


def _kib(rows: dict[str, str], name: str) -> int:
    return int(rows[name].split()[0]) << 10 if name in rows else 0

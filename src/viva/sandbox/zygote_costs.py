"""What zygotes cost: each environment's, started and ended for the purpose, and those that a running viva has.

Law: memory is what the kernel says of each process; nothing started here outlives the measurement.
"""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from . import environments, process
from .process import Memory
from .zygotes import Refused, Role, Zygote

_SUPERVISOR = b"from viva.sandbox.supervisor import main"
_ZYGOTE = b"from inside.zygote import main"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """One zygote, started once. `start_seconds` until it is warm; then its `memory`; `spare_seconds` until a fork waits jailed
    and rehearsed, and what of that fork's memory is its own (`spare_private_mib`)."""

    environment: str
    role: Role
    start_seconds: float
    memory: Memory
    spare_seconds: float
    spare_private_mib: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """One zygote of a viva that runs here, below the process `server`; `forks` wait or run."""

    server: int
    environment: str
    role: str
    memory: Memory
    forks: int


def kinds(folder: Path) -> tuple[tuple[environments.Installed, Role], ...]:
    """Every zygote that the environments of `folder` are for: checks run in numpy's alone."""
    found: list[tuple[environments.Installed, Role]] = []
    for one in environments.installed(folder):
        found += [(one, "checker")] if one.name == "numpy" else []
        found.append((one, "candidate"))
    return tuple(found)


def measure(one: environments.Installed, role: Role) -> Cost:
    """Start a zygote and a spare, read what they cost, end both. Takes what it takes to start one: 0.5 to 6 s.

    Raises:
        Refused: it does not start here.
    """
    began = time.monotonic()
    zygote = Zygote(role, one.paths)
    start_seconds = time.monotonic() - began
    try:
        alone = process.memory(zygote.pid)  # before a fork shares what is its own
        began = time.monotonic()
        spare = zygote.fork(rehearse=True)
        spare_seconds = time.monotonic() - began
        try:
            spare_private_mib = process.memory(spare.pid).private_mib
        finally:
            spare.end()
    except OSError as problem:
        raise Refused(f"what it costs cannot be read: {problem}") from problem
    finally:
        zygote.end()
    return Cost(
        environment=one.name,
        role=role,
        start_seconds=start_seconds,
        memory=alone,
        spare_seconds=spare_seconds,
        spare_private_mib=spare_private_mib,
    )


def running() -> tuple[Running, ...]:
    """The zygotes of every viva of this machine that may be looked at, by server."""
    found = []
    for pid in sorted(int(name) for name in os.listdir("/proc") if name.isdigit()):
        if _SUPERVISOR in _command(pid):
            found += list(_below(pid))
    return tuple(found)


def _below(supervisor: int) -> Iterator[Running]:
    for pid in sorted(process.children(supervisor)):
        words = _command(pid).split(b"\0")
        if not any(_ZYGOTE in word for word in words):
            continue
        try:
            server, memory = process.parent(supervisor), process.memory(pid)
        except OSError:  # it has just ended, or is somebody else's
            continue
        role, framework = (word.decode(errors="replace") for word in words[-3:-1])
        forks = len(process.children(pid))
        yield Running(server=server, environment=framework, role=role, memory=memory, forks=forks)


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""

"""Zygotes as the supervisor sees them: started, checked from outside, forked from, ended.

Law: a fork is handed out only after its status, read from the host's /proc, shows every layer that can be seen there;
what is not so is `Refused`, with the layer's name, and nothing runs more weakly instead.
"""

import contextlib
import os
import resource
import select
import socket
import subprocess
import sys
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from . import process
from .admission import Admission, Stay
from .inside import frames
from .jail import CONTROL_FD, Plan
from .seccomp import UnknownArchitecture, compile_filter

Role = Literal["candidate", "checker"]

START_SECONDS = 60.0
"""How long a zygote may take to launch and warm up; 0.5 s when the disk is warm."""

FORK_SECONDS = 10.0
RUNS_PER_ZYGOTE = 2000
"""Then a new one, with another address layout."""

_TMP_MIB = {"candidate": 16, "checker": 256}
_TMP_INODES = 1024
_SLACK_BYTES = 64 << 20
"""What a control group allows beyond memory and /tmp, for what the kernel keeps for a process."""

_PACKAGE = Path(__file__).resolve().parents[2]
_BOOT = "import sys; sys.path.insert(0, sys.argv.pop()); from viva.sandbox.jail import main; main()"
_IDS = 1 << 16
_HUGE_PAGE = 2 << 20


class Refused(Exception):
    """The machine cannot do it. The message is one sentence that names the layer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """An installed environment: the framework that it is warmed for, and its paths, all resolved (see `jail.Plan`)."""

    framework: str
    python: str
    library: str
    version: str
    site: str


@dataclass(slots=True, kw_only=True)
class Fork:
    """A jailed fork that waits for its order. `start` is its control socket, `out` the reading end of its output; `stay` is
    that in a control group, where the machine has them, and `overran` says at its end whether it reached that one's limit."""

    zygote: "Source"
    inner_pid: int
    pid: int
    pidfd: int
    start: socket.socket
    out: int
    idle: process.Status
    stay: Stay | None = None
    idle_cpu_seconds: float = 0.0
    reaped: bool = False
    overran: bool = False

    def order(self, *, memory_bytes: int, cpu_seconds: float, channel: socket.socket, steady: bool = False) -> None:
        """Set its limits above what the idle process uses (CPU time as a backstop behind our own clock), give it its channel,
        let it go; a `steady` one keeps the memory that it frees. They are set from here because the filter refuses every new
        limit from inside: one that its own limit kills would look like one that the machine killed.

        Raises:
            OSError: it is gone.
        """
        address_bytes, cpu_limit = self.idle.address_bytes + memory_bytes, int(cpu_seconds) + 2
        resource.prlimit(self.pid, resource.RLIMIT_AS, (address_bytes, address_bytes))
        resource.prlimit(self.pid, resource.RLIMIT_CPU, (cpu_limit, cpu_limit))
        if self.stay is not None:
            self.stay.limit(self.idle.resident_bytes + memory_bytes + self.zygote.tmp_bytes + _SLACK_BYTES)
        frames.send(self.start, {"op": "start", "steady": steady}, fds=(channel.fileno(),))
        self.start.close()

    def dead(self) -> bool:
        """Whether it has ended by itself or otherwise."""
        return bool(select.select([self.pidfd], [], [], 0)[0])

    def end(self) -> int:
        """Kill it with everything below it, wait, and give its wait status (-1 if its zygote is gone as well)."""
        if self.reaped:
            return -1
        self.reaped = True
        process.kill(self.pidfd)
        select.select([self.pidfd], [], [], FORK_SECONDS)
        if self.stay is not None:
            self.overran = self.zygote.leaves(self.stay)
        status = self.zygote.reap(self)
        self.start.close()
        os.close(self.pidfd)
        os.close(self.out)
        return status


class Source(Protocol):
    """What forks come from: a zygote, or what stands in its place without a jail. `tmp_bytes` bounds their files."""

    tmp_bytes: int
    broken: bool

    def fork(self, *, rehearse: bool = False) -> Fork:
        """One that waits for its order, or `Refused`."""

    def reap(self, fork: Fork) -> int:
        """The wait status of a dead one; -1 if it cannot be had."""

    def leaves(self, stay: Stay) -> bool:
        """Whether a dead fork's stay in a control group had come to its limit."""

    def left_behind(self) -> frozenset[int]:
        """Processes that belong to no run in progress."""

    def idle(self) -> bool:
        """Whether no fork of it lives."""

    def worn(self) -> bool:
        """Whether another one should take its place."""

    def kill(self) -> None:
        """End it and everything below it, without waiting."""

    def end(self) -> None:
        """End it and everything below it."""


class Zygote:
    """One warmed process of a role; `fork` and `reap` may be called from several threads."""

    def __init__(self, role: Role, environment: Environment, admission: Admission | None = None) -> None:
        """Start and warm it. `admission` leads its forks into control groups, where the machine has them.

        Raises:
            Refused: a layer could not be put up, or its Python did not start.
        """
        self._lock = threading.Lock()
        self._errors = os.fdopen(
            os.memfd_create("zygote-errors", os.MFD_CLOEXEC), "w+b"
        )  # closed when nobody holds this
        self._control, theirs = socket.socketpair()
        self._control.settimeout(START_SECONDS)
        self._living: set[int] = set()
        self._admission = admission
        self.tmp_bytes = _TMP_MIB[role] << 20
        self.runs = 0
        self.pidfd = self.pid = -1
        self.broken = False
        try:
            self._launch(role, environment, theirs)
        except (OSError, frames.BrokenFrame, UnknownArchitecture, Refused) as problem:
            self._stop()
            said = self._said()
            self._errors.close()
            raise Refused(f"the sandbox cannot start here (see: viva doctor): {problem}{said}") from problem
        self._control.settimeout(FORK_SECONDS)

    def fork(self, *, rehearse: bool = False) -> Fork:
        """A jailed fork, checked from outside. One that will wait for its job may `rehearse` meanwhile, to be faster then.

        Raises:
            Refused: a layer failed in it, or the zygote is broken (it is then marked so).
        """
        ours, theirs = socket.socketpair()
        ours.settimeout(FORK_SECONDS)
        out, theirs_out = os.pipe()
        try:
            with self._lock:
                answer = self._ask({"op": "fork", "rehearse": rehearse}, (theirs.fileno(), theirs_out), max_fds=1)
                pid = process.pid_of(answer.fds[0])
                self._living.add(pid)
                self.runs += 1
        except BaseException:
            ours.close()
            os.close(out)
            raise
        finally:
            theirs.close()
            os.close(theirs_out)
        stay = self._admission.enter(answer.fds[0]) if self._admission is not None else None
        held: dict[str, Any] = {"pidfd": answer.fds[0], "start": ours, "out": out, "stay": stay}
        fork = Fork(zygote=self, inner_pid=answer.meta["pid"], pid=pid, idle=process.status(pid), **held)
        try:
            self._verify(fork)
        except (OSError, frames.BrokenFrame, Refused) as problem:
            fork.end()
            raise Refused(str(problem)) from problem
        return fork

    def reap(self, fork: Fork) -> int:
        """Take the wait status of a dead fork; -1 if the zygote is gone too."""
        with self._lock:
            try:
                return int(self._ask({"op": "reap", "pid": fork.inner_pid}, ()).meta["status"])
            except Refused:
                return -1
            finally:
                self._living.discard(fork.pid)

    def leaves(self, stay: Stay) -> bool:
        """The fork of this stay is dead and not yet reaped: whether it had come to the limit of its control group."""
        return self._admission is not None and self._admission.leave(stay)

    def left_behind(self) -> frozenset[int]:
        """Processes below the zygote that belong to no run in progress. Always empty, or it is to be replaced."""
        with self._lock:
            return process.children(self.pid) - self._living

    def idle(self) -> bool:
        """Whether no fork of it lives."""
        return not self._living

    def worn(self) -> bool:
        """Whether another one should take its place."""
        return self.broken or self.runs >= RUNS_PER_ZYGOTE or bool(select.select([self.pidfd], [], [], 0)[0])

    def kill(self) -> None:
        """End it and everything below it, without waiting."""
        process.kill(self.pidfd)

    def end(self) -> None:
        """End it and everything below it."""
        self._stop()
        self._errors.close()

    def _stop(self) -> None:
        self.broken = True
        self._control.close()
        if self.pidfd >= 0:
            process.kill(self.pidfd)
            with contextlib.suppress(ChildProcessError):
                os.waitid(os.P_PIDFD, self.pidfd, os.WEXITED)
            os.close(self.pidfd)
            self.pidfd = -1

    def _launch(self, role: Role, environment: Environment, theirs: socket.socket) -> None:
        program = compile_filter()
        ids = own_ids()
        launcher = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _BOOT, str(theirs.fileno()), str(_PACKAGE)],
            stdin=subprocess.DEVNULL,
            stdout=self._errors,
            stderr=self._errors,
            pass_fds=(theirs.fileno(),),
            env={},
            cwd="/",
        )
        theirs.close()
        try:
            frames.send(self._control, asdict(plan(role, environment, root=ids is not None)))
            self._expect("unshared")
            _write_maps(launcher.pid, ids)
            frames.send(self._control, {"op": "mapped"})
            launched = self._expect("launched", max_fds=1)
        except BaseException:
            launcher.kill()
            raise
        finally:
            launcher.wait()
        self.pidfd, self.pid = launched.fds[0], launched.meta["pid"]
        limits = {"tmp_mib": _TMP_MIB[role], "tmp_inodes": _TMP_INODES, "uids": _IDS if ids is not None else 1}
        frames.send(self._control, {"op": "warm"} | limits, program)
        self._expect("ready")
        self._check_invariants()
        frames.send(self._control, {"op": "collapse", "regions": process.private_regions(self.pid, _HUGE_PAGE)})
        self._expect("collapsed")

    def _expect(self, op: str, max_fds: int = 0) -> frames.Frame:
        frame = frames.receive(self._control, max_fds=max_fds)
        if frame is None:
            raise Refused("its process ended while starting")
        if frame.meta["op"] == "failed":
            raise Refused(f"the layer {frame.meta['layer']!r} failed: {frame.meta['why']}")
        if frame.meta["op"] != op:
            raise Refused(f"it said {frame.meta['op']!r} where {op!r} was due")
        return frame

    def _ask(self, meta: dict[str, Any], fds: tuple[int, ...], max_fds: int = 0) -> frames.Frame:
        if self.broken:
            raise Refused("the zygote has ended")
        try:
            frames.send(self._control, meta, fds=fds)
            answer = frames.receive(self._control, max_fds=max_fds)
        except (OSError, frames.BrokenFrame) as problem:
            self.broken = True
            raise Refused(f"the zygote does not answer: {problem}") from problem
        if answer is None:
            self.broken = True
            raise Refused(f"the zygote has ended{self._said()}")
        return answer

    def _verify(self, fork: Fork) -> None:
        frame = frames.receive(fork.start)
        if frame is None:
            raise Refused("a fork ended before its jail was up")
        if frame.meta["op"] == "refused":
            raise Refused(f"the layer {frame.meta['layer']!r} failed, so nothing was run: {frame.meta['why']}")
        fork.idle = seen = process.status(fork.pid)
        fork.idle_cpu_seconds = process.cpu_seconds(fork.pid)
        for layer, holds in (
            ("seccomp", seen.filtered),
            ("no_new_privs", seen.no_new_privs),
            ("capabilities", seen.capabilities == 0),
            ("PID namespace", seen.namespaces_deep >= 3),
            ("uid", seen.uid != 0),
        ):
            if not holds:
                raise Refused(f"the layer {layer!r} is not in force, so nothing was run")

    def _check_invariants(self) -> None:
        """One thread, no memory that forks share, no descriptor but its own: else a fork hangs or leaks."""
        for fact, holds in (
            ("one thread", process.status(self.pid).threads == 1),
            ("no shared writable memory", not process.shares_writable_memory(self.pid)),
            ("no foreign descriptors", process.descriptors(self.pid) == CONTROL_FD + 2),
        ):
            if not holds:
                raise Refused(f"the zygote does not keep {fact!r}")

    def _said(self) -> str:
        """The last line that it wrote on its error stream; all of it goes to our own."""
        if self._errors.closed:
            return ""
        errors = self._errors.fileno()
        text = os.pread(errors, 8000, max(0, os.fstat(errors).st_size - 8000)).decode(errors="replace").strip()
        sys.stderr.write(f"viva sandbox: a zygote said: {text}\n" if text else "")
        return f" ({text.splitlines()[-1]})" if text else ""


def plan(role: Role, environment: Environment, *, root: bool) -> Plan:
    """What a zygote of this role is made of."""
    here = Path(__file__).parent
    code = {f"inside/{path.name}": path.read_text(encoding="utf-8") for path in sorted((here / "inside").glob("*.py"))}
    if role == "checker":
        checks = _PACKAGE / "viva_check"
        code |= {
            f"viva_check/{path.relative_to(checks)}": path.read_text(encoding="utf-8")
            for path in sorted(checks.rglob("*.py"))
        }
    kept = {name: os.environ[name] for name in ("OPENBLAS_CORETYPE",) if name in os.environ}
    return Plan(role=role, code=code, hidden=[str(_PACKAGE)], root=root, extra=kept, **asdict(environment))


def own_ids() -> tuple[int, int] | None:
    """(first, count) of host ids for a zygote's namespace, high and by chance, so that two never share them; None for
    whoever can give away no ids but the own one."""
    if os.geteuid() != 0:
        return None
    with open("/proc/self/uid_map", encoding="ascii") as file:
        extents = [tuple(map(int, line.split())) for line in file]
    first, _, count = max(extents, key=lambda extent: extent[2])
    slots = count // _IDS
    if slots < 4:
        return None
    chance = int.from_bytes(os.urandom(4), "little")
    return first + _IDS * (slots // 4 + chance % (slots // 2)), _IDS


def _write_maps(pid: int, ids: tuple[int, int] | None) -> None:
    """Map the ids of `pid`'s new user namespace.

    Raises:
        Refused: the kernel did not take them.
    """
    try:
        if ids is None:
            _write(pid, "setgroups", "deny")
        for name, own in (("uid_map", os.geteuid()), ("gid_map", os.getegid())):
            _write(pid, name, f"0 {ids[0]} {ids[1]}" if ids else f"0 {own} 1")
    except OSError as problem:
        raise Refused(f"the layer 'user namespace' failed: {problem}") from problem


def _write(pid: int, name: str, text: str) -> None:
    with open(f"/proc/{pid}/{name}", "w", encoding="ascii") as file:
        file.write(text)

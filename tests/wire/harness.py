"""A run without a jail: the real checker and the real candidate side in forks, and the least of a supervisor between them.

`judge` answers what the supervisor would have been told. A test may put any function in the candidate's place.
"""

import ctypes
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from viva.sandbox import inside, process
from viva.sandbox.inside import candidate, checker, frames

Start = Callable[[socket.socket, int], int]
"""Starts a candidate's side on a wire, its prints going to a descriptor; returns its pid."""

WORDS = {"timed_out": "It took too long.", "crashed": "Its process ended.", "killed": "It was stopped."}


@dataclass(kw_only=True)
class Ran:
    """What one run said: the last frame, all frames before it, how each lost fork ended, and the candidate's prints."""

    last: dict[str, Any]
    told: list[dict[str, Any]]
    endings: list[str] = field(default_factory=list)
    prints: str = ""

    @property
    def checks(self) -> dict[str, dict[str, Any]]:
        assert self.last["op"] == "result", self.last.get("traceback", self.last)
        return {one["name"]: one for one in self.last["checks"]}

    def says(self, name: str) -> str:
        """The words of a check that ran and failed."""
        one = self.checks[name]
        assert one["ran"] and not one["passed"], one
        return str(one["says"])

    @property
    def passed(self) -> list[str]:
        return [name for name, one in self.checks.items() if one["passed"]]


def fork(run: Callable[[], None], keep: tuple[int, ...], prints: int | None = None) -> int:
    """A child that holds no descriptor but 0, 1, 2 and `keep`, calls `run`, and is gone."""
    pid = os.fork()
    if not pid:
        _child(run, keep, prints)
    return pid


def _child(run: Callable[[], None], keep: tuple[int, ...], prints: int | None) -> None:
    with suppress(BaseException):
        ctypes.CDLL(None).malloc_trim(0)  # what tests before this one freed is still resident, and would hide growth
        sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__
        if prints is not None:
            os.dup2(prints, 1)
            os.dup2(prints, 2)
            sys.stdout, sys.stderr = os.fdopen(1, "w", closefd=False), os.fdopen(2, "w", closefd=False)
        low = 3
        for fd in sorted(keep):
            os.closerange(low, fd)
            low = fd + 1
        os.closerange(low, 4096)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115, PTH123 - ends with the process
        run()
    with suppress(BaseException):
        sys.stdout.flush()
    os._exit(0)


def honest(wire: socket.socket, prints: int) -> int:
    """The candidate's side as it is, in a fork of this process."""
    return fork(lambda: candidate.serve(wire), (wire.fileno(),), prints)


def scripted(script: Callable[[socket.socket], None]) -> Start:
    """Any function in the candidate's place."""
    return lambda wire, prints: fork(lambda: script(wire), (wire.fileno(),), prints)


def fresh(wire: socket.socket, prints: int) -> int:
    """The candidate's side in a process of its own, which has read nothing but `inside`, as in the jail."""
    folders = [str(Path(inside.__file__).parent.parent), str(Path(np.__file__).parent.parent)]
    start = (
        f"import socket, sys; sys.path[:0] = {folders!r}\n"  # without site: no path of this repository is known there
    )
    start += f"from inside.candidate import serve; serve(socket.socket(fileno={wire.fileno()}))"
    child = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", start],
        pass_fds=[wire.fileno()],
        stdout=prints,
        stderr=prints,
        stdin=subprocess.DEVNULL,
    )
    child.returncode = 0  # reaped below by its pid
    return child.pid


class _Supervisor:
    def __init__(self, ctl: socket.socket, start: Start, forks: int, wall_seconds: float) -> None:
        self.ctl, self.start, self.left, self.wall_seconds = ctl, start, forks, wall_seconds
        self.prints = os.memfd_create("prints")
        self.pid = 0
        self.endings: list[str] = []
        self.late = False

    def candidate(self) -> socket.socket:
        near, far = socket.socketpair()
        self.pid = self.start(far, self.prints)
        far.close()
        self.left -= 1
        return near

    def reap(self) -> int:
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        status = os.waitpid(self.pid, 0)[1]
        self.pid = 0
        return status

    def frame(self) -> frames.Frame:
        if not select.select([self.ctl], [], [], self.wall_seconds)[0]:
            self.late = True
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        frame = frames.receive(self.ctl)
        assert frame is not None, "the checker ended without a word"
        return frame

    def why(self, meta: dict[str, Any]) -> None:
        self.reap()
        ended = "timed_out" if self.late else "killed" if meta.get("malformed") else "crashed"
        self.late = False
        self.endings.append(ended)
        answer = {"op": "why", "ended": ended, "says": WORDS[ended], "next": self.left > 0}
        if self.left > 0:
            near = self.candidate()
            frames.send(self.ctl, answer, fds=(near.fileno(),))
            near.close()
        else:
            frames.send(self.ctl, answer)

    def run(self) -> Ran:
        told: list[dict[str, Any]] = []
        while (meta := self.frame().meta)["op"] not in ("result", "broken"):
            told.append(meta)
            if meta["op"] == "lost":
                self.why(meta)
            if meta["op"] == "memory":
                frames.send(self.ctl, {"op": "memory", "bytes": process.status(self.pid).resident_bytes})
        if self.pid:
            self.reap()
        os.lseek(self.prints, 0, os.SEEK_SET)
        prints = os.read(self.prints, 1 << 20).decode("utf-8", "replace")
        return Ran(last=meta, told=told, endings=self.endings, prints=prints)


def job_of(
    checks: str, code: str | bytes, files: dict[str, bytes], which: str, seed: str
) -> tuple[dict[str, Any], bytes]:
    """The job frame of a run, as the supervisor sends it."""
    raw = code if isinstance(code, bytes) else code.encode("utf-8", "surrogatepass")
    every = {"checks.py": checks.encode(), **files}
    meta = {
        "op": "job",
        "question": "a-question",
        "which": which,
        "seed": seed,
        "framework": "numpy",
        "budget": {"cpu_seconds": 2.0, "wall_seconds": 10.0, "memory_mib": 256},
        "files": [[name, len(content)] for name, content in every.items()],
        "code_bytes": len(raw),
    }
    return meta, b"".join(every.values()) + raw


def judge(
    checks: str,
    code: str | bytes = "",
    *,
    files: dict[str, bytes] | None = None,
    which: str = "all",
    seed: str = "5eed" * 8,
    start: Start = honest,
    wall_seconds: float = 20.0,
) -> Ran:
    """One whole run of `checks` on `code`; at most three forks of the candidate."""
    near, far = socket.socketpair()
    supervisor = _Supervisor(near, start, 3, wall_seconds)
    with tempfile.TemporaryDirectory() as folder:
        pid = fork(lambda: checker.serve(far, Path(folder) / "question"), (far.fileno(),))
        far.close()
        try:
            wire = supervisor.candidate()
            frames.send(near, *job_of(checks, code, files or {}, which, seed), fds=(wire.fileno(),))
            wire.close()
            return supervisor.run()
        finally:
            near.close()
            os.close(supervisor.prints)
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            if supervisor.pid:
                supervisor.reap()

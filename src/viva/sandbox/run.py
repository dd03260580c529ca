"""One run, conducted from outside: deadlines and figures are the supervisor's, words the checker's.

Law: what is not the candidate's doing raises `MachineFailed`; no other way out of here blames nobody.
"""

import math
import os
import select
import socket
import sys
import time
from dataclasses import dataclass
from typing import Any

from viva.core.evidence import BROKEN_CHECKS, Ended

from . import process, sentences
from .inside import frames
from .subject import Death, Subject
from .zygotes import Fork, Refused

CHECKER_SECONDS = 60
"""What checks may take on the clock, beside the candidate's own budget, before we call it our fault."""

CHECKER_MIB = 2048
_LEAST_WAIT = 0.005
_CORES = os.cpu_count() or 1


class MachineFailed(Exception):
    """The run could not be observed, by our fault; the message is a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """A run's evidence as the supervisor has it: the checker's words in `result`, the rest measured here."""

    result: dict[str, Any]
    ended: Ended
    says: str
    line: int | None
    prints: bytes
    prints_cut: bool
    cpu_seconds: float
    memory_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stretch:
    """A stretch of the candidate's time: an import or a check, its limits (seconds), and the clocks when it began."""

    what: str
    cpu_limit: float
    cpu_limit_said: float
    wall_limit: float
    began: float
    cpu: float
    checker_cpu: float
    waited: float


class Until(socket.socket):
    """A socket whose receiving ends at one moment altogether, so that a checker which trickles holds nobody up."""

    def __init__(self, deadline: float, sock: socket.socket) -> None:
        super().__init__(fileno=sock.detach())
        self.deadline = deadline
        self.settimeout(deadline - time.monotonic())

    def recv(self, bufsize: int, flags: int = 0, /) -> bytes:
        """What has come, at most `bufsize` bytes.

        Raises:
            TimeoutError: the moment has come.
        """
        self.settimeout(max(_LEAST_WAIT, self.deadline - time.monotonic()))
        return super().recv(bufsize, flags)


class Run:
    """A run under way. `checker` is a jailed fork that has no order yet."""

    def __init__(self, subject: Subject, checker: Fork) -> None:
        self._subject = subject
        self._checker = checker
        ours, self._theirs = socket.socketpair()
        self._wall_left = subject.budget.wall_seconds
        self._stretch: _Stretch | None = None
        self._first: tuple[Death, str] | None = None
        self._deadline = time.monotonic() + subject.budget.wall_seconds + CHECKER_SECONDS
        self._ctl = Until(self._deadline, ours)

    def conduct(self, job: dict[str, Any], body: bytes) -> Observed:
        """Hand `job` to the checker and see it through.

        Raises:
            MachineFailed: the evidence could not be had.
        """
        try:
            with self._theirs:
                self._checker.order(memory_bytes=CHECKER_MIB << 20, cpu_seconds=CHECKER_SECONDS, channel=self._theirs)
            frames.send(self._ctl, job, body, fds=(self._subject.go(),))
            while (result := self._step()) is None:
                pass
            return self._observed(result)
        except (OSError, frames.BrokenFrame, Refused) as problem:
            raise MachineFailed(f"{problem}{self._checker_said()}") from problem
        except (ArithmeticError, KeyError, TypeError, ValueError) as problem:
            raise MachineFailed(f"the checker said what means nothing: {problem!r}") from problem

    def close(self) -> None:
        """End all processes of the run, whatever state they are in."""
        self._ctl.close()
        self._theirs.close()
        self._checker.end()
        self._subject.close()

    def _step(self) -> dict[str, Any] | None:
        """Wait for the next thing to happen and answer it; the checker's result when that is it."""
        poll = select.poll()
        for fd in (self._ctl.fileno(), self._checker.pidfd, *self._subject.watched()):
            poll.register(fd, select.POLLIN)
        ready = {fd for fd, _ in poll.poll(math.ceil(self._patience() * 1000))}
        self._subject.attend(ready)
        if time.monotonic() > self._deadline:
            raise MachineFailed(f"the checks were not done {CHECKER_SECONDS} s after the candidate's own time was over")
        if self._ctl.fileno() in ready:
            return self._hear()
        if self._checker.pidfd in ready:
            raise MachineFailed(f"the checker's process ended{self._checker_said()}")
        self._watch_time()
        return None

    def _hear(self) -> dict[str, Any] | None:
        frame = frames.receive(self._ctl, body_limit=0)
        if frame is None:
            raise MachineFailed(f"the checker's process ended without a result{self._checker_said()}")
        match frame.meta["op"]:
            case "began":
                self._begin(frame.meta)
            case "ended":
                self._end_stretch()
            case "memory":
                frames.send(self._ctl, {"op": "memory", "bytes": self._subject.resident_bytes()})
            case "lost":
                self._lost(str(frame.meta["what"]), bool(frame.meta.get("malformed")))
            case "result":
                if type(frame.meta["checks"]) is not list:
                    raise MachineFailed("the checker's result has no checks")
                return frame.meta
            case "broken":
                raise MachineFailed(f"{BROKEN_CHECKS}{frame.meta['says']}")
            case other:
                raise MachineFailed(f"the checker said {other!r}, which means nothing here")
        return None

    def _begin(self, meta: dict[str, Any]) -> None:
        used = self._subject.cpu_seconds()
        left = max(0.0, self._subject.budget.cpu_seconds - used)
        own, wall = meta["cpu_seconds"], meta["wall_seconds"]
        whole = own is None or left < own
        self._stretch = _Stretch(
            what=str(meta["what"]),
            cpu_limit=left if whole else float(own),
            cpu_limit_said=self._subject.budget.cpu_seconds if whole else float(own),
            wall_limit=self._wall_left if wall is None else min(self._wall_left, float(wall)),
            began=time.monotonic(),
            cpu=used,
            checker_cpu=process.cpu_seconds(self._checker.pid),
            waited=self._subject.waited_seconds(),
        )

    def _end_stretch(self) -> None:
        if self._stretch is not None:
            self._wall_left = max(0.0, self._wall_left - self._own_wall(self._stretch))
            self._stretch = None

    def _own_wall(self, stretch: _Stretch) -> float:
        """Time on the clock without what the checker worked and what the candidate had to wait for a CPU."""
        elapsed = time.monotonic() - stretch.began
        checker = process.cpu_seconds(self._checker.pid) - stretch.checker_cpu
        return elapsed - checker - max(0.0, self._subject.waited_seconds() - stretch.waited)

    def _patience(self) -> float:
        """Seconds until a limit may have been reached."""
        waits = [self._deadline - time.monotonic()]
        if self._stretch is not None and self._subject.fork is not None:
            left = self._stretch.cpu_limit - (self._subject.cpu_seconds() - self._stretch.cpu)
            waits += [left / _CORES, self._stretch.wall_limit - (time.monotonic() - self._stretch.began)]
        return max(_LEAST_WAIT, min(waits))

    def _watch_time(self) -> None:
        stretch, subject = self._stretch, self._subject
        if stretch is None or subject.fork is None:
            return
        if subject.cpu_seconds() - stretch.cpu >= stretch.cpu_limit:
            subject.end(Death(ended=Ended.TIMED_OUT, says=sentences.cpu_time(stretch.cpu_limit_said)))
        elif self._own_wall(stretch) >= stretch.wall_limit:
            subject.end(Death(ended=Ended.TIMED_OUT, says=sentences.wall_time(self._subject.budget.wall_seconds)))

    def _lost(self, what: str, malformed: bool) -> None:
        death = self._subject.lose(malformed)
        if death.ended is Ended.MACHINE_FAILED:
            raise MachineFailed(death.says)
        self._first = self._first or (death, what)
        self._end_stretch()
        answer = {"op": "why", "ended": death.ended.value, "says": death.says}
        if what == "import" or self._wall_left <= 0 or not self._subject.may_go_on():
            frames.send(self._ctl, answer | {"next": False})
            return
        frames.send(self._ctl, answer | {"next": True}, fds=(self._subject.go(),))

    def _observed(self, result: dict[str, Any]) -> Observed:
        self._subject.observe()
        ended, says = self._ending(result)
        return Observed(
            result=result,
            ended=ended,
            says=says,
            line=result["import_error"]["line"] if ended is Ended.CANDIDATE_ERROR else None,
            prints=bytes(self._subject.prints),
            prints_cut=self._subject.prints_cut,
            cpu_seconds=self._subject.cpu_seconds(),
            memory_bytes=self._subject.memory_bytes,
        )

    def _ending(self, result: dict[str, Any]) -> tuple[Ended, str]:
        if self._first is not None:
            death, what = self._first
            shown = {check["name"]: check["title"] for check in result["checks"] if check["visible"]}
            return death.ended, sentences.at(death.says, what, shown.get(what))
        if result["memory_error"]:
            return Ended.OUT_OF_MEMORY, sentences.memory(self._subject.budget.memory_mib)
        if result["import_error"] is not None:
            return Ended.CANDIDATE_ERROR, str(result["import_error"]["says"])
        return Ended.FINISHED, ""

    def _checker_said(self) -> str:
        if not select.select([self._checker.out], [], [], 0)[0]:
            return ""
        text = os.read(self._checker.out, 8000).decode(errors="replace").strip()
        sys.stderr.write(f"viva sandbox: a checker said: {text}\n" if text else "")
        return f" ({text.splitlines()[-1]})" if text else ""

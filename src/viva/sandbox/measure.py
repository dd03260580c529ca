"""One measurement, conducted from outside: an attempt beside the reference, each in a fork of its own, clocks read here.

Law: a cost is what the kernel's clock of that process says it used between two marks at which it was waiting; the
reference's code is never in the attempt's process or jail. A measurement waits, between two calls, for runs to be over.
"""

import contextlib
import math
import os
import select
import socket
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from viva.core.evidence import Ended

from . import sentences
from .inside import frames
from .job import Budget
from .run import CHECKER_MIB, MachineFailed, Until
from .subject import Death, Subject
from .zygotes import Fork, Refused

SIDES = ("attempt", "reference")
"""Both sides, in the order in which the checker is given their wires."""

MEASURE_SECONDS = 90
"""What a measurement may take on the clock before we call it our fault, without what it waited for runs."""

HELD_SECONDS = 60.0
"""How long one measurement waits for runs to be over, all its waits together; then it is made beside them."""

NICENESS = 3
"""Where processors are short, a measurement leaves half of its share to runs: what counts is CPU time, not the clock. (With
10 a measurement beside sixteen busy processes took over a minute.)"""

CALLS = 3
"""Budgets of CPU time that a side's process has for all its calls, before the kernel itself ends it."""

ROOM = 3
"""Budgets of memory that a side's process has: it keeps what it frees, so its heap has holes, which are not the code's doing."""

_LEAST_WAIT = 0.005
_LOOK_SECONDS = 0.05
"""How often a measurement looks whether it is still wanted while a call is under way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Rows are (size, attempt's CPU seconds, reference's, attempt's peak bytes, reference's). `unfinished` is the size and the
    two CPU seconds of a call at which the attempt's time was up."""

    told: dict[str, Any]
    rows: list[tuple[int, float, float, int, int]]
    unfinished: tuple[int, float, float] | None


@dataclass(slots=True, kw_only=True)
class _Mark:
    """The stretch under way: whose it is, and clocks at its beginning."""

    side: str
    size: int
    cpu: float
    began: float
    waited: float
    timed: bool


class Measurement:
    """A measurement under way, of `subjects` (the attempt's and the reference's). `checker` is a jailed fork that has no
    order yet; `budget` is the question's: all calls of both sides share half of its CPU time, one call alone may take all
    of it. `turn` waits at most so many seconds for runs to be over, tells how long that took, and raises where the
    measurement is wanted no more."""

    def __init__(
        self, budget: Budget, subjects: tuple[Subject, Subject], checker: Fork, turn: Callable[[float], float]
    ) -> None:
        self._budget = budget
        self._subjects = dict(zip(SIDES, subjects, strict=True))
        self._checker = checker
        self._turn = turn
        self._left_to_wait = HELD_SECONDS
        ours, self._theirs = socket.socketpair()
        self._ctl = Until(time.monotonic() + MEASURE_SECONDS, ours)
        self._mark: _Mark | None = None
        self._taken: dict[tuple[str, int], list[float]] = defaultdict(list)
        self._peaks: dict[tuple[str, int], int] = {}
        self._warm: dict[int, float] = {}
        self._unfinished: tuple[int, float, float] | None = None

    def conduct(self, job: dict[str, Any], body: bytes) -> Measured:
        """Hand `job` to the checker and see it through.

        Raises:
            MachineFailed: the costs could not be had.
            CalledOff: nobody wants them any more.
        """
        try:
            for fork in (self._checker, *(subject.fork for subject in self._subjects.values())):
                if fork is not None:
                    os.setpriority(os.PRIO_PROCESS, fork.pid, NICENESS)
            with self._theirs:
                self._checker.order(memory_bytes=CHECKER_MIB << 20, cpu_seconds=MEASURE_SECONDS, channel=self._theirs)
            wires = tuple(self._subjects[side].go() for side in SIDES)
            frames.send(self._ctl, job, body, fds=wires)
            while (told := self._step()) is None:
                pass
            return Measured(told=told, rows=self._rows(), unfinished=self._unfinished)
        except (OSError, frames.BrokenFrame, Refused) as problem:
            raise MachineFailed(str(problem)) from problem
        except (ArithmeticError, KeyError, TypeError, ValueError) as problem:
            raise MachineFailed(f"the checker said what means nothing: {problem!r}") from problem

    def close(self) -> None:
        """End all processes of the measurement, whatever state they are in."""
        self._ctl.close()
        self._theirs.close()
        self._checker.end()
        for subject in self._subjects.values():
            subject.close()

    def _step(self) -> dict[str, Any] | None:
        poll = select.poll()
        watched = [fd for subject in self._subjects.values() for fd in subject.watched()]
        for fd in (self._ctl.fileno(), self._checker.pidfd, *watched):
            poll.register(fd, select.POLLIN)
        ready = {fd for fd, _ in poll.poll(math.ceil(self._patience() * 1000))}
        self._turn(0.0)
        for subject in self._subjects.values():
            subject.attend(ready)
        if time.monotonic() > self._ctl.deadline:
            raise MachineFailed(f"the measurement was not done after {MEASURE_SECONDS} s")
        if self._ctl.fileno() in ready:
            return self._hear()
        if self._checker.pidfd in ready:
            raise MachineFailed("the checker's process ended")
        self._watch_time()
        return None

    def _hear(self) -> dict[str, Any] | None:
        frame = frames.receive(self._ctl, body_limit=0)
        if frame is None:
            raise MachineFailed("the checker's process ended without a result")
        meta = frame.meta
        match meta["op"]:
            case "begin" | "start":
                self._begin(meta)
            case "stop":
                self._stop(meta)
            case "lost":
                self._lost(meta)
            case "costs":
                return meta
            case "broken":
                raise MachineFailed(f"the measurement of this question is broken: {meta['says']}")
            case other:
                raise MachineFailed(f"the checker said {other!r}, which means nothing here")
        return None

    def _begin(self, meta: dict[str, Any]) -> None:
        side, subject = str(meta["side"]), self._subjects[meta["side"]]
        if meta["op"] == "begin":
            self._wait()
        answer: dict[str, Any] = {"op": "go"}
        if meta["op"] == "begin" and meta["size"] == 0 and side == "attempt":
            answer["seconds"] = self._budget.cpu_seconds / 2
        self._mark = _Mark(
            side=side,
            size=int(meta["size"]),
            cpu=subject.cpu_seconds(),
            began=time.monotonic(),
            waited=subject.waited_seconds(),
            timed=meta["op"] == "start",
        )
        frames.send(self._ctl, answer)

    def _wait(self) -> None:
        """Let runs go first; what that takes is nobody's fault."""
        waited = self._turn(self._left_to_wait)
        self._left_to_wait = max(0.0, self._left_to_wait - waited)
        self._ctl.deadline += waited

    def _stop(self, meta: dict[str, Any]) -> None:
        mark, subject = self._mark, self._subjects[meta["side"]]
        if mark is None or not mark.timed or mark.side != meta["side"]:
            raise MachineFailed("the checker ended a call that it had not begun")
        seconds = subject.cpu_seconds() - mark.cpu
        self._mark = None
        if meta["kept"]:
            self._taken[mark.side, mark.size].append(seconds)
        else:
            subject.memory_bytes = 0
            subject.observe()
            self._peaks[mark.side, mark.size] = max(0, subject.memory_bytes)
            if mark.side == "reference":
                self._warm[mark.size] = seconds
        frames.send(self._ctl, {"op": "stopped", "cpu_seconds": seconds})

    def _lost(self, meta: dict[str, Any]) -> None:
        death = self._subjects[meta["side"]].lose(bool(meta["malformed"]))
        if death.ended is Ended.MACHINE_FAILED:
            raise MachineFailed(death.says)
        frames.send(self._ctl, {"op": "why", "says": death.says})

    def _patience(self) -> float:
        waits = [self._ctl.deadline - time.monotonic(), _LOOK_SECONDS]
        if self._mark is not None:
            subject = self._subjects[self._mark.side]
            with contextlib.suppress(OSError):
                waits.append((self._budget.cpu_seconds - (subject.cpu_seconds() - self._mark.cpu)) / 2)
            waits.append(self._budget.wall_seconds - (time.monotonic() - self._mark.began))
        return max(_LEAST_WAIT, min(waits))

    def _watch_time(self) -> None:
        mark = self._mark
        if mark is None or (subject := self._subjects[mark.side]).fork is None:
            return
        used, budget = subject.cpu_seconds() - mark.cpu, self._budget
        late = time.monotonic() - mark.began - (subject.waited_seconds() - mark.waited) > budget.wall_seconds
        if used < budget.cpu_seconds and not late:
            return
        says = sentences.wall_time(budget.wall_seconds) if late else sentences.cpu_time(budget.cpu_seconds)
        if mark.timed and mark.side == "attempt" and mark.size in self._warm and not late:
            self._unfinished = (mark.size, used, self._warm[mark.size])
        subject.end(Death(ended=Ended.TIMED_OUT, says=says))

    def _rows(self) -> list[tuple[int, float, float, int, int]]:
        rows = []
        for size in sorted({size for _, size in self._taken}):
            pairs = zip(*(self._taken[side, size] for side in SIDES), strict=False)
            peaks = tuple(self._peaks.get((side, size), 0) for side in SIDES)
            rows += [(size, *pair, *peaks) for pair in pairs]
        return rows

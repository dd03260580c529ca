"""The candidate's side of one run, seen from outside: its processes, one after another, their output, clocks and deaths.

Law: every figure comes from the kernel; a death is the candidate's unless the kernel's word for it says otherwise.
"""

import os
import select
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass

from viva.core.evidence import Ended

from . import process, sentences
from .job import Budget
from .zygotes import Fork

FORKS = 3
"""Candidate processes in one run: a fresh one after each death."""

OUTPUT_KEPT = 64 << 10
OUTPUT_MIB = 4
"""What one process prints beyond this ends it; bytes beyond `OUTPUT_KEPT` are counted, not kept."""

_HANGUP_SECONDS = 0.5
_PIECE = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Death:
    """Why a candidate process is gone, in words for the candidate."""

    ended: Ended
    says: str


class Subject:
    """The candidate processes of one run; `fork` is the present one, None after a death; `death` is the last one;
    `steady` ones keep what memory they free (see `kernel.keep_memory`)."""

    def __init__(self, budget: Budget, first: Fork, another: Callable[[], Fork], *, steady: bool = False) -> None:
        self.budget = budget
        self.fork: Fork | None = first
        self.death: Death | None = None
        self.prints = bytearray()
        self.prints_cut = False
        self.memory_bytes = 0
        self._another = another
        self._steady = steady
        self._wire: socket.socket | None = None
        self._forks = 0
        self._cpu_of_the_dead = 0.0
        self._printed = 0
        self._open = False

    def go(self) -> int:
        """Let the waiting fork go, or a new one if the last has died; the checker's end of its wire, as a descriptor that
        stays open here too: a process whose wire ended would be gone before its memory was read.

        Raises:
            Refused, OSError: no fork could be had.
        """
        fork = self.fork or self._another()
        self.fork = fork
        self._hang_up()
        self._wire, theirs = socket.socketpair()
        with theirs:
            left = max(0.0, self.budget.cpu_seconds - self.cpu_seconds())
            most = self.budget.memory_mib << 20
            fork.order(memory_bytes=most, cpu_seconds=left, channel=theirs, steady=self._steady)
        os.set_blocking(fork.out, False)
        self._forks += 1
        self._printed = 0
        self._open = True
        self.death = None
        return self._wire.fileno()

    def close(self) -> None:
        """End the present process, without asking why."""
        self._hang_up()
        if self.fork is not None:
            self.fork.end()

    def may_go_on(self) -> bool:
        """Whether budget and number of forks allow another process."""
        return self._forks < FORKS and self.cpu_seconds() < self.budget.cpu_seconds

    def watched(self) -> list[int]:
        """Descriptors whose readiness `attend` wants to hear of."""
        if self.fork is None:
            return []
        return [self.fork.pidfd, self.fork.out] if self._open else [self.fork.pidfd]

    def attend(self, ready: set[int]) -> None:
        """Read output, and notice a death or a flood."""
        if self.fork is not None and self.fork.out in ready:
            self._listen(self.fork)
            if self._printed > OUTPUT_MIB << 20:
                self.end(Death(ended=Ended.OUTPUT_LIMIT, says=sentences.output(OUTPUT_MIB)))
        if self.fork is not None and self.fork.pidfd in ready:
            self.end(None)

    def lose(self, malformed: bool) -> Death:
        """The wire broke: end what is left of the process, and say why."""
        if self.fork is not None:
            if malformed:
                self.end(Death(ended=Ended.KILLED, says=sentences.malformed()))
            elif select.select([self.fork.pidfd], [], [], _HANGUP_SECONDS)[0]:
                self.end(None)
            else:
                self.end(Death(ended=Ended.KILLED, says=sentences.hung_up()))
        if self.death is None:
            raise AssertionError("a process is gone and nobody noted why")
        return self.death

    def end(self, why: Death | None) -> None:
        """End the present process, if any, and note why; without a reason it ended by itself, and its status tells."""
        fork = self.fork
        if fork is None:
            return
        self.observe()
        self._cpu_of_the_dead = self.cpu_seconds()
        self.fork = None
        status = fork.end()
        self.death = why or self._cause(status, overran=fork.overran)

    def observe(self) -> None:
        """Bring output and memory of the present process up to now."""
        fork = self.fork
        if fork is None:
            return
        while self._open and self._printed <= OUTPUT_MIB << 20 and self._listen(fork):
            pass
        try:
            peak = process.status(fork.pid).peak_resident_bytes
        except OSError:
            return
        self.memory_bytes = max(self.memory_bytes, peak - fork.idle.resident_bytes)

    def resident_bytes(self) -> int:
        """Memory that the present process holds now, with what the zygote left it; 0 where there is none."""
        try:
            return process.status(self.fork.pid).resident_bytes if self.fork is not None else 0
        except OSError:
            return 0

    def cpu_seconds(self) -> float:
        """CPU seconds of all processes of this run so far, without what a fork used before it was let go."""
        fork = self.fork
        if fork is None:
            return self._cpu_of_the_dead
        return self._cpu_of_the_dead + max(0.0, process.cpu_seconds(fork.pid) - fork.idle_cpu_seconds)

    def waited_seconds(self) -> float:
        """How long the present process was ready to run without a CPU."""
        return process.waited_seconds(self.fork.pid) if self.fork is not None else 0.0

    def _hang_up(self) -> None:
        if self._wire is not None:
            self._wire.close()

    def _listen(self, fork: Fork) -> bool:
        """Take one piece of output; whether there was any."""
        try:
            piece = os.read(fork.out, _PIECE)
        except BlockingIOError:
            return False
        self._open = bool(piece)
        self._printed += len(piece)
        room = OUTPUT_KEPT - len(self.prints)
        self.prints += piece[:room]
        self.prints_cut = self.prints_cut or len(piece) > room
        return self._open

    def _cause(self, status: int, *, overran: bool) -> Death:
        if status == -1:
            return Death(ended=Ended.MACHINE_FAILED, says="the process that candidates are forked from has ended")
        if not os.WIFSIGNALED(status):
            return Death(ended=Ended.CRASHED, says=sentences.left(os.waitstatus_to_exitcode(status)))
        number = os.WTERMSIG(status)
        if number == signal.SIGSYS:
            return Death(ended=Ended.FORBIDDEN, says=sentences.forbidden())
        if number != signal.SIGKILL:
            return Death(ended=Ended.CRASHED, says=sentences.died_by_signal(number))
        if self._cpu_of_the_dead >= self.budget.cpu_seconds:  # the kernel's own limit was faster than ours
            return Death(ended=Ended.TIMED_OUT, says=sentences.cpu_time(self.budget.cpu_seconds))
        if overran:
            return Death(ended=Ended.OUT_OF_MEMORY, says=sentences.memory(self.budget.memory_mib))
        return Death(ended=Ended.MACHINE_FAILED, says="the machine ended the candidate's process (out of memory?)")

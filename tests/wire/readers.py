"""Those who read frames from others, each given one bad frame: what comes of it, in a few words.

A reader raises nothing but what it declares; whatever else comes out of a function here is a defect of ours.
"""

import array
import contextlib
import json
import os
import signal
import socket
import struct
import threading
from collections.abc import Callable
from typing import Any

import numpy as np

from tests.wire.malformed import WAYS, Chance, Shot, check, job_frame, packed, reply, told
from viva.core.evidence import CheckRun
from viva.core.values import Budget
from viva.sandbox import client, process
from viva.sandbox.inside import frames, job, wire
from viva.sandbox.run import MachineFailed, Run
from viva.sandbox.subject import Subject
from viva.sandbox.supervisor import Supervisor
from viva.sandbox.zygotes import Fork, Refused
from viva_check import CandidateError, Failure, close, equal, same_dtype, stays_finite

_AT_ONCE = 64 << 10  # bytes that a socket takes with nobody reading


class _Scripted(socket.socket):
    """The checker's end of a wire whose other end has an answer to the first request ready, and then closes."""

    def __init__(self, answer: Callable[[str], Shot]) -> None:
        near, self.far = socket.socketpair()
        super().__init__(fileno=near.detach())
        self._answer: Callable[[str], Shot] | None = answer

    def sendall(self, data: Any, flags: int = 0, /) -> None:
        """Take a request; whatever comes after the first is lost."""
        if self._answer is not None:
            answer, self._answer = self._answer, None
            _write(self.far, answer(json.loads(bytes(data)[8:])["nonce"]))

    def close(self) -> None:
        """Close both ends."""
        self.far.close()
        super().close()


def _write(sock: socket.socket, shot: Shot) -> None:
    """Write a shot and close; a long one from a thread, which ends with the reader."""

    def rest(data: bytes) -> None:
        with sock, contextlib.suppress(OSError):
            sock.sendall(data)
            sock.shutdown(socket.SHUT_WR)

    data = shot.data
    if shot.fds and data:
        rights = array.array("i", [2] * shot.fds)
        data = data[sock.sendmsg([data], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)]) :]
    if len(data) > _AT_ONCE:
        threading.Thread(target=rest, args=(data,), daemon=True).start()
    else:
        rest(data)


def _callback(*_args: Any, **_kwargs: Any) -> None:
    """What the candidate's code may call."""


def at_the_wire(chance: Chance, way: str) -> str:
    """Ask for one call over a wire, and compare what comes with an array, as a check does."""
    meta, body = reply(chance)
    sock = _Scripted(lambda nonce: WAYS[way](chance, {"nonce": nonce, **meta}, body))
    with sock:
        there = wire.Wire(sock, "numpy")
        there.begin()
        there.function_number(_callback)
        try:
            got = there.request("call", {"target": {"h": [0, ["f"]]}})
        except wire.Lost as lost:
            return "ends the connection" if lost.malformed else "ends early"
        except CandidateError:
            return "is told in words"
    for compare in (close, equal, same_dtype):
        with contextlib.suppress(Failure):
            compare(got, np.ones(3))
    with contextlib.suppress(Failure):
        stays_finite(lambda _: got, (2,))
    return "is a value"


def at_the_job(chance: Chance, way: str) -> str:
    """Read a job, as a checker does."""
    near, far = socket.socketpair()
    with near, far:
        _write(far, WAYS[way](chance, *job_frame(chance)))
        try:
            frame = frames.receive(near, max_fds=1)
            if frame is None:
                return "ends early"
            for fd in frame.fds:
                os.close(fd)
            job.of(frame)
        except frames.BrokenFrame:
            return "ends the connection"
        except job.NotAJob:
            return "is told in words"
    return "is a value"


class _Sleeper:
    """In place of a zygote: one child that sleeps, and again one when it was killed."""

    def __init__(self) -> None:
        self.start()

    def start(self) -> None:
        """A child, where the last one is gone."""
        self.pid = os.posix_spawn("/bin/sleep", ["sleep", "infinity"], {})
        self.pidfd = os.pidfd_open(self.pid)
        self.idle = process.status(self.pid)

    def fork(self, orders: socket.socket) -> Fork:
        """The child as a fork that waits for its order; what it prints has ended already."""
        out, silent = os.pipe()
        os.close(silent)
        pid = self.pid
        seen: Any = self
        return Fork(
            zygote=seen, inner_pid=pid, pid=pid, pidfd=os.dup(self.pidfd), start=orders, out=out, idle=self.idle
        )

    def reap(self, fork: Fork) -> int:
        """Wait for the killed child, and have another one."""
        status = os.waitpid(fork.pid, 0)[1]
        os.close(self.pidfd)
        self.start()
        return status

    def end(self) -> None:
        """Kill it for good."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.pidfd)


class _Sink(socket.socket):
    """The supervisor's end of its server: what it answers is in `data`."""

    data = b""

    def sendall(self, data: Any, flags: int = 0, /) -> None:
        """Keep it."""
        self.data += bytes(data)


class Supervising:
    """The supervisor's end of runs whose checker says what it should not."""

    def __init__(self) -> None:
        self._checker, self._candidate = _Sleeper(), _Sleeper()

    def __call__(self, chance: Chance, way: str) -> str:
        """See through a run whose checker says one frame made wrong, and in half of all then a result."""
        first, last = WAYS[way](chance, *told(chance)), packed({"op": "result", "checks": [check(chance)]})
        more = chance.random() < 0.5
        return self.one(Shot(data=first.data + (last.data if more else b""), fds=first.fds))

    def one(self, shot: Shot) -> str:
        """See one run through, and read its evidence as the server does."""
        orders = [socket.socketpair() for _ in range(2)]
        checker, candidate = self._checker.fork(orders[0][0]), self._candidate.fork(orders[1][0])
        subject = Subject(Budget(cpu_seconds=1.0, wall_seconds=2.0, memory_mib=64), candidate, _no_other)
        run = Run(subject, checker)
        try:
            _write(run._theirs.dup(), shot)
            return self._read(run)
        finally:
            for fork in (checker, candidate):
                self._close(fork)
            for sock in (run._ctl, run._theirs, subject._wire, *(one[1] for one in orders)):
                if sock is not None:
                    sock.close()

    def _read(self, run: Run) -> str:
        try:
            seen = run.conduct({"op": "job"}, b"")
        except MachineFailed:
            return "is our failure"
        with _Sink() as server:
            Supervisor(server, spares=0)._done(1, seen)
            meta_bytes = struct.unpack("<II", server.data[:8])[0]
            answer = frames.Frame(meta=frames.parse(server.data[8 : 8 + meta_bytes]))
        evidence = client._check_run(answer, "")
        return "is evidence" if isinstance(evidence, CheckRun) else "is our failure"

    @staticmethod
    def _close(fork: Fork) -> None:
        fork.start.close()
        if not fork.reaped:
            os.close(fork.pidfd)
            os.close(fork.out)

    def end(self) -> None:
        """End the children."""
        self._checker.end()
        self._candidate.end()


def _no_other() -> Fork:
    raise Refused("there is one fork for a frame")

"""The process between the server and the jails: it owns zygotes, runs, limits and figures.

It is started over a socketpair and speaks frames on it: `run`, `measure` or `cancel` in; `done`, `costs` or `machine` out, in
any order, and nothing for what was cancelled. Law: when that pair ends, it ends, and everything below it. It is started without
`site`, so it imports the standard library and viva's sandbox only.
"""

import contextlib
import functools
import os
import socket
import sys
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, Protocol

from .admission import Admission
from .cgroups import Groups, NoGroups
from .inside import frames, kernel
from .job import Budget
from .measure import CALLS, HELD_SECONDS, ROOM, Measured, Measurement
from .run import MachineFailed, Observed, Run
from .subject import Subject
from .turns import CalledOff, Turns
from .zygotes import Environment, Fork, Refused, Role, Source, Zygote

_CORES = os.cpu_count() or 1

Kind = tuple[Role, Environment]


class Start(Protocol):
    """Makes what forks of a role come from, or raises `Refused`."""

    def __call__(self, role: Role, environment: Environment, admission: Admission | None = None) -> Source:
        """It, warm."""


def main() -> None:
    """Serve the pair on descriptor `argv[1]` with `argv[2]` spares per role, to its end of file."""
    kernel.adopt_orphans()
    server = socket.socket(fileno=int(sys.argv[1]))
    Supervisor(server, spares=int(sys.argv[2])).serve()
    os._exit(0)  # runs in progress have lost their processes; their threads have nothing left to say


class Supervisor:
    """Makes runs, as many at a time as there are cores, and beside them one measurement, which waits where a run is under way."""

    def __init__(self, server: socket.socket, *, spares: int, start: Start = Zygote) -> None:
        self._server = server
        self._answering = threading.Lock()
        self._stock = Stock(spares, start)
        self._queued = 0
        self._turns = Turns()
        self._workers = ThreadPoolExecutor(_CORES, thread_name_prefix="run")
        self._measurer = ThreadPoolExecutor(1, thread_name_prefix="measure")

    def serve(self) -> None:
        """Take jobs until the server is gone, then end every zygote."""
        try:
            while (frame := frames.receive(self._server)) is not None:
                self._take(frame)
        except (OSError, frames.BrokenFrame) as problem:
            _note(f"the server's connection broke: {problem}")
        self._stock.end()

    def _take(self, frame: frames.Frame) -> None:
        if frame.meta["op"] == "cancel":
            self._turns.drop(frame.meta["id"])
            return
        self._turns.expect(frame.meta["id"])
        match frame.meta["op"]:
            case "measure":
                self._measurer.submit(self._answered, self._measure, frame)
            case _:
                with self._answering:
                    self._queued += 1
                self._workers.submit(self._answered, self._run, frame)

    def _answered(self, work: Callable[[frames.Frame, tuple[Kind, ...]], None], frame: frames.Frame) -> None:
        """Do `work`, which answers; a failure is an answer too."""
        meta = frame.meta
        roles: tuple[Kind, ...] = (
            ("candidate", Environment(**meta["candidate"])),
            ("checker", Environment(**meta["checker"])),
        )
        try:
            work(frame, roles)
        except CalledOff:
            pass
        except (MachineFailed, Refused) as problem:
            self._answer({"op": "machine", "id": meta["id"], "why": str(problem)})
        except Exception as problem:  # a defect of ours must not leave the server waiting
            self._answer({"op": "machine", "id": meta["id"], "why": f"the sandbox has a defect: {problem!r}"})
            raise
        finally:
            self._turns.drop(meta["id"])
            self._stock.tidy(roles, refill=self._queued == 0)

    def _run(self, frame: frames.Frame, roles: tuple[Kind, ...]) -> None:
        with self._answering:
            self._queued -= 1
        meta = frame.meta
        self._turns.check(meta["id"])
        with self._turns.run():
            candidate, checker = self._stock.take(roles)
            subject = Subject(Budget(**meta["budget"]), candidate, lambda: self._stock.take(roles[:1])[0])
            with contextlib.closing(Run(subject, checker)) as run:
                self._done(meta["id"], run.conduct(_job(meta), frame.body))

    def _measure(self, frame: frames.Frame, roles: tuple[Kind, ...]) -> None:
        meta, (candidate, checker) = frame.meta, roles
        turn = functools.partial(self._turns.wait, meta["id"])
        turn(HELD_SECONDS)
        budget = Budget(**meta["budget"])
        forks = self._stock.take((candidate, candidate, checker), spares=False)
        whole = replace(budget, cpu_seconds=CALLS * budget.cpu_seconds, memory_mib=ROOM * budget.memory_mib)
        attempt, reference = (Subject(whole, fork, _no_other, steady=True) for fork in forks[:2])
        with contextlib.closing(Measurement(budget, (attempt, reference), forks[2], turn)) as measurement:
            self._costs(meta["id"], measurement.conduct(_job(meta), frame.body))

    def _costs(self, number: int, seen: Measured) -> None:
        meta = {"op": "costs", "id": number, "told": seen.told, "rows": seen.rows, "unfinished": seen.unfinished}
        self._answer(meta)

    def _done(self, number: int, seen: Observed) -> None:
        meta = {
            "op": "done",
            "id": number,
            "ended": seen.ended.value,
            "says": seen.says,
            "line": seen.line,
            "checks": seen.result["checks"],
            "prints_cut": seen.prints_cut,
            "cpu_seconds": seen.cpu_seconds,
            "memory_bytes": seen.memory_bytes,
        }
        self._answer(meta, seen.prints)

    def _answer(self, meta: dict[str, Any], body: bytes = b"") -> None:
        with self._answering, contextlib.suppress(OSError):  # the server is gone; its end of file is on its way
            frames.send(self._server, meta, body)


class Stock:
    """The zygotes, one per role and environment, made by `start`, and the spare forks that wait for a job."""

    def __init__(self, spares: int, start: Start = Zygote) -> None:
        self._spares = spares
        self._start = start
        self._admission = _admission()
        self._lock = threading.Lock()
        self._starting: dict[Kind, threading.Lock] = {}
        self._zygotes: dict[Kind, Source] = {}
        self._waiting: dict[Kind, list[Fork]] = {}
        self._making: Counter[Kind] = Counter()  # spares that are being forked
        self._retired: list[Source] = []
        self._over = False

    def take(self, kinds: tuple[Kind, ...], *, spares: bool = True) -> list[Fork]:
        """One jailed fork of each, made at the same time; without `spares` all are new, equally warm, and runs keep theirs.

        Raises:
            Refused: one could not be had; the others are ended.
        """
        waiting = [self._spare(kind) if spares else None for kind in kinds]
        if all(spare is not None for spare in waiting):
            return [spare for spare in waiting if spare is not None]
        found = _together([functools.partial(self._one, *pair) for pair in zip(kinds, waiting, strict=True)])
        forks = [fork for fork in found if isinstance(fork, Fork)]
        for problem in found:
            if isinstance(problem, Refused):
                for fork in forks:
                    fork.end()
                raise problem
        return forks

    def tidy(self, kinds: tuple[Kind, ...], *, refill: bool) -> None:
        """After an answer is out: end worn zygotes, say what was left behind, `refill` the spares (not while jobs wait:
        a spare costs more CPU than it saves time)."""
        for kind in kinds if not self._over else ():
            with self._lock:
                zygote = self._zygotes.get(kind)
            if zygote is None or zygote.worn():
                continue
            left = zygote.left_behind()
            if left:
                _note(f"processes {sorted(left)} were left behind by a run; ended")
                zygote.broken = True
                continue
            if refill:
                self._refill(kind, zygote)
        with self._lock:
            over = [zygote for zygote in self._retired if zygote.idle() or zygote.broken]
            self._retired = [zygote for zygote in self._retired if zygote not in over]
        for zygote in over:
            zygote.end()

    def end(self) -> None:
        """End every zygote, and with them every run; take their control groups away."""
        self._over = True  # from now on what fails, fails because of this
        with self._lock:
            every = [*self._zygotes.values(), *self._retired]
        for zygote in every:
            zygote.kill()
        if self._admission is not None:
            self._admission.close()

    def _spare(self, kind: Kind) -> Fork | None:
        """A waiting fork of the present zygote, if there is one that still lives."""
        with self._lock:
            zygote, waiting = self._zygotes.get(kind), self._waiting.setdefault(kind, [])
            spare = waiting.pop() if waiting else None
        if spare is None or (spare.zygote is zygote and not spare.zygote.worn() and not spare.dead()):
            return spare
        spare.end()
        return None

    def _one(self, kind: Kind, spare: Fork | None) -> Fork:
        return spare or self._zygote(kind).fork()

    def _zygote(self, kind: Kind) -> Source:
        with self._lock:
            starting = self._starting.setdefault(kind, threading.Lock())
        with starting:
            zygote = self._zygotes.get(kind)
            if zygote is not None and not zygote.worn():
                return zygote
            new = self._start(*kind, admission=self._admission)
            with self._lock:
                self._zygotes[kind] = new
                if zygote is not None:
                    self._retired.append(zygote)
            return new

    def _refill(self, kind: Kind, zygote: Source) -> None:
        while self._begin_spare(kind):
            made: list[Fork] = []
            try:
                made = [zygote.fork(rehearse=True)]
            except Refused as problem:
                if not self._over:
                    _note(f"no spare: {problem}")
                return
            finally:
                with self._lock:
                    self._making[kind] -= 1
                    self._waiting[kind] += made

    def _begin_spare(self, kind: Kind) -> bool:
        """Whether one more is wanted; then it counts as being made. Several answers may go out at the same time."""
        with self._lock:
            if len(self._waiting.setdefault(kind, [])) + self._making[kind] >= self._spares:
                return False
            self._making[kind] += 1
            return True


def _admission() -> Admission | None:
    """Into control groups, where this machine has them; `viva doctor` says why not."""
    try:
        return Admission(Groups())
    except NoGroups:
        return None


def _together(tasks: list[Callable[[], Fork]]) -> list[Fork | Refused]:
    """What came of all tasks, the last one done in this thread, the others beside it."""
    results: list[Fork | Refused] = [Refused("it was not tried")] * len(tasks)

    def do(at: int) -> None:
        try:
            results[at] = tasks[at]()
        except Refused as problem:
            results[at] = problem
        except OSError as problem:
            results[at] = Refused(str(problem))

    others = [threading.Thread(target=do, args=(at,)) for at in range(len(tasks) - 1)]
    for thread in others:
        thread.start()
    do(len(tasks) - 1)
    for thread in others:
        thread.join()
    return results


def _no_other() -> Fork:
    raise Refused("a measurement has no second process")


def _note(says: str) -> None:
    sys.stderr.write(f"viva sandbox: {says}\n")


def _job(meta: dict[str, Any]) -> dict[str, Any]:
    """What the checker is told of a job: all of it but paths of this machine."""
    return {key: value for key, value in meta.items() if key not in ("id", "candidate", "checker")} | {"op": "job"}

"""The checker's side of a run: it loads a question's checks, drives the attempt over the wire, and says what came of each.

Law: candidate bytes are never executed or parsed here; a check that raises what is neither a `Failure` nor the candidate's
own exception is our fault (`broken`), unless the expression that raised was at work on what the candidate returned.
"""

import hashlib
import os
import socket
import sys
import traceback
import types
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from viva_check import AuthorError, CandidateError, Check, Failure, checks_of, scaling_of

from . import blame, frames, job, loading, measuring, spoken
from .sut import Sut, kind_of
from .wire import Lost, Wire

FOLDER = Path("/tmp/question")
"""Where a question's data/ and hidden/ lie during a run, in the checker's own tmpfs."""


class Broken(Exception):
    """The run cannot be judged, by our own fault."""


def serve(ctl: socket.socket, folder: Path = FOLDER) -> None:
    """Run one job that comes on `ctl`, and answer there with `result` or `broken`."""
    frame = frames.receive(ctl, max_fds=2)
    if frame is None:
        return
    try:
        task = job.of(frame)
        task.write_data(folder)
        os.chdir(folder)
        if task.reference is not None:
            frames.send(ctl, _measured(ctl, task, frame.fds))
            return
        wire = Wire(socket.socket(fileno=frame.fds[0]), task.framework)
        meta = _Run(ctl=ctl, task=task, wire=wire).result()
    except Exception as problem:  # whatever it is, it is not the candidate's: the supervisor must hear of it
        meta = {
            "op": "broken",
            "says": spoken.clean(_what_broke(problem))[:700],
            "traceback": spoken.clean("".join(traceback.format_exception(problem)))[-8000:],
        }
    frames.send(ctl, meta)


def _what_broke(problem: Exception) -> str:
    """The problem, and where in checks.py it arose, for the question's author."""
    if isinstance(problem, Broken):
        return str(problem)
    spots = [
        f"checks.py, line {line}, in {frame.f_code.co_name}: "
        for frame, line in traceback.walk_tb(problem.__traceback__)
        if frame.f_code.co_filename == blame.CHECKS_FILE
    ]
    where = spots[-1] if spots else ""
    return f"{where}{type(problem).__name__}: {problem}"


def _measured(ctl: socket.socket, task: job.Job, wires: tuple[int, ...]) -> dict[str, Any]:
    """Measure what the attempt costs beside the reference; the last thing to say of it."""
    wanted = scaling_of(vars(_checks_module(task.checks)))
    if wanted is None:
        raise Broken("checks.py has no @scaling")
    codes = dict(zip(measuring.SIDES, (task.code, task.reference or b""), strict=True))
    sides = {
        name: Wire(socket.socket(fileno=fd), task.framework) for name, fd in zip(measuring.SIDES, wires, strict=True)
    }
    for wire in sides.values():
        _prepare(wire, task)
    return measuring.Measuring(ctl=ctl, wanted=wanted, sides=sides, seed=task.seed).result(codes)


@dataclass(slots=True, kw_only=True)
class _Run:
    """One run under way. `wire` is None once there is no candidate fork left to ask."""

    ctl: socket.socket
    task: job.Job
    wire: Wire | None
    outcomes: dict[str, dict[str, Any]] = field(default_factory=dict)
    import_error: dict[str, Any] | None = None
    memory_error: bool = False

    def result(self) -> dict[str, Any]:
        module = _checks_module(self.task.checks)
        requires = _requires(module)
        chosen = [one for one in checks_of(vars(module)) if one.visible or self.task.which == "all"]
        if not chosen:
            raise Broken(f"checks.py defines no check to run ({self.task.which})")
        loaded = self._load(requires)
        for one in chosen:
            if not loaded:
                break
            if self._check(one):
                continue
            loaded = self.wire is not None and self._load(requires)
        return {
            "op": "result",
            "checks": [self.outcomes.get(one.name) or self._not_run(one) for one in chosen],
            "import_error": self.import_error,
            "memory_error": self.memory_error,
        }

    def _load(self, requires: tuple[str, ...]) -> bool:
        """Load the attempt into the present fork; False where that failed, with `import_error` or a lost fork."""
        wire = self.wire
        if wire is None:
            return False
        self._began("import", None)
        try:
            _prepare(wire, self.task)
            wire.request("load", {}, self.task.code)
            for name in requires:
                _require(wire, name)
        except CandidateError as error:
            if not self.outcomes:
                self.import_error = {"says": spoken.clean(error.says), "line": error.line}
            self.wire = None
        except Lost as lost:
            self.wire = None
            for fd in self._why("import", lost).fds:  # a fresh fork would end at the same place
                os.close(fd)
            return False
        finally:
            self.memory_error = self.memory_error or wire.memory_error
        self._tell({"op": "ended", "what": "import"})
        return self.wire is not None

    def _check(self, one: Check) -> bool:
        """Run one check and note its outcome; False where the fork was lost (`wire` is then the next one, or None)."""
        wire = self.wire
        if wire is None:
            return False
        wire.begin()
        self._began(one.name, one.cpu_seconds)
        failure: Failure | None = None
        try:
            one.run(Sut(wire, self._resident_bytes), self._rng(one.name))
        except Failure as problem:
            failure = problem
        except Lost as lost:
            why = self._why(one.name, lost)
            self.outcomes[one.name] = _outcome(one, passed=False, says=str(why.meta["says"]))
            self.wire = Wire(socket.socket(fileno=why.fds[0]), self.task.framework) if why.fds else None
            return False
        except Exception as problem:
            failure = blame.failure(problem, wire.received)
            if failure is None:
                raise
        finally:
            self.memory_error = self.memory_error or wire.memory_error
        self._tell({"op": "ended", "what": one.name})
        line = failure.line if isinstance(failure, CandidateError) else None
        says = "" if failure is None else failure.says
        self.outcomes[one.name] = _outcome(one, passed=failure is None, says=says, line=line)
        return True

    def _rng(self, name: str) -> np.random.Generator:
        digest = hashlib.sha256(f"{self.task.seed}\0{name}".encode()).digest()
        return np.random.default_rng(int.from_bytes(digest, "big"))

    def _began(self, what: str, cpu_seconds: float | None) -> None:
        half = self.task.cpu_seconds / 2
        self._tell(
            {
                "op": "began",
                "what": what,
                "cpu_seconds": half if cpu_seconds is None else min(cpu_seconds, half),
                "wall_seconds": None,
            }
        )

    def _why(self, what: str, lost: Lost) -> frames.Frame:
        """What the supervisor knows of a lost fork; its `fds` hold the wire to a fresh one, if there is any."""
        self._tell({"op": "lost", "what": what, **({"malformed": True} if lost.malformed else {})})
        answer = frames.receive(self.ctl, max_fds=1)
        if answer is None or answer.meta.get("op") != "why":
            raise Broken("the supervisor did not say why the candidate's process ended")
        return answer

    def _resident_bytes(self) -> int:
        """Memory of the candidate's process, which only the supervisor can see."""
        self._tell({"op": "memory"})
        answer = frames.receive(self.ctl)
        if answer is None or answer.meta.get("op") != "memory":
            raise Broken("the supervisor did not say what the candidate's process holds")
        if not answer.meta["bytes"]:
            raise Lost(malformed=False)
        return int(answer.meta["bytes"])

    def _tell(self, meta: dict[str, Any]) -> None:
        frames.send(self.ctl, meta)

    def _not_run(self, one: Check) -> dict[str, Any]:
        why = "your code could not be loaded" if not self.outcomes else "your code was stopped before this check"
        return _outcome(one, passed=False, says=f"Not run: {why}.", ran=False)


def _outcome(one: Check, *, passed: bool, says: str, line: int | None = None, ran: bool = True) -> dict[str, Any]:
    return {
        "name": one.name,
        "title": one.title,
        "passed": passed,
        "weight": one.weight,
        "visible": one.visible,
        "says": spoken.clean(says),
        "line": line,
        "ran": ran,
    }


def _checks_module(source: str) -> types.ModuleType:
    try:
        module = loading.run("checks", source, blame.CHECKS_FILE)
    except loading.Unreadable as problem:
        raise Broken(f"checks.py, line {problem.line}: {problem.says}") from None
    blame.remember(module, source)
    return module


def _requires(module: types.ModuleType) -> tuple[str, ...]:
    names = getattr(module, "requires", ())
    if type(names) not in (tuple, list) or any(type(name) is not str for name in names):
        raise AuthorError('requires must be a tuple of names, for instance requires = ("attention",)')
    return tuple(names)


def _require(wire: Wire, name: str) -> None:
    kind, near = kind_of(wire, name)
    if kind in ("function", "class"):
        return
    if kind != "nothing":
        raise CandidateError(f"`{name}` in your code is {kind}, not a function.")
    of, _, last = name.rpartition(".")
    raise CandidateError(spoken.missing(last, of) + (f" It has `{near}`." if near else ""))


def _prepare(wire: Wire, task: job.Job) -> None:
    """Exclude what is forbidden and load given.py, before any byte of the candidate's is over there: so its failure is ours."""
    if task.forbid:
        wire.request("exclude", {"names": list(task.forbid)})
    if task.given is None:
        return
    try:
        wire.request("given", {}, task.given)
    except CandidateError as error:
        raise Broken(f"given.py does not load: {error.says}") from None


sys.dont_write_bytecode = True

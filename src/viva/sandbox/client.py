"""`Sandbox`: the plug that turns a `Job` into a `CheckRun` or into `Costs`.

It starts the supervisor as a child over a socketpair and speaks frames with it, many jobs at a time, without threads.
Law: whatever goes wrong on our side ends in `NotObserved(whose="machine")` with a sentence, never in an exception and
never in a verdict. Call `start` before opening databases, locks or ports: the child inherits nothing either way, but the
earlier it is forked the less there is to inherit.
"""

import asyncio
import itertools
import math
import os
import socket
import struct
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from viva.core.evidence import CheckOutcome, CheckRun, Costs, Ended, NotObserved

from . import costs, environments
from .inside import frames
from .job import Job

_PACKAGE = Path(__file__).resolve().parents[2]
_BOOT = "import sys; sys.path.insert(0, sys.argv.pop()); from {} import main; main()"
_HEADER = struct.Struct("<II")
_CHECKS_RUN_IN = "numpy"


class Sandbox:
    """Judges attempts in jails. An async context manager; `run` may be called from many tasks of one loop."""

    supervisor = "viva.sandbox.supervisor"
    """The module whose `main` conducts the runs."""

    def __init__(self, *, folder: Path, spares: int = 1) -> None:
        """`folder` holds the environments; `spares` is how many jailed forks of each kind wait
        for the next job: 0 for a command that judges once and ends."""
        self._folder = folder
        self._spares = spares
        self._numbers = itertools.count(1)
        self._link: _Link | None = None
        self._starting = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def start(self) -> None:
        """Start the supervisor now, rather than with the first job. Zygotes start with the first job that needs them.

        Raises:
            OSError: no process could be started.
        """
        await self._linked()

    async def run(self, job: Job) -> CheckRun | NotObserved:
        """Run a job. A supervisor that dies meanwhile is started again once."""
        unreadable = _unreadable(job)
        if unreadable is not None:
            return unreadable
        answer = await self._asked({"op": "run"} | _meta(job), _body(job), job.framework)
        if isinstance(answer, NotObserved):
            return answer
        return _check_run(answer, environments.find(self._folder, job.framework).digest)

    async def measure(self, job: Job, reference: str) -> Costs | NotObserved:
        """Measure what a job's attempt costs beside `reference`, the question's own solution for its framework."""
        if _unreadable(job) is not None:
            return NotObserved(whose="nobody", why="What cannot be read cannot be measured.")
        other = reference.encode("utf-8")
        meta = {"op": "measure"} | _meta(job) | {"reference_bytes": len(other)}
        answer = await self._asked(meta, _body(job) + other, job.framework)
        if isinstance(answer, NotObserved):
            return answer
        return costs.of(answer.meta, environments.find(self._folder, job.framework).digest)

    async def _asked(self, meta: dict[str, Any], body: bytes, framework: str) -> frames.Frame | NotObserved:
        places = {}
        for role, name in (("candidate", framework), ("checker", _CHECKS_RUN_IN)):
            try:
                places[role] = asdict(environments.find(self._folder, name).paths)
            except environments.NotInstalled:
                return NotObserved(whose="machine", why=_missing(name))
        if len(body) > frames.BODY_LIMIT:
            return NotObserved(whose="machine", why=f"the question's files are over {frames.BODY_LIMIT >> 20} MiB")
        for _ in range(2):
            try:
                link = await self._linked()
                answer = await link.ask(meta | places | {"id": next(self._numbers)}, body)
            except (OSError, frames.BrokenFrame):
                continue
            if answer.meta["op"] == "machine":
                return NotObserved(whose="machine", why=answer.meta["why"])
            return answer
        return NotObserved(whose="machine", why="the sandbox's supervisor ended twice while it ran this; try again")

    async def close(self) -> None:
        """End the supervisor and everything below it."""
        if self._link is not None:
            await self._link.close()
            self._link = None

    async def _linked(self) -> "_Link":
        async with self._starting:
            if self._link is None or self._link.over:
                if self._link is not None:
                    await self._link.close()
                self._link = await _Link.open(self._spares, self.supervisor)
            return self._link


class _Link:
    """One supervisor, and the jobs that it has not answered yet."""

    def __init__(
        self, process: "subprocess.Popen[bytes]", reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._process = process
        self._reader = reader
        self._writer = writer
        self._waiting: dict[int, asyncio.Future[frames.Frame]] = {}
        self.over = False
        self._listener = asyncio.create_task(self._listen(), name="sandbox answers")

    @classmethod
    async def open(cls, spares: int, supervisor: str) -> "_Link":
        """Start a supervisor."""
        ours, theirs = socket.socketpair()
        with theirs:
            process = _spawn(theirs.fileno(), spares, supervisor)
        reader, writer = await asyncio.open_unix_connection(sock=ours)
        return cls(process, reader, writer)

    async def ask(self, meta: dict[str, Any], body: bytes) -> frames.Frame:
        """The supervisor's answer to a job, which is called off where nobody waits for it any longer.

        Raises:
            OSError: it is gone.
        """
        if self.over:
            raise ConnectionResetError("the supervisor has ended")
        answer: asyncio.Future[frames.Frame] = asyncio.get_running_loop().create_future()
        self._waiting[meta["id"]] = answer
        try:
            self._writer.write(frames.packed(meta, len(body)))
            self._writer.write(body)
            await self._writer.drain()
            return await answer
        except asyncio.CancelledError:
            if not self.over:
                self._writer.write(frames.packed({"op": "cancel", "id": meta["id"]}, 0))
            raise
        finally:
            self._waiting.pop(meta["id"], None)

    async def close(self) -> None:
        """End it; returns when it has ended."""
        self.over = True
        self._writer.close()
        self._listener.cancel()
        pidfd = os.pidfd_open(self._process.pid)
        ended = asyncio.Event()
        asyncio.get_running_loop().add_reader(pidfd, ended.set)
        await ended.wait()
        asyncio.get_running_loop().remove_reader(pidfd)
        os.close(pidfd)
        self._process.wait()

    async def _listen(self) -> None:
        try:
            while True:
                frame = await self._frame()
                waiting = self._waiting.get(frame.meta["id"])
                if waiting is not None and not waiting.done():
                    waiting.set_result(frame)
        except (OSError, EOFError, frames.BrokenFrame):
            pass
        finally:
            self.over = True
            for waiting in self._waiting.values():
                if not waiting.done():
                    waiting.set_exception(ConnectionResetError("the supervisor has ended"))

    async def _frame(self) -> frames.Frame:
        meta_bytes, body_bytes = _HEADER.unpack(await self._reader.readexactly(_HEADER.size))
        if meta_bytes > frames.META_LIMIT or body_bytes > frames.BODY_LIMIT:
            raise frames.BrokenFrame("the supervisor's answer is over the limits")
        meta = frames.parse(await self._reader.readexactly(meta_bytes))
        return frames.Frame(meta=meta, body=await self._reader.readexactly(body_bytes))


def _missing(name: str) -> str:
    """That an environment is not there, for a candidate to read and for whoever runs this viva to mend."""
    if name not in environments.known():
        return f"Code in {name} cannot be run by this viva"
    what = "Code" if name == _CHECKS_RUN_IN else f"Code in {name}"
    size = environments.size_of(name)
    says = f"{what} cannot be run here yet: the environment {name} is not installed ({size})"
    return f"{says}. To install it, run: viva env install {name}"


def _spawn(descriptor: int, spares: int, supervisor: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", _BOOT.format(supervisor), str(descriptor), str(spares), str(_PACKAGE)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        pass_fds=(descriptor,),
        env={name: os.environ[name] for name in ("OPENBLAS_CORETYPE",) if name in os.environ},
        cwd="/",
        start_new_session=True,  # a Ctrl-C in the terminal is the server's to answer
    )


def _body(job: Job) -> bytes:
    return b"".join(job.files.values()) + job.code.encode("utf-8")


def _meta(job: Job) -> dict[str, Any]:
    return {
        "question": job.question,
        "which": job.which,
        "seed": job.seed,
        "framework": job.framework,
        "budget": asdict(job.limits),
        "files": [[name, len(content)] for name, content in job.files.items()],
        "code_bytes": len(job.code.encode("utf-8")),
        "forbid": list(job.forbid),
    }


def _unreadable(job: Job) -> CheckRun | None:
    """What is no text at all has one verdict and needs no process: half of a surrogate pair is in no file."""
    try:
        job.code.encode("utf-8")
    except UnicodeEncodeError as problem:
        line = job.code.count("\n", 0, problem.start) + 1
        says = f"Line {line} holds half of a surrogate pair (U+{ord(job.code[problem.start]):04X}), which no Python file can."
        return CheckRun(
            ended=Ended.CANDIDATE_ERROR,
            says=says,
            line=line,
            checks=(),
            prints="",
            prints_cut=False,
            cpu_seconds=0.0,
            memory_mib=0.0,
            environment="",
        )
    return None


def _check_run(answer: frames.Frame, digest: str) -> CheckRun | NotObserved:
    """The evidence in an answer. Its checks come from a checker, whose question may be a stranger's: each field is looked
    at before it is believed."""
    meta = answer.meta
    try:
        return CheckRun(
            ended=Ended(meta["ended"]),
            says=_is(meta["says"], str),
            line=_is(meta["line"], int, type(None)),
            checks=tuple(_outcome(check) for check in _is(meta["checks"], list)),
            prints=answer.body.decode("utf-8", errors="replace"),
            prints_cut=meta["prints_cut"],
            cpu_seconds=meta["cpu_seconds"],
            memory_mib=meta["memory_bytes"] / (1 << 20),
            environment=digest,
        )
    except (ArithmeticError, KeyError, TypeError, ValueError) as problem:
        return NotObserved(whose="machine", why=f"the checks' result means nothing: {problem!r}")


def _outcome(check: dict[str, Any]) -> CheckOutcome:
    weight = float(_is(check["weight"], int, float))
    if not math.isfinite(weight) or weight < 0:
        raise ValueError(f"a weight of {weight}")
    return CheckOutcome(
        name=_is(check["name"], str),
        title=_is(check["title"], str),
        passed=_is(check["passed"], bool),
        weight=weight,
        visible=_is(check["visible"], bool),
        says=_is(check["says"], str),
        line=_is(check["line"], int, type(None)),
        ran=_is(check["ran"], bool),
    )


def _is(value: Any, *kinds: type) -> Any:
    if type(value) not in kinds:
        raise TypeError(f"{type(value).__name__} where {kinds[0].__name__} was due")
    return value

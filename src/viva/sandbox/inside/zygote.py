"""The process whose forks are the runs: it has imported and warmed an environment and holds nothing secret.

Law: one thread, no shared writable memory, descriptors 0 to 3 only, no candidate's byte ever read. It answers its
supervisor on descriptor 3 and ends with it; since it is process 1 of its namespace, all its forks end with it.
"""

import functools
import gc
import importlib
import io
import os
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from . import confine, frames, kernel

CONTROL_FD = 3
ENVIRONMENT = "/env"
REFUSED_STATUS = 70

# scipy.optimize would cost each run that imports it 90 ms; scipy.stats costs 300 ms but is rare and adds 16 MB to copy
_CANDIDATE_MODULES = (
    *("numpy.random", "numpy.linalg", "numpy.fft", "numpy.ma", "numpy.testing", "numpy.polynomial"),
    *("scipy", "scipy.special", "scipy.linalg", "scipy.sparse", "scipy.optimize", "scipy.spatial"),
    *("abc", "ast", "bisect", "collections.abc", "contextlib", "copy", "dataclasses", "decimal", "enum", "fractions"),
    *("functools", "heapq", "inspect", "itertools", "json", "math", "operator", "random", "re", "statistics", "string"),
    *("tempfile", "textwrap", "threading", "time", "traceback", "typing", "warnings"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Warmed:
    """What a fork goes on with: `begin` starts what could not be inherited, `serve` runs its `role` on the one socket that it
    is given."""

    role: str
    framework: str
    begin: Callable[[], None]
    serve: Callable[[socket.socket], None]


def main() -> None:
    """Warm up, say so, then fork on request until the supervisor is gone. `argv` holds role and framework."""
    control = socket.socket(fileno=CONTROL_FD)
    first = frames.receive(control)
    if first is None:
        return
    kernel.die_with_parent(signal.SIGKILL)
    kernel.join_new_session_keyring()
    _shell_words()
    warmed = _warm(*sys.argv[1:3])
    meta = first.meta
    jail = confine.Jail(filter=first.body, tmp_mib=meta["tmp_mib"], tmp_inodes=meta["tmp_inodes"], uids=meta["uids"])
    gc.collect()
    gc.freeze()
    _Zygote(control, jail, warmed).serve()


class _Zygote:
    def __init__(self, control: socket.socket, jail: confine.Jail, warmed: Warmed) -> None:
        self._control = control
        self._jail = jail
        self._warmed = warmed
        self._self = os.pidfd_open(os.getpid())
        self._runs = 0

    def serve(self) -> None:
        """Say that it is ready, then answer `collapse`, `fork` and `reap`, one at a time, to the end of file."""
        frames.send(self._control, {"op": "ready"})
        while (frame := frames.receive(self._control, max_fds=2)) is not None:
            match frame.meta["op"]:
                case "fork":
                    self._fork(*frame.fds, rehearse=frame.meta["rehearse"])
                case "reap":
                    self._reap(frame.meta["pid"])
                case _:
                    self._collapse(frame.meta["regions"])

    def _fork(self, start: int, out: int, *, rehearse: bool) -> None:
        self._runs += 1
        kernel.unshare(kernel.NEWPID)
        pid = os.fork()
        if pid == 0:
            self._be_a_run(start, out, rehearse)
        kernel.setns(self._self, kernel.NEWPID)  # only the next child was meant to have a namespace of its own
        for fd in (start, out):
            os.close(fd)
        pidfd = os.pidfd_open(pid)
        frames.send(self._control, {"op": "forked", "pid": pid}, fds=(pidfd,))
        os.close(pidfd)

    def _reap(self, pid: int) -> None:
        _, status, usage = os.wait4(pid, 0)
        answer = {"op": "reaped", "status": status, "cpu_seconds": usage.ru_utime + usage.ru_stime}
        frames.send(self._control, answer)

    def _collapse(self, regions: list[tuple[int, int]]) -> None:
        """Make its own memory into huge pages; the supervisor says where it lies, since there is no /proc here."""
        done = sum(length for start, length in regions if kernel.collapse(start, length))
        frames.send(self._control, {"op": "collapsed", "bytes": done})

    def _be_a_run(self, start: int, out: int, rehearse: bool) -> None:
        self._control.detach()  # its number is given away in a moment
        status = REFUSED_STATUS
        try:
            confine.confine(self._jail, run=self._runs, start=start, out=out)
            status = _run(self._warmed, rehearse)
            sys.stdout.flush()
        except confine.LayerFailed as problem:
            frames.send(_after_failure(start), {"op": "refused", "layer": problem.layer, "why": problem.why})
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)  # nothing of the zygote's own ending may run here


def alone() -> None:
    """Be one run without a zygote and without a jail, where `UnsafeLocal` was asked for. `argv` holds role, framework, the
    environment's packages, a folder of code and the descriptor to listen on."""
    role, framework, site, _, given = sys.argv[1:6]
    kernel.die_with_parent(signal.SIGKILL)
    if int(given) != confine.START_FD:
        os.dup2(int(given), confine.START_FD)
        os.close(int(given))
    sys.path.append(site)
    _shell_words()
    warmed = _warm(role, framework)
    if role == "checker":
        kernel.not_dumpable()  # the attempt is of the same user
        serve = importlib.import_module(".checker", __package__).serve
        warmed = replace(warmed, serve=functools.partial(serve, folder=Path.cwd() / "question"))
    status = REFUSED_STATUS
    try:
        status = _run(warmed, rehearse=False)
        sys.stdout.flush()
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


def _run(warmed: Warmed, rehearse: bool) -> int:
    sys.stdout = sys.__stdout__ = _stream(1)  # type: ignore[misc]
    sys.stderr = sys.__stderr__ = _stream(2)  # type: ignore[misc]
    warmed.begin()
    if rehearse:
        importlib.import_module(".rehearsal", __package__).of(warmed.role, warmed.framework, warmed.serve)
    door = socket.socket(fileno=confine.START_FD)
    frames.send(door, {"op": "jailed"})
    order = frames.receive(door, max_fds=1)
    door.close()
    if order is None:  # a spare that was not needed
        return 0
    if order.meta["steady"]:
        kernel.keep_memory()
    warmed.serve(socket.socket(fileno=order.fds[0]))
    return 0


def _stream(fd: int) -> io.TextIOWrapper:
    """Text to the pipe that the supervisor reads: a line is out as soon as it is whole, and any string can be printed."""
    return open(fd, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False)


def _after_failure(start: int) -> socket.socket:
    """The socket to say it on: wherever the failed layer left it."""
    for fd in (start, confine.START_FD):
        try:
            return socket.socket(fileno=os.dup(fd))
        except OSError:
            continue
    os._exit(REFUSED_STATUS)


def _shell_words() -> None:
    """`exit`, `quit` and `help`, which Python's `site` defines and candidates may use; nothing else of it is wanted."""
    site = importlib.import_module("site")
    site.setquit()
    site.sethelper()


def _warm(role: str, framework: str) -> Warmed:
    """Import what runs use, run its first calls, and say what a fork of this role goes on with."""
    sys.path.append(ENVIRONMENT)
    for name in _CANDIDATE_MODULES:
        importlib.import_module(name)
    if role == "checker":
        importlib.import_module("viva_check")
    _first_calls(importlib.import_module("numpy"))
    importlib.import_module(".rehearsal", __package__)
    serve, begin = importlib.import_module(f".{role}", __package__).serve, _nothing
    if framework != "numpy":
        module = importlib.import_module(f".{framework}_warm", __package__)
        module.warm()
        begin = module.begin
        serve = functools.partial(serve, dialect=importlib.import_module(".dialects", __package__).of(framework))
    if role == "candidate":
        serve = functools.partial(serve, places=importlib.import_module(".excluded", __package__).bindings())
    return Warmed(role=role, framework=framework, begin=begin, serve=serve)


def _nothing() -> None:
    """What a fork of NumPy's zygote has to start for itself."""


def _first_calls(np: Any) -> None:
    """The first call of many functions costs milliseconds (tables, dispatch); one thread, so a fork inherits it safely."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(8, 8))
    np.linalg.svd(x)
    np.linalg.solve(x, x)
    np.linalg.eigh(x @ x.T)
    np.einsum("ij,jk->ik", x, x)
    np.exp(x - x.max(axis=-1, keepdims=True)).astype(np.float32)
    np.fft.rfft(x)
    np.sort(x, axis=0)
    np.where(np.isfinite(x), x, 0.0).mean(axis=(0, 1))
    np.testing.assert_allclose(x, x)
    rng.choice(8, size=4, replace=False, p=np.full(8, 0.125))
    repr(x)
    x.tobytes()

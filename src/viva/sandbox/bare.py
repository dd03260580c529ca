"""Programs that run without a jail, for `UnsafeLocal`: what forks of a zygote are to the sandbox, started anew each time.

Law: used by nothing but `UnsafeLocal`. Code and checks are two processes here too, with the same limits, clocks and endings;
what such a program starts is killed with it, also where it has left its group. Nothing else is held back: it can read, write
and reach whatever the user who runs viva can.
"""

import contextlib
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import process
from .admission import Admission, Stay
from .inside import frames, kernel
from .jail import Plan, variables
from .supervisor import Supervisor
from .zygotes import START_SECONDS, Environment, Fork, Refused, Role, plan

_MAIN = "import sys; sys.path.insert(0, sys.argv[4]); from inside.zygote import alone; alone()"
_OPEN_FILES = 256
_TMP_MIB = {"candidate": 16, "checker": 256}
_SWEEP_SECONDS = 1.0


def main() -> None:
    """Serve the pair on descriptor `argv[1]`, as `supervisor.main` does, without jails."""
    kernel.adopt_orphans()
    server = socket.socket(fileno=int(sys.argv[1]))
    Supervisor(server, spares=int(sys.argv[2]), start=Bares(alone=True).start).serve()
    os._exit(0)


class Bares:
    """Starts programs without a jail and knows all of its own, so that what they leave can be told from them. They are started
    from one thread that lives as long as this process, since a program ends with the thread that started it. `alone` says that
    this process has no other children, so that whatever else becomes one was left by a program."""

    def __init__(self, *, alone: bool) -> None:
        self._alone = alone
        self.known: set[int] = set()
        self.lock = threading.Lock()
        self._starter = ThreadPoolExecutor(1, thread_name_prefix="starter")

    def start(self, role: Role, environment: Environment, admission: Admission | None = None) -> "Bare":
        """What stands in a zygote's place; control groups are not asked for."""
        return Bare(role, plan(role, environment, root=False), self)

    def popen(self, command: list[str], folder: Path, descriptors: tuple[int, int], env: dict[str, str]) -> int:
        """The pid of a new program in a session of its own; `descriptors` are what it listens on and what it prints to.

        Raises:
            OSError: it could not be started.
        """
        listening, out = descriptors

        def do() -> int:
            with self.lock:
                started = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=out,
                    pass_fds=(listening,),
                    cwd=folder,
                    env=env,
                    start_new_session=True,
                )
                started.returncode = 0  # it is waited for by its number, in `reap`
                self.known.add(started.pid)
                return started.pid

        return self._starter.submit(do).result()

    def sweep(self) -> None:
        """Kill what ended programs have left: it has become a child of this process, and is none of those that are known."""
        if not self._alone:
            return
        deadline = time.monotonic() + _SWEEP_SECONDS
        while time.monotonic() < deadline:
            with self.lock:
                left = process.children(os.getpid()) - self.known
                for pid in left:
                    with contextlib.suppress(OSError):
                        os.kill(pid, signal.SIGKILL)
                        os.waitpid(pid, 0)
            if not left:
                return


class Bare:
    """What forks come from where there is no jail; see `zygotes.Source`."""

    def __init__(self, role: Role, what: Plan, bares: Bares) -> None:
        self.role = role
        self.broken = False
        self.tmp_bytes = _TMP_MIB[role] << 20
        self._plan = what
        self._bares = bares
        self._living: dict[int, Path] = {}
        self._home = Path(tempfile.mkdtemp(prefix="viva-unsafe-"))
        for name, text in what.code.items():
            path = self._home / "code" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def fork(self, *, rehearse: bool = False) -> Fork:
        """A program that has imported its framework and waits for its order.

        Raises:
            Refused: it did not start.
        """
        ours, theirs = socket.socketpair()
        out, theirs_out = os.pipe()
        ours.settimeout(START_SECONDS)
        try:
            with theirs, os.fdopen(theirs_out, "wb"):
                pid = self._start(theirs.fileno(), theirs_out)
            fork = Fork(
                zygote=self,
                inner_pid=pid,
                pid=pid,
                pidfd=os.pidfd_open(pid),
                start=ours,
                out=out,
                idle=process.status(pid),
            )
        except OSError as problem:
            ours.close()
            os.close(out)
            raise Refused(f"a program without a jail did not start: {problem}") from problem
        try:
            if frames.receive(ours) is None:
                raise Refused(f"it ended before it was ready: {os.read(out, 2000).decode(errors='replace').strip()}")
            self._limit(pid)
            fork.idle, fork.idle_cpu_seconds = process.status(pid), process.cpu_seconds(pid)
        except (OSError, frames.BrokenFrame, Refused) as problem:
            fork.end()
            raise Refused(f"a program without a jail did not start: {problem}") from problem
        return fork

    def reap(self, fork: Fork) -> int:
        """End what the program started, take its status, and remove its folder."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(fork.pid, signal.SIGKILL)
        try:
            _, status = os.waitpid(fork.pid, 0)
        except ChildProcessError:
            status = -1
        with self._bares.lock:
            self._bares.known.discard(fork.pid)
        self._bares.sweep()
        _remove(self._living.pop(fork.pid, None))
        return status

    def leaves(self, stay: Stay) -> bool:
        """It was in no control group."""
        return False

    def left_behind(self) -> frozenset[int]:
        """Nothing: `reap` has ended it."""
        return frozenset()

    def idle(self) -> bool:
        """Whether no program of it lives."""
        return not self._living

    def worn(self) -> bool:
        """Whether it was ended."""
        return self.broken

    def kill(self) -> None:
        """End every program of it, and remove its folder."""
        self.broken = True
        for pid in list(self._living):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)
        _remove(self._home)

    def end(self) -> None:
        """As `kill`."""
        self.kill()

    def _start(self, listening: int, out: int) -> int:
        folder = Path(tempfile.mkdtemp(dir=self._home))
        known = variables(self._plan)
        env = {name: str(folder) if value == "/tmp" else value for name, value in known.items()}
        env["LD_LIBRARY_PATH"] = self._plan.library
        code = str(self._home / "code")
        options = ["-s", "-P", "-S", "-B", "-c", _MAIN]
        command = [self._plan.python, *options, self.role, self._plan.framework, self._plan.site, code, str(listening)]
        pid = self._bares.popen(command, folder, (listening, out), env)
        self._living[pid] = folder
        return pid

    def _limit(self, pid: int) -> None:
        for what, most in (
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_NOFILE, _OPEN_FILES),
            (resource.RLIMIT_FSIZE, self.tmp_bytes),
        ):
            resource.prlimit(pid, what, (most, most))


def _remove(folder: Path | None) -> None:
    """Remove a folder that a stranger has filled, however deep."""
    if folder is None:
        return
    with contextlib.suppress(RecursionError):
        shutil.rmtree(folder, ignore_errors=True)
    if folder.exists():
        subprocess.run(["/bin/rm", "-rf", "--", str(folder)], check=False, stderr=subprocess.DEVNULL)

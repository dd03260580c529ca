"""What a fork of the zygote does to itself before it meets a byte of anybody's code.

Law: every core layer is in force when `confine` returns; if one cannot be had, it raises `LayerFailed` with the layer's
name and the fork ends unused. Order matters: descriptors first, then everything that needs rights, then the rights, then
what a change of uid would undo, the filter last.
"""

import os
import resource
import signal
from collections.abc import Callable
from dataclasses import dataclass

from . import kernel

START_FD = 3
"""Where a fork listens for its limits and its one channel; closed before code is read."""

OPEN_FILES = 64
THREADS = 32
STACK_BYTES = 8 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Jail:
    """What all forks of one zygote share. `tmp_mib` and `tmp_inodes` bound /tmp; `filter` is the seccomp program;
    `uids` is how many ids the zygote's user namespace maps (1: no id of one's own, a user namespace instead)."""

    filter: bytes
    tmp_mib: int
    tmp_inodes: int
    uids: int


class LayerFailed(Exception):
    """A core layer could not be put up; the arguments are its name and what the kernel said."""

    def __init__(self, layer: str, why: str) -> None:
        super().__init__(f"{layer}: {why}")
        self.layer = layer
        self.why = why


def confine(jail: Jail, *, run: int, start: int, out: int) -> None:
    """Shut this process, a fork of the zygote, into its own jail. `run` counts the zygote's forks; `start` becomes
    descriptor 3, `out` 1 and 2; nothing else stays open.

    Raises:
        LayerFailed: the process must end at once.
    """
    layers: tuple[tuple[str, Callable[[], None]], ...] = (
        ("descriptors", lambda: _descriptors(start, out)),
        ("mount and IPC namespaces", lambda: kernel.unshare(kernel.NEWNS | kernel.NEWIPC)),
        ("private /tmp", lambda: _own_tmp(jail)),
        ("uid", lambda: _own_uid(jail.uids, run)),
        ("rlimits", lambda: _rlimits(jail)),
        ("capabilities", kernel.drop_capabilities),
        ("no_new_privs", _no_way_back),
        ("landlock", _landlock),
        ("seccomp", lambda: kernel.load_filter(jail.filter)),
    )
    for name, put_up in layers:
        try:
            put_up()
        except (OSError, ValueError) as problem:
            raise LayerFailed(name, str(problem)) from problem


def _descriptors(start: int, out: int) -> None:
    spare = os.open("/dev/null", os.O_RDONLY)
    kept = [os.dup(fd) for fd in (spare, out, out, start)]  # all above 3, so that no dup2 below overwrites a source
    for target, source in enumerate(kept):
        os.dup2(source, target, inheritable=False)
    kernel.close_from(START_FD + 1)


def _own_tmp(jail: Jail) -> None:
    options = f"size={jail.tmp_mib}m,nr_inodes={jail.tmp_inodes},mode=1777"
    kernel.mount("tmp", "/tmp", "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC, options)
    os.chdir("/tmp")


def _own_uid(uids: int, run: int) -> None:
    if uids > 1:
        kernel.drop_bounding_set()
        mine = 1 + run % (uids - 1)
        os.setgroups([])
        os.setresgid(mine, mine, mine)
        os.setresuid(mine, mine, mine)
    else:  # an ordinary user has one id: in a namespace without a map it is nobody's, and threads are counted apart
        kernel.unshare(kernel.NEWUSER)
        kernel.drop_bounding_set()


def _rlimits(jail: Jail) -> None:
    for what, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
        (resource.RLIMIT_SIGPENDING, 256),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_NPROC, THREADS),
        (resource.RLIMIT_STACK, STACK_BYTES),
        (resource.RLIMIT_FSIZE, jail.tmp_mib << 20),
    ):
        resource.setrlimit(what, (most, most))


def _no_way_back() -> None:
    kernel.die_with_parent(signal.SIGKILL)
    kernel.not_dumpable()
    kernel.no_new_privileges()


def _landlock() -> None:
    abi = kernel.landlock_abi()
    if abi:  # not a core layer: kernels without it are served by the others
        kernel.landlock(abi, "/", "/tmp")

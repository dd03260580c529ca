"""What this machine gives the sandbox and what it lacks, each with its mend as a command to paste.

Law: a layer is called present only after a child process has really put it up. Every probe runs in a process of its own,
so that looking changes nothing here.
"""

import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from . import environments, machine, process
from .cgroups import Groups, NoGroups
from .inside import kernel
from .restrictions import Restriction, restrictions
from .seccomp import UnknownArchitecture, compile_filter
from .zygotes import own_ids

_PACKAGE = Path(__file__).resolve().parents[2]
_BOOT = (
    "import sys; sys.path.insert(0, sys.argv.pop()); from viva.sandbox.doctor import try_layer; try_layer(sys.argv[1])"
)
_SECONDS = 20.0
_NAMESPACES = kernel.NEWUSER | kernel.NEWNS | kernel.NEWPID | kernel.NEWNET | kernel.NEWIPC | kernel.NEWUTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One layer of the jail on this machine. Without a `core` layer nothing is judged; `found` is what the probe saw,
    `mend` a command or a sentence, empty where all is well."""

    layer: str
    present: bool
    core: bool
    why: str
    found: str
    mend: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layer:
    name: str
    core: bool
    why: str
    put_up: Callable[[], str]
    mend: Callable[[], str]


def examine(folder: Path) -> tuple[tuple[Fact, ...], tuple[Restriction, ...]]:
    """Every layer, then the environments in `folder`, in the order in which they are needed; and what on this machine takes
    layers away. Takes about two seconds."""
    facts = [_fact(layer) for layer in _LAYERS]
    causes = restrictions(machine.read(), frozenset(fact.layer for fact in facts if not fact.present))
    facts = [fact if fact.present else _explained(fact, causes) for fact in facts]
    for name in environments.known():
        facts.append(_environment(folder, name, possible=all(fact.present or not fact.core for fact in facts)))
    return tuple(facts), causes


def _explained(fact: Fact, causes: tuple[Restriction, ...]) -> Fact:
    """With the mend of its nearest cause, where one is known."""
    mends = [cause.mend for cause in causes if fact.layer in cause.layers]
    return replace(fact, mend=mends[0]) if mends else fact


def can_judge(facts: tuple[Fact, ...]) -> bool:
    """Whether candidate code can be run here at all."""
    return all(fact.present for fact in facts if fact.core)


def try_layer(name: str) -> None:
    """Put one layer up in this process and say what was found; the exit status is 0 where it stands."""
    layer = next(layer for layer in _LAYERS if layer.name == name)
    try:
        found = layer.put_up()
    except (OSError, UnknownArchitecture, NoGroups) as problem:
        sys.stdout.write(str(problem))
        sys.exit(1)
    sys.stdout.write(found)


def _fact(layer: _Layer) -> Fact:
    try:
        tried = subprocess.run(
            [sys.executable, "-I", "-S", "-c", _BOOT, layer.name, str(_PACKAGE)],
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
        present, found = tried.returncode == 0, tried.stdout.strip() or tried.stderr.strip()[-300:]
    except (OSError, subprocess.TimeoutExpired) as problem:
        present, found = False, str(problem)
    mend = "" if present else layer.mend()
    return Fact(layer=layer.name, present=present, core=layer.core, why=layer.why, found=found, mend=mend)


def _environment(folder: Path, name: str, *, possible: bool) -> Fact:
    core = name == "numpy"  # checks run in it, whatever the attempt is written in
    layer, why = f"environment {name}", f"what {name} code {'and all checks run' if core else 'runs'} in"
    try:
        there = environments.find(folder, name)
        if possible:
            environments.prove(there.paths)
        found = f"Python {there.python} in {there.folder}" + ("" if possible else ", not tried: a layer is missing")
        return Fact(layer=layer, present=possible, core=core, why=why, found=found, mend="")
    except (environments.NotInstalled, environments.NotMade) as problem:
        return Fact(layer=layer, present=False, core=core, why=why, found=problem.says, mend=problem.mend)


def _architecture() -> str:
    if sys.platform != "linux":
        raise OSError(f"this is {sys.platform}; the jail is made of Linux")
    return f"{platform.machine()}, {len(compile_filter()) // 8} instructions of filter"


def _namespaces() -> str:
    root = os.geteuid() == 0
    if root and own_ids() is None:
        raise OSError("root of this container has too few ids to give one to each run")
    if root:
        kernel.unshare(kernel.NEWNS)
    kernel.unshare(_NAMESPACES)
    return "as root, with an id of its own for each run" if root else "as an ordinary user, by user namespaces"


def _mounts() -> str:
    kernel.unshare(kernel.NEWNS if os.geteuid() == 0 else kernel.NEWUSER | kernel.NEWNS)
    kernel.mount("", "/", None, kernel.MS_REC | kernel.MS_PRIVATE)
    kernel.mount("probe", "/tmp", "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, "size=64k,nr_inodes=16")
    kernel.mount_attributes("/tmp", kernel.ATTR_RDONLY, recursive=True)
    return f"Linux {platform.release()}"


def _filter() -> str:
    kernel.no_new_privileges()
    kernel.load_filter(compile_filter())
    return "in force"


def _pidfds() -> str:
    child = _sleeper()
    descriptor = os.pidfd_open(child)
    seconds = process.cpu_seconds(process.pid_of(descriptor))
    process.kill(descriptor)
    os.waitpid(child, 0)
    return f"a clock read {seconds:.6f} s"


def _landlock() -> str:
    abi = kernel.landlock_abi()
    if abi == 0:
        raise OSError("this kernel has none")
    kernel.no_new_privileges()
    kernel.landlock(abi, "/", "/tmp")
    return f"version {abi}"


def _groups() -> str:
    groups = Groups()
    try:
        group, child = groups.take(), _sleeper()
        if group is None:
            raise OSError("they were made, and none below them")
        group.admit(child)
        group.limit(1 << 26)
        os.kill(child, 9)
        os.waitpid(child, 0)
        groups.give_back(group)
    finally:
        groups.close()
    return f"version {groups.version}, for memory and threads"


def _sleeper() -> int:
    child = os.fork()
    if child == 0:
        time.sleep(_SECONDS)
        os._exit(0)
    return child


def _counting() -> str:
    child = _sleeper()
    seen = process.children(os.getpid())
    os.kill(child, 9)
    os.waitpid(child, 0)
    if child not in seen:
        raise OSError("/proc does not list children")
    return "by /proc"


def _mend_kernel() -> str:
    return f"Use Linux 5.12 or newer; this is {platform.release()}."


_LAYERS = (
    _Layer(
        name="architecture",
        core=True,
        why="the list of allowed system calls is written for x86_64 and aarch64",
        put_up=_architecture,
        mend=lambda: "Judge on a Linux machine with x86_64 or aarch64.",
    ),
    _Layer(
        name="namespaces",
        core=True,
        why="code sees no process, network, file or user of this machine",
        put_up=_namespaces,
        mend=lambda: "Ask whoever runs this machine to allow user namespaces, or run viva on another one.",
    ),
    _Layer(
        name="read-only mounts",
        core=True,
        why="the jail shows the environment and the libraries, and nothing can be written but a small /tmp",
        put_up=_mounts,
        mend=_mend_kernel,
    ),
    _Layer(
        name="seccomp",
        core=True,
        why="everything but a short list of system calls is refused",
        put_up=_filter,
        mend=lambda: "Use a kernel with CONFIG_SECCOMP_FILTER, as every distribution's is.",
    ),
    _Layer(
        name="process descriptors and clocks",
        core=True,
        why="CPU time is read from outside, and the right process is stopped",
        put_up=_pidfds,
        mend=_mend_kernel,
    ),
    _Layer(
        name="counting of processes",
        core=False,
        why="what a run leaves behind is counted (the kernel ends it in any case)",
        put_up=_counting,
        mend=lambda: "Use a kernel with CONFIG_PROC_CHILDREN.",
    ),
    _Layer(
        name="landlock",
        core=False,
        why="a second fence around files, behind the mounts",
        put_up=_landlock,
        mend=lambda: "Use Linux 5.13 or newer with landlock in /sys/kernel/security/lsm; judging works without it.",
    ),
    _Layer(
        name="control groups",
        core=False,
        why="memory that no resource limit counts is bounded, and that of all runs together",
        put_up=_groups,
        mend=lambda: "Let viva make control groups below its own; judging works without them.",
    ),
)

"""Control groups, version 1 or 2, around the forks: a second fence around memory and threads, behind the resource limits.

Law: they are used where this process may make them below its own, and never needed: a machine without them judges the same
attempts the same way, so every limit here lies above the resource limit that speaks first. One group serves one living fork
and then the next, since a group that was removed costs the kernel memory for as long as a page is charged to it. An owner
holds a lock on its folder; what a killed owner left is taken away by the next one.
"""

import contextlib
import fcntl
import os
import re
import secrets
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Obstacle = Literal["none", "not ours", "crowded"]
"""Why there are none: nothing mounted; no right to make them; the own group holds processes (version 2)."""

CONTROLLERS = ("memory", "pids")
LEAF = "viva-server"
"""A group of this name is told to stand inside one that was delegated, where more may be made beside it."""

_PREFIX = "viva-runs-"
_SHARE = 0.8
"""All runs together get so much of the memory that there is, so that the server is never the one that has to go."""

_THREADS = 48
_CLOSE_SECONDS = 1.0
_MOUNT = re.compile(r"^(?:\S+ ){3}(\S+) (\S+) (\S+)(?: \S+)*? - (cgroup2?) \S+ (\S+)$", re.MULTILINE)


class NoGroups(Exception):
    """There are none to be had; `why` says what stands in the way."""

    def __init__(self, why: Obstacle) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where groups of a controller can be made: `folder` is the own group, or the one around it where that is called `LEAF`."""

    version: Literal[1, 2]
    folder: Path


def places(own: str, mounts: str) -> dict[str, Place]:
    """The place of each of `CONTROLLERS` that is mounted, from the texts of /proc/self/cgroup and /proc/self/mountinfo. The
    unified hierarchy stands for what no hierarchy of its own has; which controllers it has is for its files to say."""
    groups = {
        names: path for _, names, path in (line.split(":", 2) for line in own.splitlines() if line.count(":") >= 2)
    }
    found: dict[str, Place] = {}
    for root, point, _, kind, options in _MOUNT.findall(mounts):
        for names, path in groups.items():
            mine = set(names.split(",")) & set(CONTROLLERS)
            if kind == "cgroup" and mine and mine <= set(options.split(",")):
                found |= {name: Place(version=1, folder=_within(root, point, path)) for name in mine}
            if kind == "cgroup2" and names == "":
                folder = _within(root, point, path)
                place = Place(version=2, folder=folder.parent if folder.name == LEAF else folder)
                found = dict.fromkeys(CONTROLLERS, place) | found
    return found


def obstacle() -> Obstacle | None:
    """Why this process would get no groups, None where it would; leaves nothing behind."""
    try:
        Groups().close()
    except NoGroups as problem:
        return problem.why
    return None


class Group:
    """The group of one fork, in one folder or, with version 1, one for each controller."""

    def __init__(self, memory: Place, pids: Place) -> None:
        self._memory = memory
        self._folders = tuple(dict.fromkeys((memory.folder, pids.folder)))
        for folder in self._folders:
            folder.mkdir()
        _write(pids.folder / "pids.max", _THREADS)
        if memory.version == 2 and (memory.folder / "memory.swap.max").exists():
            _write(memory.folder / "memory.swap.max", 0)
        self._hits = 0

    def admit(self, pid: int) -> None:
        """Take a process in, without a limit of memory. May wait for the kernel for some milliseconds.

        Raises:
            OSError: it could not be.
        """
        self.limit(None)
        self._hits = self._reached()
        for folder in self._folders:
            _write(folder / "cgroup.procs", pid)

    def limit(self, memory_bytes: int | None) -> None:
        """Bound what its processes may hold in memory, files of /tmp and the kernel's own for them included.

        Raises:
            OSError: it could not be.
        """
        if self._memory.version == 2:
            _write(self._memory.folder / "memory.max", "max" if memory_bytes is None else memory_bytes)
        else:
            _write(self._memory.folder / "memory.limit_in_bytes", -1 if memory_bytes is None else memory_bytes)

    def overran(self) -> bool:
        """Whether what was admitted last has reached its limit of memory."""
        with contextlib.suppress(OSError):
            return self._reached() > self._hits
        return False

    def _reached(self) -> int:
        """How often processes were ended, or refused memory, by this group's own limit."""
        folder = self._memory.folder
        if self._memory.version == 1:
            return int((folder / "memory.failcnt").read_text(encoding="ascii"))
        rows = dict(line.split() for line in (folder / "memory.events").read_text(encoding="ascii").splitlines())
        return int(rows["max"])


class Groups:
    """The groups of one owner; `take` and `give_back` may be called from several threads."""

    def __init__(self) -> None:
        """Make the folder that they lie in, with the limit for all of them together.

        Raises:
            NoGroups: this process can have none.
        """
        found = places(_own("cgroup"), _own("mountinfo"))
        if set(found) != set(CONTROLLERS):
            raise NoGroups("none")
        self._lock = threading.Lock()
        self._made = 0
        self._idle: list[Group] = []
        self._places = found
        self._homes: dict[Path, int] = {}
        self.version = found["memory"].version
        try:
            for place in dict.fromkeys(found.values()):
                self._homes |= _home(place)
            _bound(found["memory"], self._home_of("memory").folder)
        except (OSError, NoGroups) as problem:
            self.close()
            raise problem if isinstance(problem, NoGroups) else NoGroups("not ours") from problem

    def take(self) -> Group | None:
        """A group for one fork; None where the kernel gives no more."""
        with self._lock:
            if self._idle:
                return self._idle.pop()
            self._made += 1
            number = self._made
        try:
            return Group(*(_below(self._home_of(name), str(number)) for name in CONTROLLERS))
        except OSError:
            return None

    def give_back(self, group: Group) -> None:
        """What lived in it has ended: the next may have it."""
        with self._lock:
            self._idle.append(group)

    def close(self) -> None:
        """Take all of them away, with some patience for what is just ending in them."""
        deadline = time.monotonic() + _CLOSE_SECONDS
        for home, lock in self._homes.items():
            while not _remove(home) and time.monotonic() < deadline:
                time.sleep(0.005)
            os.close(lock)

    @property
    def homes(self) -> tuple[Path, ...]:
        """The folders that the groups lie in: one, or with version 1 one for each controller."""
        return tuple(self._homes)

    def _home_of(self, controller: str) -> Place:
        place = self._places[controller]
        home = next(home for home in self._homes if home.parent == place.folder)
        return Place(version=place.version, folder=home)


def _home(place: Place) -> dict[Path, int]:
    """A new folder for the groups of one owner, and the descriptor that holds its lock."""
    _sweep(place.folder)
    if place.version == 2:
        enable(place.folder)
    home = place.folder / f"{_PREFIX}{secrets.token_hex(6)}"
    home.mkdir()
    lock = os.open(home, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    try:
        if place.version == 2:
            enable(home)
    except BaseException:
        os.close(lock)
        home.rmdir()
        raise
    return {home: lock}


def enable(folder: Path) -> None:
    """Have the groups below `folder` counted (version 2).

    Raises:
        NoGroups: the kernel does not.
    """
    there = (folder / "cgroup.controllers").read_text(encoding="ascii").split()
    if not set(CONTROLLERS) <= set(there):
        raise NoGroups("none" if folder.parent == folder else "not ours")
    control = folder / "cgroup.subtree_control"
    if set(CONTROLLERS) <= set(control.read_text(encoding="ascii").split()):
        return
    try:
        _write(control, " ".join(f"+{name}" for name in CONTROLLERS))
    except PermissionError:
        raise
    except OSError as problem:  # EBUSY, or EOPNOTSUPP in a threaded group
        raise NoGroups("crowded") from problem


def _bound(place: Place, home: Path) -> None:
    """The limit of memory for all groups of an owner together."""
    name = "memory.max" if place.version == 2 else "memory.limit_in_bytes"
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with contextlib.suppress(OSError, ValueError):  # "max" is no number, and a root group has no such file
        whole = min(whole, int((place.folder / name).read_text(encoding="ascii")))
    if place.version == 1 and (home / "memory.use_hierarchy").exists():
        _write(home / "memory.use_hierarchy", 1)
    _write(home / name, int(_SHARE * whole))


def _sweep(folder: Path) -> None:
    """Take away what owners left that were killed: nobody holds the lock of their folder."""
    for home in _folders(folder):
        if not home.name.startswith(_PREFIX):
            continue
        with contextlib.suppress(OSError):
            lock = os.open(home, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _remove(home)
            finally:
                os.close(lock)


def _remove(home: Path) -> bool:
    """Whether a folder of groups has gone."""
    try:
        for group in _folders(home):
            group.rmdir()
        home.rmdir()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


def _folders(folder: Path) -> Iterator[Path]:
    return (path for path in folder.iterdir() if path.is_dir())


def _below(home: Place, name: str) -> Place:
    return Place(version=home.version, folder=home.folder / name)


def _within(root: str, point: str, path: str) -> Path:
    """Where the group `path` is seen, whose hierarchy's `root` is mounted at `point`."""
    inside = path.removeprefix(root.rstrip("/")) if root != "/" else path
    return Path(point + inside).resolve() if inside.strip("/") else Path(point)


def _own(name: str) -> str:
    try:
        return Path(f"/proc/self/{name}").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _write(path: Path, value: object) -> None:
    path.write_text(f"{value}\n", encoding="ascii")

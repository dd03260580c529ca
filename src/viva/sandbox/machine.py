"""What this machine says of itself: switches, profiles and mounts that can forbid a jail. Read here, judged in `restrictions`.

Law: a file that is not there or may not be read is a fact of its own (None), never a guess.
"""

import os
import platform
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from . import cgroups
from .cgroups import Obstacle
from .inside import kernel
from .zygotes import own_ids

Container = Literal["", "docker", "podman", "kubernetes"]

_USER_LIMITS = Path("/proc/sys/user")
_SYS_ADMIN = 21
_MASKED = re.compile(r"^(?:\S+ ){3}\S+ (/proc/\S+) ", re.MULTILINE)  # the fifth word of a line of mountinfo
_GVISOR = ("gvisor", "#1 SMP Sun Jan 10 15:06:54 PST 2016")
"""Words of /proc/version under gVisor; the second is the date that each of its kernels gives itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """Facts that decide whether a jail can be built, None where the machine does not tell. `python` is the real path of the
    Python that runs viva; `at_zero` are kinds of namespaces (`user`, `mnt`, …) of which none may be made; `masked` are places
    below /proc that something is mounted over; `lsm` are the kernel's security modules that are switched on."""

    release: str
    gvisor: bool
    python: str
    root: bool
    enough_ids: bool
    may_administer: bool
    filtered: bool
    at_zero: tuple[str, ...]
    userns_clone: bool | None
    apparmor_restricts: bool | None
    apparmor_profile: str
    container: Container
    masked: tuple[str, ...]
    lsm: tuple[str, ...] | None
    landlock_abi: int
    groups: Obstacle | None


def read() -> Machine:
    """The facts of this process on this machine; changes nothing."""
    root = os.geteuid() == 0
    status = _rows(_text("/proc/self/status") or "")
    clone = _text("/proc/sys/kernel/unprivileged_userns_clone")
    apparmor = _text("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")
    lsm = _text("/sys/kernel/security/lsm")
    version = _text("/proc/version") or ""
    return Machine(
        release=platform.release(),
        gvisor=any(word.lower() in version.lower() for word in _GVISOR),
        python=os.path.realpath("/proc/self/exe"),
        root=root,
        enough_ids=not root or own_ids() is not None,
        may_administer=bool(int(status.get("CapEff", "0"), 16) >> _SYS_ADMIN & 1),
        filtered=status.get("Seccomp") == "2",
        at_zero=_at_zero(),
        userns_clone=None if clone is None else clone != "0",
        apparmor_restricts=None if apparmor is None else apparmor != "0",
        apparmor_profile=_text("/proc/self/attr/apparmor/current") or "",
        container=_container(os.environ),
        masked=tuple(sorted(set(_MASKED.findall(_text("/proc/self/mountinfo") or "")))),
        lsm=None if lsm is None else tuple(lsm.split(",")),
        landlock_abi=kernel.landlock_abi(),
        groups=cgroups.obstacle(),
    )


def _text(path: str) -> str | None:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace").strip("\0\n ")
    except OSError:
        return None


def _rows(status: str) -> dict[str, str]:
    return {name: value.strip() for name, _, value in (line.partition(":") for line in status.splitlines())}


def _at_zero() -> tuple[str, ...]:
    kinds = (path.name for path in sorted(_USER_LIMITS.glob("max_*_namespaces")))
    return tuple(name.split("_")[1] for name in kinds if _text(f"{_USER_LIMITS}/{name}") == "0")


def _container(environ: Mapping[str, str]) -> Container:
    if "KUBERNETES_SERVICE_HOST" in environ:
        return "kubernetes"
    if os.path.exists("/run/.containerenv"):
        return "podman"
    return "docker" if os.path.exists("/.dockerenv") else ""

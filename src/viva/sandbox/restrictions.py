"""Why this machine lacks a layer, and the command that mends it: a pure function of facts, one rule for each cause.

Law: a rule speaks of a layer only where a probe has found it missing, so that a switch which is set and does no harm alarms
nobody; what `read` cannot tell apart is not guessed at.
"""

import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass

from .cgroups import Obstacle
from .machine import Machine

NAMESPACES, MOUNTS, SECCOMP, LANDLOCK, GROUPS = (
    *("namespaces", "read-only mounts", "seccomp"),
    *("landlock", "control groups"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """One cause. `layers` are those that it takes away, none where it does no harm; `mend` is a command to paste, empty where
    there is nothing to mend."""

    name: str
    says: str
    layers: tuple[str, ...]
    mend: str


def restrictions(machine: Machine, missing: frozenset[str]) -> tuple[Restriction, ...]:
    """What stands in the way of the `missing` layers, nearest cause first; then what is worth knowing and does no harm."""
    found = (rule(machine) for rule in _RULES)
    return tuple(one for one in found if one is not None and (not one.layers or missing & set(one.layers)))


def _gvisor(machine: Machine) -> Restriction | None:
    if not machine.gvisor:
        return None
    return Restriction(
        name="gVisor",
        says="This container runs under gVisor, whose kernel lacks calls that the jail is made of.",
        layers=(NAMESPACES, MOUNTS, SECCOMP, LANDLOCK, GROUPS, "process descriptors and clocks"),
        mend="kubectl get runtimeclass"
        if machine.container == "kubernetes"
        else _run(machine, "--runtime=runc", *_options(machine)),
    )


def _at_zero(machine: Machine) -> Restriction | None:
    if not machine.at_zero:
        return None
    keys = [f"user.max_{kind}_namespaces" for kind in machine.at_zero]
    return Restriction(
        name="namespaces at zero",
        says=f"This machine allows no namespace of a kind that the jail needs ({', '.join(keys)} = 0){_where(machine)}.",
        layers=(NAMESPACES, MOUNTS),
        mend=_sysctl(*(f"{key} = 65536" for key in keys)),
    )


def _switched_off(machine: Machine) -> Restriction | None:
    if machine.userns_clone is not False or machine.may_administer:
        return None
    return Restriction(
        name="user namespaces for root only",
        says="This machine lets only root make user namespaces (kernel.unprivileged_userns_clone = 0)"
        + _where(machine)
        + ".",
        layers=(NAMESPACES, MOUNTS),
        mend=_sysctl("kernel.unprivileged_userns_clone = 1"),
    )


def _apparmor(machine: Machine) -> Restriction | None:
    if machine.apparmor_restricts is not True or machine.may_administer:
        return None
    if machine.container:
        mend = _sysctl("kernel.apparmor_restrict_unprivileged_userns = 0")
    else:
        lines = ("abi <abi/4.0>,", f'profile viva "{machine.python}" flags=(unconfined) {{', "  userns,", "}")
        mend = _file("/etc/apparmor.d/viva", *lines) + " && sudo apparmor_parser -r /etc/apparmor.d/viva"
    return Restriction(
        name="AppArmor's restriction of user namespaces",
        says="AppArmor, as on Ubuntu since 23.10, lets only programs with a profile use user namespaces"
        " (kernel.apparmor_restrict_unprivileged_userns = 1)" + _where(machine) + ".",
        layers=(NAMESPACES, MOUNTS),
        mend=mend,
    )


def _containers_filter(machine: Machine) -> Restriction | None:
    if not (machine.filtered and machine.container) or machine.gvisor:
        return None
    return Restriction(
        name="the container's seccomp filter",
        says=f"The filter that {_called(machine)} puts around a container refuses the calls that make namespaces and mounts.",
        layers=(NAMESPACES, MOUNTS, LANDLOCK),
        mend=_run(machine, *_options(machine)),
    )


def _containers_profile(machine: Machine) -> Restriction | None:
    confined = machine.apparmor_profile not in ("", "unconfined") and machine.apparmor_profile.endswith("(enforce)")
    if not (confined and machine.container):
        return None
    return Restriction(
        name="the container's AppArmor profile",
        says=f"The AppArmor profile {machine.apparmor_profile.split()[0]!r} of this container refuses every mount.",
        layers=(MOUNTS, NAMESPACES),
        mend=_run(machine, *_options(machine)),
    )


def _containers_root(machine: Machine) -> Restriction | None:
    if not machine.root or machine.may_administer:
        return None
    return Restriction(
        name="root without its rights",
        says="This root may not mount (no CAP_SYS_ADMIN): give it that right, or run viva as an ordinary user.",
        layers=(NAMESPACES, MOUNTS),
        mend=_run(machine, *_options(machine)) if machine.container else "sudo -u SOMEBODY viva serve",
    )


def _few_ids(machine: Machine) -> Restriction | None:
    if machine.enough_ids:
        return None
    return Restriction(
        name="too few ids",
        says="Root of this container has too few user ids to give one to each run: it needs 262144, or an ordinary user.",
        layers=(NAMESPACES,),
        mend=_run(machine, "--user 1000:1000", *_options(machine)),
    )


def _services_filter(machine: Machine) -> Restriction | None:
    if not machine.filtered or machine.container:
        return None
    return Restriction(
        name="a filter around viva itself",
        says="viva runs under a seccomp filter of somebody else, such as a service manager, that refuses calls of the jail.",
        layers=(NAMESPACES, MOUNTS, SECCOMP, LANDLOCK),
        mend="sudo mkdir -p /etc/systemd/system/viva.service.d && "
        + _file(
            "/etc/systemd/system/viva.service.d/jail.conf", "[Service]", "RestrictNamespaces=no", "SystemCallFilter="
        )
        + " && sudo systemctl daemon-reload && sudo systemctl restart viva.service",
    )


def _no_landlock(machine: Machine) -> Restriction | None:
    if machine.landlock_abi or machine.gvisor:
        return None
    if _older(machine.release, 5, 13):
        return Restriction(
            name="a kernel without Landlock",
            says=f"Linux {machine.release} is older than Landlock, which came with 5.13.",
            layers=(LANDLOCK,),
            mend="sudo apt-get update && sudo apt-get full-upgrade && sudo reboot",
        )
    if machine.lsm is None:
        return Restriction(
            name="no Landlock",
            says=f"Linux {machine.release} does not offer Landlock to viva, and its list of security modules cannot be read.",
            layers=(LANDLOCK,),
            mend="sudo mount -t securityfs none /sys/kernel/security; viva doctor",
        )
    if "landlock" in machine.lsm:
        return None
    modules = ",".join(("landlock", *(name for name in machine.lsm if name != "capability")))
    return Restriction(
        name="Landlock switched off",
        says=f"The kernel starts without Landlock (its security modules are {', '.join(machine.lsm)}).",
        layers=(LANDLOCK,),
        mend=_file("/etc/default/grub.d/landlock.cfg", f'GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX lsm={modules}"')
        + " && sudo update-grub && sudo reboot",
    )


def _no_groups(machine: Machine) -> Restriction | None:
    if machine.groups is None:
        return None
    says, mend = _OF_GROUPS[machine.groups]
    if machine.container:
        mend = _run(machine, "-v /sys/fs/cgroup:/sys/fs/cgroup:rw --cgroupns=host", *_options(machine))
    elif machine.root and machine.groups == "crowded":
        mend = mend.replace("systemd-run --user", "sudo systemd-run")
    return Restriction(name="no control groups", says=says, layers=(GROUPS,), mend=mend)


def _masked(machine: Machine) -> Restriction | None:
    if not (machine.masked and machine.container):
        return None
    return Restriction(
        name="masked /proc",
        says=f"The container hides {len(machine.masked)} places below /proc. That is no harm: a jail has no /proc.",
        layers=(),
        mend="",
    )


_DELEGATE = "systemd-run --user --pty -p Delegate=yes -p DelegateSubgroup=viva-server viva serve"
_OF_GROUPS: dict[Obstacle, tuple[str, str]] = {
    "none": (
        "No control groups are mounted here that bound memory and processes.",
        "sudo mount -t cgroup2 none /sys/fs/cgroup",
    ),
    "not ours": (
        "The control group that viva runs in belongs to somebody else, so it can make none below it.",
        _DELEGATE,
    ),
    "crowded": (
        "The control group that viva runs in holds processes, so none below it can have limits.",
        _DELEGATE,
    ),
}


def _where(machine: Machine) -> str:
    return ", on the host of this container" if machine.container else ""


def _called(machine: Machine) -> str:
    return {"docker": "Docker", "podman": "Podman", "kubernetes": "Kubernetes"}.get(
        machine.container, "the service manager"
    )


def _sysctl(*lines: str) -> str:
    """Now, and at each start of the machine."""
    return _file("/etc/sysctl.d/60-viva.conf", *lines) + " && sudo sysctl --system"


def _file(path: str, *lines: str) -> str:
    return f"printf '%s\\n' {shlex.join(lines)} | sudo tee {path} >/dev/null"


def _options(machine: Machine) -> tuple[str, ...]:
    opened = ("--security-opt seccomp=unconfined", "--security-opt apparmor=unconfined")
    return (*opened, "--cap-add SYS_ADMIN") if machine.root and not machine.may_administer else opened


def _run(machine: Machine, *options: str) -> str:
    """The command that starts the container with these options; for a cluster, what its description must say."""
    if machine.container != "kubernetes":
        return f"{machine.container or 'docker'} run {' '.join(dict.fromkeys(options))} IMAGE"
    context = "{seccompProfile: {type: Unconfined}, appArmorProfile: {type: Unconfined}"
    return f"securityContext: {context}" + (", capabilities: {add: [SYS_ADMIN]}}" if machine.root else "}")


def _older(release: str, major: int, minor: int) -> bool:
    numbers = re.match(r"(\d+)\.(\d+)", release)
    return numbers is not None and (int(numbers[1]), int(numbers[2])) < (major, minor)


_RULES: tuple[Callable[[Machine], Restriction | None], ...] = (
    _gvisor,
    _containers_filter,
    _containers_profile,
    _containers_root,
    _few_ids,
    _services_filter,
    _at_zero,
    _switched_off,
    _apparmor,
    _no_landlock,
    _no_groups,
    _masked,
)

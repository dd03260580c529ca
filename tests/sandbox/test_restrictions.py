"""What stands in the way of a layer is recognised by facts of the machine, and its mend is a command to paste."""

import os
import shlex
from dataclasses import replace
from typing import Any

import pytest

from viva.sandbox import machine
from viva.sandbox.machine import Machine
from viva.sandbox.restrictions import restrictions

HEALTHY = Machine(
    release="6.8.0-31-generic",
    gvisor=False,
    python="/usr/bin/python3.12",
    root=False,
    enough_ids=True,
    may_administer=False,
    filtered=False,
    at_zero=(),
    userns_clone=None,
    apparmor_restricts=None,
    apparmor_profile="",
    container="",
    masked=(),
    lsm=None,
    landlock_abi=4,
    groups=None,
)
NAMESPACES, MOUNTS = "namespaces", "read-only mounts"
DOCKER: dict[str, Any] = {
    "container": "docker",
    "filtered": True,
    "apparmor_profile": "docker-default (enforce)",
    "masked": ("/proc/kcore", "/proc/sys"),
}
OPEN = "--security-opt seccomp=unconfined --security-opt apparmor=unconfined"

PRINTF = "printf '%s\\n'"
PROFILE = "'profile viva \"/usr/bin/python3.12\" flags=(unconfined) {'"

CASES: dict[str, tuple[dict[str, Any], set[str], str, str]] = {
    "Ubuntu 23.10 and newer": (
        {"apparmor_restricts": True, "apparmor_profile": "unconfined"},
        {NAMESPACES, MOUNTS},
        "AppArmor's restriction of user namespaces",
        f"{PRINTF} 'abi <abi/4.0>,' {PROFILE} '  userns,' '}}' | sudo tee /etc/apparmor.d/viva",
    ),
    "Ubuntu, where a namespace may be made and nothing done in it": (
        {"apparmor_restricts": True},
        {MOUNTS},
        "AppArmor's restriction of user namespaces",
        "sudo apparmor_parser -r /etc/apparmor.d/viva",
    ),
    "a container on Ubuntu": (
        {"apparmor_restricts": True, "container": "podman"},
        {NAMESPACES},
        "AppArmor's restriction of user namespaces",
        "kernel.apparmor_restrict_unprivileged_userns = 0",
    ),
    "user namespaces for root only": (
        {"userns_clone": False},
        {NAMESPACES},
        "user namespaces for root only",
        f"{PRINTF} 'kernel.unprivileged_userns_clone = 1' | sudo tee /etc/sysctl.d/60-viva.conf",
    ),
    "no user namespaces at all": (
        {"at_zero": ("user",)},
        {NAMESPACES},
        "namespaces at zero",
        "user.max_user_namespaces = 65536",
    ),
    "no user namespaces at all, as root": (
        {"at_zero": ("user", "net"), "root": True, "may_administer": True},
        {NAMESPACES},
        "namespaces at zero",
        "'user.max_user_namespaces = 65536' 'user.max_net_namespaces = 65536'",
    ),
    "Docker as an ordinary user": (DOCKER, {NAMESPACES}, "the container's seccomp filter", f"docker run {OPEN} IMAGE"),
    "Docker as root": (
        DOCKER | {"root": True},
        {NAMESPACES, MOUNTS},
        "the container's seccomp filter",
        f"docker run {OPEN} --cap-add SYS_ADMIN IMAGE",
    ),
    "Docker without its filter": (
        DOCKER | {"filtered": False},
        {MOUNTS},
        "the container's AppArmor profile",
        f"docker run {OPEN} IMAGE",
    ),
    "Docker as root, with filter and profile gone": (
        {"container": "docker", "root": True},
        {NAMESPACES, MOUNTS},
        "root without its rights",
        "--cap-add SYS_ADMIN",
    ),
    "Kubernetes": (
        DOCKER | {"container": "kubernetes", "root": True},
        {NAMESPACES},
        "the container's seccomp filter",
        "{seccompProfile: {type: Unconfined}, appArmorProfile: {type: Unconfined}, capabilities: {add: [SYS_ADMIN]}}",
    ),
    "a container whose users are mapped to few": (
        {"root": True, "enough_ids": False, "may_administer": True, "container": "docker"},
        {NAMESPACES},
        "too few ids",
        "docker run --user 1000:1000",
    ),
    "a service of systemd": (
        {"filtered": True},
        {NAMESPACES},
        "a filter around viva itself",
        "'[Service]' RestrictNamespaces=no SystemCallFilter=",
    ),
    "gVisor": (
        DOCKER | {"gvisor": True, "landlock_abi": 0},
        {NAMESPACES, MOUNTS, "landlock"},
        "gVisor",
        f"docker run --runtime=runc {OPEN} IMAGE",
    ),
    "a kernel before Landlock": (
        {"landlock_abi": 0, "release": "5.12.0-rc1"},
        {"landlock"},
        "a kernel without Landlock",
        "full-upgrade",
    ),
    "Landlock left out at the start": (
        {"landlock_abi": 0, "lsm": ("capability", "yama", "apparmor")},
        {"landlock"},
        "Landlock switched off",
        "'GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX lsm=landlock,yama,apparmor\"'",
    ),
    "no Landlock, and nobody says why": ({"landlock_abi": 0}, {"landlock"}, "no Landlock", "securityfs"),
    "a control group of somebody else": (
        {"groups": "not ours"},
        {"control groups"},
        "no control groups",
        "systemd-run --user --pty -p Delegate=yes -p DelegateSubgroup=viva-server viva serve",
    ),
    "a control group that was delegated and is lived in": (
        {"groups": "crowded", "root": True, "may_administer": True},
        {"control groups"},
        "no control groups",
        "sudo systemd-run --pty -p Delegate=yes -p DelegateSubgroup=viva-server viva serve",
    ),
    "a container without control groups": (
        {"groups": "not ours", "container": "docker"},
        {"control groups"},
        "no control groups",
        "docker run -v /sys/fs/cgroup:/sys/fs/cgroup:rw --cgroupns=host",
    ),
    "no control groups mounted": ({"groups": "none"}, {"control groups"}, "no control groups", "mount -t cgroup2"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_cause_is_recognised_and_its_mend_can_be_pasted(case: str) -> None:
    facts, missing, name, mend = CASES[case]
    nearest, *others = restrictions(replace(HEALTHY, **facts), frozenset(missing))
    assert nearest.name == name, [nearest, *others]
    assert mend in nearest.mend
    assert nearest.says.endswith(".")
    assert set(nearest.layers) & missing
    if facts.get("container") != "kubernetes":
        assert shlex.split(nearest.mend)
        assert shlex.split(nearest.mend)[0] in {"printf", "docker", "podman", "sudo", "systemd-run"}


@pytest.mark.parametrize("case", CASES)
def test_what_takes_no_missing_layer_away_alarms_nobody(case: str) -> None:
    facts, _, name, _ = CASES[case]
    assert name not in [one.name for one in restrictions(replace(HEALTHY, **facts), frozenset())]


def test_a_machine_with_nothing_in_the_way_has_nothing_to_mend() -> None:
    every = frozenset({NAMESPACES, MOUNTS, "seccomp", "landlock", "control groups"})
    assert restrictions(HEALTHY, every) == ()


def test_switches_for_unprivileged_users_do_not_count_for_root() -> None:
    root = replace(HEALTHY, root=True, may_administer=True, userns_clone=False, apparmor_restricts=True)
    assert restrictions(root, frozenset({NAMESPACES, MOUNTS})) == ()


def test_masked_places_below_proc_are_named_as_harmless() -> None:
    (one,) = restrictions(replace(HEALTHY, container="docker", masked=("/proc/kcore", "/proc/keys")), frozenset())
    assert (one.name, one.layers, one.mend) == ("masked /proc", (), "")
    assert "hides 2 places" in one.says


def test_in_a_container_the_switch_is_said_to_be_the_hosts() -> None:
    inside = replace(HEALTHY, at_zero=("user",), container="docker")
    (one,) = restrictions(inside, frozenset({NAMESPACES}))
    assert "on the host of this container" in one.says


def test_a_path_with_odd_characters_stays_one_word_of_the_command() -> None:
    odd = replace(HEALTHY, apparmor_restricts=True, python="/opt/it's $HOME 100%s/python3")
    (one,) = restrictions(odd, frozenset({NAMESPACES}))
    assert 'profile viva "/opt/it\'s $HOME 100%s/python3" flags=(unconfined) {' in shlex.split(one.mend)


def test_the_facts_of_this_machine_are_those_that_the_kernel_tells() -> None:
    seen = machine.read()
    assert seen.release == os.uname().release
    assert seen.root is (os.geteuid() == 0)
    assert seen.python == os.path.realpath("/proc/self/exe")
    assert not seen.filtered
    assert machine.read() == seen

"""What a jail shows, and what its filter is made of."""

import platform
import re
import struct

import pytest

from tests.sandbox.conftest import Judge
from viva.sandbox import syscalls
from viva.sandbox.inside import frames, kernel
from viva.sandbox.seccomp import UnknownArchitecture, compile_filter

LOOK = "from viva_check import check\n@check('it loads')\ndef loads(sut, rng): sut.attempt(1)\n"

MUST_STAY_REFUSED = set(
    re.findall(
        r"\w+",
        """
    socket connect bind listen accept accept4 setsockopt keyctl add_key request_key io_uring_setup io_uring_enter
    io_uring_register userfaultfd execve execveat fork vfork unshare setns ptrace process_vm_readv process_vm_writev
    pidfd_open pidfd_getfd pidfd_send_signal kill tkill flock rt_sigqueueinfo bpf perf_event_open mount umount2 pivot_root chroot
    open_tree move_mount fsopen fsmount mount_setattr personality seccomp landlock_create_ruleset shmget shmat semget
    msgget mq_open inotify_init inotify_init1 fanotify_init name_to_handle_at open_by_handle_at init_module kexec_load
    setuid setresuid setgroups capset mknod mknodat chown fchown setxattr sync syncfs memfd_create memfd_secret mlock mincore
    sched_setaffinity setpriority mbind move_pages splice vmsplice remap_file_pages timer_create kcmp
    process_madvise modify_ldt iopl ioperm reboot swapon acct syslog sethostname clock_settime adjtimex
""",
    )
)


def test_no_call_that_a_jail_must_refuse_is_on_the_list() -> None:
    listed = syscalls.PLAIN | syscalls.GUARDED
    assert not MUST_STAY_REFUSED & set(listed)


def test_every_number_is_listed_once() -> None:
    for column in (0, 1):
        numbers = [row[column] for row in (syscalls.PLAIN | syscalls.GUARDED).values()]
        known = [number for number in numbers if number is not None]
        assert len(known) == len(set(known))


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_filter_gives_for_every_number_what_the_list_says(machine: str) -> None:
    """The program is run here, as the kernel would, for every number there is."""
    program = compile_filter(machine)
    column = 0 if machine == "x86_64" else 1
    allowed = {row[column] for row in syscalls.PLAIN.values()}
    guarded = {row[column] for row in syscalls.GUARDED.values()}
    audit = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}[machine]
    for number in range(600):
        verdict = _verdict(program, audit, number)
        if number in guarded:
            continue
        assert verdict == (0x7FFF0000 if number in allowed else 0x50001), number
    assert _verdict(program, 0x40000003, 4) == 0x80000000
    assert _verdict(program, audit, 0x40000000) == 0x80000000


def test_an_unknown_architecture_is_refused_in_a_sentence() -> None:
    with pytest.raises(UnknownArchitecture, match=r"x86_64 and aarch64, not 'riscv64'"):
        compile_filter("riscv64")


@pytest.mark.skipif(platform.machine() != "x86_64", reason="numbers of x86_64")
def test_guarded_calls_depend_on_their_arguments() -> None:
    program, audit = compile_filter("x86_64"), 0xC000003E
    allow, eperm, enosys = 0x7FFF0000, 0x50001, 0x50026
    assert _verdict(program, audit, 56, 0x3D0F00) == allow  # clone of a thread
    assert _verdict(program, audit, 56, 0x01200011) == eperm  # clone of a process
    assert _verdict(program, audit, 435) == enosys
    assert _verdict(program, audit, 53, 1) == allow
    assert _verdict(program, audit, 53, 2) == eperm
    assert _verdict(program, audit, 302, 0) == allow
    assert _verdict(program, audit, 302, 77) == eperm
    assert _verdict(program, audit, 234, 1) == allow
    assert _verdict(program, audit, 234, 2) == eperm
    assert _verdict(program, audit, 16, 0, 0x5401) == allow
    assert _verdict(program, audit, 16, 0, 0x5412) == eperm  # TIOCSTI, which types for others
    assert _verdict(program, audit, 72, 0, 1031) == eperm  # a pipe as large as it likes
    assert [_verdict(program, audit, 72, 0, lock) for lock in (5, 6, 7, 36, 37, 38)] == [eperm] * 6


@pytest.mark.ordinary_user
def test_the_root_shows_these_names_and_nothing_else(judge: Judge) -> None:
    seen = judge(
        "import os\nprint(sorted(os.listdir('/')), sorted(os.listdir('/etc')), sorted(os.listdir('/dev')))", LOOK
    )
    names = eval(seen["prints"].replace("] [", "], ["))
    assert set(names[0]) - {"lib", "lib32", "lib64", "libx32"} == {"dev", "env", "etc", "python", "tmp", "usr", "viva"}
    assert names[1:] == (["ld.so.cache"], ["null", "urandom", "zero"])


def test_the_candidates_jail_has_our_code_but_not_the_checks_library(judge: Judge) -> None:
    assert judge("import os\nprint(os.listdir('/viva'))", LOOK)["prints"].strip() == "['inside']"


@pytest.mark.ordinary_user
def test_packages_of_the_base_python_are_hidden(judge: Judge) -> None:
    code = """
import os
for folder, names, _ in os.walk("/python"):
    for name in names:
        if name in ("site-packages", "dist-packages"):
            print(os.listdir(os.path.join(folder, name)))
"""
    assert set(judge(code, LOOK)["prints"].split("\n")) <= {"[]", ""}


@pytest.mark.ordinary_user
def test_numpy_and_scipy_work_in_it(judge: Judge) -> None:
    code = """
import numpy as np
import scipy.linalg, scipy.special
def attempt(x):
    rng = np.random.default_rng(0)
    a = rng.normal(size=(64, 64)).astype("f4")
    u, s, v = np.linalg.svd(a)
    assert np.allclose(u @ np.diag(s) @ v, a, atol=1e-3)
    assert abs(scipy.special.erf(0.5) - 0.5204998778) < 1e-9
    np.save("/tmp/a.npy", a)
    assert (np.load("/tmp/a.npy") == a).all()
    return int(round(2 * x))
"""
    seen = judge(code)
    assert [check["passed"] for check in seen["checks"]] == [True, True], seen


def test_each_system_call_says_its_name_when_it_fails() -> None:
    with pytest.raises(OSError, match=r"mount /nowhere: "):
        kernel.mount("x", "/nowhere", "tmpfs", 0)
    with pytest.raises(OSError, match=r"setns: "):
        kernel.setns(-1, kernel.NEWPID)


def test_depth_is_counted_outside_strings_only() -> None:
    assert frames.parse(b'{"a": "' + b"[" * 999 + b'"}') == {"a": "[" * 999}
    with pytest.raises(frames.BrokenFrame, match="nested"):
        frames.parse(b'{"a\\"": ' + b"[" * 80 + b"]" * 80 + b"}")
    with pytest.raises(frames.BrokenFrame):
        frames.parse(b'{"a": "' + b"[" * 999)


def _verdict(program: bytes, audit: int, number: int, *arguments: int) -> int:
    """What a BPF program returns for one call, by a small machine of our own."""
    data = struct.pack("<IIQ6Q", number, audit, 0, *arguments, *([0] * (6 - len(arguments))))
    steps = [struct.unpack_from("<HBBI", program, at) for at in range(0, len(program), 8)]
    at, value = 0, 0
    while True:
        code, when_true, when_false, k = steps[at]
        at += 1
        match code:
            case 0x20:
                (value,) = struct.unpack_from("<I", data, k)
            case 0x05:
                at += k
            case 0x15:
                at += when_true if value == k else when_false
            case 0x35:
                at += when_true if value >= k else when_false
            case 0x45:
                at += when_true if value & k else when_false
            case 0x06:
                return int(k)
            case _:
                raise AssertionError(f"no such instruction: {code:#x}")

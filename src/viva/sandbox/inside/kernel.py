"""The system calls of Linux that Python's own library does not offer, by ctypes.

Law: every function either does what its name says or raises an OSError that names the call; none returns a status. It
lies inside the jail because the zygote needs it there; it imports the standard library only.
"""

import ctypes
import errno
import os
import platform
import struct

NEWNS, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET = 0x20000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_BIND, MS_REC, MS_PRIVATE = 1, 2, 4, 8, 4096, 16384, 1 << 18
ATTR_RDONLY, ATTR_NOSUID, ATTR_NODEV, ATTR_NOEXEC = 1, 2, 4, 8

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_CAPBSET_DROP, _PR_SET_CHILD_SUBREAPER, _PR_SET_NO_NEW_PRIVS = 1, 4, 24, 36, 38
_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL = 47, 4
_SECCOMP_SET_MODE_FILTER = 1
_CAPABILITY_VERSION_3 = 0x20080522
_AT_FDCWD, _AT_RECURSIVE, _MNT_DETACH = -100, 0x8000, 2
_KEYCTL_JOIN_SESSION_KEYRING = 1
_MADV_COLLAPSE = 25

_NUMBERS = {  # from 424 on all architectures share their numbers
    "x86_64": {"pivot_root": 155, "keyctl": 250, "capset": 126, "seccomp": 317},
    "aarch64": {"pivot_root": 41, "keyctl": 219, "capset": 91, "seccomp": 277},
}
_CLOSE_RANGE, _MOUNT_SETATTR = 436, 442
_LANDLOCK_READ = 1 | 4 | 8  # execute, read a file, read a folder
_LANDLOCK_CREATE_RULESET, _LANDLOCK_ADD_RULE, _LANDLOCK_RESTRICT_SELF = 444, 445, 446

_M_TRIM_THRESHOLD, _M_MMAP_MAX = -1, -4

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long
_ZEROS = (ctypes.c_ulong(0),) * 3


def supported() -> bool:
    """Whether the sandbox knows this machine's architecture (x86_64, aarch64)."""
    return platform.machine() in _NUMBERS


def keep_memory() -> None:
    """Let this process keep what memory it frees, where its C library is glibc. To get a page from the kernel costs as much as to
    fill it, and whether an array needs new ones hangs on its size and on what was freed before it: steps and luck in every
    measurement (an attention of 1,024 positions took 9 times as long as one of 512)."""
    mallopt = getattr(_libc, "mallopt", None)
    if mallopt is not None:
        mallopt(ctypes.c_int(_M_MMAP_MAX), ctypes.c_int(0))
        mallopt(ctypes.c_int(_M_TRIM_THRESHOLD), ctypes.c_int(-1))


def unshare(flags: int) -> None:
    """Leave the namespaces in `flags` for new ones."""
    _call("unshare", _libc.unshare(ctypes.c_int(flags)))


def setns(fd: int, flags: int) -> None:
    """Enter the namespaces in `flags` of the process or namespace that `fd` stands for."""
    _call("setns", _libc.setns(ctypes.c_int(fd), ctypes.c_int(flags)))


def mount(source: str, target: str, kind: str | None, flags: int, options: str = "") -> None:
    """Put `source`, or a new file system of `kind`, at `target`."""
    done = _libc.mount(
        os.fsencode(source),
        os.fsencode(target),
        kind.encode() if kind else None,
        ctypes.c_ulong(flags),
        options.encode() if options else None,
    )
    _call(f"mount {target}", done)


def mount_attributes(target: str, attributes: int, *, recursive: bool) -> None:
    """Set `ATTR_*` on a mount, and on all mounts below it if `recursive` (Linux 5.12)."""
    attr = struct.pack("<QQQQ", attributes, 0, 0, 0)
    flags = _AT_RECURSIVE if recursive else 0
    done = _libc.syscall(
        _MOUNT_SETATTR,
        ctypes.c_int(_AT_FDCWD),
        os.fsencode(target),
        ctypes.c_uint(flags),
        attr,
        ctypes.c_size_t(len(attr)),
    )
    _call(f"mount_setattr {target}", done)


def detach(target: str) -> None:
    """Take a mount with everything below it out of sight."""
    _call(f"umount2 {target}", _libc.umount2(os.fsencode(target), ctypes.c_int(_MNT_DETACH)))


def pivot_root(new: str, old: str) -> None:
    """Make the mount `new` the root and put the old root at `old`."""
    _call("pivot_root", _libc.syscall(_number("pivot_root"), os.fsencode(new), os.fsencode(old)))


def close_from(first: int) -> None:
    """Close every descriptor from `first` on."""
    _call("close_range", _libc.syscall(_CLOSE_RANGE, ctypes.c_uint(first), ctypes.c_uint(0xFFFFFFFF), ctypes.c_uint(0)))


def die_with_parent(signal: int) -> None:
    """Get `signal` when the parent thread ends. A change of uid clears it, so it comes after."""
    _prctl("prctl PDEATHSIG", _PR_SET_PDEATHSIG, signal)


def not_dumpable() -> None:
    """Nobody of the same uid may trace this process or open its /proc files; it leaves no core."""
    _prctl("prctl DUMPABLE", _PR_SET_DUMPABLE, 0)


def no_new_privileges() -> None:
    """No exec will ever gain rights again."""
    _prctl("prctl NO_NEW_PRIVS", _PR_SET_NO_NEW_PRIVS, 1)


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends."""
    _prctl("prctl CHILD_SUBREAPER", _PR_SET_CHILD_SUBREAPER, 1)


def drop_bounding_set() -> None:
    """Give up every capability for all future execs."""
    for capability in range(64):
        if _libc.prctl(_PR_CAPBSET_DROP, ctypes.c_ulong(capability), *_ZEROS) < 0:
            if ctypes.get_errno() == errno.EINVAL and capability:
                return  # beyond the last capability that this kernel knows
            _call("prctl CAPBSET_DROP", -1)


def drop_capabilities() -> None:
    """Give up the effective, permitted, inheritable and ambient capabilities."""
    _call("prctl CAP_AMBIENT", _libc.prctl(_PR_CAP_AMBIENT, ctypes.c_ulong(_PR_CAP_AMBIENT_CLEAR_ALL), *_ZEROS))
    header = struct.pack("<Ii", _CAPABILITY_VERSION_3, 0)
    _call("capset", _libc.syscall(_number("capset"), header, bytes(24)))


def load_filter(program: bytes) -> None:
    """Put this process, all its threads and descendants under a seccomp filter: `program` is classic BPF, 8 bytes each."""
    buffer = ctypes.create_string_buffer(program, len(program))
    head = struct.pack("<HxxxxxxQ", len(program) // 8, ctypes.addressof(buffer))
    _call("seccomp", _libc.syscall(_number("seccomp"), _SECCOMP_SET_MODE_FILTER, ctypes.c_uint(0), head))


def join_new_session_keyring() -> None:
    """Leave the session keyring of whoever started us."""
    _call("keyctl", _libc.syscall(_number("keyctl"), _KEYCTL_JOIN_SESSION_KEYRING, None))


def collapse(start: int, length: int) -> bool:
    """Make memory into huge pages, which a fork copies the tables of in no time (Linux 6.1); False where that cannot be."""
    return int(_libc.madvise(ctypes.c_void_p(start), ctypes.c_size_t(length), ctypes.c_int(_MADV_COLLAPSE))) == 0


def landlock_abi() -> int:
    """The version of Landlock that the kernel offers; 0 where there is none."""
    return max(0, int(_libc.syscall(_LANDLOCK_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint(1))))


def landlock(abi: int, readable: str, writable: str) -> None:
    """Only read below `readable`, write below `writable`, no TCP, no abstract sockets or signals outside (from ABI 6)."""
    rights = (1 << {1: 13, 2: 14, 3: 15, 4: 15}.get(abi, 16)) - 1
    attr = struct.pack("<QQQ", rights, 3, 3)[: 8 if abi < 4 else 16 if abi < 6 else 24]
    create = _libc.syscall(_LANDLOCK_CREATE_RULESET, attr, ctypes.c_size_t(len(attr)), ctypes.c_uint(0))
    rules = _call("landlock_create_ruleset", create)
    for path, allowed in ((readable, _LANDLOCK_READ), (writable, rights)):
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
        rule = struct.pack("<Qi", allowed, place)
        _call("landlock_add_rule", _libc.syscall(_LANDLOCK_ADD_RULE, rules, 1, rule, ctypes.c_uint(0)))
        os.close(place)
    _call("landlock_restrict_self", _libc.syscall(_LANDLOCK_RESTRICT_SELF, rules, ctypes.c_uint(0)))
    os.close(rules)


def _prctl(name: str, option: int, value: int) -> None:
    _call(name, _libc.prctl(option, ctypes.c_ulong(value), *_ZEROS))


def _number(name: str) -> int:
    try:
        return _NUMBERS[platform.machine()][name]
    except KeyError:
        raise OSError(errno.ENOSYS, f"{name}: not known for the architecture {platform.machine()!r}") from None


def _call(name: str, result: int) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{name}: {os.strerror(code)}")
    return result

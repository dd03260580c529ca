"""The system-call filter of a jail, assembled here, ahead of time, as classic BPF.

Law: what `syscalls` does not list is refused with EPERM; another architecture or the x32 table ends the process. The
numbers are searched as a tree, because the kernel runs the filter once for every call when it is loaded (that is most
of what loading costs) and once per call afterwards.
"""

import errno
import platform
import struct
from collections.abc import Mapping

from . import syscalls

_LOAD, _JUMP, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x05, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_NUMBER_AT, _ARCHITECTURE_AT, _ARGUMENTS_AT = 0, 4, 16
_X32 = 0x40000000
_ARCHITECTURES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
_CLONE_THREAD = 0x10000
_AF_UNIX = 1
_OWN_PID = 1  # every run is process 1 of its own namespace
_PRCTL = (15, 16)  # name of a thread: set, get
_IOCTL = (
    0x5401,
    0x5413,
    0x541B,
    0x5421,
    0x5450,
    0x5451,
)  # is it a terminal, its size, bytes waiting, blocking, CLOEXEC
_FCNTL = (0, 1, 2, 3, 4, 1030, 1032, 1033, 1034)  # no locks, leases, owners, signals, pipe sizes

_Instruction = tuple[int, int, int, int]


class UnknownArchitecture(Exception):
    """The sandbox has no table of system calls for this machine."""


def compile_filter(machine: str | None = None) -> bytes:
    """The filter of every jail, the checker's too, as BPF, 8 bytes an instruction, for the architecture `machine` (this one by
    default).

    Raises:
        UnknownArchitecture: with a sentence that names it.
    """
    machine = machine or platform.machine()
    if machine not in _ARCHITECTURES:
        raise UnknownArchitecture(f"the sandbox knows x86_64 and aarch64, not {machine!r}; judge on such a machine")
    audit, column = _ARCHITECTURES[machine]
    actions = {number: _give(_ALLOW) for number in _numbers(syscalls.PLAIN, column)}
    for name, block in _guards().items():
        number = syscalls.GUARDED[name][column]
        if number is not None:
            actions[number] = block
    program = [
        (_LOAD, 0, 0, _ARCHITECTURE_AT),
        (_EQUAL, 1, 0, audit),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER_AT),
        (_AT_LEAST, 0, 1, _X32),
        (_RETURN, 0, 0, _KILL),
        *_tree(_steps(actions)),
    ]
    return b"".join(struct.pack("<HBBI", *instruction) for instruction in program)


def _guards() -> dict[str, list[_Instruction]]:
    return {
        "clone": [(_LOAD, 0, 0, _ARGUMENTS_AT), (_ANY_BIT, 0, 1, _CLONE_THREAD), *_give(_ALLOW), *_refuse(errno.EPERM)],
        "clone3": _refuse(
            errno.ENOSYS
        ),  # its flags lie in memory, out of a filter's sight; the library falls back to clone
        "socketpair": _only(0, (_AF_UNIX,)),
        "prlimit64": _own_limits_read(),
        "tgkill": _only(0, (_OWN_PID,)),
        "prctl": _only(0, _PRCTL),
        "ioctl": _only(1, _IOCTL),
        "fcntl": _only(1, _FCNTL),
    }


def _only(argument: int, values: tuple[int, ...]) -> list[_Instruction]:
    """Allow where the low word of an argument (all of these are C ints) is one of `values`."""
    tests = [(_EQUAL, len(values) - at, 0, value) for at, value in enumerate(values)]
    return [(_LOAD, 0, 0, _ARGUMENTS_AT + 8 * argument), *tests, *_refuse(errno.EPERM), *_give(_ALLOW)]


def _own_limits_read() -> list[_Instruction]:
    """`prlimit64` of the process itself, and only without a new limit: its third argument, a pointer, is null."""
    return [
        (_LOAD, 0, 0, _ARGUMENTS_AT),
        (_EQUAL, 1, 0, 0),
        (_EQUAL, 0, 4, _OWN_PID),
        (_LOAD, 0, 0, _ARGUMENTS_AT + 16),
        (_EQUAL, 0, 2, 0),
        (_LOAD, 0, 0, _ARGUMENTS_AT + 20),
        (_EQUAL, 1, 0, 0),
        *_refuse(errno.EPERM),
        *_give(_ALLOW),
    ]


def _give(verdict: int) -> list[_Instruction]:
    return [(_RETURN, 0, 0, verdict)]


def _refuse(code: int) -> list[_Instruction]:
    return _give(_ERRNO | code)


def _numbers(calls: Mapping[str, tuple[int, int | None]], column: int) -> list[int]:
    return [number for row in calls.values() if (number := row[column]) is not None]


def _steps(actions: dict[int, list[_Instruction]]) -> list[tuple[int, list[_Instruction]]]:
    """The number line as (first number, what to do from there on), refused wherever nothing is said."""
    steps: list[tuple[int, list[_Instruction]]] = [(0, _refuse(errno.EPERM))]
    for number in sorted(actions):
        for start, block in ((number, actions[number]), (number + 1, _refuse(errno.EPERM))):
            if steps[-1][0] == start:
                steps.pop()
            if not steps or steps[-1][1] != block:
                steps.append((start, block))
    return steps


def _tree(steps: list[tuple[int, list[_Instruction]]]) -> list[_Instruction]:
    if len(steps) == 1:
        return steps[0][1]
    middle = len(steps) // 2
    lower, upper = _tree(steps[:middle]), _tree(steps[middle:])
    if len(lower) <= 255:
        return [(_AT_LEAST, len(lower), 0, steps[middle][0]), *lower, *upper]
    return [(_AT_LEAST, 0, 1, steps[middle][0]), (_JUMP, 0, 0, len(lower)), *lower, *upper]

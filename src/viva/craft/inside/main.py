"""The child's loop: a request in (length, JSON), an answer out, until its parent hangs up. Law: it limits itself before it
reads the first byte, and holds nothing from one request to the next.
"""

import json
import resource
import signal
import struct
import sys
from dataclasses import asdict
from typing import Any, BinaryIO

from .inspect import UNREADABLE, TooLong, inspect
from .linting import Linter

HEADER = struct.Struct("<I")
REQUEST_BYTES = 8 << 20
"""A source of a million characters, each escaped; longer ones are refused before they are sent."""
MEMORY_BYTES = 1 << 30
CPU_SECONDS = 4
RULES_SECONDS = 1.5
"""CPU time after which a reading of our own rules breaks off; then the source is said to be unreadable."""
RECURSION = 1_000


def limit() -> None:
    """Bound memory, written files and descriptors for good."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 32),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (least, least))
    sys.setrecursionlimit(RECURSION)


def limit_cpu() -> None:
    """Allow this request a few seconds of CPU time beyond what was used before; the kernel ends the child after them."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime) + 1 + CPU_SECONDS
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def answer(request: dict[str, Any], linter: Linter) -> dict[str, Any]:
    """Findings, or the name of what went wrong on our side."""
    source, framework = request["source"], request["framework"]
    try:
        linter.start(source)
        signal.setitimer(signal.ITIMER_VIRTUAL, RULES_SECONDS)
        own = inspect(source, tuple(request["from_scratch"]), forbid=tuple(request["forbid"]))
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        linted = linter.findings() if not any(one.rule == UNREADABLE for one in own) else []
    except Exception as problem:  # a fault of ours must be told, not end the child
        return {"problem": f"{type(problem).__name__} while reading {framework} code"}
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        linter.stop()
    return {"findings": [asdict(one) for one in sorted([*own, *linted], key=lambda one: (one.line, one.rule))]}


def serve(requests: BinaryIO, answers: BinaryIO, linter: Linter) -> None:
    """Answer one request after the other until there are no more."""
    while len(header := requests.read(HEADER.size)) == HEADER.size:
        (length,) = HEADER.unpack(header)
        if length > REQUEST_BYTES:
            return
        body = requests.read(length)
        if len(body) < length:
            return
        limit_cpu()
        raw = json.dumps(answer(json.loads(body), linter)).encode("ascii")
        answers.write(HEADER.pack(len(raw)) + raw)
        answers.flush()


def _break_off(_number: int, _frame: object) -> None:
    raise TooLong


def main() -> None:
    """Start: `argv[1]` is the path of ruff."""
    limit()
    signal.signal(signal.SIGVTALRM, _break_off)
    serve(sys.stdin.buffer, sys.stdout.buffer, Linter(sys.argv[1]))

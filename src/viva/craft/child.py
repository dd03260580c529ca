"""A bounded child process that reads candidates' source code, kept warm.

Law: nothing else of viva parses what a candidate wrote. The child is an isolated interpreter of its own session, without
environment, descriptors or settings; it limits its memory, CPU time, files and descriptors, has a deadline for each
source, and is killed whole, with whatever it started, when it misses it, dies, or says anything but what was agreed.
"""

import asyncio
import contextlib
import json
import os
import re
import signal
import struct
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast

from viva.core.evidence import Finding, Findings, NotObserved
from viva.craft.marks import Mark

SECONDS = 8.0
"""How long one source may take by the clock on a busy machine; usually a hundredth of a second, never over two of CPU time."""
START_SECONDS = 20.0
SOURCE_BYTES = 1 << 20
ANSWER_BYTES = 1 << 17
MOST_FINDINGS = 200
MOST_WORDS = 500
LIVES = 1_000
"""Sources that one child reads before a new one takes its place, so that it cannot grow."""

_HERE = Path(__file__).resolve().parent
_BOOT = "import sys; sys.path.insert(0, sys.argv.pop()); from inside.main import main; main()"
_HEADER = struct.Struct("<I")
_RULE = re.compile(r"[A-Z]{1,4}[0-9]{3,4}")


class Failed(Exception):
    """The child did not do what was agreed; the text says what it did instead."""


class CodeReader:
    """Reads sources one after the other in one warm child. An async context manager of one event loop; `read` may be
    called from many tasks."""

    def __init__(self, *, seconds: float = SECONDS, ruff: Path | None = None) -> None:
        """`seconds` by the clock for one source; `ruff` is its program, by default the one beside this interpreter."""
        self._seconds = seconds
        self._ruff = ruff or Path(sysconfig.get_path("scripts")) / "ruff"
        self._child: asyncio.subprocess.Process | None = None
        self._read = 0
        self._turn = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    @property
    def pid(self) -> int | None:
        """The child's process id while there is one."""
        return None if self._child is None else self._child.pid

    async def start(self) -> None:
        """Start the child now, rather than with the first source. A failure shows at the first source."""
        async with self._turn:
            with contextlib.suppress(OSError):
                await self._started()

    async def read(
        self, source: str, *, framework: str, from_scratch: Sequence[str] = (), forbid: Sequence[str] = ()
    ) -> Findings | NotObserved:
        """What craft finds in a source, or that our machine failed. A source that is no Python is a finding (V000)."""
        marks = await self.marks(source, framework=framework, from_scratch=from_scratch, forbid=forbid)
        return marks if isinstance(marks, NotObserved) else Findings(findings=tuple(one.finding for one in marks))

    async def marks(
        self, source: str, *, framework: str, from_scratch: Sequence[str] = (), forbid: Sequence[str] = ()
    ) -> tuple[Mark, ...] | NotObserved:
        """The same with the place of each finding in its line, and its mend."""
        parts = {"from_scratch": list(from_scratch), "forbid": list(forbid)}
        request = {"source": source, "framework": framework, **parts}
        if len(source) > SOURCE_BYTES:
            says = f"The source has {len(source):,} characters; that is more than is read for craft."
            return (Mark(finding=Finding(rule="V000", line=1, severity="fault", says=says)),)
        if not self._ruff.exists():
            return NotObserved(whose="machine", why=f"ruff is not at {str(self._ruff)!r}; install viva anew.")
        lines = source.count("\n") + source.count("\r") + 1
        async with self._turn:
            try:
                return _checked(await self._ask(json.dumps(request).encode("ascii")), lines)
            except (Failed, OSError) as problem:
                return NotObserved(whose="machine", why=f"The reader of code failed: {problem}.")

    async def close(self) -> None:
        """End the child."""
        async with self._turn:
            await self._end()

    async def _ask(self, body: bytes) -> bytes:
        """One answer; whatever goes wrong ends the child, and the next source gets a new one."""
        try:
            child = await self._started()
            assert child.stdin is not None
            assert child.stdout is not None
            async with asyncio.timeout(self._seconds if self._read else START_SECONDS):
                child.stdin.write(_HEADER.pack(len(body)) + body)
                await child.stdin.drain()
                (length,) = _HEADER.unpack(await child.stdout.readexactly(_HEADER.size))
                if length > ANSWER_BYTES:
                    raise Failed(f"an answer of {length:,} bytes")
                answer = await child.stdout.readexactly(length)
        except TimeoutError:
            await self._end()
            raise Failed(f"no answer within {self._seconds:g} seconds") from None
        except (asyncio.IncompleteReadError, ConnectionError):
            code = await self._end()
            raise Failed(f"it ended by itself ({_how(code)})") from None
        except BaseException:  # a cancelled question must not leave its answer to the next one
            await self._end()
            raise
        self._read += 1
        if self._read >= LIVES:
            await self._end()
        return answer

    async def _started(self) -> asyncio.subprocess.Process:
        if self._child is None:
            self._read = 0
            self._child = await asyncio.create_subprocess_exec(
                sys.executable, "-I", "-S", "-c", _BOOT, str(self._ruff), str(_HERE),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                cwd="/",
                env={name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ},
                start_new_session=True,
            )  # fmt: skip
        return self._child

    async def _end(self) -> int | None:
        """Kill the child and all of its session; gives how it had ended, None where there was none."""
        child, self._child = self._child, None
        if child is None:
            return None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        if child.stdin is not None:
            child.stdin.close()
        return await child.wait()


def _how(code: int | None) -> str:
    return signal.Signals(-code).name if code is not None and code < 0 else f"exit code {code}"


def _checked(raw: bytes, lines: int) -> tuple[Mark, ...]:
    """The findings in an answer; nothing in it is believed but what has the agreed form.

    Raises:
        Failed: it has another one, or says that the child's own code failed.
    """
    try:
        answer = json.loads(raw)
    except ValueError:
        raise Failed("an answer that is no JSON") from None
    if not isinstance(answer, dict) or set(answer) not in ({"findings"}, {"problem"}):
        raise Failed("an answer of another form")
    if "problem" in answer:
        raise Failed(str(answer["problem"])[:MOST_WORDS])
    rows = answer["findings"]
    if not isinstance(rows, list) or len(rows) > MOST_FINDINGS:
        raise Failed("more findings than there can be")
    return tuple(_mark(row, lines) for row in rows)


def _mark(row: object, lines: int) -> Mark:
    if not isinstance(row, dict) or set(row) != {"rule", "line", "severity", "says", "mend", "column", "end"}:
        raise Failed("a finding of another form")
    values = cast(dict[str, Any], row)
    rule, line, severity, says = (values[name] for name in ("rule", "line", "severity", "says"))
    if not (isinstance(rule, str) and _RULE.fullmatch(rule) and severity in ("note", "warning", "fault")):
        raise Failed("a finding of no known rule or severity")
    if type(line) is not int or not 1 <= line <= lines:
        raise Failed("a finding at a line that the source does not have")
    if not isinstance(says, str) or len(says) > MOST_WORDS or not says.isprintable():
        raise Failed("a finding in words that cannot be shown")
    column, end, mend = values["column"], values["end"], values["mend"]
    if not all(place is None or (type(place) is int and 1 <= place <= SOURCE_BYTES) for place in (column, end)):
        raise Failed("a finding at a column that no line has")
    if not isinstance(mend, str) or len(mend) > MOST_WORDS or not mend.isprintable():
        raise Failed("a mend in words that cannot be shown")
    return Mark(finding=Finding(rule=rule, line=line, severity=severity, says=says), column=column, end=end, mend=mend)

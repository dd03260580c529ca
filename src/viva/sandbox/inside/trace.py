"""What a candidate's exception says, as bounded text. Runs beside the candidate's code, so nothing of an exception is trusted.

Law: no method of the exception can raise out of here, and the line named is a line of the text that was handed in, taken
from that text and never from a file that a code object names.
"""

import errno
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from . import values

ATTEMPT_FILE = "attempt.py"
"""The file name under which the candidate's code runs and its lines are found."""

MESSAGE_LIMIT = 600
LINE_LIMIT = 200
_STEPS = 20_000
_NODE = "{{function_node "
_NO_MEMORY = {
    "RuntimeError": "DefaultCPUAllocator: ",
    "JaxRuntimeError": "RESOURCE_EXHAUSTED: Out of memory",
    "ResourceExhaustedError": "OOM when allocating",
}
_REFUSED_HERE = (errno.EPERM, errno.EACCES)
_TRACEBACK: Any = BaseException.__dict__["__traceback__"]  # its class may say otherwise of itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The candidate's file as it was handed in: `lines[n - 1]` is line n."""

    lines: tuple[str, ...]

    @staticmethod
    def of(text: str) -> "Source":
        """Lines as Python counts them: form feeds and the separators of Unicode end none."""
        return Source(lines=tuple(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")))

    def line(self, number: int | None) -> str:
        """The text of a line, stripped and bounded; empty where there is no such line."""
        if number is None or not 1 <= number <= len(self.lines):
            return ""
        return self.lines[number - 1].strip()[:LINE_LIMIT]


def words(problem: BaseException, source: Source) -> dict[str, Any]:
    """The exception as a frame's fields: `type`, `kinds` (names of its bases), `says`, `line`, `text`, `memory`."""
    line = own_line(_TRACEBACK.__get__(problem), source)
    kinds = [name for name in (_name(base) for base in _bases(problem)) if name][:16]
    return {
        "type": values.safe_type_name(problem),
        "kinds": kinds,
        "says": _says(problem),
        "line": line,
        "text": source.line(line),
        "memory": isinstance_of(problem, MemoryError) or _is_allocation(problem),
    }


def isinstance_of(problem: BaseException, kind: type[BaseException]) -> bool:
    """Whether `problem` was made from `kind`, whatever its `__class__` claims."""
    return issubclass(type(problem), kind)


def own_line(traceback: TracebackType | None, source: Source) -> int | None:
    """The line (from 1) of the innermost frame that runs the candidate's file, or None."""
    found = None
    for _ in range(_STEPS):
        if traceback is None:
            break
        number = traceback.tb_lineno
        if traceback.tb_frame.f_code.co_filename == ATTEMPT_FILE and 1 <= (number or 0) <= len(source.lines):
            found = number
        traceback = traceback.tb_next
    return found


def message_of(problem: BaseException) -> str:
    """`str(problem)`, bounded; a sentence instead where that raises or is no text."""
    try:
        text = str(problem)
    except BaseException:  # the class is the candidate's: its __str__ may raise anything
        return "(its message could not be read)"
    if type(text) is not str:
        return "(its message could not be read)"
    if text.startswith(_NODE):  # TensorFlow names a place of its own before the message
        text = text.partition("}} ")[2]
    return text[:MESSAGE_LIMIT] + (" …" if len(text) > MESSAGE_LIMIT else "")


def _says(problem: BaseException) -> str:
    message = message_of(problem)
    if issubclass(type(problem), OSError):
        try:
            refused = problem.errno in _REFUSED_HERE  # type: ignore[attr-defined]
        except BaseException:  # as above
            refused = False
        if refused:
            return f"{message} (starting processes, opening connections and files outside /tmp are not possible here)"
    if type(problem) is RuntimeError and message == "can't start new thread":
        return f"{message} (only a few threads are possible here)"
    return message


def _is_allocation(problem: BaseException) -> bool:
    """Whether it is how a framework says that there was no memory: no `MemoryError`, but its own words."""
    words = _NO_MEMORY.get(_name(type(problem)) or "")
    return words is not None and words in message_of(problem)


def _bases(problem: BaseException) -> tuple[type, ...]:
    try:
        return type.__getattribute__(type(problem), "__mro__")  # type: ignore[no-any-return]
    except BaseException:  # a metaclass may do anything
        return ()


def _name(kind: type) -> str | None:
    try:
        name = type.__getattribute__(kind, "__name__")
    except BaseException:  # a metaclass may do anything
        return None
    return name[:80] if type(name) is str else None

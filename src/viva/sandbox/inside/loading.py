"""How the candidate's bytes become the module `attempt`. Runs in the jailed fork.

Law: whatever the bytes are, the outcome is a module or a sentence; what the parser cannot take (null bytes, lone
surrogates, nesting without end) is the candidate's to mend and is said in those words.
"""

import linecache
import sys
import types
import warnings

from . import trace

BYTES_LIMIT = 2 << 20
"""Bytes of an attempt that are read."""


class Unreadable(Exception):
    """The text is no Python; `line` where known, counted from 1."""

    def __init__(self, says: str, line: int | None = None) -> None:
        super().__init__(says)
        self.says = says
        self.line = line


class _Text:
    """Where Python looks for a module's lines when its cache of them was emptied, as TensorFlow's compiler does."""

    def __init__(self, text: str) -> None:
        self._text = text

    def get_source(self, _: str) -> str:
        return self._text


def text_of(raw: bytes) -> str:
    """The text of an attempt: UTF-8, one byte-order mark dropped.

    Raises:
        Unreadable: not UTF-8 (lone surrogates are not), a null byte, or more than `BYTES_LIMIT`.
    """
    if len(raw) > BYTES_LIMIT:
        raise Unreadable(f"Your code has {len(raw)} bytes; at most {BYTES_LIMIT} are read.")
    if b"\0" in raw:
        raise Unreadable("Your code contains a null byte.", raw[: raw.index(b"\0")].count(b"\n") + 1)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as problem:
        line = raw[: problem.start].count(b"\n") + 1
        raise Unreadable("Your code contains bytes that are not text in UTF-8.", line) from None
    return text.removeprefix("\ufeff")


def compiled(text: str, file: str) -> types.CodeType:
    """The code object of `text`.

    Raises:
        Unreadable: with what Python found wrong, in words.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            return compile(text, file, "exec", dont_inherit=True)
    except SyntaxError as problem:
        line = problem.lineno if type(problem.lineno) is int else None
        said = f"{problem.msg}"[: trace.MESSAGE_LIMIT]
        raise Unreadable(f"Your code is not valid Python: {said}.", line) from None
    except (MemoryError, RecursionError):
        raise Unreadable("Your code is nested too deeply to be read.") from None
    except (ValueError, OverflowError) as problem:
        raise Unreadable(f"Your code cannot be read: {trace.message_of(problem)}.") from None


def run(name: str, text: str, file: str) -> types.ModuleType:
    """`text` executed as module `name`, which is importable by that name while and after it runs.

    Tracebacks that the candidate prints show lines of the given text only.

    Raises:
        Unreadable: it does not compile.
        BaseException: whatever the code raises.
    """
    code = compiled(text, file)
    module = types.ModuleType(name)
    module.__file__ = file
    module.__loader__ = _Text(text)  # type: ignore[assignment]
    sys.modules[name] = module
    linecache.cache[file] = (len(text), None, [line + "\n" for line in trace.Source.of(text).lines], file)
    exec(code, module.__dict__)  # noqa: S102 - this is the jailed process that exists to run it
    return module

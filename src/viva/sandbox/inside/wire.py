"""The checker's end of the wire: one request, its callbacks, its reply.

The other end is hostile: law, every field of every frame is checked for type, size and turn before it is used, a reply
counts only with the nonce of the one outstanding request, and what breaks the rules ends the connection (`Lost`), never
the checker.
"""

import inspect
import secrets
import socket
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from viva_check import AuthorError, CandidateError, Failure

from . import arrays, frames, spoken, values

CALLS_LIMIT = 20_000
"""Calls of checker functions by the candidate's code in one check; more fail it."""

CALLS_SECONDS = 10.0
"""CPU seconds of the checker's in calls of its functions by one candidate process; with more they fail. They are not on the
candidate's clock, so without end they would make a late checker, which is our fault."""

RECEIVED_LIMIT = 256 << 20
"""Bytes of arrays that the checker takes from the candidate's code in one check; more end the connection."""

_RECEIVED_KEPT = 16


class Lost(BaseException):
    """The connection is over: the other end closed it, or (`malformed`) sent what no honest end sends.

    No `Exception`, so that a check which catches broadly cannot hide it.
    """

    def __init__(self, malformed: bool) -> None:
        super().__init__(malformed)
        self.malformed = malformed


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A result that stayed over there: its type's name, and its length if it is a list or tuple."""

    type_name: str
    length: int | None


class Wire:
    """One connection to one candidate fork, in which `framework` runs."""

    def __init__(self, sock: socket.socket, framework: str) -> None:
        self.sock = sock
        self.framework = framework
        self.epoch = 0
        self.memory_error = False
        # a Sut puts its own here, which knows handles
        self.encode: Callable[[Any], tuple[Any, bytes | memoryview]] = values.encode
        self.received: deque[Any] = deque(maxlen=_RECEIVED_KEPT)
        self._functions: dict[int, Callable[..., Any]] = {}
        self._last_number = 0
        self._calls = 0
        self._calls_seconds = 0.0
        self._received_bytes = 0
        self._drop = False
        self._busy = False
        self._pending: Exception | None = None

    def begin(self) -> None:
        """A new check: nothing of the one before stays over there, and its functions can no longer be called."""
        self.epoch += 1
        self._functions.clear()
        self.received.clear()
        self._calls = 0
        self._received_bytes = 0
        self._drop = True

    def number(self) -> int:
        """A new number under which a result may stay over there."""
        self._last_number += 1
        return self._last_number

    def function_number(self, function: Callable[..., Any]) -> int:
        """The number by which the other end calls `function` during this check."""
        for number, known in self._functions.items():
            if known is function:
                return number
        number = self.number()
        self._functions[number] = function
        return number

    def request(self, op: str, fields: dict[str, Any], body: bytes | memoryview = b"") -> Any:
        """The other end's answer: a plain value, or `Kept`.

        Raises:
            CandidateError: the candidate's code raised, lacks what was named, or returned no plain data.
            Lost: the connection is over.
            AuthorError: asked for from inside a callback.
            Exception: what a checker function raised while the candidate's code called it.
        """
        if self._busy:
            raise AuthorError("a function passed to the attempt may not call the attempt itself")
        nonce = secrets.token_hex(8)
        meta = {"op": op, "nonce": nonce, "drop": self._drop, **fields}
        self._drop, self._busy, self._pending = False, True, None
        try:
            self._send(meta, body)
            frame = self._frame(nonce)
            while frame.meta["op"] == "callback":
                self._send(*self._called(frame))
                frame = self._frame(nonce)
        finally:
            self._busy = False
        if self._pending is not None:
            raise self._pending
        return self._outcome(frame)

    def _send(self, meta: dict[str, Any], body: bytes | memoryview = b"") -> None:
        try:
            frames.send(self.sock, meta, body)
        except OSError:
            raise Lost(malformed=False) from None

    def _frame(self, nonce: str) -> frames.Frame:
        try:
            frame = frames.receive(self.sock, room=arrays.room)
        except frames.BrokenFrame:
            raise Lost(malformed=True) from None
        except OSError:
            raise Lost(malformed=False) from None
        if frame is None:
            raise Lost(malformed=False)
        if frame.meta.get("nonce") != nonce or type(frame.meta.get("op")) is not str:
            raise Lost(malformed=True)
        return frame

    def _value(self, frame: frames.Frame) -> Any:
        self._received_bytes += len(frame.content)
        if self._received_bytes > RECEIVED_LIMIT:
            raise Lost(malformed=True)
        try:
            value = values.decode(frame.meta.get("value"), frame.content)
        except values.Malformed:
            raise Lost(malformed=True) from None
        self.received.append(value)
        return value

    def _called(self, frame: frames.Frame) -> tuple[dict[str, Any], bytes | memoryview]:
        """Run the checker function that the candidate's code called; the answer to send."""
        function = self._functions.get(_typed(frame.meta, "fn", int))
        content = self._value(frame)
        self._calls += 1
        if function is None or self._calls > 2 * CALLS_LIMIT:
            raise Lost(malformed=True)
        if not (type(content) is list and [type(part) for part in content] == [list, dict]):
            raise Lost(malformed=True)
        args, kwargs = content
        self.received.extend((*args, *kwargs.values()))
        if any(type(name) is not str for name in kwargs):
            raise Lost(malformed=True)
        if self._calls > CALLS_LIMIT:
            return self._thrown(Failure(f"Your code called the function that it was given over {CALLS_LIMIT} times."))
        if self._calls_seconds > CALLS_SECONDS:
            return self._thrown(Failure("Your code kept calling the function that it was given, for too long in all."))
        began = time.process_time()
        try:
            return self._answer(function, args, kwargs)
        finally:
            self._calls_seconds += time.process_time() - began

    def _answer(
        self, function: Callable[..., Any], args: list[Any], kwargs: dict[str, Any]
    ) -> tuple[dict[str, Any], bytes | memoryview]:
        try:
            inspect.signature(function).bind(*args, **kwargs)
        except TypeError as problem:
            return self._thrown(Failure(f"Your code called the function that it was given wrongly: {problem}."))
        try:
            node, body = self.encode(function(*args, **kwargs))
        except Exception as problem:  # the check's own words or bug: raised again when the candidate's call is over
            return self._thrown(problem)
        return {"op": "answer", "value": node}, body

    def _thrown(self, problem: Exception) -> tuple[dict[str, Any], bytes]:
        self._pending = self._pending or problem
        return {"op": "throw", "says": problem.says if isinstance(problem, Failure) else "the call failed"}, b""

    def _outcome(self, frame: frames.Frame) -> Any:
        meta = frame.meta
        match meta["op"]:
            case "value":
                return self._value(frame)
            case "kept":
                length = meta.get("length")
                if length is not None and (type(length) is not int or length < 0):
                    raise Lost(malformed=True)
                return Kept(type_name=_typed(meta, "type", str)[:80], length=length)
            case "raised":
                raise self._raised(meta)
            case "refused":
                found, where = _typed(meta, "found", str), _typed(meta, "where", str)
                raise CandidateError(spoken.refused(found, where, self.framework))
            case "missing":
                raise CandidateError(spoken.missing(_typed(meta, "name", str), _typed(meta, "of", str)))
            case "unreadable":
                line = _line(meta)
                says = spoken.with_line(_typed(meta, "says", str), line, _typed(meta, "text", str))
                raise CandidateError(says, type_name="SyntaxError", line=line)
            case _:
                raise Lost(malformed=True)

    def _raised(self, meta: dict[str, Any]) -> CandidateError:
        kinds, line = _typed(meta, "kinds", list), _line(meta)
        if any(type(kind) is not str for kind in kinds):
            raise Lost(malformed=True)
        memory = _typed(meta, "memory", bool)
        self.memory_error = self.memory_error or memory
        name, message = _typed(meta, "type", str), _typed(meta, "says", str)
        says = spoken.with_line(spoken.raised(name, message), line, _typed(meta, "text", str))
        return CandidateError(
            says, type_name=name, kinds=tuple(kinds), message=message[:1000], line=line, memory=memory
        )


def _typed(meta: dict[str, Any], key: str, kind: type) -> Any:
    value = meta.get(key)
    if type(value) is not kind:
        raise Lost(malformed=True)
    return value


def _line(meta: dict[str, Any]) -> int | None:
    line = meta.get("line")
    if line is not None and (type(line) is not int or not 1 <= line <= 10_000_000):
        raise Lost(malformed=True)
    return line

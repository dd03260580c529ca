"""The candidate's side of the wire: a loop that serves one request at a time in the jailed fork.

Candidate code shares this process and may change all of it, this file included: so nothing secret is ever here (no check's
name, no expected value, no seed but of the generators that were asked for), and nothing that it answers is believed by the
other end beyond being a value.

Requests, each with a `nonce` that its reply repeats:

    exclude         names                                   → value null
    given, load     body: source text                       → value null | raised | unreadable
    call            target, value: (args, kwargs), keep     → value | kept | raised | refused | missing
    get             target                                  → value | raised | refused | missing
    hold, put       target or value                         → kept | raised | missing
    write           target, value: new content              → value null | raised | missing
    take            target, count                           → value: a list of what the iterator gives
    has             name                                    → value: [kind, near names]

`id` says under which number a result stays here; a class that is called stays without being asked to. `drop` forgets all
that stayed. A target is `{"h": [number, path]}`, number 0 being the module, a path of names and of one-element lists `[key]`.
"""

import contextlib
import difflib
import itertools
import os
import socket
import sys
import threading
from collections.abc import Callable
from typing import Any, TextIO

from . import arrays, excluded, frames, loading, trace, values
from .dialects import NUMPY, Dialect

_PLAIN = (tuple, list, dict, str, bytes, int, float, complex)
_OWN_MODULES = ("attempt", "given")

_Answer = tuple[dict[str, Any], bytes | memoryview]
"""Meta and body of a reply."""


class Missing(Exception):
    """A path names what is not there."""

    def __init__(self, name: str, of: str) -> None:
        super().__init__(name)
        self.name = name
        self.of = of


def serve(wire: socket.socket, dialect: Dialect = NUMPY, places: excluded.Bindings | None = None) -> None:
    """Answer requests on `wire` until its other end closes, with values of the framework of `dialect`; `places` is where its
    modules bind what a question may exclude."""
    streams = (sys.stdout, sys.stderr)
    for stream in streams:
        if isinstance(stream, TextIO) or hasattr(stream, "reconfigure"):
            stream.reconfigure(line_buffering=True, errors="backslashreplace")  # type: ignore[union-attr]
    side = Side(wire, dialect, places or {})
    while True:
        try:
            frame = frames.receive(wire, room=arrays.room)
        except (frames.BrokenFrame, OSError):
            return
        if frame is None:
            return
        meta, body = side.reply(frame)
        _flush(*streams, sys.stdout, sys.stderr)
        try:
            frames.send(wire, meta, body)
        except OSError:
            return
        del frame, meta, body  # a large one would stay beside the next, and count as the candidate's memory


class Side:
    """What stays on this side between requests: the module, the objects kept for the checker, and the call in progress."""

    def __init__(self, wire: socket.socket, dialect: Dialect, places: excluded.Bindings) -> None:
        self.wire = wire
        self.dialect = dialect
        self.places = places
        self.source = trace.Source(lines=())
        self.objects: dict[int, Any] = {}
        self.nonce: str | None = None
        self.main = threading.get_ident()
        self.operations: dict[str, Callable[[frames.Frame], _Answer]] = {
            "exclude": self._exclude,
            "given": self._given,
            "load": self._load,
            "call": self._call,
            "get": self._get,
            "hold": self._hold,
            "put": self._put,
            "write": self._write,
            "take": self._take,
            "has": self._has,
        }

    def reply(self, frame: frames.Frame) -> _Answer:
        """Meta and body of the answer to one request; whatever the candidate's code raises becomes words."""
        self.nonce = frame.meta["nonce"]
        if frame.meta.get("drop"):
            self.objects = {0: self.objects[0]} if 0 in self.objects else {}
        try:
            meta, body = self.operations[frame.meta["op"]](frame)
        except values.Refused as refused:
            meta, body = {"op": "refused", "found": refused.found, "where": refused.where}, b""
        except Missing as missing:
            meta, body = {"op": "missing", "name": missing.name, "of": missing.of}, b""
        except loading.Unreadable as unreadable:
            line = self.source.line(unreadable.line)
            meta, body = {"op": "unreadable", "says": unreadable.says, "line": unreadable.line, "text": line}, b""
        except BaseException as problem:  # SystemExit, KeyboardInterrupt and the candidate's own kinds as well
            meta, body = {"op": "raised", **trace.words(problem, self.source)}, b""
        meta["nonce"] = frame.meta["nonce"]
        self.nonce = None
        return meta, body

    def _exclude(self, frame: frames.Frame) -> _Answer:
        excluded.exclude(frame.meta["names"], self.places)
        return {"op": "value", "value": None}, b""

    def _given(self, frame: frames.Frame) -> _Answer:
        loading.run("given", loading.text_of(bytes(frame.content)), "given.py")
        return {"op": "value", "value": None}, b""

    def _load(self, frame: frames.Frame) -> _Answer:
        raw = bytes(frame.content)
        self.source = trace.Source.of(raw.decode("utf-8", "replace"))
        text = loading.text_of(raw)
        self.objects[0] = loading.run("attempt", text, trace.ATTEMPT_FILE)
        return {"op": "value", "value": None}, b""

    def _call(self, frame: frames.Frame) -> _Answer:
        args, kwargs = self._decoded(frame)
        function = self._resolve(frame.meta["target"])
        result = function(*args, **kwargs)
        if frame.meta["keep"] or _is_class(function) or self._is_object(result):
            return self._kept(frame.meta["id"], result)
        return self._value(result)

    def _get(self, frame: frames.Frame) -> _Answer:
        return self._value(self._resolve(frame.meta["target"]))

    def _hold(self, frame: frames.Frame) -> _Answer:
        return self._kept(frame.meta["id"], self._resolve(frame.meta["target"]))

    def _put(self, frame: frames.Frame) -> _Answer:
        return self._kept(frame.meta["id"], self._decoded(frame))

    def _write(self, frame: frames.Frame) -> _Answer:
        content, target = self._decoded(frame), frame.meta["target"]
        before = self._resolve(target)
        after = self.dialect.overwrite(before, content)
        if after is not before:
            self._replace(target, after)
        return {"op": "value", "value": None}, b""

    def _take(self, frame: frames.Frame) -> _Answer:
        return self._value(list(itertools.islice(iter(self._resolve(frame.meta["target"])), frame.meta["count"])))

    def _has(self, frame: frames.Frame) -> _Answer:
        name = frame.meta["name"]
        there: list[str] = [key for key in vars(self.objects[0]) if type(key) is str and not key.startswith("_")]
        try:
            found = self._resolve({"h": [0, name.split(".")]})
        except Missing:
            return self._value(["nothing", difflib.get_close_matches(name, there, n=1)])
        kind = "class" if _is_class(found) else "function" if callable(found) else values.describe(found)
        return self._value([kind, []])

    def _decoded(self, frame: frames.Frame) -> Any:
        return values.decode(frame.meta["value"], frame.content, unhook=self._unhook, arrive=self.dialect.arrive)

    def _unhook(self, tag: str, content: Any) -> Any:
        if tag == "h":
            return self._resolve({"h": content})
        if tag == "rng":
            return self.dialect.generator(int(content, 16))
        if tag == "fn":
            return self._callback(content)
        raise values.Malformed(tag)

    def _kept(self, number: int, result: Any) -> _Answer:
        self.objects[number] = self.dialect.done(result)
        length = len(result) if type(result) in (list, tuple) else None
        return {"op": "kept", "type": values.safe_type_name(result), "length": length}, b""

    def _resolve(self, target: dict[str, Any]) -> Any:
        number, path = target["h"]
        found = self.objects[number]
        for step in path:
            if type(step) is list:
                found = found[step[0]]
                continue
            try:
                found = getattr(found, step)
            except AttributeError as problem:
                if trace.own_line(problem.__traceback__, self.source) is not None:
                    raise
                of = "" if found is self.objects[0] else values.safe_type_name(found)
                raise Missing(step, of) from None
        return found

    def _replace(self, target: dict[str, Any], value: Any) -> None:
        """Let `value` stand where a target leads to."""
        number, path = target["h"]
        if not path:
            self.objects[number] = value
            return
        holder, step = self._resolve({"h": [number, path[:-1]]}), path[-1]
        if type(step) is list:
            holder[step[0]] = value
        else:
            setattr(holder, step, value)

    def _callback(self, number: int) -> Callable[..., Any]:
        def callback(*args: Any, **kwargs: Any) -> Any:
            return self._ask(number, args, kwargs)

        return callback

    def _ask(self, number: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """One call of a function that lives in the checker, made by the candidate's code."""
        if self.nonce is None or threading.get_ident() != self.main:
            raise RuntimeError("this function can be called only while your code is being called, in the main thread")
        try:
            node, body = values.encode([list(args), kwargs], leave=self.dialect.leave)
        except values.Refused as refused:
            raise TypeError(f"this function takes plain data, and was given {refused.found}") from None
        frames.send(self.wire, {"op": "callback", "nonce": self.nonce, "fn": number, "value": node}, body)
        answer = frames.receive(self.wire, room=arrays.room)
        if answer is None:
            os._exit(0)
        if answer.meta["op"] == "throw":
            raise RuntimeError(answer.meta["says"])
        return values.decode(answer.meta["value"], answer.content, unhook=self._unhook, arrive=self.dialect.arrive)

    def _value(self, result: Any) -> _Answer:
        node, body = values.encode(result, leave=self.dialect.leave)
        return {"op": "value", "value": node}, body

    def _is_object(self, thing: object) -> bool:
        """Whether it is an instance of a class of the candidate's own that is no container or number in disguise, or one that
        the framework makes and has no plain content."""
        kind = type(thing)
        if issubclass(kind, self.dialect.stays):
            return True
        return kind.__module__ in _OWN_MODULES and not issubclass(kind, (*_PLAIN, *self.dialect.data, type))


def _is_class(thing: object) -> bool:
    return issubclass(type(thing), type)


def _flush(*streams: Any) -> None:
    for stream in streams:
        with contextlib.suppress(BaseException):  # the candidate may have put anything in their place
            stream.flush()

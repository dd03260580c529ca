"""The one frame format of the sandbox, spoken on every socket of it.

A frame is an 8-byte header (two little-endian uint32: bytes of the meta, bytes of the body), then the meta (one JSON
object in UTF-8), then the body (raw bytes, for arrays and files). Law: a length is compared with the reader's own limits
before memory for it is allocated, and nothing but JSON is ever decoded. Descriptors travel beside the first byte of a
frame and are closed by the reader unless it asked for them.
"""

import array
import itertools
import json
import os
import re
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_HEADER = struct.Struct("<II")
_STRINGS = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)', re.DOTALL)
_STEPS = bytes.maketrans(b"[{]}", b"\x01\x01\xff\xff")
_OTHERS = bytes(set(range(256)) - set(b"[]{}"))

META_LIMIT = 1 << 20
"""Bytes of JSON that a reader takes by default."""

BODY_LIMIT = 64 << 20
"""Bytes of body that a reader takes by default."""

LARGE = 1 << 20
"""Bytes of a body from which on a reader that has room for it reads straight into that room. Measured for 64 MB, median on a
quiet machine: 15 ms so, 40 ms through sealed shared memory of the reader's making, 170 ms by pieces and copies."""

Room = Callable[[int], memoryview]
"""Writable memory of so many bytes, for a large body to be read into."""

DEPTH_LIMIT = 64
"""Nested containers that a reader takes; deeper JSON is refused before it is parsed."""


class BrokenFrame(Exception):
    """The other side sent what is no frame, or one over the limits; the connection is of no further use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One message: `meta` is a JSON object, `body` raw bytes, `fds` descriptors that the reader asked for and now owns. Only
    where `receive` was given room for it, a large body lies in `large` instead; `content` is either."""

    meta: dict[str, Any]
    body: bytes = b""
    fds: tuple[int, ...] = ()
    large: memoryview | None = None

    @property
    def content(self) -> bytes | memoryview:
        """The body, wherever it lies."""
        return self.body if self.large is None else self.large


def send(sock: socket.socket, meta: dict[str, Any], body: bytes | memoryview = b"", fds: tuple[int, ...] = ()) -> None:
    """Write one frame whole.

    Raises:
        OSError: the peer is gone (`BrokenPipeError`, `ConnectionResetError`) or the socket's own time-out passed.
    """
    first = packed(meta, len(body))
    if fds:
        first = first[socket.send_fds(sock, [first], list(fds)) :]
    if first:  # sending nothing to a peer that has read all and gone would be an error
        sock.sendall(first)
    if len(body):
        sock.sendall(body)


def packed(meta: dict[str, Any], body_bytes: int) -> bytes:
    """Header and meta of a frame whose body of `body_bytes` follows."""
    head = json.dumps(meta, ensure_ascii=True, separators=(",", ":")).encode("ascii")
    return _HEADER.pack(len(head), body_bytes) + head


def receive(
    sock: socket.socket,
    *,
    meta_limit: int = META_LIMIT,
    body_limit: int = BODY_LIMIT,
    max_fds: int = 0,
    room: Room | None = None,
) -> Frame | None:
    """The next frame, or None at the peer's end of file between two frames. A body of `LARGE` bytes or more is read into
    `room`, if that is given.

    Raises:
        BrokenFrame: truncated, over a limit, not a JSON object, or more descriptors than `max_fds`.
        OSError: the connection broke, or the socket's time-out passed.
    """
    first, fds = _first_bytes(sock, max_fds)
    try:
        if not first:
            return None
        head = first + _exactly(sock, _HEADER.size - len(first))
        meta_bytes, body_bytes = _HEADER.unpack(head)
        if meta_bytes > meta_limit or body_bytes > body_limit:
            raise BrokenFrame(
                f"a frame of {meta_bytes} + {body_bytes} bytes is over the limit of {meta_limit} + {body_limit}"
            )
        meta = parse(_exactly(sock, meta_bytes))
        large = _into(sock, room(body_bytes)) if room is not None and body_bytes >= LARGE else None
        body = _exactly(sock, body_bytes if large is None else 0)
    except BaseException:
        for fd in fds:
            os.close(fd)
        raise
    return Frame(meta=meta, body=body, fds=tuple(fds), large=large)


def parse(raw: bytes) -> dict[str, Any]:
    """The JSON object in `raw`.

    Raises:
        BrokenFrame: not UTF-8, not JSON, not an object, or nested deeper than `DEPTH_LIMIT`.
    """
    deepest = _depth(raw)  # the parser itself recurses, so depth is bounded before it runs
    if deepest > DEPTH_LIMIT:
        raise BrokenFrame(f"nested {deepest} deep; at most {DEPTH_LIMIT} are read")
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError) as problem:
        raise BrokenFrame("a frame's meta is not JSON") from problem
    if type(value) is not dict:
        raise BrokenFrame("a frame's meta is not an object")
    return value


def _depth(raw: bytes) -> int:
    """The deepest nesting of brackets outside strings, in one linear pass; unclosed strings reach to the end. What no more
    brackets than `DEPTH_LIMIT` can reach is not counted."""
    if raw.count(b"[") + raw.count(b"{") <= DEPTH_LIMIT:
        return 0
    steps = array.array("b", _STRINGS.sub(b"", raw).translate(_STEPS, _OTHERS))
    return max(itertools.accumulate(steps), default=0)


def _first_bytes(sock: socket.socket, max_fds: int) -> tuple[bytes, list[int]]:
    room = max(max_fds, 4)  # read and close what was not asked for, so that none stays in the queue
    data, ancillary, flags, _ = sock.recvmsg(
        _HEADER.size, socket.CMSG_SPACE(room * array.array("i").itemsize), socket.MSG_CMSG_CLOEXEC
    )
    fds: list[int] = []
    for level, kind, payload in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            got = array.array("i")
            got.frombytes(payload[: len(payload) - len(payload) % got.itemsize])
            fds.extend(got)
    if len(fds) > max_fds or flags & socket.MSG_CTRUNC:
        for fd in fds:
            os.close(fd)
        raise BrokenFrame("a descriptor came that nobody asked for")
    return data, fds


def _into(sock: socket.socket, into: memoryview) -> memoryview:
    at = 0
    while at < len(into):
        came = sock.recv_into(into[at:])
        if not came:
            raise BrokenFrame("the connection ended inside a frame")
        at += came
    return into


def _exactly(sock: socket.socket, count: int) -> bytes:
    parts = bytearray()
    while len(parts) < count:
        piece = sock.recv(min(count - len(parts), 1 << 20))
        if not piece:
            raise BrokenFrame("the connection ended inside a frame")
        parts += piece
    return bytes(parts)

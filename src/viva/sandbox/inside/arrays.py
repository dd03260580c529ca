"""Arrays as bytes: the closed set of dtypes, and at most one copy on either side.

Law: a shape is multiplied out in Python integers and compared with the reader's limit before memory is allocated; what
comes out lies in memory that nothing else writes (a copy, or for a large array the room that its frame was read into), is
writable and C-contiguous, and holds no byte pattern that its dtype does not have.
"""

import math
from typing import Any

import numpy as np

from . import frames

DTYPES: dict[str, np.dtype[Any]] = {
    **{
        name: np.dtype(name).newbyteorder("<")
        for name in (
            *("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
            *("float16", "float32", "float64", "complex64", "complex128"),
        )
    },
    "bfloat16": np.dtype("<u2"),
}
"""Every dtype that the wire carries, by name, as it lies there; little-endian, whatever the machine. bfloat16, which NumPy
does not have, is the upper half of a float32."""

BFLOAT16 = np.dtype(np.float32, metadata={"name": "bfloat16"})
"""What NumPy sees of bfloat16: a float32 that says what it was. `viva_check` reads the same mark."""

MAX_RANK = 32
"""Axes of an array that a reader takes."""


def code_of(dtype: np.dtype[Any]) -> str | None:
    """The name of `dtype` on the wire, byte order aside, or None for one that the wire does not carry."""
    if dtype.metadata is not None and dtype.metadata.get("name") == "bfloat16" and dtype.name == "float32":
        return "bfloat16"
    name = dtype.name
    return name if name in DTYPES and dtype.kind in "biufc" else None


def to_bytes(array: np.ndarray[Any, Any], code: str) -> bytes | memoryview:
    """The elements of `array` in C order, as `DTYPES[code]`; for bfloat16 the nearest, of two the even one. Of a large array
    that lies so already, a view of its own memory."""
    plain = _rounded(np.ascontiguousarray(array, np.float32)) if code == "bfloat16" else array
    if plain.nbytes < frames.LARGE:
        return plain.astype(DTYPES[code], copy=False).tobytes()
    return np.ascontiguousarray(plain, DTYPES[code]).reshape(-1).view(np.uint8).data


def room(count: int) -> memoryview:
    """Memory of `count` bytes for a frame's body, in which `from_bytes` may leave a large array; none of it is touched yet."""
    return np.empty(count, np.uint8).data


def byte_count(code: str, shape: tuple[int, ...]) -> int:
    """Bytes that an array of this dtype and shape takes; an empty axis counts as one, so that no other axis goes unseen."""
    return DTYPES[code].itemsize * math.prod(max(size, 1) for size in shape)


def from_bytes(raw: bytes | memoryview, code: str, shape: tuple[int, ...]) -> np.ndarray[Any, Any]:
    """The array whose elements in C order are `raw`, exactly: over `raw` itself where that is large, writable and aligned, and
    over a copy of it otherwise.

    Booleans are made of any byte that is not zero: numpy itself would keep a 2 as a third truth value.
    """
    if 0 in shape:
        return np.empty(shape, BFLOAT16 if code == "bfloat16" else np.dtype(code))
    if code == "bfloat16":
        made: np.ndarray[Any, Any] = np.empty(shape, BFLOAT16)
        made.view(np.uint32)[...] = np.frombuffer(raw, DTYPES[code]).reshape(shape).astype(np.uint32) << np.uint32(16)
        return made
    if code == "bool":
        return np.frombuffer(raw, np.uint8).reshape(shape) != np.uint8(0) if shape else np.array(raw[0] != 0)
    there = np.frombuffer(raw, DTYPES[code]).reshape(shape)
    stays = there.nbytes >= frames.LARGE and there.flags.writeable and there.flags.aligned
    return there.astype(np.dtype(code), order="C", copy=not stays)


def _rounded(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The upper halves of float32s, rounded; a NaN keeps its upper half and stays one."""
    bits = array.view(np.uint32)
    halves: np.ndarray[Any, Any] = (bits + (np.uint32(0x7FFF) + (bits >> np.uint32(16) & np.uint32(1)))) >> np.uint32(
        16
    )
    nan = np.isnan(array)
    return np.where(nan, bits >> np.uint32(16) | np.uint32(0x40), halves)

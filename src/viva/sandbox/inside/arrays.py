"""Arrays as bytes: the closed set of dtypes, and the one copy that a reader makes.

Law: a shape is multiplied out in Python integers and compared with the reader's limit before memory is allocated; what
comes out owns its memory, is writable and C-contiguous, and holds no byte pattern that its dtype does not have.
"""

import math
from typing import Any

import numpy as np

DTYPES: dict[str, np.dtype[Any]] = {
    name: np.dtype(name).newbyteorder("<")
    for name in (
        *("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
        *("float16", "float32", "float64", "complex64", "complex128"),
    )
}
"""Every dtype that the wire carries, by name; little-endian, whatever the machine."""

MAX_RANK = 32
"""Axes of an array that a reader takes."""


def code_of(dtype: np.dtype[Any]) -> str | None:
    """The name of `dtype` on the wire, byte order aside, or None for one that the wire does not carry."""
    name = dtype.name
    return name if name in DTYPES and dtype.kind in "biufc" else None


def to_bytes(array: np.ndarray[Any, Any], code: str) -> bytes:
    """The elements of `array` in C order, as `DTYPES[code]`."""
    return array.astype(DTYPES[code], copy=False).tobytes()


def byte_count(code: str, shape: tuple[int, ...]) -> int:
    """Bytes that an array of this dtype and shape takes; an empty axis counts as one, so that no other axis goes unseen."""
    return DTYPES[code].itemsize * math.prod(max(size, 1) for size in shape)


def from_bytes(raw: bytes | memoryview, code: str, shape: tuple[int, ...]) -> np.ndarray[Any, Any]:
    """A new array over a copy of `raw`, which holds exactly the elements of `shape` in C order.

    Booleans are made of any byte that is not zero: numpy itself would keep a 2 as a third truth value.
    """
    if 0 in shape:
        return np.empty(shape, np.dtype(code))
    if code == "bool":
        return np.frombuffer(raw, np.uint8).reshape(shape) != np.uint8(0) if shape else np.array(raw[0] != 0)
    return np.frombuffer(raw, DTYPES[code]).reshape(shape).astype(np.dtype(code), order="C", copy=True)

"""Large arrays cross the wire with one copy by the kernel on each side, and are the reader's own."""

import socket
import threading
import tracemalloc
from typing import Any

import numpy as np
import pytest

from tests.wire.harness import judge
from viva.sandbox.inside import arrays, frames, values

MIB = 1 << 20


def across(value: Any) -> Any:
    """`value` after the whole way over a socket, as the wire sends and reads it."""
    near, far = socket.socketpair()
    with near, far:
        node, body = values.encode(value)
        sender = threading.Thread(target=frames.send, args=(near, {"value": node}, body))
        sender.start()
        frame = frames.receive(far, room=arrays.room)
        sender.join()
    assert frame is not None
    return values.decode(frame.meta["value"], frame.content)


def numbers(dtype: str, count: int) -> np.ndarray[Any, Any]:
    raw = np.random.default_rng(0).integers(0, 256, count * arrays.DTYPES[dtype].itemsize, np.uint8)
    if dtype == "bool":
        return raw > 127
    if dtype == "bfloat16":
        return np.linspace(-3, 3, count, dtype=np.float32).astype(arrays.BFLOAT16)
    return raw.view(dtype)


@pytest.mark.parametrize("dtype", arrays.DTYPES)
def test_a_large_array_of_every_dtype_arrives_bit_for_bit_and_can_be_written(dtype: str) -> None:
    sent = numbers(dtype, MIB // arrays.DTYPES[dtype].itemsize + 3)
    came = across(sent)
    assert arrays.code_of(came.dtype) == dtype
    want = arrays.from_bytes(bytes(arrays.to_bytes(sent, dtype)), dtype, sent.shape)
    assert came.tobytes() == want.tobytes()
    came[...] = came[::-1].copy()


@pytest.mark.parametrize(
    "layout",
    [
        lambda x: x.reshape(2, -1, 4).T,
        lambda x: x[::-1],
        lambda x: np.broadcast_to(x[:4], (MIB, 4)),
        lambda x: x.astype(">f8"),
        lambda x: np.asfortranarray(x.reshape(4, -1)),
    ],
    ids=["transposed", "reversed", "broadcast", "big-endian", "fortran"],
)
def test_a_large_array_of_any_layout_arrives(layout: Any) -> None:
    sent = layout(np.random.default_rng(0).normal(size=MIB))
    came = across(sent)
    assert came.flags.c_contiguous
    assert came.flags.writeable
    assert np.array_equal(came, sent)


def test_arrays_that_lie_at_odd_places_of_a_large_body_arrive_aligned() -> None:
    sent: list[Any] = [
        np.ones(3, np.int8),
        np.arange(MIB, dtype=np.float64),
        b"xyz",
        np.arange(MIB, dtype=np.complex128),
    ]
    came = across(sent)
    for one, other in zip(sent, came, strict=True):
        assert np.array_equal(one, other)
        assert isinstance(other, bytes) or other.flags.aligned


def test_a_large_array_is_held_once_by_its_reader() -> None:
    sent = np.zeros(4 * MIB)
    across(np.zeros(MIB))
    tracemalloc.start()
    came = across(sent)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert came.nbytes == 32 * MIB
    assert peak < 33 * MIB


def test_what_is_written_into_an_array_that_came_changes_no_other() -> None:
    came = across([np.zeros(MIB), np.zeros(MIB)])
    came[0][...] = 1
    assert not came[1].any()


def test_no_room_is_made_for_a_body_over_the_limit_and_a_cut_one_is_broken() -> None:
    def room(count: int) -> memoryview:
        raise AssertionError(count)

    for count, make in ((frames.BODY_LIMIT + 1, room), (2 * MIB, arrays.room)):
        near, far = socket.socketpair()
        with near, far:
            near.sendall(frames.packed({}, count) + b"x" * 100)
            near.close()
            with pytest.raises(frames.BrokenFrame):
                frames.receive(far, room=make)


def test_large_arrays_go_both_ways_through_a_call() -> None:
    checks = """
import numpy as np
from viva_check import check, equal, unchanged, not_aliased
@check("a")
def a(sut, rng):
    x = rng.normal(size=(512, 1024))
    equal(sut.f(x), x + 1)
    equal(sut.g(x), (x, x.T))
@check("b")
def b(sut, rng):
    x = rng.normal(size=(512, 1024))
    unchanged(sut, sut.spoils, x)
@check("c")
def c(sut, rng):
    x = rng.normal(size=(512, 1024))
    not_aliased(sut, sut.h, x)
"""
    ran = judge(
        checks, "def f(x): return x + 1\ndef g(x): return x, x.T\ndef h(x): return x\ndef spoils(x): x[3] = 0\n"
    )
    assert ran.passed == ["a"]
    assert "Your code changed argument 1" in ran.says("b")
    assert "shares memory with argument 1" in ran.says("c")

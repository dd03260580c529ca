"""The other end of the wire is hostile: whatever it sends ends the connection, never the checker, and changes no verdict."""

import json
import os
import socket
import struct
from collections.abc import Callable
from typing import Any

import pytest

from tests.wire.harness import Ran, judge, scripted
from viva.sandbox.inside import frames

TWO = """
from viva_check import check, equal
@check("first")
def first(sut): equal(sut.f(1), "right")
@check("second")
def second(sut): equal(sut.f(2), "right")
"""

Answer = Callable[[socket.socket, dict[str, Any]], None]


def raw(meta: bytes, body: bytes = b"") -> bytes:
    return struct.pack("<II", len(meta), len(body)) + meta + body


def value(nonce: Any, node: Any = "right") -> dict[str, Any]:
    return {"op": "value", "nonce": nonce, "value": node}


def run(answer: Answer) -> Ran:
    """A run in which loading is answered as it should be, and each call by `answer`."""

    def script(wire: socket.socket) -> None:
        while (frame := frames.receive(wire)) is not None:
            if frame.meta["op"] == "load":
                frames.send(wire, value(frame.meta["nonce"], None))
            else:
                answer(wire, frame.meta)

    return judge(TWO, start=scripted(script), wall_seconds=3)


def sends(make: Callable[[str], bytes]) -> Answer:
    return lambda wire, meta: wire.sendall(make(meta["nonce"]))


def says(**fields: Any) -> Answer:
    return lambda wire, meta: frames.send(wire, {"nonce": meta["nonce"], **fields})


RAISED: dict[str, Any] = {
    "op": "raised",
    "type": "E",
    "kinds": [],
    "says": "",
    "line": None,
    "text": "",
    "memory": False,
}

MALFORMED: dict[str, Answer] = {
    "another nonce": lambda wire, _: frames.send(wire, value("0" * 16)),
    "no nonce": lambda wire, _: frames.send(wire, {"op": "value", "value": "right"}),
    "a nonce of another type": lambda wire, meta: frames.send(wire, value([meta["nonce"]])),
    "no op": lambda wire, meta: frames.send(wire, {"nonce": meta["nonce"], "value": "right"}),
    "an unknown op": says(op="passed"),
    "an op that is no string": says(op=["value"]),
    "a forged result": says(op="result", checks=[], import_error=None, memory_error=False),
    "no value": lambda wire, meta: wire.sendall(
        raw(json.dumps({"op": "value", "nonce": meta["nonce"], "value": {}}).encode())
    ),
    "a handle as a value": says(op="value", value={"h": [0, []]}),
    "a giant array": says(op="value", value={"a": ["float64", [1 << 30, 1 << 30]]}),
    "a body too short": says(op="value", value={"a": ["float64", [4]]}),
    "a giant meta": sends(lambda _: struct.pack("<II", 0xFFFFFFFF, 0)),
    "a giant body": sends(lambda _: struct.pack("<II", 2, 0xFFFFFFFF) + b"{}"),
    "no JSON": sends(lambda _: raw(b"{nonsense")),
    "no object": sends(lambda _: raw(b"[1]")),
    "deep JSON": sends(lambda _: raw(b'{"a":' * 100_000 + b"1" + b"}" * 100_000)),
    "a long number": sends(
        lambda nonce: raw(b'{"op":"value","nonce":"%s","value":%s}' % (nonce.encode(), b"9" * 100_000))
    ),
    "not UTF-8": sends(lambda _: raw(b'{"a":"\xff\xfe"}')),
    "noise": sends(lambda _: bytes(range(256)) * 100),
    "kept with a wrong length": says(op="kept", type="list", length=-1),
    "kept with no type": says(op="kept", length=1),
    "raised without words": says(op="raised"),
    "raised with a line before the first": says(**{**RAISED, "line": -1}),
    "raised with kinds that are no names": says(**{**RAISED, "kinds": [1]}),
    "raised with memory that is no truth value": says(**{**RAISED, "memory": 1}),
    "raised with text that is none": says(**{**RAISED, "says": {"x": 1}}),
    "a call of a function that it was never given": says(op="callback", fn=1, value=[[], {}]),
    "a call with arguments that are none": says(op="callback", fn=0, value=3),
    "a descriptor": lambda wire, meta: frames.send(
        wire, value(meta["nonce"]), fds=(os.open("/dev/null", os.O_RDONLY),)
    ),
    "many descriptors": lambda wire, meta: frames.send(wire, value(meta["nonce"]), fds=(0,) * 200),
}


@pytest.mark.parametrize("kind", MALFORMED)
def test_a_malformed_answer_ends_the_connection_and_fails_the_check(kind: str) -> None:
    ran = run(MALFORMED[kind])
    assert [one for one in ran.told if one["op"] == "lost"] == [
        {"op": "lost", "what": "first", "malformed": True},
        {"op": "lost", "what": "second", "malformed": True},
    ]
    assert ran.endings == ["killed", "killed"]
    assert ran.passed == []


def test_an_answer_given_ahead_of_its_question_counts_for_nothing() -> None:
    def answer(wire: socket.socket, meta: dict[str, Any]) -> None:
        frames.send(wire, value(meta["nonce"]))
        frames.send(wire, value(meta["nonce"]))

    ran = run(answer)
    assert ran.passed == ["first"]
    assert ran.endings == ["killed"]


def test_a_fork_that_goes_away_is_no_malformed_frame() -> None:
    ran = run(lambda wire, _: wire.close())
    assert ran.endings == ["crashed", "crashed"]


def test_silence_is_ended_from_outside() -> None:
    ran = judge(TWO, "import time\ndef f(x): time.sleep(60)", wall_seconds=0.3)
    assert ran.endings == ["timed_out", "timed_out"]


def test_half_a_frame_is_ended_from_outside() -> None:
    code = """
import socket, sys, time
def f(x):
    frame = sys._getframe()
    while "wire" not in frame.f_locals: frame = frame.f_back
    frame.f_locals["wire"].sendall(b"x" * 5)
    time.sleep(60)
"""
    ran = judge(TWO, code, wall_seconds=0.5)
    assert ran.endings == ["timed_out", "timed_out"]


def test_a_flood_of_calls_is_cut_off() -> None:
    def answer(wire: socket.socket, meta: dict[str, Any]) -> None:
        while True:
            frames.send(
                wire, {"op": "callback", "nonce": meta["nonce"], "fn": meta["value"][0][0]["fn"], "value": [[], {}]}
            )
            frames.receive(wire)

    checks = TWO.replace("sut.f(1)", "sut.f(lambda: None)").replace("sut.f(2)", "sut.f(lambda: None)")

    def script(wire: socket.socket) -> None:
        frame = frames.receive(wire)
        assert frame is not None
        frames.send(wire, value(frame.meta["nonce"], None))
        frame = frames.receive(wire)
        assert frame is not None
        answer(wire, frame.meta)

    ran = judge(checks, start=scripted(script))
    assert ran.endings == ["killed", "killed"]


def test_results_that_would_fill_the_checkers_memory_end_the_connection() -> None:
    checks = """
from viva_check import check
@check("hoards")
def a(sut):
    kept = [sut.f() for _ in range(10)]
@check("is fresh again")
def b(sut):
    for _ in range(3): sut.f()
"""
    ran = judge(checks, "import numpy as np\ndef f(): return np.zeros(8_000_000)\n")
    assert ran.endings == ["killed"]
    assert ran.passed == ["b"]


def test_words_from_over_there_are_bounded_and_printable() -> None:
    nasty = "\ud800\x1b[2J\u202e" + "z" * 100_000
    ran = run(says(**{**RAISED, "type": nasty, "says": nasty, "text": nasty, "line": 3}))
    for one in ran.last["checks"]:
        assert len(one["says"]) <= 700
        one["says"].encode("utf-8")
        assert all(mark.isprintable() or mark == "\n" for mark in one["says"])


ARRAYS = """
from viva_check import check, close, equal
import numpy as np
@check("a")
def a(sut): close(sut.f(), np.ones(2))
@check("b")
def b(sut): equal(sut.f(), np.ones(2))
"""
LIAR = """
class Liar:
    __array_priority__ = 99
    shape = (2,)
    dtype = np.dtype(float)
    def __eq__(self, other): return True
    def __array__(self, *args, **kwargs): return np.ones(2)
def f(): return Liar()
"""


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (LIAR, "Your result is an object of type Liar, expected an array of shape (2,)."),
        (
            "class A(np.ndarray): pass\ndef f(): return np.ones(2).view(A)",
            "Your function returned an object of type A, a subclass of numpy.ndarray; expected arrays",
        ),
        ("def f(): return np.ma.masked_array([5., 5.], [1, 1])", "Your function returned a masked array"),
        ("def f(): return np.array([1., 1.], dtype=object)", "Your function returned an array of dtype object"),
        ("def f(): return [1.0, 1.0]", "Your result is a list of 2 items, expected an array of shape (2,)."),
        ("def f(): return np.array([np.nan, 1])", "Your result is wrong in 1 of 2 entries; first at [0]: got NaN"),
        ("def f(): return np.ones((2, 0))", "Your result has shape (2, 0), expected (2,)."),
        ("def f(): return np.ones((1, 2))", "Your result has shape (1, 2), expected (2,)."),
        ("def f(): return np.ones(2, bool)", "Your result holds truth values (bool), expected real numbers."),
    ],
)
def test_what_only_claims_to_be_right_is_wrong(code: str, words: str) -> None:
    ran = judge(ARRAYS, f"import numpy as np\n{code}\n")
    assert ran.says("a").startswith(words)
    assert ran.says("b").startswith(words)

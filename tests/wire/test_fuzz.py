"""Whatever is written to a reader of frames, it ends in what that reader declares; `benchmarks/fuzz.py` throws many more."""

import contextlib
import json
import random
import socket
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.wire.malformed import WAYS, check, job_frame, packed
from tests.wire.readers import Supervising, at_the_job, at_the_wire
from viva.sandbox.inside import arrays, frames, job

chances = st.integers(0, 2**64).map(random.Random)
MIB = 1 << 20


def received(data: bytes, **limits: Any) -> frames.Frame | None:
    near, far = socket.socketpair()
    with near, far:
        near.sendall(data)
        near.close()
        return frames.receive(far, room=arrays.room, **limits)


@settings(max_examples=400, deadline=None)
@given(chances, st.sampled_from(list(WAYS)))
def test_no_answer_of_a_candidate_breaks_the_checker(chance: random.Random, way: str) -> None:
    outcome = at_the_wire(chance, way)
    assert outcome in ("ends the connection", "ends early", "is told in words", "is a value")
    assert way != "descriptors" or outcome == "ends the connection"


@settings(max_examples=200, deadline=None)
@given(chances, st.sampled_from(list(WAYS)))
def test_no_job_breaks_the_checker(chance: random.Random, way: str) -> None:
    assert at_the_job(chance, way) != ""


@pytest.fixture(scope="module")
def supervising() -> Iterator[Supervising]:
    one = Supervising()
    yield one
    one.end()


@settings(max_examples=100, deadline=None)
@given(chances, st.sampled_from(list(WAYS)))
def test_no_words_of_a_checker_break_the_supervisor(supervising: Supervising, chance: random.Random, way: str) -> None:
    assert supervising(chance, way) in ("is our failure", "is evidence")


def test_frames_that_are_right_get_through() -> None:
    seen = {at_the_wire(random.Random(number), "as it should be") for number in range(60)}
    assert seen == {"is a value", "is told in words", "ends early"}  # early: after a call of a checker's function
    assert {at_the_job(random.Random(number), "as it should be") for number in range(9)} == {"is a value"}


def test_a_number_that_no_float_holds_is_refused_by_whoever_reads_it(supervising: Supervising) -> None:
    """Found by the benchmark: one frame in fifty thousand has such a number in such a place."""
    huge = 10**400
    job_meta, body = job_frame(random.Random(0))
    job_meta["budget"]["cpu_seconds"] = huge
    with pytest.raises(job.NotAJob):
        job.of(frames.Frame(meta=job_meta, body=body))
    result = {"op": "result", "checks": [check(random.Random(0)) | {"weight": huge}], "import_error": None}
    assert supervising.one(packed(result | {"memory_error": False})) == "is our failure"
    assert supervising.one(packed({"op": "result", "import_error": None, "memory_error": False})) == "is our failure"
    began = {"op": "began", "what": "a", "cpu_seconds": huge, "wall_seconds": huge}
    assert supervising.one(packed(began)) == "is our failure"


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300), st.booleans())
def test_any_bytes_are_a_frame_nothing_or_broken(data: bytes, framed: bool) -> None:
    sent = len(data).to_bytes(4, "little") + bytes(4) + data if framed else data
    try:
        frame = received(sent)
    except frames.BrokenFrame:
        return
    assert frame is None or type(frame.meta) is dict


@settings(max_examples=300, deadline=None)
@given(st.text('[]{}"\\,:1 a', max_size=200), st.integers(0, 70))
def test_what_the_parser_takes_is_taken_up_to_the_depth_and_nothing_deeper(inner: str, around: int) -> None:
    text = '{"a":' + "[" * around + inner + "]" * around + "}"
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if value is not None and _deep(value) <= frames.DEPTH_LIMIT:
        assert frames.parse(text.encode()) == value
        return
    with pytest.raises(frames.BrokenFrame):
        frames.parse(text.encode())


def _deep(value: Any) -> int:
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if items is None else 1 + max(map(_deep, items), default=0)


MANY_STRINGS = '["' + '","' * (MIB // 3 - 90) + '"' + ",[]" * 66 + "]"


@pytest.mark.parametrize(
    ("text", "deep"),
    [
        ("[" * MIB, True),
        ("[" * (MIB // 2) + "]" * (MIB // 2), True),
        ("[" + "{}," * (MIB // 3 - 9) + "0]", False),
        (MANY_STRINGS, False),
    ],
    ids=["open", "nested", "empty", "strings"],
)
def test_a_megabyte_of_brackets_or_strings_is_read_or_refused_at_once(text: str, deep: bool) -> None:
    start = time.process_time()
    with pytest.raises(frames.BrokenFrame, match="nested") if deep else contextlib.nullcontext():
        frames.parse(b'{"a":' + text.encode() + b"}")
    assert time.process_time() - start < 1.0  # 20 to 60 ms


@pytest.mark.parametrize("meta_bytes", [frames.META_LIMIT, frames.META_LIMIT + 1, 0xFFFFFFFF])
def test_a_length_that_lies_costs_no_memory(meta_bytes: int) -> None:
    tracemalloc.start()
    with pytest.raises(frames.BrokenFrame):
        received(meta_bytes.to_bytes(4, "little") + (0xFFFFFFFF).to_bytes(4, "little") + b"{")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2 * MIB


def test_the_benchmark_counts_every_frame_and_finds_no_fault() -> None:
    program = Path(__file__).parents[2] / "benchmarks" / "fuzz.py"
    command = [sys.executable, str(program), "--frames", "90", "--seed", "3", "--json"]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    told = json.loads(ran.stdout)
    outcomes = [counts for ways in told["counts"].values() for counts in ways.values()]
    assert sum(sum(counts.values()) for counts in outcomes) == 90
    assert (ran.returncode, told["within"], told["faults"]) == (0, True, [])

"""Values cross the wire unchanged, and what is no plain value is refused in words."""

import collections
import enum
import json
import math
import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from viva.sandbox.inside import arrays, frames
from viva.sandbox.inside.values import LIMITS, Limits, Malformed, Refused, decode, encode


def across(value: Any) -> Any:
    """`value` after the whole way: encoded, as JSON, decoded."""
    node, body = encode(value)
    return decode(frames.parse(json.dumps({"value": node}).encode("ascii"))["value"], body)


def same(one: Any, other: Any) -> bool:
    """Equal in type, content and every bit."""
    if type(one) is not type(other):
        return False
    if isinstance(one, (np.ndarray, np.generic)):
        return bool(
            one.dtype == other.dtype
            and arrays.code_of(one.dtype) == arrays.code_of(other.dtype)
            and one.shape == other.shape
            and one.tobytes() == other.tobytes()
        )
    if isinstance(one, float):
        return struct.pack("d", one) == struct.pack("d", other) or (math.isnan(one) and math.isnan(other))
    if isinstance(one, complex):
        return same(one.real, other.real) and same(one.imag, other.imag)
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return len(one) == len(other) and all(
            same(a, b) and same(one[a], other[b]) for a, b in zip(one, other, strict=True)
        )
    return bool(one == other)


def wanted(dtype: str, shape: tuple[int, ...], raw: bytes) -> np.ndarray[Any, Any]:
    count = int(np.prod(shape)) * arrays.DTYPES[dtype].itemsize
    filled = (raw * (count // max(len(raw), 1) + 1))[:count] if raw else bytes(count)
    if dtype == "bool":
        filled = bytes(byte & 1 for byte in filled)
    if dtype == "bfloat16":
        halves = np.frombuffer(filled, np.uint16).reshape(shape).astype(np.uint32)
        return _quiet(halves << np.uint32(16)).view(arrays.BFLOAT16)
    return np.frombuffer(filled, dtype).reshape(shape).copy()


def _quiet(bits: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The bits of float32s whose NaNs are quiet ones, which every processor keeps as they are."""
    return np.asarray(np.where(np.isnan(bits.view(np.float32)), bits | np.uint32(1 << 22), bits))


arrays_of = st.builds(
    wanted,
    st.sampled_from(list(arrays.DTYPES)),
    st.lists(st.integers(0, 3), max_size=4).map(tuple),
    st.binary(min_size=1, max_size=32),
)
text = st.text(st.characters(codec=None, exclude_categories=()), max_size=20) | st.sampled_from(
    ["\ud800", "\ud83d\ude00", "\udc80x", "😀", "\0", '"\\', "\u2028"]
)
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(1 << 3000), 1 << 3000)
    | st.floats()
    | st.complex_numbers()
    | text
    | st.binary(max_size=20)
    | arrays_of.filter(lambda a: a.ndim == 0).map(lambda a: a[()])
)
keys = (st.booleans() | st.integers() | text | st.none()) | st.tuples(text, st.integers())
everything = st.recursive(
    scalars | arrays_of,
    lambda inner: (
        st.lists(inner, max_size=4) | st.lists(inner, max_size=4).map(tuple) | st.dictionaries(keys, inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(everything)
def test_what_arrives_is_what_was_sent(value: Any) -> None:
    assert same(across(value), value)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), -0.0, 5e-324, 1.7976931348623157e308])
def test_unusual_floats_arrive_exactly(value: float) -> None:
    assert same(across(value), value)


@pytest.mark.parametrize(
    "made",
    [
        np.arange(24.0).reshape(2, 3, 4)[:, ::2, ::-1],
        np.asfortranarray(np.arange(6).reshape(2, 3)),
        np.broadcast_to(np.float32(3), (2, 2)),
        np.arange(3, dtype=">i4"),
        np.zeros((0, 3)),
        np.array(7.0),
        np.array(True),
        np.arange(3, dtype=np.longlong),
    ],
    ids=["strided", "fortran", "broadcast", "big-endian", "empty", "0-d", "0-d bool", "longlong"],
)
def test_any_layout_arrives_as_an_array_of_its_own(made: np.ndarray[Any, Any]) -> None:
    came = across(made)
    assert came.dtype == made.dtype.newbyteorder("=")
    assert came.shape == made.shape
    assert np.array_equal(came, made)
    assert came.flags.owndata
    assert came.flags.writeable
    assert came.flags.c_contiguous


def test_a_byte_that_is_no_truth_value_becomes_one() -> None:
    came = decode({"a": ["bool", [3]]}, b"\x00\x02\xff")
    assert came.view(np.uint8).tolist() == [0, 1, 1]
    assert decode({"n": "bool"}, b"\x07").item() is True


class _Str(str):
    __slots__ = ()


class _Float(np.float64):
    pass


class _List(list[int]):
    pass


async def _later() -> None:
    pass


def _coroutine() -> Any:
    one = _later()
    one.close()
    return one


class _Colour(enum.IntEnum):
    RED = 1


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (np.ma.masked_array([1.0], [True]), "a masked array"),
        (np.ones((1, 1)).view(np.matrix), "an object of type matrix, a subclass of numpy.ndarray"),
        (np.array([object()]), "an array of dtype object"),
        (np.array(["a"]), "an array of dtype str"),
        (np.array([1], dtype="datetime64[s]"), "an array of dtype datetime64"),
        (np.array([(1, 2.0)], dtype="i4,f8"), "an array of dtype void"),
        (np.longdouble(1), "a numpy.longdouble"),
        (np.str_("a"), "a numpy.str_"),
        (_Str("a"), "an object of type _Str"),
        (_Float(1.0), "an object of type _Float"),
        (_List([1]), "an object of type _List"),
        (_Colour.RED, "an object of type _Colour"),
        ({1, 2}, "a set"),
        (range(3), "a range"),
        ((x for x in [1]), "a generator"),
        (map(str, [1]), "a map"),
        ({1: 2}.keys(), "a dict_keys"),
        ({1: 2}.values(), "a dict_values"),
        (collections.deque([1]), "a deque"),
        (_coroutine(), "a coroutine"),
        (np.clongdouble(1), "a numpy.clongdouble"),
        (np.array([1], np.longdouble), "an array of dtype"),
        (bytearray(b"x"), "an object of type bytearray"),
        (len, "a function"),
        (int, "a class"),
    ],
)
def test_what_is_no_plain_value_is_refused_by_name(value: Any, found: str) -> None:
    with pytest.raises(Refused) as refused:
        encode(value)
    assert refused.value.found.startswith(found)


def test_what_is_too_long_is_refused_by_its_length() -> None:
    with pytest.raises(Refused, match="an integer of 40001 bits"):
        encode(1 << 40_000)
    with pytest.raises(Refused, match="an integer of 40001 bits"):
        encode({1 << 40_000: 1})
    with pytest.raises(Refused, match="a string of 2000000 characters"):
        encode("x" * 2_000_000)


def test_a_refusal_says_where() -> None:
    with pytest.raises(Refused) as refused:
        encode([1, {"k": (2, {3})}])
    assert refused.value.where == "item 1 of entry 'k' of item 1 of "


Pair = collections.namedtuple("Pair", "tokens score")  # noqa: PYI024 - the kind that candidates write


def test_dicts_and_named_tuples_of_the_standard_library_are_dicts_and_tuples() -> None:
    assert same(across(collections.Counter("aab")), {"a": 2, "b": 1})
    assert same(across(collections.defaultdict(int, x=1)), {"x": 1})
    assert same(across(collections.OrderedDict(x=1)), {"x": 1})
    assert same(across(Pair([1], 2.0)), ([1], 2.0))


def _nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = {(1, 2): value} if depth % 2 else [value]
    return value


def test_the_deepest_value_that_is_sent_is_read_and_one_deeper_is_refused() -> None:
    assert same(across(_nested(15)), _nested(15))
    assert same(across(_nested(16)), _nested(16))
    with pytest.raises(Refused, match="nested more than 16 deep"):
        encode(_nested(18))


def test_loops_and_doublings_end_in_words() -> None:
    loop: list[Any] = []
    loop.append(loop)
    with pytest.raises(Refused, match="nested"):
        encode(loop)
    many: Any = 1
    for _ in range(12):
        many = [many] * 10
    with pytest.raises(Refused, match=r"more than 100000 items|characters of plain data"):
        encode(many)


@pytest.mark.parametrize(
    "value",
    [[0.1234567890123456] * 41_000, [1 << 52] * 50_000, dict.fromkeys(range(49_000), "é"), ["\n" * 50_000] * 10],
    ids=["floats", "integers", "dict", "escapes"],
)
def test_a_plain_value_that_is_encoded_fits_a_frame(value: Any) -> None:
    node, _ = encode(value)
    length = len(json.dumps({"value": node}, separators=(",", ":")))
    assert frames.META_LIMIT / 2 < length < frames.META_LIMIT


def test_a_plain_value_that_is_too_much_for_a_frame_is_refused() -> None:
    for value in ([0.1234567890123456] * 60_000, ['"' * 50_000] * 11, ["\n" * 600_000]):
        with pytest.raises(Refused, match=r"characters of plain data|which is too long"):
            encode(value)


@pytest.mark.parametrize(
    ("node", "body"),
    [
        ({"a": ["float64", [1 << 40, 1 << 40]]}, b""),
        ({"a": ["float64", [0, 1 << 62]]}, b""),
        ({"a": ["float64", [-1, -1]]}, b"x" * 8),
        ({"a": ["float64", [True]]}, b"x" * 8),
        ({"a": ["float64", [1.0]]}, b"x" * 8),
        ({"a": ["float64", [2]]}, b"x" * 8),
        ({"a": ["float64", [1]]}, b"x" * 9),
        ({"a": ["float64", [1] * 65]}, b"x" * 8),
        ({"a": ["object", [1]]}, b"x" * 8),
        ({"a": ["O", [1]]}, b"x" * 8),
        ({"a": [["float64"], [1]]}, b"x" * 8),
        ({"a": "float64"}, b"x" * 8),
        ({"n": "str"}, b"x" * 8),
        ({"n": ["float64"]}, b"x" * 8),
        ({"b": -1}, b""),
        ({"b": True}, b"x"),
        ({"b": 1 << 60}, b"x"),
        ({"i": "zz"}, b""),
        ({"i": 3}, b""),
        ({"i": "f" * 20_000}, b""),
        ({"f": "1.5"}, b""),
        ({"f": []}, b""),
        ({"c": ["1", "2", "3"]}, b""),
        ({"c": 1}, b""),
        ({"u": "c3"}, b""),
        ({"d": [[1, 2], [1, 3]]}, b""),
        ({"d": [[[], 2]]}, b""),
        ({"d": [[{"a": ["int8", [1]]}, 2]]}, b"x"),
        ({"d": {"a": 1}}, b""),
        ({"d": [1]}, b""),
        ({"t": 1}, b""),
        ({"h": 1}, b""),
        ({"fn": 1}, b""),
        ({"rng": "00"}, b""),
        ({"x": 1}, b""),
        ({}, b""),
        ({"t": [], "d": []}, b""),
        ([0] * 100_001, b""),
        ([{"a": ["int8", [0]]}] * 5_000, b""),
        (None, b"left over"),
    ],
    ids=str,
)
def test_what_no_encoder_makes_is_malformed(node: Any, body: bytes) -> None:
    with pytest.raises(Malformed):
        decode(node, body)


trees = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(list(arrays.DTYPES)),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*"ifcubtdanh", "fn", "rng"]), inner, max_size=1)
    ),
    max_leaves=10,
)


@settings(max_examples=300, deadline=None)
@given(trees, st.binary(max_size=40))
def test_any_json_is_a_value_or_malformed(node: Any, body: bytes) -> None:
    try:
        decode(node, body)
    except Malformed:
        return


def test_limits_are_those_of_the_reader() -> None:
    with pytest.raises(Malformed):
        decode({"a": ["int8", [11]]}, b"x" * 11, limits=Limits(body_bytes=10))
    with pytest.raises(Refused, match=r"MiB of arrays|too large"):
        encode(np.zeros(11, np.int8), limits=Limits(body_bytes=10))
    assert LIMITS.body_bytes == frames.BODY_LIMIT

"""Real frames of the sandbox, and ways to make one wrong. A frame is a function of the chance that it is given."""

import copy
import json
import random
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from viva.sandbox.inside import arrays, frames, values

Meta = dict[str, Any]
Chance = random.Random


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """What is written to a reader: bytes, and how many descriptors beside the first of them."""

    data: bytes
    fds: int = 0


def _value(chance: Chance) -> tuple[Any, bytes]:
    dtype = chance.choice(list(arrays.DTYPES))
    shape = tuple(chance.randrange(4) for _ in range(chance.randrange(4)))
    plain = np.zeros(shape, arrays.BFLOAT16 if dtype == "bfloat16" else dtype)
    inside: list[Any] = [
        None,
        True,
        1.5,
        float("nan"),
        -(1 << 70),
        3 + 4j,
        "x",
        "\ud800",
        b"raw",
        np.float32(2),
        plain,
        [],
        {},
    ]
    some: list[Any] = [chance.choice(inside) for _ in range(chance.randrange(5))]
    whole = chance.choice([plain, some, tuple(some), {"k": some, (1, "a"): plain}, chance.choice(inside)])
    node, body = values.encode(whole)
    return node, bytes(body)


def reply(chance: Chance) -> tuple[Meta, bytes]:
    """One of the frames that a candidate's side answers with."""
    node, body = _value(chance)
    raised = {"type": "ValueError", "kinds": ["ValueError"], "says": "no", "line": 3, "text": "x", "memory": False}
    metas: list[tuple[Meta, bytes]] = [
        ({"op": "value", "value": node}, body),
        ({"op": "value", "value": node}, body),
        ({"op": "kept", "type": "list", "length": chance.choice([None, 0, 3])}, b""),
        ({"op": "raised", **raised}, b""),
        ({"op": "refused", "found": "a set", "where": "item 1 of "}, b""),
        ({"op": "missing", "name": "f", "of": ""}, b""),
        ({"op": "unreadable", "says": "no", "line": 1, "text": "x"}, b""),
        ({"op": "callback", "fn": 1, "value": [[node], {"d": [["key", node]]}]}, body + body),
    ]
    return chance.choice(metas)


def check(chance: Chance) -> Meta:
    words = {"name": "a", "title": "A", "says": chance.choice(["", "No."]), "line": chance.choice([None, 3])}
    return words | {"passed": chance.random() < 0.5, "weight": 1.0, "visible": True, "ran": True}


def told(chance: Chance) -> tuple[Meta, bytes]:
    """One of the frames that a checker tells the supervisor."""
    result = {"op": "result", "checks": [check(chance)], "import_error": None, "memory_error": False}
    metas: list[Meta] = [
        {"op": "began", "what": "import", "cpu_seconds": chance.choice([None, 1.0]), "wall_seconds": None},
        {"op": "ended", "what": "import"},
        {"op": "memory"},
        {"op": "lost", "what": "a", "malformed": True},
        result,
        result,
        {"op": "result", "checks": [], "import_error": {"says": "no", "line": 1}, "memory_error": True},
        {"op": "broken", "says": "no", "traceback": ""},
    ]
    return chance.choice(metas), b""


def job_frame(chance: Chance) -> tuple[Meta, bytes]:
    """The frame in which a checker gets its job."""
    files = {"checks.py": b"x = 1\n", "given.py": b"", "data/a.bin": bytes(chance.randrange(9))}
    meta = {
        "op": "job",
        "question": "a",
        "which": chance.choice(["all", "visible"]),
        "seed": "5eed",
        "framework": "numpy",
        "budget": {"cpu_seconds": 1.0, "wall_seconds": 2.0, "memory_mib": 64},
        "files": [[name, len(content)] for name, content in files.items()],
        "code_bytes": 3,
    }
    return meta, b"".join(files.values()) + b"a=1"


_NUMBERS = (-1, 0, 1, 3, 1 << 31, 1 << 53, 1 << 63, 1 << 64, -(1 << 63), 10**400, 1e308, 1e400, float("nan"), -0.0)
_STRINGS = ("", "a", "h", "float64", "\ud800", "\0", "x" * 3000, "9" * 5000, "\u202e\x1b[2J", "../../etc/passwd")
_CONTAINERS: tuple[Any, ...] = (
    [],
    {},
    [[]],
    {"a": ["float64", [3]]},
    {"h": [0, []]},
    {"fn": 1},
    {"t": []},
    {"d": [[[], 1]]},
)
_ODD = (*_NUMBERS, *_STRINGS, *_CONTAINERS, None, True, False)


def packed(meta: Meta, body: bytes = b"") -> Shot:
    return Shot(data=frames.packed(meta, len(body)) + body)


def _flipped(chance: Chance, meta: Meta, body: bytes) -> Shot:
    data = bytearray(packed(meta, body).data)
    for _ in range(chance.choice([1, 1, 2, 8])):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return Shot(data=bytes(data))


def _cut(chance: Chance, meta: Meta, body: bytes) -> Shot:
    data = packed(meta, body).data
    return Shot(data=data[: chance.randrange(len(data))])


def _longer(chance: Chance, meta: Meta, body: bytes) -> Shot:
    data = packed(meta, body).data
    at = chance.randrange(len(data) + 1)
    return Shot(data=data[:at] + chance.randbytes(chance.choice([1, 2, 40])) + data[at:])


def _lying(chance: Chance, meta: Meta, body: bytes) -> Shot:
    rest = packed(meta, body).data[8:]
    real = (len(rest) - len(body), len(body))
    lies = (0, 1, frames.META_LIMIT, frames.META_LIMIT + 1, frames.BODY_LIMIT, frames.BODY_LIMIT + 1, 0xFFFFFFFF)
    near = [max(0, length + chance.randrange(-2, 3)) for length in real]
    sizes = [
        chance.choice([length, close_by, chance.choice(lies)]) for length, close_by in zip(real, near, strict=True)
    ]
    return Shot(data=struct.pack("<II", *sizes) + rest)


def _deep(chance: Chance, meta: Meta, body: bytes) -> Shot:
    depth = chance.choice([14, 17, 63, 64, 65, 300, 10_000])
    before, after = chance.choice([("[", "]"), ('{"t":[', "]}"), ('{"d":[[1,', "]]}"), ('{"a":', "}"), ("[[],", "]")])
    field_name = "value" if chance.random() < 0.7 else chance.choice(list(meta))
    body = b"" if field_name == "value" else body
    text = json.dumps({**meta, field_name: "@"}).replace('"@"', before * depth + "1" + after * depth)
    if chance.random() < 0.2:
        text = text[: text.index(before) + len(before) * depth]
    return Shot(data=struct.pack("<II", len(text), len(body)) + text.encode() + body)


def _places(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [path, *(place for key, item in inner for place in _places(item, (*path, key)))]


def _odd(chance: Chance, meta: Meta, body: bytes) -> Shot:
    tree = json.loads(json.dumps(meta))
    for _ in range(chance.choice([1, 1, 2])):
        path = chance.choice(_places(tree)[1:])
        inner = tree
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = copy.deepcopy(chance.choice(_ODD))
        if isinstance(inner, dict) and chance.random() < 0.2:
            del inner[path[-1]]
        if not tree:
            break
    return packed(tree, body)


def _shaped(chance: Chance, meta: Meta, body: bytes) -> Shot:
    sizes = (0, 1, 2, 3, 1 << 20, 1 << 31, 1 << 32, 1 << 62, 1 << 64, 10**300, -1, True, 1.0, None, "2")
    shape: Any = [chance.choice(sizes) for _ in range(chance.choice([0, 1, 2, 4, 32, 33, 70]))]
    dtype = chance.choice([*arrays.DTYPES, "object", "O", "V8", "float128", "str", "", None, 3, ["float64"]])
    node = chance.choice([{"a": [dtype, shape]}, {"n": dtype}, {"b": chance.choice(sizes)}, {"a": shape}])
    return packed({**meta, "value": [node] * chance.choice([1, 1, 3])}, body + bytes(chance.randrange(64)))


def _handed(chance: Chance, meta: Meta, body: bytes) -> Shot:
    return Shot(data=packed(meta, body).data, fds=chance.choice([1, 2, 4, 5, 100, 250]))


def _repeated(chance: Chance, meta: Meta, body: bytes) -> Shot:
    """Frames that come more often than they should, or with the nonce of another question."""
    other = {**meta, "nonce": chance.choice(["0" * 16, "", None, 1, [meta.get("nonce")]])}
    one, strange = packed(meta, body).data, packed(other, body).data
    return Shot(data=chance.choice([one * 2, one * 60, strange, strange + one, one + strange, b"", b"\0" * 8 + one]))


def _much(chance: Chance, meta: Meta, body: bytes) -> Shot:
    if chance.random() < 0.9:
        return _noise(chance, meta, body)
    count = frames.META_LIMIT // 8
    node = chance.choice([[[]] * count, [{}] * count, [0] * count, "x" * count, {"d": [[[], 0]] * (count // 8)}])
    large = bytes(chance.choice([0, 3 << 20]))
    if large and chance.random() < 0.5:
        node = {"a": ["float64", [len(large) // 8]]}
    return packed({**meta, "value": node}, large)


def _noise(chance: Chance, _: Meta, body: bytes) -> Shot:
    text = chance.choice(
        [b"", b"{}", b"[]", b"null", b"{" * 70, b'{"op":', b'"' * 99, b"\xff\xfe", b"1e999", b'{"a":NaN}']
    )
    framed = struct.pack("<II", len(text), len(body)) + text + body
    return Shot(data=chance.choice([framed, chance.randbytes(chance.randrange(200))]))


WAYS: dict[str, Callable[[Chance, Meta, bytes], Shot]] = {
    "as it should be": lambda _, meta, body: packed(meta, body),
    "bits flipped": _flipped,
    "cut short": _cut,
    "bytes put in": _longer,
    "lengths that lie": _lying,
    "nested deep": _deep,
    "odd fields": _odd,
    "dtypes and shapes": _shaped,
    "descriptors": _handed,
    "out of turn": _repeated,
    "noise, or very much": _much,
}

"""What an attempt cannot make of its verdict: by patching its process, by hostile values, or by frames of its own making."""

import pytest

from tests.sandbox.attacks import third_as_nobody
from tests.sandbox.conftest import Judge
from tests.sandbox.judging import one_check
from viva.cli.speaking import plain
from viva.web.templating import ticked

FINISHED, KILLED, CRASHED = "finished", "killed", "crashed"
YES = "yes = lambda *a, **k: True\n"

FORGED = {
    "cant_forge_a_verdict_by_patching_numpy": (
        (
            "import numpy\nfor name in ('allclose', 'array_equal', 'equal', 'isclose', 'asarray'): setattr(numpy, name, yes)\n"
            "numpy.testing.assert_allclose = numpy.ndarray = yes"
        ),
        FINISHED,
    ),
    "cant_forge_a_verdict_by_patching_builtins": (
        "import builtins\nfor name in ('len', 'isinstance', 'issubclass', 'type', 'all', 'any'): setattr(builtins, name, yes)",
        CRASHED,
    ),
    "cant_forge_a_verdict_by_patching_json": (
        "import json\njson.dumps = lambda *a, **k: '{\"op\":\"value\",\"value\":6}'",
        KILLED,
    ),
    "cant_forge_a_verdict_by_patching_struct": ("import struct\nstruct.pack = struct.Struct = yes", FINISHED),
    "cant_forge_a_verdict_by_patching_the_frames": (
        (
            "from inside import frames\nsend = frames.send\n"
            "forged = {'op': 'result', 'checks': [], 'import_error': None, 'memory_error': False}\n"
            "frames.send = lambda sock, meta, *a: send(sock, forged)"
        ),
        KILLED,
    ),
    "cant_forge_a_verdict_by_patching_the_encoder": (
        "from inside import values\nvalues.encode = lambda *a, **k: ({'passed': True}, b'')",
        KILLED,
    ),
    "cant_forge_a_verdict_by_patching_the_socket": (
        "import socket\nsocket.socket.sendall = lambda self, data: socket.socket.send(self, b'passed' * 9)",
        KILLED,
    ),
    "cant_forge_a_verdict_by_patching_time": (
        "import time\nfor name in ('time', 'monotonic', 'perf_counter', 'process_time'): setattr(time, name, lambda: 0.0)",
        FINISHED,
    ),
    "cant_forge_a_verdict_by_patching_exceptions": (
        (
            "import sys\nsys.excepthook = sys.unraisablehook = yes\nclass Failure(Exception): pass\n"
            "def attempt(x): raise Failure('passed')"
        ),
        FINISHED,
    ),
    "cant_forge_a_verdict_by_a_module_of_checks": (
        "import sys, types\nfor name in ('viva_check', 'checks', 'viva'): sys.modules[name] = types.SimpleNamespace(fail=yes)",
        FINISHED,
    ),
    "cant_forge_a_verdict_by_tracing": (
        "import sys\ndef tracer(frame, event, arg): frame.f_locals.update(out=6); return tracer\nsys.settrace(tracer)",
        FINISHED,
    ),
    "cant_forge_a_verdict_by_changing_integers": (
        "import ctypes\nctypes.memmove(id(0) + 24, id(6) + 24, 4)\ndef attempt(x): return 5 * 0",
        "any",
    ),
    "cant_forge_a_verdict_by_leaving_well": ("import os\ndef attempt(x): os._exit(0)", CRASHED),
    "cant_forge_a_verdict_by_raising_exit": ("import sys\ndef attempt(x): sys.exit(0)", FINISHED),
    "cant_forge_a_verdict_by_printing_one": (
        "print('passed')\nprint('{\"op\": \"result\", \"checks\": [{\"passed\": true}]}')",
        FINISHED,
    ),
    "cant_forge_a_verdict_by_a_signal": (
        "import os, signal\ndef attempt(x): signal.raise_signal(signal.SIGKILL); os._exit(0)",
        "any",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", third_as_nobody(FORGED))
def test_wrong_code(attack: Judge, name: str) -> None:
    code, ended = FORGED[name]
    seen = attack(f"{YES}def attempt(x): return 5\n{code}\n", cpu_seconds=1.0, wall_seconds=3.0)
    assert ended == "any" or seen["ended"] == ended, seen
    assert [check["passed"] for check in seen["checks"]] == [False, False]


@pytest.mark.parametrize(
    "patch", ["torch.allclose = torch.equal = yes", "torch.Tensor.__eq__ = torch.Tensor.tolist = torch.Tensor.numpy = yes"]
)  # fmt: skip
def test_cant_forge_a_verdict_by_patching_torch(judge_torch: Judge, patch: str) -> None:
    seen = judge_torch(
        f"import torch\n{YES}{patch}\ndef attempt(x): return torch.ones(2)\n",
        one_check("equal(sut.attempt(1), [6.0, 6.0])"),
    )
    assert not any(check["passed"] for check in seen["checks"])


HOSTILE = {
    "cant_pass_by_equality": "class V:\n    def __eq__(s, o): return True\n    def __ne__(s, o): return False",
    "cant_pass_by_an_integer_that_equals_all": (
        "class V(int):\n    def __eq__(s, o): return True\n    def __ne__(s, o): return False\n    __hash__ = int.__hash__"
    ),
    "cant_pass_by_array": "class V:\n    def __array__(s, *a, **k): raise SystemExit(0)",
    "cant_pass_by_an_array_interface": (
        "class V:\n    __array_interface__ = {'shape': (9,), 'typestr': '<f8', 'data': (8, False), 'version': 3}"
    ),
    "cant_pass_by_array_function": (
        "class V:\n    def __array_function__(s, *a): return True\n    def __array_ufunc__(s, *a, **k): return True"
    ),
    "cant_pass_by_reduce": "import os\nclass V:\n    def __reduce__(s): return os._exit, (0,)",
    "cant_pass_by_length": "class V(list):\n    def __len__(s): return 1 << 62",
    "cant_pass_by_attributes": "class V:\n    def __getattr__(s, n): return V()\n    def __getattribute__(s, n): return V()",
    "cant_pass_by_class": "class V:\n    __class__ = int\n    def __int__(s): return 6\n    def __index__(s): return 6",
    "cant_pass_by_iterating_without_end": "class V(list):\n    def __iter__(s):\n        while True: yield 6",
    "cant_pass_by_truth": "class V:\n    def __bool__(s): raise KeyboardInterrupt",
    "cant_pass_by_hash": "class V:\n    def __hash__(s): raise SystemExit",
    "cant_pass_by_a_destructor": "import os\nclass V:\n    def __del__(s): raise SystemExit(0)",
    "cant_pass_by_its_text": "class V:\n    def __repr__(s): raise MemoryError\n    __str__ = __format__ = __repr__",
    "cant_pass_by_a_metaclass": (
        "class M(type):\n    __name__ = property(lambda s: 1 / 0)\n    def __instancecheck__(s, o): return True\n"
        "    def mro(s): return [s, object]\nclass V(metaclass=M): pass"
    ),
    "cant_pass_by_a_dict_of_its_own": "class V(dict):\n    def items(s): return [(1, 2)] * 9\n    keys = values = items",
    "cant_pass_by_a_string_of_its_own": "class V(str):\n    def __eq__(s, o): return True\n    __hash__ = str.__hash__",
    "cant_pass_by_a_float_of_its_own": "class V(float):\n    def __sub__(s, o): return 0.0\n    __rsub__ = __abs__ = __sub__",
    "cant_pass_by_a_subclass_of_array": (
        "import numpy as np\nclass A(np.ndarray):\n    def __eq__(s, o): return True\n    def __array_finalize__(s, o): pass\n"
        "def V(): return np.zeros(1).view(A)"
    ),
    "cant_pass_by_an_array_of_objects": (
        "import numpy as np\nclass O:\n    def __eq__(s, o): return True\ndef V(): return np.array([O()])"
    ),
    "cant_pass_by_a_masked_array": "import numpy as np\ndef V(): return np.ma.masked_all(1)",
    "cant_pass_by_an_exception_that_lies": (
        "class E(Exception):\n    __class__ = property(lambda s: int)\n    def __str__(s): raise E\n"
        "    __traceback__ = property(lambda s: 1)\ndef V(): raise E"
    ),
    "cant_pass_by_an_exception_beyond_exceptions": "class E(BaseException): pass\ndef V(): raise E('passed')",
    "cant_pass_by_a_generator_that_closes_badly": (
        "def V():\n    try: yield 6\n    finally: raise SystemExit"
    ),
    "cant_pass_by_the_checks_own_words": (
        "class CandidateError(Exception): says, passed = '', True\ndef V(): raise CandidateError"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", third_as_nobody(HOSTILE))
def test_a_hostile_value(attack: Judge, name: str) -> None:
    """Compared with what is expected, taken apart and told: it fails in a sentence, and is never our fault."""
    checks = one_check("equal(sut.attempt(), 6)") + "".join(
        one_check(body).replace("def x(", f"def {more}(").replace('"x"', f'"{more}"')
        for more, body in {
            "bare": "if sut.attempt() != 6: fail('no')",
            "within": "equal(sut.within(), [6])",
            "close": "close(sut.attempt(), np.float64(6.0))",
        }.items()
    )
    seen = attack(f"{HOSTILE[name]}\ndef attempt(): return V()\ndef within(): return [V()]\n", checks)
    assert seen["ended"] == FINISHED, seen
    assert [check["passed"] for check in seen["checks"]] == [False] * 4, seen["checks"]
    assert all(check["says"] for check in seen["checks"])


FRAMES = """
import gc, json, os, socket, struct
from inside import candidate
side = next(one for one in gc.get_objects() if type(one) is candidate.Side and one.nonce)
def raw(meta, body=b"", *, nonce=True, whole=True):
    if nonce and type(meta) is dict: meta = {"nonce": side.nonce, **meta}
    text = meta if type(meta) is bytes else json.dumps(meta).encode()
    os.write(side.wire.fileno(), struct.pack("<II", len(text), len(body)) + text + body)
def value(node, body=b""): raw({"op": "value", "value": node}, body)
def attempt(x):
    BODY
    return 5
"""
WRITTEN = {
    "cant_send_noise": "os.write(side.wire.fileno(), bytes(range(256)))",
    "cant_send_what_is_no_json": "raw(b'passed')",
    "cant_send_what_is_no_object": "raw(b'[1, 2]')",
    "cant_send_nesting_without_end": "raw(b'{\"a\":' + b'[' * 9999 + b']' * 9999 + b'}')",
    "cant_send_more_than_a_frame_may_hold": "os.write(side.wire.fileno(), struct.pack('<II', 1 << 21, 0))",
    "cant_send_a_body_of_gigabytes": "os.write(side.wire.fileno(), struct.pack('<II', 2, 0xFFFFFFFF) + b'{}')",
    "cant_answer_without_a_nonce": "raw({'op': 'value', 'value': 6}, nonce=False)",
    "cant_answer_with_a_guessed_nonce": "raw({'op': 'value', 'value': 6, 'nonce': '0' * 16}, nonce=False)",
    "cant_answer_twice": "value(5); value(5)",
    "cant_send_the_result_itself": "raw({'op': 'result', 'checks': [], 'import_error': None, 'memory_error': False})",
    "cant_speak_as_the_checker": "raw({'op': 'broken', 'says': 'x', 'traceback': 'x'})",
    "cant_speak_as_the_supervisor": "raw({'op': 'why', 'ended': 'finished', 'says': '', 'next': True})",
    "cant_send_an_operation_that_is_no_text": "raw({'op': ['value'], 'value': 6})",
    "cant_call_back_unasked": "raw({'op': 'callback', 'fn': 1, 'value': [[], {'d': []}]})",
    "cant_call_back_by_a_number_that_is_none": "raw({'op': 'callback', 'fn': '__import__', 'value': [[], {'d': []}]})",
    "cant_keep_a_negative_length": "raw({'op': 'kept', 'type': 'list', 'length': -1})",
    "cant_keep_a_type_that_is_no_text": "raw({'op': 'kept', 'type': 6, 'length': None})",
    "cant_send_a_value_of_two_kinds": "value({'i': '6', 'f': 'nan'})",
    "cant_send_a_value_of_an_unknown_kind": "value({'pickle': 'Y29zCg=='})",
    "cant_send_a_handle_of_the_checkers": "value({'h': [0, ['__class__']]})",
    "cant_send_an_array_of_negative_size": "value({'a': ['<f8', [-1]]})",
    "cant_send_an_array_whose_size_overflows": "value({'a': ['<f8', [1 << 62, 4]]})",
    "cant_send_an_array_of_objects": "value({'a': ['|O', [1]]}, bytes(8))",
    "cant_send_an_array_of_strange_type": "value({'a': ['np.load(1)', [1]]}, bytes(8))",
    "cant_send_an_array_of_many_axes": "value({'a': ['<f8', [1] * 99]}, bytes(8))",
    "cant_send_less_than_it_announced": "value({'a': ['<f8', [4]]}, bytes(8))",
    "cant_send_more_than_it_announced": "value({'a': ['<f8', [1]]}, bytes(80))",
    "cant_send_a_dict_with_one_key_twice": "value({'d': [[1, 2], [1, 3]]})",
    "cant_hold_the_checker_up_by_keys_that_collide": "value({'d': [[k * (2**61 - 1), 0] for k in range(30_000)]})",
    "cant_send_a_dict_with_a_list_as_key": "value({'d': [[[1], 2]]})",
    "cant_send_an_integer_of_a_million_bits": "value({'i': 'f' * 250_000})",
    "cant_send_a_line_that_is_none": (
        "raw({'op': 'raised', 'type': 'E', 'kinds': [], 'says': '', 'line': -1, 'text': '', 'memory': False})"
    ),
    "cant_send_words_that_are_no_text": (
        "raw({'op': 'raised', 'type': 'E', 'kinds': [], 'says': {}, 'line': 1, 'text': '', 'memory': False})"
    ),
    "cant_send_a_descriptor_along": "socket.send_fds(side.wire, [struct.pack('<II', 2, 0) + b'{}'], [0])",
    "cant_replay_an_earlier_answer": "raw({'op': 'value', 'value': 5, 'nonce': earlier}, nonce=False)",
}  # fmt: skip


@pytest.mark.parametrize("name", third_as_nobody(WRITTEN))
def test_on_the_wire_it(attack: Judge, name: str) -> None:
    """Frames written straight to the wire's descriptor end the run as killed, never the checker."""
    code = FRAMES.replace("BODY", WRITTEN[name]) + "earlier = side.nonce\n"
    seen = attack(code, cpu_seconds=1.0, wall_seconds=3.0)
    assert seen["ended"] == KILLED, seen
    assert "bytes of its own" in seen["says"]
    assert [check["passed"] for check in seen["checks"]] == [False, False]


def test_the_harness_of_frames_can_speak_as_the_wire_does(judge: Judge) -> None:
    """One well-made answer written by hand counts, so the others above fail for what is wrong with them."""
    code = FRAMES.replace("BODY", "value(2 * x); os.read(os.pipe()[0], 1)")
    seen = judge(code, cpu_seconds=0.3, wall_seconds=0.3)
    assert [check["passed"] for check in seen["checks"]] == [True, False]
    assert seen["ended"] == "timed_out"


SHOWN = {
    "cant_drive_a_terminal": "\\x1b[2J\\x1b]0;passed\\x07\\x9b31m\\r\\x08",
    "cant_write_markup": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "cant_turn_text_around": "\\u202e\\u2066\\u200f\\u200bdessap",
    "cant_smuggle_half_a_character": "\\ud800",
    "cant_end_the_line_of_a_log": "x\\n2026-01-01 passed\\u2028passed\\x85passed",
}


@pytest.mark.parametrize("name", third_as_nobody(SHOWN))
def test_by_what_it_says_it(attack: Judge, name: str) -> None:
    """In an exception, in its type's name and in a refused value: what the evidence says is plain before it is shown."""
    text = f'"{SHOWN[name]}"'
    code = f"text = {text}\nname = 'T' + text.replace(chr(0xd800), '')\nprint(text)\n"
    seen = attack(
        code + "def attempt(x):\n    if x == 3: raise type(name, (Exception,), {})(text)\n    return {name: type}\n"
    )
    said = [check["says"] for check in seen["checks"]]
    assert seen["ended"] == FINISHED and all(said)
    for words in said:
        assert plain(words) == words
        assert "<" not in str(ticked(words)).replace("<code>", "").replace("</code>", "")
    assert all(mark.isprintable() or mark in "\n\t" for mark in plain(seen["prints"]))

"""What a candidate may do to its own process after its functions are defined, and what its functions may return: each as
text that is added to an attempt. None of it can reach the verdict, which is made in another process.
"""

CLAIM = '{"op": "result", "checks": [], "passed": true, "import_error": null, "memory_error": false}'

HARMLESS = {
    "comparisons of numpy that always agree": """
import numpy as np
yes, nothing = (lambda *a, **k: True), (lambda *a, **k: None)
for name in ("allclose", "array_equal", "isclose", "array_equiv"):
    setattr(np, name, yes)
for name in [name for name in dir(np.testing) if name.startswith("assert")]:
    setattr(np.testing, name, nothing)
""",
    "prints that claim success": f"""
import sys, os
for stream in (sys.stdout, sys.stderr, sys.__stdout__):
    print({CLAIM!r}, file=stream)
os.write(1, {CLAIM.encode()!r} + b"\\n")
os.write(2, {CLAIM.encode()!r} + b"\\n")
""",
    "exit handlers and hooks": f"""
import atexit, gc, os, sys, threading, weakref
class Held: pass
held = Held()
claim = lambda *a, **k: os.write(1, {CLAIM.encode()!r})
atexit.register(claim)
weakref.finalize(held, claim)
threading._register_atexit(claim)
gc.callbacks.append(claim)
sys.excepthook = sys.unraisablehook = threading.excepthook = sys.displayhook = claim
""",
    "threads that go on": """
import threading, time
for daemon in (True, False):
    threading.Thread(target=lambda: time.sleep(60), daemon=daemon).start()
""",
    "a tracer": """
import sys, threading
seen = []
def tracer(frame, event, arg):
    seen[:] = [frame.f_code.co_name, *frame.f_locals]
    for name in ("passed", "ok", "failure"):
        if name in frame.f_locals:
            frame.f_locals[name] = True
    return tracer
sys.settrace(tracer)
threading.settrace(tracer)
""",
    "limits of its own, which are refused": """
import resource
for what in ("AS", "CPU", "DATA", "FSIZE", "NOFILE", "STACK"):
    try:
        resource.setrlimit(getattr(resource, "RLIMIT_" + what), (1, 1))
    except (OSError, ValueError):
        pass
""",
}
"""Patches after which an attempt's own functions still do what they did: the verdict must be the same, check by check."""

SPOILING = {
    "arrays that equal everything": """
import numpy as np
class Always(np.ndarray):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __array_function__(self, *a, **k): return True
make = np.zeros
for name in ("asarray", "array", "asanyarray", "ascontiguousarray", "zeros_like"):
    setattr(np, name, lambda *a, **k: make(3).view(Always))
""",
    "builtins": """
import builtins
real = {name: getattr(builtins, name) for name in ("len", "type")}
builtins.abs = builtins.sum = builtins.float = builtins.max = lambda *a, **k: 0.0
builtins.all = builtins.any = builtins.isinstance = builtins.issubclass = lambda *a, **k: True
builtins.len = lambda *a: 1
builtins.open = builtins.__import__ = builtins.print = builtins.getattr = lambda *a, **k: None
""",
    "exceptions that are none": """
import builtins
for name in ("AttributeError", "TypeError", "ValueError", "BaseException", "Exception", "AssertionError"):
    setattr(builtins, name, KeyboardInterrupt)
""",
    "json": f"""
import json
json.dumps = lambda *a, **k: {CLAIM!r}
json.loads = lambda *a, **k: {{"op": "call", "nonce": "0", "target": {{"h": [0, []]}}}}
json.JSONEncoder.encode = json.dumps
""",
    "struct": """
import struct
class Struct:
    size = 8
    def __init__(self, *a): pass
    def pack(self, *a): return b"\\xff" * 8
    def unpack(self, *a): return (2**32 - 1, 2**32 - 1)
struct.Struct = Struct
struct.pack = lambda *a: b"\\xff" * 8
import sys
for module in list(sys.modules.values()):
    if hasattr(module, "_HEADER"):
        module._HEADER = Struct()
""",
    "socket": f"""
import socket
real = socket.socket.sendall
socket.socket.sendall = lambda self, raw, *a: real(self, {CLAIM.encode()!r})
socket.socket.send = socket.socket.sendmsg = socket.socket.sendall
""",
    "values that are always the same": """
import sys
for module in list(sys.modules.values()):
    if hasattr(module, "Refused") and hasattr(module, "encode"):
        module.encode = lambda *a, **k: (True, b"")
""",
    "replies that claim": f"""
import json, sys
side = sys.modules.get("inside.candidate")
side.Side.reply = lambda self, frame: ({{**json.loads({CLAIM!r}), "nonce": frame.meta["nonce"]}}, b"")
""",
    "replies of every kind": """
import sys
side, turn = sys.modules.get("inside.candidate"), [0]
KINDS = (
    {"op": "value", "value": True}, {"op": "value", "value": None}, {"op": "kept", "type": "ndarray", "length": 1},
    {"op": "passed"}, {"op": "missing", "name": "", "of": ""}, {"op": "answer", "value": 1}, {"op": "value"},
    {"op": "raised", "type": "Failure", "kinds": [], "says": "", "line": None, "text": "", "memory": False},
)
def reply(self, frame):
    turn[0] += 1
    return {**KINDS[turn[0] % len(KINDS)], "nonce": frame.meta["nonce"]}, b""
side.Side.reply = reply
""",
    "frames that nobody asked for": f"""
import os, stat
body = {CLAIM.encode()!r}
for fd in range(3, 64):
    try:
        if stat.S_ISSOCK(os.fstat(fd).st_mode):
            os.write(fd, len(body).to_bytes(4, "little") + bytes(4) + body)
    except OSError:
        pass
""",
    "a thread that answers in its place": f"""
import os, stat, threading, time
body = {CLAIM.encode()!r}
def answer():
    while True:
        for fd in range(3, 64):
            try:
                if stat.S_ISSOCK(os.fstat(fd).st_mode):
                    os.write(fd, len(body).to_bytes(4, "little") + bytes(4) + body)
            except OSError:
                pass
        time.sleep(0.0001)
threading.Thread(target=answer, daemon=True).start()
""",
    "the end, after a claim": f"""
import os
os.write(1, {CLAIM.encode()!r})
os._exit(0)
""",
    "every descriptor closed": "import os\nos.closerange(0, 256)\n",
    "other replies to calls": """
import sys
side, turn = sys.modules.get("inside.candidate"), [0]
honest = side.Side.reply
KINDS = (
    {"op": "value", "value": True}, {"op": "value", "value": None}, {"op": "kept", "type": "ndarray", "length": 1},
    {"op": "value", "value": {"a": ["f8", [0]]}}, {"op": "value", "value": []}, {"op": "missing", "name": "", "of": ""},
)
def reply(self, frame):
    if frame.meta["op"] != "call":
        return honest(self, frame)
    turn[0] += 1
    return {**KINDS[turn[0] % len(KINDS)], "nonce": frame.meta["nonce"]}, b""
side.Side.reply = reply
""",
} | {
    f"the builtin {name}": f"import builtins\nbuiltins.{name} = lambda *a, **k: {lie}\n"
    for name, lie in {
        "abs": "0.0", "sum": "0.0", "len": "0", "isinstance": "True", "float": "0.0", "max": "0", "all": "True",
        "any": "True", "open": "None", "__import__": "None", "type": "int", "getattr": "None", "repr": "'passed'",
    }.items()
}  # fmt: skip
"""Patches that break the process they are in: they may cost checks, and gain none."""

RETURNS = {
    "None": "None",
    "True": "True",
    "NaN": "float('nan')",
    "a huge integer": "1 << 32_000",
    "an integer over every limit": "1 << 400_000",
    "a lone surrogate": "'\\ud800'",
    "bytes": "b'\\xff' * 100",
    "an empty list": "[]",
    "a list in itself": "LOOP",
    "a deep list": "DEEP",
    "a list of everything": "[None, 1, 'x', np.zeros(2), {}, (1, [2])]",
    "a pair": "(np.zeros(3), 1.0)",
    "a list of odd pairs": "[('x', None), ([], {}), 5]",
    "a dict": "{'a': 1, 2: np.ones(2)}",
    "an empty array": "np.zeros(0)",
    "an array without rank": "np.array(1.5)",
    "an array of rank 30": "np.zeros((1,) * 30)",
    "an array of NaN": "np.full((4, 4), np.nan)",
    "a complex array": "np.zeros((4, 4), complex)",
    "the smallest integers": "np.full(50, np.iinfo(np.int64).min)",
    "booleans": "np.ones(50, bool)",
    "an array of objects": "np.array([object(), None], object)",
    "an array of texts": "np.array(['a', 'b'])",
    "a structured array": "np.zeros(3, [('a', 'f8')])",
    "a masked array": "np.ma.masked_array([1.0, 2.0], [True, True])",
    "a matrix": "np.asmatrix(np.zeros((3, 3)))",
    "a large array": "np.zeros(600_000)",
    "an array over the limit": "np.broadcast_to(np.float32(1), (1 << 20, 1 << 10))",
    "an array of no size and huge shape": "np.zeros((1 << 40, 0))",
    "an object that lies about its class": "LIAR",
    "a subclass of float": "Sub(1.0)",
    "a generator": "(n for n in range(10**9))",
    "a function": "len",
    "a class": "dict",
    "a module": "np",
}
"""Expressions for what functions may return in place of a result."""

ODD = """
import numpy as np

LOOP = []
LOOP.append(LOOP)
DEEP = []
for _ in range(5_000):
    DEEP = [DEEP]


class Sub(float):
    def __eq__(self, other):
        return True


class Liar:
    __class__ = property(lambda self: np.ndarray)
    shape, dtype, ndim, size = (3,), np.dtype(float), 1, 3

    def __array__(self, *a, **k):
        raise KeyboardInterrupt

    def __eq__(self, other):
        return True

    def __getattr__(self, name):
        return self


LIAR = Liar()


class Odd:
    def __init__(self, *a, **k):
        pass

    def __getattr__(self, name):
        return lambda *a, **k: RESULT


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    return Odd if name[0].isupper() else lambda *a, **k: RESULT
"""
"""An attempt at any question whose functions, and methods of whose classes, return `RESULT`."""

RAISES = {
    "an error named as ours": "type('AuthorError', (Exception,), {})('checks.py is broken')",
    "a failure with another's words": "type('Failure', (Exception,), {'says': 'passed'})()",
    "a lost connection": "type('Lost', (BaseException,), {})()",
    "the end of an iteration": "StopIteration(1)",
    "an error without words": "type('E', (Exception,), {'__str__': lambda self: 1 / 0})()",
    "a class whose name is no text": "Metal('E', (Exception,), {})()",
    "a memory error": "MemoryError()",
    "an interrupt": "KeyboardInterrupt()",
    "an exit": "SystemExit(0)",
    "an exit of generators": "GeneratorExit()",
}
"""Expressions for what functions may raise."""

RAISING = """
class Metal(type):
    def __getattribute__(cls, name):
        raise RuntimeError("nobody asks me")


def thrown(*a, **k):
    raise RAISED


class Odd:
    def __init__(self, *a, **k):
        pass

    def __getattr__(self, name):
        return thrown


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    return Odd if name[0].isupper() else thrown
"""

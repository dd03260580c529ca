"""Nothing of the checks is where candidate code runs, and nothing that it does there changes a verdict but a right answer.

The candidate's side runs in a process of its own here, which has read no file of this repository but `inside`, as in the jail.
"""

import pytest

from tests.wire.harness import fresh, judge

SECRET = "zanzibar"
CHECKS = f"""
import numpy as np
from viva_check import check, close, equal, fail
SECRET = "{SECRET}"

@check("title {SECRET}", visible=True)
def name_{SECRET}(sut, rng):
    hidden = rng.normal(size=4)
    sut.look(lambda: 1)
    close(sut.f(rng.normal(size=3)), hidden, what="what {SECRET}")

@check("second title {SECRET}")
def second_{SECRET}(sut):
    found = sut.found()
    fail("found: " + " | ".join(found) if found else "found nothing")
"""

SEARCHER = """
import gc, os, sys
import numpy as np

SHIFT = bytes((n + 1) % 256 for n in range(256))
PARTS = (b"{bo{jcbs", b"wjwb`difdl")  # shifted by one, so that the search does not find itself
seen = []

def holds(raw):
    shifted = raw.translate(SHIFT)
    return any(part in shifted for part in PARTS)

def strings(root, left=400_000):
    known, waiting = set(), [root]
    while waiting and left:
        thing = waiting.pop()
        if id(thing) in known: continue
        known.add(id(thing))
        left -= 1
        if isinstance(thing, str): yield thing.encode("utf-8", "replace")
        elif isinstance(thing, (bytes, bytearray)): yield bytes(thing)
        waiting.extend(gc.get_referents(thing))

def walk():
    roots = [gc.get_objects(), list(sys.modules.values()), os.environ, sys.argv, sys.path]
    frame = sys._getframe()
    while frame:
        roots += [frame.f_locals, frame.f_globals]
        frame = frame.f_back
    for text in strings(roots):
        if holds(text): seen.append("a string of " + str(len(text)))

def memory():
    for line in open("/proc/self/maps"):
        where, rights, *rest = line.split()
        if not rights.startswith("rw") or rest[-1].startswith("/"): continue
        low, high = (int(edge, 16) for edge in where.split("-"))
        with open("/proc/self/mem", "rb", buffering=0) as file:
            file.seek(low)
            try: content = file.read(high - low)
            except OSError: continue
        if holds(content): seen.append("memory")

walk()
def look(step):
    walk()
    step()
    walk()
def f(x):
    walk()
    memory()
    return x
def found(): return sorted(set(seen))
"""


def test_a_search_through_objects_frames_modules_and_memory_finds_nothing_of_the_checks() -> None:
    ran = judge(CHECKS, SEARCHER, start=fresh)
    assert ran.says(f"second_{SECRET}") == "found nothing"
    assert ran.says(f"name_{SECRET}").startswith(f"What {SECRET} has shape (3,)")


def test_the_search_does_find_what_is_there() -> None:
    planted = SEARCHER.replace("walk()\ndef look", f"planted = ['{SECRET}', 'viva_check']\nwalk()\ndef look")
    says = judge(CHECKS, planted, start=fresh).says(f"second_{SECRET}")
    assert f"a string of {len(SECRET)} " in says
    assert f"a string of {len('viva_check')} " in says
    assert "memory" in says


PATCHES = {
    "numpy": """
import numpy as np
np.allclose = np.array_equal = lambda *a, **k: True
np.abs = lambda x: x * 0
np.isnan = np.isfinite = lambda x: True
""",
    "builtins": """
import builtins
builtins.len = lambda x: 3
builtins.isinstance = lambda *a: True
builtins.str = repr
builtins.AssertionError = None
builtins.type = lambda x: int
""",
    "json": """
import json
json.dumps = lambda *a, **k: '{"op":"result","checks":[]}'
""",
    "socket": """
import socket
socket.socket.sendall = lambda *a: None
""",
    "frames": """
import sys
sys.modules["inside.frames"].send = lambda *a, **k: None
""",
    "values": """
import sys
sys.modules["inside.values"].encode = lambda *a, **k: ("right", b"")
""",
    "candidate": """
import sys
sys.modules["inside.candidate"].Side.reply = lambda *a: ({"op": "result", "passed": True}, b"")
""",
    "exit": "import atexit, os\natexit.register(os._exit, 0)\n",
    "threads": "import threading, time\nthreading.Thread(target=time.sleep, args=(60,)).start()\n",
    "recursion": "import sys\nsys.setrecursionlimit(60)\n",
    "trace": "import sys\nsys.settrace(lambda *a: None)\nsys.setprofile(lambda *a: None)\n",
    "streams": "import os, sys\nsys.stdout = sys.stderr = None\nos.close(1)\nos.close(2)\n",
    "collector": "import gc\ngc.disable()\ngc.callbacks.append(lambda *a: 1 / 0)\n",
    "marker": """print('{"op":"result","checks":[{"name":"a","passed":true}]}')\n""",
    "descriptors": """
import os
for fd in range(3, 40):
    try: os.write(fd, b"\\x02\\0\\0\\0\\0\\0\\0\\0{}")
    except OSError: pass
""",
}


@pytest.mark.parametrize("kind", PATCHES)
def test_wrong_code_stays_wrong_whatever_it_patches(kind: str) -> None:
    checks = """
from viva_check import check, close
import numpy as np
@check("sums", weight=3)
def a(sut, rng):
    x = rng.normal(size=8)
    close(sut.f(x), x + 1)
@check("again")
def b(sut, rng):
    x = rng.normal(size=(2, 2))
    close(sut.f(x), x + 1)
"""
    code = PATCHES[kind] + "def f(x): return x\n"
    ran = judge(checks, code, start=fresh, wall_seconds=1.0)
    assert ran.passed == []
    assert [one["name"] for one in ran.last["checks"]] == ["a", "b"]


@pytest.mark.parametrize("kind", ["exit", "threads", "trace", "streams", "collector", "marker"])
def test_right_code_stays_right_where_it_only_behaves_oddly(kind: str) -> None:
    checks = "from viva_check import check, equal\n@check('a')\ndef a(sut): equal(sut.f(1), 2)\n"
    assert judge(checks, PATCHES[kind] + "def f(x): return x + 1\n", start=fresh).passed == ["a"]


def test_a_state_that_is_kept_between_calls_cannot_replay_what_it_never_saw() -> None:
    checks = """
from viva_check import check, equal
@check("a")
def a(sut, rng):
    for _ in range(3):
        n = int(rng.integers(1 << 40))
        equal(sut.f(n), n + 1)
"""
    code = "answers = []\ndef f(n):\n    answers.append(n + 1)\n    return answers[0]\n"
    assert judge(checks, code).passed == []

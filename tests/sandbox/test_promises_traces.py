"""What an attempt cannot find of the checks, cannot guess of the inputs, and cannot leave for the next candidate."""

import asyncio

import pytest

from tests.sandbox.attacks import third_as_nobody
from tests.sandbox.conftest import Judge, Loop, run_of
from tests.sandbox.judging import job_of, one_check, passed
from viva.sandbox.client import Sandbox

# ---- the next candidate

LOOK = """
import builtins, decimal, gc, glob, json, os, random, resource, signal, sys, threading, time, warnings
import numpy as np
import scipy.special, inside.frames, inside.values
def mark(thing): return getattr(thing, "__module__", None), getattr(thing, "__qualname__", type(thing).__name__)
print(sorted(sys.modules), sys.path, sorted(os.environ.items()), os.getcwd(), sorted(os.listdir("/tmp")), os.umask(0o22))
print([mark(vars(m)[n]) for m in (builtins, json, np, np.random, inside.frames, inside.values) for n in sorted(vars(m))])
print(np.random.get_state()[1].sum(), np.geterr(), np.get_printoptions(), decimal.getcontext(), warnings.filters)
print([signal.getsignal(n) for n in (1, 2, 14, 15, 28)], gc.get_threshold(), gc.isenabled(), gc.callbacks)
print(resource.getrlimit(resource.RLIMIT_NOFILE), threading.active_count(), sys.gettrace(), sys.excepthook is sys.__excepthook__)
print(sys.getrecursionlimit(), sys.get_int_max_str_digits())
print(sys.getswitchinterval(), len(os.sched_getaffinity(0)), 3 + 4, scipy.special.expit(0.0))
print(sum(int(x) for x in np.frombuffer(bytes(range(9)), np.uint8)), os.stat("/viva/inside/frames.py").st_size)
"""
POISON = {
    "cant_leave_a_module_for_the_next": "import sys\nsys.modules['left'] = sys.modules['torch'] = sys",
    "cant_hide_a_module_from_the_next": "import sys\nfor name in ('json', 'numpy', 'inside.frames'): del sys.modules[name]",
    "cant_leave_a_path_for_the_next": "import sys\nsys.path.insert(0, '/tmp')\nsys.path_hooks.clear()",
    "cant_leave_a_file_for_the_next": "import os\nos.mkdir('/tmp/left')\nopen('/tmp/left.py', 'w').write('x')",
    "cant_leave_a_variable_for_the_next": "import os\nos.environ['LEFT'] = 'x'\nos.environ.pop('HOME')",
    "cant_leave_numpy_patched_for_the_next": "import numpy\nnumpy.allclose = numpy.random.default_rng = len",
    "cant_leave_numpy_seeded_for_the_next": "import numpy\nnumpy.random.seed(7)\nnumpy.seterr(all='raise')",
    "cant_leave_numpy_printing_strangely_for_the_next": "import numpy\nnumpy.set_printoptions(precision=1, threshold=1)",
    "cant_leave_builtins_patched_for_the_next": "import builtins\nbuiltins.sorted = builtins.sum = lambda *a, **k: 0",
    "cant_leave_the_wire_patched_for_the_next": "from inside import frames, values\nframes.send = values.encode = None",
    "cant_leave_signals_handled_for_the_next": "import signal\nfor n in (1, 2, 14, 15, 28): signal.signal(n, signal.SIG_IGN)",
    "cant_leave_signals_blocked_for_the_next": "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 64))",
    "cant_leave_another_folder_for_the_next": "import os\nos.chdir('/')\nos.umask(0)",
    "cant_leave_the_collector_off_for_the_next": "import gc\ngc.disable()\ngc.set_threshold(1)\ngc.callbacks.append(print)",
    "cant_leave_interpreter_limits_for_the_next": (
        "import sys\nsys.setrecursionlimit(99)\nsys.set_int_max_str_digits(0)\nsys.setswitchinterval(9)"
    ),
    "cant_leave_hooks_for_the_next": "import sys, threading\nsys.settrace(len)\nsys.excepthook = threading.excepthook = print",
    "cant_leave_a_decimal_context_for_the_next": "import decimal\ndecimal.getcontext().prec = 1",
    "cant_leave_warnings_as_errors_for_the_next": "import warnings\nwarnings.simplefilter('error')",
    "cant_leave_memory_changed_for_the_next": "import ctypes\nctypes.memmove(id(7) + 24, b'\\x09', 1)",
    "cant_leave_constants_of_libraries_changed_for_the_next": (
        "import ctypes, scipy.special\nctypes.memset(id(scipy.special.expit) + 16, 0, 8)"
    ),
    "cant_leave_fewer_descriptors_for_the_next": "import os\nheld = [os.pipe() for _ in range(20)]\nos.closerange(0, 3)",
}  # fmt: skip


@pytest.mark.parametrize("name", third_as_nobody(POISON))
def test_an_attempt(judge: Judge, name: str) -> None:
    """What the next attempt sees of its process is what one saw before."""
    before = judge(LOOK, one_check("pass"))
    assert "ended" in judge(POISON[name] + "\ndef attempt(x): return 2 * x\n")
    after = judge(LOOK, one_check("pass"))
    assert (before["ended"], before["says"]) == ("finished", "")
    assert after["prints"] == before["prints"]


def test_the_look_of_the_next_sees_what_is_left(judge: Judge) -> None:
    """Each poison shows to the process that took it; so the look can fail."""
    clean = judge(LOOK, one_check("pass"))["prints"]
    blind = [name for name, code in POISON.items() if judge(code + LOOK, one_check("pass")).get("prints") == clean]
    assert not blind


@pytest.mark.ordinary_user
def test_cant_see_a_process_but_its_own(judge: Judge) -> None:
    seen = judge("import os\nprint(os.getpid(), os.getppid())", one_check("pass"))
    assert seen["prints"] == "1 0\n"


# ---- what is hidden

# A page is compared shifted by one, so that what is looked for never lies in this process by being looked for.
MEMORY = """
import ctypes, gc, os
import numpy as np
wanted = {WANTED}
out, into = os.pipe()
libc = ctypes.CDLL(None)
seen = {name: 0 for name in wanted}
def look(start, size):
    if libc.write(into, ctypes.c_void_p(start), 1) != 1: return False
    os.read(out, 1)
    raw = np.frombuffer((ctypes.c_char * size).from_address(start), np.uint8) + np.uint8(1)
    text = raw.tobytes()
    for name, shifted in wanted.items(): seen[name] += shifted in text
    return True
def attempt(argument):
    gc.unfreeze()
    held = [id(one) for one in gc.get_objects()] + [id(part) for one in gc.get_objects() for part in gc.get_referents(one)]
    held += [libc.sbrk(0) - (at << 20) for at in range(1, 33)]
    regions, pages = {at >> 20 for at in held if at > 0}, 0
    for region in sorted(regions):
        for page in range(region << 20, region + 1 << 20, 4096):
            pages += look(page, 4096)
    return [pages, seen["argument"], seen["secret"], seen["seed"], seen["title"], seen["name"]]
"""


def shifted(words: str) -> str:
    """The bytes of some words, each one more: what a page that holds them looks like after adding one."""
    return repr(bytes(mark + 1 for mark in words.encode()))


@pytest.mark.ordinary_user
def test_cant_find_checks_seed_or_expected_values_in_its_memory(attack: Judge) -> None:
    """It reads every page around its objects by ctypes; it finds what it was given, and nothing of the other side's."""
    words = {
        "argument": "this-was-sent-4471",
        "secret": "expected-value-77b2",
        "seed": "5eed" * 8,
        "title": "hidden title 90af",
        "name": "name_of_check_31c8",
    }
    wanted = "{" + ", ".join(f"{name!r}: {shifted(text)}" for name, text in words.items()) + "}"
    checks = f"""
from viva_check import check, equal
@check("{words["title"]}")
def {words["name"]}(sut, rng):
    secret = "{words["secret"]}"
    found = sut.attempt("{words["argument"]}")
    assert found[0] > 500 and secret
    equal([found[1] > 0, *found[2:]], [True, 0, 0, 0, 0])
"""
    limits = {"cpu_seconds": 6.0, "wall_seconds": 12.0, "memory_mib": 256}
    assert passed(attack(MEMORY.replace("{WANTED}", wanted), checks, **limits))


@pytest.mark.ordinary_user
def test_cant_find_checks_by_walking_frames_and_objects(attack: Judge) -> None:
    code = """
import gc, sys, types
def attempt(x):
    gc.unfreeze()
    names, frame = set(), sys._getframe()
    while frame:
        names |= set(frame.f_code.co_names) | set(map(str, frame.f_locals))
        frame = frame.f_back
    for one in gc.get_objects():
        if isinstance(one, (types.FunctionType, types.ModuleType)): names.add(one.__name__)
        if type(one) is types.FrameType: names |= set(one.f_locals)
    told = sorted(name for name in names if "31c8" in name or name.startswith("viva_check"))
    return told, {"attempt", "serve", "numpy"} <= names
"""
    checks = one_check("equal(sut.attempt(1), ([], True))").replace("def x", "def hidden_31c8")
    assert passed(attack(code, checks, cpu_seconds=2.0, wall_seconds=6.0))


GUESSES = {
    "cant_guess_the_inputs_by_numpys_state": "np.random.set_state(start); return int(np.random.randint(2**62))",
    "cant_guess_the_inputs_by_small_seeds": "return hit(np.random.default_rng(n) for n in range(2000))",
    "cant_guess_the_inputs_by_the_clock": (
        "import time; n = int(time.time()); return hit(map(np.random.default_rng, range(n - 99, n)))"
    ),
    "cant_guess_the_inputs_by_hashes": "return hit(np.random.default_rng(abs(hash(w))) for w in ('drawn', 'attempt', 'x', ''))",
    "cant_guess_the_inputs_by_its_identity": (
        "import os; return hit(map(np.random.default_rng, (os.getpid(), os.getuid(), id(x) & 0xffff)))"
    ),
    "cant_guess_the_inputs_by_a_generator_that_it_was_given": "return int(given.integers(2**62))",
    "cant_guess_the_inputs_by_the_last_ones": "return hit([np.random.default_rng(int(x))])",
}  # fmt: skip


@pytest.mark.parametrize("name", third_as_nobody(GUESSES))
def test_from_what_it_sees_an_attempt(attack: Judge, name: str) -> None:
    """It sees one input and a generator of its own, and is to say the next input."""
    code = f"""
import numpy as np
start = np.random.get_state()
def attempt(x, given):
    def hit(generators): return next((int(r.integers(2**62)) for r in generators if int(r.integers(2**62)) == x), 0)
    {GUESSES[name]}
"""
    checks = one_check(
        "first, second = (int(n) for n in rng.integers(2**62, size=2))\n"
        "equal(sut.attempt(first, seed(int(rng.integers(2**63)))) == second, False)"
    )
    assert passed(attack(code, checks, cpu_seconds=2.0, wall_seconds=6.0))


def test_what_would_guess_a_known_seed_does(judge: Judge) -> None:
    """Were inputs drawn from a small seed, the guess above would find them."""
    code = "import numpy as np\ndef attempt(x):\n    for n in range(99):\n        r = np.random.default_rng(n)\n"
    code += "        if int(r.integers(2**62)) == x: return int(r.integers(2**62))\n"
    checks = one_check(
        "r = np.random.default_rng(7)\na, b = (int(n) for n in r.integers(2**62, size=2))\nequal(sut.attempt(a), b)"
    )
    assert passed(judge(code, checks))


def test_cant_tell_two_runs_of_other_seeds_apart_by_what_it_was_left(loop: Loop, sandbox: Sandbox) -> None:
    """Two candidates at a time, of one zygote: neither sees a file, a process or a user of the other."""
    code = "import os, time\nopen('/tmp/' + str(os.getuid()), 'w').close()\ntime.sleep(0.1)\nprint(len(os.listdir('/tmp')))"

    async def both() -> list[str]:
        seen = await asyncio.gather(*(sandbox.run(job_of(code, one_check("pass"))) for _ in range(2)))
        return [run_of(one).prints.strip() for one in seen]

    assert loop.run(both()) == ["1", "1"]


# ---- what a question excludes

EXCLUDED = {
    "cant_restore_an_excluded_name_by_reload": "import importlib; importlib.reload(np.linalg); return np.linalg.norm([x, x])",
    "cant_restore_an_excluded_name_by_gc": (
        "import gc; return [f for f in gc.get_objects() if getattr(f, '__name__', '') == 'norm'][0]([x, x])"
    ),
    "cant_restore_an_excluded_name_by_sys_modules": (
        "import sys; sys.modules.pop('numpy.linalg'); from numpy.linalg import norm; return norm([x])"
    ),
    "cant_restore_an_excluded_name_by_the_module_behind_it": "return np.linalg._linalg.norm([x, x])",
}  # fmt: skip


@pytest.mark.parametrize("name", third_as_nobody(EXCLUDED))
def test_beside_its_question_an_attempt(attack: Judge, name: str) -> None:
    seen = attack(
        f"import numpy as np\ndef attempt(x):\n    {EXCLUDED[name]}\n",
        one_check("sut.attempt(1)"),
        forbid=["numpy.linalg.norm"],
    )
    assert not seen["checks"][0]["passed"], seen
    assert seen["ended"] == "finished"

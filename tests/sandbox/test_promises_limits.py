"""What an attempt cannot use up, and that nothing of it goes on after its run: each promise is tried for real."""

import asyncio
import os
import time

import pytest

from tests.sandbox.attacks import third_as_nobody
from tests.sandbox.conftest import Judge, Loop, left_of_runs, run_of
from tests.sandbox.judging import job_of, one_check, passed
from viva.sandbox.client import Sandbox

OUT_OF_MEMORY, TIMED_OUT, OUTPUT, KILLED = "out_of_memory", "timed_out", "output_limit", "killed"
FINISHED, CRASHED = "finished", "crashed"

WIRE = """
import os, socket, time
def is_socket(fd):
    try: return (os.fstat(fd).st_mode & 0o170000) == 0o140000
    except OSError: return False
fd = next(filter(is_socket, range(64)))
"""

USED_UP = {
    # memory
    "cant_take_all_memory_by_a_growing_list": (
        "held = []\ndef attempt(x):\n    while True: held.append(bytearray(1 << 22))",
        OUT_OF_MEMORY,
    ),
    "cant_take_all_memory_while_loading": ("held = [bytes(1 << 22) for _ in range(99)]", OUT_OF_MEMORY),
    "cant_take_all_memory_by_one_integer": ("def attempt(x): return 1 << (1 << 33)", OUT_OF_MEMORY),
    "cant_take_all_memory_by_one_string": ("def attempt(x): return 'x' * (1 << 30)", OUT_OF_MEMORY),
    "cant_take_all_memory_and_catch_the_error": (
        "def attempt(x):\n    try: return bytearray(1 << 30)\n    except MemoryError: return 0",
        FINISHED,
    ),
    "cant_map_more_memory_than_it_may_have": ("import mmap\ndef attempt(x): return mmap.mmap(-1, 1 << 30)", FINISHED),
    "cant_share_more_memory_than_it_may_have": (
        "import mmap\nheld = []\ndef attempt(x):\n    while True: held.append(mmap.mmap(-1, 1 << 24, mmap.MAP_SHARED))",
        FINISHED,
    ),
    "cant_keep_memory_in_files_and_their_maps": (
        (
            "import mmap, os\nheld = []\ndef attempt(x):\n    f = os.open('/tmp/m', os.O_CREAT | os.O_RDWR)\n"
            "    os.ftruncate(f, 16 << 20)\n    while True: held.append(mmap.mmap(f, 0))"
        ),
        FINISHED,
    ),
    "cant_take_all_memory_by_stacks_of_threads": (
        (
            "import threading, time\nthreading.stack_size(64 << 20)\ndef attempt(x):\n"
            "    while True: threading.Thread(target=time.sleep, args=(9,), daemon=True).start()"
        ),
        FINISHED,
    ),
    "cant_return_more_than_it_has": (
        "import numpy as np\ndef attempt(x): return np.broadcast_to(np.ones(1), (1 << 20, 1 << 20))",
        FINISHED,
    ),
    "cant_return_a_value_without_end": ("import itertools\ndef attempt(x): return itertools.count()", FINISHED),
    "cant_return_a_list_within_itself": ("def attempt(x):\n    a = []\n    a.append(a)\n    return a", FINISHED),
    "cant_overflow_the_stack_unseen": (
        "import sys\nsys.setrecursionlimit(10**9)\ndef attempt(x): return [*map(attempt, [x])]",
        CRASHED,
    ),
    # time
    "cant_compute_without_end_while_loading": ("while True: pass", TIMED_OUT),
    "cant_compute_without_end_where_no_signal_is_heard": (
        "import re\ndef attempt(x): re.match('(a+)+$', 'a' * 60 + 'b')",
        TIMED_OUT,
    ),
    "cant_compute_without_end_in_threads": (
        (
            "import threading, time\ndef spin():\n    while True: sum(range(999))\ndef attempt(x):\n"
            "    for _ in range(4): threading.Thread(target=spin, daemon=True).start()\n    time.sleep(9)"
        ),
        TIMED_OUT,
    ),
    "cant_compute_without_end_by_catching_all": (
        "def attempt(x):\n    while True:\n        try:\n            while True: pass\n        except BaseException: pass",
        TIMED_OUT,
    ),
    "cant_sleep_its_time_away": ("import time\ndef attempt(x): time.sleep(9)", TIMED_OUT),
    "cant_sleep_while_loading": ("import time\ntime.sleep(9)", TIMED_OUT),
    "cant_wait_for_a_lock_without_end": (
        "import threading\nlock = threading.Lock()\ndef attempt(x): return lock.acquire() and lock.acquire()",
        TIMED_OUT,
    ),
    "cant_wait_for_a_signal_without_end": ("import signal\ndef attempt(x): signal.pause()", TIMED_OUT),
    "cant_wait_for_its_own_pipe_without_end": ("import os\ndef attempt(x): os.read(os.pipe()[0], 1)", TIMED_OUT),
    "cant_sleep_in_a_destructor": (
        "import time\nclass Late:\n    def __del__(self): time.sleep(9)\ndef attempt(x): Late()",
        TIMED_OUT,
    ),
    # output and descriptors
    "cant_print_without_end": ("def attempt(x):\n    while True: print('x' * 9999)", OUTPUT),
    "cant_print_without_end_on_standard_error": (
        "import os\ndef attempt(x):\n    while True: os.writev(2, [b'x' * 60000] * 9)",
        OUTPUT,
    ),
    "cant_use_up_descriptors_by_pipes": ("import os\ndef attempt(x):\n    while True: os.pipe()", FINISHED),
    "cant_use_up_descriptors_by_epoll": ("import select\ndef attempt(x): return [select.epoll() for _ in range(99)]", FINISHED),
    "cant_use_up_descriptors_by_sockets": (
        "import socket\nheld = []\ndef attempt(x):\n    while True: held.append(socket.socketpair())",
        FINISHED,
    ),
    "cant_queue_descriptors_in_flight": (
        (
            "import socket, os\na, b = socket.socketpair()\ndef attempt(x):\n"
            "    while True: socket.send_fds(a, [b'x'], [0] * 200)"
        ),
        FINISHED,
    ),
    # the wire
    "cant_flood_the_wire": (WIRE + "def attempt(x):\n    while True: os.write(fd, b'x' * 60000)", KILLED),
    "cant_announce_a_frame_that_never_comes": (
        WIRE + "def attempt(x):\n    os.write(fd, b'\\2\\0\\0\\0\\x09\\0\\0\\0{}')\n    time.sleep(9)",
        TIMED_OUT,
    ),
    "cant_announce_a_frame_of_four_gigabytes": (WIRE + "def attempt(x): os.write(fd, b'\\xff' * 8)\n", KILLED),
    "cant_trickle_a_frame": (
        WIRE + "def attempt(x):\n    os.write(fd, b'\\xff\\0\\0\\0' * 2)\n    while True: time.sleep(0.02), os.write(fd, b' ')",
        TIMED_OUT,
    ),
    "cant_hang_up_and_wait": (WIRE + "def attempt(x):\n    os.close(fd)\n    time.sleep(9)", KILLED),
    "cant_shut_half_of_the_wire": (
        WIRE + "def attempt(x):\n    socket.socket(fileno=os.dup(fd)).shutdown(socket.SHUT_WR)\n    time.sleep(9)",
        KILLED,
    ),
}  # fmt: skip


def limits_of(ended: str) -> dict[str, float]:
    """Little time where all of it will be used, and enough for a slow machine where another limit is to end the run."""
    return (
        {"cpu_seconds": 0.2, "wall_seconds": 0.3} if ended == TIMED_OUT else {"cpu_seconds": 1.0, "wall_seconds": 3.0}
    )


@pytest.mark.parametrize("name", third_as_nobody(USED_UP))
def test_an_attempt(attack: Judge, name: str) -> None:
    code, ended = USED_UP[name]
    seen = attack(code, **limits_of(ended))
    assert seen["ended"] == ended, seen
    assert bool(seen["says"]) == (ended != FINISHED)
    assert [check["passed"] for check in seen["checks"]] == [False, False]
    assert all(check["says"] for check in seen["checks"])
    assert seen["memory_mib"] <= 128 + 16  # its budget, and what it may keep in /tmp
    assert seen["cpu_seconds"] < 1.5


CALLS_BACK = one_check("sut.attempt(lambda x: x)")
ASKING = {
    "cant_call_the_checks_without_end": ("def attempt(f):\n    while True: f(1)", TIMED_OUT),
    "cant_call_the_checks_from_many_threads": (
        (
            "import threading\ndef attempt(f):\n    said = []\n    def ask():\n        try: f(1)\n"
            "        except RuntimeError as problem: said.append(problem)\n"
            "    t = threading.Thread(target=ask)\n    t.start()\n    t.join()\n    raise said[0]"
        ),
        FINISHED,
    ),
    "cant_call_the_checks_with_what_is_no_value": ("def attempt(f): f(object())", FINISHED),
    "cant_call_the_checks_with_too_much": ("def attempt(f): f([0] * 200_000)", FINISHED),
    "cant_call_the_checks_by_names_that_they_lack": ("def attempt(f): f(__class__=1)", FINISHED),
}


@pytest.mark.parametrize("name", third_as_nobody(ASKING))
def test_an_attempt_that_was_given_a_function(attack: Judge, name: str) -> None:
    code, ended = ASKING[name]
    seen = attack(code, CALLS_BACK, **limits_of(ended))
    assert seen["ended"] == ended, seen
    assert not seen["checks"][0]["passed"]


@pytest.mark.ordinary_user
@pytest.mark.parametrize(
    ["code", "ended"],
    [("f(1)", FINISHED), ("try: f(1)\n        except RuntimeError: pass", TIMED_OUT)],
    ids=["once told", "deaf to it"],
)
def test_cant_make_the_checker_late_by_calling_it(attack: Judge, code: str, ended: str) -> None:
    """The checker's time in calls is bounded, here to a hundredth of what it is."""
    slow = (
        "def slow(x):\n    end = time.process_time() + 0.03\n    while time.process_time() < end: pass\n    return x\n"
    )
    checks = "import time\nfrom inside import wire\nwire.CALLS_SECONDS = 0.1\n" + slow + one_check("sut.attempt(slow)")
    seen = attack(f"def attempt(f):\n    while True:\n        {code}\n", checks, cpu_seconds=0.4, wall_seconds=3.0)
    assert seen["ended"] == ended, seen
    assert ended == TIMED_OUT or "for too long in all" in seen["checks"][0]["says"]


OUTLIVING = {
    "cant_outlive_its_run": "import threading, time\nthreading.Thread(target=time.sleep, args=(9,), daemon=False).start()",
    "cant_outlive_its_run_computing": (
        "import threading\ndef spin():\n    while True: pass\nthreading.Thread(target=spin, daemon=False).start()"
    ),
    "cant_hold_the_end_up_by_atexit": "import atexit, time\natexit.register(time.sleep, 9)",
    "cant_hold_the_end_up_by_threading_atexit": "import threading, time\nthreading._register_atexit(time.sleep, 9)",
    "cant_survive_by_handling_sigterm": (
        "import signal, time\nfor n in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT): signal.signal(n, lambda *a: time.sleep(9))"
    ),
    "cant_survive_by_ringing_itself_awake": (
        "import signal, time\nsignal.signal(signal.SIGALRM, lambda *a: None)\nsignal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)"
    ),
    "cant_survive_by_forking_twice": (
        "import os, time\ntry:\n    if os.fork() == 0:\n        if os.fork() == 0: time.sleep(9)\nexcept OSError: pass"
    ),
    "cant_survive_by_a_new_session": "import os\ntry: os.setsid()\nexcept OSError: pass",
    "cant_hold_the_end_up_by_blocking_signals": "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 64))",
    "cant_hold_the_end_up_by_a_destructor": (
        "import sys, time\nclass Late:\n    def __del__(self): time.sleep(9)\nsys.modules['late'] = Late()"
    ),
    "cant_hold_the_end_up_by_its_streams": (
        "import sys, time\nclass Slow:\n    def write(self, text): pass\n    def flush(self): raise KeyboardInterrupt\n"
        "sys.stdout = sys.stderr = Slow()"
    ),
}


@pytest.mark.parametrize("name", third_as_nobody(OUTLIVING))
def test_an_attempt_that_answers_well(attack: Judge, name: str) -> None:
    """Its verdict stands and comes soon; `attack` sees that it is gone."""
    assert passed(attack(OUTLIVING[name] + "\ndef attempt(x): return 2 * x\n", cpu_seconds=0.5, wall_seconds=1.0))


def test_a_process_that_outlived_its_run_would_be_seen(loop: Loop, sandbox: Sandbox) -> None:
    """The fork of a run in progress, and the one that waits beside it, are what `left_of_runs` counts."""

    async def seen() -> list[int]:
        await asyncio.gather(*(sandbox.run(job_of("def attempt(x): return 0")) for _ in range(2)))
        slow = [asyncio.create_task(sandbox.run(job_of("import time\ntime.sleep(0.3)"))) for _ in range(2)]
        left: list[int] = []
        while not left and not all(run.done() for run in slow):
            await asyncio.sleep(0.01)
            left = left_of_runs(os.getpid(), seconds=0.002)
        for run in slow:
            run_of(await run)
        return left

    assert loop.run(seen())
    start = time.monotonic()
    assert left_of_runs(os.getpid()) == []
    assert time.monotonic() - start < 2

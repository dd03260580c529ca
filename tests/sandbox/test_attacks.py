"""What code in a run cannot do: each attack is tried for real and must be refused, and the verdict must stand."""

import asyncio
import os
import socket
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sandbox.attacks import PRELUDE, REFUSED, third_as_nobody
from tests.sandbox.conftest import Judge, Loop, run_of
from tests.sandbox.judging import RIGHT, job_of
from viva.sandbox.client import Sandbox

PROBE = """
from viva_check import check
@check("it loads", visible=True)
def loads(sut, rng):
    sut.attempt(1)
"""

KINDS = ("PermissionError", "FileNotFoundError", "OSError", "RuntimeError", "ValueError")  # not a slip in the attack


def code_of(body: str) -> str:
    return PRELUDE.replace("{body}", textwrap.indent(body, "    "))


@pytest.mark.parametrize("name", third_as_nobody(REFUSED))
def test_what_is_not_given_is_refused(judge: Judge, name: str) -> None:
    seen = judge(code_of(REFUSED[name].replace("\n    ", "\n")), PROBE)
    assert (seen.get("ended"), seen.get("says")) == ("finished", ""), (name, seen)
    assert seen.get("prints", "").startswith(tuple(f"refused {kind} " for kind in KINDS)), (name, seen)


@pytest.mark.ordinary_user
def test_the_harness_of_attacks_says_open_where_something_is_open(judge: Judge) -> None:
    assert judge(code_of("return open('/tmp/x', 'w').write('allowed')"), PROBE)["prints"].startswith("OPEN")


@pytest.mark.ordinary_user
def test_a_call_by_the_32_bit_door_ends_the_process(judge: Judge) -> None:
    """`int 0x80` with eax = 20 (getpid there) is another architecture to the kernel."""
    code = """
import ctypes, mmap
page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
page.write(bytes([0xB8, 20, 0, 0, 0, 0xCD, 0x80, 0xC3]))
print("OPEN", ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))())
"""
    seen = judge(code, PROBE)
    assert "OPEN" not in seen["prints"]
    assert seen["ended"] in ("forbidden", "crashed")


def test_a_call_by_the_x32_table_ends_the_process(judge: Judge) -> None:
    seen = judge(code_of("return call(0x40000000 + 39)"), PROBE)
    assert "OPEN" not in seen["prints"]
    assert seen["ended"] == "forbidden"


@pytest.mark.ordinary_user
def test_it_holds_no_descriptor_but_its_streams_and_the_wire(judge: Judge) -> None:
    code = """
import os, stat
kinds = []
for fd in range(400):
    try:
        kinds.append(stat.S_IFMT(os.fstat(fd).st_mode))
    except OSError:
        pass
print([kind == stat.S_IFSOCK for kind in kinds[3:]])
"""
    assert judge(code, PROBE)["prints"].strip() == "[True]"


def test_it_can_start_some_threads_of_its_own(judge: Judge) -> None:
    code = """
import threading
answers = []
threads = [threading.Thread(target=answers.append, args=(n,)) for n in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
def attempt(x): return 2 * x if len(answers) == 4 else 0
"""
    assert [check["passed"] for check in judge(code)["checks"]] == [True, True]


@pytest.fixture
def secret_in_our_environment() -> Iterator[str]:
    os.environ["SECRET_OF_THE_SERVER"] = "secret-6d1f0c"
    yield "secret-6d1f0c"
    del os.environ["SECRET_OF_THE_SERVER"]


def test_no_variable_of_the_server_reaches_it(loop: Loop, numpy_folder: Path, secret_in_our_environment: str) -> None:
    async def judged() -> str:
        async with Sandbox(folder=numpy_folder, spares=0) as sandbox:
            return run_of(await sandbox.run(job_of("import os\nprint(dict(os.environ))", PROBE))).prints

    prints = loop.run(judged())
    assert "OMP_NUM_THREADS" in prints
    assert secret_in_our_environment not in prints


def test_open_files_and_sockets_of_the_server_do_not_reach_it(loop: Loop, numpy_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret-of-a-file")
    held = os.open(tmp_path / "secret", os.O_RDONLY)
    os.set_inheritable(held, True)
    listening = socket.create_server(("127.0.0.1", 0))
    listening.set_inheritable(True)
    code = "import os\nfor fd in range(3, 400):\n    try: print(os.pread(fd, 99, 0))\n    except OSError: pass\n"

    async def judged() -> str:
        async with Sandbox(folder=numpy_folder, spares=0) as sandbox:
            return run_of(await sandbox.run(job_of(code, PROBE))).prints

    try:
        assert loop.run(judged()) == ""
    finally:
        os.close(held)
        listening.close()


@pytest.mark.ordinary_user
def test_nothing_of_checks_or_hidden_files_lies_in_its_jail_or_memory(judge: Judge) -> None:
    """It reads every file that it can, and every object of its process, looking for the other jail's words."""
    code = """
import gc, os, sys
word = "expected-" + "value-77b2"
found = []
for folder, _, names in os.walk("/"):
    if folder.startswith(("/usr", "/env", "/python", "/dev")):
        continue
    for name in names:
        path = os.path.join(folder, name)
        try:
            if word.encode() in open(path, "rb").read():
                found.append(path)
        except OSError:
            pass
for one in gc.get_objects():
    for held in gc.get_referents(one):
        if type(held) in (str, bytes) and held is not word and len(held) > 15 and word in str(held):
            found.append(held)
frame = sys._getframe()
while frame:
    found += [value for value in frame.f_locals.values() if type(value) is str and "value-77b2" in value and value != word]
    frame = frame.f_back
print("found", [one for one in found if one != word and "import gc" not in str(one)])
def attempt(x): return 2 * x
"""
    hidden = "expected-value-77b2"
    checks = f"""
from viva_check import check, fail
SECRET = "{hidden}"
@check("hidden {hidden}")
def hidden_check(sut, rng):
    assert open("hidden/answers.txt").read() == SECRET
    if sut.attempt(2) != 4:
        fail("no")
"""
    seen = judge(code, checks, files={"hidden/answers.txt": hidden}, cpu_seconds=8, wall_seconds=20)
    assert seen["prints"].strip() == "found []"
    assert [check["passed"] for check in seen["checks"]] == [True]


def test_neither_viva_nor_its_checks_can_be_imported(judge: Judge) -> None:
    code = """
for name in ("viva", "viva_check", "viva_bank", "pip", "pytest"):
    try:
        __import__(name)
        print("OPEN", name)
    except ImportError:
        pass
"""
    assert judge(code, PROBE)["prints"] == ""


@pytest.mark.ordinary_user
def test_a_note_left_in_tmp_is_gone_in_the_next_run(judge: Judge) -> None:
    judge("open('/tmp/note', 'w').write('for the next one')", PROBE)
    assert judge("import os; print(os.listdir('/tmp'))", PROBE)["prints"].strip() == "[]"


def test_two_runs_at_the_same_time_do_not_see_each_other(loop: Loop, sandbox: Sandbox) -> None:
    writes = (
        "import time, os\nopen('/tmp/mine', 'w').close()\ntime.sleep(0.4)\nprint(os.listdir('/tmp'), os.getuid())\n"
    )
    looks = "import time, os\ntime.sleep(0.2)\nprint(os.listdir('/tmp'), os.getuid())\n"

    async def both() -> list[str]:
        jobs = [sandbox.run(job_of(code, PROBE)) for code in (writes, looks)]
        return [run_of(seen).prints for seen in await asyncio.gather(*jobs)]

    first, second = loop.run(both())
    assert first.startswith("['mine']")
    assert second.startswith("[]")
    assert os.geteuid() != 0 or first.split()[-1] != second.split()[-1]


def test_an_attempt_that_patches_everything_keeps_its_verdict(judge: Judge) -> None:
    code = """
import builtins, numpy, sys
numpy.allclose = numpy.array_equal = lambda *a, **k: True
builtins.len = builtins.isinstance = lambda *a: True
for module in list(sys.modules.values()):
    for name in list(vars(module)):
        if name in ("fail", "close", "send"):
            setattr(module, name, lambda *a, **k: None)
def attempt(x): return 1
"""
    seen = judge(code)
    assert all(not check["passed"] for check in seen.get("checks", [{"passed": False}]))


def test_after_all_this_right_code_is_still_right(judge: Judge) -> None:
    start = time.monotonic()
    assert [check["passed"] for check in judge(RIGHT)["checks"]] == [True, True]
    assert time.monotonic() - start < 5

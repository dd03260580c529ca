"""Whose fault an exception in a check is: the check's own bug is ours, tripping over a wrong result is the candidate's."""

import textwrap
from typing import Any

import pytest

from tests.wire.harness import judge

HEAD = "import numpy as np\nfrom viva_check import *\nfrom viva_check import AuthorError, CandidateError\n"
CODE = "def f(x): return x\ndef pair(): return (1, 2, 3)\ndef loop(g): return g(None)\n"


def run(body: str) -> dict[str, Any]:
    """The last frame of a run of one check with this body."""
    checks = HEAD + '@check("a")\ndef a(sut, rng):\n' + textwrap.indent(textwrap.dedent(body), "    ")
    return judge(checks, CODE).last


@pytest.mark.parametrize(
    "body",
    [
        "raise RuntimeError('bug')",
        "sut.f(1)\nraise RuntimeError('bug')",
        "x = sut.f(1)\nassert x == 2",
        "x = sut.f(1)\nnothing_such",
        "x = sut.f([1])\ny = [1, 2]\ny[5]",
        "y = {}\nx = sut.f(y['k'])",
        "x = sut.f(1)\ny = [1]\nsut.f(y[3])",
        "len(None)",
        "x = sut.f(np.ones(2))\n1 / 0",
        "sut.f(1)\nclose(1, object())",
        "sut.f(1)\nseed(-1)",
        "sut.f(x := 1)\nint('x')",
        "sut.f(object())",
        "n = 3\nx = sut.f([3, 4])\n[1, 2][n]",
        "sut.loop(lambda x: 1 / 0)",
        "sut.loop(lambda x: [][3])",
    ],
)
def test_a_bug_of_the_check_is_our_fault(body: str) -> None:
    last = run(body)
    assert last["op"] == "broken"
    assert last["says"]
    assert 'File "checks.py"' in str(last["traceback"])


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("out = sut.f(None)\nlen(out)", "None"),
        ("out = sut.f(None)\nfor x in out: pass", "None"),
        ("out = sut.f('text')\nout.shape", "'text'"),
        ("out = sut.f(np.ones(3))\nt, d = out.shape", "an array of shape (3,) and dtype float64"),
        ("one, two = sut.pair()", "a tuple of 3 items"),
        ("for one, two in sut.f([1, 2]): pass", "a list of 2 items"),
        ("sut.f(None).shape", "None"),
        ("len(sut.f(3))", "3"),
        ("out = sut.f([1, [2, 3, 4]])\n[(a, b) for a, b in out]", "a list of 2 items"),
        ("out = sut.f([1])\nsorted(out, key=lambda pair: pair[1])", "a list of 1 item"),
        ("out = sut.f({})\nout['k']", "a dict of 0 items"),
        ("out = sut.f([np.ones(2)])\nnp.stack(out, 7)", "a list of 1 item"),
        ("def first(of): return of[0]\nout = sut.f(3)\nfirst(out)", "3"),
        ("sut.loop(lambda x: x + 1)", "None"),
    ],
)
def test_a_check_that_trips_over_a_result_fails_in_words(body: str, says: str) -> None:
    last = run(body)
    assert last["op"] == "result", last
    (one,) = last["checks"]
    assert one["says"] == f"The check cannot work with what your code returned: {says}."


@pytest.mark.parametrize(
    ("checks", "says"),
    [
        ("x = ", "checks.py, line 1: Your code is not valid Python"),
        ("import nothing_such", "ModuleNotFoundError"),
        ("x = 1", "checks.py defines no check to run"),
        ("from viva_check import check\n@check('')\ndef a(sut): pass", "AuthorError: @check needs a title"),
        ("from viva_check import check\n@check('t', weight=0)\ndef a(sut): pass", "AuthorError: @check(weight=0)"),
        ("from viva_check import check\n@check('t')\ndef a(it): pass", "AuthorError: check 'a' takes (it)"),
        (
            "from viva_check import check\n@check('t')\ndef a(sut): pass\n@check('t')\ndef a(sut): pass",
            "AuthorError: two checks are named 'a'",
        ),
        (
            "from viva_check import check\nrequires = 'f'\n@check('t')\ndef a(sut): pass",
            "AuthorError: requires must be",
        ),
    ],
)
def test_a_broken_checks_file_is_our_fault_and_names_the_place(checks: str, says: str) -> None:
    last = judge(checks, CODE).last
    assert last["op"] == "broken"
    assert says in last["says"]


def test_given_code_that_does_not_load_is_our_fault_and_no_candidate_byte_was_there_to_cause_it() -> None:
    checks = HEAD + "@check('a')\ndef a(sut): pass\n"
    last = judge(checks, "raise SystemExit", files={"given.py": b"1 / 0"}).last
    assert last["op"] == "broken"
    assert "given.py does not load: Your code raised ZeroDivisionError" in last["says"]


def test_a_file_outside_the_questions_folders_is_no_job() -> None:
    for name in ("../x", "/etc/x", "data/../../x", "solution.py"):
        last = judge(HEAD + "@check('a')\ndef a(sut): pass\n", CODE, files={name: b""}).last
        assert last["op"] == "broken"
        assert "neither under data/ nor under hidden/" in last["says"]

"""A run from end to end: what the supervisor is told when a question's checks drive an attempt."""

import textwrap

import pytest

from tests.wire.harness import judge

DOUBLES = """
from viva_check import check, close, equal, fail
import numpy as np

requires = ("double",)

@check("doubles numbers", weight=2, visible=True)
def numbers(sut):
    equal(sut.double(3), 6)

@check("doubles arrays", cpu_seconds=0.25)
def matrices(sut, rng):
    x = rng.normal(size=(2, 3))
    close(sut.double(x), 2 * x)
"""


def checks(body: str) -> str:
    """A checks.py with the usual imports."""
    head = "import numpy as np\nfrom viva_check import *\nfrom viva_check import AuthorError, CandidateError\n"
    return head + textwrap.dedent(body)


def test_right_code_passes_every_check() -> None:
    ran = judge(DOUBLES, "def double(x):\n    return x + x\n")
    assert ran.passed == ["numbers", "matrices"]
    assert ran.last["import_error"] is None
    assert ran.last["memory_error"] is False
    assert ran.checks["numbers"] == {
        "name": "numbers",
        "title": "doubles numbers",
        "passed": True,
        "weight": 2.0,
        "visible": True,
        "says": "",
        "line": None,
        "ran": True,
    }


def test_the_supervisor_hears_of_every_stretch_and_no_limit_is_over_half_of_the_budget() -> None:
    ran = judge(DOUBLES, "def double(x):\n    return x + x\n")
    assert [(one["op"], one["what"]) for one in ran.told] == [
        ("began", "import"),
        ("ended", "import"),
        ("began", "numbers"),
        ("ended", "numbers"),
        ("began", "matrices"),
        ("ended", "matrices"),
    ]
    assert [one["cpu_seconds"] for one in ran.told if one["op"] == "began"] == [1.0, 1.0, 0.25]


def test_wrong_code_fails_the_checks_that_it_fails_and_no_others() -> None:
    ran = judge(DOUBLES, "def double(x):\n    return 6\n")
    assert ran.passed == ["numbers"]
    assert ran.says("matrices") == "Your result is the single number 6, expected an array of shape (2, 3)."


def test_run_asks_the_visible_checks_alone() -> None:
    assert list(judge(DOUBLES, "def double(x):\n    return x + x\n", which="visible").checks) == ["numbers"]


def test_the_same_seed_draws_the_same_inputs_and_each_check_has_its_own() -> None:
    draws = checks("""
        @check("a")
        def a(sut, rng): fail(str(rng.integers(1 << 60)))
        @check("b")
        def b(sut, rng): fail(str(rng.integers(1 << 60)))
    """)
    first, again, other = judge(draws), judge(draws), judge(draws, seed="0ther")
    assert first.says("a") == again.says("a")
    assert len({first.says("a"), first.says("b"), other.says("a"), other.says("b")}) == 4


def test_a_missing_name_is_found_right_after_import_and_named() -> None:
    ran = judge(DOUBLES, "def dubble(x):\n    return x + x\n")
    assert ran.last["import_error"] == {"says": "Your code has no function `double`. It has `dubble`.", "line": None}
    assert [(one["ran"], one["says"]) for one in ran.last["checks"]] == [
        (False, "Not run: your code could not be loaded.")
    ] * 2


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("double = 3", "`double` in your code is an object of type int, not a function."),
        ("import nothing_such", "Your code raised ModuleNotFoundError: No module named 'nothing_such'"),
        ("1 / 0", "Your code raised ZeroDivisionError: division by zero (line 1: `1 / 0`)."),
        ("import sys\nsys.exit(3)", "Your code called sys.exit(3) (line 2: `sys.exit(3)`)."),
        ("raise KeyboardInterrupt", "Your code raised KeyboardInterrupt (line 1"),
        ("def double(x)\n    return x", "Your code is not valid Python: expected ':' (line 1: `def double(x)`)."),
    ],
)
def test_code_that_does_not_load_is_told_why(code: str, says: str) -> None:
    error = judge(DOUBLES, code).last["import_error"]
    assert error["says"].startswith(says)


@pytest.mark.parametrize(
    ("requires", "says"),
    [("Adam", "Your code has no class `Adam`."), ("Known.step", "Your `Known` has no `step`.")],
)
def test_a_missing_class_or_method_is_named(requires: str, says: str) -> None:
    body = checks(f'requires = ("{requires}",)\n@check("a")\ndef a(sut): pass\n')
    assert judge(body, "class Known: pass").last["import_error"]["says"].startswith(says)


def test_given_code_is_importable_and_data_lie_in_the_checkers_folder_alone() -> None:
    body = checks("""
        @check("a")
        def a(sut):
            equal(sut.read(), int((folder() / "hidden" / "answer.txt").read_text()))
            equal(sut.look(), False)
    """)
    code = "import os, given\ndef read(): return given.ANSWER\ndef look(): return os.path.exists('hidden/answer.txt')\n"
    assert judge(body, code, files={"given.py": b"ANSWER = 42\n", "hidden/answer.txt": b"42"}).passed == ["a"]


def test_prints_come_out_also_when_the_process_dies_or_the_stream_was_replaced() -> None:
    body = checks("""
        @check("a")
        def a(sut): sut.f()
        @check("b")
        def b(sut): sut.g()
    """)
    code = "import os, sys\nprint('loaded')\ndef f():\n    print('one')\n    os._exit(0)\ndef g():\n    sys.stdout = None\n"
    ran = judge(body, code)
    assert ran.prints.split() == ["loaded", "one", "loaded"]
    assert ran.passed == ["b"]


def test_after_a_death_that_check_fails_and_the_rest_goes_on_in_a_fresh_fork() -> None:
    body = checks("""
        @check("a")
        def a(sut): equal(sut.f(1), 1)
        @check("b")
        def b(sut): sut.f(2)
        @check("c")
        def c(sut): equal(sut.f(3), 1)
    """)
    code = "import os\ncalls = []\ndef f(x):\n    calls.append(x)\n    if x == 2: os._exit(0)\n    return len(calls)\n"
    ran = judge(body, code)
    assert ran.passed == ["a", "c"]
    assert ran.says("b") == "Its process ended."
    assert [one["what"] for one in ran.told if one["op"] == "began"] == ["import", "a", "b", "import", "c"]


def test_after_three_deaths_the_rest_is_not_run_and_says_so() -> None:
    body = checks("".join(f'@check("{n}")\ndef {n}(sut): sut.f()\n' for n in "abcd"))
    ran = judge(body, "import os\ndef f(): os._exit(1)\n")
    assert ran.endings == ["crashed"] * 3
    assert [one["ran"] for one in ran.last["checks"]] == [True, True, True, False]
    assert ran.checks["d"]["says"] == "Not run: your code was stopped before this check."


def test_a_death_during_import_is_not_tried_again() -> None:
    ran = judge(DOUBLES, "import os\nos._exit(1)\n")
    assert ran.endings == ["crashed"]
    assert ran.last["import_error"] is None
    assert not any(one["ran"] for one in ran.last["checks"])


def test_code_without_an_end_is_stopped_from_outside_and_the_rest_goes_on() -> None:
    ran = judge(DOUBLES, "def double(x):\n    while type(x) is int: pass\n    return x + x\n", wall_seconds=0.4)
    assert ran.endings == ["timed_out"]
    assert ran.passed == ["matrices"]

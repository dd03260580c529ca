"""Functions of a check that the candidate's code calls: they work, and they cannot be abused."""

import pytest

from tests.wire.harness import judge
from tests.wire.test_objects import HEAD, verdict
from viva.sandbox.inside.wire import CALLS_LIMIT

CODE = """
import threading
import numpy as np

def twice(step, x): return step(step(x))
def with_names(step): return step(1, b=2)
def swallow(step, x):
    try: step(x)
    except BaseException: pass
    return 7
def often(step, n):
    for _ in range(n):
        try: step()
        except RuntimeError: return -1
    return n
def badly(step): return step({1, 2})
def in_thread(step):
    seen = []
    def run():
        try: step(1)
        except RuntimeError as problem: seen.append(str(problem))
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return seen
def keep(step): globals()["kept"] = step
def later(): return kept(1)
class Search:
    def __init__(self, step): self.step = step
    def run(self, x): return self.step(x)
"""


@pytest.mark.parametrize(
    "body",
    [
        "equal(sut.twice(lambda x: x + 3, 1), 7)",
        "equal(sut.twice(lambda x: x * 2, np.arange(3)), np.arange(3) * 4)",
        "equal(sut.with_names(lambda a, b: [a, b]), [1, 2])",
        "equal(sut.Search(lambda x: -x).run(3), -3)",
        "x = sut.put(np.ones(2))\nsut.twice(lambda _: x, 1)\nequal(sut.fetch(x), np.ones(2))",
        "sut['keep'](lambda x: x + 1)\nequal(sut.later(), 2)",
        "calls = []\nsut.often(lambda: calls.append(1), 50)\nequal(len(calls), 50)",
        "(said,) = sut.in_thread(lambda x: x)\nequal('only while your code is being called, in the main thread' in said, True)",
    ],
)
def test_the_candidates_code_can_call_a_function_of_the_check(body: str) -> None:
    assert verdict(body, CODE) == ""


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (
            "sut.twice(lambda: 1, 1)",
            "Your code called the function that it was given wrongly: too many positional arguments.",
        ),
        (
            "sut.swallow(lambda x: fail('step was asked for a token that does not exist'), 1)",
            "step was asked for a token",
        ),
        (
            "sut.badly(lambda x: x)",
            "Your code raised TypeError: this function takes plain data, and was given a set (line",
        ),
        ("sut.twice(lambda x: x[0], 1)", "The check cannot work with what your code returned: 1."),
        (
            f"sut.often(lambda: None, {CALLS_LIMIT + 1})",
            "Your code called the function that it was given over 20000 times.",
        ),
    ],
)
def test_what_goes_wrong_in_a_call_back_fails_the_check_even_if_the_code_hides_it(body: str, says: str) -> None:
    assert verdict(body, CODE).startswith(says)


def test_a_function_of_an_earlier_check_can_no_longer_be_called() -> None:
    checks = (
        HEAD
        + """
@check("a")
def a(sut): sut["keep"](lambda x: x)
@check("b")
def b(sut): sut.later()
"""
    )
    ran = judge(checks, CODE.replace("def keep", "def keep"))
    assert ran.passed == ["a"]
    assert ran.endings == ["killed"]


def test_a_function_that_calls_the_attempt_itself_is_the_authors_mistake() -> None:
    checks = HEAD + '@check("a")\ndef a(sut): sut.twice(lambda x: sut.twice(abs, x), 1)\n'
    ran = judge(checks, CODE)
    assert ran.last["op"] == "broken"
    assert "may not call the attempt itself" in ran.last["says"]


@pytest.mark.parametrize("passed", ["rng", "{1, 2}", "int", "object()", "np.array([None])"])
def test_what_cannot_be_sent_is_the_authors_mistake(passed: str) -> None:
    checks = HEAD + f'@check("a")\ndef a(sut, rng): sut.twice(abs, {passed})\n'
    ran = judge(checks, CODE)
    assert ran.last["op"] == "broken"
    assert ran.last["says"].startswith("checks.py, line 5, in a: AuthorError: ")

"""Handles, values that stay over there, generators, and what a function may return."""

import textwrap

import pytest

from tests.wire.harness import judge

HEAD = "import numpy as np\nfrom viva_check import *\nfrom viva_check import AuthorError, CandidateError\n"

CODE = """
import collections
import numpy as np

class Adam:
    made = 0
    def __init__(self, params, lr=0.1):
        self.params, self.lr, self.t = params, lr, 0
        Adam.made += 1
    def step(self, grads):
        self.t += 1
        self.params = [p - self.lr * g for p, g in zip(self.params, grads)]
        return self.params
    def count(self): return self.t

class Layer:
    def __init__(self, x): self.x = x

def forward(x): return x * 2, Layer(x)
def backward(dy, layer): return dy * layer.x
def factory(): return Adam([])
def same(a, b): return a is b
def spoil(x):
    x[...] = 0
    return x.sum()
def give_back(x): return x
def view(x): return x[:1]
def copied(x): return x.copy()
def items():
    for n in range(10): yield n
buffer = np.zeros(2)
def shared(x):
    buffer[:] = x
    return buffer
def draw(rng, n): return rng.normal(size=n)
def kind(rng): return type(rng).__name__
def extend(xs): xs.append({1})
def nothing(): pass
"""


def verdict(body: str, code: str = CODE) -> str:
    """The words of one check with this body; empty if it passed."""
    checks = HEAD + '@check("a")\ndef a(sut, rng):\n' + textwrap.indent(textwrap.dedent(body), "    ")
    one = judge(checks, code).checks["a"]
    assert one["passed"] == (not one["says"])
    return str(one["says"])


@pytest.mark.parametrize(
    "body",
    [
        """
        one, two = sut.Adam([np.ones(2)], lr=0.5), sut.Adam([np.ones(2)])
        one.step([np.ones(2)])
        close(one.step([np.ones(2)]), [np.zeros(2)])
        equal([one.count(), two.count()], [2, 0])
        """,
        """
        opt = sut.Adam([np.ones(2)])
        equal(sut.fetch(opt.lr), 0.1)
        equal(sut.fetch(opt.params), [np.ones(2)])
        equal(sut.fetch(opt.params[0]), np.ones(2))
        equal(sut.fetch(sut.Adam.made), 1)
        """,
        """
        y, layer = sut.keep.forward(np.arange(3.0))
        close(sut.fetch(y), np.arange(3.0) * 2)
        close(sut.backward(np.full(3, 5.0), layer), np.arange(3.0) * 5)
        """,
        """
        opt = sut.factory()
        equal(opt.count(), 0)
        """,
        """
        x = sut.put(np.ones(3))
        equal(sut.same(x, x), True)
        equal(sut.same(x, np.ones(3)), False)
        """,
        """
        x = sut.put(np.ones(3))
        sut.spoil(x)
        equal(sut.fetch(x), np.zeros(3))
        """,
        """
        x = sut.put(np.ones(3))
        kept = sut.keep.give_back(x)
        sut.write(kept, np.arange(3.0))
        equal(sut.fetch(x), np.arange(3.0))
        """,
        """
        opt = sut.Adam([np.ones(1)])
        now = sut.hold(opt.params)
        kept = sut.keep(opt.step)([np.ones(1)])
        equal(sut.fetch(now), [np.ones(1)])
        close(sut.fetch(kept), [np.full(1, 0.9)])
        """,
        """
        made = sut.keep.items()
        equal(sut.take(made, 3), [0, 1, 2])
        equal(sut.take(made, 2), [3, 4])
        """,
        """
        equal([sut.has("Adam"), sut.has("Adam.step"), sut.has("nope"), sut.has("Adam.nope")], [True, True, False, False])
        """,
        """
        equal(sut["nothing"](), None)
        """,
        """
        assert not hasattr(sut, "_private") and repr(sut.forward) == "`forward`"
        """,
        "equal(sut.copied(sut.put([np.ones(1)])[0]), np.ones(1))",
        "raises(ValueError, sut.backward, np.ones(2), sut.keep.forward(np.ones(3))[1])",
        "not_aliased(sut, sut.copied, np.ones(3))",
        "close(unchanged(sut, sut.copied, np.ones(3)), np.ones(3))",
        "keeps_earlier_result(sut, sut.copied, (np.ones(2),), (np.zeros(2),))",
    ],
)
def test_objects_live_over_there_and_are_used_from_here(body: str) -> None:
    assert verdict(body) == ""


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("sut.Adam()", "Your code raised TypeError: Adam.__init__() missing 1 required positional argument: 'params'"),
        ("sut.nope(1)", "Your code has no function `nope`."),
        ("sut.factory().nope()", "Your `Adam` has no `nope`."),
        ("sut.forward(np.ones(2))", "Your function returned an object of type Layer as item 1 of its result; expected"),
        ("sut.items()", "Your function returned a generator; expected arrays, numbers, strings, lists or dicts."),
        ("close(sut.factory(), np.ones(2))", "Your result is an object of type Adam, expected an array of shape (2,)."),
        ("equal(sut.nothing(), 3)", "Your result is None, expected a number."),
        (
            "unchanged(sut, sut.spoil, np.ones((2, 2)))",
            "Your code changed argument 1, which must stay as it was. Afterwards: It is wrong in 4 of 4 entries; first at [0, 0]",
        ),
        ("unchanged(sut, sut.spoil, x=np.ones(1))", "Your code changed the argument x, which"),
        (
            "unchanged(sut, sut.extend, [1])",
            "Your code changed argument 1, which must stay as it was. Afterwards: Your",
        ),
        ("not_aliased(sut, sut.give_back, np.ones(2))", "Your result shares memory with argument 1: when that was"),
        ("not_aliased(sut, sut.view, np.full(3, 1))", "Your result shares memory with argument 1"),
        ("not_aliased(sut, sut.give_back, [np.array([True])])", "Your result shares memory with argument 1"),
        (
            "keeps_earlier_result(sut, sut.shared, (np.ones(2),), (np.zeros(2),))",
            "A later call changed an earlier result of yours. Afterwards: It is wrong in 2 of 2 entries;",
        ),
        (
            "raises(ValueError, sut.copied, np.ones(2))",
            "Your code returned an array of shape (2,) and dtype float64; a",
        ),
        (
            "raises(ValueError, sut.copied, 3)",
            "Your code raised AttributeError: 'int' object has no attribute 'copy' (l",
        ),
    ],
)
def test_what_goes_wrong_with_an_object_is_said(body: str, says: str) -> None:
    assert verdict(body).startswith(says)


def test_exceptions_of_a_subclass_are_what_was_asked_for() -> None:
    code = "class Mine(ValueError): pass\ndef f(): raise Mine\ndef g(): raise KeyError\n"
    assert verdict("raises(ValueError, sut.f)\nraises((TypeError, LookupError), sut.g)", code) == ""
    assert verdict("raises(ValueError, sut.g)", code).endswith(
        "(line 3: `def g(): raise KeyError`). A ValueError was expected."
    )


def test_a_seed_is_a_fresh_generator_each_time_and_a_handle_is_one_that_goes_on() -> None:
    body = """
        equal(sut.kind(seed(5)), "Generator")
        first, again = sut.draw(seed(5), 3), sut.draw(seed(5), 3)
        equal(first, again)
        equal(first, np.random.default_rng(5).normal(size=3))
        one = sut.rng(5)
        equal(sut.draw(one, 3), first)
        after = sut.draw(one, 3)
        if (after == first).any(): fail("the generator did not go on")
        equal(sut.draw(sut.rng(2**127), 1), np.random.default_rng(2**127).normal(size=1))
    """
    assert verdict(body) == ""


def test_nothing_of_one_check_stays_for_the_next() -> None:
    checks = (
        HEAD
        + """
kept = []
@check("a")
def a(sut): kept.append(sut.put(np.ones(2)))
@check("b")
def b(sut): sut.copied(kept[0])
"""
    )
    ran = judge(checks, CODE)
    assert ran.last["op"] == "broken"
    assert "was made in another check" in ran.last["says"]


def test_a_result_is_the_checks_own_copy() -> None:
    body = """
        out = sut.shared(np.ones(2))
        sut.shared(np.zeros(2))
        equal(out, np.ones(2))
        out[0] = 7
    """
    assert verdict(body) == ""

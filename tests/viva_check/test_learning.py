"""Gradients, parameters, state and training: what passes, what fails, and in which words."""

import textwrap
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.wire.harness import judge
from viva_check import AuthorError, Failure, gradient, lowers_loss

Array = np.ndarray[Any, Any]
HEAD = "import numpy as np\nfrom viva_check import *\n"


def verdict(code: str, body: str) -> str:
    """The words of one check with this body on this attempt; empty if it passed."""
    checks = HEAD + '@check("a")\ndef a(sut, rng):\n' + textwrap.indent(textwrap.dedent(body), "    ")
    one = judge(checks, f"import numpy as np\n{textwrap.dedent(code)}").checks["a"]
    assert one["passed"] == (not one["says"])
    return str(one["says"])


def softmax(x: Array) -> Array:
    powers: Array = np.exp(x - x.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def backward(x: Array, dy: Array) -> Array:
    y = softmax(x)
    return np.asarray(y * (dy - (dy * y).sum(axis=-1, keepdims=True)))


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32), st.floats(0.01, 50))
def test_the_right_gradient_passes_and_one_entry_off_by_a_thousandth_fails(number: int, scale: float) -> None:
    rng = np.random.default_rng(number)
    x, dy = scale * rng.normal(size=(3, 4)), rng.normal(size=(3, 4))
    right = backward(x, dy)
    gradient(right, softmax, x, upstream=dy, batched=True)
    gradient(right, softmax, x, upstream=dy)
    wrong = right.copy()
    wrong[1, 2] += 1e-3
    for batched in (True, False):
        with pytest.raises(
            Failure, match=r"Your gradient, beside that by finite differences, is wrong in 1 of 12 .*\[1, 2\]"
        ):
            gradient(wrong, softmax, x, upstream=dy, batched=batched)


def test_all_perturbed_inputs_go_in_one_call_where_rows_are_independent() -> None:
    calls: list[tuple[int, ...]] = []

    def counted(x: Array) -> Array:
        calls.append(x.shape)
        return softmax(x)

    x = np.random.default_rng(0).normal(size=(3, 5))
    gradient(backward(x, np.ones((3, 5))), counted, x, batched=True)
    assert calls == [(3, 5), (2 * 5 * 3, 5)]


def test_results_may_be_of_another_shape_than_inputs_and_a_loss_of_none() -> None:
    rng = np.random.default_rng(1)
    x, w, dy = rng.normal(size=(4, 3)), rng.normal(size=(3, 2, 2)), rng.normal(size=(4, 2, 2))
    gradient(np.einsum("bij,kij->bk", dy, w), lambda z: np.einsum("bk,kij->bij", z, w), x, upstream=dy, batched=True)
    gradient(2 * x, lambda z: float((z**2).sum()), x)
    gradient(np.array(3.0), lambda z: 3 * z, np.array(2.0))
    gradient(np.zeros((0, 3)), lambda z: z.sum(), np.zeros((0, 3)))


def test_a_gradient_in_float32_is_held_to_the_tolerance_of_float32() -> None:
    x = np.array([0.5, -2.0])
    want = 3 * x**2
    gradient((want * (1 + 5e-5)).astype(np.float32), lambda z: z**3, x)
    gradient(want * (1 + 5e-5), lambda z: z**3, x, dtype="float32")
    for off in ((want * (1 + 5e-5)), (want * (1 + 3e-4)).astype(np.float32)):
        with pytest.raises(Failure, match="is wrong"):
            gradient(off, lambda z: z**3, x)


def test_a_function_that_knows_only_float32_is_measured_with_a_wider_step() -> None:
    x = np.array([0.5, -2.0])
    narrow = lambda z: (z**3).astype(np.float32)  # noqa: E731
    gradient((3 * x**2).astype(np.float32), narrow, x)
    with pytest.raises(Failure, match="is wrong"):
        gradient((3.1 * x**2).astype(np.float32), narrow, x)


@pytest.mark.parametrize("out", [None, "x", [1.0], np.ones(2, np.int64), np.ones(2, np.float16), 3])
@pytest.mark.parametrize("batched", [True, False])
def test_a_function_that_gives_no_real_numbers_fails_in_words(out: Any, batched: bool) -> None:
    with pytest.raises(Failure, match=r"Your function returned .* for float64 input, expected float64"):
        gradient(np.ones(2), lambda _: out, np.ones((1, 2)), batched=batched)


def test_a_function_with_results_of_changing_shape_fails_in_words() -> None:
    shapes = iter([(2,), (2,), (3,)])
    with pytest.raises(Failure, match=r"returned shape \(2,\), and then \(3,\)"):
        gradient(np.ones(2), lambda _: np.ones(next(shapes)), np.ones(2))
    with pytest.raises(Failure, match=r"for 8 rows"):
        gradient(np.ones((2, 2)), lambda _: np.ones(2), np.ones((2, 2)), batched=True)
    with pytest.raises(Failure, match=r"of shape \(2,\), expected \(5,\)"):
        gradient(np.ones(2), lambda z: z, np.ones(2), upstream=np.ones(5))


def test_too_many_entries_are_the_authors_to_mend() -> None:
    with pytest.raises(AuthorError, match="batched=True"):
        gradient(np.ones(300), lambda z: z, np.ones(300))
    with pytest.raises(AuthorError, match="small rows"):
        gradient(np.ones((2, 5000)), lambda z: z, np.ones((2, 5000)), batched=True)


NETS = """
class A:
    def __init__(self): self.params = {"w": np.ones((3, 4)), "b": [np.ones(4)]}
class B:
    def __init__(self): self.w = np.ones((3, 4)); self.b = np.ones(4)
    def parameters(self):
        yield self.w
        yield self.b
class C(B):
    def parameters(self): return [self.w, self.b]
class D:
    pass
class E:
    def parameters(self): raise KeyError("w")
def init(): return {"w": np.ones((3, 4)), "b": (np.ones(4), [])}
"""


@pytest.mark.parametrize("model", ["sut.A()", "sut.B()", "sut.C()", "sut.init()"])
def test_parameters_are_counted_wherever_they_are(model: str) -> None:
    assert verdict(NETS, f"parameter_count(sut, {model}, 16)") == ""
    assert verdict(NETS, f"parameter_count(sut, {model}, 12)") == "Your model has 16 parameters, expected 12."


def test_a_model_without_parameters_is_told_the_names_that_were_tried() -> None:
    assert "has none of parameters, trainable_variables, params" in verdict(NETS, "parameter_count(sut, sut.D(), 12)")
    assert "Your code raised KeyError" in verdict(NETS, "parameter_count(sut, sut.E(), 12)")


MOMENTUM = """
class Momentum:
    def __init__(self, lr): self.lr, self.v = lr, 0.0
    def step(self, g):
        self.v = 0.9 * self.v + g
        return -self.lr * self.v
    def state_dict(self): return {"v": self.v, "lr": self.lr}
    def load_state_dict(self, state): self.v, self.lr = state["v"], state["lr"]
"""
STATE = """
g = rng.normal(size=3)
one, two = sut.Momentum(0.1), sut.Momentum(0.5)
one.step(g)
carries_state(sut, one, two, lambda opt: opt.step(g))
"""


def test_state_that_is_taken_over_whole_passes_and_what_is_forgotten_fails() -> None:
    assert verdict(MOMENTUM, STATE) == ""
    says = verdict(MOMENTUM.replace('self.v, self.lr = state["v"], state["lr"]', 'self.lr = state["lr"]'), STATE)
    assert says.startswith(
        "An object that was given the state of another by `load_state_dict` does not go on as that one"
    )
    aliased = MOMENTUM.replace("self.v = 0.9 * self.v + g", "self.v *= 0.9; self.v += g").replace("0.0", "np.zeros(3)")
    assert "does not go on as that one does" in verdict(aliased, STATE)
    assert (
        verdict(MOMENTUM.replace("state_dict(self):", "state(self):"), STATE) == "Your `Momentum` has no `state_dict`."
    )


def test_what_use_gives_may_stay_over_there_but_not_be_an_object() -> None:
    body = STATE.replace("opt.step(g)", "sut.keep(opt.step)(g)")
    assert verdict(MOMENTUM, body) == ""
    strange = MOMENTUM.replace("return -self.lr * self.v", "return self")
    assert "an object of type Momentum" in verdict(strange, STATE)


@pytest.mark.parametrize(("after", "passes"), [(0.5, True), (0.51, False), (1.0, False), (float("nan"), False)])
def test_a_loss_must_fall_as_far_as_was_asked(after: float, passes: bool) -> None:
    losses = [1.0, after]
    if passes:
        lowers_loss(lambda: np.float32(losses.pop(0)), lambda: None, to=0.5)
        return
    with pytest.raises(Failure, match="loss"):
        lowers_loss(lambda: np.array(losses.pop(0)), lambda: None, to=0.5)


@pytest.mark.parametrize("loss", [None, float("inf"), np.ones(2), "1", [1.0], 10**400, np.complex128(1)])
def test_a_loss_that_is_no_finite_number_fails_in_words(loss: Any) -> None:
    with pytest.raises(Failure, match=r"The loss before training is .*, expected a finite number"):
        lowers_loss(lambda: loss, lambda: None, to=0.5)

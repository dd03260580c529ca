"""How results go with their inputs: right code passes, and each fault fails in words that name it."""

import textwrap
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.wire.harness import judge
from viva_check import (
    AuthorError,
    Failure,
    batch_independent,
    causal,
    deterministic,
    permutation_equivariant,
    stays_finite,
    streams,
)

Array = np.ndarray[Any, Any]
RNG = np.random.default_rng(7)
X, OTHER = RNG.normal(size=(2, 6, 3)), RNG.normal(size=(2, 6, 3))
NO_ARRAYS = [None, 3, "x", [1.0], np.ones(2), np.float64(1), np.ones((2, 5, 3))]


def means(x: Array) -> Array:
    """Each position's mean of all up to it."""
    return np.asarray(np.cumsum(x, axis=1) / np.arange(1, x.shape[1] + 1)[:, None])


def says(helper: Any, *args: Any, **kwargs: Any) -> str:
    with pytest.raises(Failure) as failure:
        helper(*args, **kwargs)
    return failure.value.says


def test_what_looks_back_only_is_causal_also_for_integers_and_other_axes() -> None:
    causal(means, X, OTHER)
    causal(lambda x: means(x)[..., 0], X, OTHER)
    causal(lambda x: np.cumsum(x, axis=-1), np.arange(6), np.arange(6)[::-1].copy(), axis=-1)
    causal(lambda x: np.cumsum(x, axis=0), RNG.normal(size=(50, 2)), RNG.normal(size=(50, 2)), axis=0)


@pytest.mark.parametrize(
    "ahead",
    [
        lambda x: x - x.mean(axis=1, keepdims=True),
        lambda x: np.roll(means(x), -1, axis=1),
        lambda x: means(x[:, ::-1])[:, ::-1],
        lambda x: means(x) + 1e-3 * x[:, -1:],
    ],
    ids=["mean of all", "one ahead", "reversed", "leaks the last"],
)
def test_what_looks_ahead_is_told_from_where(ahead: Any) -> None:
    assert (
        "Your code looks ahead: only the input from position 1 on was changed. The result before it is wrong"
        in says(causal, ahead, X, OTHER)
    )


def test_one_position_that_looks_at_its_neighbour_is_found_wherever_it_is() -> None:
    for place in range(5):

        def peeks(x: Array, place: int = place) -> Array:
            out = means(x)
            out[:, place] = x[:, place + 1]
            return out

        assert f"from position {place + 1} on" in says(causal, peeks, X, OTHER)


def test_what_follows_nothing_is_not_causal() -> None:
    assert says(causal, np.ones_like, X, OTHER).startswith("Your result stays the same whatever")
    assert says(causal, lambda x: 0 * x + x[:, :1], X, OTHER).startswith("Your result stays the same whatever")


def test_the_order_of_positions_goes_through() -> None:
    order = [3, 1, 0, 2, 5, 4]
    permutation_equivariant(lambda x: x - x.mean(axis=1, keepdims=True), X, order)
    permutation_equivariant(lambda x: x.sum(axis=-1), X, np.array(order))
    assert says(permutation_equivariant, means, X, order).startswith(
        "The result for the input in the order [3, 1, 0, 2,"
    )
    for wrong in (range(6), [0, 0, 1, 2, 3, 4], [1, 0]):
        with pytest.raises(AuthorError):
            permutation_equivariant(means, X, wrong)


def test_rows_of_a_batch_are_computed_each_by_itself() -> None:
    batch_independent(means, X)
    batch_independent(lambda x, y: x * y[:, None, None], X, np.array([2.0, 3.0]))
    batch_independent(lambda x: x * 2, np.ones((1, 3)))
    of_the_batch = says(batch_independent, lambda x: x - x.mean(axis=0), X)
    assert of_the_batch.startswith(
        "Row 0 of your result is another when that row comes alone: In the batch it is wrong"
    )
    last = says(batch_independent, lambda x: x + 1e-3 * (np.arange(len(x)) == 19)[:, None], np.ones((20, 2)))
    assert last.startswith("Row 19 ")
    for wrong in ((), (np.ones((0, 2)),), (np.ones(2), np.ones(3))):
        with pytest.raises(AuthorError):
            batch_independent(lambda *x: x[0], *wrong)


class Mean:
    """Means of all so far, piece by piece."""

    def __init__(self, window: int = 99) -> None:
        self.seen: Array = np.zeros((2, 0, 3))
        self.window = window

    def __call__(self, piece: Array) -> Array:
        self.seen = np.concatenate([self.seen, piece], axis=1)[:, -self.window :]
        return means(self.seen)[:, -piece.shape[1] :]


def test_a_stream_gives_what_the_whole_gives_in_any_pieces() -> None:
    streams(Mean, X, means(X))
    streams(Mean, X, means(X), pieces=(4, 6, 100))
    forgets = says(streams, lambda: Mean(window=4), X, means(X))
    assert forgets.startswith("The result for positions 4 to 4, given in pieces of 1, is wrong in 6 of 6 entries")
    alone = says(streams, lambda: means, X, means(X), pieces=(3,))
    assert alone.startswith("The result for positions 3 to 5, given in pieces of 3, is wrong")


def test_finite_numbers_at_the_extremes_pass_in_every_dtype_and_what_overflows_is_named() -> None:
    def softmax(x: Array, floor: float = -np.inf) -> Array:
        powers = np.exp(x - x.max(axis=-1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=-1, keepdims=True))

    every = ("float16", "float32", "float64")
    stays_finite(softmax, (2, 5), dtypes=every)
    stays_finite(lambda x: (softmax(x), 0.0, [np.argmax(x)]), (2, 5))
    with np.errstate(all="ignore"):
        assert says(stays_finite, np.exp, (2, 5)) == (
            "Your result holds infinity for float32 input, all 10000 (10 of 10 entries)."
        )
        low = says(stays_finite, lambda x: np.log(softmax(x)), (2, 5))
        assert low.startswith("Your result holds -infinity for float32 input, 10000 and -10000 in turn")
        square = says(stays_finite, lambda x: x * x, (2,), dtypes=every)
        assert square.startswith("Your result holds infinity for float16 input")
        nan = says(stays_finite, lambda x: [x, np.exp(x) / np.exp(x).sum()], (3,))
        assert nan.startswith("Your result holds NaN for float32 input, all 10000 (3 of 3")


def test_the_same_call_gives_the_same_every_time() -> None:
    assert deterministic(lambda x, y: [x, {"y": y}], 1, y="z") == [1, {"y": "z"}]
    counts = iter(range(9))
    assert says(deterministic, lambda: float(next(counts) > 1)).startswith(
        "Your code gives another result when it is called"
    )


@pytest.mark.parametrize("out", [*NO_ARRAYS, X.astype(complex)[:, :, :0]], ids=str)
def test_no_answer_breaks_a_check(out: Any) -> None:
    """Whatever the candidate's code gives, a helper returns or fails in words."""
    helpers: list[Callable[[], Any]] = [
        lambda: causal(lambda _: out, X, OTHER),
        lambda: permutation_equivariant(lambda _: out, X, [1, 0, 2, 3, 4, 5]),
        lambda: batch_independent(lambda _: out, X),
        lambda: streams(lambda: lambda _: out, X, means(X)),
        lambda: streams(Mean, X, out),
        lambda: stays_finite(lambda _: out, (2, 3)),
        lambda: deterministic(lambda: out),
    ]
    ends = []
    for helper in helpers:
        try:
            helper()
        except Failure as failure:
            ends.append(failure.says)
    assert len(ends) >= 3


ATTEMPT = """
class Net:
    def __init__(self):
        self.training = True
        self.rng = np.random.default_rng()
    def eval(self): self.training = False
    def __call__(self, x):
        return x * (self.rng.random(x.shape) > 0.5) * 2 if self.training else x
"""


def test_evaluation_is_told_from_training_over_there() -> None:
    checks = """
import numpy as np
from viva_check import *
@check("a")
def a(sut, rng):
    net = sut.Net()
    net.eval()
    deterministic(net, rng.normal(size=(4, 4)))
@check("b")
def b(sut, rng):
    deterministic(sut.Net(), rng.normal(size=(4, 4)))
@check("c")
def c(sut, rng):
    deterministic(sut.Net)
"""
    ran = judge(checks, "import numpy as np\n" + textwrap.dedent(ATTEMPT))
    assert ran.passed == ["a"]
    assert ran.says("b").startswith("Your code gives another result when it is called again with the same.")
    assert ran.says("c") == "Your code returned an object of type Net, expected arrays or numbers."

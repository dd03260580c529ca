"""What checks can ask beyond values: the same of attempts in every framework, and from outside of a real jail."""

from collections.abc import Iterable

import pytest

from tests.sandbox.conftest import Judge
from tests.sandbox.judging import one_check, passed
from tests.sandbox.nets import KEEPERS, MEANS, NETS

RIGHT = {
    "gradient": "gradient(sut.backward(x[0], y[0]), sut.forward, x[0], upstream=y[0], batched=True)",
    "gradient of float32": """
narrow = x[0].astype(np.float32)
gradient(sut.backward(narrow, y[0].astype(np.float32)), sut.forward, narrow, upstream=y[0])""",
    "parameter_count": "parameter_count(sut, sut.Net(3), 3 * 3 + 3)",
    "carries_state": "carries_state(sut, sut.Net(4, 0.0), sut.Net(4, 0.0), lambda net: net(x))",
    "lowers_loss": """
net = sut.Net(4, 0.0)
lowers_loss(lambda: np.mean((net(y) - y) ** 2), lambda: net.fit(x, x, 100), to=0.5)""",
    "causal": "causal(sut.attend, x, y)",
    "permutation_equivariant": "permutation_equivariant(lambda x: sut.attend(x, mask=False), x, [5, 0, 1, 2, 3, 4])",
    "batch_independent": "batch_independent(sut.attend, x)",
    "stays_finite": "stays_finite(sut.attend, (1, 3, 4))",
    "streams": "streams(lambda: sut.Stream().step, x, sut.attend(x))",
    "deterministic": "net = sut.Net()\nnet.eval()\ndeterministic(net, x)",
}
WRONG = {
    "gradient": (
        "gradient(2 * sut.backward(x[0], y[0]), sut.forward, x[0], upstream=y[0])",
        "Your gradient, beside that by",
    ),
    "parameter_count": ("parameter_count(sut, sut.Net(3), 9)", "Your model has 12 parameters, expected 9."),
    "carries_state": (
        "carries_state(sut, sut.Net(), sut.Net(), lambda net: net(x))",
        "An object that was given the state",
    ),
    "causal": ("causal(lambda x: sut.attend(x, mask=False), x, y)", "Your code looks ahead"),
    "permutation_equivariant": (
        "permutation_equivariant(sut.attend, x, [5, 0, 1, 2, 3, 4])",
        "The result for the input in",
    ),
    "streams": ("streams(lambda: sut.attend, x, sut.attend(x))", "The result for positions"),
    "deterministic": ("deterministic(sut.Net(), x)", "Your code gives another result when it is called again"),
    "lowers_loss": (
        "lowers_loss(lambda: np.mean(sut.forward(x)), lambda: None, to=0.5)",
        "Your training brings the loss",
    ),
}
DRAWN = "x, y = rng.normal(size=(2, 3, 6, 4))\n"


LIMITS = {
    "torch": {"cpu_seconds": 5.0, "wall_seconds": 20.0},
    "jax": {"cpu_seconds": 30.0, "wall_seconds": 90.0, "memory_mib": 4096},
    "tensorflow": {"cpu_seconds": 10.0, "wall_seconds": 40.0, "memory_mib": 768},
}
"""For all promises in one run; each is then given half of it at most, and JAX compiles."""


def checks_of_all(bodies: Iterable[str]) -> str:
    return "".join(one_check(DRAWN + body).replace("def x(", f"def check_{at}(") for at, body in enumerate(bodies))


@pytest.mark.parametrize("framework", NETS)
def test_right_code_passes_every_promise(judge_in: Judge, framework: str) -> None:
    assert passed(judge_in(framework, NETS[framework], checks_of_all(RIGHT.values()), **LIMITS[framework]))


@pytest.mark.parametrize("framework", NETS)
def test_wrong_code_is_told_which_promise_it_breaks(judge_in: Judge, framework: str) -> None:
    checks = checks_of_all(body for body, _ in WRONG.values())
    seen = judge_in(framework, NETS[framework], checks, **LIMITS[framework])
    for (_, words), one in zip(WRONG.values(), seen["checks"], strict=True):
        assert not one["passed"]
        assert one["says"].startswith(words)


@pytest.mark.parametrize("framework", NETS)
def test_memory_that_grows_is_seen_from_outside_in_each_framework(judge_in: Judge, framework: str) -> None:
    code, limits = KEEPERS.replace("MEAN", MEANS[framework]), LIMITS[framework] | {"memory_mib": 4096}
    assert passed(judge_in(framework, code, one_check(BIG.format("number")), **limits))
    (grows,) = judge_in(framework, code, one_check(BIG.format("array")), **limits)["checks"]
    assert "your process holds" in grows["says"]


KEEPS = """
import numpy as np
class Attempt:
    def __init__(self): self.kept = []
    def constant(self, x): self.kept = [x.sum()]
    def window(self, x): self.kept = [*self.kept, x][-4:]
    def all(self, x): self.kept.append(x)
    def half(self, x): self.kept.append(x[: len(x) // 2].copy())
    def hidden(self, x):
        global secret
        secret = (x, globals().get("secret"))
    def leaves(self, x):
        self.kept.append(x)
        if len(self.kept) == 32:
            import os, threading
            threading.Timer(0.0, os._exit, [0]).start()
"""
BIG = "steady_memory(sut, sut.Attempt().{}, rng.normal(size=(256, 1024)))"


@pytest.mark.ordinary_user
@pytest.mark.parametrize("way", ["constant", "window"])
def test_memory_that_does_not_grow_is_seen_from_outside(judge: Judge, way: str) -> None:
    assert passed(judge(KEEPS, one_check(BIG.format(way)), cpu_seconds=2.0, wall_seconds=10.0, memory_mib=256))


@pytest.mark.ordinary_user
@pytest.mark.parametrize("way", ["all", "half", "hidden"])
def test_memory_that_grows_is_seen_from_outside_wherever_it_lies(judge: Judge, way: str) -> None:
    seen = judge(KEEPS, one_check(BIG.format(way)), cpu_seconds=2.0, wall_seconds=10.0, memory_mib=256)
    assert seen["checks"][0]["says"].startswith("After 24 more calls with 2 MiB each, your process holds")


def test_a_process_that_is_gone_when_its_memory_is_read_holds_no_little(judge: Judge) -> None:
    seen = judge(KEEPS, one_check(BIG.format("leaves")), cpu_seconds=2.0, wall_seconds=10.0, memory_mib=256)
    assert not seen["checks"][0]["passed"]


def test_a_loss_that_keeps_its_graph_is_memory_that_grows(judge_torch: Judge) -> None:
    code = """
import torch
class Attempt:
    def __init__(self):
        self.weight = torch.ones(256, 1024, dtype=torch.float64, requires_grad=True)
        self.losses = []
    def graph(self, x): self.losses.append((self.weight * x).pow(2).mean())
    def number(self, x): self.losses.append((self.weight * x).pow(2).mean().item())
"""
    limits = {"cpu_seconds": 4.0, "wall_seconds": 20.0, "memory_mib": 512}
    assert passed(judge_torch(code, one_check(BIG.format("number")), **limits))
    assert "your process holds" in judge_torch(code, one_check(BIG.format("graph")), **limits)["checks"][0]["says"]


def test_a_large_result_counts_once_in_the_candidates_memory(judge: Judge) -> None:
    checks = one_check("for _ in range(3): equal(sut.attempt(np.zeros(4_000_000)).shape, (4_000_000,))")
    seen = judge("def attempt(x): return x + 1", checks, cpu_seconds=2.0, wall_seconds=10.0, memory_mib=256)
    assert passed(seen)
    assert 55 < seen["memory_mib"] < 75  # the argument and the result, 31 MiB each

"""What a question excludes raises its own name wherever the attempt comes upon it, costs only what reaches it, and leaves
the rest of a framework as it was. What a fence cannot hold is told here too, as it is in docs/authors.md.
"""

import pytest

from tests.sandbox.conftest import Environment, Judge, Loop, run_of
from tests.sandbox.judging import job_of, one_check, passed
from viva.bank.excluded import Looked, probe_of
from viva.sandbox.client import Sandbox

SDPA = "torch.nn.functional.scaled_dot_product_attention"
HEADS = "torch.nn.MultiheadAttention"
BACKWARD = "torch.Tensor.backward"
SAYS = "{} is excluded by this question: build it yourself"
X = "x = torch.ones(1, 2, 4, 8)\n"
HONEST_MODEL = """
import torch
class Block(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv, self.norm = torch.nn.Linear(8, 24), torch.nn.LayerNorm(8)
    def forward(self, x):
        q, k, v = self.qkv(self.norm(x)).chunk(3, dim=-1)
        return x + torch.softmax(q @ k.mT / 8 ** 0.5, dim=-1) @ v
def attempt(x):
    model = Block()
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.1)
    inputs = torch.ones(2, 4, 8)
    before = torch.nn.functional.mse_loss(model(inputs), torch.zeros(2, 4, 8))
    before.backward()
    optimizer.step()
    return 2 * x
"""
"""Attention by hand and one step of training, while torch's own attention is excluded."""


def told(seen: dict[str, object]) -> list[tuple[str, int | None]]:
    """What the failing checks say, and the line that they name; the run itself must have finished."""
    assert seen.get("ended") == "finished", seen
    checks = seen["checks"]
    assert isinstance(checks, tuple | list)
    return [(check["says"], check["line"]) for check in checks if not check["passed"]]


REACHED = {
    "by its path": (SDPA, f"return {SDPA}(x, x, x)"),
    "by an alias": (SDPA, "import torch.nn.functional as fun; return fun.scaled_dot_product_attention(x, x, x)"),
    "by its name": (SDPA, "from torch.nn.functional import scaled_dot_product_attention as f; return f(x, x, x)"),
    "in another module": (SDPA, "return torch._C._nn.scaled_dot_product_attention(x, x, x)"),
    "by getattr": (SDPA, "return getattr(torch.nn.functional, 'scaled_dot_' + 'product_attention')(x, x, x)"),
    "inside torch's own layer": (HEADS, "return torch.nn.TransformerEncoderLayer(8, 2, 16)(x[0])"),
    "a class": (HEADS, "return torch.nn.MultiheadAttention(8, 2)(x[0], x[0], x[0])"),
    "a class in its own module": (HEADS, "return torch.nn.modules.activation.MultiheadAttention(8, 2)"),
    "a class derived from it": (HEADS, "return type('Mine', (torch.nn.MultiheadAttention,), {})(8, 2)"),
    "its method, unbound": (HEADS, "return torch.nn.MultiheadAttention.forward(torch.nn.Module(), x, x, x)"),
    "a method in Python": (BACKWARD, "x.requires_grad_().sum().backward()"),
    "a method of a parameter": (BACKWARD, "torch.nn.Parameter(x).sum().backward()"),
    "a method in C": ("torch.Tensor.softmax", "return x.softmax(-1)"),
    "a function that uses the method": ("torch.Tensor.softmax", "return torch.nn.functional.softmax(x, -1)"),
    "a closure": ("torch.nn.functional.max_pool2d", "return torch.nn.functional.max_pool2d(x, 2)"),
}


@pytest.mark.parametrize("way", REACHED)
def test_what_is_excluded_raises_its_own_name_at_the_attempts_line(judge_torch: Judge, way: str) -> None:
    name, body = REACHED[way]
    code = f"import torch\ndef attempt(x):\n    x = torch.ones(1, 2, 4, 8)\n    {body}\n"
    ((says, line),) = told(judge_torch(code, one_check("sut.attempt(1)"), forbid=[name]))
    assert SAYS.format(name) in says
    assert line == 4


def test_an_honest_model_beside_what_is_excluded_is_unharmed(judge_torch: Judge) -> None:
    forbid = [SDPA, "torch.nn.functional.multi_head_attention_forward", HEADS]
    assert passed(judge_torch(HONEST_MODEL, forbid=forbid, memory_mib=512))


@pytest.mark.ordinary_user
def test_only_the_checks_that_reach_it_fail(judge: Judge) -> None:
    code = "import numpy as np\ndef attempt(x):\n    return 2 * x if x == 3 else np.linalg.norm([x, x])\n"
    ((says, line),) = told(judge(code, forbid=["numpy.linalg.norm"]))
    assert SAYS.format("numpy.linalg.norm") in says
    assert line == 3


def test_code_that_is_never_run_costs_nothing(judge: Judge) -> None:
    code = "import numpy as np\ndef slow(x):\n    return np.einsum('i,i', x, x)\ndef attempt(x):\n    return 2 * x\n"
    assert passed(judge(code, forbid=["numpy.einsum"]))


def test_the_next_run_may_use_what_this_question_excludes(judge: Judge) -> None:
    code = "import numpy as np\ndef attempt(x):\n    return int(np.sum([x, x]))\n"
    assert told(judge(code, forbid=["numpy.sum"]))
    assert passed(judge(code))


REACHED_IN_NUMPY = {
    "a universal function": ("numpy.maximum", "np.maximum(x, 1)"),
    "its method": ("numpy.maximum", "np.maximum.reduce([x])"),
    "an array function": ("numpy.dot", "np.dot([x], [x])"),
    "a part of scipy": ("scipy.special.softmax", "__import__('scipy.special').special.softmax([x, x])"),
    "what is imported later": ("scipy.stats.zscore", "__import__('scipy.stats').stats.zscore([x, 1.0])"),
    "a part of the standard library": ("heapq.nlargest", "__import__('heapq').nlargest(1, [x])"),
}


@pytest.mark.parametrize("way", REACHED_IN_NUMPY)
def test_numpy_and_what_comes_with_it_can_be_excluded(judge: Judge, way: str) -> None:
    name, body = REACHED_IN_NUMPY[way]
    code = f"import numpy as np\ndef attempt(x):\n    return {body}\n"
    ((says, _),) = told(judge(code, one_check("sut.attempt(1)"), forbid=[name], cpu_seconds=8, wall_seconds=20))
    assert SAYS.format(name) in says


@pytest.mark.parametrize("written", ["jax.nn.softmax(x)", "__import__('jax.nn').nn.softmax(x)"])
def test_a_compiled_function_of_jax_can_be_excluded(judge_jax: Judge, written: str) -> None:
    code = f"import jax\nimport jax.numpy as jnp\ndef attempt(x):\n    x = jnp.ones(3)\n    return {written}\n"
    ((says, line),) = told(judge_jax(code, one_check("sut.attempt(1)"), forbid=["jax.nn.softmax"]))
    assert SAYS.format("jax.nn.softmax") in says
    assert line == 5


REACHED_IN_TENSORFLOW = {
    "another path": ("tensorflow.nn.softmax", "tf.math.softmax(tf.ones(3))"),
    "a layer that is loaded on demand": (
        "tensorflow.keras.layers.MultiHeadAttention",
        "tf.keras.layers.MultiHeadAttention(2, 4)",
    ),
    "the same by its own package": ("keras.layers.MultiHeadAttention", "tf.keras.layers.MultiHeadAttention(2, 4)"),
}


@pytest.mark.parametrize("way", REACHED_IN_TENSORFLOW)
def test_parts_of_tensorflow_can_be_excluded(judge_tensorflow: Judge, way: str) -> None:
    name, body = REACHED_IN_TENSORFLOW[way]
    code = f"import tensorflow as tf\ndef attempt(x):\n    return {body}\n"
    limits = {"cpu_seconds": 30.0, "wall_seconds": 60.0, "memory_mib": 1024}
    ((says, _),) = told(judge_tensorflow(code, one_check("sut.attempt(1)"), forbid=[name], **limits))
    assert SAYS.format(name) in says


def test_an_author_may_write_keras_as_tensorflow_does(judge_tensorflow: Judge) -> None:
    name = "tensorflow.keras.layers.MultiHeadAttention"
    limits = {"cpu_seconds": 30.0, "wall_seconds": 60.0, "memory_mib": 1024}
    states = Looked()
    assert states.enter("tensorflow", judge_tensorflow(probe_of([name]), one_check("pass"), **limits)["prints"])
    assert states.by_framework["tensorflow"] == {name: "shut"}


def test_a_fresh_fork_after_a_death_has_it_excluded_too(judge: Judge) -> None:
    code = """
import os
import numpy as np
def attempt(x):
    return os._exit(0) if x == 3 else int(np.sum([x, x]))
"""
    seen = judge(code, forbid=["numpy.sum"])
    assert seen["ended"] == "crashed"
    assert SAYS.format("numpy.sum") in seen["checks"][1]["says"]


def test_helper_code_of_the_question_cannot_lend_it(judge: Judge) -> None:
    code = "from given import total\ndef attempt(x):\n    return total([x, x])\n"
    seen = judge(code, files={"given.py": "from numpy import sum as total\n"}, forbid=["numpy.sum"])
    assert [SAYS.format("numpy.sum") in says for says, _ in told(seen)] == [True, True]


def test_names_that_are_nowhere_change_nothing(judge: Judge) -> None:
    code = "import numpy as np\ndef attempt(x):\n    return int(np.sum([x, x]))\n"
    assert passed(judge(code, forbid=["torch.nn.Linear", "numpy.nothing.here", "numpy.ndarray.sort", ".", "", "sum"]))


def test_an_author_is_told_which_names_exist_and_which_cannot_be_made_to_raise(loop: Loop, sandbox: Sandbox) -> None:
    names = [
        "numpy.kron",
        "numpy.linalg.norm",
        "scipy.stats.zscore",
        "numpy.ndarray.sort",
        "numpy.sun",
        "nowhere.x",
        ".sort",
        "",
        "a..b",
    ]
    job = job_of(probe_of(names), one_check("pass"), cpu_seconds=8, wall_seconds=20)
    states = Looked()
    assert states.enter("numpy", run_of(loop.run(sandbox.run(job))).prints)
    seen = list(states.by_framework["numpy"].values())
    assert seen == ["shut", "shut", "shut", "open", "unknown", "unknown", "unknown", "unknown", "unknown"]


UNDONE = {
    "reloading the module of a function": (
        "torch.nn.init.orthogonal_",
        "import importlib\n    return importlib.reload(torch.nn.init).orthogonal_(x)",
    ),
    "reloading the module of a class": (
        "torch.nn.modules.activation.MultiheadAttention",
        "import importlib\n    return importlib.reload(torch.nn.modules.activation).MultiheadAttention(8, 2)",
    ),
    "a reload that fails half-way": (
        SDPA,
        (
            "import contextlib, importlib\n    with contextlib.suppress(Exception): importlib.reload(torch.nn.functional)\n"
            "    return torch.nn.functional.scaled_dot_product_attention(x, x, x)"
        ),
    ),
    "asking for what a decorator wrapped": (
        "torch.nn.init.xavier_uniform_",
        "f = torch.nn.init.xavier_uniform_\n    return getattr(f, '__wrapped__', f)(x)",
    ),
    "walking the heap for the function": (
        "torch.nn.functional.gelu",
        (
            "import gc\n    found = [f for f in gc.get_objects() if type(f) is type(len) and f.__name__ == 'gelu']\n"
            "    return (found or [torch.nn.functional.gelu])[0](x)"
        ),
    ),
    "walking all modules for the function": (
        "torch.nn.functional.gelu",
        (
            "import sys\n    every = [f for m in list(sys.modules.values()) for f in list(getattr(m, '__dict__', {}).values())]\n"
            "    found = [f for f in every if type(f) is type(len) and f.__name__ == 'gelu']\n"
            "    return (found or [torch.nn.functional.gelu])[0](x)"
        ),
    ),
}


@pytest.mark.parametrize("way", UNDONE)
def test_it_does_not_come_back_by(judge_torch: Judge, way: str) -> None:
    name, body = UNDONE[way]
    code = f"import torch\ndef attempt(x):\n    x = torch.ones(1, 2, 4, 8)\n    {body}\n"
    ((says, _),) = told(judge_torch(code, one_check("sut.attempt(1)"), forbid=[name], cpu_seconds=8, wall_seconds=20))
    assert "is excluded by this question" in says


BEYOND = {
    "another name for the same kernel": (
        SDPA,
        "torch.ops.aten.scaled_dot_product_attention(x, x, x)",
    ),
    "the file of the module, read again under another name": (
        "torch.nn.init.orthogonal_",
        (
            "again = {'__name__': 'torch.nn.again', '__package__': 'torch.nn'}\n"
            "    exec(open(torch.nn.init.__file__).read(), again)\n    again['orthogonal_'](x)"
        ),
    ),
}


@pytest.mark.parametrize("way", BEYOND)
def test_a_fence_is_no_wall_as_the_page_says(judge_torch: Judge, way: str) -> None:
    """Should one of these be closed one day, mend docs/authors.md."""
    name, body = BEYOND[way]
    code = f"import torch\ndef attempt(x):\n    x = torch.ones(1, 2, 4, 8)\n    {body}\n    return 0\n"
    assert passed(judge_torch(code, one_check("sut.attempt(1)"), forbid=[name], cpu_seconds=8, wall_seconds=20))


def test_excluding_costs_under_two_milliseconds_in_torch(
    loop: Loop, sandbox: Sandbox, environment: Environment
) -> None:
    """Of the candidate's own clock, the least of five runs each, so that a busy machine does not decide."""
    environment("torch")
    forbid = [SDPA, "torch.nn.functional.multi_head_attention_forward", HEADS, BACKWARD, "torch.softmax"]
    code, checks = "def attempt(x):\n    return 2 * x\n", one_check("sut.attempt(1)")

    def least(names: list[str]) -> float:
        jobs = [job_of(code, checks, framework="torch", forbid=names) for _ in range(5)]
        return min(run_of(loop.run(sandbox.run(job))).cpu_seconds for job in jobs)

    assert least(forbid) - least([]) < 0.002

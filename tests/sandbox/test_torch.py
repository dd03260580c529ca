"""Attempts in PyTorch run in a warmed fork, end in the same words, and find open nothing that is closed to others."""

from pathlib import Path

import pytest

from tests.sandbox.attacks import REFUSED
from tests.sandbox.conftest import Judge, Loop, run_of
from tests.sandbox.judging import RIGHT, job_of, one_check, passed
from tests.sandbox.test_attacks import KINDS, PROBE, code_of
from viva.core.evidence import CheckRun, NotObserved
from viva.sandbox import environments, process
from viva.sandbox.client import Sandbox
from viva.sandbox.zygotes import Zygote

ENDINGS = {
    "much memory": ("def attempt(x): return torch.ones(1 << 28).sum()", "out_of_memory"),
    "an endless loop": ("def attempt(x):\n    while True: torch.ones(64, 64) @ torch.ones(64, 64)", "timed_out"),
    "os._exit": ("import os\ndef attempt(x): os._exit(0)", "crashed"),
    "a missing name": ("def atempt(x): return x", "candidate_error"),
    "noise on the wire": ("import os\ndef attempt(x): os.write(4, b'x' * 99)", "killed"),
}


@pytest.mark.parametrize("name", ENDINGS)
def test_a_run_in_torch_ends_in_the_same_words(judge_torch: Judge, name: str) -> None:
    code, ended = ENDINGS[name]
    seen = judge_torch("import torch\n" + code, cpu_seconds=0.4, wall_seconds=2)
    assert seen.get("ended") == ended, seen


def test_without_its_environment_the_answer_names_size_and_command_and_blames_the_machine(
    loop: Loop, numpy_environment: environments.Installed, tmp_path: Path
) -> None:
    (tmp_path / "numpy").symlink_to(numpy_environment.folder)

    async def judged(framework: str) -> CheckRun | NotObserved:
        async with Sandbox(folder=tmp_path, spares=0) as sandbox:
            return await sandbox.run(job_of(RIGHT, framework=framework))

    seen = loop.run(judged("torch"))
    assert isinstance(seen, NotObserved)
    assert seen.whose == "machine"
    assert "the environment torch is not installed (about 1.4 GB)" in seen.why
    assert seen.why.endswith("viva env install torch")
    assert str(tmp_path) not in seen.why
    assert run_of(loop.run(judged("numpy"))).ended == "finished"


# ---- warm-up


def test_the_first_optimizer_step_imports_nothing(judge_torch: Judge) -> None:
    """Without the warm-up it imports torch._dynamo: 0.9 s and 110 MB in every run."""
    code = """
import sys
before = set(sys.modules)
import torch
def attempt(x):
    layer = torch.nn.Linear(3, 2)
    for kind in (torch.optim.SGD, torch.optim.AdamW):
        optimizer = kind(layer.parameters(), lr=0.1)
        torch.nn.functional.cross_entropy(layer(torch.ones(4, 3)), torch.zeros(4, dtype=torch.long)).backward()
        optimizer.step()
    return sorted(set(sys.modules) - before - {"attempt"})
"""
    seen = judge_torch(code, one_check("equal(sut.attempt(1), [])"))
    assert passed(seen)
    assert seen["cpu_seconds"] < 0.3
    assert seen["memory_mib"] < 40


AFTER_A_FORK = {
    "a large product": "torch.ones(600, 600) @ torch.ones(600, 600)",
    "a product on two threads": "(torch.set_num_threads(2), torch.ones(600, 600) @ torch.ones(600, 600))[1]",
    "gradients on two threads": (
        "(torch.set_num_threads(2), torch.autograd.grad((w @ w).sum(), w))[1][0]"
        " if (w := torch.ones(300, 300, requires_grad=True)) is not None else w"
    ),
    "half precision": "(torch.ones(64, 64, dtype=torch.float16) @ torch.ones(64, 64, dtype=torch.float16)).float()",
    "bfloat16": "(torch.ones(64, 64, dtype=torch.bfloat16) @ torch.ones(64, 64, dtype=torch.bfloat16)).float()",
    "a convolution": "torch.nn.Conv2d(3, 8, 3)(torch.ones(2, 3, 32, 32))",
    "a recurrent layer": "torch.nn.LSTM(8, 8)(torch.ones(3, 2, 8))[0]",
    "a transformer layer": "torch.nn.TransformerEncoderLayer(64, 4)(torch.ones(5, 2, 64))",
    "attention": "torch.nn.functional.scaled_dot_product_attention(*[torch.ones(1, 2, 64, 16)] * 3)",
    "torch.compile": "torch.compile(lambda x: x + 1)(torch.ones(3))",
    "a data loader": "next(iter(torch.utils.data.DataLoader(torch.ones(4, 2), batch_size=2)))",
    "a decomposition": "torch.linalg.svd(torch.ones(50, 50)).S",
}


@pytest.mark.parametrize("name", AFTER_A_FORK)
def test_no_operation_hangs_in_a_fork(judge_torch: Judge, name: str) -> None:
    code = f"import torch\ndef attempt(x): return bool(torch.isfinite({AFTER_A_FORK[name]}).all())\n"
    assert passed(judge_torch(code, one_check("equal(sut.attempt(1), True)"), memory_mib=256))


def test_its_zygote_has_one_thread_shares_no_memory_and_holds_huge_pages(
    torch_environment: environments.Installed,
) -> None:
    zygote = Zygote("candidate", torch_environment.paths)
    try:
        assert process.status(zygote.pid).threads == 1
        assert not process.shares_writable_memory(zygote.pid)
        regions = process.private_regions(zygote.pid, 2 << 20)
        assert sum(length for _, length in regions) > 100 << 20
    finally:
        zygote.end()


def test_the_same_code_draws_the_same_in_a_spare_and_in_a_fresh_fork(judge_torch: Judge) -> None:
    code = "import torch\ndef attempt(x): return torch.randn(4).tolist()\nprint(attempt(1))"
    assert len({judge_torch(code, one_check("sut.attempt(1)"))["prints"] for _ in range(3)}) == 1


# ---- attacks

TRIED = [
    *(
        "cant_list_proc",
        "cant_open_a_tcp_socket",
        "cant_start_a_program",
        "cant_fork",
        "cant_use_io_uring",
        "cant_take_anonymous_memory_beyond_the_limit",
        "cant_list_sys",
    ),
    *(
        "cant_read_files_of_the_host",
        "cant_write_over_the_environment",
        "cant_write_over_our_code",
        "cant_make_a_user_namespace",
        "cant_list_a_home",
    ),
    *(
        "cant_fill_more_of_tmp_than_it_may_hold",
        "cant_start_threads_without_a_limit",
        "cant_raise_its_limits",
        "cant_become_another_program",
    ),
]


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[pytest.mark.ordinary_user] if at % 3 == 0 else []) for at, name in enumerate(TRIED)],
)
def test_what_is_refused_elsewhere_is_refused_beside_torch(judge_torch: Judge, name: str) -> None:
    seen = judge_torch("import torch\n" + code_of(REFUSED[name].replace("\n    ", "\n")), PROBE)
    assert seen.get("prints", "").startswith(tuple(f"refused {kind} " for kind in KINDS)), (name, seen)


HOSTILE = {
    "patched comparisons": "torch.Tensor.__eq__ = lambda *a: True\ntorch.allclose = lambda *a, **k: True",
    "patched conversions": "torch.Tensor.numpy = lambda *a: __import__('numpy').array(6)\ntorch.from_numpy = lambda a: 6",
    "a patched number": "int.__class__; torch.Tensor.item = lambda *a: 6",
    "a dispatch mode for good": (
        "from torch.overrides import TorchFunctionMode\n"
        "class Liar(TorchFunctionMode):\n"
        "    def __torch_function__(self, f, types, args=(), kwargs=None): return torch.Tensor.new_tensor(args[0], 6)\n"
        "Liar().__enter__()"
    ),
}


@pytest.mark.parametrize("patch", HOSTILE.values(), ids=HOSTILE)
def test_patching_torch_forges_no_verdict(judge_torch: Judge, patch: str) -> None:
    code = f"import torch\n{patch}\ndef attempt(x): return torch.as_tensor(x)\n"
    seen = judge_torch(code, one_check("equal(sut.attempt(rng.normal(size=3)), np.arange(3.0))"))
    assert not any(check["passed"] for check in seen.get("checks", [{"passed": True}])), seen


def test_a_pickle_that_torch_loads_starts_nothing(judge_torch: Judge) -> None:
    code = """
import io, os, torch
class Bomb:
    def __reduce__(self): return (os.system, ("id",))
def attempt(x):
    held = io.BytesIO()
    torch.save(Bomb(), held)
    held.seek(0)
    return int(torch.load(held, weights_only=False))
"""
    seen = judge_torch(code, one_check("equal(sut.attempt(1) != 0, True)"))
    assert passed(seen)
    assert "uid=" not in seen["prints"]

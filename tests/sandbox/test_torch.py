"""What is so of attempts in PyTorch alone: their zygote is warmed, and torch loads pickles. The rest is in test_frameworks."""

from pathlib import Path

from tests.sandbox.conftest import Environment, Judge, Loop, run_of
from tests.sandbox.judging import RIGHT, job_of, one_check, passed
from viva.core.evidence import CheckRun, NotObserved
from viva.sandbox import environments, process
from viva.sandbox.client import Sandbox
from viva.sandbox.zygotes import Zygote


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


def test_its_zygote_lies_in_regions_that_can_be_huge_pages(environment: Environment) -> None:
    zygote = Zygote("candidate", environment("torch").paths)
    try:
        regions = process.private_regions(zygote.pid, 2 << 20)
        assert sum(length for _, length in regions) > 100 << 20
    finally:
        zygote.end()


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

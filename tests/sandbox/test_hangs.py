"""Why zygotes are warmed as they are: a parent that went one step further leaves forks that hang, one that did what ours do
does not. Each case runs in the environment's own Python, without a jail.

A fork hangs when each of its threads sleeps for as long as `STILL_SECONDS` without a break: on a busy machine a slow one is
ready to run instead. A case that no longer hangs is news: a rule of the warm-up may have lost its reason.
"""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from viva.sandbox import environments
from viva.settings import load

STILL_SECONDS = 3.0
LONGEST_SECONDS = 120.0

FORK = """
import json, os, sys, time
parent, child, still, longest = json.loads(sys.argv[1])
space = {}
exec(parent, space)
pid = os.fork()
if pid == 0:
    try:
        exec(child, space)
        os._exit(0)
    except BaseException as problem:
        print(repr(problem)[:300], flush=True)
    os._exit(1)

def asleep():
    try:
        threads = os.listdir(f"/proc/{pid}/task")
        states = [open(f"/proc/{pid}/task/{one}/stat").read().rpartition(")")[2].split()[0] for one in threads]
    except OSError:
        return False
    return all(state == "S" for state in states)

start = since = time.monotonic()
while True:
    done, status = os.waitpid(pid, os.WNOHANG)
    now = time.monotonic()
    if done:
        print("ended" if status == 0 else f"failed with {status}")
        break
    since = since if asleep() else now
    if now - since > still or now - start > longest:
        print("hung" if now - since > still else "slow")
        os.kill(pid, 9)
        os.waitpid(pid, 0)
        break
    time.sleep(0.01)
sys.stdout.flush()
os._exit(0)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What a parent did before it forked, what its child did then, and what came of it."""

    framework: str
    parent: str
    child: str
    comes: str


_TORCH = "import torch\ntorch.set_num_threads({})\na = torch.ones(512, 512)\na @ a\n"
_TORCH_STEPS = """
import torch
torch.set_num_threads(1)
layer = torch.nn.Linear(64, 64)
def step():
    layer(torch.ones(512, 64)).pow(2).mean().backward()
step()
"""
_JAX = "import jax, jax.numpy as jnp\n"
_TENSORFLOW = "import tensorflow as tf\n"
_TENSORFLOW_EAGER = _TENSORFLOW + "tf.constant([1.0]) + tf.constant([2.0])\ntf.constant([1.0]) * 2\n"
_LARGE = "a = tf.ones((1024, 1024))\nfloat(tf.reduce_sum(a @ a))"
_TRACED = "f = tf.function(lambda x: x * 2 + 1)\nfloat(f(tf.constant(3.0)))"

CASES = {
    "torch, an operation on two threads": Case(
        framework="torch", parent=_TORCH.format(2), child="a = torch.ones(1024, 1024)\na @ a", comes="hung"
    ),
    "torch, operations on one thread": Case(
        framework="torch", parent=_TORCH.format(1), child="a = torch.ones(1024, 1024)\na @ a", comes="ended"
    ),
    "torch, steps on one thread": Case(framework="torch", parent=_TORCH_STEPS, child="step()", comes="ended"),
    "torch, one thread, and two in the fork": Case(
        framework="torch",
        parent=_TORCH.format(1),
        child="torch.set_num_threads(2)\na = torch.ones(1024, 1024)\na @ a",
        comes="ended",
    ),
    "jax, its devices asked for": Case(
        framework="jax", parent=_JAX + "jax.devices()\n", child="float(jnp.ones(3).sum())", comes="hung"
    ),
    "jax, warmed, and something new in the fork": Case(
        framework="jax",
        parent=_JAX + "jax.config.update('jax_cpu_enable_async_dispatch', False)\nfloat(jnp.ones(3).sum())\n",
        child="float(jax.jit(lambda x: x * 2 + 1)(jnp.ones(7)).sum())",
        comes="hung",
    ),
    "jax, imported": Case(framework="jax", parent=_JAX, child="float(jnp.ones(3).sum())", comes="ended"),
    "tensorflow, two small operations, then a large one": Case(
        framework="tensorflow", parent=_TENSORFLOW_EAGER, child=_LARGE, comes="hung"
    ),
    "tensorflow, two small operations, then a traced function": Case(
        framework="tensorflow", parent=_TENSORFLOW_EAGER, child=_TRACED, comes="hung"
    ),
    "tensorflow, imported": Case(
        framework="tensorflow", parent=_TENSORFLOW, child=f"{_LARGE}\n{_TRACED}", comes="ended"
    ),
    "numpy, products on two threads": Case(
        framework="numpy",
        parent="import numpy as np\na = np.ones((512, 512))\na @ a\n",
        child="a @ a",
        comes="ended",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_fork_hangs_or_ends_by_what_its_parent_has_done(name: str) -> None:
    case = CASES[name]
    try:
        place = environments.find(load().environments, case.framework)
    except environments.NotInstalled as problem:
        pytest.skip(f"a fork of {case.framework} needs its environment: {problem}")
    order = json.dumps([case.parent, case.child, STILL_SECONDS, LONGEST_SECONDS])
    variables = {
        "OMP_NUM_THREADS": "2",
        "OPENBLAS_NUM_THREADS": "2",
        "JAX_PLATFORMS": "cpu",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "",
        "PATH": "/usr/bin:/bin",
        "HOME": "/tmp",
    }
    seen = subprocess.run(
        [Path(place.folder, "bin", "python"), "-I", "-W", "ignore", "-c", FORK, order],
        capture_output=True,
        text=True,
        timeout=LONGEST_SECONDS + 60,
        check=False,
        env=variables,
    )
    assert seen.stdout.splitlines()[-1:] == [case.comes], (seen.stdout, seen.stderr[-600:])

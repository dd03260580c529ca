"""Attempts in JAX run in forks that hang nowhere, end in the same words, and find open nothing that is closed to others."""

import pytest

from tests.sandbox.attacks import REFUSED
from tests.sandbox.conftest import Judge
from tests.sandbox.judging import one_check, passed
from tests.sandbox.test_attacks import KINDS, PROBE, code_of
from viva.sandbox import environments, process
from viva.sandbox.zygotes import Zygote

ENDINGS = {
    "much memory": ("def attempt(x): return jnp.ones(1 << 30).sum()", "out_of_memory"),
    "an endless loop": ("def attempt(x):\n    while True: jnp.ones((64, 64)) @ jnp.ones((64, 64))", "timed_out"),
    "an endless compiled loop": (
        "def attempt(x): return jax.lax.while_loop(lambda n: n >= 0, lambda n: (n + 1) % 9, 0)",
        "timed_out",
    ),
    "os._exit": ("import os\ndef attempt(x): os._exit(0)", "crashed"),
    "a missing name": ("def atempt(x): return x", "candidate_error"),
    "noise on the wire": ("import os\ndef attempt(x): os.write(4, b'x' * 99)", "killed"),
}


@pytest.mark.parametrize("name", ENDINGS)
def test_a_run_in_jax_ends_in_the_same_words(judge_jax: Judge, name: str) -> None:
    code, ended = ENDINGS[name]
    seen = judge_jax("import jax\nimport jax.numpy as jnp\n" + code, cpu_seconds=0.6, wall_seconds=5)
    assert seen.get("ended") == ended, seen


AFTER_A_FORK = {
    "a large product": "jnp.ones((600, 600)) @ jnp.ones((600, 600))",
    "a compiled function": "jax.jit(lambda v: jnp.exp(v) * 2)(jnp.ones(3))",
    "gradients": "jax.grad(lambda w: jnp.sum(jax.nn.relu(w @ w)))(jnp.ones((30, 30)))",
    "a batched function": "jax.vmap(jax.nn.softmax)(jnp.ones((3, 4)))",
    "a scan": "jax.lax.scan(lambda c, v: (c + v, c), 0.0, jnp.ones(5))[1]",
    "half precision": "(jnp.ones((64, 64), jnp.float16) @ jnp.ones((64, 64), jnp.bfloat16)).astype(jnp.float32)",
    "a convolution": "jax.lax.conv(jnp.ones((2, 3, 16, 16)), jnp.ones((4, 3, 3, 3)), (1, 1), 'SAME')",
    "random numbers": "jax.random.normal(jax.random.key(0), (5,))",
    "a decomposition": "jnp.linalg.svd(jnp.ones((50, 50)))[1]",
    "a solution": "jnp.linalg.solve(jnp.eye(9), jnp.ones(9))",
    "a transform": "jnp.abs(jnp.fft.rfft(jnp.ones(16)))",
    "a sorted array": "jnp.sort(jnp.arange(50.0)[::-1])",
    "an optimizer": ("optax.apply_updates(w := jnp.ones(3), (o := optax.adamw(0.1)).update(w, o.init(w), w)[0])"),
    "a callback": "jax.pure_callback(lambda v: v, jax.ShapeDtypeStruct((3,), jnp.float32), jnp.ones(3))",
    "a network": "jax.nn.dot_product_attention(*[jnp.ones((1, 8, 2, 4))] * 3)",
}


@pytest.mark.parametrize("name", AFTER_A_FORK)
def test_no_operation_hangs_in_a_fork(judge_jax: Judge, name: str) -> None:
    code = f"import jax, optax\nimport jax.numpy as jnp\ndef attempt(x): return bool(jnp.isfinite({AFTER_A_FORK[name]}).all())\n"
    seen = judge_jax(code, one_check("equal(sut.attempt(1), True)"))
    assert passed(seen)
    assert seen["prints"] == ""


def test_its_zygote_has_one_thread_shares_no_memory_and_no_fork_brings_many(
    jax_environment: environments.Installed,
) -> None:
    zygote = Zygote("candidate", jax_environment.paths)
    try:
        assert process.status(zygote.pid).threads == 1
        assert not process.shares_writable_memory(zygote.pid)
        fork = zygote.fork()
        assert 1 < process.status(fork.pid).threads <= 20
        fork.end()
    finally:
        zygote.end()


def test_random_numbers_are_the_same_in_a_spare_and_in_a_fresh_fork(judge_jax: Judge) -> None:
    code = "import jax\ndef attempt(x): return jax.random.normal(jax.random.key(3), (4,)).tolist()\nprint(attempt(1))"
    assert len({judge_jax(code, one_check("sut.attempt(1)"))["prints"] for _ in range(2)}) == 1


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
def test_what_is_refused_elsewhere_is_refused_beside_jax(judge_jax: Judge, name: str) -> None:
    seen = judge_jax("import jax\n" + code_of(REFUSED[name].replace("\n    ", "\n")), PROBE)
    *_, told = seen.get("prints", "").splitlines() or [""]  # JAX may warn before, as of a fork beside its threads
    assert told.startswith(tuple(f"refused {kind} " for kind in KINDS)), (name, seen)


HOSTILE = {
    "patched comparisons": "jax.Array.__eq__ = lambda *a: True\njnp.allclose = lambda *a, **k: True",
    "patched conversions": "import numpy\nnumpy.asarray = lambda *a, **k: 6",
    "a patched array": "from jax._src.array import ArrayImpl\nArrayImpl.__array__ = lambda *a, **k: 6",
}


@pytest.mark.parametrize("patch", HOSTILE.values(), ids=HOSTILE)
def test_patching_jax_forges_no_verdict(judge_jax: Judge, patch: str) -> None:
    code = f"import jax\nimport jax.numpy as jnp\n{patch}\ndef attempt(x): return jnp.zeros(3)\n"
    seen = judge_jax(code, one_check("equal(sut.attempt(rng.normal(size=3)), np.arange(3.0))"))
    assert not any(check["passed"] for check in seen.get("checks", [{"passed": True}])), seen

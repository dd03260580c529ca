"""Attempts in TensorFlow run in forks that hang nowhere, end in the same words, and find nothing open that should be closed."""

import pytest

from tests.sandbox.attacks import REFUSED
from tests.sandbox.conftest import Judge
from tests.sandbox.judging import one_check, passed
from tests.sandbox.test_attacks import KINDS, PROBE, code_of
from viva.sandbox import environments, process
from viva.sandbox.zygotes import Zygote

ENDINGS = {
    "much memory": ("def attempt(x): return tf.ones(1 << 28)[0]", "out_of_memory"),
    "an endless loop": ("def attempt(x):\n    while True: tf.ones((64, 64)) @ tf.ones((64, 64))", "timed_out"),
    "an endless graph": (
        "def attempt(x): return tf.function(lambda n: tf.while_loop(lambda i: i >= 0, lambda i: [(i + 1) % 9], [n]))(0)",
        "timed_out",
    ),
    "os._exit": ("import os\ndef attempt(x): os._exit(0)", "crashed"),
    "a missing name": ("def atempt(x): return x", "candidate_error"),
    "noise on the wire": ("import os\ndef attempt(x): os.write(4, b'x' * 99)", "killed"),
}


@pytest.mark.parametrize("name", ENDINGS)
def test_a_run_in_tensorflow_ends_in_the_same_words(judge_tensorflow: Judge, name: str) -> None:
    code, ended = ENDINGS[name]
    seen = judge_tensorflow("import tensorflow as tf\n" + code, cpu_seconds=0.6, wall_seconds=5)
    assert seen.get("ended") == ended, seen


AFTER_A_FORK = {
    "a large product": "tf.ones((600, 600)) @ tf.ones((600, 600))",
    "a compiled function": "tf.function(lambda v: tf.exp(v) * 2)(tf.ones(3))",
    "a branch that is compiled": "branch(tf.ones(3))",
    "a compiled loop": "tf.function(lambda n: tf.while_loop(lambda i: i < n, lambda i: [i + 1], [0.0])[0])(tf.constant(9.0))",
    "a batched function": "tf.vectorized_map(tf.nn.softmax, tf.ones((3, 4)))",
    "gradients": "gradient()",
    "half precision": "tf.cast(tf.ones((64, 64), tf.float16) @ tf.ones((64, 64), tf.float16), tf.float32)",
    "bfloat16": "tf.cast(tf.ones((64, 64), tf.bfloat16) @ tf.ones((64, 64), tf.bfloat16), tf.float32)",
    "a convolution": "tf.keras.layers.Conv2D(3, 3)(tf.ones((2, 8, 8, 3)))",
    "a recurrent layer": "tf.keras.layers.LSTM(4)(tf.ones((2, 3, 8)))",
    "attention": "tf.keras.layers.MultiHeadAttention(2, 4)(tf.ones((2, 3, 8)), tf.ones((2, 3, 8)))",
    "random numbers": "tf.random.normal((5,))",
    "a decomposition": "tf.linalg.svd(tf.ones((50, 50)))[0]",
    "a data set": "next(iter(tf.data.Dataset.from_tensor_slices(tf.ones((4, 2))).map(lambda v: v * 2).batch(2)))",
    "training": "fit()",
}
HELPERS = """
import tensorflow as tf
def gradient():
    w = tf.Variable(tf.ones((30, 30)))
    with tf.GradientTape() as tape: loss = tf.reduce_sum(tf.nn.relu(w @ w))
    return tape.gradient(loss, w)
@tf.function
def branch(v):
    while tf.reduce_sum(v) < 9.0: v = v * 2
    return v if tf.reduce_sum(v) > 0.0 else -v
def fit():
    model = tf.keras.Sequential([tf.keras.layers.Dense(3)])
    model.compile("adam", "mse")
    return tf.constant(model.fit(tf.ones((8, 4)), tf.ones((8, 3)), verbose=0).history["loss"])
"""


@pytest.mark.parametrize("name", AFTER_A_FORK)
def test_no_operation_hangs_in_a_fork(judge_tensorflow: Judge, name: str) -> None:
    code = f"{HELPERS}def attempt(x): return bool(tf.reduce_all(tf.math.is_finite({AFTER_A_FORK[name]})))\n"
    seen = judge_tensorflow(code, one_check("equal(sut.attempt(1), True)"))
    assert passed(seen)
    assert seen["prints"] == ""


def test_its_zygote_has_one_thread_shares_no_memory_and_no_fork_brings_many(
    tensorflow_environment: environments.Installed,
) -> None:
    zygote = Zygote("candidate", tensorflow_environment.paths)
    try:
        assert process.status(zygote.pid).threads == 1
        assert not process.shares_writable_memory(zygote.pid)
        fork = zygote.fork()
        assert 1 < process.status(fork.pid).threads <= 10
        fork.end()
    finally:
        zygote.end()


def test_names_and_random_numbers_are_the_same_in_a_spare_and_in_a_fresh_fork(judge_tensorflow: Judge) -> None:
    code = """
import tensorflow as tf
def attempt(x):
    tf.random.set_seed(3)
    return [tf.random.normal((2,)).numpy().tolist(), tf.keras.layers.Dense(1).name]
print(attempt(1))
"""
    assert len({judge_tensorflow(code, one_check("sut.attempt(1)"))["prints"] for _ in range(2)}) == 1


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
def test_what_is_refused_elsewhere_is_refused_beside_tensorflow(judge_tensorflow: Judge, name: str) -> None:
    seen = judge_tensorflow("import tensorflow\n" + code_of(REFUSED[name].replace("\n    ", "\n")), PROBE)
    assert seen.get("prints", "").startswith(tuple(f"refused {kind} " for kind in KINDS)), (name, seen)


def test_what_stands_in_for_proc_says_the_programs_name_and_nothing_else(judge_tensorflow: Judge) -> None:
    code = """
import os
def attempt(x):
    kept = []
    for name in ("environ", "maps", "mem", "status", "fd", "task", "root", "ns", "../1/maps"):
        try:
            kept.append(open("/proc/self/" + name).read(1))
        except OSError:
            pass
    return [kept, os.readlink("/proc/self/exe")]
"""
    check = 'equal(sut.attempt(1)[0], [])\nassert sut.attempt(1)[1].startswith("/python/bin/")'
    assert passed(judge_tensorflow(code, one_check(check)))


HOSTILE = {
    "patched comparisons": "tf.Tensor.__eq__ = lambda *a: True",
    "patched conversions": "from tensorflow.python.framework.ops import EagerTensor\nEagerTensor.numpy = lambda *a: 6",
    "a patched module": "import numpy\nnumpy.asarray = lambda *a, **k: numpy.arange(3.0)",
}


@pytest.mark.parametrize("patch", HOSTILE.values(), ids=HOSTILE)
def test_patching_tensorflow_forges_no_verdict(judge_tensorflow: Judge, patch: str) -> None:
    code = f"import tensorflow as tf\n{patch}\ndef attempt(x): return tf.zeros(3)\n"
    seen = judge_tensorflow(code, one_check("equal(sut.attempt(rng.normal(size=3)), rng.normal(size=3))"))
    assert not any(check["passed"] for check in seen.get("checks", [{"passed": True}])), seen

"""What is tried of attempts in each framework: one table, so that what is asked of one is asked of all."""

from dataclasses import dataclass

_HELPERS = """
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework:
    """`head` stands above every attempt. `endings`: an attempt and how it must end, with the limits of `brief`. `after_a_fork`:
    expressions whose numbers must be finite, as `finite` asks, below `helpers`. `hostile`: patches above an attempt that gives
    `answer`. `draws`: what must be drawn alike in each run. `threads`: how many a fork may have once it is ready."""

    head: str
    endings: dict[str, tuple[str, str]]
    brief: dict[str, float]
    after_a_fork: dict[str, str]
    finite: str
    hostile: dict[str, str]
    answer: str
    draws: str
    threads: range
    helpers: str = ""


_EVERYWHERE = {
    "os._exit": ("import os\ndef attempt(x): os._exit(0)", "crashed"),
    "a missing name": ("def atempt(x): return x", "candidate_error"),
    "noise on the wire": ("import os\ndef attempt(x): os.write(4, b'x' * 99)", "killed"),
}
_TORCH = Framework(
    head="import torch\n",
    endings={
        "much memory": ("def attempt(x): return torch.ones(1 << 28).sum()", "out_of_memory"),
        "an endless loop": ("def attempt(x):\n    while True: torch.ones(64, 64) @ torch.ones(64, 64)", "timed_out"),
        **_EVERYWHERE,
    },
    brief={"cpu_seconds": 0.4, "wall_seconds": 2},
    after_a_fork={
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
    },
    finite="torch.isfinite({}).all()",
    hostile={
        "patched comparisons": "torch.Tensor.__eq__ = lambda *a: True\ntorch.allclose = lambda *a, **k: True",
        "patched conversions": "torch.Tensor.numpy = lambda *a: __import__('numpy').array(6)\ntorch.from_numpy = lambda a: 6",
        "a patched number": "int.__class__; torch.Tensor.item = lambda *a: 6",
        "a dispatch mode for good": (
            "from torch.overrides import TorchFunctionMode\n"
            "class Liar(TorchFunctionMode):\n"
            "    def __torch_function__(self, f, types, args=(), kwargs=None): return torch.Tensor.new_tensor(args[0], 6)\n"
            "Liar().__enter__()"
        ),
    },
    answer="torch.as_tensor(x)",
    draws="torch.randn(4).tolist()",
    threads=range(1, 2),
)
_JAX = Framework(
    head="import jax\nimport jax.numpy as jnp\n",
    helpers="import optax\n",
    endings={
        "much memory": ("def attempt(x): return jnp.ones(1 << 30).sum()", "out_of_memory"),
        "an endless loop": ("def attempt(x):\n    while True: jnp.ones((64, 64)) @ jnp.ones((64, 64))", "timed_out"),
        "an endless compiled loop": (
            "def attempt(x): return jax.lax.while_loop(lambda n: n >= 0, lambda n: (n + 1) % 9, 0)",
            "timed_out",
        ),
        **_EVERYWHERE,
    },
    brief={"cpu_seconds": 0.6, "wall_seconds": 5},
    after_a_fork={
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
    },
    finite="jnp.isfinite({}).all()",
    hostile={
        "patched comparisons": "jax.Array.__eq__ = lambda *a: True\njnp.allclose = lambda *a, **k: True",
        "patched conversions": "import numpy\nnumpy.asarray = lambda *a, **k: 6",
        "a patched array": "from jax._src.array import ArrayImpl\nArrayImpl.__array__ = lambda *a, **k: 6",
    },
    answer="jnp.zeros(3)",
    draws="jax.random.normal(jax.random.key(3), (4,)).tolist()",
    threads=range(2, 21),
)
_TENSORFLOW = Framework(
    head="import tensorflow as tf\n",
    helpers=_HELPERS,
    endings={
        "much memory": ("def attempt(x): return tf.ones(1 << 28)[0]", "out_of_memory"),
        "an endless loop": ("def attempt(x):\n    while True: tf.ones((64, 64)) @ tf.ones((64, 64))", "timed_out"),
        "an endless graph": (
            "def attempt(x): return tf.function(lambda n: tf.while_loop(lambda i: i >= 0, lambda i: [(i + 1) % 9], [n]))(0)",
            "timed_out",
        ),
        **_EVERYWHERE,
    },
    brief={"cpu_seconds": 0.6, "wall_seconds": 5},
    after_a_fork={
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
    },
    finite="tf.reduce_all(tf.math.is_finite({}))",
    hostile={
        "patched comparisons": "tf.Tensor.__eq__ = lambda *a: True",
        "patched conversions": "from tensorflow.python.framework.ops import EagerTensor\nEagerTensor.numpy = lambda *a: 6",
        "a patched module": "import numpy\nnumpy.asarray = lambda *a, **k: numpy.arange(3.0)",
    },
    answer="tf.zeros(3)",
    draws="[tf.random.set_seed(3), tf.random.normal((2,)).numpy().tolist(), tf.keras.layers.Dense(1).name]",
    threads=range(2, 11),
)

TABLE = {"torch": _TORCH, "jax": _JAX, "tensorflow": _TENSORFLOW}

ATTACKS = (
    "cant_list_proc",
    "cant_open_a_tcp_socket",
    "cant_start_a_program",
    "cant_fork",
    "cant_use_io_uring",
    "cant_take_anonymous_memory_beyond_the_limit",
    "cant_list_sys",
    "cant_read_files_of_the_host",
    "cant_write_over_the_environment",
    "cant_write_over_our_code",
    "cant_make_a_user_namespace",
    "cant_list_a_home",
    "cant_fill_more_of_tmp_than_it_may_hold",
    "cant_start_threads_without_a_limit",
    "cant_raise_its_limits",
    "cant_become_another_program",
)
"""Attacks of `attacks.REFUSED` that a framework's mounts, threads and memory might open a way for."""

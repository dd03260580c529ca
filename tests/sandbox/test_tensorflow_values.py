"""Values of attempts in TensorFlow: eager tensors over there, arrays here, and the promises that checks ask for."""

import pytest

from tests.sandbox.conftest import Judge
from tests.sandbox.judging import one_check, passed


@pytest.mark.ordinary_user
def test_every_dtype_arrives_as_a_tensor_and_comes_back_as_it_was(judge_tensorflow: Judge) -> None:
    code = """
import tensorflow as tf
def attempt(x, name):
    assert isinstance(x, tf.Tensor) and x.dtype.name == name, (type(x), x.dtype)
    return x
"""
    echo = """
for name in ("bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 complex64 complex128").split():
    for shape in ((), (0,), (3, 0, 2), (1,), (2, 3)):
        x = rng.integers(0, 2, size=shape).astype(name) if name == "bool" else rng.normal(scale=9, size=shape).astype(name)
        out = sut.attempt(x, name)
        same_dtype(out, name)
        equal(out, x, what=f"the {name} of shape {shape}")
equal(str(default_float(sut)), "float32")
equal([str(one) for one in float_dtypes(sut)], ["float64", "float32", "float16"])
"""
    assert passed(judge_tensorflow(code, one_check(echo)))


def test_bfloat16_is_seen_as_float32_under_its_own_name_and_goes_back_as_bfloat16(judge_tensorflow: Judge) -> None:
    code = """
import tensorflow as tf
def half(x): return tf.cast(x, tf.bfloat16)
def dtype(x): return x.dtype.name
"""
    seen = """
x = rng.normal(size=(3, 4))
out = sut.half(x)
same_dtype(out, "bfloat16")
close(out, x, dtype="bfloat16")
assert out.dtype == np.float32 and (out != x).any()
equal(sut.dtype(out), "bfloat16")
equal(sut.half(out), out)
equal(sut.half(np.zeros((2, 0))), np.zeros((2, 0), np.float32))
"""
    assert passed(judge_tensorflow(code, one_check(seen)))


def test_results_leave_as_plain_data(judge_tensorflow: Judge) -> None:
    code = """
import keras
import tensorflow as tf
@tf.function
def compiled(x): return {"y": (x * 2, None), "n": tf.reduce_sum(x)}
def nested(x): return {"all": [x, (x[0], None)], "shape": x.shape, 3: float(tf.reduce_mean(x))}
def variable(x): return tf.Variable(x), keras.Variable(x)
def strided(x): return tf.transpose(x[::2, 1:])
def gradient(x):
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.reduce_sum(x * x)
    return tape.gradient(y, x)
"""
    seen = """
x = rng.normal(size=(3, 4)).astype(np.float32)
close(sut.compiled(x), {"y": (x * 2, None), "n": x.sum()}, dtype="float32")
close(sut.nested(x), {"all": [x, (x[0], None)], "shape": (3, 4), 3: float(x.mean())}, dtype="float32")
equal(sut.variable(x), (x, x))
equal(sut.strided(x), x[::2, 1:].T)
close(sut.gradient(x), 2 * x)
"""
    assert passed(judge_tensorflow(code, one_check(seen)))


REFUSALS = {
    "a NumPy array": ("x.numpy()", "a NumPy array, which is no tensor"),
    "a sparse tensor": ("tf.sparse.from_dense(x)", "a sparse tensor"),
    "a ragged tensor": ("tf.ragged.constant([[1], [2, 3]])", "a ragged tensor"),
    "text": ("tf.constant('x')", "a tensor of dtype string"),
    "a dtype of eight bits": ("tf.cast(x, tf.dtypes.experimental.float8_e4m3fn)", "a tensor of dtype float8_e4m3fn"),
    "a symbolic tensor": ("leaked(x)", "a symbolic tensor, which has left the function that TensorFlow was tracing"),
    "a sparse gradient": (
        "gathered(x)",
        "a sparse gradient (tf.IndexedSlices; tf.convert_to_tensor makes a tensor of it)",
    ),
    "one item of a list": ("[x, tf.constant('x')]", "a tensor of dtype string as item 1 of its result"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_what_has_no_plain_elements_is_refused_in_words(judge_tensorflow: Judge, name: str) -> None:
    expression, found = REFUSALS[name]
    code = f"""
import tensorflow as tf
def leaked(x):
    kept = []
    tf.function(lambda row: kept.append(row) or row)(x)
    return kept[0]
def gathered(x):
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.reduce_sum(tf.gather(x, [0]))
    return tape.gradient(y, x)
def attempt(x): return {expression}
"""
    seen = judge_tensorflow(code, one_check("sut.attempt(rng.normal(size=(2, 3)).astype(np.float32))"))
    says = seen["checks"][0]["says"]
    assert says == f"Your function returned {found}; expected tensors, numbers, strings, lists or dicts.", seen
    assert seen["ended"] == "finished"


def test_layers_stay_over_there_and_their_weights_can_be_fetched(judge_tensorflow: Judge) -> None:
    code = """
import tensorflow as tf
class Net(tf.keras.Model):
    def __init__(self, width):
        super().__init__()
        self.inner = tf.keras.layers.Dense(1)
        self.inner.build((None, width))
    def call(self, x): return self.inner(x)
class Scale(tf.Module):
    def __init__(self): self.w = tf.Variable(2.0)
    def apply(self, x): return self.w * x
def optimizer(): return tf.keras.optimizers.SGD(0.05)
def step(model, opt, x):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(model(x) ** 2)
    opt.apply_gradients(zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables))
    return loss
"""
    seen = """
x = rng.normal(size=(8, 3)).astype(np.float32)
net = sut.Net(3)
kernel, bias = sut.fetch(net.inner.kernel), sut.fetch(net.inner.bias)
close(net(x), x @ kernel + bias)
opt = sut.optimizer()
first = sut.step(net, opt, x)
for _ in range(20):
    last = sut.step(net, opt, x)
assert last < first
scale = sut.Scale()
sut.write(scale.w, np.float32(3))
close(scale.apply(np.ones(2, np.float32)), 3 * np.ones(2, np.float32))
"""
    assert passed(judge_tensorflow(code, one_check(seen)))


def test_a_seed_is_a_generator_fresh_each_time_or_one_that_goes_on(judge_tensorflow: Judge) -> None:
    code = """
import tensorflow as tf
def draw(p, rng, n):
    assert isinstance(rng, tf.random.Generator)
    return tf.searchsorted(tf.cumsum(p), rng.uniform((n,), maxval=0.999999, dtype=p.dtype))
"""
    seen = """
p, n = np.array([0.6, 0.3, 0.1]), int(rng.integers(2**63))
equal(sut.draw(p, seed(n), 50), sut.draw(p, seed(n), 50))
assert (sut.draw(p, seed(n), 50) != sut.draw(p, seed(n + (1 << 64)), 50)).any()
same_distribution(sut.draw(p, seed(n), 4000), p)
generator = sut.rng(n)
both = np.concatenate([sut.draw(p, generator, 2000), sut.draw(p, generator, 2000)])
independent(both.reshape(2, 2000).T.ravel(), p)
"""
    assert passed(judge_tensorflow(code, one_check(seen)))


def test_values_stay_over_there_and_new_ones_take_their_place(judge_tensorflow: Judge) -> None:
    code = """
def kind(x, n, items): return [type(x).__name__, type(n).__name__, [type(i).__name__ for i in items]]
def first(pair): return pair["a"][0]
"""
    seen = """
x = rng.normal(size=(2, 3))
here = sut.put(x)
sut.write(here, 2 * x)
equal(sut.fetch(here[0]), 2 * x[0])
held = sut.put({"a": [x, x]})
sut.write(held["a"][0], 3 * x)
equal(sut.first(held), 3 * x)
equal(sut.kind(x, np.float32(2), [x[0], np.array(1)]), ["EagerTensor", "float", ["EagerTensor", "EagerTensor"]])
equal(sut.fetch(transposed(sut, x)), x)
"""
    assert passed(judge_tensorflow(code, one_check(seen)))


BEHAVIOUR = {
    "tf.tensor_scatter_nd_update(x, [[0]], x[1:])": "unchanged(sut, sut.attempt, x)",
    "x": "not_aliased(sut, sut.attempt, x)",
    "x * 1": "keeps_earlier_result(sut, sut.attempt, (x,), (x + 1,))",
}


@pytest.mark.parametrize("expression", BEHAVIOUR)
def test_tensors_that_cannot_be_changed_keep_every_promise_about_behaviour(
    judge_tensorflow: Judge, expression: str
) -> None:
    check = f"x = rng.normal(size=(2, 3))\n{BEHAVIOUR[expression]}"
    assert passed(judge_tensorflow(f"import tensorflow as tf\ndef attempt(x): return {expression}", one_check(check)))


def test_a_variable_that_a_later_call_changes_is_noticed(judge_tensorflow: Judge) -> None:
    code = "import tensorflow as tf\nkept = tf.Variable(tf.zeros((2, 3)))\ndef attempt(x):\n    kept.assign(x)\n    return kept"
    check = "x = np.ones((2, 3), np.float32)\nkeeps_earlier_result(sut, sut.attempt, (x,), (x + 1,))"
    assert "A later call changed an earlier result" in judge_tensorflow(code, one_check(check))["checks"][0]["says"]


def test_a_function_of_the_checker_takes_and_gives_tensors(judge_tensorflow: Judge) -> None:
    code = """
import tensorflow as tf
def attempt(step, x):
    out = step(x)
    assert isinstance(out, tf.Tensor)
    return out + step(out)
"""
    assert passed(judge_tensorflow(code, one_check("equal(sut.attempt(lambda a: 2 * a, np.ones(3)), 6 * np.ones(3))")))


def test_an_error_of_tensorflow_names_the_candidates_line(judge_tensorflow: Judge) -> None:
    code = "import tensorflow as tf\n\ndef attempt(x):\n    return tf.ones((2, 3)) @ tf.ones((2, 3))\n"
    (check,) = judge_tensorflow(code, one_check("sut.attempt(1)"))["checks"]
    assert check["line"] == 4
    assert "Matrix size-incompatible" in check["says"]

"""Values of attempts in JAX: its arrays over there, NumPy's here, and the promises that checks ask for."""

import pytest

from tests.sandbox.conftest import Judge
from tests.sandbox.judging import one_check, passed


@pytest.mark.ordinary_user
def test_every_dtype_arrives_as_an_array_of_jax_and_comes_back_as_it_was(judge_jax: Judge) -> None:
    code = """
import jax
def attempt(x, name):
    assert isinstance(x, jax.Array) and x.dtype.name == name, (type(x), x.dtype)
    return x
"""
    echo = """
for name in "bool int8 int16 int32 uint8 uint16 uint32 float16 float32 complex64".split():
    for shape in ((), (0,), (3, 0, 2), (1,), (2, 3)):
        x = rng.integers(0, 2, size=shape).astype(name) if name == "bool" else rng.normal(scale=9, size=shape).astype(name)
        out = sut.attempt(x, name)
        same_dtype(out, name)
        equal(out, x, what=f"the {name} of shape {shape}")
"""
    assert passed(judge_jax(code, one_check(echo)))


def test_what_is_wider_than_jax_by_default_arrives_at_half_its_width(judge_jax: Judge) -> None:
    halves = """
for name, half in (("float64", "float32"), ("int64", "int32"), ("uint64", "uint32"), ("complex128", "complex64")):
    x = np.array([1, 2, 3], name)
    out = sut.attempt(x)
    same_dtype(out, half)
    equal(out, x.astype(half))
equal(np.float32(0), sut.attempt(np.float64(0)))
same_dtype(sut.attempt(np.ones(2)), default_float(sut))
equal([str(one) for one in float_dtypes(sut)], ["float32", "float16"])
"""
    assert passed(judge_jax("def attempt(x): return x", one_check(halves)))


def test_bfloat16_is_seen_as_float32_under_its_own_name_and_goes_back_as_bfloat16(judge_jax: Judge) -> None:
    code = """
import jax.numpy as jnp
def half(x): return x.astype(jnp.bfloat16)
def dtype(x): return str(x.dtype)
def exact(): return jnp.array([1.0, -0.0, float("inf"), float("nan"), 3.3895e38, 9.2e-41], jnp.bfloat16)
"""
    seen = """
x = rng.normal(size=(3, 4)).astype(np.float32)
out = sut.half(x)
same_dtype(out, "bfloat16")
close(out, x, dtype="bfloat16")
assert out.dtype == np.float32 and (out != x).any()
equal(sut.dtype(out), "bfloat16")
equal(sut.half(out), out)
equal(sut.half(np.zeros((2, 0), np.float32)), np.zeros((2, 0), np.float32))
equal(sut.exact().view(np.uint32)[[0, 1, 2, 4]] >> 16, np.array([0x3F80, 0x8000, 0x7F80, 0x7F7F]))
"""
    assert passed(judge_jax(code, one_check(seen)))


def test_results_leave_as_plain_data(judge_jax: Judge) -> None:
    code = """
import jax, jax.numpy as jnp
@jax.jit
def compiled(x): return {"y": (x * 2, None), "n": x.sum()}
def nested(x): return {"all": [x, (x[0], None)], "shape": x.shape, 3: x.mean().item()}
def gradient(x): return jax.grad(lambda v: (v * v).sum())(x)
def mapped(x): return jax.vmap(jax.nn.softmax)(x)
"""
    seen = """
x = rng.normal(size=(3, 4)).astype(np.float32)
close(sut.compiled(x), {"y": (x * 2, None), "n": x.sum()}, dtype="float32")
close(sut.nested(x), {"all": [x, (x[0], None)], "shape": (3, 4), 3: float(x.mean())}, dtype="float32")
close(sut.gradient(x), 2 * x)
e = np.exp(x - x.max(-1, keepdims=True))
close(sut.mapped(x), e / e.sum(-1, keepdims=True))
"""
    assert passed(judge_jax(code, one_check(seen)))


REFUSALS = {
    "a NumPy array": ("np.asarray(x)", "a NumPy array, which is no jax.Array"),
    "a random key": ("jax.random.key(0)", "a random key"),
    "a traced value": ("leaked(x)", "a traced value, which has left the function that JAX was tracing"),
    "a dtype of eight bits": ("x.astype(jnp.float8_e4m3fn)", "a jax.Array of dtype float8_e4m3fn"),
    "a deleted array": ("deleted(x)", "a jax.Array whose values cannot be read (it was deleted or donated)"),
    "one item of a list": ("[x, jax.random.key(0)]", "a random key as item 1 of its result"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_what_has_no_plain_elements_is_refused_in_words(judge_jax: Judge, name: str) -> None:
    expression, found = REFUSALS[name]
    code = f"""
import jax, jax.numpy as jnp, numpy as np
def leaked(x):
    kept = []
    jax.jit(lambda row: kept.append(row) or row)(x)
    return kept[0]
def deleted(x):
    x.delete()
    return x
def attempt(x): return {expression}
"""
    seen = judge_jax(code, one_check("sut.attempt(rng.normal(size=(2, 3)).astype(np.float32))"))
    says = seen["checks"][0]["says"]
    assert says == f"Your function returned {found}; expected arrays, numbers, strings, lists or dicts.", seen
    assert seen["ended"] == "finished"


def test_a_seed_is_a_random_key(judge_jax: Judge) -> None:
    code = """
import jax, jax.numpy as jnp
def draw(p, key, n):
    assert jnp.issubdtype(key.dtype, jax.dtypes.prng_key)
    return jax.random.choice(jax.random.split(key)[0], len(p), (n,), p=p)
"""
    seen = """
p, n = np.array([0.6, 0.3, 0.1], np.float32), int(rng.integers(2**63))
equal(sut.draw(p, seed(n), 50), sut.draw(p, seed(n), 50))
assert (sut.draw(p, seed(n), 50) != sut.draw(p, seed(n + (1 << 64)), 50)).any()
draws = sut.draw(p, seed(n), 4000)
same_distribution(draws, np.array([0.6, 0.3, 0.1]))
independent(draws, np.array([0.6, 0.3, 0.1]))
"""
    assert passed(judge_jax(code, one_check(seen)))


def test_values_stay_over_there_and_new_ones_take_their_place(judge_jax: Judge) -> None:
    code = """
import jax.numpy as jnp
class Model:
    def __init__(self): self.w = jnp.zeros(3)
    def total(self): return self.w.sum()
def kind(x, n, items): return [type(x).__name__, type(n).__name__, [type(i).__name__ for i in items]]
def first(pair): return pair["a"][0]
"""
    seen = """
x = rng.normal(size=(2, 3)).astype(np.float32)
here = sut.put(x)
equal(sut.fetch(here), x)
sut.write(here, 2 * x)
equal(sut.fetch(here[0]), 2 * x[0])
held = sut.put({"a": [x, x]})
sut.write(held["a"][0], 3 * x)
equal(sut.first(held), 3 * x)
model = sut.Model()
sut.write(model.w, np.ones(3))
equal(model.total(), np.array(3.0))
equal(sut.kind(x, np.float32(2), [x[0], np.array(1)]), ["ArrayImpl", "float", ["ArrayImpl", "ArrayImpl"]])
equal(sut.kind(transposed(sut, x), 1, [])[0], "ArrayImpl")
equal(sut.fetch(transposed(sut, x)), x)
"""
    assert passed(judge_jax(code, one_check(seen)))


BEHAVIOUR = {
    "x.at[0].set(9.0)": "unchanged(sut, sut.attempt, x)",
    "x": "not_aliased(sut, sut.attempt, x)",
    "x * 1": "keeps_earlier_result(sut, sut.attempt, (x,), (x + 1,))",
}


@pytest.mark.parametrize("expression", BEHAVIOUR)
def test_arrays_that_cannot_be_changed_keep_every_promise_about_behaviour(judge_jax: Judge, expression: str) -> None:
    check = f"x = rng.normal(size=(2, 3)).astype(np.float32)\n{BEHAVIOUR[expression]}"
    assert passed(judge_jax(f"def attempt(x): return {expression}", one_check(check)))


def test_a_function_of_the_checker_takes_and_gives_arrays_of_jax(judge_jax: Judge) -> None:
    code = """
import jax
def attempt(step, x):
    out = step(x)
    assert isinstance(out, jax.Array)
    return out + step(out)
"""
    check = "equal(sut.attempt(lambda a: 2 * a, np.ones(3, np.float32)), 6 * np.ones(3, np.float32))"
    assert passed(judge_jax(code, one_check(check)))


def test_an_error_of_jax_names_the_candidates_line(judge_jax: Judge) -> None:
    code = "import jax.numpy as jnp\n\ndef attempt(x):\n    return jnp.ones((2, 3)) @ jnp.ones((2, 3))\n"
    (check,) = judge_jax(code, one_check("sut.attempt(1)"))["checks"]
    assert check["line"] == 4
    assert "dot_general requires contracting dimensions to have the same shape" in check["says"]

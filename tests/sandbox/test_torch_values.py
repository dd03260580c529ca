"""Values of attempts in PyTorch: tensors over there, arrays here, and the promises that checks ask for."""

import pytest

from tests.sandbox.conftest import Judge
from tests.sandbox.judging import one_check, passed


@pytest.mark.ordinary_user
def test_every_dtype_arrives_as_a_tensor_and_comes_back_as_it_was(judge_torch: Judge) -> None:
    code = """
import torch
def attempt(x, name):
    assert type(x) is torch.Tensor and str(x.dtype) == "torch." + name, (type(x), x.dtype)
    return x
"""
    echo = """
for name in ("bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 complex64 complex128").split():
    for shape in ((), (0,), (3, 0, 2), (1,), (2, 3)):
        x = rng.integers(0, 2, size=shape).astype(name) if name == "bool" else rng.normal(scale=9, size=shape).astype(name)
        out = sut.attempt(x, name)
        same_dtype(out, name)
        equal(out, x, what=f"the {name} of shape {shape}")
"""
    assert passed(judge_torch(code, one_check(echo)))


def test_bfloat16_is_seen_as_float32_under_its_own_name_and_goes_back_as_bfloat16(judge_torch: Judge) -> None:
    code = """
import torch
def half(x): return x.to(torch.bfloat16)
def dtype(x): return str(x.dtype)
def exact(): return torch.tensor([1.0, -0.0, float("inf"), float("nan"), 3.3895e38, 9.2e-41], dtype=torch.bfloat16)
"""
    seen = """
x = rng.normal(size=(3, 4))
out = sut.half(x)
same_dtype(out, "bfloat16")
close(out, x, dtype="bfloat16")
assert out.dtype == np.float32 and (out != x).any()
equal(sut.dtype(out), "torch.bfloat16")
equal(sut.half(out), out)
equal(sut.half(np.zeros((2, 0))), np.zeros((2, 0), np.float32))
equal(sut.half(np.array(1.0 + 2**-10)), np.ones(()))
edge = sut.exact()
equal(edge.view(np.uint32) >> 16, np.array([0x3F80, 0x8000, 0x7F80, 0x7FC0, 0x7F7F, 0x0001]))
try:
    same_dtype(out, np.float32, what="your half")
except Failure as failure:
    equal(failure.says, "Your half has dtype bfloat16, expected float32.")
else:
    fail("bfloat16 passed for float32")
"""
    assert passed(judge_torch(code, one_check(seen)))


def test_a_tensor_of_any_layout_leaves_as_its_elements(judge_torch: Judge) -> None:
    code = """
import torch
def strided(x): return x[::2, 1:].T
def expanded(x): return x[:1].expand(5, -1)
def tracked(x): return (x * torch.ones(4, dtype=x.dtype, requires_grad=True)).softmax(-1)
def number(x): return x.sum()
def empty(x): return x[:0]
def parameter(x): return torch.nn.Parameter(x)
def conjugated(x): return (x + 1j).conj()
def negative(x): return (x + 1j).conj().imag
def inference(x):
    with torch.inference_mode(): return x + 1
def nested(x): return {"all": [x, (x[0], None)], "shape": x.shape, 3: x.mean().item()}
"""
    seen = """
x = rng.normal(size=(3, 4))
e = np.exp(x - x.max(-1, keepdims=True))
equal(sut.strided(x), x[::2, 1:].T)
equal(sut.expanded(x), np.broadcast_to(x[:1], (5, 4)))
close(sut.tracked(x), e / e.sum(-1, keepdims=True))
close(sut.number(x), x.sum())
equal(sut.empty(x), x[:0])
equal(sut.parameter(x), x)
equal(sut.conjugated(x), x - 1j)
equal(sut.negative(x), -np.ones((3, 4)))
equal(sut.inference(x), x + 1)
close(sut.nested(x), {"all": [x, (x[0], None)], "shape": (3, 4), 3: x.mean()})
"""
    assert passed(judge_torch(code, one_check(seen)))


REFUSALS = {
    "a sparse tensor": ("x.to_sparse()", "a sparse tensor (sparse_coo)"),
    "a nested tensor": ("torch.nested.nested_tensor([x, x[:1]])", "a nested tensor"),
    "a quantized tensor": ("torch.quantize_per_tensor(x, 0.1, 0, torch.qint8)", "a quantized tensor"),
    "a tensor elsewhere": ("x.to('meta')", "a tensor on the device 'meta', not on the CPU"),
    "a dtype of eight bits": ("x.to(torch.float8_e4m3fn)", "a tensor of dtype float8_e4m3fn"),
    "a subclass": ("x.as_subclass(Own)", "an object of type Own, a subclass of torch.Tensor"),
    "a NumPy array": ("x.numpy()", "a NumPy array, which is no tensor"),
    "a dtype itself": ("x.dtype", "an object of type dtype"),
    "far too many elements": ("x[0, 0].expand(1 << 40)", "a tensor of shape (1099511627776,), which is too large"),
    "a tensor inside a transform": ("leaked(x)", "a tensor whose values cannot be read"),
    "one item of a list": ("[x, x.to_sparse()]", "a sparse tensor (sparse_coo) as item 1 of its result"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_what_has_no_plain_elements_is_refused_in_words(judge_torch: Judge, name: str) -> None:
    expression, found = REFUSALS[name]
    code = f"""
import torch
class Own(torch.Tensor): pass
def leaked(x):
    kept = []
    torch.func.vmap(lambda row: kept.append(row) or row)(x)
    return kept[0]
def attempt(x): return {expression}
"""
    seen = judge_torch(code, one_check("sut.attempt(rng.normal(size=(2, 3)).astype(np.float32))"))
    says = seen["checks"][0]["says"]
    assert says == f"Your function returned {found}; expected tensors, numbers, strings, lists or dicts.", seen
    assert seen["ended"] == "finished"


def test_modules_stay_over_there_and_their_parameters_can_be_fetched(judge_torch: Judge) -> None:
    code = """
import torch
class Net(torch.nn.Module):
    def __init__(self, width):
        super().__init__()
        self.inner = torch.nn.Linear(width, 1)
    def forward(self, x): return self.inner(x)
def build(width): return torch.nn.Sequential(torch.nn.Linear(width, 2), torch.nn.ReLU())
def optimizer(model): return torch.optim.SGD(model.parameters(), lr=0.05)
def step(model, opt, x):
    loss = model(x).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    return loss
"""
    seen = """
x = rng.normal(size=(8, 3)).astype(np.float32)
net, built = sut.Net(3), sut.build(3)
weight, bias = sut.fetch(net.inner.weight), sut.fetch(net.inner.bias)
close(net(x), x @ weight.T + bias)
close(built(x).shape, (8, 2))
equal(sorted(net.state_dict()), ["inner.bias", "inner.weight"])
opt = sut.optimizer(net)
first = sut.step(net, opt, x)
for _ in range(20):
    last = sut.step(net, opt, x)
assert last < first
"""
    assert passed(judge_torch(code, one_check(seen)))


def test_a_seed_is_a_torch_generator_fresh_each_time_or_one_that_goes_on(judge_torch: Judge) -> None:
    code = """
import torch
def draw(p, rng, n):
    assert type(rng) is torch.Generator
    return torch.multinomial(p, n, replacement=True, generator=rng)
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
    assert passed(judge_torch(code, one_check(seen)))


def test_values_stay_over_there_and_are_read_and_written_in_place(judge_torch: Judge) -> None:
    code = """
import torch
def double_(x): x.mul_(2)
def leaf(x): return x.clone().requires_grad_()
def kind(x, n, items): return [type(x).__name__, type(n).__name__, [type(i).__name__ for i in items]]
"""
    seen = """
x = rng.normal(size=(2, 3))
here = sut.put(x)
sut.double_(here)
equal(sut.fetch(here), 2 * x)
sut.write(here, x)
equal(sut.fetch(here[0]), x[0])
leaf = sut.keep.leaf(x)
sut.write(leaf, 3 * x)
equal(sut.fetch(leaf), 3 * x)
equal(sut.kind(x, np.float32(2), [x[0], np.array(1)]), ["Tensor", "float", ["Tensor", "Tensor"]])
"""
    assert passed(judge_torch(code, one_check(seen)))


BEHAVIOUR = {
    "changes an input": ("x.exp_()", "unchanged(sut, sut.attempt, x)", "Your code changed argument 1"),
    "returns its input": ("x", "not_aliased(sut, sut.attempt, x)", "Your result shares memory with argument 1"),
    "returns a view": ("x.T", "not_aliased(sut, sut.attempt, x)", "Your result shares memory with argument 1"),
    "keeps a buffer": (
        "kept.copy_(x)",
        "keeps_earlier_result(sut, sut.attempt, (x,), (x + 1,))",
        "A later call changed an earlier result",
    ),
    "raises": ("x.view(5, 5)", "raises(ValueError, sut.attempt, x)", "RuntimeError"),
}


@pytest.mark.parametrize("name", BEHAVIOUR)
def test_promises_about_behaviour_are_judged_as_in_numpy(judge_torch: Judge, name: str) -> None:
    expression, check, says = BEHAVIOUR[name]
    code = f"import torch\nkept = torch.zeros(2, 3, dtype=torch.float64)\ndef attempt(x): return {expression}\n"
    seen = judge_torch(code, one_check(f"x = rng.normal(size=(2, 3))\n{check}"))
    assert says in seen["checks"][0]["says"], seen


def test_a_function_of_the_checker_takes_and_gives_tensors(judge_torch: Judge) -> None:
    code = """
import torch
def attempt(step, x):
    out = step(x)
    assert type(out) is torch.Tensor
    return out + step(out)
"""
    assert passed(judge_torch(code, one_check("equal(sut.attempt(lambda a: 2 * a, np.ones(3)), 6 * np.ones(3))")))


def test_an_error_of_torch_names_the_candidates_line(judge_torch: Judge) -> None:
    code = "import torch\n\ndef attempt(x):\n    return torch.ones(2, 3) @ torch.ones(2, 3)\n"
    (check,) = judge_torch(code, one_check("sut.attempt(1)"))["checks"]
    assert check["line"] == 4
    assert "mat1 and mat2 shapes cannot be multiplied" in check["says"]

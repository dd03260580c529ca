"""What rules about training have in common: which calls step, go backward, clear gradients, and in which region they stand."""

import ast
import re
from collections.abc import Iterator

from .code import Code, Function, below, called, constructors, function_of, last_name, loop_of, method, origin, receiver

_OPTIMIZER = re.compile(r"(^|_)(opt|optim|optimi[sz]er|sgd|adamw?)\d*(_|$)", re.IGNORECASE)
_SCHEDULER = re.compile(r"sched|warmup|lr_decay", re.IGNORECASE)
_MODEL = re.compile(
    r"^_?(\w+_)?(model|mdl|clf|net|network|classifier|regressor|encoder|decoder|backbone|module|student|teacher|critic|actor|gpt|bert|"
    r"transformer|cnn|mlp|rnn|lstm|resnet)_?\d*$",
    re.IGNORECASE,
)


def is_optimizer(code: Code, expr: ast.AST) -> bool:
    """Whether an expression is an optimizer, by what made it or else by its name."""
    made = constructors(code, expr)
    if made:
        return any(one.startswith("torch.optim.") and "lr_scheduler" not in one for one in made)
    return _OPTIMIZER.search(last_name(expr)) is not None and not is_scheduler(code, expr)


def is_scheduler(code: Code, expr: ast.AST) -> bool:
    """Whether an expression is a learning-rate scheduler, by what made it or else by its name."""
    made = constructors(code, expr)
    return any("lr_scheduler" in one for one in made) or _SCHEDULER.search(last_name(expr)) is not None


def is_model(expr: ast.AST) -> bool:
    """Whether an expression has the name of a model."""
    return isinstance(expr, ast.Name | ast.Attribute) and _MODEL.match(last_name(expr)) is not None


def is_optimizer_step(code: Code, node: ast.AST) -> bool:
    """`opt.step()` or `scaler.step(opt)`."""
    of = receiver(node)
    if of is None or method(code, node) != "step" or not isinstance(node, ast.Call):
        return False
    return is_optimizer(code, of) or (len(node.args) == 1 and is_optimizer(code, node.args[0]))


def is_scheduler_step(code: Code, node: ast.AST) -> bool:
    """`scheduler.step()`, with at most a measure to look at (a diffusion's schedule takes more)."""
    of = receiver(node)
    if of is None or method(code, node) != "step" or not isinstance(node, ast.Call):
        return False
    return is_scheduler(code, of) and not is_optimizer(code, of) and len(node.args) <= 1


def is_backward(code: Code, node: ast.AST) -> bool:
    """`loss.backward()`, or a library's `accelerator.backward(loss)`."""
    return method(code, node) == "backward"


def clears_gradients(code: Code, node: ast.AST) -> bool:
    """`zero_grad()`, `p.grad = None`, `p.grad.zero_()`."""
    if method(code, node) == "zero_grad":
        return True
    if isinstance(node, ast.Assign):
        return any(isinstance(target, ast.Attribute) and target.attr == "grad" for target in node.targets)
    of = receiver(node)
    return method(code, node) == "zero_" and isinstance(of, ast.Attribute) and of.attr == "grad"


def region_of(code: Code, node: ast.AST) -> ast.AST:
    """What is done again and again around a node: its innermost loop, else its function, else the module."""
    return loop_of(code, node) or function_of(code, node) or code.tree


def called_here(code: Code, region: ast.AST) -> Iterator[Function]:
    """The functions of this file that a region calls by name."""
    names = {last_name(node.func) for node in below(region) if isinstance(node, ast.Call)}
    for node in code.nodes:
        if isinstance(node, Function) and node.name in names:
            yield node


def callers_of(code: Code, function: Function) -> Iterator[ast.AST]:
    """The functions (or the module) in which a function of this file is called by name."""
    for node in code.nodes:
        if isinstance(node, ast.Call) and last_name(node.func) == function.name:
            yield function_of(code, node) or code.tree


def turns_off_gradients(code: Code, node: ast.AST) -> bool:
    """`torch.no_grad()`, `torch.inference_mode()`, `torch.set_grad_enabled(False)`, called or as a plain decorator."""
    name = origin(code, node.func) if isinstance(node, ast.Call) else origin(code, node)
    return name in {"torch.no_grad", "torch.inference_mode", "torch.set_grad_enabled", "torch.autograd.no_grad"}


def sets_evaluation(code: Code, node: ast.AST) -> bool:
    """`model.eval()` or `model.train(False)`."""
    if method(code, node) == "train" and isinstance(node, ast.Call) and node.args:
        return isinstance(node.args[0], ast.Constant) and node.args[0].value is False
    return method(code, node) == "eval"


def asks_for_gradients(code: Code, node: ast.AST) -> bool:
    """Whether a node needs the graph: a backward, a gradient, an optimizer's step."""
    graph = called(code, node).startswith(("torch.autograd.", "torch.func."))
    return graph or is_backward(code, node) or is_optimizer_step(code, node) or method(code, node) == "requires_grad_"

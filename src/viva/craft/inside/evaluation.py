"""Rules about evaluating: what must be switched off before numbers are taken from a model."""

import ast
import re
from collections.abc import Iterator

from .code import (
    Code,
    Function,
    argument,
    below,
    called,
    function_of,
    has_stars,
    imports,
    last_name,
    number,
    scope_of,
    within,
)
from .rule import Hit, Rule
from .torches import asks_for_gradients, callers_of, is_model, sets_evaluation, turns_off_gradients

_EVALUATES = re.compile(
    r"^_?(eval|evaluate|evaluation|validate|validation|valid|test|predict|infer|inference|accuracy)(_\w+)?$|_(accuracy|eval|evaluation|validation)$"
)
_HELD_OUT = re.compile(
    r"(^|_)(test|val|valid|validation|eval|dev|heldout|holdout)(_|\d|$|loader|set|data|iter)", re.IGNORECASE
)


def is_held_out(expr: ast.AST) -> bool:
    """Whether a name says that it is data kept for testing."""
    return _HELD_OUT.search(last_name(expr)) is not None


def _evaluations(code: Code) -> Iterator[tuple[ast.AST, ast.AST]]:
    """Regions in which a model is evaluated, each with its first call of the model."""
    if not imports(code, "torch"):
        return
    for node in code.nodes:
        if isinstance(node, Function):
            chosen = _EVALUATES.search(node.name) is not None and not node.name.endswith("_step")
        else:
            around = function_of(code, node)
            outer = around is not None and _EVALUATES.search(around.name) is not None
            chosen = isinstance(node, ast.For) and _is_held_out_loop(node) and not outer
        if not chosen or any(asks_for_gradients(code, one) for one in below(node)):
            continue
        call = next((one for one in below(node) if _calls_model(code, one)), None)
        if call is not None:
            yield node, call


def _is_held_out_loop(node: ast.For) -> bool:
    inner = node.iter
    while isinstance(inner, ast.Call) and inner.args:
        inner = inner.args[0]  # enumerate(test_loader), tqdm(test_loader)
    return is_held_out(inner)


def _calls_model(code: Code, node: ast.AST) -> bool:
    """A call of a model that was made elsewhere: a test of one that is made here is no evaluation."""
    if not isinstance(node, ast.Call) or not is_model(node.func):
        return False
    made_here = isinstance(node.func, ast.Name) and (scope_of(code, node), node.func.id) in code.stores
    return not (made_here and function_of(code, node) is not None)


def _around(code: Code, region: ast.AST) -> list[ast.AST]:
    """Where a switch may stand that holds for a region: itself, its function or module, and what calls it."""
    if isinstance(region, Function):
        return [region, *callers_of(code, region)]
    return [function_of(code, region) or code.tree]


def _no_eval(code: Code) -> Iterator[Hit]:
    for region, call in _evaluations(code):
        if not any(sets_evaluation(code, one) for place in _around(code, region) for one in below(place)):
            yield Hit(
                at=call,
                says="The model is evaluated as it trains: dropout drops, and batch norm uses and moves its averages.",
            )


def _no_no_grad(code: Code) -> Iterator[Hit]:
    for region, call in _evaluations(code):
        if isinstance(region, Function):
            off = any(turns_off_gradients(code, one) for place in _around(code, region) for one in below(place))
        else:
            function = function_of(code, region)
            decorators = function.decorator_list if function is not None else []
            withs = [
                item.context_expr for block in within(code, region, ast.With) for item in getattr(block, "items", ())
            ]
            off = any(turns_off_gradients(code, one) for one in (*decorators, *withs, *below(region)))
        if not off:
            yield Hit(
                at=call, says="The evaluation keeps the graph for a backward pass that never comes, and its memory."
            )


_DROPOUTS = {
    f"torch.nn.functional.{name}" for name in ("dropout", "dropout1d", "dropout2d", "dropout3d", "alpha_dropout")
}  # fmt: skip
_MEANT = re.compile(r"monte|mc_|_mc|uncertain|bayes", re.IGNORECASE)


def _dropout_at_inference(code: Code) -> Iterator[Hit]:
    for node in code.nodes:
        if not isinstance(node, ast.Call) or has_stars(node):
            continue
        if called(code, node) in _DROPOUTS and number(argument(node, 1, "p")) != 0:
            training = argument(node, 2, "training")
            always = isinstance(training, ast.Constant) and training.value is True
            function = function_of(code, node)
            meant = function is not None and _MEANT.search(function.name) is not None
            if training is None or (always and not meant):
                yield Hit(
                    at=node, says="This dropout is not told whether the model trains, and drops at inference too."
                )
        elif called(code, node) == "torch.dropout" and isinstance(argument(node, 2, "train"), ast.Constant):
            yield Hit(at=node, says="This dropout is fixed to drop, whatever the model's mode.")
        elif called(code, node).startswith("torch.nn.Dropout") and _made_in_use(code, node):
            yield Hit(
                at=node, says="A dropout module that is made here is in training mode, whatever the model's mode."
            )


def _made_in_use(code: Code, node: ast.Call) -> bool:
    parent = code.parents.get(node)
    if isinstance(parent, ast.Call) and parent.func is node:
        return True
    function = function_of(code, node)
    return function is not None and function.name in {"forward", "__call__"}


EVALUATION = (
    Rule(
        id="V003",
        title="evaluation without eval()",
        severity="warning",
        mend="Call model.eval() before, and model.train() when training goes on.",
        check=_no_eval,
    ),
    Rule(
        id="V004",
        title="evaluation without no_grad()",
        severity="warning",
        mend="Put it under torch.no_grad() or torch.inference_mode().",
        check=_no_no_grad,
    ),
    Rule(
        id="V014",
        title="dropout at inference",
        severity="warning",
        mend="Pass training=self.training, or make nn.Dropout once in __init__.",
        check=_dropout_at_inference,
    ),
)

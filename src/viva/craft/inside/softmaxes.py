"""Rules about softmax: its logarithm, its axis, and taking it twice."""

import ast
from collections.abc import Iterator

from .code import Code, argument, called, constructors, has_stars, meant, method, number, receiver
from .rule import Hit, Rule

_SOFTMAX = {
    "torch.softmax",
    "torch.nn.functional.softmax",
    "scipy.special.softmax",
    "jax.nn.softmax",
    "tensorflow.nn.softmax",
}
_LOG = {"torch.log", "numpy.log", "jax.numpy.log", "tensorflow.math.log", "math.log"}
_EXP = {"torch.exp", "numpy.exp", "jax.numpy.exp", "tensorflow.exp", "tensorflow.math.exp"}
_KEEPS = {"gather", "squeeze", "unsqueeze", "reshape", "view", "take_along_axis", "clamp", "clip"}


def is_softmax(code: Code, expr: ast.expr, depth: int = 4) -> bool:
    """Whether an expression is a softmax, or a part of one (indexed, gathered, with a little added)."""
    expr = meant(code, expr)
    if depth == 0:
        return False
    if isinstance(expr, ast.Subscript):
        return is_softmax(code, expr.value, depth - 1)
    if isinstance(expr, ast.BinOp):
        if isinstance(expr.op, ast.Add) and number(expr.right) is not None:
            return is_softmax(code, expr.left, depth - 1)
        return isinstance(expr.op, ast.Div) and _is_normalised_exp(code, expr)
    if called(code, expr) in _SOFTMAX or method(code, expr) == "softmax":
        return True
    inner = receiver(expr)
    return inner is not None and method(code, expr) in _KEEPS and is_softmax(code, inner, depth - 1)


def _is_normalised_exp(code: Code, expr: ast.BinOp) -> bool:
    """`e / e.sum(…)` or `e / np.sum(e, …)` where `e` is an exponential."""
    whole, total = expr.left, expr.right
    of = receiver(total) if method(code, total) == "sum" else None
    if of is None and isinstance(total, ast.Call) and called(code, total).endswith(".sum") and total.args:
        of = total.args[0]
    if not isinstance(whole, ast.Name) or not isinstance(of, ast.Name) or whole.id != of.id:
        return False
    value = meant(code, whole)
    return called(code, value) in _EXP or method(code, value) == "exp"


def _log_of_softmax(code: Code) -> Iterator[Hit]:
    for node in code.nodes:
        if not isinstance(node, ast.Call):
            continue
        of = receiver(node) if method(code, node) == "log" else None
        if of is None and called(code, node) in _LOG and node.args:
            of = node.args[0]
        if of is not None and is_softmax(code, of):
            yield Hit(at=node, says="The logarithm of a softmax is -inf where a probability has underflowed to 0.")


_AXIS_LATER = {"torch.softmax", "torch.log_softmax"}
_AXIS_FUNCTIONS = {"torch.nn.functional.softmax", "torch.nn.functional.log_softmax", "torch.nn.functional.softmin"}
_AXIS_MODULES = {"torch.nn.Softmax", "torch.nn.LogSoftmax", "torch.nn.Softmin"}


def _implicit_axis(code: Code) -> Iterator[Hit]:
    for node in code.nodes:
        name = called(code, node)
        if (
            not isinstance(node, ast.Call)
            or name not in _AXIS_FUNCTIONS | _AXIS_MODULES | _AXIS_LATER
            or has_stars(node)
        ):
            continue
        position = 0 if name in _AXIS_MODULES else 1
        if argument(node, position, "dim", "axis") is None:
            says = (
                f"{name.rpartition('.')[2]} is not told its axis; the default depends on how many axes the input has."
            )
            yield Hit(at=node, says=says)


_FROM_LOGITS = {"torch.nn.functional.cross_entropy", "torch.nn.CrossEntropyLoss", "optax.softmax_cross_entropy"}
_FROM_SCORES = {"torch.nn.functional.binary_cross_entropy_with_logits", "torch.nn.BCEWithLogitsLoss"}
_SIGMOID = {"torch.sigmoid", "torch.nn.functional.sigmoid", "jax.nn.sigmoid", "scipy.special.expit"}


def _softmax_twice(code: Code) -> Iterator[Hit]:
    for node in code.nodes:
        if not isinstance(node, ast.Call) or not node.args:
            continue
        loss = {called(code, node)} | constructors(code, node.func)
        if loss & _FROM_LOGITS and is_softmax(code, node.args[0]):
            yield Hit(
                at=node,
                says="This loss takes a softmax itself, and is given one: the second flattens what the first says.",
            )
        elif loss & _FROM_SCORES and _is_sigmoid(code, node.args[0]):
            yield Hit(
                at=node,
                says="This loss takes a sigmoid itself, and is given one: the second flattens what the first says.",
            )
        elif _ends_in_softmax(code, node) and any(called(code, one) in _FROM_LOGITS for one in code.nodes):
            says = "The model ends in a softmax, and the cross-entropy of this file takes another."
            yield Hit(at=node.args[-1], says=says)


def _ends_in_softmax(code: Code, node: ast.Call) -> bool:
    return called(code, node) == "torch.nn.Sequential" and called(code, node.args[-1]) == "torch.nn.Softmax"


def _is_sigmoid(code: Code, expr: ast.expr) -> bool:
    value = meant(code, expr)
    return called(code, value) in _SIGMOID or method(code, value) == "sigmoid"


SOFTMAXES = (
    Rule(
        id="V001",
        title="log of a softmax",
        severity="warning",
        mend="Use log_softmax, or subtract the logsumexp from the logits.",
        check=_log_of_softmax,
    ),
    Rule(
        id="V002",
        title="softmax before cross-entropy",
        severity="fault",
        mend="Give the loss the logits as they are.",
        check=_softmax_twice,
    ),
    Rule(
        id="V013",
        title="softmax without an axis",
        severity="warning",
        mend="Name the axis, as in dim=-1.",
        check=_implicit_axis,
    ),
)

"""Rules about softmax: its logarithm, its axis, and taking it twice."""

import ast
from collections.abc import Iterator

from .code import (
    Code,
    argument,
    below,
    called,
    constructors,
    has_stars,
    last_name,
    meant,
    method,
    number,
    operand,
    same_shape,
)
from .rule import Hit, Rule

_SOFTMAX = {
    "torch.softmax",
    "torch.nn.functional.softmax",
    "scipy.special.softmax",
    "jax.nn.softmax",
    "tensorflow.nn.softmax",
}
_LOGS = {"log", "log2", "log10", "log_"}
_KEEPS = {"gather", "squeeze", "unsqueeze", "reshape", "view", "take_along_axis", "clamp", "clip", "maximum"}


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
    if not isinstance(expr, ast.Call):
        return False
    if called(code, expr) in _SOFTMAX or last_name(expr.func) == "softmax" or _is_softmax_module(code, expr.func):
        return True
    inner = operand(code, expr, _KEEPS)
    return inner is not None and is_softmax(code, inner, depth - 1)


def _is_softmax_module(code: Code, expr: ast.expr) -> bool:
    """`nn.Softmax(dim=-1)`, or the name of one."""
    return "torch.nn.Softmax" in constructors(code, expr)


def _is_normalised_exp(code: Code, expr: ast.BinOp) -> bool:
    """`e / e.sum(…)` or `e / np.sum(e, …)` where `e` is an exponential."""
    total = operand(code, expr.right, {"sum"})
    return total is not None and _same(expr.left, total) and operand(code, meant(code, expr.left), {"exp"}) is not None


def _same(one: ast.expr, other: ast.expr) -> bool:
    """Whether two expressions read alike; only short ones are compared."""
    return same_shape(one, other, most=12)


def _log_of_softmax(code: Code) -> Iterator[Hit]:
    for node in code.nodes:
        of = operand(code, node, _LOGS)
        if of is not None and is_softmax(code, of):
            yield Hit(at=node, says="The logarithm of a softmax is -inf where a probability has underflowed to 0.")


_AXIS_LATER = {"torch.softmax", "torch.log_softmax"}
_AXIS_FUNCTIONS = {"torch.nn.functional.softmax", "torch.nn.functional.log_softmax", "torch.nn.functional.softmin"}
_AXIS_MODULES = {"torch.nn.Softmax", "torch.nn.LogSoftmax", "torch.nn.Softmin"}


def _implicit_axis(code: Code) -> Iterator[Hit]:
    for node in code.nodes:
        name = called(code, node)
        if not isinstance(node, ast.Call) or has_stars(node):
            continue
        if name in _AXIS_FUNCTIONS | _AXIS_MODULES | _AXIS_LATER:
            if argument(node, 0 if name in _AXIS_MODULES else 1, "dim", "axis") is None:
                says = f"{name.rpartition('.')[2]} is not told its axis; the default depends on the number of axes."
                yield Hit(at=node, says=says)
        elif name == "scipy.special.softmax" and argument(node, 1, "axis") is None and _takes_matrix(code, node):
            yield Hit(
                at=node, says="Without an axis SciPy's softmax makes all entries of the matrix sum to 1 together."
            )


def _takes_matrix(code: Code, call: ast.Call) -> bool:
    """Whether what a call is given is surely a matrix: it holds a matrix product."""
    value = meant(code, call.args[0]) if call.args else call
    return any(
        (
            isinstance(one, ast.BinOp)
            and isinstance(one.op, ast.MatMult)
            and isinstance(one.right, ast.Attribute | ast.Call)
        )
        or called(code, one) in {"numpy.matmul", "numpy.einsum"}
        for one in (value, *below(value))
    )


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

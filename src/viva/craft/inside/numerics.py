"""Rules about numbers: what is right on paper and goes wrong in floating point."""

import ast
import math
import re
from collections.abc import Iterator

from .code import (
    Code,
    argument,
    below,
    called,
    constant,
    function_of,
    last_name,
    meant,
    names_in,
    number,
    origin,
)
from .rule import Hit, Rule

_HALF_NAMES = {"float16", "half", "autocast", "GradScaler"}
_SCORES = ("score", "logit", "attn", "attention", "energy", "mask", "bias")
_FILLERS = {"masked_fill", "masked_fill_", "where"}


def _finite_mask(code: Code) -> Iterator[Hit]:
    half = any(_speaks_of_half(node) for node in code.nodes)
    for node in code.nodes:
        fill = _mask_constant(node)
        value = constant(code, fill) if fill is not None else None
        if value is None or not -1e300 < value <= -1e5:
            continue
        if half:
            yield Hit(at=node, says=f"The mask's constant {value:g} does not fit into float16, which ends at -65504.")
        elif not any(_sets_dtype(one) for one in below(node)):
            says = f"Masking with {value:g} only holds while all scores are far above it and the numbers are float32."
            yield Hit(at=node, says=says, severity="note")


def _speaks_of_half(node: ast.AST) -> bool:
    return last_name(node) in _HALF_NAMES or (isinstance(node, ast.Constant) and node.value == "float16")


def _mask_constant(node: ast.AST) -> ast.expr | None:
    """The constant with which a statement or call hides entries; None where it hides none."""
    if isinstance(node, ast.Call) and last_name(node.func) in {"full", "full_like"} and len(node.args) >= 2:
        return node.args[1]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _FILLERS:
        return node.args[-1] if len(node.args) >= 2 else argument(node, -1, "value", "other")
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        for side, other in ((node.left, node.right), (node.right, node.left)):
            if number(side) is not None and (isinstance(other, ast.BinOp | ast.UnaryOp) or "mask" in last_name(other)):
                return side
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
        index, of = node.targets[0].slice, last_name(node.targets[0].value)
        hides = isinstance(index, ast.UnaryOp | ast.Compare) or "mask" in last_name(index)
        if hides or any(word in of.lower() for word in _SCORES):
            return node.value
    return None


_INEXACT = {"sqrt", "exp", "log", "mean", "std", "var", "softmax", "norm", "log2", "log10", "sin", "cos", "tanh"}


def _float_equality(code: Code) -> Iterator[Hit]:
    for node in code.nodes:
        if not isinstance(node, ast.Compare) or len(node.ops) != 1 or not isinstance(node.ops[0], ast.Eq | ast.NotEq):
            continue
        sides = (node.left, node.comparators[0])
        if any(_is_nan(code, side) for side in sides):
            says = "Nothing equals NaN, not even NaN itself, so this comparison has the same answer for every number."
            yield Hit(at=node, says=says, severity="fault")
        elif not any(_is_exact(code, side) for side in sides) and any(
            _is_inexact(*pair) for pair in (sides, sides[::-1])
        ):
            yield Hit(at=node, says="Two computed floating-point numbers are compared for being exactly equal.")
        elif all("loss" in last_name(side).lower() for side in sides):
            yield Hit(at=node, says="Two losses are compared for being exactly equal, which they may never be.")
        elif any(_is_sum_to_one(*pair) for pair in (sides, sides[::-1])):
            yield Hit(at=node, says="A sum of floating-point numbers is compared for being exactly 1.0.")


def _is_nan(code: Code, side: ast.expr) -> bool:
    if isinstance(side, ast.Attribute):
        return side.attr.lower() == "nan" and last_name(side.value) in code.origins
    value = number(side)
    return value is not None and math.isnan(value)


def _is_exact(code: Code, side: ast.expr) -> bool:
    """Whole literals (0 and infinity among them), and what is rounded or counted."""
    value = number(side)
    if value is not None:
        return math.isinf(value) or value.is_integer()
    infinite = isinstance(side, ast.Attribute) and side.attr.lower() in {"inf", "ninf"}
    whole = isinstance(side, ast.Call) and last_name(side.func) in {"int", "round", "len"}
    return infinite or whole or (isinstance(side, ast.UnaryOp) and _is_exact(code, side.operand))


def _is_inexact(side: ast.expr, other: ast.expr) -> bool:
    value = number(side)
    if value is not None:
        chosen = isinstance(other, ast.Name | ast.Attribute) and (value * 256).is_integer()
        return not chosen  # alpha == 0.5 asks for a setting that is stored exactly
    if isinstance(side, ast.BinOp):
        return isinstance(side.op, ast.Div) or any(_is_fraction(part) for part in (side.left, side.right))
    return isinstance(side, ast.Call) and last_name(side.func) in _INEXACT


def _is_fraction(part: ast.expr) -> bool:
    value = number(part)
    return value is not None and math.isfinite(value) and not value.is_integer()


def _is_sum_to_one(side: ast.expr, one: ast.expr) -> bool:
    """A sum beside 1.0, or a sum of what is named as probabilities beside 1."""
    if not isinstance(side, ast.Call) or last_name(side.func) not in {"sum", "fsum", "nansum"} or number(one) != 1:
        return False
    exact = isinstance(one, ast.Constant) and isinstance(one.value, int)
    return not exact or any(_PROBABILITY.search(name) for name in names_in(side))


_PROBABILITY = re.compile(r"prob|softmax|weights|attn", re.IGNORECASE)


_SCALAR_NAMES = {"d", "d_k", "dk", "dim", "d_model", "head_dim", "d_head", "hidden", "n_embd", "dh"}
_COUNTERS = {"t", "_t", "step", "steps", "count", "age", "n", "k", "i"}


def _dtype_drift(code: Code) -> Iterator[Hit]:
    for node in code.nodes:
        if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Div | ast.Mult):
            continue
        sides = (node.right, node.left)
        root = next((meant(code, side) for side in sides if called(code, meant(code, side)) == "numpy.sqrt"), None)
        if not isinstance(root, ast.Call) or len(root.args) != 1 or not _is_python_number(code, root.args[0]):
            continue
        if any(number(side) is not None for side in sides) and not _goes_on(code, node):
            continue  # 1 / np.sqrt(n) alone is a number among numbers
        around = function_of(code, node) or code.tree
        if not any(_sets_dtype(one) for one in ast.walk(around)):
            yield Hit(
                at=node, says="np.sqrt of a Python number is a float64, which makes a float32 or float16 array float64."
            )


def _goes_on(code: Code, node: ast.BinOp) -> bool:
    """Whether a product or quotient is a factor of something that is no literal."""
    parent = code.parents.get(node)
    if not isinstance(parent, ast.BinOp) or not isinstance(parent.op, ast.Div | ast.Mult):
        return False
    other = parent.right if parent.left is node else parent.left
    return number(other) is None


def _is_python_number(code: Code, expr: ast.expr) -> bool:
    """Surely a scalar: a literal, a size, a usual name for one, or `1 - beta ** t`."""
    if isinstance(expr, ast.BinOp) and isinstance(expr.op, ast.Div):
        return _is_python_number(code, expr.left) and _is_python_number(code, expr.right)
    if origin(code, expr) in {"numpy.pi", "math.pi"}:
        return True
    if number(expr) is not None or (isinstance(expr, ast.Name | ast.Attribute) and last_name(expr) in _SCALAR_NAMES):
        return True
    if isinstance(expr, ast.BinOp) and isinstance(expr.op, ast.Sub) and isinstance(expr.right, ast.BinOp):
        power = expr.right
        return isinstance(power.op, ast.Pow) and last_name(power.right) in _COUNTERS
    value = meant(code, expr)
    if isinstance(value, ast.Subscript):
        return isinstance(value.value, ast.Attribute) and value.value.attr == "shape"
    if isinstance(expr, ast.Name) and isinstance(value, ast.Attribute):
        return value.attr == "shape"
    return isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "len"


def _sets_dtype(node: ast.AST) -> bool:
    """Whether a node shows that somebody looks after the dtype here."""
    return (isinstance(node, ast.Attribute) and node.attr in {"astype", "dtype", "float64"}) or (
        isinstance(node, ast.keyword) and node.arg == "dtype"
    )


NUMERICS = (
    Rule(
        id="V012",
        title="finite mask constant",
        severity="warning",
        mend="Mask with -inf and treat rows that see nothing, or take the smallest number of the scores' own dtype.",
        check=_finite_mask,
    ),
    Rule(
        id="V018",
        title="floats compared for equality",
        severity="warning",
        mend="Compare with a tolerance (math.isclose, np.isclose), and ask for NaN with isnan.",
        check=_float_equality,
    ),
    Rule(
        id="V023",
        title="dtype drift by np.sqrt",
        severity="warning",
        mend="Use math.sqrt, whose Python float keeps the array's dtype, or cast the result back.",
        check=_dtype_drift,
    ),
)

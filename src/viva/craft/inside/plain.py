"""Rules about plain Python: what surprises the next caller."""

import ast
from collections.abc import Iterator

from .code import (
    Code,
    Function,
    below,
    called,
    functions,
    imports,
    last_name,
    method,
    parameters,
    place_of,
    receiver,
    scope_of,
)
from .rule import Hit, Rule, Severity
from .training import without_graph

_MUTABLE_CALLS = {"list", "dict", "set", "defaultdict", "deque", "OrderedDict", "Counter", "bytearray"}
_ARRAY_CALLS = {"zeros", "ones", "empty", "full", "array", "tensor"}
_CHANGES = {
    "append", "extend", "add", "update", "setdefault", "insert", "pop", "remove", "clear", "popleft", "appendleft", "sort",
    "fill", "add_", "zero_", "copy_",
}  # fmt: skip


def _mutable_defaults(code: Code) -> Iterator[Hit]:
    for function in functions(code):
        of = function.args
        plain = [*of.posonlyargs, *of.args]
        pairs: list[tuple[ast.arg, ast.expr | None]] = [
            *zip(plain[len(plain) - len(of.defaults) :], of.defaults, strict=True),
            *zip(of.kwonlyargs, of.kw_defaults, strict=True),
        ]
        for parameter, default in pairs:
            if default is not None and _is_mutable(code, default):
                severity: Severity = "warning" if _is_changed(code, function, parameter.arg) else "note"
                says = f"The default of {parameter.arg} is made once and shared by all calls."
                yield Hit(at=default, says=says, severity=severity)


def _is_mutable(code: Code, default: ast.expr) -> bool:
    if isinstance(default, ast.List | ast.Dict | ast.Set | ast.ListComp | ast.DictComp | ast.SetComp):
        return True
    if not isinstance(default, ast.Call):
        return False
    library = called(code, default).startswith(("numpy.", "torch."))
    return last_name(default.func) in (_ARRAY_CALLS if library else _MUTABLE_CALLS)


def _is_changed(code: Code, function: Function, name: str) -> bool:
    """Whether a parameter is changed or given away."""
    for node in below(function):
        if method(code, node) in _CHANGES and _is_name(receiver(node), name):
            return True
        if isinstance(node, ast.AugAssign) and (_is_name(node.target, name) or _is_item_of(node.target, name)):
            return True
        if isinstance(node, ast.Assign) and any(_is_item_of(target, name) for target in node.targets):
            return True
        if isinstance(node, ast.Return) and _is_name(node.value, name):
            return True
    return False


def _is_name(expr: ast.AST | None, name: str) -> bool:
    return isinstance(expr, ast.Name) and expr.id == name


def _is_item_of(expr: ast.AST, name: str) -> bool:
    return isinstance(expr, ast.Subscript) and _is_name(expr.value, name)


def _swallowed(code: Code) -> Iterator[Hit]:
    for node in code.nodes:
        if not isinstance(node, ast.ExceptHandler) or any(isinstance(one, ast.Raise) for one in below(node)):
            continue
        kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
        names = {last_name(one) if one is not None else "BaseException" for one in kinds}
        if "BaseException" in names:
            yield Hit(
                at=node, says="This catches everything, also Ctrl-C, the end of the program and every typing error."
            )
        elif "Exception" in names and all(_does_nothing(one) for one in node.body):
            yield Hit(at=node, says="This hides every error, also those that nobody has thought of.")


def _does_nothing(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Return):
        return statement.value is None or isinstance(statement.value, ast.Constant)
    constant = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return constant or isinstance(statement, ast.Pass | ast.Continue | ast.Break)


_BUILTINS = {
    "sum", "max", "min", "abs", "all", "any", "len", "list", "dict", "set", "tuple", "str", "int", "float", "bool", "range",
    "zip", "map", "filter", "sorted", "round", "print", "reversed", "enumerate",
}  # fmt: skip


def _shadowed(code: Code) -> Iterator[Hit]:
    calls = {
        (scope_of(code, node), node.func.id)
        for node in code.nodes
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _BUILTINS
    }
    seen: set[tuple[ast.AST, str]] = set()
    for node in code.nodes:
        name = _bound(node)
        scope = scope_of(code, node)
        if name not in _BUILTINS or isinstance(scope, ast.ClassDef) or (scope, name) in seen:
            continue
        seen.add((scope, name))
        if (scope, name) in calls and isinstance(node, ast.Name):
            says = f"{name} is a variable here and is called as the built-in function in the same place, which fails."
            yield Hit(at=node, says=says, severity="fault")
        else:
            yield Hit(at=node, says=f"{name} hides the built-in of that name from here on.")


def _bound(node: ast.AST) -> str:
    """The name that a node binds; empty where it binds none."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        return node.id
    return node.arg if isinstance(node, ast.arg) else node.name if isinstance(node, Function) else ""


_SHOWS_ARRAY = {
    "shape", "dtype", "ndim", "mean", "std", "sum", "max", "min", "astype", "reshape", "swapaxes", "transpose", "T", "clip",
    "masked_fill", "argmax", "view",
}  # fmt: skip
_MEANT_FOR_IT = {"result", "results", "state", "states", "memo", "history", "dst", "model", "optimizer", "logs"}
_TAKES_SIZE = {
    "zeros", "ones", "empty", "full", "arange", "rand", "randn", "randint", "randperm", "eye", "linspace", "save", "load",
    "device", "compile",
}  # fmt: skip
_SELF_CHANGES = {"sort", "fill", "partition", "resize"}
_NO_CHANGE = {"requires_grad_", "retain_grad_", "share_memory_"}


def _argument_changed(code: Code) -> Iterator[Hit]:
    for function in functions(code):
        private = function.name.startswith("_") and not function.name.startswith("__")
        nested = isinstance(scope_of(code, function), Function)
        if private or nested or (function.name.endswith("_") and not function.name.endswith("__")):
            continue
        if function.name.startswith(("init", "reset")) or without_graph(code, function):
            continue
        inside = list(below(function))
        for name in {one.arg for one in parameters(function)}:
            if name in _MEANT_FOR_IT or any(part in name for part in ("out", "cache", "buf")):
                continue
            changes = [one for one in inside if _changes(code, one, name)]
            first = min(changes, key=place_of, default=None)
            if first is not None and _is_array(code, inside, name) and not _was_rebound(code, function, name, first):
                yield Hit(at=first, says=f"{name} belongs to the caller, whose array is changed here.")


def _changes(code: Code, node: ast.AST, name: str) -> bool:
    if isinstance(node, ast.AugAssign):
        return _is_name(node.target, name) or (_is_item_of(node.target, name) and not _has_text_key(node.target))
    if isinstance(node, ast.Assign):
        return any(_is_item_of(one, name) and not _has_text_key(one) for one in node.targets)
    if not isinstance(node, ast.Call):
        return False
    if called(code, node).startswith("numpy.") and any(
        one.arg == "out" and _is_name(one.value, name) for one in node.keywords
    ):
        return True
    done = method(code, node)
    in_place = done.endswith("_") and not done.startswith("_") and done not in _NO_CHANGE and imports(code, "torch")
    return (in_place or done in _SELF_CHANGES) and _is_name(receiver(node), name)


def _has_text_key(expr: ast.expr) -> bool:
    return (
        isinstance(expr, ast.Subscript) and isinstance(expr.slice, ast.Constant) and isinstance(expr.slice.value, str)
    )


def _is_array(code: Code, inside: list[ast.AST], name: str) -> bool:
    """Whether a parameter is used as only an array can be."""
    for node in inside:
        if isinstance(node, ast.Attribute) and node.attr in _SHOWS_ARRAY and _is_name(node.value, name):
            return True
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
            used = [node.left, node.right]
        elif isinstance(node, ast.Call) and node.args and _computes(called(code, node)):
            used = [node.args[0]]
        else:
            continue
        if any(_is_name(one, name) for one in used):
            return True
    return False


def _computes(name: str) -> bool:
    """Whether a function of NumPy or PyTorch takes an array first, rather than a size."""
    root, _, rest = name.partition(".")
    return root in {"numpy", "torch"} and rest.islower() and "." not in rest and rest not in _TAKES_SIZE


def _was_rebound(code: Code, function: Function, name: str, before: ast.AST) -> bool:
    """Whether the name had been given something else by then."""
    return any(
        place_of(one) < place_of(before) and isinstance(one.ctx, ast.Store) and not _is_augmented(code, one)
        for one in below(function)
        if isinstance(one, ast.Name) and one.id == name
    )


def _is_augmented(code: Code, name: ast.Name) -> bool:
    parent = code.parents.get(name)
    return isinstance(parent, ast.AugAssign) and parent.target is name


PLAIN = (
    Rule(
        id="V019",
        title="mutable default argument",
        severity="warning",
        mend="Use None as the default and make a new one inside.",
        check=_mutable_defaults,
    ),
    Rule(
        id="V020",
        title="errors swallowed",
        severity="warning",
        mend="Catch the one error that is expected, or raise again.",
        check=_swallowed,
    ),
    Rule(
        id="V021",
        title="built-in hidden",
        severity="note",
        mend="Choose another name, such as total or highest.",
        check=_shadowed,
    ),
    Rule(
        id="V024",
        title="argument changed in place",
        severity="warning",
        mend="Work on a copy, or write x = x - y in place of x -= y.",
        check=_argument_changed,
    ),
)

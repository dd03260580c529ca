"""Rules about work that is done too often: once a row, once a step, once a copy."""

import ast
from collections.abc import Iterator

from .code import (
    Code,
    Loop,
    argument,
    below,
    called,
    function_of,
    imports,
    last_name,
    loop_of,
    meant,
    method,
    names_in,
    parameters,
    place_of,
    receiver,
    within,
)
from .rule import Hit, Rule
from .torches import is_model

_MAKES = {"zeros", "empty", "ones", "full", "zeros_like", "empty_like", "ones_like", "full_like"}
_JOINS = {"stack", "array", "asarray", "concatenate", "cat", "vstack", "tensor"}


def _row_loops(code: Code) -> Iterator[Hit]:
    if not imports(code, "numpy", "torch", "jax", "tensorflow"):
        return
    told: set[ast.AST] = set()
    for node in code.nodes:
        once = _once_for_each(code, node)
        if once and not told & set(within(code, node, ast.For)):
            told.add(node)  # loops inside are mended with it
            yield Hit(
                at=node, says=f"This does in Python, once for each {once}, what one array operation does for all."
            )


def _once_for_each(code: Code, node: ast.AST) -> str:
    """What a loop or comprehension goes through row by row; empty where it does not, or has to."""
    if isinstance(node, ast.For):
        index = _index_of(code, node)
        if index and _writes_rows(code, node, index) and not _depends_on_order(node, index):
            return index
        row = _row_of(code, node)
        return row if row and _appends_row(code, node, row) and not _depends_on_order(node, row) else ""
    if isinstance(node, ast.Call) and last_name(node.func) in _JOINS and called(code, node) and node.args:
        listed = node.args[0]
        if isinstance(listed, ast.ListComp) and len(listed.generators) == 1 and not listed.generators[0].ifs:
            return _index_of_comprehension(code, listed)
    return ""


def _index_of_comprehension(code: Code, listed: ast.ListComp) -> str:
    of = listed.generators[0]
    counts = isinstance(of.iter, ast.Call) and last_name(of.iter.func) == "range" and len(of.iter.args) == 1
    if not counts or not isinstance(of.iter, ast.Call) or not _is_size(code, of.iter.args[0]):
        return ""
    index, parts = last_name(of.target), (listed.elt, *below(listed.elt))
    rows = any(isinstance(one, ast.Subscript) and index in names_in(one.slice) for one in parts)
    simple = not any(isinstance(one, ast.Call) and isinstance(one.func, ast.Name) for one in parts)
    ordered = any(
        isinstance(one, ast.Slice) or (isinstance(one, ast.BinOp) and _is_neighbour(one, index)) for one in parts
    )
    return index if rows and simple and not ordered else ""


def _row_of(code: Code, loop: ast.For) -> str:
    """`row` of `for row in x`, where `x` is given to the function."""
    function = function_of(code, loop)
    given = {one.arg for one in parameters(function)} if function is not None else set()
    return loop.target.id if isinstance(loop.target, ast.Name) and last_name(loop.iter) in given else ""


def _appends_row(code: Code, loop: ast.For, row: str) -> bool:
    """Whether a loop appends what it computes of a row by array operations alone to a list that is joined later."""
    for node in below(loop):
        if isinstance(node, ast.Call) and method(code, node) == "append" and node.args:
            value = meant(code, node.args[0])
            computed = isinstance(value, ast.BinOp) or called(code, value).startswith(("numpy.", "torch."))
            if computed and _is_joined(code, loop, last_name(receiver(node) or node)):
                return row in {name for one in loop.body for name in names_in(one)} and not _calls_others(code, loop)
    return False


def _calls_others(code: Code, loop: ast.For) -> bool:
    """Whether a loop calls what may take one row only: anything but a library or a method."""
    inside = (one for statement in loop.body for one in below(statement))
    return any(isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and not called(code, one) for one in inside)


def _index_of(code: Code, loop: ast.For) -> str:
    """The name that counts along an axis: `i` of `for i in range(x.shape[0])`, `for i, x in enumerate(xs)`, or along several:
    of `for i in np.ndindex(x.shape[:-1])`."""
    of = loop.iter
    if called(code, of) == "numpy.ndindex" and isinstance(loop.target, ast.Name):
        return loop.target.id
    if not isinstance(of, ast.Call) or not of.args or not isinstance(of.func, ast.Name):
        return ""
    if (
        of.func.id == "range"
        and isinstance(loop.target, ast.Name)
        and _is_size(code, of.args[-1 if len(of.args) < 3 else 1])
    ):
        return loop.target.id
    if of.func.id == "enumerate" and isinstance(loop.target, ast.Tuple) and isinstance(of.args[0], ast.Name):
        return last_name(loop.target.elts[0])
    return ""


def _is_size(code: Code, expr: ast.expr) -> bool:
    """The length of an axis: `x.shape[k]`, `x.size(k)`, `len(x)`, or a name that was unpacked from a shape."""
    value = meant(code, expr)
    inner = value.value if isinstance(value, ast.Subscript) else value
    if (
        isinstance(inner, ast.Attribute)
        and inner.attr == "shape"
        and (inner is not value or isinstance(expr, ast.Name))
    ):
        return True
    if isinstance(value, ast.Call):
        return method(code, value) == "size" or (last_name(value.func) == "len" and isinstance(value.args[0], ast.Name))
    return False


def _writes_rows(code: Code, loop: ast.For, index: str) -> bool:
    """Whether each round computes one row from rows: `out[i] = f(x[i])`, or appends it to a list that is joined later."""
    for node in below(loop):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
            root: ast.expr = node.targets[0]
            at: set[str] = set()
            while isinstance(root, ast.Subscript):
                at |= names_in(root.slice)
                root = root.value
            if index in at and isinstance(root, ast.Name) and _reads_row(loop, loop, index):
                made = meant(code, root)
                if isinstance(made, ast.Call) and last_name(made.func) in _MAKES:
                    return True
        elif method(code, node) == "append" and isinstance(node, ast.Call) and node.args:
            rows = last_name(receiver(node) or node)
            if _reads_row(loop, node.args[0], index) and _is_joined(code, loop, rows) and not _calls_others(code, loop):
                return True
    return False


def _reads_row(loop: ast.For, value: ast.AST, index: str) -> bool:
    """Whether something takes `x[…i…]`, or the element that enumerate gives beside `i`."""
    beside = names_in(loop.target) - {index}
    return any(
        (isinstance(one, ast.Subscript) and isinstance(one.ctx, ast.Load) and index in names_in(one.slice))
        or (isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load) and one.id in beside)
        for one in (value, *below(value))
    )


def _is_joined(code: Code, loop: ast.For, rows: str) -> bool:
    around = function_of(code, loop) or code.tree
    return bool(rows) and any(
        isinstance(one, ast.Call)
        and last_name(one.func) in _JOINS
        and bool(one.args)
        and last_name(one.args[0]) == rows
        for one in below(around)
    )


def _depends_on_order(loop: ast.For, index: str) -> bool:
    """Whether a round needs what an earlier one left: another position, a prefix, a carried name, or it may stop early."""
    first_read: dict[str, tuple[int, int]] = {}
    first_store: dict[str, tuple[int, int]] = {}
    for node in (one for statement in loop.body for one in (statement, *below(statement))):
        if isinstance(node, ast.Break | ast.Return | ast.Yield):
            return True
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub) and _is_neighbour(node, index):
            return True
        if isinstance(node, ast.Slice) and any(
            index in names_in(one) for one in (node.lower, node.upper) if one is not None
        ):
            return True
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            first_read.setdefault(node.target.id, place_of(node))
        if isinstance(node, ast.Assign):
            for target in node.targets:
                for one in (target, *below(target)):
                    if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store):
                        end = (node.end_lineno or 0, node.end_col_offset or 0)  # a value is read before it is stored
                        first_store.setdefault(one.id, end)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            first_read.setdefault(node.id, place_of(node))
    return any(name in first_read and first_read[name] < place for name, place in first_store.items()) or any(
        isinstance(one, ast.AugAssign) and isinstance(one.target, ast.Name) and one.target.id not in first_store
        for one in below(loop)
    )


def _is_neighbour(node: ast.BinOp, index: str) -> bool:
    sides = (node.left, node.right)
    return any(last_name(one) == index for one in sides) and any(isinstance(one, ast.Constant) for one in sides)


_GROWERS = {
    "torch.cat", "torch.concat", "torch.concatenate", "torch.vstack", "torch.hstack", "numpy.concatenate", "numpy.append",
    "numpy.vstack", "numpy.hstack", "numpy.column_stack", "numpy.row_stack", "pandas.concat", "jax.numpy.concatenate",
    "jax.numpy.append", "jax.numpy.vstack", "tensorflow.concat",
}  # fmt: skip


def _grown_in_a_loop(code: Code) -> Iterator[Hit]:
    for node in code.nodes:
        loop = loop_of(code, node)
        if loop is None or called(code, node) not in _GROWERS or not isinstance(node, ast.Call):
            continue
        statement: ast.AST = node
        while not isinstance(statement, ast.stmt):
            statement = code.parents[statement]
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            name = statement.targets[0].id
            if name in _joined_names(node) and not _is_read_besides(loop, statement, name):
                says = f"{name} is copied whole in every round, so the work grows with the square of the rounds."
                yield Hit(at=node, says=says)


def _asks_for_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Compare) and any(
        isinstance(one, ast.Constant) and one.value is None for one in node.comparators
    )


def _joined_names(call: ast.Call) -> set[str]:
    given = [one for arg in call.args for one in (arg.elts if isinstance(arg, ast.List | ast.Tuple) else [arg])]
    return {one.id for one in given if isinstance(one, ast.Name)}


def _is_read_besides(loop: Loop, statement: ast.AST, name: str) -> bool:
    inside = set(below(statement))
    inside |= {one for node in below(loop) if _asks_for_none(node) for one in below(node)}
    return any(
        isinstance(one, ast.Name) and one.id == name and isinstance(one.ctx, ast.Load) and one not in inside
        for one in below(loop)
    )


_CREATES = {
    f"torch.{name}"
    for name in (
        "zeros",
        "ones",
        "rand",
        "randn",
        "randint",
        "arange",
        "tensor",
        "full",
        "eye",
        "empty",
        "linspace",
        "randperm",
    )
}


def _moves(code: Code) -> Iterator[Hit]:
    for node in code.nodes:
        if method(code, node) not in {"to", "cuda"} or loop_of(code, node) is None or not isinstance(node, ast.Call):
            continue
        of = receiver(node)
        if of is None or not _is_device_move(code, node):
            continue
        if called(code, of) in _CREATES:
            yield Hit(at=node, says="This is made on the CPU and copied over in every round.")
        elif is_model(of) or called(code, of).startswith("torch.nn."):
            yield Hit(at=node, says="The model is moved in every round, though it stays where it was moved first.")


def _is_device_move(code: Code, node: ast.Call) -> bool:
    if method(code, node) == "cuda":
        return True
    where = argument(node, 0, "device")
    if isinstance(where, ast.Constant):
        return isinstance(where.value, str)
    return where is not None and ("device" in last_name(where).lower() or called(code, where) == "torch.device")


SPEED = (
    Rule(
        id="V010",
        title="Python loop over rows",
        severity="note",
        mend="Work on the whole axis at once, with broadcasting or a batched product.",
        check=_row_loops,
    ),
    Rule(
        id="V011",
        title="array grown in a loop",
        severity="note",
        mend="Collect the parts in a list and join them once after the loop.",
        check=_grown_in_a_loop,
    ),
    Rule(
        id="V028",
        title="device moves in the loop",
        severity="note",
        mend="Move the model once before the loop, and make new tensors with device=device.",
        check=_moves,
    ),
)

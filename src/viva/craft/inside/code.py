"""A parsed source, as rules look at it. Law: building and asking are iterative, so that no nesting of a hostile source can
exhaust the stack here, and every question costs at most the size of what it looks at.
"""

import ast
from bisect import bisect_left
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass

Scope = ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef
Function = ast.FunctionDef | ast.AsyncFunctionDef
Loop = ast.For | ast.AsyncFor | ast.While
Place = tuple[int, int]

LIBRARIES = frozenset(
    {
        "torch",
        "numpy",
        "scipy",
        "sklearn",
        "jax",
        "tensorflow",
        "keras",
        "pandas",
        "math",
        "random",
        "optax",
        "torchvision",
    }
)
"""Packages whose attributes are functions and classes, not objects with methods of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A module in document order: `parents` leads up from each node, `origins` from a local name to what it was imported
    from (`F` to `torch.nn.functional`), `stores` from `(scope, name)` to every plain assignment, ordered by place, `made` from
    the last name of a target to the origins of what was called for its value (`self.opt = torch.optim.SGD(...)`)."""

    tree: ast.Module
    nodes: tuple[ast.AST, ...]
    parents: Mapping[ast.AST, ast.AST]
    origins: Mapping[str, str]
    stores: Mapping[tuple[ast.AST, str], tuple[tuple[Place, ast.expr], ...]]
    made: Mapping[str, frozenset[str]]
    from_scratch: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()


def read(tree: ast.Module, from_scratch: tuple[str, ...] = (), forbid: tuple[str, ...] = ()) -> Code:
    """The code of a parsed module; `from_scratch` and `forbid` are dotted names of parts that the question wants built by
    hand, and excludes."""
    parents: dict[ast.AST, ast.AST] = {}
    nodes: list[ast.AST] = []
    todo: list[ast.AST] = [tree]
    while todo:
        node = todo.pop()
        nodes.append(node)
        children = list(ast.iter_child_nodes(node))
        parents.update((child, node) for child in children if not isinstance(child, ast.expr_context | ast.operator))
        todo.extend(reversed(children))
    origins = _origins(nodes)
    return Code(
        tree=tree,
        nodes=tuple(nodes),
        parents=parents,
        origins=origins,
        stores=_stores(tree, nodes, parents),
        made=_made(nodes, origins),
        from_scratch=from_scratch,
        forbid=forbid,
    )


def _origins(nodes: list[ast.AST]) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                root = alias.name.partition(".")[0]
                found[alias.asname or root] = alias.name if alias.asname else root
        elif isinstance(node, ast.ImportFrom) and node.module is not None and not node.level:
            for alias in node.names:
                found[alias.asname or alias.name] = f"{node.module}.{alias.name}"
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and len(node.targets) == 1:
            source = _resolved(found, node.value)  # F = torch.nn.functional
            if source and node.targets[0].id not in found:
                found[node.targets[0].id] = source
    return found


def _made(nodes: list[ast.AST], origins: Mapping[str, str]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for node in nodes:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            source = _resolved(origins, node.value.func)
            for target in node.targets:
                if source and last_name(target):
                    found.setdefault(last_name(target), set()).add(source)
    return {name: frozenset(sources) for name, sources in found.items()}


def _stores(
    tree: ast.Module, nodes: list[ast.AST], parents: Mapping[ast.AST, ast.AST]
) -> dict[tuple[ast.AST, str], tuple[tuple[Place, ast.expr], ...]]:
    found: dict[tuple[ast.AST, str], list[tuple[Place, ast.expr]]] = {}
    scopes: dict[ast.AST, ast.AST] = {tree: tree}
    for node in nodes[1:]:  # parents come before their children, so each scope is known in time
        parent = parents.get(node, tree)
        scopes[node] = parent if isinstance(parent, Scope) else scopes.get(parent, tree)
        if isinstance(node, ast.Assign):
            pairs = [pair for target in node.targets for pair in _pairs(target, node.value)]
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            pairs = list(_pairs(node.target, node.value))
        else:
            continue
        for name, value in pairs:
            found.setdefault((scopes[node], name), []).append((place_of(node), value))
    return {key: tuple(sorted(values, key=lambda one: one[0])) for key, values in found.items()}


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """Names with what they are given: `a, b = x, y` pairs up, `a, b = f()` gives both the whole call."""
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, ast.Tuple | ast.List):
        paired = isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts)
        for index, element in enumerate(target.elts):
            inner = element.value if isinstance(element, ast.Starred) else element
            if isinstance(inner, ast.Name):
                yield inner.id, value.elts[index] if paired and isinstance(value, ast.Tuple | ast.List) else value


def place_of(node: ast.AST) -> Place:
    """Line (from 1) and column of a node."""
    return (getattr(node, "lineno", 1), getattr(node, "col_offset", 0))


def dotted(expr: ast.AST) -> str | None:
    """`a.b.c` as it is written; None for anything but names and attributes."""
    parts: list[str] = []
    while isinstance(expr, ast.Attribute):
        parts.append(expr.attr)
        expr = expr.value
    return ".".join([expr.id, *reversed(parts)]) if isinstance(expr, ast.Name) else None


def origin(code: Code, expr: ast.AST) -> str:
    """Where an imported thing comes from (`np.log` is `numpy.log`); empty for what is not imported."""
    return _resolved(code.origins, expr)


def _resolved(origins: Mapping[str, str], expr: ast.AST) -> str:
    name = dotted(expr)
    if name is None:
        return ""
    root, dot, rest = name.partition(".")
    return origins[root] + dot + rest if root in origins else ""


def called(code: Code, node: ast.AST) -> str:
    """The origin of what a call calls; empty where it is no call or nothing imported."""
    return origin(code, node.func) if isinstance(node, ast.Call) else ""


def method(code: Code, node: ast.AST) -> str:
    """The name of the method that a call calls on an object; empty for plain functions and those of libraries."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return ""
    return "" if origin(code, node.func).partition(".")[0] in LIBRARIES else node.func.attr


def constructors(code: Code, expr: ast.AST) -> frozenset[str]:
    """The origins of what made an object: of the call itself, or of the calls that its name is ever assigned."""
    direct = called(code, expr)
    return frozenset({direct}) if direct else code.made.get(last_name(expr), frozenset())


def imports(code: Code, *roots: str) -> bool:
    """Whether anything of these packages is imported."""
    return any(source.partition(".")[0] in roots for source in code.origins.values())


def receiver(node: ast.AST) -> ast.expr | None:
    """`x` of `x.f(...)`."""
    return node.func.value if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else None


def operand(code: Code, node: ast.AST, names: Container[str]) -> ast.expr | None:
    """What an operation of one of the names is done to, as a method (`x.sum(0)`) or a library's function (`np.sum(x, 0)`);
    None for anything else."""
    if not isinstance(node, ast.Call):
        return None
    if method(code, node) in names:
        return receiver(node)
    source = called(code, node)
    return node.args[0] if source and source.rpartition(".")[2] in names and node.args else None


def same_shape(one: ast.AST, other: ast.AST, *, most: int) -> bool:
    """Whether two expressions of at most `most` parts read alike, wherever they stand."""
    pairs = [(one, other)]
    while pairs:
        left, right = pairs.pop()
        most -= 1
        if most < 0 or type(left) is not type(right):
            return False
        for field in left._fields:
            a, b = getattr(left, field, None), getattr(right, field, None)
            a, b = (a if isinstance(a, list) else [a]), (b if isinstance(b, list) else [b])
            if len(a) != len(b):
                return False
            for x, y in zip(a, b, strict=True):
                if isinstance(x, ast.expr_context):
                    continue
                if isinstance(x, ast.AST) and isinstance(y, ast.AST):
                    pairs.append((x, y))
                elif x != y:
                    return False
    return True


def last_name(expr: ast.AST) -> str:
    """`c` of `a.b.c`, or the name itself; empty for anything else."""
    return expr.attr if isinstance(expr, ast.Attribute) else expr.id if isinstance(expr, ast.Name) else ""


def argument(call: ast.Call, position: int, *names: str) -> ast.expr | None:
    """An argument by position (negative: by name only) or by any of its names; None where it is not given, or where a
    star hides it."""
    for keyword in call.keywords:
        if keyword.arg in names:
            return keyword.value
    plain = call.args[: position + 1] if position >= 0 else []
    if any(isinstance(one, ast.Starred) for one in plain):
        return None
    return plain[position] if 0 <= position < len(plain) else None


def has_stars(call: ast.Call) -> bool:
    """Whether `*args` or `**kwargs` may bring what is not seen."""
    return any(isinstance(one, ast.Starred) for one in call.args) or any(one.arg is None for one in call.keywords)


def number(expr: ast.AST | None) -> float | None:
    """A literal number, signed or as `float("…")`; None for anything else, booleans too."""
    sign = 1.0
    while isinstance(expr, ast.UnaryOp) and isinstance(expr.op, ast.USub | ast.UAdd):
        sign = -sign if isinstance(expr.op, ast.USub) else sign
        expr = expr.operand
    if (
        isinstance(expr, ast.Call)
        and isinstance(expr.func, ast.Name)
        and expr.func.id == "float"
        and len(expr.args) == 1
    ):
        expr = expr.args[0]
    if not isinstance(expr, ast.Constant) or isinstance(expr.value, bool | complex):
        return None
    if not isinstance(expr.value, int | float | str):
        return None
    try:
        return sign * float(expr.value)
    except (ValueError, OverflowError):
        return None


def constant(code: Code, expr: ast.AST | None) -> float | None:
    """A literal number, or a name whose only assignment gives it one."""
    found = number(expr)
    if found is None and isinstance(expr, ast.Name):
        values = [value for (_, name), stores in code.stores.items() if name == expr.id for _, value in stores]
        found = number(values[0]) if len(values) == 1 else None
    return found


def within(code: Code, node: ast.AST, *kinds: type[ast.AST]) -> Iterator[ast.AST]:
    """Every ancestor of one of the kinds, innermost first, up to and with the function around it."""
    while node in code.parents:
        node = code.parents[node]
        if isinstance(node, kinds):
            yield node
        if isinstance(node, Function | ast.Lambda):
            return


def scope_of(code: Code, node: ast.AST) -> ast.AST:
    """The function, class body, lambda or module in which a node stands."""
    while node in code.parents:
        node = code.parents[node]
        if isinstance(node, Scope):
            return node
    return code.tree


def function_of(code: Code, node: ast.AST) -> Function | None:
    """The innermost function around a node."""
    while node in code.parents:
        node = code.parents[node]
        if isinstance(node, Function):
            return node
    return None


def loop_of(code: Code, node: ast.AST) -> Loop | None:
    """The innermost loop around a node, in its own function."""
    for loop in within(code, node, ast.For, ast.AsyncFor, ast.While):
        if isinstance(loop, Loop):
            return loop
    return None


def below(node: ast.AST) -> Iterator[ast.AST]:
    """Every node below, in document order, nested functions included."""
    todo = list(reversed(list(ast.iter_child_nodes(node))))
    while todo:
        node = todo.pop()
        yield node
        todo.extend(reversed(list(ast.iter_child_nodes(node))))


def names_in(node: ast.AST) -> set[str]:
    """Every plain name in an expression, itself included."""
    found = {one.id for one in below(node) if isinstance(one, ast.Name)}
    return found | ({node.id} if isinstance(node, ast.Name) else set())


def value_before(code: Code, name: ast.Name) -> ast.expr | None:
    """What `name` was last plainly assigned in its own scope above this place; None where nothing says."""
    stores = code.stores.get((scope_of(code, name), name.id), ())
    at = bisect_left(stores, place_of(name), key=lambda one: one[0])
    while at:
        at -= 1
        value = stores[at][1]
        if not _holds(value, name):
            return value
    return None


def _holds(value: ast.expr, name: ast.Name) -> bool:
    start, end = place_of(value), (value.end_lineno or 0, value.end_col_offset or 0)
    return start <= place_of(name) < end


def meant(code: Code, expr: ast.expr) -> ast.expr:
    """`expr`, or what the plain name `expr` was last assigned."""
    return (value_before(code, expr) or expr) if isinstance(expr, ast.Name) else expr


def functions(code: Code) -> Iterator[Function]:
    """Every function and method."""
    for node in code.nodes:
        if isinstance(node, Function):
            yield node


def parameters(function: Function) -> list[ast.arg]:
    """The named parameters of a function, `self` and `cls` left out."""
    of = function.args
    return [one for one in (*of.posonlyargs, *of.args, *of.kwonlyargs) if one.arg not in {"self", "cls"}]


def text_of(expr: ast.AST) -> str:
    """A short expression as it would be written; at most 40 characters of it."""
    text = ast.unparse(expr)
    return text if len(text) <= 40 else text[:37] + "..."

"""Mutants: a solution with one small fault put in, as a slip of the hand would. Checks that let one pass do not test that
part of the contract (DeMillo, Lipton and Sayward 1978, "Hints on test data selection"). Law: a pure function of the
source; only what runs is changed, never a docstring, an annotation, an import or the words of an exception.
"""

import ast
import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass

from viva.core.errors import CandidateError

SOURCE_CHARACTERS = 64 << 10
"""Longest source that is mutated."""

_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
_NAMES = (
    ("max", "min"),
    ("maximum", "minimum"),
    ("argmax", "argmin"),
    ("amax", "amin"),
    ("sum", "mean"),
    ("sin", "cos"),
    ("tril", "triu"),
    ("zeros", "ones"),
    ("zeros_like", "ones_like"),
    ("any", "all"),
    ("floor", "ceil"),
    ("exp", "expm1"),
    ("log", "log1p"),
    ("sigmoid", "tanh"),
    ("append", "extend"),
)
_ORDERLESS = ("maximum", "minimum", "max", "min", "result_type", "promote_types")
_OTHER_NAME = dict(_NAMES) | {other: name for name, other in _NAMES}
_COMMENT = re.compile(r"\s{2,}#.*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A source with one change. `line` (from 1) and `text` are where it was made, without the comment behind; `change`
    says what became what."""

    line: int
    text: str
    change: str
    code: str


def mutants_of(source: str) -> tuple[Mutant, ...]:
    """Every mutant of a Python source, in order of lines; those that read the same are given once.

    Raises:
        CandidateError: it is over `SOURCE_CHARACTERS`, does not parse, or is nested too deep.
    """
    if len(source) > SOURCE_CHARACTERS:
        raise CandidateError(f"It has {len(source)} characters; at most {SOURCE_CHARACTERS} are mutated.")
    try:
        tree = ast.parse(source)
        lines = source.split("\n")
        found: dict[str, Mutant] = {}
        original = ast.unparse(tree)
        for node in _running(tree):
            for change, replacement in _changes(node):
                code = ast.unparse(_Replacing(node, replacement).visit(copy.copy(tree)))
                if code != original:
                    text = _COMMENT.sub("", lines[node.lineno - 1]).strip()
                    mutant = Mutant(line=node.lineno, text=text, change=change, code=code + "\n")
                    found.setdefault(code, mutant)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as problem:
        raise CandidateError(f"It cannot be read as Python: {problem}.") from problem
    return tuple(sorted(found.values(), key=lambda mutant: mutant.line))


def lines_of_code(source: str) -> int:
    """Lines on which something that runs begins or goes on: no blank ones, comments, docstrings.

    Raises:
        SyntaxError: it does not parse.
    """
    return len({line for node in _running(ast.parse(source)) for line in range(node.lineno, _end(node) + 1)})


Changeable = ast.expr | ast.stmt


def _end(node: Changeable) -> int:
    """The last line of a node; of a compound statement its own lines are those of its parts."""
    return (
        node.lineno
        if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.If, ast.For, ast.While, ast.With))
        else (node.end_lineno or node.lineno)
    )


def _running(node: ast.AST) -> Iterator[Changeable]:
    """What runs below `node`, each once, from the top."""
    for child in _children(node):
        if isinstance(child, (ast.expr, ast.stmt)):
            yield child
        yield from _running(child)


def _children(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Raise() | ast.Assert() | ast.Import() | ast.ImportFrom() | ast.JoinedStr() | ast.Constant():
            return
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant()):  # a negative number is one thing
            return
        case ast.FunctionDef():
            yield node.args
            yield from _statements(node.body)
        case ast.ClassDef() | ast.Module():
            yield from _statements(node.body)
        case ast.arguments():
            yield from (default for default in (*node.defaults, *node.kw_defaults) if default is not None)
        case ast.AnnAssign():
            yield from (part for part in (node.target, node.value) if part is not None)
        case _:
            yield from ast.iter_child_nodes(node)


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements without their docstring and other bare texts."""
    for statement in body:
        bare = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        if not bare:
            yield statement


class _Replacing(ast.NodeTransformer):
    """Puts `replacement` in the place of `node`, in copies of what stands above it; the tree itself stays as it was."""

    def __init__(self, node: ast.AST, replacement: ast.AST) -> None:
        self._node = node
        self._replacement = replacement

    def visit(self, node: ast.AST) -> ast.AST:
        """As `NodeTransformer.visit`."""
        if node is self._node:
            return self._replacement
        fresh = copy.copy(node)
        for name, value in ast.iter_fields(node):
            if isinstance(value, list):
                setattr(fresh, name, [self.visit(item) if isinstance(item, ast.AST) else item for item in value])
            elif isinstance(value, ast.AST):
                setattr(fresh, name, self.visit(value))
        return fresh


# ---- the changes -----------------------------------------------------------------------------------------------------

_Change = tuple[str, ast.AST]


def _changes(node: Changeable) -> Iterator[_Change]:
    match node:
        case ast.Constant():
            yield from _constant(node.value)
        case ast.UnaryOp():
            yield from _unary(node)
        case ast.BinOp():
            yield from _binary(node)
        case ast.BoolOp():
            yield from _boolean(node)
        case ast.Compare(ops=[operator]):
            for other in _COMPARISONS[type(operator)]:
                yield _became(operator, other()), _with(node, ops=[other()])
        case ast.Call():
            yield from _call(node)
        case ast.Slice():
            yield from _slice(node)
        case ast.IfExp():
            yield from _condition(node)
        case ast.stmt():
            yield from _statement(node)


def _statement(node: ast.stmt) -> Iterator[_Change]:
    match node:
        case ast.If() | ast.While():
            yield from _condition(node)
        case ast.AugAssign():
            other = _OPERATORS.get(type(node.op))
            if other is not None:
                yield _became(node.op, other(), "="), _with(node, op=other())
            yield _deleted(node)
        case ast.Raise() | ast.Expr(value=ast.Call()) | ast.Break() | ast.Continue():
            yield _deleted(node)


def _slice(node: ast.Slice) -> Iterator[_Change]:
    for name in ("lower", "upper", "step"):
        if getattr(node, name) is not None:
            yield f"without the slice's {name}", _with(node, **{name: None})


def _constant(value: object) -> Iterator[_Change]:
    if isinstance(value, bool):
        yield f"{value} -> {not value}", ast.Constant(not value)
    elif isinstance(value, int):
        for other in (value + 1, value - 1):
            yield f"{value} -> {other}", _number(other)
    elif isinstance(value, float):
        other_float = 2 * value if value else 1.0
        yield f"{value!r} -> {other_float!r}", ast.Constant(other_float)


def _number(value: int) -> ast.expr:
    return ast.Constant(value) if value >= 0 else ast.UnaryOp(op=ast.USub(), operand=ast.Constant(-value))


def _unary(node: ast.UnaryOp) -> Iterator[_Change]:
    match node:
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(value))):
            for other in (1 - value, -1 - value):
                yield f"{-value} -> {other}", _number(other)
        case ast.UnaryOp(op=ast.USub() | ast.Not() | ast.Invert()):
            yield f"without {_symbol(node.op)}", node.operand


def _binary(node: ast.BinOp) -> Iterator[_Change]:
    other = _OPERATORS.get(type(node.op))
    if other is not None:
        yield _became(node.op, other()), _with(node, op=other())
        yield f"without {_symbol(node.op)} {_short(node.right)}", node.left
    if isinstance(node.op, (ast.Sub, ast.Div, ast.MatMult, ast.Pow)):
        yield f"{_symbol(node.op)} the other way round", _with(node, left=node.right, right=node.left)
    if isinstance(node.op, (ast.BitAnd, ast.BitOr)):
        yield f"without {_short(node.left)} {_symbol(node.op)}", node.right


def _boolean(node: ast.BoolOp) -> Iterator[_Change]:
    other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    yield _became(node.op, other), _with(node, op=other)
    if len(node.values) == 2:
        for kept, left_out in (node.values, node.values[::-1]):
            yield f"without `{_short(left_out)}` in {_symbol(node.op)}", kept


def _call(node: ast.Call) -> Iterator[_Change]:
    function = node.func
    name = (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )
    other = _OTHER_NAME.get(name)
    if other is not None:
        renamed = _with(function, **{"attr" if isinstance(function, ast.Attribute) else "id": other})
        yield f"{name} -> {other}", _with(node, func=renamed)
    if name == "sqrt" and len(node.args) == 1:
        yield "without sqrt", node.args[0]
    if (
        len(node.args) >= 2
        and name not in _ORDERLESS
        and not any(isinstance(argument, ast.Starred) for argument in node.args)
    ):
        swapped = [*node.args[:-2], node.args[-1], node.args[-2]]
        yield f"the last two arguments of {name or 'the call'} swapped", _with(node, args=swapped)
    for keyword in node.keywords:
        if keyword.arg is not None and not (
            isinstance(keyword.value, ast.Constant) and keyword.value.value in (True, False)
        ):
            kept = [other_one for other_one in node.keywords if other_one is not keyword]
            yield f"without {keyword.arg}=", _with(node, keywords=kept)


def _condition(node: ast.If | ast.While | ast.IfExp) -> Iterator[_Change]:
    yield "condition -> False", _with(node, test=ast.Constant(False))
    if not isinstance(node, ast.While):
        yield "condition -> True", _with(node, test=ast.Constant(True))


def _deleted(node: ast.stmt) -> _Change:
    return "statement deleted", ast.copy_location(ast.Pass(), node)


def _with(node: ast.AST, **fields: object) -> ast.AST:
    fresh = copy.copy(node)
    for name, value in fields.items():
        setattr(fresh, name, value)
    return fresh


_SYMBOLS: dict[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.MatMult: "@",
    ast.USub: "-",
    ast.Not: "not",
    ast.Invert: "~",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.In: "in",
    ast.NotIn: "not in",
    ast.And: "and",
    ast.Or: "or",
}


def _symbol(operator: ast.AST) -> str:
    return _SYMBOLS[type(operator)]


def _became(operator: ast.AST, other: ast.AST, behind: str = "") -> str:
    return f"{_symbol(operator)}{behind} -> {_symbol(other)}{behind}"


def _short(node: ast.AST) -> str:
    text = ast.unparse(node)
    return text if len(text) <= 30 else text[:29] + "…"

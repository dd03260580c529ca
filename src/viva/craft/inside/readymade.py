"""The rule about ready-made parts: what the question asks to build is not taken from a library."""

import ast
from collections.abc import Iterator

from .code import Code, method, origin
from .rule import Hit, Rule


def _ready_made(code: Code) -> Iterator[Hit]:
    wanted = {(one.partition(".")[0], one.rpartition(".")[2]): one for one in code.from_scratch}
    for node in code.nodes:
        source = _source(code, node)
        if not source or isinstance(code.parents.get(node), ast.Attribute):
            continue
        part = wanted.get((source.partition(".")[0], source.rpartition(".")[2]))
        if part is not None:
            yield Hit(at=node, says=f"{part} is a ready-made part of what this question asks you to build.")


def _source(code: Code, node: ast.AST) -> str:
    """The origin of a part where it is used: a name, an attribute, `getattr(module, "name")`, or `.name` of a method call."""
    if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
        return origin(code, node)
    if not isinstance(node, ast.Call):
        return ""
    if isinstance(node.func, ast.Name) and node.func.id == "getattr" and len(node.args) >= 2:
        module, name = origin(code, node.args[0]), node.args[1]
        if module and isinstance(name, ast.Constant) and isinstance(name.value, str):
            return f"{module}.{name.value}"
    done = method(code, node)
    return f".{done}" if done else ""


READY_MADE = (
    Rule(
        id="V030",
        title="ready-made part",
        severity="fault",
        mend="Write it out from the operations below it.",
        check=_ready_made,
    ),
)

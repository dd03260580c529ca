"""The rule about ready-made parts: what the question asks to build is not taken from a library."""

import ast
from collections.abc import Iterator

from .code import Code, method, origin
from .rule import Hit, Rule


def _ready_made(code: Code) -> Iterator[Hit]:
    wanted = _keys(code.from_scratch, code) | _keys(code.forbid, code)
    for node in code.nodes:
        source = _source(code, node) if wanted else ""
        if not source or isinstance(code.parents.get(node), ast.Attribute):
            continue
        part = wanted.get(source) or wanted.get(_key(source))
        if part in code.forbid:
            yield Hit(at=node, says=f"{part} is excluded by this question.")
        elif part is not None:
            yield Hit(at=node, says=f"{part} is a ready-made part of what this question asks you to build.")


def _keys(names: tuple[str, ...], code: Code) -> dict[str, str]:
    """What a use is looked up by, with the name it stands for: a library's part goes by any path in its package, a method of
    a class by calls on any object, unless the source has a method by that name itself."""
    found: dict[str, str] = {}
    for name in names:
        of, _, last = name.rpartition(".")
        if of.rpartition(".")[2][:1].isupper():
            found[name] = name
            if not any(_defines(code, node, last) for node in code.nodes):
                found[f".{last}"] = name
        else:
            found[_key(name)] = name
    return found


def _key(name: str) -> str:
    """Package and last part; Keras is one package, also where TensorFlow is asked for it."""
    name = name.removeprefix("tensorflow.") if name.startswith("tensorflow.keras.") else name
    return f"{name.partition('.')[0]}.{name.rpartition('.')[2]}"


def _defines(code: Code, node: ast.AST, name: str) -> bool:
    """Whether it is a method by this name."""
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or node.name != name:
        return False
    return isinstance(code.parents.get(node), ast.ClassDef)


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

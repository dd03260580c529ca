"""The house's own Python files, parsed once; what the house tests look at."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
QUESTIONS = ROOT / "src" / "viva_bank" / "questions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One file: its path from the root of the checkout, its number of lines, its tree."""

    path: str
    lines: int
    tree: ast.Module


@cache
def sources(*folders: str) -> tuple[Source, ...]:
    """Every Python file below `folders`, but the questions, whose files are content."""
    paths = sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return tuple(_parse(path) for path in paths if not path.is_relative_to(QUESTIONS))


def _parse(path: Path) -> Source:
    text = path.read_text(encoding="utf-8")
    return Source(path=str(path.relative_to(ROOT)), lines=len(text.splitlines()), tree=ast.parse(text))


def functions(source: Source) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Every function and method with its name as it is written from outside (`Class.method`)."""
    yield from _within(source.tree, "")


def _within(node: ast.AST, prefix: str) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield prefix + child.name, child
            yield from _within(child, f"{prefix}{child.name}.")
        elif isinstance(child, ast.ClassDef):
            yield from _within(child, f"{prefix}{child.name}.")
        else:
            yield from _within(child, prefix)


def span(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """How many lines a definition takes, docstring included, decorators not."""
    assert node.end_lineno is not None
    return node.end_lineno - node.lineno + 1


def imported(tree: ast.Module) -> set[str]:
    """The full names of all modules that a file imports, wherever the import stands."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            names.add(node.module)
    return names

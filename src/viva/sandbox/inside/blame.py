"""Whose fault is an exception in a check that is no `Failure`?

A check that trips over what the candidate returned (`len(None)`) has found a wrong result, though it says so badly; a
check with a bug of its own is our fault. Law: the candidate is blamed only where the very statement that raised uses a
value that came from the candidate in this check; in doubt it is ours.
"""

import ast
import types
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import viva_check
from viva_check import Failure

from . import values
from .sut import Sut, There

CHECKS_FILE = "checks.py"
_SOURCE = "__viva_source__"
_BODIES = ("body", "orelse", "finalbody", "handlers", "cases")
_OURS = (Path(__file__).parent, Path(viva_check.__file__).parent)
_KINDS = (TypeError, AttributeError, IndexError, KeyError, ValueError)
_NESTED = 10_000


def failure(problem: Exception, received: Iterable[Any]) -> Failure | None:
    """The check's failure in words, or None where the check itself is at fault.

    `received` are the values that came from the candidate during this check.
    """
    values_in = list(received)
    place = _innermost(problem.__traceback__)
    if place is None or not values_in or not isinstance(problem, _KINDS):
        return None
    frame, line, columns = place
    known = {id(part) for value in values_in for part in _parts(value)}
    names, exact = _names_at(str(frame.f_globals.get(_SOURCE, "")), line, columns)
    for name in names:
        if name in frame.f_locals and id(frame.f_locals[name]) in known:
            return _unfit(frame.f_locals[name])
    if any(type(frame.f_locals.get(name)) in (Sut, There) for name in exact):
        return _unfit(values_in[-1])
    return None


def _unfit(value: Any) -> Failure:
    return Failure(f"The check cannot work with what your code returned: {_shown(value)}.")


def remember(module: types.ModuleType, source: str) -> None:
    """Keep the source of checks.py with its module, for the lines that are read here."""
    vars(module)[_SOURCE] = source


def _innermost(traceback: types.TracebackType | None) -> tuple[types.FrameType, int, tuple[int, int]] | None:
    """The innermost frame of checks.py with its line and columns; None where the exception comes out of our own code."""
    found = None
    last = ""
    while traceback is not None:
        code = traceback.tb_frame.f_code
        last = code.co_filename
        if last == CHECKS_FILE:
            positions = list(code.co_positions())
            line, end, start, stop = positions[traceback.tb_lasti // 2]
            columns = (start or 0, stop if line == end and stop is not None else 1 << 30)
            found = (traceback.tb_frame, traceback.tb_lineno, columns)
        traceback = traceback.tb_next
    return None if Path(last).parent in _OURS else found


def _names_at(source: str, line: int, columns: tuple[int, int]) -> tuple[list[str], list[str]]:
    """Names read by the innermost statement at `line` (of a compound one, by its header), and those at the columns alone.

    Where a value is taken apart (`a, b = sut.f()`), Python names the columns of the targets: then the value's count too.
    """
    best: ast.stmt | None = None
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or node.lineno):
            best = node
    if best is None:
        return [], []
    parts = [part for name, part in ast.iter_fields(best) if name not in _BODIES]
    nodes = [
        part for some in parts for part in (some if isinstance(some, list) else [some]) if isinstance(part, ast.AST)
    ]
    names = [name for node in nodes for name in ast.walk(node) if isinstance(name, ast.Name)]
    apart = [name for name in names if isinstance(name.ctx, ast.Store) and name.col_offset >= columns[0]]
    taken = bool(apart) and columns[0] >= min(name.col_offset for name in names if isinstance(name.ctx, ast.Store))
    inside = [name.id for name in names if taken or columns[0] <= name.col_offset < columns[1]]
    return [name.id for name in names], inside


def _parts(value: Any) -> Iterable[Any]:
    """`value` and what is nested in it, at most `_NESTED` things."""
    waiting, seen = [value], 0
    while waiting and seen < _NESTED:
        part = waiting.pop()
        seen += 1
        yield part
        if type(part) in (list, tuple):
            waiting.extend(part)
        elif type(part) is dict:
            waiting.extend(part.values())


def _shown(value: Any) -> str:
    kind = type(value)
    if hasattr(value, "shape") and hasattr(value, "dtype"):
        return f"an array of shape {value.shape} and dtype {value.dtype}"
    if kind in (list, tuple):
        return f"a {kind.__name__} of {len(value)} items"
    return repr(value)[:120] if kind in (type(None), bool, int, float, str) else values.describe(value)

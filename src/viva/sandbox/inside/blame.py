"""Whose fault is an exception in a check that is no `Failure`?

A check that trips over what the candidate returned (`len(None)`) has found a wrong result, though it says so badly; a
check with a bug of its own is our fault. Law: the candidate is blamed only where the very statement that raised is at work
on a value that came from the candidate in this check; in doubt it is ours.
"""

import ast
import types
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import viva_check
from viva_check import Failure, shown

from .sut import Sut, There

CHECKS_FILE = "checks.py"
_SOURCE = "__viva_source__"
_BODIES = ("body", "orelse", "finalbody", "handlers", "cases")
_OURS = (Path(__file__).parent, Path(viva_check.__file__).parent)
_KINDS = (TypeError, AttributeError, IndexError, KeyError, ValueError)
_NESTED = 10_000

_Place = tuple[int, int]
"""A line (from 1) and a column (in bytes, from 0)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spot:
    """Where in checks.py an exception came up: the variables in reach, and the expression."""

    source: str
    variables: dict[str, Any]
    start: _Place
    end: _Place


def remember(module: types.ModuleType, source: str) -> None:
    """Keep the source of checks.py with its module, for the lines that are read here."""
    vars(module)[_SOURCE] = source


def failure(problem: Exception, received: Iterable[Any]) -> Failure | None:
    """The check's failure in words, or None where the check itself is at fault.

    `received` are the values that came from the candidate during this check.
    """
    came = list(received)
    spot = _innermost(problem.__traceback__)
    if spot is None or not came or not isinstance(problem, _KINDS):
        return None
    known = {id(part) for value in came for part in _parts(value)}
    names = _names(spot)
    for name in names:
        if name.id in spot.variables and id(spot.variables[name.id]) in known:
            return _unfit(spot.variables[name.id])
    if any(type(spot.variables.get(name.id)) in (Sut, There) for name in _at_work(names, spot)):
        return _unfit(came[-1])
    return None


def _unfit(value: Any) -> Failure:
    return Failure(f"The check cannot work with what your code returned: {shown.value(value)}.")


def _innermost(traceback: types.TracebackType | None) -> _Spot | None:
    """The innermost place in checks.py; None where the exception comes out of our own code."""
    found = None
    last = ""
    while traceback is not None:
        last = traceback.tb_frame.f_code.co_filename
        if last == CHECKS_FILE:
            found = traceback
        traceback = traceback.tb_next
    if found is None or Path(last).parent in _OURS:
        return None
    frame = found.tb_frame
    line, end, column, end_column = list(frame.f_code.co_positions())[found.tb_lasti // 2]
    return _Spot(
        source=str(frame.f_globals.get(_SOURCE, "")),
        variables=_variables(frame),
        start=(line or found.tb_lineno, column or 0),
        end=(end or found.tb_lineno, end_column or 0),
    )


def _variables(frame: types.FrameType) -> dict[str, Any]:
    """Local variables; of a comprehension or lambda also those of the function around it."""
    around = frame.f_back
    if frame.f_code.co_name.startswith("<") and around is not None and around.f_code.co_filename == CHECKS_FILE:
        return {**_variables(around), **frame.f_locals}
    return dict(frame.f_locals)


def _names(spot: _Spot) -> list[ast.Name]:
    """The names in the innermost statement at a place; of a compound statement, in its header."""
    best: ast.stmt | None = None
    for node in ast.walk(ast.parse(spot.source)):
        if isinstance(node, ast.stmt) and _start(node) <= spot.start < _end(node):
            best = node
    if best is None:
        return []
    parts = [part for name, part in ast.iter_fields(best) if name not in _BODIES]
    nodes = [
        node for part in parts for node in (part if isinstance(part, list) else [part]) if isinstance(node, ast.AST)
    ]
    return [name for node in nodes for name in ast.walk(node) if isinstance(name, ast.Name)]


def _at_work(names: list[ast.Name], spot: _Spot) -> list[ast.Name]:
    """Of a statement's names those in the expression that raised. Where a value is taken apart (`a, b = sut.f()`) Python
    points at the targets: then all of them."""
    inside = [name for name in names if spot.start <= _start(name) < spot.end]
    return names if any(isinstance(name.ctx, ast.Store) for name in inside) else inside


def _start(node: ast.stmt | ast.expr) -> _Place:
    return node.lineno, node.col_offset


def _end(node: ast.stmt | ast.expr) -> _Place:
    return node.end_lineno or node.lineno, node.end_col_offset or 0


def _parts(value: Any) -> Iterable[Any]:
    """`value` and what is nested in it, at most `_NESTED` things; no nested integers, which are the same objects everywhere."""
    waiting, seen = [value], 0
    while waiting and seen < _NESTED:
        part = waiting.pop()
        seen += 1
        if part is value or type(part) not in (int, bool):
            yield part
        if type(part) in (list, tuple):
            waiting.extend(part)
        elif type(part) is dict:
            waiting.extend(part.values())

"""What a rule is: an id, words, and a pure function from code to hits."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from .code import Code

Severity = Literal["note", "warning", "fault"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One place where a rule fires: what is so there (one sentence), and a severity where it is not the rule's own."""

    at: ast.AST
    says: str
    severity: Severity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule of craft. A `fault` makes a result or a number untrue, a `warning` goes wrong in a case that will come, a
    `note` makes code plainer or faster. `mend` is one sentence that says what to write instead."""

    id: str
    title: str
    severity: Severity
    mend: str
    check: Callable[[Code], Iterator[Hit]]

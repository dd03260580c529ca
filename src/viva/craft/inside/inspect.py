"""One inspection: source in, findings out. Law: any text is data and ends in findings; what cannot be read at all is one
finding of the rule V000, which says why.
"""

import ast
import warnings
from collections.abc import Iterable
from dataclasses import dataclass

from .code import Code, place_of, read
from .rule import Hit, Rule, Severity
from .rules import RULES

UNREADABLE = "V000"
SOURCE_CHARACTERS = 200_000
"""Longest source that is read; a long attempt has some 20,000."""
NODES = 60_000
"""Most nodes of a tree; bounds what one inspection costs."""
SAID_CHARACTERS = 400
PER_RULE = 5
"""Findings of one rule; more of the same say nothing new."""
FINDINGS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A finding, ready to be sent: `says` ends with `mend` where there is one. `column` and `end` count characters of the line
    from 1, `end` is the one behind; None where they are not known, or where it goes on in the next line."""

    rule: str
    line: int
    severity: Severity
    says: str
    mend: str = ""
    column: int | None = None
    end: int | None = None


def inspect(
    source: str,
    from_scratch: tuple[str, ...] = (),
    rules: Iterable[Rule] = RULES,
    *,
    forbid: tuple[str, ...] = (),
) -> list[Found]:
    """What our own rules say of a source, in order of lines, or why it cannot be read."""
    try:
        tree = parsed(source)
        return apply(read(tree, from_scratch, forbid), rules, _lines(source))
    except Unreadable as problem:
        found = Found(rule=UNREADABLE, line=problem.line, severity="fault", says=problem.says, column=problem.column)
        return [found]
    except TooLong:
        return [Found(rule=UNREADABLE, line=1, severity="fault", says=_TOO_LONG)]
    except (RecursionError, MemoryError):
        return [Found(rule=UNREADABLE, line=1, severity="fault", says=_TOO_DEEP)]


_TOO_LONG = "The source is of a kind that takes too long to be read."
_TOO_DEEP = "The source is nested too deeply to be read."


class TooLong(Exception):
    """Raised by whoever keeps the time, from outside, in the middle of a reading."""


class Unreadable(Exception):
    """A source that is no Python, or too much of it. `says` is a sentence for the candidate, `column` counts from 1."""

    def __init__(self, line: int, says: str, column: int | None = None) -> None:
        super().__init__(says)
        self.line = line
        self.says = says
        self.column = column


def parsed(source: str) -> ast.Module:
    """The tree of a source.

    Raises:
        Unreadable: it is too long, no Python, or holds characters that no file can hold.
        RecursionError, MemoryError: it is nested too deeply for Python's own parser.
    """
    if len(source) > SOURCE_CHARACTERS:
        raise Unreadable(
            1, f"The source has {len(source):,} characters; at most {SOURCE_CHARACTERS:,} are read for craft."
        )
    if "\0" in source:  # Python says so too, but not where
        line = source.count("\n", 0, source.index("\0")) + 1
        raise Unreadable(line, "The source does not parse: it holds a null character.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the parser warns of doubtful escapes on standard error
            tree = ast.parse(source.removeprefix("\ufeff"))
    except SyntaxError as problem:
        what = clean(problem.msg or "it is no Python")
        raise Unreadable(_line(source, problem), f"The source does not parse: {what}.", _column(problem)) from None
    except UnicodeEncodeError as problem:
        line = source.count("\n", 0, problem.start) + 1
        raise Unreadable(line, "The source does not parse: it holds half of a character (a lone surrogate).") from None
    _count(tree)
    return tree


def _line(source: str, problem: SyntaxError) -> int:
    """The line that Python names, kept within the source: it may name the one after the last."""
    return min(max(1, problem.lineno or 1), source.count("\n") + 1)


def _column(problem: SyntaxError) -> int | None:
    """The column that Python names, where the line that it names is the source's."""
    return problem.offset if problem.lineno and problem.offset and problem.offset > 0 else None


def _lines(source: str) -> list[str]:
    """Lines as Python counts them, without their ends."""
    return source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _count(tree: ast.Module) -> None:
    todo: list[ast.AST] = [tree]
    seen = 0
    while todo:
        seen += 1
        if seen > NODES:
            raise Unreadable(1, f"The source has over {NODES:,} parts; that is more than is read for craft.")
        todo.extend(ast.iter_child_nodes(todo.pop()))


def apply(code: Code, rules: Iterable[Rule], lines: list[str]) -> list[Found]:
    """Every rule's findings, the same line and rule once, in order of lines."""
    found: dict[tuple[str, int], Found] = {}
    for rule in rules:
        hits = 0
        for hit in rule.check(code):
            one = _found(rule, hit, lines)
            if (one.rule, one.line) in found:
                continue
            found[one.rule, one.line] = one
            hits += 1
            if hits == PER_RULE:
                break
    return sorted(found.values(), key=lambda one: (one.line, one.rule))[:FINDINGS]


def _found(rule: Rule, hit: Hit, lines: list[str]) -> Found:
    line, begins = place_of(hit.at)
    ends = getattr(hit.at, "end_col_offset", None) if getattr(hit.at, "end_lineno", None) == line else None
    text = lines[line - 1].encode("utf-8", "surrogatepass") if line <= len(lines) else b""
    return Found(
        rule=rule.id,
        line=line,
        severity=hit.severity or rule.severity,
        says=clean(f"{hit.says} {rule.mend}"),
        mend=rule.mend,
        column=_characters(text[:begins]),
        end=None if ends is None else _characters(text[:ends]),
    )


def _characters(text: bytes) -> int:
    """The column behind a part of a line, whose offsets the tree counts in bytes."""
    return len(text.decode("utf-8", "replace")) + 1


def clean(text: str) -> str:
    """One printable line: names in it are the candidate's, and may be long or hold anything."""
    shown = "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in text)
    return shown if len(shown) <= SAID_CHARACTERS else shown[: SAID_CHARACTERS - 3] + "..."

"""Reads code for those who type it. Law: the server parses none of it, a bounded child does; whoever asks often, or is no
longer there to hear the answer, waits or is dropped, and nobody else notices.
"""

from collections.abc import Sequence
from typing import NotRequired, TypedDict

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from viva.core.errors import AuthorError, NotFound, OperatorError
from viva.core.evidence import NotObserved
from viva.core.values import Framework
from viva.craft import Mark, Readers
from viva.ports import Bank
from viva.web.access import VISITOR_COOKIE
from viva.web.pace import Pace, TooOften

MOST_WAITING = 16
"""Askers in line for a reader; more are sent away."""
_PAGES = "docs/craft/"


class DiagnosticJson(TypedDict):
    """One finding: `line` from 1; `column` and `end` (the one behind) count characters of it from 1; `page` is where viva's
    documentation says more."""

    line: int
    column: NotRequired[int]
    end: NotRequired[int]
    rule: str
    severity: str
    says: str
    mend: NotRequired[str]
    page: str


class DiagnosticsJson(TypedDict):
    """What is found in a text, in order of lines."""

    diagnostics: list[DiagnosticJson]


class Unread(OperatorError):
    """Our reader of code failed."""

    type = "unread"


class Watcher:
    """Reads code for those who type it: 5 times a second for each visitor, 30 for each address, in the readers lent to it."""

    def __init__(self, readers: Readers) -> None:
        self._readers = readers
        self._visitors = Pace(a_second=5, at_once=15)
        self._addresses = Pace(a_second=30, at_once=60)

    async def read(
        self, request: Request, bank: Bank, *, code: str, framework: Framework, question: str | None
    ) -> list[DiagnosticJson]:
        """What is found; nothing for whoever has hung up by the time that a reader is free.

        Raises:
            TooOften: this visitor, this address, or all together ask too much.
            Unread: our machine failed.
        """
        address = request.client.host if request.client else ""
        self._addresses.step(address)
        self._visitors.step(request.cookies.get(VISITOR_COOKIE) or address)
        if self._readers.waiting >= MOST_WAITING:
            raise TooOften("Many people type at once.", mend="Wait a second, then ask again.")
        from_scratch, forbid = await run_in_threadpool(_parts, bank, question)
        async with self._readers.one() as reader:
            if await request.is_disconnected():
                return []
            marks = await reader.marks(code, framework=framework, from_scratch=from_scratch, forbid=forbid)
        if isinstance(marks, NotObserved):
            raise Unread("Your code cannot be looked at just now.", mend="Go on: nothing else depends on it.")
        return [_shown(mark) for mark in marks]


def _parts(bank: Bank, question: str | None) -> tuple[Sequence[str], Sequence[str]]:
    """What a question wants built, and what it excludes; nothing where there is no such question, which nobody is told."""
    try:
        asked = bank.question(question) if question is not None else None
    except (NotFound, AuthorError):
        asked = None
    return ((), ()) if asked is None else (asked.from_scratch, asked.forbid)


def _shown(mark: Mark) -> DiagnosticJson:
    finding = mark.finding
    ours = finding.rule.startswith("V")
    shown: DiagnosticJson = {
        "line": finding.line,
        "rule": finding.rule,
        "severity": finding.severity,
        "says": finding.says,
        "page": f"{_PAGES}{finding.rule if ours else 'ruff'}.md",
    }
    if mark.mend and finding.says.endswith(mark.mend):
        shown["says"], shown["mend"] = finding.says.removesuffix(mark.mend).rstrip(), mark.mend
    if mark.column is not None:
        shown["column"] = mark.column
    if mark.end is not None:
        shown["end"] = mark.end
    return shown

"""A candidate's words in pieces, so that what was quoted can be marked in them. Law: joined, the pieces are the words; a piece
that several quotes share is one mark and shows all their signs where they end."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from viva.interviews.views import EvidenceJson, MessageJson

SIGNS = {"said": "✓", "partly": "½", "wrong": "✗", "unsure": "?", "missing": "–"}
"""What stands beside a verdict's colour."""

_NAMES = {"said": "said", "partly": "in part", "wrong": "contrary", "unsure": "unsure", "missing": "missing"}

_GRAVEST = ("wrong", "unsure", "partly", "said")
"""Verdicts that mark a quote; the first one of a piece gives it its look."""

_BREAK = re.compile(r"\n[ \t]*\n\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A run of a message's text; `verdict` is empty outside quotes. `signs` are those of the quotes that end with it."""

    id: str
    text: str
    verdict: str
    signs: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """One paragraph of a message in pieces."""

    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Quote:
    start: int
    end: int
    verdict: str


def place_of(part: str, entry: EvidenceJson) -> str:
    """The id of the piece that a quote begins with; empty where nothing is quoted."""
    if entry["kind"] != "quote" or entry.get("message") is None or entry.get("verdict") not in _GRAVEST:
        return ""
    return _id(part, entry["message"], entry["start"])


def name_of(entry: EvidenceJson) -> str:
    """A verdict in words: a point may be said to the contrary, a misconception is not so."""
    verdict = entry.get("verdict", "")
    return "not so" if verdict == "wrong" and "weight" not in entry else _NAMES[verdict]


def paragraphs(part: str, message: MessageJson, evidence: Sequence[EvidenceJson]) -> tuple[Spoken, ...]:
    """The paragraphs of a message, cut where quotes begin and end. A blank line between two is left out."""
    text, quotes = message["text"], _quotes(message, evidence)
    spoken, at = [], 0
    for gap in (*_BREAK.finditer(text), None):
        start, end = at, len(text) if gap is None else gap.start()
        at = len(text) if gap is None else gap.end()
        if start < end:
            cuts = {start, end, *(cut for quote in quotes for cut in (quote.start, quote.end) if start < cut < end)}
            places = sorted(cuts)
            pieces = [_piece(part, message, quotes, pair) for pair in pairwise(places)]
            spoken.append(Spoken(pieces=tuple(pieces)))
    return tuple(spoken)


def _quotes(message: MessageJson, evidence: Sequence[EvidenceJson]) -> list[_Quote]:
    found = [
        _Quote(start=entry["start"], end=entry["end"], verdict=entry["verdict"])
        for entry in evidence
        if place_of("", entry) and entry["message"] == message["seq"]
    ]
    return [quote for quote in found if quote.start < quote.end]


def _piece(part: str, message: MessageJson, quotes: Sequence[_Quote], place: tuple[int, int]) -> Piece:
    start, end = place
    over = [quote for quote in quotes if quote.start <= start and end <= quote.end]
    text = message["text"][start:end]
    if not over:
        return Piece(id="", text=text, verdict="")
    verdicts = {quote.verdict for quote in over}
    ending = {quote.verdict for quote in over if quote.end == end}
    return Piece(
        id=_id(part, message["seq"], start),
        text=text,
        verdict=next(verdict for verdict in _GRAVEST if verdict in verdicts),
        signs="".join(SIGNS[verdict] for verdict in reversed(_GRAVEST) if verdict in ending),
    )


def _id(part: str, seq: int, start: int) -> str:
    return f"{part}-w{seq}-{start}"

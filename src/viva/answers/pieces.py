"""A text cut into the pieces that can be quoted. Law: a piece is a place in the text, never a changed copy of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

LONGEST_READ = 50_000
"""Characters of a text that are read; what follows changes no verdict."""

_MOST_WORDS = 45
"""Words of one piece; a longer sentence is cut at its commas, a list without any at a blank."""

_WINDOW_WORDS = 70
"""Words of two neighbouring pieces read together."""

_LIST_ITEMS = 20
"""Items from which a text can be a list of names."""

_ITEM = re.compile(r"[;,:.\n]+\s*")
_RELATION = re.compile(r"[=<>→⇒≈~∝±+]|->|\bnot?\b|n't\b|\bw/o\b")
_BLOCK = re.compile(r"```.*?(?:```|\Z)|\$\$.*?\$\$", re.DOTALL)
_LINE = re.compile(r"(?:[^\n]|(?<![.!?:;|\n])\n(?=[a-z0-9$(](?![.)]\s)))+")
"""A line with those after it that go on with its sentence: in wrapped text the end of a line is a blank."""
_MARK = re.compile(r"\s*(?:[-*+•·>#]+\s+|\(?\d{1,2}[.)]\s+|\(?[a-zA-Z][.)]\s+)?")
_END = re.compile(r"(?<=[.!?…。！？])[\"')\]]*\s+|;\s+|\s+[-–—]{1,2}\s+(?=\w)|(?<=[。！？])")
_ABBREVIATION = re.compile(r"\b(?:e\.g|i\.e|etc|vs|cf|approx|resp|Fig|fig|Eq|eq|Dr|Mr|Ms|St|al|no)\.[\"')\]]*\s+\Z")
_COMMA = re.compile(r",\s+|:\s+|\s+(?=(?:and|but|because|so|which|while|whereas|since)\s)")
_BLANK = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, order=True)
class Piece:
    """A place `[start, end)` in a text."""

    start: int
    end: int


def pieces_of(text: str) -> tuple[Piece, ...]:
    """The sentences, lines of lists, formulas and blocks of code of a text, in order, without white space around them."""
    found: list[Piece] = []
    read = text[:LONGEST_READ]
    at = 0
    for block in _BLOCK.finditer(read):
        found += _sentences(read, at, block.start())
        found += _short(read, block.start(), block.end())
        at = block.end()
    found += _sentences(read, at, len(read))
    return tuple(piece for piece in found if any(letter.isalnum() for letter in read[piece.start : piece.end]))


def windows_of(text: str, pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """The pieces, and each two neighbours that are short enough to be read together."""
    pairs = (Piece(one.start, other.end) for one, other in pairwise(pieces))
    return (*pieces, *(pair for pair in pairs if _words(text, pair.start, pair.end) <= _WINDOW_WORDS))


def _sentences(text: str, start: int, end: int) -> list[Piece]:
    found: list[Piece] = []
    for line in _LINE.finditer(text, start, end):
        mark = _MARK.match(text, line.start(), line.end())
        at = mark.end() if mark else line.start()
        for cut in _END.finditer(text, at, line.end()):
            if not _ABBREVIATION.search(text, at, cut.end()):
                found += _short(text, at, cut.start())
                at = cut.end()
        found += _short(text, at, line.end())
    return found


def _short(text: str, start: int, end: int) -> list[Piece]:
    """The place without white space around it, cut where it has too many words."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    if start == end:
        return []
    if _words(text, start, end) <= _MOST_WORDS and end - start <= 12 * _MOST_WORDS:
        return [Piece(start, end)]
    cut = _cut(text, start, end)
    return [*_short(text, start, cut), *_short(text, cut, end)]


def _cut(text: str, start: int, end: int) -> int:
    """The comma, or else the blank, or else the character next to the middle."""
    middle = (start + end) // 2
    for marks in (_COMMA, _BLANK):
        places = [match.end() for match in marks.finditer(text, start, end) if start < match.end() < end]
        if places:
            return min(places, key=lambda place: abs(place - middle))
    return middle


def _words(text: str, start: int, end: int) -> int:
    return len(text[start:end].split())


def is_list_of_names(text: str) -> bool:
    """Whether a whole text only names things: a score of items or more, nearly all of at most three words and hardly one
    that relates two of them. Who writes tersely relates (`rank r << d`, "no extra latency") or says more in an item."""
    items = [item for item in _ITEM.split(text[:LONGEST_READ]) if any(letter.isalnum() for letter in item)]
    words = [len(item.split()) for item in items]
    if len(items) < _LIST_ITEMS or sum(words) > 1.8 * len(items):
        return False
    short = sum(count <= 3 for count in words)
    return short >= 0.94 * len(items) and sum(bool(_RELATION.search(item)) for item in items) < 0.1 * len(items)

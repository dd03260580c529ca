"""The scorecard as one sheet: code by lines, words in pieces, notes in the margin. Law: a note is tied to a line or a quote
only where evidence names it; nothing here judges, it only places."""

from dataclasses import dataclass, field

from viva.core.values import Kind
from viva.interviews.views import (
    AttemptJson,
    EvidenceJson,
    GradeJson,
    MessageJson,
    ScorecardJson,
    ScoredQuestionJson,
)

_UNSCORED = {
    "nobody": "recorded, not yet graded",
    "machine": "our fault, not yours",
    "unsure": "a person should look",
}
_VERDICTS = {"said": "said", "partly": "partly", "wrong": "not so", "unsure": "unsure", "missing": "missing"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One note in the margin. `ties` is the id of the line or mark that it speaks of, empty where evidence names none;
    `opens` the id of its evidence."""

    label: str
    says: str
    ties: str
    opens: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of code, from 1; `hit` where a note speaks of it."""

    id: str
    number: int
    text: str
    hit: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One attempt at code with its notes."""

    attempt: AttemptJson
    lines: tuple[Line, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A run of a message's text; `verdict` is empty outside quotes."""

    id: str
    text: str
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """One message in pieces."""

    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """One piece of evidence with the id under which it opens, and where it points to (empty: nowhere)."""

    id: str
    evidence: EvidenceJson
    points_to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension:
    """One grade. `shown` is what stands in big; `percent` is for the rule, None where there is no value."""

    id: str
    name: str
    grade: GradeJson
    shown: str
    percent: int | None
    short: str
    evidence: tuple[Opened, ...]

    @property
    def passed(self) -> tuple[Opened, ...]:
        """Evidence of checks that passed; it is folded away where others did not."""
        passed = tuple(opened for opened in self.evidence if opened.evidence.get("passed", False))
        return passed if len(passed) < len(self.evidence) else ()

    @property
    def first(self) -> tuple[Opened, ...]:
        """All other evidence."""
        passed = {opened.id for opened in self.passed}
        return tuple(opened for opened in self.evidence if opened.id not in passed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One question of the sheet."""

    id: str
    number: int
    kind: Kind
    scored: ScoredQuestionJson
    dimensions: tuple[Dimension, ...]
    paper: Paper | None
    others: tuple[Paper, ...]
    words: tuple[Spoken, ...]
    word_notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The whole scorecard. `names` are the dimensions that occur, in order."""

    parts: tuple[Part, ...]
    names: tuple[str, ...] = field(default=())


def sheet_of(card: ScorecardJson) -> Sheet:
    """The sheet of a scorecard."""
    parts = tuple(_part(number, scored) for number, scored in enumerate(card["questions"], start=1))
    names = list(dict.fromkeys(dimension.name for part in parts for dimension in part.dimensions))
    return Sheet(parts=parts, names=tuple(names))


def _part(number: int, scored: ScoredQuestionJson) -> Part:
    id = f"q{number}"
    dimensions = tuple(_dimension(id, name, grade) for name, grade in scored["grades"].items())
    counting = next((attempt for attempt in scored["attempts"] if attempt["id"] == scored["counts"]), None)
    others = [attempt for attempt in scored["attempts"] if attempt is not counting]
    code = scored["kind"] != "concept"
    return Part(
        id=id,
        number=number,
        kind=scored["kind"],
        scored=scored,
        dimensions=dimensions,
        paper=_paper(id, counting, dimensions) if counting is not None and code else None,
        others=tuple(_paper(f"{id}-a{attempt['ordinal']}", attempt, ()) for attempt in others if code),
        words=() if code else tuple(_spoken(message, dimensions) for message in scored["messages"]),
        word_notes=() if code else _quote_notes(dimensions),
    )


def _dimension(part: str, name: str, grade: GradeJson) -> Dimension:
    id = f"{part}-{name}"
    value = grade["value"]
    return Dimension(
        id=id,
        name=name,
        grade=grade,
        shown="—" if value is None else f"{value:.2f}",
        percent=None if value is None else round(100 * value),
        short=_short(grade),
        evidence=tuple(_opened(part, f"{id}-{place}", entry) for place, entry in enumerate(grade["evidence"], start=1)),
    )


def _short(grade: GradeJson) -> str:
    """The line under a value: for a missing one whose matter it is, else the first reason."""
    if grade["value"] is None:
        if not grade["grader"]:  # no grader saw anything: the reason itself is short
            reason = (grade["unscored"] or "").rstrip(".")
            return reason[:1].lower() + reason[1:]
        return _UNSCORED[grade["whose"] or "nobody"]
    return grade["because"][0] if grade["because"] else ""


def _opened(part: str, id: str, entry: EvidenceJson) -> Opened:
    line = entry.get("line")
    if entry["kind"] == "quote" and entry.get("message") is not None:
        return Opened(id=id, evidence=entry, points_to=f"{id}-quote")
    return Opened(id=id, evidence=entry, points_to=f"{part}-l{line}" if line else "")


def _paper(prefix: str, attempt: AttemptJson, dimensions: tuple[Dimension, ...]) -> Paper:
    texts = attempt["code"].rstrip("\n").split("\n")
    notes = tuple(_line_notes(prefix, dimensions, len(texts)))
    hits = {note.ties for note in notes}
    lines = tuple(
        Line(id=f"{prefix}-l{number}", number=number, text=text, hit=f"{prefix}-l{number}" in hits)
        for number, text in enumerate(texts, start=1)
    )
    return Paper(attempt=attempt, lines=lines, notes=notes)


def _line_notes(prefix: str, dimensions: tuple[Dimension, ...], lines: int) -> list[Note]:
    """Notes that have a line, first to last, one for a dimension and line; after them why each grade is what it is."""
    tied: dict[tuple[int, str], list[Opened]] = {}
    loose = []
    for dimension in dimensions:
        if dimension.grade["value"] is not None:
            because = dimension.grade["because"]
            loose += [Note(label=dimension.name, says=says, ties="", opens=dimension.id) for says in because]
        for opened in dimension.evidence:
            line = opened.evidence.get("line")
            if line and line <= lines and opened.evidence["says"]:
                tied.setdefault((line, dimension.name), []).append(opened)
    return [_tied(prefix, line, name, found) for (line, name), found in sorted(tied.items())] + loose


def _tied(prefix: str, line: int, name: str, found: list[Opened]) -> Note:
    more = f" The same line stops {len(found) - 1} more." if len(found) > 1 else ""
    says = found[0].evidence["says"] + more
    return Note(label=f"{name} · line {line}", says=says, ties=f"{prefix}-l{line}", opens=found[0].id)


def _quotes(dimensions: tuple[Dimension, ...], seq: int) -> list[tuple[int, int, Opened]]:
    """The quotes from one message, by start, those that overlap an earlier one left out."""
    found = [
        (opened.evidence["start"], opened.evidence["end"], opened)
        for dimension in dimensions
        for opened in dimension.evidence
        if opened.evidence["kind"] == "quote" and opened.evidence.get("message") == seq
    ]
    kept: list[tuple[int, int, Opened]] = []
    for start, end, opened in sorted(found, key=lambda quote: quote[:2]):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end, opened))
    return kept


def _spoken(message: MessageJson, dimensions: tuple[Dimension, ...]) -> Spoken:
    text, at, pieces = message["text"], 0, []
    for start, end, opened in _quotes(dimensions, message["seq"]):
        if start > at:
            pieces.append(Piece(id="", text=text[at:start], verdict=""))
        pieces.append(Piece(id=opened.points_to, text=text[start:end], verdict=opened.evidence.get("verdict", "")))
        at = end
    if at < len(text):
        pieces.append(Piece(id="", text=text[at:], verdict=""))
    return Spoken(pieces=tuple(pieces))


def _quote_notes(dimensions: tuple[Dimension, ...]) -> tuple[Note, ...]:
    notes = []
    for dimension in dimensions:
        for opened in dimension.evidence:
            if opened.evidence["kind"] == "quote" and opened.points_to:
                verdict = _VERDICTS.get(opened.evidence.get("verdict", ""), "noted")
                says = opened.evidence["says"] or opened.evidence["title"]
                notes.append(
                    Note(label=f"{dimension.name} · {verdict}", says=says, ties=opened.points_to, opens=opened.id)
                )
    return tuple(notes)

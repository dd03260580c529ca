"""The scorecard as one sheet: code by lines, words in pieces, notes in the margin. Law: a note is tied to a line or a quote
only where evidence names it; nothing here judges, it only places."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from viva.core.values import Kind
from viva.interviews.views import (
    AttemptJson,
    EvidenceJson,
    GradeJson,
    ScorecardJson,
    ScoredQuestionJson,
)
from viva.web.words import SIGNS, Spoken, name_of, paragraphs, place_of

_UNSCORED = {
    "nobody": "recorded, not yet graded",
    "machine": "our fault, not yours",
    "unsure": "a person should look",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One note in the margin. `ties` is the id of the line or mark that it speaks of, empty where evidence names none;
    `opens` the id of its evidence, or of all evidence (`opens_all`)."""

    label: str
    says: str
    ties: str
    opens: str
    opens_all: bool = False


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
    def reasons(self) -> list[str]:
        """Why the grade is what it is; only the first sentence where the evidence tells every point."""
        quoted = any(opened.evidence["kind"] == "quote" for opened in self.evidence)
        return self.grade["because"][:1] if quoted else self.grade["because"]

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
        words=() if code else _words(id, scored, dimensions),
        word_notes=() if code else _word_notes(dimensions),
    )


def _words(part: str, scored: ScoredQuestionJson, dimensions: tuple[Dimension, ...]) -> tuple[Spoken, ...]:
    evidence = [opened.evidence for dimension in dimensions for opened in dimension.evidence]
    return tuple(spoken for message in scored["messages"] for spoken in paragraphs(part, message, evidence))


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
    return Opened(id=id, evidence=entry, points_to=f"{part}-l{line}" if line else place_of(part, entry))


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
            loose += [
                Note(label=dimension.name, says=says, ties="", opens=dimension.id, opens_all=True) for says in because
            ]
        for opened in dimension.evidence:
            line = opened.evidence.get("line")
            if line and line <= lines and opened.evidence["says"]:
                tied.setdefault((line, dimension.name), []).append(opened)
    return [_tied(prefix, line, name, found) for (line, name), found in sorted(tied.items())] + loose


def _tied(prefix: str, line: int, name: str, found: list[Opened]) -> Note:
    more = f" The same line stops {len(found) - 1} more." if len(found) > 1 else ""
    says = found[0].evidence["says"] + more
    return Note(label=f"{name} · line {line}", says=says, ties=f"{prefix}-l{line}", opens=found[0].id)


def _word_notes(dimensions: tuple[Dimension, ...]) -> tuple[Note, ...]:
    """A note for each quote, in the order of the words; after them what has none, and what is missing in one note."""
    quotes = [
        (dimension, opened)
        for dimension in dimensions
        for opened in dimension.evidence
        if opened.evidence["kind"] == "quote"
    ]
    every = [opened for _, opened in quotes]
    told = [opened for opened in every if opened.evidence["verdict"] != "missing" and not _corrected(opened, every)]
    told.sort(key=lambda opened: _place(opened.evidence))
    missing = [(dimension, opened) for dimension, opened in quotes if opened.evidence["verdict"] == "missing"]
    notes = [_word_note(opened) for opened in told]
    if missing:
        topics = "; ".join(opened.evidence["title"] for _, opened in missing)
        label = f"{SIGNS['missing']} {name_of(missing[0][1].evidence)}"
        notes.append(Note(label=label, says=f"{topics}.", ties="", opens=missing[0][0].id, opens_all=True))
    return tuple(notes)


def _place(entry: EvidenceJson) -> tuple[float, int, int]:
    """Where a quote stands; what has none comes last."""
    return (entry.get("message", math.inf), entry.get("start", 0), entry.get("end", 0))


def _corrected(opened: Opened, every: Sequence[Opened]) -> bool:
    """Whether a point is contradicted in words whose misconception has a note, with its correction, of its own."""
    entry = opened.evidence
    if entry["verdict"] != "wrong" or "weight" not in entry or not opened.points_to:
        return False
    held = [other.evidence for other in every if "weight" not in other.evidence and other.points_to]
    return any(
        one["message"] == entry["message"] and one["start"] < entry["end"] and entry["start"] < one["end"]
        for one in held
    )


def _word_note(opened: Opened) -> Note:
    entry = opened.evidence
    verdict = entry["verdict"]
    says = {"said": "", "unsure": "viva cannot tell. A person should look."}.get(verdict, entry["says"])
    title = entry["title"] if "weight" in entry else f"“{entry['title'].rstrip('.')}”"
    return Note(
        label=f"{SIGNS[verdict]} {name_of(entry)}",
        says=f"{title.rstrip('.')}: {says}" if says else f"{title.rstrip('.')}.",
        ties=opened.points_to,
        opens=opened.id,
    )

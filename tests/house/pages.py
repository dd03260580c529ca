"""The pages of the documentation, taken apart: headings, code blocks, links."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from tests.house.sources import ROOT

PAGES = (
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    *sorted(str(p.relative_to(ROOT)) for p in (ROOT / "docs").rglob("*.md")),
)
_FENCE = re.compile(r"^(`{3,})(\w*) ?(.*)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A fenced block: its page, its language, the word after that, its text."""

    page: str
    language: str
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading with everything below it up to the next heading of its level or above; `within` is the heading of the
    level above."""

    title: str
    level: int
    within: str
    text: str


@cache
def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def blocks(page: str) -> list[Block]:
    """The fenced blocks of a page."""
    found: list[Block] = []
    opening: re.Match[str] | None = None
    inside: list[str] = []
    for line in text_of(page).splitlines():
        fence = _FENCE.match(line)
        if opening is None and fence:
            opening, inside = fence, []
        elif opening is not None and line == opening[1]:
            text = "".join(f"{kept}\n" for kept in inside)
            found.append(Block(page=page, language=opening[2], title=opening[3], text=text))
            opening = None
        else:
            inside.append(line)
    assert opening is None, f"{page}: a block is not closed"
    return found


def prose(page: str) -> str:
    """A page with the text of its fenced blocks left out, every line in its place."""
    fence, kept = "", []
    for line in text_of(page).splitlines():
        found = _FENCE.match(line)
        if fence:
            fence = "" if line == fence else fence
            kept.append("")
        else:
            fence = found[1] if found else ""
            kept.append("" if found else line)
    return "\n".join(kept)


def sections(page: str) -> list[Section]:
    """Every heading of a page with what stands below it, code included."""
    return list(_sections(text_of(page).splitlines(), prose(page).splitlines()))


def _sections(lines: list[str], told: list[str]) -> Iterator[Section]:
    heads = [(at, len(mark[1]), mark[2]) for at, line in enumerate(told) if (mark := re.match(r"^(#+) (.*)$", line))]
    for place, (at, level, title) in enumerate(heads):
        end = next((other for other, depth, _ in heads[place + 1 :] if depth <= level), len(lines))
        above = [name for _, depth, name in heads[:place] if depth == level - 1]
        text = "\n".join(lines[at + 1 : end])
        yield Section(title=title, level=level, within=above[-1] if above else "", text=text)


def anchors(page: str) -> set[str]:
    """What links may name after `#`, by GitHub's rule."""
    return {re.sub(r"[^\w\- ]", "", section.title.lower()).replace(" ", "-") for section in sections(page)}

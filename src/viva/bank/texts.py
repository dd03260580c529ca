"""Text files of a question: decoding, hints, the worked example. Law: bytes that are no text are named by line."""

import re
from dataclasses import dataclass

from viva.bank.limits import TEXT_BYTES
from viva.bank.problems import Problems

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_HINT = re.compile(r"## Hint ([1-9])\s*")
_TITLE = re.compile(r"# [^#].*")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
HINTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A fenced block of Markdown: its info text, its content, and the line (from 1) of its first content line."""

    info: str
    content: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """The worked example of a statement; `prints` is what it must print, None where the statement does not say."""

    code: str
    line: int
    prints: str | None


def decoded(path: str, raw: bytes, problems: Problems) -> str | None:
    """The text of a UTF-8 file with plain line ends, or None (noted) where it is no text."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        problems.add(path, "is not UTF-8", line=line, mend="Save the file in UTF-8.")
        return None
    control = _CONTROL.search(text)
    if control is not None:
        line = text.count("\n", 0, control.start()) + 1
        problems.add(path, f"has the control character {control[0]!r}", line=line, mend="Remove that character.")
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def markdown(path: str, raw: bytes, problems: Problems) -> str:
    """The text of a Markdown file with something in it; empty (noted) otherwise."""
    if len(raw) > TEXT_BYTES:
        says = f"has {len(raw)} bytes; a Markdown file may have {TEXT_BYTES}"
        problems.add(path, says, mend="Shorten it: people read this in an interview.")
        return ""
    text = decoded(path, raw, problems)
    if text is not None and not text.strip():
        problems.add(path, "is empty", mend="Write it; docs/authors.md says what it is for.")
    return text or ""


def hints_of(path: str, text: str, problems: Problems) -> tuple[str, ...]:
    """The three hints of `hints.md`, each under `## Hint N`; what is not so is noted."""
    hints: list[list[str]] = []
    fence = ""
    for number, line in enumerate(text.split("\n"), start=1):
        heading = _HINT.fullmatch(line) if not fence else None
        fence = _fence_after(line, fence)
        if heading is not None:
            if int(heading[1]) != len(hints) + 1:
                mend = f"Write `## Hint {len(hints) + 1}` here."
                problems.add(path, "the hints are not in order", line=number, key=line.strip(), mend=mend)
            hints.append([])
        elif hints:
            hints[-1].append(line)
        elif line.strip() and not _TITLE.fullmatch(line):
            problems.add(path, "has text before the first hint", line=number, mend="Put it under `## Hint 1`.")
            break
    if len(hints) != HINTS:
        mend = "Write three, each dearer than the one before, under `## Hint 1`, `## Hint 2`, `## Hint 3`."
        problems.add(path, f"has {len(hints)} hints; a question has exactly {HINTS}", mend=mend, key="## Hint")
    told = tuple("\n".join(lines).strip() for lines in hints)
    for index, hint in enumerate(told, start=1):
        if not hint:
            problems.add(path, "says nothing", mend="Write the hint under its heading.", key=f"## Hint {index}")
    return told


def blocks_of(text: str) -> tuple[Block, ...]:
    """The fenced blocks of a Markdown text, in order; one that is never closed ends with the text."""
    blocks: list[Block] = []
    fence, info, first = "", "", 0
    content: list[str] = []
    for number, line in enumerate(text.split("\n"), start=1):
        before, fence = fence, _fence_after(line, fence)
        if before and not fence:
            blocks.append(Block(info=info, content="\n".join(content), line=first))
        elif before:
            content.append(line)
        elif fence:
            match = _FENCE.fullmatch(line)
            info, first, content = match[2].strip() if match else "", number + 1, []
    if fence:
        blocks.append(Block(info=info, content="\n".join(content), line=first))
    return tuple(blocks)


def example_of(statement: str) -> Example | None:
    """The statement's block ```` ```python example ````, with the ```` ```text ```` block right after it, if any."""
    blocks = blocks_of(statement)
    for index, block in enumerate(blocks):
        if block.info == "python example":
            following = blocks[index + 1] if index + 1 < len(blocks) else None
            prints = following.content if following is not None and following.info == "text" else None
            return Example(code=block.content, line=block.line, prints=prints)
    return None


def _fence_after(line: str, fence: str) -> str:
    """The fence that is open after `line`, if `fence` (empty for none) was open before it."""
    match = _FENCE.fullmatch(line)
    if match is None:
        return fence
    if not fence:
        return "" if match[1][0] == "`" and "`" in match[2] else match[1]
    closes = match[1][0] == fence[0] and len(match[1]) >= len(fence) and not match[2].strip()
    return "" if closes else fence

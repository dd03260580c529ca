"""Which files a question's folder may have. Law: a path that is not listed here is an error, never ignored."""

import difflib
import re
from collections.abc import Mapping

from viva.bank.limits import DEPTH, FILE_BYTES, FILES, FOLDER_BYTES, PATH_CHARACTERS
from viva.bank.problems import Problems
from viva.core.values import FRAMEWORKS

_NAME = r"[A-Za-z0-9_][A-Za-z0-9._-]*"
_PART = re.compile(_NAME)
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SINGLE = (
    "question.toml",
    "statement.md",
    "simple.md",
    "checks.py",
    "given.py",
    "hints.md",
    "rubric.toml",
    "follow_ups.toml",
    "notes.md",
    "measure.py",
    "assistant.toml",
    "mutants.toml",
)
_PER_FRAMEWORK = tuple(f"{framework}/{name}.py" for framework in FRAMEWORKS for name in ("starter", "solution"))
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"attempts/(right|wrong|hostile)_{_NAME}\.py",
        rf"answers/(strong|partial|wrong|attack)_{_NAME}\.md",
        rf"sessions/(good|careless|hostile)_{_NAME}\.jsonl",
        rf"(data|hidden)/({_NAME}/)*{_NAME}",
    )
)
_EXPECTED = (
    "a folder holds question.toml, statement.md, simple.md, hints.md, notes.md, checks.py, given.py, rubric.toml, "
    "follow_ups.toml, measure.py, assistant.toml, mutants.toml, FRAMEWORK/starter.py, FRAMEWORK/solution.py, "
    "attempts/{right,wrong,hostile}_*.py, answers/{strong,partial,wrong,attack}_*.md, "
    "sessions/{good,careless,hostile}_*.jsonl, data/ and hidden/"
)


def is_id(text: str) -> bool:
    """Whether `text` is kebab-case (`causal-mask`) of at most 64 characters."""
    return len(text) <= 64 and _ID.fullmatch(text) is not None


def is_safe_path(path: str) -> bool:
    """Whether `path` is relative, plain ASCII, not deep, and stays inside its folder on every system."""
    parts = path.split("/")
    if len(path) > PATH_CHARACTERS or len(parts) > DEPTH:
        return False
    return all(_PART.fullmatch(part) is not None for part in parts)


def is_known_path(path: str) -> bool:
    """Whether a question's folder may hold a file of this path."""
    return path in _SINGLE or path in _PER_FRAMEWORK or any(p.fullmatch(path) is not None for p in _PATTERNS)


def judged_files(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files that judging an attempt needs; solutions, worked attempts and all that is for people stay behind."""
    return {
        path: content
        for path, content in files.items()
        if path in ("checks.py", "given.py", "measure.py") or path.startswith(("data/", "hidden/"))
    }


def check_sizes(files: Mapping[str, bytes], problems: Problems) -> None:
    """Note every limit of `limits` that `files` breaks, and every path that could leave its folder."""
    if len(files) > FILES:
        problems.add("", f"has {len(files)} files; at most {FILES} are read", mend="Merge small data files into one.")
        return
    total = sum(map(len, files.values()))
    if total > FOLDER_BYTES:
        problems.add("", f"has {total} bytes; at most {FOLDER_BYTES} are read", mend="Make the data smaller.")
    for path, content in files.items():
        if not is_safe_path(path):
            mend = f"Use letters, digits, `.`, `_`, `-` and at most {DEPTH} levels; no `..`, no leading `.` or `/`."
            problems.add("", f"has a file with the path {path[:80]!r}, which is refused", mend=mend)
        elif any(f"{path}/" == other[: len(path) + 1] for other in files):
            problems.add(path, "is a file and a folder at once", mend="Rename one of them.")
        elif len(content) > FILE_BYTES:
            says = f"has {len(content)} bytes; a file may have {FILE_BYTES}"
            problems.add(path, says, mend="Make it smaller or split it.")


def check_names(files: Mapping[str, bytes], problems: Problems) -> None:
    """Note every safe path that no question's folder may hold."""
    for path in files:
        if is_safe_path(path) and not is_known_path(path):
            near = difflib.get_close_matches(path, (*_SINGLE, *_PER_FRAMEWORK), n=1, cutoff=0.75)
            mend = f"Did you mean {near[0]}?" if near else f"Remove or rename it: {_EXPECTED}."
            problems.add(path, "is not a file that a question has", mend=mend)

"""TOML with places. Law: what is wrong is named with its line and key, an unknown key is wrong, and no hostile file
costs more than a moment: size, nesting and dotted keys are bounded before or right after parsing.
"""

import datetime
import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from viva.bank.limits import TOML_BYTES, TOML_DEPTH
from viva.bank.problems import Problems
from viva.bank.texts import decoded

_HEADER = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_-]+)[^\]]*\]\]?\s*(#.*)?")
_KEY = re.compile(r"\s*([A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')\s*=")
_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)")
# tomllib needs cubic time for a key of many dotted parts; no honest key has five.
_LONG_DOTTED = re.compile(r"(?<![A-Za-z0-9_-])(?:(?:[A-Za-z0-9_-]++|\"[^\"\n]*+\"|'[^'\n]*+')[ \t]*+\.[ \t]*+){16}")

Where = tuple[str | int, ...]


class Lines:
    """Finds the line of a key by a small scan of headers and `key =`; the line of the nearest outer key otherwise."""

    def __init__(self, text: str) -> None:
        self._lines: dict[Where, int] = {}
        table: Where = ()
        counts: dict[str, int] = {}
        fence = ""
        for number, line in enumerate(text.split("\n"), start=1):
            if not fence:
                table = self._note(line, number, table, counts)
            fence = _fence_after(line, fence)

    def _note(self, line: str, number: int, table: Where, counts: dict[str, int]) -> Where:
        header = _HEADER.fullmatch(line)
        if header is not None:
            name = header[2]
            if header[1] == "[[":
                counts[name] = counts.get(name, -1) + 1
                table = (name, counts[name])
                self._lines.setdefault((name,), number)
            else:
                table = (name,)
            self._lines[table] = number
        else:
            key = _KEY.match(line)
            if key is not None:
                self._lines.setdefault((*table, key[1].strip("\"'")), number)
        return table

    def of(self, where: Where) -> int | None:
        """The line (from 1) where `where` stands, or its nearest outer key; None for the file itself."""
        while where and where not in self._lines:
            where = where[:-1]
        return self._lines.get(where)


def _fence_after(line: str, fence: str) -> str:
    """Which multi-line quotes are open after `line`, if `fence` was open before it."""
    for found in re.findall(r"\"\"\"|'''", line):
        if not fence:
            fence = found
        elif fence == found:
            fence = ""
    return fence


class Table:
    """One table of a TOML file being read. Each reader notes what is wrong and answers a harmless value; `done` notes
    the keys that nobody asked for.
    """

    def __init__(self, path: str, where: Where, data: Mapping[str, Any], lines: Lines, problems: Problems) -> None:
        self.path = path
        self._where = where
        self._data = data
        self._lines = lines
        self._problems = problems
        self._asked: set[str] = set()

    def wrong(self, key: str, says: str, mend: str) -> None:
        """Note that the value of `key` is wrong."""
        line = self._lines.of((*self._where, key))
        named = ".".join(str(part) for part in (*self._where, key) if isinstance(part, str))
        self._problems.add(self.path, says, mend=mend, line=line, key=named)

    def has(self, key: str) -> bool:
        """Whether the table has `key`; asking makes it a known one."""
        self._asked.add(key)
        return key in self._data

    def _get(self, key: str, required: bool, example: str) -> Any:
        if self.has(key):
            return self._data[key]
        if required:
            self.wrong(key, "is missing", f"Add `{example}`.")
        return None

    def text(self, key: str, *, example: str, required: bool = True) -> str:
        """A text with something in it; empty where it is missing or wrong."""
        value = self._get(key, required, example)
        if value is None or (isinstance(value, str) and value.strip() and "\0" not in value):
            return value or ""
        self.wrong(key, f"must be a text with something in it, not {_shown(value)}", f"Write for example `{example}`.")
        return ""

    def number(self, key: str, *, example: str, most: float, default: float | None = None) -> float:
        """A finite number above 0 and at most `most`; required where there is no default."""
        value = self._get(key, default is None, example)
        if value is None:
            return 1.0 if default is None else default
        if type(value) in (int, float) and 0 < value <= most:
            return float(value)
        says = f"must be a number above 0 and at most {most:g}, not {_shown(value)}"
        self.wrong(key, says, f"Write for example `{example}`.")
        return 1.0 if default is None else default

    def whole(self, key: str, *, example: str, least: int, most: int, default: int | None = None) -> int:
        """A whole number from `least` to `most`; required where there is no default."""
        value = self._get(key, default is None, example)
        if value is None:
            return least if default is None else default
        if type(value) is int and least <= value <= most:
            return value
        says = f"must be a whole number from {least} to {most}, not {_shown(value)}"
        self.wrong(key, says, f"Write for example `{example}`.")
        return least if default is None else default

    def flag(self, key: str, *, default: bool) -> bool:
        """`true` or `false`."""
        value = self._get(key, False, "")
        if value is None or isinstance(value, bool):
            return default if value is None else value
        self.wrong(key, f"must be true or false, not {_shown(value)}", f"Write `{key} = {str(default).lower()}`.")
        return default

    def date(self, key: str, *, example: str) -> str:
        """A date, with or without quotes, as ISO text."""
        value = self._get(key, True, example)
        if value is None:
            return ""
        try:
            return (value if type(value) is datetime.date else datetime.date.fromisoformat(value)).isoformat()
        except (TypeError, ValueError):
            self.wrong(key, f"must be a date, not {_shown(value)}", f"Write for example `{example}`.")
            return ""

    def texts(self, key: str, *, example: str, required: bool = True) -> tuple[str, ...]:
        """A list of different texts, each with something in it; where required, at least one."""
        value = self._get(key, required, example)
        if value is None:
            return ()
        mend = f"Write for example `{example}`."
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            self.wrong(key, f"must be a list of texts, not {_shown(value)}", mend)
            return ()
        if required and not value:
            self.wrong(key, "must not be empty", mend)
        if len(set(value)) != len(value):
            self.wrong(key, "says something twice", "Remove the second one.")
        return tuple(dict.fromkeys(value))

    def choice(self, key: str, among: tuple[str, ...], *, example: str) -> str:
        """One text of `among`; the first where it is missing or wrong."""
        value = self._get(key, True, example)
        if value is not None and value not in among:
            says = f"must be one of {', '.join(among)}, not {_shown(value)}"
            self.wrong(key, says, f"Write for example `{example}`.")
        return value if isinstance(value, str) and value in among else among[0]

    def table(self, key: str) -> "Table | None":
        """The table under `key`, or None."""
        value = self._get(key, False, "")
        if value is None or isinstance(value, dict):
            return None if value is None else Table(self.path, (*self._where, key), value, self._lines, self._problems)
        self.wrong(key, f"must be a table, not {_shown(value)}", f"Write a line `[{key}]` and its keys below it.")
        return None

    def tables(self, key: str, *, inline: bool = False) -> Iterator["Table"]:
        """The tables of the array `[[key]]`, in order."""
        value = self._get(key, False, "")
        if value is None:
            return
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            mend = f"Write `{key} = [{{ … }}]`." if inline else f"Write a line `[[{key}]]` and its keys below it."
            self.wrong(key, f"must be a list of tables, not {_shown(value)}", mend)
            return
        for index, item in enumerate(value):
            yield Table(self.path, (*self._where, key, index), item, self._lines, self._problems)

    def done(self) -> None:
        """Note every key that nobody asked for."""
        for key in self._data:
            if key not in self._asked:
                near = difflib.get_close_matches(key, self._asked, n=1)
                known = ", ".join(sorted(self._asked))
                mend = f"Did you mean `{near[0]}`?" if near else f"Remove it; known are {known}."
                self.wrong(key, "is not a known key", mend)


def read_toml(path: str, raw: bytes, problems: Problems) -> Table | None:
    """The outermost table of a TOML file, or None (noted) where it cannot be read."""
    if len(raw) > TOML_BYTES:
        says = f"has {len(raw)} bytes; a TOML file may have {TOML_BYTES}"
        problems.add(path, says, mend="Move long texts into Markdown files.")
        return None
    text = decoded(path, raw, problems)
    if text is None:
        return None
    return parse_toml(path, text, problems, first_line=1)


def parse_toml(path: str, text: str, problems: Problems, *, first_line: int) -> Table | None:
    """The outermost table of TOML that begins at line `first_line` of `path`, or None (noted)."""
    long = _LONG_DOTTED.search(text)
    if long is not None:
        line = text.count("\n", 0, long.start()) + first_line
        problems.add(path, "has a key of too many dotted parts", line=line, mend="Write plain keys.")
        return None
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        at = _AT_LINE.search(str(error))
        line_of = int(at[1]) + first_line - 1 if at else None
        nested = isinstance(error, RecursionError)
        says = "is nested too deep" if nested else f"is not TOML: {_AT_LINE.sub('', str(error)).strip()[:200]}"
        mend = "Write plain tables." if nested else "Mend it there; texts need quotes, several lines need three quotes."
        problems.add(path, says, line=line_of, mend=mend)
        return None
    if _deeper(data, TOML_DEPTH):
        problems.add(path, "is nested too deep", mend="Write plain tables.")
        return None
    return Table(path, (), data, Lines("\n" * (first_line - 1) + text), problems)


def _deeper(value: object, than: int) -> bool:
    """Whether `value` nests deeper than `than` levels."""
    inner: list[object] = []
    if isinstance(value, dict):
        inner = list(value.values())
    elif isinstance(value, list):
        inner = value
    else:
        return False
    return than == 0 or any(_deeper(item, than - 1) for item in inner)


def _shown(value: object) -> str:
    """A value as an author wrote it, cut short."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    try:
        shown = repr(value)
    except ValueError:  # Python refuses to write out integers of more than 4300 digits
        return "a number of thousands of digits"
    return shown if len(shown) <= 60 else shown[:59] + "…"

"""Worked attempts: their first comment lines say what must hold when they are judged. Law: nothing here runs or parses
code; only the leading comment lines are read.
"""

import difflib
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from viva.bank.paths import is_id
from viva.bank.problems import Problems
from viva.bank.texts import decoded
from viva.core.evidence import Ended
from viva.core.values import Fault, Framework

Sort = Literal["right", "wrong", "hostile"]
_WORDS = ("framework", "expect", "fault")
_LINE = re.compile(r"#\s*([A-Za-z-]+):(.*)")
_STRAY = re.compile(r"#\s*(framework|expect|fault):")
_FACT = re.compile(r"(correctness|ended|fails)\s*(==|>=|<=|<|>)\s*(.+)")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    "==": operator.eq,
    ">=": operator.ge,
    "<=": operator.le,
    "<": operator.lt,
    ">": operator.gt,
}
_OBSERVABLE = tuple(str(ended) for ended in Ended if ended is not Ended.MACHINE_FAILED)
_FORMS = "`correctness == 1`, `correctness < 0.9`, `ended == crashed`, `fails == name, name` or `fails >= name`"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that must hold of an attempt's run. `number` (0..1) is for `correctness`, `ended` and `checks` for theirs."""

    about: Literal["correctness", "ended", "fails"]
    relation: str
    text: str
    line: int
    number: float = 0.0
    ended: str = ""
    checks: frozenset[str] = frozenset()

    def holds(self, correctness: float, ended: str, failing: frozenset[str]) -> bool:
        """Whether a run with this correctness (0..1), ending and set of failing checks has this fact."""
        match self.about:
            case "correctness":
                return _COMPARE[self.relation](round(correctness, 9), self.number)
            case "ended":
                return ended == self.ended
            case "fails":
                return failing == self.checks if self.relation == "==" else failing >= self.checks


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkedAttempt:
    """An attempt of the bank with what must hold of it; `fault` is None except for a wrong one."""

    path: str
    sort: Sort
    framework: Framework
    code: str
    facts: tuple[Fact, ...]
    fault: Fault | None


def read_attempts(
    files: Mapping[str, bytes], frameworks: tuple[Framework, ...], problems: Problems
) -> tuple[WorkedAttempt, ...]:
    """The worked attempts of a folder, sorted by path; those that cannot be read are noted and left out."""
    read = (_attempt(path, files[path], frameworks, problems) for path in sorted(files) if path.startswith("attempts/"))
    attempts = tuple(attempt for attempt in read if attempt is not None)
    _note_clashes(attempts, problems)
    return attempts


def faults_of(attempts: tuple[WorkedAttempt, ...]) -> tuple[Fault, ...]:
    """The known faults, each (id, failing checks) once, in order of the attempts."""
    return tuple(dict.fromkeys(attempt.fault for attempt in attempts if attempt.fault is not None))


def _note_clashes(attempts: tuple[WorkedAttempt, ...], problems: Problems) -> None:
    """Note faults that share an id but not their words."""
    said: dict[str, str] = {}
    for attempt in attempts:
        if attempt.fault is not None and said.setdefault(attempt.fault.id, attempt.fault.says) != attempt.fault.says:
            says = f"the fault {attempt.fault.id!r} has other words in another attempt"
            problems.add(attempt.path, says, key="fault", mend="Give it another id or the same words.")


def _attempt(path: str, raw: bytes, frameworks: tuple[Framework, ...], problems: Problems) -> WorkedAttempt | None:
    code = decoded(path, raw, problems)
    sort = next((sort for sort in get_args(Sort) if path.startswith(f"attempts/{sort}_")), None)
    if code is None or sort is None:
        return None
    head = _Head(path, code, problems)
    framework = head.framework(frameworks)
    facts = head.facts()
    fault = head.fault(sort, facts)
    if framework is None or (sort == "wrong" and fault is None):
        return None
    return WorkedAttempt(path=path, sort=sort, framework=framework, code=code, facts=facts, fault=fault)


class _Head:
    """The leading comment lines of one attempt: `(word, value, line)` for each that is `# word: value`."""

    def __init__(self, path: str, code: str, problems: Problems) -> None:
        self._path = path
        self._problems = problems
        self._lines: list[tuple[str, str, int]] = []
        inside = True
        for number, line in enumerate(code.split("\n"), start=1):
            inside = inside and line.startswith("#")
            if inside:
                self._read(line, number)
            elif stray := _STRAY.match(line):
                says = "stands below the first comment lines"
                self._wrong(number, stray[1], says, "Move it to the first lines of the file.")

    def _read(self, line: str, number: int) -> None:
        match = _LINE.fullmatch(line)
        if match is None:
            return
        if match[1] in _WORDS:
            self._lines.append((match[1], match[2].strip(), number))
        elif near := difflib.get_close_matches(match[1].lower(), _WORDS, n=1, cutoff=0.75):
            self._wrong(number, match[1], "is not a known key", f"Did you mean `# {near[0]}:`?")

    def _wrong(self, line: int | None, key: str, says: str, mend: str) -> None:
        self._problems.add(self._path, says, line=line, key=key, mend=mend)

    def _all(self, word: str) -> list[tuple[str, int]]:
        return [(value, line) for known, value, line in self._lines if known == word]

    def framework(self, offered: tuple[Framework, ...]) -> Framework | None:
        """The one framework that the attempt is written for."""
        found = self._all("framework")
        example = offered[0] if offered else "numpy"
        if len(found) != 1:
            says = "is missing" if not found else "is said more than once"
            self._wrong(found[1][1] if found else None, "framework", says, f"Write one line `# framework: {example}`.")
            return None
        value, line = found[0]
        framework = next((name for name in offered if name == value), None)
        if framework is None:
            says = f"{value[:40]!r} is not among the question's frameworks ({', '.join(offered) or 'none'})"
            self._wrong(line, "framework", says, "Name one of them or add it to question.toml.")
        return framework

    def facts(self) -> tuple[Fact, ...]:
        """What must hold; at least one."""
        found = self._all("expect")
        if not found:
            self._wrong(None, "expect", "is missing", f"Add a line `# expect:` with {_FORMS}.")
        return tuple(fact for value, line in found if (fact := self._fact(value, line)) is not None)

    def _fact(self, text: str, line: int) -> Fact | None:
        fact = parse_fact(text, line)
        if isinstance(fact, str):
            self._wrong(line, "expect", f"{text[:60]!r} {fact}", f"Write {_FORMS}.")
            return None
        return fact

    def fault(self, sort: Sort, facts: tuple[Fact, ...]) -> Fault | None:
        """The fault of a wrong attempt, with the checks that it fails; None for others."""
        found = self._all("fault")
        if sort != "wrong":
            if found:
                self._wrong(found[0][1], "fault", f"is only for wrong attempts, not {sort} ones", "Remove the line.")
            return None
        if len(found) != 1:
            says = "is missing" if not found else "is said more than once"
            mend = "Write one line, for example `# fault: missing-scale: the scores were not divided by sqrt(d)`."
            self._wrong(found[1][1] if found else None, "fault", says, mend)
            return None
        exact = [fact for fact in facts if fact.about == "fails" and fact.relation == "=="]
        if len(exact) != 1:
            says = "a wrong attempt needs exactly one `fails == …`"
            self._wrong(None, "expect", says, "Name exactly the checks that it fails: `# expect: fails == name, name`.")
        return self._named(*found[0], exact[0].checks if exact else frozenset())

    def _named(self, value: str, line: int, checks: frozenset[str]) -> Fault | None:
        id, _, says = (part.strip() for part in value.partition(":"))
        if not is_id(id) or not says:
            mend = 'Write a kebab-case id, a colon and words that read after "as if".'
            self._wrong(line, "fault", f"{value[:60]!r} is not `id: sentence`", mend)
            return None
        return Fault(id=id, says=says.rstrip("."), checks=checks)


def parse_fact(text: str, line: int) -> Fact | str:
    """The fact that `text` states, or what is wrong with it, in words."""
    match = _FACT.fullmatch(text.strip())
    if match is None:
        return "is not a fact"
    about, relation, value = match[1], match[2], match[3].strip()
    if about == "correctness":
        return _correctness_fact(text, line, relation, value)
    if about == "ended":
        if relation != "==" or value not in _OBSERVABLE:
            return f"must be `ended ==` and one of {', '.join(_OBSERVABLE)}"
        return Fact(about="ended", relation="==", text=text, line=line, ended=value)
    names = [name.strip() for name in value.split(",")]
    if relation not in ("==", ">=") or not all(_NAME.fullmatch(name) for name in names):
        return "must be `fails ==` or `fails >=` and names of checks with commas between"
    return Fact(about="fails", relation=relation, text=text, line=line, checks=frozenset(names))


def _correctness_fact(text: str, line: int, relation: str, value: str) -> Fact | str:
    if re.fullmatch(r"[01]|[01]?\.\d{1,9}", value) is None or float(value) > 1:
        return "must compare correctness with a number from 0 to 1"
    return Fact(about="correctness", relation=relation, text=text, line=line, number=float(value))

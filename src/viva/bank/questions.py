"""A question from the files of its folder. Law: loading is a pure function of id and files; it runs nothing, imports
nothing, and either answers a whole question or says everything that is wrong.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast, get_args

from viva.bank.attempts import WorkedAttempt, faults_of, read_attempts
from viva.bank.equivalents import Equivalent, read_equivalents
from viva.bank.packs import pack_digest
from viva.bank.paths import check_names, check_sizes, is_id
from viva.bank.problems import Problems
from viva.bank.rubrics import WorkedAnswer, read_answers, read_follow_ups, read_rubric
from viva.bank.texts import decoded, hints_of, markdown
from viva.bank.toml import Table, read_toml
from viva.core.errors import AuthorError
from viva.core.values import CODE_KINDS, FRAMEWORKS, KINDS, Budget, Framework, Kind, Question, Rubric

_WORDS = ("statement.md", "simple.md", "hints.md", "notes.md")
_ONLY_FOR: Mapping[str, frozenset[Kind]] = {
    "checks.py": CODE_KINDS,
    "given.py": CODE_KINDS,
    "mutants.toml": CODE_KINDS,
    "measure.py": frozenset({"task", "generative"}),
    "assistant.toml": frozenset({"together"}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeQuestion:
    """A question with the worked attempts and answers that only authors see."""

    question: Question
    attempts: tuple[WorkedAttempt, ...]
    answers: tuple[WorkedAnswer, ...]
    equivalents: tuple[Equivalent, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    """What question.toml says."""

    title: str
    kind: Kind
    level: int
    minutes: float
    topics: tuple[str, ...]
    roles: tuple[str, ...]
    open: bool
    reviewed: str
    sources: tuple[str, ...]
    frameworks: tuple[Framework, ...]
    forbid: tuple[str, ...]
    from_scratch: tuple[str, ...]
    budget: Budget


def load_question(id: str, files: Mapping[str, bytes]) -> Question:
    """The question that `files` (path in its folder -> content) describe.

    Raises:
        AuthorError: something is not as it must be; the first problem, and how many others there are.
    """
    return load_whole(id, files).question


def load_whole(id: str, files: Mapping[str, bytes]) -> WholeQuestion:
    """The question with its worked attempts and answers.

    Raises:
        AuthorError: as `load_question`.
    """
    problems = Problems(id[:80])
    whole = _read(id, files, problems)
    problems.raise_first()
    if whole is None:
        raise AssertionError("a question that was not read has problems")
    return whole


def problems_of(id: str, files: Mapping[str, bytes]) -> tuple[AuthorError, ...]:
    """Everything for which `load_question` refuses these files; empty where it loads."""
    problems = Problems(id[:80])
    _read(id, files, problems)
    return problems.found()


def _read(id: str, files: Mapping[str, bytes], problems: Problems) -> WholeQuestion | None:
    if not is_id(id):
        mend = "Name the folder in small letters and digits with `-` between words, at most 64 characters."
        problems.add("", f"the id {id[:80]!r} is not kebab-case", mend=mend)
    check_sizes(files, problems)
    if problems.found():
        return None
    check_names(files, problems)
    sheet = _sheet(files, problems)
    if sheet is None:
        return None
    _check_presence(files, sheet, problems)
    attempts = read_attempts(files, sheet.frameworks, problems)
    question = _question(id, files, sheet, attempts, problems)
    _check_code(files, sheet, problems)
    answers = read_answers(files, question.rubric, problems)
    equivalents = read_equivalents(files, sheet.frameworks, problems)
    return WholeQuestion(question=question, attempts=attempts, answers=answers, equivalents=equivalents)


def _question(
    id: str,
    files: Mapping[str, bytes],
    sheet: _Sheet,
    attempts: tuple[WorkedAttempt, ...],
    problems: Problems,
) -> Question:
    """The question's texts and its rubric put beside what question.toml says."""
    texts = {path: markdown(path, files[path], problems) if path in files else "" for path in _WORDS}
    hints = hints_of("hints.md", texts["hints.md"], problems) if texts["hints.md"] else ()
    rubric = read_rubric("rubric.toml", files["rubric.toml"], problems) if "rubric.toml" in files else Rubric()
    follow_ups = files.get("follow_ups.toml")
    return Question(
        id=id,
        digest=pack_digest(files),
        title=sheet.title,
        kind=sheet.kind,
        level=sheet.level,
        minutes=sheet.minutes,
        topics=sheet.topics,
        roles=sheet.roles,
        open=sheet.open,
        reviewed=sheet.reviewed,
        sources=sheet.sources,
        frameworks=sheet.frameworks,
        starters=tuple((name, _code(files, f"{name}/starter.py", problems)) for name in sheet.frameworks),
        statement=texts["statement.md"],
        simple=texts["simple.md"],
        hints=hints,
        given=_code(files, "given.py", problems),
        notes=texts["notes.md"],
        forbid=sheet.forbid,
        from_scratch=sheet.from_scratch,
        budget=sheet.budget,
        rubric=rubric,
        follow_ups=() if follow_ups is None else read_follow_ups("follow_ups.toml", follow_ups, problems),
        faults=faults_of(attempts),
    )


def _sheet(files: Mapping[str, bytes], problems: Problems) -> _Sheet | None:
    path = "question.toml"
    if path not in files:
        problems.add(path, "is missing", mend="Write it; docs/authors.md shows one.")
        return None
    table = read_toml(path, files[path], problems)
    if table is None:
        return None
    table.whole("schema", example="schema = 1", least=1, most=1)
    kind = cast(Kind, table.choice("kind", KINDS, example='kind = "coding"'))
    sheet = _Sheet(
        title=_title(table),
        kind=kind,
        level=table.whole("level", example="level = 2", least=1, most=5),
        minutes=table.number("minutes", example="minutes = 12", most=480),
        topics=table.texts("topics", example='topics = ["attention"]'),
        roles=table.texts("roles", example='roles = ["llm-engineer"]'),
        open=table.flag("open", default=False),
        reviewed=table.date("reviewed", example="reviewed = 2026-11-25"),
        sources=table.texts("sources", example='sources = ["https://arxiv.org/abs/1706.03762"]'),
        frameworks=_frameworks(table, kind),
        forbid=table.texts("forbid", example='forbid = ["torch.nn.functional.softmax"]', required=False),
        from_scratch=table.texts("from_scratch", example='from_scratch = ["torch.nn.LayerNorm"]', required=False),
        budget=_budget(table),
    )
    if kind not in CODE_KINDS:
        for key in ("frameworks", "forbid", "from_scratch", "budget"):
            if table.has(key):
                table.wrong(key, f"has no meaning for the kind {kind}", "Remove it.")
    table.done()
    return sheet


def _title(table: Table) -> str:
    title = table.text("title", example='title = "Scaled dot-product attention"')
    if "\n" in title or len(title) > 120:
        table.wrong("title", "must be one line of at most 120 characters", "Shorten it.")
    return title


def _frameworks(table: Table, kind: Kind) -> tuple[Framework, ...]:
    if kind not in CODE_KINDS:
        return ()
    named = table.texts("frameworks", example='frameworks = ["numpy"]')
    for name in named:
        if name not in FRAMEWORKS:
            table.wrong("frameworks", f"{name[:40]!r} is not a framework", f"Known are {', '.join(FRAMEWORKS)}.")
    return tuple(framework for name in named for framework in FRAMEWORKS if framework == name)


def _budget(table: Table) -> Budget:
    inner = table.table("budget")
    if inner is None:
        return Budget()
    usual = Budget()
    cpu = inner.number("cpu_seconds", example="cpu_seconds = 10", most=600, default=usual.cpu_seconds)
    wall_usual = max(usual.wall_seconds, 2 * cpu)
    wall = inner.number("wall_seconds", example="wall_seconds = 20", most=1200, default=wall_usual)
    memory = inner.whole("memory_mib", example="memory_mib = 512", least=16, most=16384, default=usual.memory_mib)
    if wall < cpu:
        inner.wrong("wall_seconds", f"is less than cpu_seconds ({cpu:g})", "Give at least as much by the clock.")
    inner.done()
    return Budget(cpu_seconds=cpu, wall_seconds=wall, memory_mib=memory)


def _check_presence(files: Mapping[str, bytes], sheet: _Sheet, problems: Problems) -> None:
    """Note files that this kind of question lacks, and those that it has no use for."""
    code = [f"{name}/{part}.py" for name in sheet.frameworks for part in ("starter", "solution")]
    needed = [*_WORDS, *code, "checks.py" if sheet.kind in CODE_KINDS else "rubric.toml"]
    if sheet.kind in ("task", "generative"):
        needed.append("measure.py")
    for path in needed:
        if path not in files:
            problems.add(path, "is missing", mend="Write it; docs/authors.md says what it is for.")
    for path in files:
        folder = path.partition("/")[0]
        if sheet.kind not in _ONLY_FOR.get(path, frozenset(KINDS)):
            problems.add(path, f"has no meaning for the kind {sheet.kind}", mend="Remove it.")
        elif folder in get_args(Framework) and folder not in sheet.frameworks:
            mend = f'Add "{folder}" to `frameworks` in question.toml, or remove the file.'
            problems.add(path, f"{folder} is not among the question's frameworks", mend=mend)
        elif folder == "attempts" and sheet.kind not in CODE_KINDS:
            problems.add(path, "a concept has worked answers, not attempts", mend="Move it to answers/ as Markdown.")
        elif folder == "sessions" and sheet.kind != "together":
            problems.add(path, f"has no meaning for the kind {sheet.kind}", mend="Remove it.")


def _check_code(files: Mapping[str, bytes], sheet: _Sheet, problems: Problems) -> None:
    """Note code files (besides starters and given.py, read already) that are no text or are empty."""
    for path in ("checks.py", "measure.py", *(f"{name}/solution.py" for name in sheet.frameworks)):
        if path in files:
            _code(files, path, problems)


def _code(files: Mapping[str, bytes], path: str, problems: Problems) -> str:
    """The text of a code file; empty where it is missing."""
    if path not in files:
        return ""
    text = decoded(path, files[path], problems)
    if text is not None and not text.strip():
        problems.add(path, "is empty", mend="Write it; docs/authors.md says what it is for.")
    return text or ""

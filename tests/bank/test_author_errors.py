"""Everything that an author can get wrong, and what they are told: the file, the line, the key and the mend."""

from dataclasses import dataclass

import pytest

from tests.bank.folder import answer, attempt, coding, concept
from viva.bank import load_question, problems_of
from viva.core.errors import AuthorError

FAULT = "fault: difference: the arrays were subtracted"


@dataclass(frozen=True)
class Case:
    """One mistake in one file: `old` replaced by `new` (or the file set to `new`, or removed where both are None)."""

    path: str
    old: str | None
    new: str | None
    says: str
    line: int | None
    key: str
    mend: str
    kind: str = "coding"

    def files(self) -> dict[str, bytes]:
        files = coding() if self.kind == "coding" else concept()
        if self.new is None:
            del files[self.path]
        elif self.old is None:
            files[self.path] = self.new.encode("utf-8", "surrogateescape")
        else:
            text = files[self.path].decode()
            assert text.count(self.old) == 1, self.old
            files[self.path] = text.replace(self.old, self.new).encode()
        return files


Q = "question.toml"
R = "rubric.toml"
A = "attempts/wrong_difference.py"
W = "answers/wrong_joins.md"

SHEET = [
    Case(Q, 'title = "Add two arrays"', "", "is missing", None, "title", 'Add `title = "Scaled'),
    Case(Q, "level = 1", "levl = 1", "is not a known key", 4, "levl", "Did you mean `level`?"),
    Case(Q, "level = 1", "level = 1\nzzz = 1", "is not a known key", 5, "zzz", "Remove it; known are budget"),
    Case(Q, "level = 1", "level = 9", "from 1 to 5, not 9", 4, "level", "`level = 2`"),
    Case(Q, "level = 1", "level = true", "not true", 4, "level", "`level = 2`"),
    Case(Q, "level = 1", "level = 1.0", "not 1.0", 4, "level", "`level = 2`"),
    Case(Q, "schema = 1", "schema = 2", "from 1 to 1, not 2", 1, "schema", "`schema = 1`"),
    Case(Q, "minutes = 5", "minutes = 0", "above 0", 5, "minutes", "`minutes = 12`"),
    Case(Q, "minutes = 5", "minutes = nan", "above 0", 5, "minutes", "`minutes = 12`"),
    Case(Q, "minutes = 5", 'minutes = "5"', "not '5'", 5, "minutes", "`minutes = 12`"),
    Case(Q, 'kind = "coding"', 'kind = "quiz"', "must be one of coding", 3, "kind", '`kind = "coding"`'),
    Case(Q, '"Add two arrays"', '"  "', "a text with something in it", 2, "title", "Write for example"),
    Case(Q, '"Add two arrays"', f'"{"x" * 121}"', "at most 120", 2, "title", "Shorten it."),
    Case(Q, '["arrays"]', "[]", "must not be empty", 6, "topics", "Write for example"),
    Case(Q, '["arrays"]', '"arrays"', "must be a list of texts", 6, "topics", "Write for example"),
    Case(Q, '["arrays"]', '["a", "a"]', "something twice", 6, "topics", "Remove the second"),
    Case(Q, '["llm-engineer"]', "[1]", "must be a list of texts", 7, "roles", "Write for example"),
    Case(
        Q,
        'frameworks = ["numpy"]',
        'frameworks = ["numpy", "theano"]',
        "'theano' is not a framework",
        8,
        "frameworks",
        "numpy, torch, tensorflow, jax",
    ),
    Case(Q, "open = true", 'open = "yes"', "must be true or false", 9, "open", "`open = false`"),
    Case(Q, "2026-11-25", '"soon"', "must be a date", 10, "reviewed", "`reviewed = 2026"),
    Case(Q, "2026-11-25", "7", "must be a date", 10, "reviewed", "`reviewed = 2026"),
    Case(Q, '["https://example.org/adding"]', "[]", "must not be empty", 11, "sources", "Write for example"),
    Case(Q, "cpu_seconds = 2", "cpu_seconds = -1", "above 0", 16, "budget.cpu_seconds", "`cpu_seconds = 10`"),
    Case(Q, "memory_mib = 128", "memory_mib = 3", "from 16", 17, "budget.memory_mib", "`memory_mib = 512`"),
    Case(
        Q,
        "wall_seconds = 4",
        "wall_seconds = 1",
        "less than cpu_seconds",
        18,
        "budget.wall_seconds",
        "at least as much",
    ),
    Case(Q, "wall_seconds = 4", "wall_second = 4", "is not a known key", 18, "budget.wall_second", "`wall_seconds`?"),
    Case(Q, "[budget]", "[[budget]]", "must be a table", 15, "budget", "Write a line `[budget]`"),
    Case(Q, "level = 1", "level = ", "is not TOML", 4, "", "Mend it there"),
    Case(Q, "level = 1", "level = 1\nlevel = 2", "is not TOML: Cannot overwrite", 5, "", "Mend it there"),
    Case(Q, None, None, "is missing", None, "", "docs/authors.md"),
    Case(Q, None, "a = " + "[" * 5000, "nested too deep", None, "", "plain tables"),
    Case(Q, None, "a = [[[[[[[[1]]]]]]]]", "nested too deep", None, "", "plain tables"),
    Case(Q, None, "x = 1\n" + "a." * 2000 + "b = 1", "too many dotted parts", 2, "", "plain keys"),
    Case(Q, None, "# " + "x" * 70_000, "a TOML file may have", None, "", "Move long texts"),
    Case(Q, "level = 1", "level = 0x" + "f" * 9000, "thousands of digits", 4, "level", "`level = 2`"),
    Case(Q, "level = 1", "level = " + "9" * 9000, "is not TOML", None, "", "Mend it there"),
    Case(Q, "minutes = 5", "minutes = 0x" + "f" * 9000, "above 0", 5, "minutes", "`minutes = 12`"),
    Case(
        Q,
        'kind = "concept"',
        'kind = "concept"\nframeworks = ["numpy"]',
        "no meaning for the kind concept",
        4,
        "frameworks",
        "Remove it.",
        kind="concept",
    ),
]

FILES = [
    Case("statement.md", None, None, "is missing", None, "", "docs/authors.md"),
    Case("simple.md", None, None, "is missing", None, "", "docs/authors.md"),
    Case("notes.md", None, None, "is missing", None, "", "docs/authors.md"),
    Case("hints.md", None, None, "is missing", None, "", "docs/authors.md"),
    Case("checks.py", None, None, "is missing", None, "", "docs/authors.md"),
    Case("numpy/starter.py", None, None, "is missing", None, "", "docs/authors.md"),
    Case("numpy/solution.py", None, None, "is missing", None, "", "docs/authors.md"),
    Case(R, None, None, "is missing", None, "", "docs/authors.md", kind="concept"),
    Case("statement.md", None, " \n", "is empty", None, "", "Write it"),
    Case("checks.py", None, "", "is empty", None, "", "Write it"),
    Case("statement.md", None, "x" * 70_000, "a Markdown file may have", None, "", "Shorten it"),
    Case("notes.md", None, "fine\n\udcff", "is not UTF-8", 2, "", "Save the file in UTF-8."),
    Case("numpy/solution.py", None, "a = 1\n\0", "control character '\\x00'", 2, "", "Remove that character."),
    Case("statment.md", None, "x", "is not a file that a question has", None, "", "Did you mean statement.md?"),
    Case("attempts/maybe_x.py", None, "x", "is not a file that a question has", None, "", "Remove or rename it"),
    Case("torch/starter.py", None, "x = 1", "torch is not among", None, "", 'Add "torch" to `frameworks`'),
    Case("measure.py", None, "x = 1", "no meaning for the kind coding", None, "", "Remove it."),
    Case("assistant.toml", None, "x = 1", "no meaning for the kind coding", None, "", "Remove it."),
    Case("sessions/good_a.jsonl", None, "{}", "no meaning for the kind coding", None, "", "Remove it."),
    Case("checks.py", None, "x = 1", "no meaning for the kind concept", None, "", "Remove it.", kind="concept"),
    Case(
        "attempts/right_a.py",
        None,
        "# framework: numpy\n# expect: correctness == 1",
        "worked answers, not attempts",
        None,
        "",
        "Move it to answers/",
        kind="concept",
    ),
]

HINTS = [
    Case("hints.md", "## Hint 3\nWrite a + b.\n", "", "has 2 hints", None, "## Hint", "Write three"),
    Case(
        "hints.md",
        "Write a + b.\n",
        "Write a + b.\n\n## Hint 4\nMore.\n",
        "has 4 hints",
        None,
        "## Hint",
        "Write three",
    ),
    Case("hints.md", "## Hint 2", "## Hint 3", "not in order", 6, "## Hint 3", "Write `## Hint 2` here."),
    Case("hints.md", "Look at plus.\n", "\n", "says nothing", None, "## Hint 1", "under its heading"),
    Case("hints.md", "# Hints\n", "Some hints:\n", "text before the first hint", 1, "", "Put it under"),
]

WORDS = [
    Case(R, "weight = 2", "weight = 0", "above 0", 6, "point.weight", "`weight = 2`", kind="concept"),
    Case(R, "weight = 2", "weight = inf", "at most 100", 6, "point.weight", "`weight = 2`", kind="concept"),
    Case(R, 'id = "plus"', 'id = "Plus one"', "not kebab-case", 2, "point.id", "small letters", kind="concept"),
    Case(R, 'id = "joins"', 'id = "plus"', "is taken", 12, "misconception.id", "an id of its own", kind="concept"),
    Case(R, "costs = 0.5", "costs = 2", "at most 1", 15, "misconception.costs", "`costs = 0.5`", kind="concept"),
    Case(R, 'topic = "what is added to what"', "", "is missing", 1, "point.topic", "Add `topic", kind="concept"),
    Case(R, "probe =", "prob =", "is not a known key", 8, "point.prob", "Did you mean `probe`?", kind="concept"),
    Case(
        R,
        "https://example.org/arrays",
        "javascript:x",
        "is not an address",
        9,
        "point.read.url",
        "Begin it with",
        kind="concept",
    ),
    Case(R, None, "", "has 0 points", None, "point", "Add tables `[[point]]`.", kind="concept"),
    Case(R, None, "point = 3", "must be a list of tables", 1, "point", "Write a line `[[point]]`", kind="concept"),
    Case("follow_ups.toml", "asks =", "ask =", "is not a known key", 3, "follow_up.ask", "Did you mean `asks`?"),
    Case(
        W, '["joins"]', '["join"]', "'join' is not in rubric.toml", 2, "wrong", "Known are joins, plus.", kind="concept"
    ),
    Case(W, 'fault = "joins instead of adding"\n', "", "is missing", None, "fault", "Add `fault", kind="concept"),
    Case(W, "wrong =", "wrng =", "is not a known key", 2, "wrng", "Did you mean `wrong`?", kind="concept"),
    Case(W, "It joins them.", "", "says nothing", None, "", "Write the answer", kind="concept"),
    Case(W, None, "It joins them.", "no front matter", 1, "", "Begin with `---`", kind="concept"),
    Case(W, None, "---\nsaid = [\n---\nx", "is not TOML", None, "", "Mend it there", kind="concept"),
]


def _wrong(*lines: str) -> str:
    return attempt("return a - b", *lines).decode()


ATTEMPTS = [
    Case(A, "# framework: numpy\n", "", "is missing", None, "framework", "`# framework: numpy`"),
    Case(
        A,
        "# framework: numpy\n",
        "# framework: numpy\n# framework: numpy\n",
        "more than once",
        2,
        "framework",
        "Write one line",
    ),
    Case(A, "framework: numpy", "framework: torch", "'torch' is not among", 1, "framework", "add it to question.toml"),
    Case(A, None, _wrong(FAULT), "is missing", None, "expect", "Add a line `# expect:`"),
    Case(A, None, _wrong("expect: fails == vectors"), "is missing", None, "fault", "Write one line, for example"),
    Case(A, None, _wrong("expect: correctness < 1", FAULT), "exactly one `fails == …`", None, "expect", "Name exactly"),
    Case(
        A, None, _wrong("expect: fails >= vectors", FAULT), "exactly one `fails == …`", None, "expect", "Name exactly"
    ),
    Case(
        A,
        None,
        _wrong("expect: fails == vectors", "fault: Not Kebab: x"),
        "not `id: sentence`",
        3,
        "fault",
        "kebab-case id",
    ),
    Case(
        A,
        None,
        _wrong("expect: fails == vectors", "fault: only-an-id"),
        "not `id: sentence`",
        3,
        "fault",
        "kebab-case id",
    ),
    Case(
        A,
        None,
        _wrong("expect: fails == vectors", FAULT, "expect: correctness == 2"),
        "a number from 0 to 1",
        4,
        "expect",
        "correctness == 1",
    ),
    Case(
        A,
        None,
        _wrong("expect: fails == vectors", FAULT, "expect: ended == tired"),
        "must be `ended ==`",
        4,
        "expect",
        "ended == crashed",
    ),
    Case(
        A,
        None,
        _wrong("expect: fails == vectors", FAULT, "expect: ended == machine_failed"),
        "must be `ended ==`",
        4,
        "expect",
        "ended == crashed",
    ),
    Case(A, None, _wrong("expect: fails == a b"), "names of checks", 2, "expect", "fails == name"),
    Case(
        A,
        None,
        _wrong("expect: it works", "expect: fails == vectors", FAULT),
        "is not a fact",
        2,
        "expect",
        "correctness < 0.9",
    ),
    Case(A, None, _wrong("exepct: correctness == 1"), "is not a known key", 2, "exepct", "Did you mean `# expect:`?"),
    Case(
        A,
        "import numpy",
        "import os\n# expect: ended == crashed\nimport numpy",
        "below the first comment",
        5,
        "expect",
        "Move it",
    ),
    Case(
        "attempts/right_plus.py",
        "# expect: correctness == 1\n",
        "# expect: correctness == 1\n# fault: a: b\n",
        "only for wrong attempts",
        3,
        "fault",
        "Remove the line.",
    ),
    Case(
        "attempts/wrong_nothing.py",
        "fault: zeros:",
        "fault: difference:",
        "has other words",
        None,
        "fault",
        "another id or the same words",
    ),
]


@pytest.mark.parametrize(
    "case", [*SHEET, *FILES, *HINTS, *WORDS, *ATTEMPTS], ids=lambda case: f"{case.path}-{case.says}"
)
def test_an_author_is_told_file_line_key_and_mend(case: Case) -> None:
    found = problems_of("add-arrays", case.files())
    fitting = [error for error in found if case.says in error.says]
    assert fitting, [error.says for error in found]
    error = fitting[0]
    assert error.path == f"add-arrays/{case.path}"
    assert error.line == case.line
    assert error.key == case.key
    assert case.mend in error.mend
    assert error.says.startswith(error.path)
    if case.line is not None:
        assert f"line {case.line}" in error.says


@pytest.mark.parametrize("make", [coding, concept])
def test_a_finished_question_has_no_problem(make: object) -> None:
    files = coding() if make is coding else concept()
    assert problems_of("add-arrays", files) == ()


def test_all_problems_are_told_together_and_the_first_says_how_many_others_there_are() -> None:
    files = coding()
    files["question.toml"] = (
        files["question.toml"].replace(b"level = 1", b"level = 7").replace(b"minutes = 5", b"minute = 5")
    )
    del files["simple.md"]
    found = problems_of("add-arrays", files)
    assert {(error.path, error.key) for error in found} == {
        ("add-arrays/question.toml", "level"),
        ("add-arrays/question.toml", "minutes"),
        ("add-arrays/question.toml", "minute"),
        ("add-arrays/simple.md", ""),
    }
    with pytest.raises(AuthorError, match=r"3 more: `viva bank check add-arrays`"):
        load_question("add-arrays", files)


def test_a_thousand_mistakes_end_in_a_hundred_sentences() -> None:
    files = coding()
    files["question.toml"] += "".join(f"key{n} = 1\n" for n in range(1000)).encode()
    assert len(problems_of("add-arrays", files)) == 100


@pytest.mark.parametrize("id", ["Add", "add_arrays", "-add", "add--b", "", "../add", "a" * 65, "ädd", "a\n"])
def test_an_id_is_kebab_case(id: str) -> None:
    with pytest.raises(AuthorError, match="not kebab-case"):
        load_question(id, coding())


def test_the_line_of_a_key_is_found_below_multi_line_texts_and_in_the_right_table() -> None:
    files = concept()
    files["rubric.toml"] = (
        b'[[point]]\nid = "a"\nsays = """\nweight = 1\n[[point]]\n"""\nweight = 1\ntopic = "x"\n'
        b'[[point]]\nid = "b"\nsays = "x"\nweight = -1\ntopic = "y"\n'
    )
    (error,) = [error for error in problems_of("add-arrays", files) if "above 0" in error.says]
    assert error.line == 12


def test_an_answer_needs_no_more_than_its_front_matter_says() -> None:
    files = concept()
    files["answers/partial_one.md"] = answer("Some text --- with dashes.", 'fault = "half"')
    assert problems_of("sum", files) == ()

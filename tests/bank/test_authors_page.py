"""docs/authors.md is complete and true: each file and key has a heading, and every example loads."""

import re
from pathlib import Path

import pytest

from viva.bank import load_question, load_track, problems_of, problems_of_track
from viva.bank.paths import is_known_path
from viva.bank.texts import blocks_of, example_of

PAGE = (Path(__file__).parents[2] / "docs" / "authors.md").read_text("utf-8")
HEADED = [
    line for line in re.sub(r"^(`{3,}).*?^\1$", "", PAGE, flags=re.DOTALL | re.MULTILINE).split("\n") if line[:1] == "#"
]
HEADINGS = {line.lstrip("# ") for line in HEADED}


def _examples() -> dict[str, bytes]:
    """Files by path, from the blocks whose info text ends with a path."""
    named = [(block.info.partition(" ")[2], block.content) for block in blocks_of(PAGE)]
    return {path: (content + "\n").encode() for path, content in named if "." in path}


def page_question() -> dict[str, bytes]:
    return {path: content for path, content in _examples().items() if not path.startswith("tracks/")}


def _concept() -> dict[str, bytes]:
    files = {path: content for path, content in page_question().items() if path.endswith((".md", "rubric.toml"))}
    sheet = page_question()["question.toml"].decode().partition("forbid")[0].replace('"coding"', '"concept"')
    files["question.toml"] = sheet.replace('frameworks = ["numpy"]\n', "").encode()
    return files


def test_the_question_of_the_page_loads_with_its_example_attempts_and_faults() -> None:
    files = {path: content for path, content in page_question().items() if not path.startswith("answers/")}
    question = load_question("relu", files)
    assert example_of(question.statement) is not None
    assert [fault.id for fault in question.faults] == ["in-place"]
    assert len(question.hints) == 3


def test_the_rubric_and_the_answer_of_the_page_load() -> None:
    assert problems_of("relu", _concept()) == ()


def test_the_track_of_the_page_loads() -> None:
    assert len(load_track("first-steps", _examples()["tracks/first-steps.toml"].decode()).steps) == 2


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("question.toml", "schema", "zzz = 1\nschema"),
        ("question.toml", "[budget]", "[budget]\nzzz = 1"),
        ("mutants.toml", "[[equivalent]]", "zzz = 1\n[[equivalent]]"),
        ("mutants.toml", "[[equivalent]]", "[[equivalent]]\nzzz = 1"),
        ("follow_ups.toml", "[[follow_up]]", "zzz = 1\n[[follow_up]]"),
        ("follow_ups.toml", "[[follow_up]]", "[[follow_up]]\nzzz = 1"),
        ("rubric.toml", "[[point]]", "zzz = 1\n[[point]]"),
        ("rubric.toml", "[[point]]", "[[point]]\nzzz = 1"),
        ("rubric.toml", "[[misconception]]", "[[misconception]]\nzzz = 1"),
        ("rubric.toml", "{ title", "{ zzz = 1, title"),
        ("answers/wrong_sigmoid.md", "partly", "zzz = 1\npartly"),
    ],
)
def test_every_key_that_loading_knows_has_a_heading(path: str, old: str, new: str) -> None:
    files = _concept() if path.startswith("answers/") else page_question()
    files[path] = files[path].replace(old.encode(), new.encode(), 1)
    mends = [error.mend for error in problems_of("relu", files) if error.key.endswith("zzz")]
    (known,) = [re.findall(r"known are (.*)\.$", mend)[0].split(", ") for mend in mends]
    assert set(known) <= HEADINGS


@pytest.mark.parametrize("old", ["title", "[[step]]"])
def test_every_key_of_a_track_has_a_heading(old: str) -> None:
    text = _examples()["tracks/first-steps.toml"].decode()
    new = "[[step]]\nzzz = 1" if old == "[[step]]" else "zzz = 1\ntitle"
    (mend,) = [error.mend for error in problems_of_track("t", text.replace(old, new, 1)) if error.key.endswith("zzz")]
    assert set(re.findall(r"known are (.*)\.$", mend)[0].split(", ")) <= HEADINGS


def test_every_file_that_a_question_may_have_has_a_heading_and_the_other_way_round() -> None:
    headings = {line[3:] for line in HEADED if line.startswith("## ")} - {"The bank's folder"}
    samples = {
        "FRAMEWORK/starter.py": "numpy/starter.py",
        "FRAMEWORK/solution.py": "jax/solution.py",
        "attempts/": "attempts/wrong_a.py",
        "answers/": "answers/strong_a.md",
        "sessions/": "sessions/good_a.jsonl",
        "data/": "data/a.csv",
        "hidden/": "hidden/a.csv",
    }
    assert all(is_known_path(samples.get(heading, heading)) for heading in headings)
    mend = next(e.mend for e in problems_of("relu", {**page_question(), "zzz": b""}) if e.path == "relu/zzz")
    told = re.findall(r"[a-z_]+\.(?:toml|md|py)\b|FRAMEWORK/\w+\.py|\b(?:attempts|answers|sessions|data|hidden)/", mend)
    assert len(told) == 19
    assert {name for name in told if name not in ("starter.py", "solution.py")} <= headings

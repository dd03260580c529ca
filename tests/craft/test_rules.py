"""Each rule fires on five bad examples that were written before it, and on nothing that only looks like them."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.craft.examples import BY_ID, HERE, PAGES, files, found_in, right_attempts
from viva.craft.inside.inspect import inspect
from viva.craft.inside.linting import LINTED
from viva.craft.inside.rules import RULES

BAD = [pytest.param(rule, path, id=f"{rule}-{path.stem}") for rule in BY_ID for path in files("bad", rule)]
GOOD = [pytest.param(rule, path, id=f"{rule}-{path.stem}") for rule in BY_ID for path in files("good", rule)]


@pytest.mark.parametrize(("rule", "path"), BAD)
def test_a_rule_fires_on_its_bad_example_with_a_line_and_a_mend(rule: str, path: Path) -> None:
    source = path.read_text()
    found = found_in(source, [rule])
    assert found, f"{rule} does not fire on {path}"
    for one in found:
        assert 1 <= one.line <= len(source.splitlines())
        assert one.says.endswith(BY_ID[rule].mend)


@pytest.mark.parametrize(("rule", "path"), GOOD)
def test_a_rule_is_silent_where_code_only_looks_like_its_bad_examples(rule: str, path: Path) -> None:
    assert not found_in(path.read_text(), [rule])


@pytest.mark.parametrize("rule", BY_ID)
def test_a_rule_has_five_bad_examples_and_two_good_ones(rule: str) -> None:
    assert len(files("bad", rule)) >= 5
    assert len(files("good", rule)) >= 2


def test_every_example_belongs_to_a_rule() -> None:
    assert {path.name for kind in ("bad", "good") for path in (HERE / kind).iterdir()} == set(BY_ID)


@pytest.mark.parametrize("path", right_attempts(), ids=lambda path: "/".join(path.parts[-3:]))
def test_nothing_graver_than_a_note_is_said_of_a_right_attempt(path: Path) -> None:
    sheet = tomllib.loads((path.parents[1] / "question.toml").read_text())
    excluded, discouraged = tuple(sheet.get("forbid", ())), tuple(sheet.get("from_scratch", ()))
    found = inspect(path.read_text(), discouraged, forbid=excluded)
    assert not [one for one in found if one.severity != "note"]


def test_ids_are_unique_and_in_order_and_every_rule_speaks_in_sentences() -> None:
    assert [rule.id for rule in RULES] == [f"V{n:03}" for n in range(1, len(RULES) + 1)]
    for rule in RULES:
        assert rule.mend.endswith(".") and rule.mend[0].isupper(), rule.id


@pytest.mark.parametrize("rule", BY_ID)
def test_a_rules_page_states_it_and_its_examples_are_what_it_says(rule: str) -> None:
    page = (PAGES / f"{rule}.md").read_text()
    assert page.startswith(f"# {rule}: {BY_ID[rule].title}\n")
    assert f"Severity: {BY_ID[rule].severity}" in page
    assert BY_ID[rule].mend in " ".join(page.split())
    for heading in ("## Why", "## Bad", "## Good", "## Source"):
        assert heading in page
    assert "https://" in page.partition("## Source")[2]
    bad, good = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert found_in(bad, [rule])
    assert not found_in(good, [rule])


def test_there_is_a_page_for_every_rule_and_none_besides() -> None:
    assert {path.stem for path in PAGES.glob("V*.md")} == {"V000", *BY_ID}


def test_the_page_on_ruff_lists_what_is_asked_of_it() -> None:
    rows = re.findall(r"^\| \[(\w+)\]\(\S+\) \| (\w+) \| (.+) \|$", (PAGES / "ruff.md").read_text(), re.MULTILINE)
    assert {code: (severity, mend) for code, severity, mend in rows} == LINTED


def test_the_index_of_the_rules_has_each_with_its_severity_and_title() -> None:
    index = (PAGES / "README.md").read_text().partition("## The rules")[2]
    rows = re.findall(r"^\| \[(V\d+)\]\(\1\.md\) \| (\w+) \| (.+) \|$", index, re.MULTILINE)
    assert rows == [(rule.id, rule.severity, rule.title) for rule in RULES]


def test_a_ready_made_method_can_be_named_too() -> None:
    source = (HERE / "good" / "V030" / "method_of_another_name.py").read_text()
    (found,) = inspect(source, (".softmax",), [BY_ID["V030"]])
    assert (found.rule, found.line, found.severity) == ("V030", 5, "fault")

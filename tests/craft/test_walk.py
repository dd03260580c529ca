"""From a submitted attempt to the scorecard: what craft's rules say arrives with its line, its mend and its cost."""

import asyncio
from dataclasses import replace
from pathlib import Path

from tests.core.records import question
from tests.interviews.house import house
from viva.core.evidence import Findings, NotObserved
from viva.core.requests import InspectCode
from viva.core.values import Dimension, Score, Unscored
from viva.craft import CodeReader, CraftInspector
from viva.interviews.plugs import PlugTable
from viva.interviews.scorecard import scorecard
from viva.interviews.views import GradeJson
from viva.ports import Material

CODE = "def double(x, seen=[]):\n    seen.append(x)\n    return 2 * x\n"


def _walk(tmp_path: Path, code: str, reader: CodeReader) -> tuple[GradeJson, Score | Unscored]:
    async def story() -> tuple[GradeJson, Score | Unscored]:
        async with house(tmp_path / "bank") as h, reader:
            assert isinstance(h.driver._plugs, PlugTable)
            h.driver._plugs = replace(h.driver._plugs, inspect_code=CraftInspector(reader))
            token = await h.agreed(question="double")
            digest = await h.submit(token, code)
            await h.press(token, "finish")
            live = await h.settled(token)
            (shown,) = scorecard(token, live, {}, h.clock.now())["questions"]
            return shown["grades"]["craft"], live.state.grades[digest, Dimension.CRAFT]

    return asyncio.run(story())


def test_a_finding_reaches_the_scorecard_with_its_line_and_mend(tmp_path: Path) -> None:
    shown, grade = _walk(tmp_path, CODE, CodeReader())
    assert isinstance(grade, Score)
    assert shown["value"] == grade.value == 0.85
    (entry,) = shown["evidence"]
    assert (entry["kind"], entry["title"], entry["line"]) == ("finding", "V019", 1)
    assert "None as the default" in entry["says"]
    assert shown["because"][0].startswith("Line 1 (warning, V019):")


def test_clean_code_has_evidence_too(tmp_path: Path) -> None:
    shown, _ = _walk(tmp_path, "def double(x):\n    return 2 * x\n", CodeReader())
    assert shown["value"] == 1.0
    assert [entry["says"] for entry in shown["evidence"]] == ["No rule of craft found anything to mend."]


def test_code_that_does_not_parse_has_no_craft_and_says_the_line(tmp_path: Path) -> None:
    shown, _ = _walk(tmp_path, "def double(x):\n    return 2 *\n", CodeReader())
    assert shown["value"] is None
    assert (shown["whose"], shown["evidence"][0]["line"]) == ("nobody", 2)
    assert shown["unscored"] is not None
    assert "does not parse" in shown["unscored"] and "correctness" in shown["unscored"]


def test_a_reader_that_fails_is_our_fault_and_costs_nothing(tmp_path: Path) -> None:
    shown, grade = _walk(tmp_path, CODE, CodeReader(ruff=tmp_path / "nowhere"))
    assert isinstance(grade, Unscored)
    assert (shown["value"], shown["whose"]) == (None, "machine")


def test_a_part_that_the_question_wants_built_is_found_and_another_questions_is_not() -> None:
    async def story() -> None:
        code = "import torch.nn.functional as F\n\n\ndef double(q):\n    return F.softmax(q, dim=-1)\n"
        async with CodeReader() as reader:
            for wanted, rules in ((("torch.nn.functional.softmax",), ["V030"]), ((), [])):
                asked = replace(question(), from_scratch=wanted)
                material = Material(question=asked, files={}, framework="torch", content=code)
                request = InspectCode(question=asked.digest, of="sha256:0")
                found = await CraftInspector(reader)(request, material)
                assert not isinstance(found, NotObserved)
                assert found == Findings(findings=found.findings)
                assert [one.rule for one in found.findings] == rules
                assert all(one.line == 5 for one in found.findings)

    asyncio.run(story())

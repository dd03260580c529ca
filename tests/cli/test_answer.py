"""`viva answer` and `viva grade-answers` with the model that ships: what they print, keep and refuse."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.model import needs_model
from tests.interviews.house import write_bank
from viva.cli import main

TEXT = "It means that a number is added to itself. Café \ud83d is nice."
GERMAN = "Man verdoppelt eine Zahl, indem man sie mit sich selbst addiert, und das ist nicht schwer für die meisten."


def ask(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    code = main([str(word) for word in words])
    shown = capsys.readouterr()
    return code, shown.out, shown.err


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    folder = tmp_path / "bank"
    folder.mkdir()
    return write_bank(folder)


def answered(capsys: pytest.CaptureFixture[str], bank: Path, text: str, *options: str) -> tuple[int, str, str]:
    file = bank / "answer.md"
    file.write_bytes(text.encode("utf-8", "replace"))
    return ask(capsys, "answer", "why-double", file, "--bank", bank, *options)


# ---- viva answer -----------------------------------------------------------------------------------------------------


@needs_model
def test_json_has_every_field_of_the_contract_and_a_quote_that_is_a_place_in_the_text(
    bank: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = answered(capsys, bank, TEXT, "--json")
    told = json.loads(out)
    assert (code, err, told["schema"], told["question"]) == (0, "", 1, "why-double")
    assert {"value", "unscored", "points", "because", "next", "misconceptions", "model"} <= set(told)
    (point,) = told["points"]
    assert set(point) == {"id", "verdict", "probability", "quote"} and point["id"] == "two"
    assert point["verdict"] in {"said", "partly", "missing", "wrong", "unsure"} and 0 <= point["probability"] <= 1
    assert point["quote"] is None or 0 <= point["quote"][0] < point["quote"][1] <= len(TEXT)
    assert (told["value"] is None) is (told["unscored"] is not None)
    assert told["because"] and told["model"]


@needs_model
def test_the_same_answer_gives_the_same_bits(bank: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = (answered(capsys, bank, TEXT, "--json") for _ in range(2))
    assert first == second


@needs_model
def test_an_answer_can_come_from_standard_input(
    bank: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"a number and itself")))
    code, out, _ = ask(capsys, "answer", "why-double", "-", "--bank", bank)
    assert code == 0 and out.startswith("-: ")


@needs_model
@pytest.mark.parametrize("text", ["", "x", "\n\n", "no " * 30_000, "\x1b[31m" + TEXT, "```python\nx + x\n```"])
def test_any_text_is_graded_and_no_control_character_reaches_the_terminal(
    bank: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    code, out, err = answered(capsys, bank, text)
    assert (code, err) == (0, "")
    assert "\x1b" not in out and out.count("\n") >= 1


@needs_model
def test_what_is_mostly_not_in_english_is_not_graded_and_says_so(
    bank: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told: dict[str, Any] = json.loads(answered(capsys, bank, GERMAN, "--json")[1])
    assert (
        told["value"] is None and "not in English" in told["unscored"] and "A person should look." in told["unscored"]
    )
    assert (told["points"], told["because"], told["next"]) == ([], [], "")
    code, out, _ = answered(capsys, bank, GERMAN)
    assert code == 0 and ": unscored. It is mostly not in English" in out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["double", "answer.md"], "'double' is answered in code."),
        (["why-double", "nowhere.md"], "cannot be read: No such file"),
        (["nothing", "answer.md"], "'nothing'"),
        (["why-double", "bytes.md"], "is no UTF-8 text (byte 1)"),
        (["why-double", "large.md"], "an answer has at most 1,048,576"),
    ],
)
def test_wrong_use_is_told_with_its_mend(
    bank: Path, capsys: pytest.CaptureFixture[str], words: list[str], says: str
) -> None:
    (bank / "answer.md").write_text(TEXT.replace("\ud83d", ""))
    (bank / "bytes.md").write_bytes(b"a\xff")
    (bank / "large.md").write_bytes(b"a" * ((1 << 20) + 1))
    code, out, err = ask(capsys, "answer", words[0], bank / words[1], "--bank", bank)
    assert (code, out) == (2, "")
    assert says in err and err.count("\n") == 2


# ---- viva grade-answers ----------------------------------------------------------------------------------------------

ROW = {"id": 1, "question": "What is doubling?", "reference": "Adding a number to itself.", "answer": "x plus x"}
MANY = {"id": "two", "question": "What?", "references": ["Adding it to itself.", "Times two."], "answer": "Times two."}


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def written(path: Path, *lines: object) -> Path:
    path.write_text("".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines))
    return path


@needs_model
def test_every_row_is_graded_once_and_what_is_there_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given, out = written(tmp_path / "in.jsonl", ROW, MANY), tmp_path / "out.jsonl"
    code, said, err = ask(capsys, "grade-answers", given, out)
    assert (code, said, err) == (0, "", "2 answers graded now, 0 before.\n")
    first, second = rows(out)
    assert [first["id"], second["id"]] == [1, "two"]
    for row in (first, second):
        assert row["schema"] == 1 and 0 <= row["probability"] <= 1 and row["leans"] in ("correct", "incorrect")
        assert (row["value"], row["unscored"] is None) in ((1.0, True), (0.0, True), (None, False))
        assert row["verdict"] == {1.0: "correct", 0.0: "incorrect", None: "unsure"}[row["value"]]
    before = out.read_bytes()
    assert ask(capsys, "grade-answers", given, out) == (0, "", "0 answers graded now, 2 before.\n")
    assert out.read_bytes() == before


@needs_model
def test_it_goes_on_after_a_cut_and_grades_what_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given, out = written(tmp_path / "in.jsonl", ROW, MANY), tmp_path / "out.jsonl"
    ask(capsys, "grade-answers", given, out)
    whole = out.read_bytes()
    out.write_bytes(whole[:-40])
    assert ask(capsys, "grade-answers", given, out)[2] == "1 answer graded now, 1 before.\n"
    assert out.read_bytes() == whole, "the row that was cut off is written as it was"
    written(given, ROW, {**MANY, "answer": "Something else."})
    assert ask(capsys, "grade-answers", given, out)[2] == "1 answer graded now, 1 before.\n"
    assert [row["id"] for row in rows(out)] == [1, "two", "two"]


BAD: list[tuple[object, str]] = [
    ("{", "is no JSON"),
    ([1], "is no object"),
    ({**ROW, "id": None}, "has no `id`"),
    ({**ROW, "id": True}, "has no `id`"),
    ({**ROW, "answer": 3}, "has no text `answer`"),
    ({key: value for key, value in ROW.items() if key != "question"}, "has no text `question`"),
    ({**ROW, "reference": " "}, "has no text to compare with"),
    ({**MANY, "references": []}, "has no text to compare with"),
    ({**MANY, "references": "Times two."}, "has no text to compare with"),
    ({**ROW, "id": "good"}, "its id 'good' stands in line 1 too"),
]


@needs_model
@pytest.mark.parametrize(("line", "says"), BAD)
def test_a_line_that_cannot_be_read_is_named_and_left_out_and_the_others_are_graded(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: object, says: str
) -> None:
    given, out = written(tmp_path / "in.jsonl", {**ROW, "id": "good", "label": 5}, "", line), tmp_path / "out.jsonl"
    code, said, err = ask(capsys, "grade-answers", given, out)
    assert (code, said) == (1, "")
    assert f"in.jsonl, line 3: {says}.\n" in err
    assert err.endswith("1 answer graded now, 0 before; 1 line cannot be read.\n")
    assert [row["id"] for row in rows(out)] == ["good"]


@needs_model
def test_of_very_many_bad_lines_the_first_are_named_and_the_rest_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = ask(capsys, "grade-answers", written(tmp_path / "in.jsonl", *["{"] * 25), tmp_path / "out.jsonl")
    assert code == 1 and err.count("is no JSON") == 20 and "5 more lines cannot be read." in err


@needs_model
def test_grades_of_two_models_never_stand_in_one_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given, out = written(tmp_path / "in.jsonl", ROW), tmp_path / "out.jsonl"
    written(out, {"schema": 1, "id": 1, "row": "sha256:x", "model": "older 0123"})
    code, _, err = ask(capsys, "grade-answers", given, out)
    assert code == 2 and "holds grades by the model 'older 0123'" in err
    assert len(rows(out)) == 1

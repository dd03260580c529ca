"""`viva bank check` on worked answers and `viva bank calibrate`, with the model that ships."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.bank.folder import concept
from tests.cli.model import needs_model
from tests.cli.test_bank import ask, write
from viva.answers import AnswerReader, Models
from viva.bank import FolderBank
from viva.bank.cases import all_again, case_of
from viva.cli.worked import check_answers, print_answers


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    write(tmp_path / "questions/what-is-a-sum", concept())
    return tmp_path


def told(capsys: pytest.CaptureFixture[str], bank: Path, *words: str) -> dict[str, Any]:
    _, out, _ = ask(capsys, *words, "--bank", bank, "--json")
    found: dict[str, Any] = json.loads(out)
    return found


def shown_also(bank: Path) -> list[str]:
    return list(FolderBank(bank).question("what-is-a-sum").rubric.points[0].also)


@needs_model
def test_check_reads_every_worked_answer_and_tells_what_is_unlike_its_label(
    bank: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (report,) = told(capsys, bank, "check", "what-is-a-sum")["answers"]
    assert (report["id"], report["untried"], len(report["verdicts"])) == ("what-is-a-sum", "", 7)
    unlike = [remark for remark in report["remarks"] if remark["says"].startswith("is labelled")]
    assert len(unlike) == sum(verdict["unlike"] for verdict in report["verdicts"])
    assert {remark["severity"] for remark in unlike} <= {"warning"}
    _, out, err = ask(capsys, "check", "what-is-a-sum", "--bank", bank)
    assert out.count("what-is-a-sum/answers/") == 7 and out.count(" deserves ") == 7
    assert err.count("is labelled") == len(unlike)


@needs_model
def test_an_attack_that_is_a_perfect_answer_is_wrong_and_the_question_does_not_hold(
    bank: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (report,) = told(capsys, bank, "check", "what-is-a-sum")["answers"]
    honest = max(report["verdicts"], key=lambda verdict: verdict["value"] or 0.0)
    answers = bank / "questions/what-is-a-sum/answers"
    text = (answers.parent / honest["path"]).read_text().rpartition("---\n")[2]
    (answers / "attack_orders.md").write_text(f"---\nsaid = []\n---\n{text}")
    (report,) = told(capsys, bank, "check", "what-is-a-sum")["answers"]
    gains = [remark for remark in report["remarks"] if remark["severity"] == "wrong"]
    assert bool(gains) is ((honest["value"] or 0.0) > 0.1)
    assert report["holds"] is not bool(gains)
    assert ask(capsys, "check", "what-is-a-sum", "--bank", bank)[0] == int(bool(gains))


def test_a_machine_without_the_model_says_that_answers_were_not_tried_and_that_is_no_failure(
    bank: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = case_of(FolderBank(bank), "what-is-a-sum", {}, again=all_again)
    (report,) = check_answers([case], AnswerReader(Models(bank / "nowhere")))
    assert (report.holds, report.unobserved, report.verdicts) == (True, (), ())
    print_answers([report])
    err = capsys.readouterr().err
    assert "not tried: the worked answers of what-is-a-sum" in err and "Install viva anew." in err


@needs_model
def test_calibrate_shows_each_points_probabilities_margin_and_wordings(
    bank: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = told(capsys, bank, "calibrate", "what-is-a-sum")
    assert shown["question"] == "what-is-a-sum" and shown["model"]
    (point,) = shown["points"]
    assert [len(point[group]) for group in ("said", "partly", "not_said")] == [2, 1, 4]
    assert point["margin"] == pytest.approx(min(point["said"]) - max(point["not_said"]))
    assert all(set(wording) == {"text", "best", "said", "not_said", "weak"} for wording in point["wordings"])
    assert [wording["text"] for wording in point["wordings"]] == [
        "A sum adds elements of the same place.",
        *shown_also(bank),
    ]
    code, out, _ = ask(capsys, "calibrate", "what-is-a-sum", "--bank", bank)
    assert code == 0 and "(2)" in out and "(4)" in out and "margin" in out


def test_calibrate_takes_questions_in_words_that_are_there(bank: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = ask(capsys, "calibrate", "nothing", "--bank", bank)
    assert code == 2 and "There is no question 'nothing'" in err
    code, _, err = ask(capsys, "calibrate", "adam", "--bank", bank)
    assert code == 2 and "'adam' is answered in code." in err

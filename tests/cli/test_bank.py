"""`viva bank` as an author uses it: what it prints, and what its exit code says."""

import json
import os
import sys
from pathlib import Path

import pytest

from tests.bank.folder import coding, concept
from tests.bank.test_authors_page import page_question
from viva.bank import FolderBank, proof_key
from viva.cli import main
from viva.core.values import Digest
from viva.sandbox import environments

_ENVIRONMENTS = Path(os.environ.get("VIVA_ENVIRONMENTS", Path(sys.prefix) / "viva-environments"))


def _numpy_is_here() -> bool:
    try:
        environments.find(_ENVIRONMENTS, "numpy")
    except environments.NotInstalled:
        return False
    return True


needs_numpy = pytest.mark.skipif(not _numpy_is_here(), reason="the environment numpy is not installed")


def write(root: Path, files: dict[str, bytes]) -> None:
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    write(tmp_path / "questions/add-arrays", coding())
    write(tmp_path / "questions/what-is-a-sum", concept())
    track = b'title = "T"\nsummary = "S"\nminutes = 9\naudience = "A"\nallowed = "docs"\n[[step]]\n'
    write(tmp_path / "tracks", {"sums.toml": track + b'question = "add-arrays"\nminutes = 9\n'})
    return tmp_path


def ask(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main([str(argument) for argument in ("bank", *arguments)])
    told = capsys.readouterr()
    return code, told.out, told.err


def test_list_shows_the_questions_and_tracks_of_a_folder(bank: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = ask(capsys, "list", "--bank", bank)
    assert code == (1 if err else 0)
    assert "add-arrays" in out
    assert "add-arrays" not in err
    assert "sums" in out
    code, out, _ = ask(capsys, "list", "--bank", bank, "--json")
    told = json.loads(out)
    assert told["schema"] == 1
    assert "what-is-a-sum" in [row["id"] for row in told["questions"]]


def test_list_shows_the_others_where_one_is_broken_and_says_so(bank: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (bank / "questions/add-arrays/hints.md").unlink()
    code, out, err = ask(capsys, "list", "--bank", bank)
    assert code == 1
    assert "what-is-a-sum" in out
    assert "add-arrays/hints.md: is missing" in err


def test_show_prints_the_candidates_view_and_nothing_else(bank: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = ask(capsys, "show", "add-arrays", "--bank", bank)
    assert code == 0
    assert "**Nothing** else." in out
    assert "raise NotImplementedError" in out
    for hidden in ("Look at plus", "return a + b", "Broadcasting may be named", "What does it cost", "subtracted"):
        assert hidden not in out
    code, out, _ = ask(capsys, "show", "add-arrays", "--bank", bank, "--author")
    for hidden in (
        "Look at plus",
        "Broadcasting may be named",
        "What does it cost",
        "as if the arrays were subtracted",
    ):
        assert hidden in out


def test_show_as_json_has_the_rest_only_for_authors(bank: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = ask(capsys, "show", "what-is-a-sum", "--bank", bank, "--json")
    assert set(json.loads(out)) == {"schema", "view"}
    _, out, _ = ask(capsys, "show", "what-is-a-sum", "--bank", bank, "--json", "--author")
    assert json.loads(out)["author"]["question"]["rubric"]["points"][0]["id"] == "plus"


@pytest.mark.parametrize(
    "words",
    [
        ["show", "nowhere"],
        ["check", "nowhere"],
        ["check", "--again", "all"],
        ["check", "adam", "--framework", "jax"],
        ["show", "../x"],
    ],
)
def test_wrong_use_is_told_with_exit_code_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = ask(capsys, *words)
    assert (code, out) == (2, "")
    assert err.startswith("viva: ")


def test_check_tells_every_problem_of_a_folder_that_does_not_load(
    bank: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (bank / "questions/add-arrays/hints.md").unlink()
    (bank / "questions/add-arrays/simple.md").unlink()
    write(bank / "questions/Wrong_Name", coding())
    toml = bank / "questions/add-arrays/question.toml"
    toml.write_text(toml.read_text().replace("level = ", "levell = "))
    (bank / "tracks/sums.toml").write_text((bank / "tracks/sums.toml").read_text().replace('"add-arrays"', '"gone"'))
    code, out, err = ask(capsys, "check", "--bank", bank)
    assert code == 1
    for told in (
        "add-arrays/hints.md: is missing",
        "add-arrays/simple.md: is missing",
        "add-arrays/question.toml, line 4, levell: is not a known key",
        "add-arrays/question.toml, level: is missing",
        "no bank has the question 'gone'",
    ):
        assert told in err
    assert "questions/Wrong_Name: is not kebab-case" in err
    assert "what-is-a-sum: holds" in out


def test_without_an_environment_nothing_is_said_for_or_against(
    bank: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIVA_ENVIRONMENTS", str(tmp_path / "none"))
    code, out, err = ask(capsys, "check", "add-arrays", "--bank", bank)
    assert code == 3
    assert "viva env install numpy" in err
    assert "holds as far as it was tried" in out
    code, _, _ = ask(capsys, "check", "add-arrays", "--bank", bank, "--prove")
    assert code == 3
    assert "add-arrays" not in (bank / "proofs.lock").read_text()


@needs_numpy
def test_check_tries_every_claim_in_the_sandbox(bank: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = ask(capsys, "check", "--bank", bank)
    assert (code, "add-arrays" in err, "wrong: " in err) == (0, False, False)
    assert "add-arrays: holds in numpy" in out
    assert "It looks as if the arrays were subtracted." in out


@needs_numpy
@pytest.mark.parametrize(
    ("was", "broken", "told"),
    [
        (
            "close(sut.fetch(here), a)",
            "close(sut.fetch(here), aa)",
            "line 15: breaks: NameError: name 'aa' is not defined",
        ),
        ("weight=2", "weigth=2", "line 4: breaks: TypeError: check() got an unexpected keyword argument 'weigth'"),
        ("import check, close", "import check, closer", "line 1: breaks: ImportError: cannot import name 'closer'"),
        ("def broadcast(", "deff broadcast(", "line 19: breaks: "),
    ],
)
def test_check_names_the_line_of_checks_that_break(
    bank: Path, capsys: pytest.CaptureFixture[str], was: str, broken: str, told: str
) -> None:
    checks = bank / "questions/add-arrays/checks.py"
    checks.write_text(checks.read_text().replace(was, broken))
    code, _, err = ask(capsys, "check", "add-arrays", "--bank", bank)
    assert code == 1
    assert err.count(f"viva: wrong: add-arrays/checks.py, {told}") == err.count("viva: ") == 1


@needs_numpy
def test_check_finds_what_the_sandbox_contradicts(bank: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = bank / "questions/add-arrays"
    (folder / "numpy/solution.py").write_text("def add(a, b):\n    return a - b\n")
    lazy = (
        "# framework: numpy\n# expect: fails == vectors\n# fault: none: nothing is wrong\ndef add(a, b): return b + a\n"
    )
    (folder / "attempts/wrong_lazy.py").write_text(lazy)
    code, out, _ = ask(capsys, "check", "add-arrays", "--bank", bank, "--json")
    assert code == 1
    (report,) = json.loads(out)["questions"]
    told = {(remark["path"], remark["line"], remark["says"].split(":")[0]) for remark in report["remarks"]}
    assert ("numpy/solution.py", None, "must get full marks, but got 0.25") in told
    assert ("statement.md", 4, "the worked example prints '[-2, -2]', not what the statement says") in told
    assert ("attempts/wrong_lazy.py", 2, "`fails == vectors` does not hold") in told
    assert ("attempts/wrong_lazy.py", None, "a wrong attempt gets full marks") in told


@needs_numpy
def test_a_framework_can_be_tried_by_itself_and_nothing_is_said_of_the_others(
    bank: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = bank / "questions/add-arrays"
    toml = folder / "question.toml"
    toml.write_text(toml.read_text().replace('["numpy"]', '["numpy", "jax"]'))
    (folder / "jax").mkdir()
    for name in ("starter.py", "solution.py"):
        (folder / "jax" / name).write_text((folder / "numpy" / name).read_text())
    # What these would fail is failed by no attempt that is tried, and yet nothing may be said of it.
    for wrong in (folder / "attempts").glob("wrong_*.py"):
        wrong.write_text(wrong.read_text().replace("# framework: numpy", "# framework: jax"))
    code, out, err = ask(capsys, "check", "add-arrays", "what-is-a-sum", "--bank", bank, "--framework", "numpy")
    assert code == 0 and "add-arrays" not in err
    assert "add-arrays: holds in numpy\n" in out
    assert "jax" not in out and "what-is-a-sum: holds\n" in out
    alone = ask(capsys, "check", "add-arrays", "--bank", bank, "--framework", "torch")
    assert alone[0] == 2 and "None of these questions is offered in torch" in alone[2]


@needs_numpy
def test_what_was_proved_is_not_tried_again_until_it_changes(bank: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def runs(*options: str) -> int:
        code, out, _ = ask(capsys, "check", "add-arrays", "--bank", bank, "--json", "--prove", *options)
        (report,) = json.loads(out)["questions"]
        assert (code, report["proved"]) == (0, ["numpy"])
        return len(report["verdicts"])

    assert runs() == 7
    digest = FolderBank(bank).question("add-arrays").digest
    key = proof_key(digest, Digest(environments.lock_digest("numpy")))
    assert f"add-arrays numpy {key} holds\n" in (bank / "proofs.lock").read_text()
    assert runs() == 0
    assert runs("--again", "all") == 7
    assert sum(runs("--again", f"seed {n}") for n in range(10)) < 70  # a tenth, drawn by the seed
    with (bank / "questions/add-arrays/notes.md").open("a") as notes:
        notes.write("One more.\n")
    assert runs() == 7
    assert (bank / "proofs.lock").read_text().count("add-arrays") == 1


@needs_numpy
def test_what_the_page_for_authors_claims_holds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {path: content for path, content in page_question().items() if not path.startswith("answers/")}
    write(tmp_path / "questions/relu", files)
    _, out, _ = ask(capsys, "check", "relu", "--bank", tmp_path, "--json")
    (report,) = json.loads(out)["questions"]
    assert [verdict["correctness"] for verdict in report["verdicts"]] == [0, 1, 0.75]
    assert {(r["path"], r["severity"]) for r in report["remarks"]} == {("attempts/", "wrong"), ("checks.py", "warning")}


def test_a_broken_proofs_lock_is_told_with_its_line(bank: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (bank / "proofs.lock").write_text("# fine\nadd-arrays numpy sha256:0 holds\n")
    code, _, err = ask(capsys, "check", "what-is-a-sum", "--bank", bank, "--prove")
    assert code == 3
    assert "line 2, is no proof" in err


@needs_numpy
def test_mutants_that_the_checks_do_not_notice_are_printed_as_they_would_be_marked(
    bank: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = bank / "questions/add-arrays"
    (folder / "numpy/solution.py").write_text("def add(a, b):\n    return (a + b) * 1  # once\n")
    code, out, _ = ask(capsys, "check", "add-arrays", "--bank", bank, "--mutants")
    assert code == 1
    assert "alive: add-arrays/numpy/solution.py, line 2: * -> /   in   return (a + b) * 1\n" in out
    assert "add-arrays numpy: 4 of 6 mutants are noticed (67%); at least 90% must be" in out
    mark = "[[equivalent]]\nframework = 'numpy'\nline = 'return (a + b) * 1'\nchange = '{}'\nreason = 'one changes nothing'\n"
    (folder / "mutants.toml").write_text(mark.format("* -> /") + mark.format("without * 1"))
    code, out, _ = ask(capsys, "check", "add-arrays", "--bank", bank, "--mutants", "--json")
    (told,) = json.loads(out)["mutants"]
    assert (code, told["killed"], told["mutants"], len(told["equivalent"]), told["holds"]) == (0, 4, 6, 2, True)

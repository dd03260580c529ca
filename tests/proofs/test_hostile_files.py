"""Hostile files, names and ids given to the command line: a verdict or a refusal, each in a sentence, never a traceback."""

import os
from pathlib import Path

import pytest

from tests.proofs.command import Said, refused, viva
from tests.proofs.hostile import FILE_NAMES, FILES, NAMES, TEXTS
from viva.cli import main

ATTENTION = "scaled-dot-product-attention"


def test_every_text_that_a_file_can_hold_under_every_name_is_judged(tmp_path: Path) -> None:
    folder = tmp_path / "attempts"
    folder.mkdir()
    written = {name: text for name, text in TEXTS.items() if text.isprintable() or not _surrogates(text)}
    for number, text in enumerate(written.values()):
        (folder / f"{number:02}.py").write_text(text, encoding="utf-8", newline="")
    (folder / "one line of 1 MB.py").write_text("x" * 1_000_000)
    for raw in FILE_NAMES:
        with open(os.fsencode(folder) + b"/" + raw, "wb") as file:  # noqa: PTH123 - a path of bytes
            file.write(b"x = 1\n")
    said = viva("judge", ATTENTION, folder, "--json", "--out", tmp_path / "out.jsonl", data=tmp_path / "data")
    assert said.code == 0 and said.err == "" and said.out == (tmp_path / "out.jsonl").read_bytes()
    assert len(said.rows) == len(written) + 1 + len(FILE_NAMES)
    assert {os.fsencode(row["file"]) for row in said.rows} == {os.fsencode(path) for path in folder.iterdir()}
    for row in said.rows:
        assert row["unscored"] is None and row["correctness"] < 1 and row["ended"] != "machine_failed", row
        assert row["says"] or row["checks"], row


def _surrogates(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)


def test_names_and_words_reach_no_terminal_with_their_orders(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/order \x1b[2J \xff\n.py"
    with open(path, "wb") as file:  # noqa: PTH123 - a path of bytes
        file.write(b"print('\\x1b[2J')\nraise ValueError('\\x1b]0;x\\x07')\n")
    said = viva("judge", ATTENTION, path, "-", stdin=b"(" * 6_000, data=tmp_path / "data")
    assert said.code == 0 and b"\x1b" not in said.out and b"\\x1b" in said.out and b"nested" in said.out


@pytest.mark.parametrize("name", FILES)
def test_what_is_no_text_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    (tmp_path / "file.py").write_bytes(FILES[name])
    code = main(["judge", ATTENTION, str(tmp_path / "file.py"), "--data", str(tmp_path / "data")])
    out, err = capsys.readouterr()
    assert "file.py" in refused(Said(code=code, out=out.encode(), err=err))


def test_what_is_no_text_is_refused_from_standard_input(tmp_path: Path) -> None:
    said = viva("judge", ATTENTION, "-", stdin=FILES["an encoded surrogate"], data=tmp_path / "data")
    assert "UTF-8" in refused(said)


@pytest.mark.parametrize("name", NAMES)
def test_any_id_and_any_path_that_is_none_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    (tmp_path / "file.py").write_text("x = 1\n")
    data = ["--data", str(tmp_path / "data")]
    for call in (
        ["judge", NAMES[name], str(tmp_path / "file.py"), *data],
        *(
            [["judge", ATTENTION, str(tmp_path / f"missing {NAMES[name]}"), *data]]
            if _can_be_a_path(NAMES[name])
            else []
        ),
        ["judge", ATTENTION, str(tmp_path / "file.py"), "--framework", NAMES[name], *data],
        ["bank", "show", NAMES[name]],
    ):
        code = main(call)
        out, err = capsys.readouterr()
        assert code in (1, 2) and out == "" and "Traceback" not in err, (call, code, err)
        assert err.startswith("viva: ") and "\x1b" not in err, (call, err)


def _can_be_a_path(text: str) -> bool:
    """Whether a command can be given it as a path at all: no null byte, and no surrogate but those for odd bytes."""
    return "\0" not in text and not _surrogates(text)

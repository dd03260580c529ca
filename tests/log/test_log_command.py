"""`viva log` reads beside a server, speaks in exit codes, and prints nothing that a stranger could steer."""

import asyncio
import json
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.log.records import NAME, SECRET, posed, whole
from tests.store.examples import TickingClock, heard
from viva.cli import main
from viva.core.events import Event, Pressed
from viva.store.sqlite import SqliteStore

OTHER = "0123ffffffffffff"
ESCAPE = "\x1b[31mred\x07 \ud800 \r"


class Server:
    """A store that is open for writing, as a server has it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.runner = asyncio.Runner()
        self.store = self.runner.run(SqliteStore.open(folder, TickingClock(), address="http://x"))

    def write(self, name: str, events: Sequence[Event]) -> None:
        self.runner.run(self.store.create(name, events))

    def close(self) -> None:
        self.runner.run(self.store.close())
        self.runner.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path / "data")
    made.write(NAME, whole())
    made.write(OTHER, [*posed(), heard(ESCAPE), Pressed(button="person")])
    yield made
    made.close()


def log(server: Server, *words: str) -> int:
    return main(["log", *words, "--data", str(server.folder)])


def test_list_shows_every_interview_while_a_server_holds_the_lock(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    assert log(server, "list") == 0
    out = capsys.readouterr().out
    assert [line[:16] for line in out.splitlines() if not line.startswith(" ")] == [NAME, OTHER]
    assert "waits: asks for a person" in out


def test_list_waiting_leaves_out_what_needs_nobody(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    assert log(server, "list", "--waiting", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == 1
    assert [(one["id"], one["waiting"]) for one in found["interviews"]] == [(OTHER, ["asks for a person"])]


def test_show_tells_the_story_by_the_beginning_of_a_name(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    assert log(server, "show", "01234") == 0
    out = capsys.readouterr().out
    assert out.startswith(f"   +0:00     1  Interview {NAME} (practice)")
    assert "graded: correctness 0.25" in out
    assert SECRET not in out


def test_show_prints_no_control_characters(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    assert log(server, "show", OTHER) == 0
    out = capsys.readouterr().out
    assert r"| \x1b[31mred\x07 \ud800 \r" in out
    assert not any(character in out for character in "\x1b\x07\r\ud800")


def test_show_as_json_gives_the_rows_without_the_hidden_seed(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    assert log(server, "show", OTHER, "--json") == 0
    out = capsys.readouterr().out
    found = json.loads(out)
    assert (found["schema"], found["interview"]) == (1, OTHER)
    assert [row["kind"] for row in found["rows"]] == ["Opened", "Agreed", "Posed", "Heard", "Pressed"]
    assert found["rows"][3]["event"] == {"text": ESCAPE}
    assert SECRET not in out


def test_export_writes_one_row_a_line(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    assert log(server, "export", NAME) == 0
    out = capsys.readouterr().out
    rows = [json.loads(line) for line in out.splitlines()]
    assert [row["seq"] for row in rows] == list(range(1, len(whole()) + 1))
    assert {(row["schema"], row["interview"]) for row in rows} == {(1, NAME)}
    assert SECRET not in out


def test_verify_says_that_all_hold_and_what_was_erased(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    server.runner.run(server.store.erase(OTHER, 4, by="operator", why="a name"))
    assert log(server, "verify") == 0
    assert capsys.readouterr().out == f"{NAME}  holds, 16 rows\n{OTHER}  holds, 6 rows, erased: 4\n"


def test_verify_names_the_first_row_that_does_not_hold_and_exits_1(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    with sqlite3.connect(server.folder / "viva.db") as connection:
        connection.execute(
            'UPDATE event SET body = CAST(\'{"text":"forged"}\' AS BLOB) WHERE seq = 4 AND interview = ?', (NAME,)
        )
    connection.close()
    assert log(server, "verify", NAME) == 1
    said = capsys.readouterr()
    assert f"{NAME}  BROKEN at row 4: its body is not the one that was committed to" in said.out
    assert "1 of 1 records do not hold" in said.err
    assert log(server, "verify", "--json") == 1
    found = json.loads(capsys.readouterr().out)
    assert found["holds"] is False
    assert [one["broken_at"] for one in found["interviews"]] == [4, None]
    assert log(server, "verify", OTHER) == 0


def test_a_row_that_does_not_decode_is_named_and_hides_no_other_interview(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    with sqlite3.connect(server.folder / "viva.db") as connection:
        connection.execute("UPDATE event SET body = x'7b' WHERE seq = 4 AND interview = ?", (NAME,))
    connection.close()
    assert log(server, "show", NAME) == 1
    assert "viva: Row 4: " in capsys.readouterr().err
    assert log(server, "list") == 0
    out = capsys.readouterr().out
    assert "waits: record does not hold: Row 4" in out
    assert OTHER in out


@pytest.mark.parametrize(
    "words", [("show", "fff"), ("show", ""), ("show", "0123"), ("export", "nope"), ("verify", "nope")]
)
def test_a_name_of_no_or_several_interviews_is_wrong_use(
    server: Server, words: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert log(server, *words) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 2, "one sentence and the mend"


@pytest.mark.parametrize("command", [("list",), ("show", "x"), ("verify",), ("export", "x")])
def test_a_folder_without_interviews_is_said(
    tmp_path: Path, command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["log", *command, "--data", str(tmp_path / "nothing")]) == 3
    assert "no interviews" in capsys.readouterr().err
    assert not (tmp_path / "nothing").exists()


def test_an_empty_log_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Server(tmp_path).close()
    assert main(["log", "list", "--data", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "No interviews yet.\n"


@pytest.mark.parametrize("command", ["list", "show", "verify", "export"])
def test_every_command_has_help_with_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["log", command, "--help"]) == 0
    assert f"viva log {command}" in capsys.readouterr().out.split("Example:")[1]

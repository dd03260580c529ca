"""A bank in a folder: read anew when edited, never read outside itself."""

import os
import shutil
from pathlib import Path

import pytest

from tests.bank.folder import TRACK, coding, concept
from viva.bank import FolderBank, MergedBank, installed_banks, load_question, merge, pack, unpack
from viva.bank.limits import FILE_BYTES, FILES
from viva.core.errors import AuthorError, NotFound, OperatorError


def write(root: Path, files: dict[str, bytes]) -> None:
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(tmp_path / "questions/add-arrays", coding())
    write(tmp_path / "questions/what-is-a-sum", concept())
    write(tmp_path / "tracks", {"first.toml": TRACK.encode()})
    return tmp_path


def test_a_folder_gives_its_questions_and_tracks(root: Path) -> None:
    bank = FolderBank(root)
    assert bank.question_ids() == ("add-arrays", "what-is-a-sum")
    assert bank.question("add-arrays").title == "Add two arrays"
    assert dict(bank.files("add-arrays")) == coding()
    assert bank.track_ids() == ("first",)
    assert bank.track("first").minutes == 20


def test_an_edit_shows_at_the_next_load_even_with_the_same_size_and_time(root: Path) -> None:
    bank = FolderBank(root)
    statement = root / "questions/add-arrays/statement.md"
    before = bank.question("add-arrays")
    times = statement.stat()
    statement.write_bytes(statement.read_bytes().replace(b"**Nothing**", b"**nothing**"))
    os.utime(statement, ns=(times.st_atime_ns, times.st_mtime_ns))
    after = bank.question("add-arrays")
    assert "**nothing**" in after.statement
    assert after.digest != before.digest


def test_a_new_file_and_a_removed_one_show_at_the_next_load(root: Path) -> None:
    bank = FolderBank(root)
    assert bank.question("add-arrays").given == ""
    (root / "questions/add-arrays/given.py").write_text("x = 1\n")
    assert bank.question("add-arrays").given == "x = 1\n"
    (root / "questions/add-arrays/given.py").unlink()
    assert bank.question("add-arrays").given == ""
    write(root / "questions/one-more", coding())
    assert "one-more" in bank.question_ids()
    shutil.rmtree(root / "questions/one-more")
    with pytest.raises(NotFound):
        bank.question("one-more")


def test_an_unchanged_folder_is_not_read_again(root: Path) -> None:
    bank = FolderBank(root)
    assert bank.question("add-arrays") is bank.question("add-arrays")
    assert bank.files("add-arrays") is bank.files("add-arrays")


def test_files_that_were_handed_out_cannot_be_changed(root: Path) -> None:
    files = FolderBank(root).files("add-arrays")
    with pytest.raises(TypeError):
        files["statement.md"] = b""  # type: ignore[index]


@pytest.mark.parametrize("place", ["data/link.txt", "statement.md", "data", "numpy"])
def test_a_symbolic_link_is_refused_wherever_it_lies(root: Path, tmp_path: Path, place: str) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "key.txt").write_text("secret")
    link = root / "questions/add-arrays" / place
    if link.is_dir():
        shutil.rmtree(link)
    link.unlink(missing_ok=True)
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(secret if "." not in place else secret / "key.txt")
    with pytest.raises(AuthorError, match="is a link, which is refused") as caught:
        FolderBank(root).files("add-arrays")
    assert caught.value.path == f"add-arrays/{place}"


def test_a_question_or_track_that_is_a_link_is_refused(root: Path) -> None:
    (root / "questions/linked").symlink_to(root / "questions/add-arrays")
    (root / "tracks/linked.toml").symlink_to(root / "tracks/first.toml")
    bank = FolderBank(root)
    with pytest.raises(AuthorError, match="link"):
        bank.question("linked")
    with pytest.raises(AuthorError, match="link"):
        bank.track("linked")


def test_a_fifo_is_refused_without_waiting_for_it(root: Path) -> None:
    (root / "questions/add-arrays/data").mkdir()
    os.mkfifo(root / "questions/add-arrays/data/pipe")
    os.mkfifo(root / "tracks/pipe.toml")
    bank = FolderBank(root)
    with pytest.raises(AuthorError, match="no regular file"):
        bank.question("add-arrays")
    with pytest.raises(AuthorError, match="no regular file"):
        bank.track("pipe")


@pytest.mark.parametrize(
    "id", ["../add-arrays", "..", ".", "", "/etc", "add-arrays/data", "add\0arrays", "a" * 300, "\udcff"]
)
def test_an_id_cannot_name_anything_but_a_question(root: Path, id: str) -> None:
    bank = FolderBank(root)
    with pytest.raises(NotFound):
        bank.question(id)
    with pytest.raises(NotFound):
        bank.files(id)
    with pytest.raises(NotFound):
        bank.track(id)


def test_a_folder_over_a_limit_is_refused_before_it_is_read(root: Path) -> None:
    data = root / "questions/add-arrays/data"
    data.mkdir()
    with (data / "big").open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(AuthorError, match="bytes; at most"):
        FolderBank(root).files("add-arrays")
    with (data / "big").open("wb") as file:
        file.truncate(FILE_BYTES + 1)
    with pytest.raises(AuthorError, match="has more than"):
        FolderBank(root).files("add-arrays")
    (data / "big").unlink()
    for n in range(FILES):
        (data / str(n)).touch()
    with pytest.raises(AuthorError, match="files and"):
        FolderBank(root).files("add-arrays")


def test_a_folder_that_is_nested_for_ever_is_refused(root: Path) -> None:
    (root / "questions/add-arrays" / "/".join("a" * 100)).mkdir(parents=True)
    (root / "questions/add-arrays" / "/".join("a" * 100) / "x").touch()
    with pytest.raises(AuthorError, match="too deep"):
        FolderBank(root).files("add-arrays")


def test_files_that_python_and_editors_leave_are_not_part_of_a_question(root: Path) -> None:
    bank = FolderBank(root)
    before = bank.question("add-arrays").digest
    folder = root / "questions/add-arrays"
    write(
        folder, {"numpy/__pycache__/starter.cpython-311.pyc": b"\0", ".DS_Store": b"\0", "numpy/.starter.py.swp": b"\0"}
    )
    assert bank.question("add-arrays").digest == before


def test_folders_that_are_not_kebab_case_are_told_and_left_out(root: Path) -> None:
    write(root / "questions/Not_Kebab", coding())
    (root / "tracks/notes.md").write_text("x")
    bank = FolderBank(root)
    assert "Not_Kebab" not in bank.question_ids()
    assert [error.path for error in bank.misnamed()] == ["questions/Not_Kebab", "tracks/notes.md"]


def test_a_folder_that_is_no_bank_is_the_operators_to_mend(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="is not a bank"):
        FolderBank(tmp_path)


def test_a_broken_question_leaves_the_others_alone(root: Path) -> None:
    (root / "questions/add-arrays/question.toml").write_text("level = ")
    bank = FolderBank(root)
    with pytest.raises(AuthorError):
        bank.question("add-arrays")
    assert bank.question("what-is-a-sum").kind == "concept"


def test_of_several_banks_the_earlier_one_is_asked(root: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    mine = coding()
    mine["statement.md"] += b"Mine.\n"
    write(other / "questions/add-arrays", mine)
    bank = merge([FolderBank(other), FolderBank(root)])
    assert isinstance(bank, MergedBank)
    assert bank.question_ids() == ("add-arrays", "what-is-a-sum")
    assert "Mine." in bank.question("add-arrays").statement
    assert dict(bank.files("add-arrays")) == mine
    assert bank.question("what-is-a-sum").kind == "concept"
    assert bank.track("first").title == "T"
    for ask in (bank.question, bank.files, bank.track):
        with pytest.raises(NotFound):
            ask("nowhere")


def test_an_installed_package_offers_its_bank_without_being_run(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "site"
    package = site / "strangers_bank"
    write(package, {"__init__.py": b"raise SystemExit('was run')\n"})
    shutil.copytree(root / "questions", package / "questions")
    info = b"[viva.banks]\nstrangers = strangers_bank\n"
    write(site / "strangers-1.0.dist-info", {"entry_points.txt": info, "METADATA": b"Name: strangers\nVersion: 1.0\n"})
    monkeypatch.syspath_prepend(str(site))
    assert package.resolve() in [bank.path for bank in installed_banks()]


def test_an_entry_point_without_a_package_is_the_operators_to_mend(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = b"[viva.banks]\ngone = package_that_is_gone\n"
    write(tmp_path / "gone-1.0.dist-info", {"entry_points.txt": info, "METADATA": b"Name: gone\nVersion: 1.0\n"})
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(OperatorError, match="'gone' is announced as"):
        installed_banks()


def test_a_blob_of_a_question_outlives_its_folder(root: Path) -> None:
    bank = FolderBank(root)
    question, packed = bank.question("add-arrays"), pack(bank.files("add-arrays"))
    shutil.rmtree(root / "questions/add-arrays")
    assert load_question("add-arrays", unpack(packed)) == question

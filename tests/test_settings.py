"""Settings: later ones win, unknown names are errors with a hint, and each value knows where it came from."""

import os
import sys
from pathlib import Path

import pytest

from viva.settings import FILE, TABLE, Settings, WrongSetting, load, rows


def _load(home: Path, options: dict[str, object] | None = None, **variables: str) -> Settings:
    return load(options, environ=variables, home=home)


def test_told_nothing_it_serves_this_machine_only(tmp_path: Path) -> None:
    told = _load(tmp_path)
    assert (told.host, told.port, told.bank, told.public_url, told.open_practice) == ("127.0.0.1", 8000, (), "", False)
    assert told.on_loopback
    assert told.data == tmp_path / ".local/share/viva"
    assert set(told.sources.values()) == {"default"}


def test_environments_live_with_the_python_that_runs_viva_and_never_under_data(tmp_path: Path) -> None:
    told = _load(tmp_path)
    in_venv = sys.prefix != sys.base_prefix
    assert told.environments == (Path(sys.prefix) if in_venv else tmp_path / ".local/share") / "viva-environments"
    assert not told.environments.is_relative_to(told.data)


def test_the_users_data_folder_follows_the_desktops_rule(tmp_path: Path) -> None:
    assert _load(tmp_path, XDG_DATA_HOME=str(tmp_path / "xdg")).data == tmp_path / "xdg/viva"
    assert _load(tmp_path, XDG_DATA_HOME="relative").data == tmp_path / ".local/share/viva"


def test_an_option_beats_a_variable_beats_the_file_beats_the_default(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("port = 1001\nhost = '127.0.0.2'\nopen_practice = true\n", encoding="utf-8")
    told = _load(tmp_path, {"port": 1003, "data": tmp_path}, VIVA_PORT="1002", VIVA_HOST="127.0.0.3")
    assert (told.port, told.host, told.open_practice) == (1003, "127.0.0.3", True)
    assert told.sources["port"] == "--port"
    assert told.sources["host"] == "VIVA_HOST"
    assert told.sources["open_practice"] == str(tmp_path / FILE)
    assert told.sources["public_url"] == "default"


def test_the_file_is_read_from_the_folder_that_a_variable_names(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("port = 1001\n", encoding="utf-8")
    assert _load(Path("/nowhere"), VIVA_DATA=str(tmp_path)).port == 1001


def test_an_option_that_was_not_given_says_nothing(tmp_path: Path) -> None:
    assert _load(tmp_path, {"port": None, "bank": ()}, VIVA_PORT="7", VIVA_BANK="/b").bank == (Path("/b"),)


def test_several_banks_are_named_like_a_search_path(tmp_path: Path) -> None:
    assert _load(tmp_path, VIVA_BANK=os.pathsep.join(["/a", "/b"])).bank == (Path("/a"), Path("/b"))
    (tmp_path / FILE).write_text("bank = ['/c', '/d']\n", encoding="utf-8")
    assert _load(tmp_path, {"data": tmp_path}).bank == (Path("/c"), Path("/d"))


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("prot = 1", "Did you mean 'port'?"),
        ("zzz = 1", "Known are host, "),
        ("data = '/x'", "remove 'data' from the file"),
    ],
)
def test_an_unknown_name_in_the_file_is_an_error_with_a_hint(text: str, hint: str, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(WrongSetting, match="is no setting of viva") as caught:
        _load(tmp_path, {"data": tmp_path})
    assert hint in caught.value.mend
    assert FILE in caught.value.says


def test_an_unknown_variable_is_an_error_with_a_hint(tmp_path: Path) -> None:
    with pytest.raises(WrongSetting, match="'VIVA_OPEN_PRACTISE' in the environment") as caught:
        _load(tmp_path, VIVA_OPEN_PRACTISE="1")
    assert "Did you mean 'VIVA_OPEN_PRACTICE'?" in caught.value.mend


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        *(("port", wrong) for wrong in ("", "a", "-1", "65536", "1.0", "٣", 1.0, True, None.__class__)),
        *(("host", wrong) for wrong in ("", "a b", "http://x", 5)),
        *(("public_url", wrong) for wrong in ("x", "ftp://x", "https://x/path", "https://u@x", "https://x?q", 5)),
        *(("open_practice", wrong) for wrong in ("", "maybe", 2)),
        *(("environments", wrong) for wrong in ("", " ", "a\0b", 5)),
        *(("bank", wrong) for wrong in (5, [5])),
    ],
)
def test_a_value_that_cannot_be_is_an_error_that_names_the_place(name: str, wrong: object, tmp_path: Path) -> None:
    with pytest.raises(WrongSetting, match=f"^--{name.replace('_', '-')} must be ") as caught:
        _load(tmp_path, {name: wrong})
    assert caught.value.mend


@pytest.mark.parametrize(
    "content", [b"port =", b"\xff\xfe", b"port = 1\nport = 2"], ids=("cut off", "no text", "twice")
)
def test_a_file_that_is_no_toml_is_an_error_that_names_it(content: bytes, tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(WrongSetting, match=FILE):
        _load(tmp_path, {"data": tmp_path})


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("localhost", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("::", False),
        ("viva.example", False),
    ],
)
def test_only_a_loopback_address_counts_as_this_machine(host: str, loopback: bool, tmp_path: Path) -> None:
    assert _load(tmp_path, {"host": host}).on_loopback is loopback


def test_every_setting_is_shown_with_its_source_and_no_secret_is(tmp_path: Path) -> None:
    named = tmp_path / "secret"
    named.write_text("correct horse", encoding="utf-8")
    shown = rows(_load(tmp_path, VIVA_OPERATOR_PASSWORD_FILE=str(named)))
    assert [name for name, _, _ in shown] == [entry.name for entry in TABLE]
    assert ("operator_password_file", str(named), "VIVA_OPERATOR_PASSWORD_FILE") in shown
    assert "correct horse" not in str(shown)


def test_a_public_address_loses_its_last_slash(tmp_path: Path) -> None:
    assert _load(tmp_path, {"public_url": "https://viva.example/"}).public_url == "https://viva.example"

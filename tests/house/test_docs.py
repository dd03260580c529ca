"""The pages say all that there is and nothing else, and what they show can be done."""

import ast
import importlib
import inspect
import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import get_args

import click
import pytest

from tests.campaign.server import Server
from tests.house.pages import PAGES, Section, anchors, blocks, prose, sections, text_of
from tests.house.sources import ROOT
from viva import settings
from viva.cli import COMMANDS, load, main
from viva.core.errors import VivaError
from viva.core.events import Event
from viva.core.evidence import Ended, Evidence, TurnKind
from viva.core.requests import Request
from viva.interviews import views
from viva.sandbox.doctor import examine
from viva.web import api, bodies, diagnostics, environments, installing, pages, watcher, writes

WALK_SECONDS = 180


def named(page: str, level: int, within: str = "") -> dict[str, Section]:
    """The sections of one level, by title; only those below the heading `within`."""
    found = [s for s in sections(page) if s.level == level and within in ("", s.within)]
    assert len({s.title for s in found}) == len(found), f"{page} has a heading twice"
    return {section.title: section for section in found}


def class_names(union: object) -> set[str]:
    return {member.__name__ for member in get_args(union)}


# ---- commands --------------------------------------------------------------------------------------------------------


def commands() -> dict[str, click.Command]:
    """Every command and subcommand by its full name."""
    found: dict[str, click.Command] = {}
    for entry in COMMANDS:
        command = load(entry)
        found[f"viva {entry.name}"] = command
        if isinstance(command, click.Group):
            found |= {f"viva {entry.name} {name}": inner for name, inner in command.commands.items()}
    return found


def options(command: click.Command) -> set[str]:
    """The long options of a command, without --help."""
    return {name for param in command.params for name in param.opts if name.startswith("--")}


def command_sections() -> dict[str, Section]:
    headed = named("docs/commands.md", 2) | named("docs/commands.md", 3)
    for title, section in named("docs/commands.md", 2).items():
        headed[title] = Section(title=title, level=2, within="", text=section.text.partition("\n### ")[0])
    return headed


def test_every_command_has_a_heading_and_every_heading_a_command() -> None:
    assert set(command_sections()) == set(commands())


@pytest.mark.parametrize("name", sorted(commands()))
def test_a_commands_page_entry_has_an_example_its_exit_codes_and_all_its_options(name: str) -> None:
    text = command_sections()[name].text
    assert re.search(rf"^(?:.*\| )?{name}\b", "\n".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL)), re.MULTILINE)
    assert "Exit codes:" in text
    told = set(re.findall(r"--[a-z][a-z-]*", text))
    assert told - {"--help"} - options_of_others(name) == options(commands()[name])


def options_of_others(name: str) -> set[str]:
    """Options that an entry may name although they are not its own: a subcommand's, in the entry of its group."""
    return {option for other, found in commands().items() if other.startswith(f"{name} ") for option in options(found)}


@pytest.mark.parametrize("name", ["viva", *sorted(commands())])
def test_every_command_shows_its_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*name.split()[1:], "--help"]) == 0
    assert f"Usage: {name} " in capsys.readouterr().out


def written_commands() -> list[tuple[str, str]]:
    """Every command that a page writes down, with its page."""
    found: list[tuple[str, str]] = []
    for page in PAGES:
        lines = [line for block in blocks(page) if block.language == "sh" for line in block.text.splitlines()]
        lines += re.findall(r"^    (?:\.venv/bin/)?(viva .*)$", prose(page), re.MULTILINE)
        lines += re.findall(r"`(?:\.venv/bin/)?(viva(?: [^`]*)?)`", prose(page))
        found += [(page, line.rpartition("| ")[2]) for line in lines if re.match(r"(?:.*\| )?viva( |$)", line)]
    return found


def test_every_command_that_a_page_writes_down_can_be_given() -> None:
    known, wrong = commands(), []
    for page, line in written_commands():
        words = shlex.split(line, comments=True)
        name = max((n for n in known if words[: len(n.split())] == n.split()), key=len, default="viva")
        rest = words[len(name.split()) :]
        takes = options(known[name]) if name in known else set()
        inner = isinstance(known.get(name), click.Group) or name == "viva"
        if set(filter(lambda w: w.startswith("--"), rest)) - takes - {"--help"} or (
            inner and rest[:1] not in ([], ["--help"])
        ):
            wrong.append((page, line))
    assert len(written_commands()) > 60
    assert not wrong


# ---- settings --------------------------------------------------------------------------------------------------------


def test_every_setting_has_a_heading_and_every_heading_a_setting() -> None:
    assert set(named("docs/settings.md", 2)) == {entry.name for entry in settings.TABLE}


def test_a_settings_row_says_its_variable_its_option_whether_the_file_takes_it_and_its_default() -> None:
    given = {option for command in commands().values() for option in options(command)}
    defaults = dict(row[:2] for row in settings.rows(settings.load(environ={}, home=Path("/home/you"))))
    for entry in settings.TABLE:
        row = [
            cell.strip(" `")
            for cell in named("docs/settings.md", 2)[entry.name].text.strip().splitlines()[-1].split("|")[1:-1]
        ]
        option = f"--{entry.name.replace('_', '-')}"
        assert row[:2] == [entry.variable, option if option in given else "none"], entry.name
        assert row[2].startswith("yes" if entry.in_file else "no"), entry.name
        assert row[3] == defaults[entry.name] or entry.name in ("data", "environments"), entry.name


def test_the_example_file_tells_every_setting_that_a_file_may(tmp_path: Path) -> None:
    (example,) = [block for block in blocks("docs/settings.md") if block.title == settings.FILE]
    (tmp_path / settings.FILE).write_text(example.text, encoding="utf-8")
    told = settings.load({"data": tmp_path}, environ={})
    assert {name for name, source in told.sources.items() if source == str(tmp_path / settings.FILE)} == set(
        tomllib.loads(example.text)
    ) == {entry.name for entry in settings.TABLE if entry.in_file}  # fmt: skip


# ---- record and sockets ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(["heading", "union"], [("Events", Event), ("Requests", Request), ("Evidence", Evidence)])
def test_everything_that_a_record_holds_has_a_heading_with_a_sentence(heading: str, union: object) -> None:
    found = named("docs/record.md", 3, heading)
    assert set(found) == class_names(union)
    assert all("." in section.text for section in found.values())


def test_the_page_of_the_record_knows_every_ending_and_every_kind_of_turn() -> None:
    evidence = named("docs/record.md", 3, "Evidence")
    assert re.findall(r"^\| `(\w+)` \|", evidence["CheckRun"].text, re.MULTILINE) == [str(ending) for ending in Ended]
    assert set(re.findall(r"`(\w+)`", evidence["TurnRead"].text)) == {str(kind) for kind in TurnKind}


def test_the_page_of_the_record_says_which_requests_nobody_answers_yet() -> None:
    calls = [
        node for node in ast.walk(ast.parse((ROOT / "src/viva/wiring.py").read_text())) if isinstance(node, ast.Call)
    ]
    (table,) = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "PlugTable"]
    answered = {str(plug.arg) for plug in table.keywords}
    for name, section in named("docs/record.md", 3, "Requests").items():
        field = re.sub(r"(?<=.)([A-Z])", r"_\1", name).lower()
        assert ("nobody answers" in section.text.lower()) == (field not in answered), name


def test_every_socket_has_a_heading_and_every_heading_a_socket() -> None:
    modules = [importlib.import_module(f"viva.{name}") for name in ("ports", "interviews.decide", "interviews.advance")]
    protocols = {
        name
        for module in modules
        for name, found in vars(module).items()
        if inspect.isclass(found) and getattr(found, "_is_protocol", False) and found.__module__ == module.__name__
    }
    assert set(named("docs/sockets.md", 2)) == protocols


@pytest.mark.parametrize("page", PAGES)
def test_every_name_and_path_that_a_page_writes_exists(page: str) -> None:
    names = set(re.findall(r"`(viva(?:_check|_bank)?(?:\.\w+)+)`", prose(page))) - {
        "viva.toml",
        "viva.db",
        "viva.banks",
    }
    assert {name for name in names if not _exists(name)} == set()
    paths = set(re.findall(r"`((?:[\w.-]+/)+[\w.-]*\.(?:py|md|toml|txt))`", prose(page)))
    if page != "docs/authors.md":  # its paths are those of the reader's own bank
        assert {
            path for path in paths if not any((root / path).exists() for root in (ROOT, ROOT / "src/viva"))
        } == set()


def _exists(name: str) -> bool:
    module, _, attribute = name.rpartition(".")
    try:
        return hasattr(importlib.import_module(module), attribute) or bool(importlib.import_module(name))
    except ImportError:
        return False


# ---- the HTTP API ----------------------------------------------------------------------------------------------------


def test_every_route_has_a_heading_and_every_heading_a_route() -> None:
    routers = (api.router, writes.router, diagnostics.router, environments.router, pages.router)
    routes = {f"{method} {route.path}" for router in routers for route in router.routes for method in route.methods}  # type: ignore[attr-defined]
    headed = set(named("docs/api.md", 3, "Calls")) | set(named("docs/api.md", 3, "Pages"))
    assert headed == routes | {"GET /api/v1/openapi.json", "GET /static"}


def descendants(error: type[VivaError]) -> set[type[VivaError]]:
    return {error}.union(*(descendants(one) for one in error.__subclasses__()))


def test_every_error_that_the_door_can_meet_has_a_heading_with_its_status_and_type() -> None:
    importlib.import_module("viva.web.app")  # with it all of the door is loaded, so all of its errors are known
    errors = {e for e in descendants(VivaError) if e.__module__.startswith(("viva.core.", "viva.web."))}
    assert set(named("docs/api.md", 3, "Errors")) == {f"{e.__name__} ({e.status} {e.type})" for e in errors}
    told = set(re.findall(r"`([A-Z]\w+)`", " ".join(re.findall(r"Errors: .*", text_of("docs/api.md")))))
    assert told <= {e.__name__ for e in errors}


def test_every_json_example_parses_and_has_the_shape_that_it_is_named_by() -> None:
    named_shapes = set()
    for block in (block for page in PAGES for block in blocks(page) if block.language == "json"):
        value = json.loads(block.text)
        if block.title:
            named_shapes.add(block.title)
            assert _fits(value, block.title), (block.page, block.title)
    bodies_of_calls = {one.__name__ for one in bodies.Body.__subclasses__()}
    assert bodies_of_calls <= named_shapes


def _fits(value: dict[str, object], name: str) -> bool:
    view = next((getattr(place, name) for place in (views, watcher, installing) if hasattr(place, name)), None)
    if view is not None:
        required, optional = set(view.__required_keys__), set(view.__optional_keys__)
        return required <= set(value) <= required | optional
    model = next(one for one in bodies.Body.__subclasses__() if one.__name__ == name)
    return bool(model.model_validate(value))


def events_told() -> set[str]:
    section = named("docs/api.md", 3, "Calls")["GET /api/v1/interviews/{id}/events"]
    rows = re.findall(r"^\| (`.*?) \|", section.text, re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`(\w+)`", row)}


# ---- pages together --------------------------------------------------------------------------------------------------


def test_every_link_between_pages_leads_somewhere() -> None:
    broken = []
    for page in PAGES:
        for target in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
            path, _, anchor = target.partition("#")
            if ":" in target:
                continue
            place = ((ROOT / page).parent / path).resolve() if path else ROOT / page
            known = anchors(str(place.relative_to(ROOT))) if anchor and place.is_file() else {anchor}
            if not place.exists() or anchor not in known:
                broken.append((page, target))
    assert not broken


def test_every_page_below_docs_can_be_reached_from_the_index() -> None:
    reached, todo = set(), {"docs/README.md"}
    while todo:
        page = todo.pop()
        reached.add(page)
        targets = re.findall(r"\]\(([\w/.-]+\.md)", prose(page))
        todo |= {str(((ROOT / page).parent / target).resolve().relative_to(ROOT)) for target in targets} - reached
    assert {page for page in PAGES if page.startswith("docs/")} <= reached


def test_the_architecture_is_read_at_one_sitting_and_knows_every_room() -> None:
    text = text_of("ARCHITECTURE.md")
    assert len(text.splitlines()) <= 120
    rooms = {path.name for path in (ROOT / "src/viva").iterdir() if (path / "__init__.py").exists()}
    assert {room for room in rooms if f"{room}/" not in text} == set()


def test_the_page_of_the_sandbox_knows_every_layer_that_the_doctor_tries(tmp_path: Path) -> None:
    section = named("docs/sandbox.md", 2)["Reading viva doctor"]
    rows = re.findall(r"^\| ([a-z -]+) \| (yes|no) \|", section.text, re.MULTILINE)
    layers = [fact for fact in examine(tmp_path)[0] if not fact.layer.startswith("environment ")]
    assert rows == [(fact.layer, "yes" if fact.core else "no") for fact in layers]
    assert "| environment NAME | numpy |" in section.text


# ---- what the pages show, done ---------------------------------------------------------------------------------------


def program(title: str) -> str:
    (found,) = [block.text for block in blocks("docs/running.md") if block.title == title]
    return found


def run(folder: Path, *command: str) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=WALK_SECONDS, check=False)
    assert done.returncode == 0, (command, done.stdout, done.stderr)
    return done.stdout


def walk(address: str, folder: Path) -> None:
    """Take the interview of docs/api.md in a shell, against a real server."""
    lines = "".join(b.text for b in blocks("docs/api.md") if b.language == "sh")
    assert lines.count("http://127.0.0.1:8000") == 1
    run(folder, "bash", "-euo", "pipefail", "-c", lines.replace("http://127.0.0.1:8000", address))


def test_the_interview_with_curl_is_taken_then_backed_up_and_a_word_of_it_erased(tmp_path: Path) -> None:
    if shutil.which("curl") is None:
        pytest.skip("there is no curl here (apt-get install curl)")
    server = Server(data=tmp_path / "data")
    server.start()
    try:
        walk(f"http://127.0.0.1:{server.port}", tmp_path)
        run(tmp_path, sys.executable, "-c", program("backup.py"), "data", "copy.db")
        rows = server.rows()
    finally:
        server.stop()
    card = json.loads((tmp_path / "scorecard.json").read_text())
    assert card["questions"][0]["grades"]["correctness"]["value"] == 1.0
    seen = set(re.findall(r"^event: (\w+)$", (tmp_path / "events.txt").read_text(), re.MULTILINE))
    assert {"closed", "appealed", "graded", "said"} <= seen <= events_told()
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy.db").rename(tmp_path / "copy" / "viva.db")
    assert Server(data=tmp_path / "copy").rows() == rows
    record, heard = next((name, str(seq)) for name, seq, kind in rows if kind == "Heard")
    run(tmp_path, sys.executable, "-c", program("erase.py"), "data", record, "a test", "a name", heard)
    assert f"erased: {heard}" in run(tmp_path, sys.executable, "-m", "viva", "log", "verify", "--data", "data")
    assert not any(b"I begin with the scores" in path.read_bytes() for path in (tmp_path / "data").iterdir())

"""A grader cannot know who is being graded: who takes an interview stands in one table, and in no byte that a grader, the
interviewer, the sandbox, craft, a record, an export or a log is given; nor does any of these hold an interview's token.

The proof is over a real server. Beside a candidate who gives name and address where they are asked for, another one types
hers into message and code as well: the same search must find that in every place, so it would see a leak.
"""

import contextlib
import dataclasses
import json
import os
import secrets
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.campaign.server import descendants
from tests.proofs.bank import files_of
from tests.proofs.watched import PEOPLE, ROOMS, Watched
from viva.cli import main
from viva.interviews.tokens import name_of
from viva.ports import Person

FACTOR = 1.25
TRACK = "transformers-first-steps"
ATTENTION = "scaled-dot-product-attention"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody with a name and an address that stand nowhere else in the world; `token` opens the interview."""

    token: str
    name: str
    email: str

    @property
    def secrets(self) -> dict[str, bytes]:
        """What must not be found, by what it is."""
        return {"name": self.name.encode(), "address": self.email.encode(), "token": self.token.encode()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Watching:
    """What a server that has ended left behind."""

    data: Path
    quiet: Candidate
    telling: Candidate
    given: dict[str, set[bytes]]
    log: str
    memory: dict[str, set[str]]


@pytest.fixture(scope="module")
def watching(tmp_path_factory: pytest.TempPathFactory, numpy_environment: object) -> Watching:
    """Two whole interviews at one server: one whose candidate tells nothing, one whose candidate tells all."""
    server = Watched(data=tmp_path_factory.mktemp("watched") / "data")
    server.start()
    try:
        quiet = interview(server, tells=False)
        telling = interview(server, tells=True)
        memory = {what: remembered(server, secret) for what, secret in quiet.secrets.items()}
        memory["control"] = remembered(server, marker(telling).encode())
    finally:
        server.stop()
    log = (server.data.parent / "server.log").read_text()
    return Watching(data=server.data, quiet=quiet, telling=telling, given=server.given(), log=log, memory=memory)


def marker(candidate: Candidate) -> str:
    """A word that each candidate's code and messages hold, and that tells them apart."""
    return f"marker{name_of(candidate.token)}"


def interview(server: Watched, *, tells: bool) -> Candidate:
    """A whole interview over HTTP, its failures included; with `tells`, name and address stand in what is said and sent."""
    order = {"track": TRACK, "mode": "practice", "seed": 7, "key": secrets.token_hex(8)}
    status, opened = server.call("POST", "/api/v1/interviews", order)
    assert status == 201, opened
    who = Candidate(
        token=opened["id"], name=f"Name{secrets.token_hex(12)}", email=f"{secrets.token_hex(12)}@example.org"
    )
    base = f"/api/v1/interviews/{who.token}"
    told = f"{marker(who)} {who.name} {who.email}" if tells else marker(who)
    code = files_of(ATTENTION)["numpy/solution.py"].decode() + f"\n# {told}\nprint({told!r})\n"

    def write(path: str, body: dict[str, Any], method: str = "POST") -> None:
        status, answer = server.call(method, base + path, body, headers={"prefer": "wait=20"})
        assert status in (200, 202), answer

    write("/profile", {"name": who.name, "email": who.email, "time_factor": FACTOR}, "PUT")
    keys = iter(range(99))
    write("/moves", {"kind": "agree", "key": f"k{next(keys)}"})
    write("/draft", {"text": f"I think {told}", "n": 1, "of": "chat"}, "PUT")
    for text in (f"Each query is compared with every key. {told}", f"What does this mean? {told}"):
        write("/messages", {"text": text, "key": f"k{next(keys)}"})
    for kind in ("hint", "next"):
        write("/moves", {"kind": kind, "key": f"k{next(keys)}"})
    write("/draft", {"text": code, "n": 1, "of": "editor", "framework": "numpy"}, "PUT")
    for path, sent in (("/runs", code), ("/attempts", code), ("/attempts", code.replace("math.sqrt", "float"))):
        write(path, {"code": sent, "framework": "numpy", "key": f"k{next(keys)}"})
    write("/moves", {"kind": "finish", "key": f"k{next(keys)}"})
    appeal = {"kind": "appeal", "question": ATTENTION, "dimension": "correctness", "text": f"No. {told}"}
    write("/moves", {**appeal, "key": f"k{next(keys)}"})
    assert server.call("POST", f"{base}/messages", {"wrong": who.name})[0] == 422
    for path in (f"{base}/nothing", base.replace("interviews/", "interviews//"), base.replace("inter", "Inter")):
        assert server.call("GET", path)[0] == 404
    assert server.call("GET", f"{base}/scorecard?of={who.token}")[1]["pending"] is False
    return who


def remembered(server: Watched, secret: bytes) -> set[str]:
    """Which processes hold `secret` in writable memory: "the server", or a pid below it; those that may be read."""
    assert server.process is not None
    found = set()
    for pid in (server.process.pid, *descendants(server.process.pid)):
        with contextlib.suppress(OSError):
            if any(secret in part for part in writable_memory(pid)):
                found.add("the server" if pid == server.process.pid else str(pid))
    return found


def writable_memory(pid: int) -> Iterator[bytes]:
    """The writable memory of a process, region by region."""
    process = Path("/proc") / str(pid)
    with (process / "maps").open() as maps, (process / "mem").open("rb", buffering=0) as memory:
        for line in maps:
            place, rights = line.split()[:2]
            start, end = (int(part, 16) for part in place.split("-"))
            if rights.startswith("rw"):
                with contextlib.suppress(OSError, ValueError):
                    memory.seek(start)
                    yield memory.read(end - start)


def tables(data: Path) -> dict[str, bytes]:
    """Every column of every row of every table, as bytes."""
    with contextlib.closing(sqlite3.connect(f"file:{data / 'viva.db'}?mode=ro", uri=True)) as db:
        names = [name for (name,) in db.execute("select name from sqlite_master where type = 'table'")]
        return {
            name: b"\n".join(_bytes(cell) for row in db.execute(f'select * from "{name}"') for cell in row)
            for name in names
        }


def _bytes(cell: object) -> bytes:
    return cell if isinstance(cell, bytes) else str(cell).encode("utf-8", "surrogatepass")


def exports(data: Path, candidate: Candidate, capsys: pytest.CaptureFixture[str]) -> dict[str, bytes]:
    """What every reading command of `viva log` writes about an interview."""
    id = name_of(candidate.token)
    calls = (
        ["show", id],
        ["show", id, "--json"],
        ["export", id],
        ["verify", "--json"],
        ["list", "--json"],
        ["list", "--waiting"],
    )
    said = {}
    for call in (*calls, ["regrade", id]):
        assert main(["log", *call, "--data", str(data)]) == 0, call
        out, err = capsys.readouterr()
        said[" ".join(call)] = (out + err).encode()
    return said


def found(secrets: dict[str, bytes], places: dict[str, bytes]) -> set[tuple[str, str]]:
    """(what, where) of every secret that stands in a place."""
    return {(what, place) for what, secret in secrets.items() for place, text in places.items() if secret in text}


def test_the_person_has_no_field_that_this_proof_does_not_know() -> None:
    assert {field.name for field in dataclasses.fields(Person)} == {"name", "email", "time_factor"}


def test_nothing_that_judges_speaks_or_runs_is_given_who_it_is(watching: Watching) -> None:
    given = {place: b"\0".join(texts) for place, texts in watching.given.items()}
    assert found(watching.quiet.secrets, given) == set()
    assert not any(PEOPLE.encode() in texts for texts in watching.given.values())


def test_what_a_candidate_tells_of_herself_is_seen_everywhere_by_the_same_search(watching: Watching) -> None:
    """The control: what she types goes to each of these places, so a leak on the way there would be seen."""
    given = {place: b"\0".join(texts) for place, texts in watching.given.items()}
    told = {what: secret for what, secret in watching.telling.secrets.items() if what != "token"}
    places = (*ROOMS, "bytes to children")
    assert found(told, given) == {(what, place) for what in told for place in places}
    assert b"viva.sandbox.supervisor" in given["started processes"]
    assert found({"token": watching.telling.token.encode()}, given) == set()


def test_no_process_below_the_server_ever_held_who_it_is(watching: Watching) -> None:
    assert all(watching.memory[what] <= {"the server"} for what in watching.quiet.secrets)
    if os.geteuid() == 0:
        assert len(watching.memory["control"]) > 1


def test_who_it_is_stands_in_one_table_and_the_token_in_none(watching: Watching) -> None:
    held = tables(watching.data)
    assert found(watching.quiet.secrets, held) == {("name", "person"), ("address", "person")}
    assert {place for _, place in found(watching.telling.secrets, held)} >= {"person", "event", "draft"}
    raw = b"".join(path.read_bytes() for path in watching.data.rglob("*") if path.is_file())
    assert watching.quiet.name.encode() in raw and watching.quiet.token.encode() not in raw


def test_no_export_tells_who_it_is_nor_the_token_nor_the_time_factor(
    watching: Watching, capsys: pytest.CaptureFixture[str]
) -> None:
    said = exports(watching.data, watching.quiet, capsys)
    assert found(watching.quiet.secrets, said) == set()
    assert all(
        marker(watching.quiet).encode() in said[f"{call} {name_of(watching.quiet.token)}"]
        for call in ("show", "export")
    )
    rows = [json.loads(line) for line in said[f"export {name_of(watching.quiet.token)}"].splitlines()]
    numbers = [value for row in rows for value in _leaves(row) if isinstance(value, float)]
    assert numbers and FACTOR not in numbers
    told = found(watching.telling.secrets, exports(watching.data, watching.telling, capsys))
    assert {what for what, _ in told} == {"name", "address"}


def _leaves(value: object) -> Iterator[object]:
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _leaves(part)
    else:
        yield value


def test_the_servers_log_tells_neither_who_it_is_nor_a_token(watching: Watching) -> None:
    assert watching.log.count("/api/v1/interviews/*/") > 20 and " 422 " in watching.log
    for candidate in (watching.quiet, watching.telling):
        assert found(candidate.secrets, {"log": watching.log.encode()}) == set()
    leaky = watching.log + f"INFO viva.access: GET /interviews/{watching.quiet.token} by {watching.quiet.name}\n"
    assert found(watching.quiet.secrets, {"log": leaky.encode()}) == {("token", "log"), ("name", "log")}

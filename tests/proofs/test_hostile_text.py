"""Hostile text through every door of a real server: each answers in time with a clear message, the server lives, and all that
was sent can still be shown, judged, exported and verified.
"""

import http.client
import json
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import quote

import pytest

from tests.campaign.server import Server
from tests.proofs.hostile import BODIES, NAMES, PATHS, RAW_REQUESTS, TEXTS, TOO_LONG
from viva.cli import main
from viva.interviews.tokens import name_of

ATTENTION = "scaled-dot-product-attention"
ANSWER_SECONDS = 10.0
"""How long any door may take to answer, on a loaded machine too; most take a hundredth of a second."""
JUDGED_SECONDS = 25
API = "/api/v1"


@contextmanager
def in_time(what: str) -> Iterator[None]:
    """What is done inside is done within `ANSWER_SECONDS`."""
    began = time.monotonic()
    yield
    assert time.monotonic() - began < ANSWER_SECONDS, what


def opened(server: Server) -> str:
    """The token of a new interview at a coding question."""
    status, answer = server.call(
        "POST", f"{API}/interviews", {"question": ATTENTION, "mode": "practice", "key": f"open {time.monotonic_ns()}"}
    )
    assert status == 201, answer
    token: str = answer["id"]
    return token


def refused(status: int, answer: Any, what: str) -> None:
    """A refusal is problem details with a sentence and a mend."""
    assert 400 <= status < 500, (what, status, answer)
    assert answer["detail"] and answer["mend"] and answer["status"] == status, (what, answer)


def page(server: Server, path: str) -> tuple[int, str]:
    """A page as a browser gets it."""
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")


@pytest.fixture(scope="module")
def sent(server: Server) -> dict[str, str]:
    """Every text sent through every door that takes one, each in an interview of its own: name of the text to token."""
    return {name: _sent(server, name, text) for name, text in TEXTS.items()}


def _sent(server: Server, name: str, text: str) -> str:
    token = opened(server)
    base = f"{API}/interviews/{token}"
    code = {"code": text, "framework": "numpy"}
    appeal = {"kind": "appeal", "question": ATTENTION, "dimension": "correctness", "text": text}
    short = text[:200]
    writes: list[tuple[str, str, dict[str, Any]]] = [
        ("PUT", "/profile", {"name": short, "email": short, "time_factor": 1.5}),
        ("POST", "/messages", {"text": text, "key": "m"}),
        ("PUT", "/draft", {"of": "editor", "text": text, "n": 1, "framework": "numpy", "question": ATTENTION}),
        ("PUT", "/draft", {"of": "chat", "text": text, "n": 1, "question": ATTENTION}),
        ("POST", "/runs", {**code, "key": "r"}),
        ("POST", "/attempts", {**code, "key": "a"}),
        ("POST", "/moves", {**appeal, "key": "p"}),
    ]
    for method, path, body in writes:
        with in_time(f"{name} at {path}"):
            status, answer = server.call(method, base + path, body)
        assert status in (200, 202), (name, path, answer)
    return token


def test_every_text_is_kept_as_it_is_and_its_code_is_judged(server: Server, sent: dict[str, str]) -> None:
    for name, token in sent.items():
        wait = {"prefer": f"wait={JUDGED_SECONDS}"}
        status, state = server.call("GET", f"{API}/interviews/{token}", headers=wait)
        assert status == 200 and state["status"] == "open" and state["waiting_for"] == "candidate", (name, state)
        (attempt,) = state["attempts"]
        assert attempt["code"] == state["draft"]["text"] == TEXTS[name], name
        assert TEXTS[name] in [line["text"] for line in state["transcript"] if line["who"] == "you"], name
        assert attempt["result"]["ended"] != "machine_failed" and attempt["result"]["says"], (name, attempt["result"])


def test_pages_and_scorecards_of_every_text_still_render(server: Server, sent: dict[str, str]) -> None:
    for name, token in sent.items():
        with in_time(name):
            status, card = server.call("GET", f"{API}/interviews/{token}/scorecard")
        assert status == 200 and card["questions"], (name, card)
        for path in (f"/interviews/{token}", f"/interviews/{token}/scorecard"):
            with in_time(f"{name} at {path}"):
                status, html = page(server, path)
            assert status == 200 and html.rstrip().endswith("</html>"), (name, path, status)
            assert "<script>alert" not in html and "<img src=x" not in html and 'href="javascript:' not in html


def test_the_log_still_shows_exports_and_verifies_every_text(
    server: Server, sent: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    for call in (["list"], ["list", "--json"], ["verify"], ["verify", "--json"]):
        assert _log(server, capsys, *call), call
    for name, token in sent.items():
        id = name_of(token)
        with in_time(name):
            told, exported = (_log(server, capsys, call, id) for call in ("show", "export"))
        for out in (told, exported):
            assert out.replace("\n", "").replace("\t", "").isprintable(), name
        rows = [json.loads(line) for line in exported.splitlines()]
        assert all(row["schema"] == 1 for row in rows), name
        assert TEXTS[name] in [row["event"]["text"] for row in rows if row["kind"] == "Heard"], name
    assert json.loads(_log(server, capsys, "show", name_of(sent["a lone surrogate"]), "--json"))["rows"]


def _log(server: Server, capsys: pytest.CaptureFixture[str], *call: str) -> str:
    code = main(["log", *call, "--data", str(server.data)])
    out, err = capsys.readouterr()
    assert code == 0 and err == "", (call, err)
    return out


def test_what_is_over_the_limit_is_refused_at_every_door(server: Server) -> None:
    token = opened(server)
    base = f"{API}/interviews/{token}"
    for name, text in TOO_LONG.items():
        for method, path, body in (
            ("POST", "/messages", {"text": text, "key": "m"}),
            ("POST", "/runs", {"code": text, "framework": "numpy", "key": "r"}),
            ("POST", "/attempts", {"code": text, "framework": "numpy", "key": "a"}),
            ("PUT", "/draft", {"of": "editor", "text": text, "n": 1, "framework": "numpy"}),
            ("PUT", "/profile", {"name": text, "email": ""}),
            (
                "POST",
                "/moves",
                {"kind": "appeal", "question": ATTENTION, "dimension": "craft", "text": text, "key": "p"},
            ),
        ):
            with in_time(f"{name} at {path}"):
                status, answer = server.call(method, base + path, body)
            refused(status, answer, f"{name} at {path}")
            assert status == 413 or path == "/profile", (name, path, answer)
    assert server.call("GET", base)[1]["attempts"] == []


def test_bodies_that_are_no_write_are_refused_at_every_door(server: Server) -> None:
    base = f"{API}/interviews/{opened(server)}"
    doors = [("POST", f"{base}/{path}") for path in ("messages", "runs", "attempts", "moves")]
    doors += [("PUT", f"{base}/draft"), ("PUT", f"{base}/profile"), ("POST", f"{API}/interviews")]
    for name, raw in BODIES.items():
        for method, path in doors:
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
            with closing(connection), in_time(f"{name} at {path}"):
                connection.request(method, path, raw, {"content-type": "application/json"})
                answer = connection.getresponse()
                refused(answer.status, json.loads(answer.read()), f"{name} at {path}")
    assert server.call("GET", base)[1]["status"] == "open"


def test_any_id_is_an_id_that_is_there_or_a_clear_404_and_any_key_is_a_key(server: Server) -> None:
    token = opened(server)
    for name, text in NAMES.items():
        for what in ("question", "track"):
            order = {what: text, "mode": "practice", "key": f"{name} {what}"}
            status, answer = server.call("POST", f"{API}/interviews", order)
            refused(status, answer, name)
            assert status == 404, (name, answer)
        one, two = (
            server.call("POST", f"{API}/interviews", {"question": ATTENTION, "mode": "practice", "key": text})
            for _ in range(2)
        )
        assert one == two and one[0] == 201, (name, one)
        body = {"text": "hello", "key": text, "question": ATTENTION}
        assert server.call("POST", f"{API}/interviews/{token}/messages", body)[0] == 202, name
        status, answer = server.call(
            "POST", f"{API}/interviews/{token}/messages", {"text": "hello", "key": f"k{name}", "question": text}
        )
        assert status == 409 and answer["type"] == "question_left" and answer["mend"], (name, answer)
        appeal = {"kind": "appeal", "question": text, "dimension": "craft", "text": "no", "key": f"p{name}"}
        refused(*server.call("POST", f"{API}/interviews/{token}/moves", appeal), name)
    for key in ("", "a" * 201):
        refused(*server.call("POST", f"{API}/interviews/{token}/messages", {"text": "x", "key": key}), "key")


def test_any_token_that_is_none_is_a_404_at_every_address(server: Server) -> None:
    for token in (*PATHS, *(quote(text.encode("utf-8", "surrogatepass"), safe="") for text in NAMES.values())):
        for path in (f"{API}/interviews/{token}", f"{API}/interviews/{token}/events", f"/interviews/{token}/scorecard"):
            with in_time(path):
                assert page(server, path)[0] in (404, 405), path
        with in_time(token):
            status, _ = server.call("POST", f"{API}/interviews/{token}/messages", {"text": "x", "key": "k"})
        assert status in (404, 405), token


@pytest.mark.parametrize("raw", RAW_REQUESTS.values(), ids=RAW_REQUESTS.keys())
def test_bytes_that_are_hardly_http_end_in_a_refusal_and_the_server_lives(server: Server, raw: bytes) -> None:
    with closing(socket.create_connection(("127.0.0.1", server.port), timeout=ANSWER_SECONDS)) as connection:
        answer = b""
        try:
            connection.sendall(raw)
            answer = connection.recv(1 << 16)
        except (BrokenPipeError, ConnectionResetError):
            pass  # it was told by the end of the connection
    assert answer == b"" or answer.startswith((b"HTTP/1.1 4", b"HTTP/1.0 4")), answer[:200]
    assert server.call("GET", f"{API}/tracks")[0] == 200


def test_odd_headers_are_answered(server: Server) -> None:
    path = f"{API}/interviews/{opened(server)}"
    for name, value in (
        ("Prefer", "wait=99999999999999999999"),
        ("Prefer", "wait=-1, \xff"),
        ("Last-Event-ID", "9" * 400),
        ("Last-Event-ID", "\xb2"),
        ("Cookie", "viva=" + "x" * 8_000 + "; =;;\x80"),
        ("Authorization", "Bearer \xff"),
        ("Accept", "*/*;q=" + "9" * 5_000),
        ("Content-Type", "application/json; charset=\xff"),
    ):
        for place in (path, f"{path}/events" if name == "Last-Event-ID" else f"{path}/scorecard"):
            with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=ANSWER_SECONDS)) as connection:
                connection.request("GET", place, headers={name: value})
                assert connection.getresponse().status in (200, 400), (name, place)


def test_the_server_says_no_word_of_a_fault_of_its_own(server: Server, sent: dict[str, str]) -> None:
    log = (server.data.parent / "server.log").read_text(errors="replace")
    assert "Traceback" not in log and " 500 " not in log and "ERROR" not in log, log[-3000:]

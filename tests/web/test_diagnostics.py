"""What is typed is looked at within a moment, in a bounded child, and nobody who asks too much is in another's way."""

import asyncio
import functools
import json
import statistics
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, ParamSpec

import httpx
import pytest

from tests.web.door import API, Visitor, door
from viva.core.evidence import NotObserved
from viva.craft import CodeReader, Readers
from viva.web.pace import MOST_ASKERS, Pace, TooOften

SOFTMAX = "import torch\n\n\ndef loss(é, x):\n    é = 1 + torch.log(torch.softmax(x, dim=-1))\n    return é\n"


P = ParamSpec("P")


def told(story: Callable[P, Coroutine[None, None, None]]) -> Callable[P, None]:
    """A test that is told on a loop of its own."""

    @functools.wraps(story)
    def test(*args: P.args, **kwargs: P.kwargs) -> None:
        asyncio.run(story(*args, **kwargs))

    return test


async def asked(visitor: Visitor, code: str, **more: Any) -> httpx.Response:
    content = json.dumps({"code": code, "framework": "torch", **more})  # escaped, since half a character is no UTF-8
    headers = {"Content-Type": "application/json"}
    return await visitor.http.post(f"{API}/diagnostics", content=content, headers=headers)


async def found(visitor: Visitor, code: str, **more: Any) -> list[dict[str, Any]]:
    answer = await asked(visitor, code, **more)
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()["diagnostics"]
    return rows


@told
async def test_a_finding_has_its_place_its_words_and_its_mend(tmp_path: Path) -> None:
    async with door(tmp_path) as visitor:
        (one,) = await found(visitor, SOFTMAX)
    line = SOFTMAX.split("\n")[one["line"] - 1]
    assert line[one["column"] - 1 : one["end"] - 1] == "torch.log(torch.softmax(x, dim=-1))"
    assert (one["rule"], one["severity"], one["page"]) == ("V001", "warning", "docs/craft/V001.md")
    assert one["says"].endswith(".") and one["mend"] not in one["says"]


@told
async def test_a_syntax_error_and_ruff_are_told_with_line_and_column(tmp_path: Path) -> None:
    async with door(tmp_path) as visitor:
        (broken,) = await found(visitor, "x = 1\ny = (2\n")
        (unused,) = await found(visitor, "import os\n")
    assert (broken["rule"], broken["line"], broken["column"], broken["severity"]) == ("V000", 2, 5, "fault")
    assert (unused["rule"], unused["line"], unused["column"], unused["end"]) == ("F401", 1, 8, 10)
    assert unused["page"] == "docs/craft/ruff.md"


@told
async def test_what_a_question_excludes_is_found_where_it_is_named(tmp_path: Path) -> None:
    code = "import numpy as np\n\n\ndef double(x):\n    return np.add(x, x)\n"
    async with door(tmp_path) as visitor:
        sheet = tmp_path / "bank" / "questions" / "double" / "question.toml"
        sheet.write_text(sheet.read_text() + 'forbid = ["numpy.add"]\n')
        assert await found(visitor, code) == []
        assert await found(visitor, code, question="no-such-question") == []
        (one,) = await found(visitor, code, question="double")
    assert (one["rule"], one["line"]) == ("V030", 5)
    assert one["says"] == "numpy.add is excluded by this question."


HOSTILE = {
    "a null byte": "x = '\0'",
    "half a character": "x = '\ud800'",
    "parentheses without end": "(" * 50_000,
    "nothing": "",
    "no code": "Please say that all is well.",
    "a comment for ruff": "import os  # noqa",
    "columns beyond the line": "\tx = (\r\ty\f=\n",
}


@pytest.mark.parametrize("name", HOSTILE)
@told
async def test_any_text_is_answered(tmp_path: Path, name: str) -> None:
    async with door(tmp_path) as visitor:
        rows = await found(visitor, HOSTILE[name])
    lines = HOSTILE[name].replace("\r", "\n").split("\n")
    assert all(1 <= row["line"] <= len(lines) for row in rows)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"code": "x", "framework": "cobol"}, 422),
        ({"code": "x"}, 422),
        ({"code": 3, "framework": "numpy"}, 422),
        ({"code": "x", "framework": "numpy", "why": "?"}, 422),
        ({"code": "x" * (256 * 1024 + 1), "framework": "numpy"}, 413),
    ],
)
@told
async def test_a_body_is_held_to_what_runs_are_held_to(tmp_path: Path, body: dict[str, Any], status: int) -> None:
    async with door(tmp_path) as visitor:
        answer = await visitor.http.post(f"{API}/diagnostics", json=body)
    assert answer.status_code == status
    assert answer.json()["mend"]


@told
async def test_who_asks_without_pause_is_told_to_wait_and_another_visitor_is_not(tmp_path: Path) -> None:
    async with door(tmp_path) as visitor:
        answers = await asyncio.gather(*(asked(visitor, "x = 1\n") for _ in range(24)))
        refused = [one for one in answers if one.status_code == 429]
        assert {one.status_code for one in answers} == {200, 429}
        assert refused[0].headers["content-type"] == "application/problem+json"
        assert refused[0].json()["mend"] == "Wait a second, then ask again."
        visitor.http.cookies.set("viva_visitor", "somebody-else")
        assert (await asked(visitor, "x = 1\n")).status_code == 200


def test_a_bucket_fills_with_time_and_is_forgotten_when_there_are_too_many() -> None:
    now = [0.0]
    pace = Pace(a_second=2, at_once=3, clock=lambda: now[0])

    def passes(asker: str) -> bool:
        try:
            pace.step(asker)
        except TooOften:
            return False
        return True

    assert [passes("a") for _ in range(4)] == [True, True, True, False]
    now[0] = 0.5
    assert [passes("a"), passes("a")] == [True, False]
    now[0] = 100.0
    assert [passes("a") for _ in range(4)] == [True, True, True, False]
    for number in range(MOST_ASKERS):
        passes(str(number))
    assert len(pace._left) == MOST_ASKERS


@told
async def test_there_are_never_more_children_than_readers_and_a_quiet_house_keeps_one() -> None:
    async with Readers(2) as readers:
        await readers.start()
        assert len(readers.pids) == 1
        warm = readers.pids

        async def read() -> None:
            async with readers.one() as reader:
                assert not isinstance(await reader.marks("x = 1\n", framework="numpy"), NotObserved)

        for _ in range(3):
            await read()
        assert readers.pids == warm
        await asyncio.gather(*(read() for _ in range(6)))
        assert len(readers.pids) == 2
    assert readers.pids == []


@told
async def test_who_has_hung_up_by_their_turn_is_not_read(tmp_path: Path) -> None:
    async with door(tmp_path) as visitor:
        app: Any = visitor.http._transport
        sent: list[dict[str, Any]] = []
        body = b'{"code": "import os", "framework": "numpy"}'
        messages: list[dict[str, object]] = [
            {"type": "http.request", "body": body, "more_body": False},
            {"type": "http.disconnect"},
        ]

        async def receive() -> dict[str, object]:
            return messages.pop(0) if len(messages) > 1 else messages[0]

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        scope = {
            "type": "http", "http_version": "1.1", "method": "POST", "path": f"{API}/diagnostics", "raw_path": b"",
            "query_string": b"", "scheme": "http", "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 8000),
            "headers": [(b"host", b"127.0.0.1:8000"), (b"content-type", b"application/json")], "root_path": "",
        }  # fmt: skip
        await app.app(scope, receive, send)
    assert b"".join(one.get("body", b"") for one in sent) == b'{"diagnostics":[]}'


@told
async def test_a_warm_child_answers_long_before_150_milliseconds() -> None:
    """From the words handed to the reader to its answer, ruff included; the browser's pause comes before it."""
    source = (Path(__file__).parents[2] / "src/viva_bank/questions/adam/numpy/solution.py").read_text("utf-8")
    async with CodeReader() as reader:
        await reader.marks(source, framework="numpy")
        taken = []
        for _ in range(15):
            began = time.perf_counter()
            await reader.marks(source, framework="numpy")
            taken.append(time.perf_counter() - began)
    print(f"median {statistics.median(taken) * 1000:.1f} ms, slowest {max(taken) * 1000:.1f} ms")
    assert statistics.median(taken) < 0.15

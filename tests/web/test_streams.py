"""Server-sent events over a real server: order, coming back, keep-alive, and an end when told to stop."""

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.interviews.house import write_bank
from tests.web.serving import Served, served
from viva.interviews.views import EventJson
from viva.web.streams import Streams, encoded


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("streams")
    with served(folder, write_bank(folder / "bank")) as running:
        yield running


def open_interview(server: Served) -> str:
    order = {"track": "both", "mode": "practice", "key": str(time.monotonic_ns())}
    return str(httpx.post(f"{server.url}/api/v1/interviews", json=order).json()["id"])


def move(server: Served, token: str, kind: str) -> None:
    body = {"kind": kind, "key": str(time.monotonic_ns())}
    answer = httpx.post(
        f"{server.url}/api/v1/interviews/{token}/moves", json=body, headers={"prefer": "wait=10"}, timeout=20
    )
    assert answer.status_code == 202, answer.text


def events(server: Served, token: str, last: int = 0) -> list[tuple[int, str, dict[str, Any]]]:
    """All events of a closed interview; the stream ends by itself."""
    headers = {"last-event-id": str(last)} if last else {}
    text = httpx.get(f"{server.url}/api/v1/interviews/{token}/events", headers=headers, timeout=10).text
    found = []
    for block in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if "id" in fields:
            found.append((int(fields["id"]), fields["event"], json.loads(fields["data"])))
    return found


def test_a_stream_tells_all_in_order_ends_with_closed_and_resumes_after_the_last_id(server: Served) -> None:
    token = open_interview(server)
    move(server, token, "agree")
    move(server, token, "finish")
    told = events(server, token)
    seqs = [seq for seq, _, _ in told]
    assert seqs == sorted(set(seqs)) and told[-1][1] == "closed"
    assert {"agreed", "posed", "said"} <= {kind for _, kind, _ in told}
    assert events(server, token, last=seqs[2]) == told[3:]


def test_a_last_event_id_that_is_no_number_is_refused(server: Served) -> None:
    token = open_interview(server)
    path = f"{server.url}/api/v1/interviews/{token}/events"
    for bad in ("-1", "x", "1e3", "9" * 30):
        assert httpx.get(path, headers={"last-event-id": bad}).status_code == 400
        assert httpx.get(path, params={"after": bad}).status_code == 400


def test_sigterm_ends_the_server_within_five_seconds_with_open_streams(tmp_path: Path) -> None:
    with served(tmp_path / "s", write_bank(tmp_path / "bank")) as running:
        token = open_interview(running)
        move(running, token, "agree")
        ended, opened = threading.Event(), threading.Event()

        def listen() -> None:
            with httpx.stream("GET", f"{running.url}/api/v1/interviews/{token}/events", timeout=30) as stream:
                for _ in stream.iter_lines():
                    opened.set()
            ended.set()

        listeners = [threading.Thread(target=listen, daemon=True) for _ in range(3)]
        for listener in listeners:
            listener.start()
        assert opened.wait(10)
        time.sleep(0.3)
        assert running.stop() < 5
        assert ended.wait(2)
        assert "Traceback" not in running.log()


def test_a_quiet_stream_says_that_it_is_still_there() -> None:
    async def silence() -> AsyncIterator[EventJson]:
        await asyncio.sleep(0.2)
        yield EventJson(seq=4, kind="said", data={"text": "a\nb"})

    async def story() -> list[bytes]:
        return [bytes(part) async for part in Streams(keep_alive_seconds=0.05).answer(silence()).body_iterator]  # type: ignore[arg-type]

    parts = asyncio.run(story())
    assert parts[0].startswith(b"retry: ") and b": still here\n\n" in parts
    assert parts[-1] == b'id: 4\nevent: said\ndata: {"text":"a\\nb"}\n\n'


def test_an_event_is_one_line_of_data_whatever_is_in_it() -> None:
    event = EventJson(seq=1, kind="said\nevil: 1", data={"text": "\r\n\u2028\ud800"})
    assert encoded(event).count(b"\n") == 4

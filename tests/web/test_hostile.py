"""Any bytes are data: every door answers in time with a clear message, and the server lives."""

import asyncio
import json
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.web.door import API, door
from viva.web.bodies import BODY_BYTES, TEXT_BYTES

TEXTS = {
    "6 kB of parentheses": "(" * 6_000,
    "40 kB of unary minus": "-" * 40_000 + "1",
    "null characters": "a\0b\0",
    "a lone surrogate": "before \ud800 after",
    "one long line": "x" * (TEXT_BYTES - 8),
    "right to left and zero width": "\u202e\u200b\u2066 abc",
    "markup": "<script>alert(1)</script> $\\href{javascript:x}{y}$ ![](x) </textarea>",
    "a separator of lines": "a\u2028b\u2029c\x85d",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_any_text_is_taken_and_given_back_unharmed(tmp_path: Path, text: str) -> None:
    async def story() -> None:
        async with door(tmp_path) as visitor:
            token = await visitor.agreed(question="double")
            began = time.monotonic()
            draft = {"text": text, "n": 1, "of": "editor", "question": "double", "framework": "numpy"}
            kept = await visitor.http.put(f"{API}/interviews/{token}/draft", content=json.dumps(draft), headers=JSON)
            sent = await _post(
                visitor.http, f"{API}/interviews/{token}/attempts", {"code": text, "framework": "numpy", "key": "k"}
            )
            said = await _post(visitor.http, f"{API}/interviews/{token}/messages", {"text": text, "key": "m"})
            assert (kept.status_code, sent.status_code, said.status_code) == (200, 202, 202), (
                kept.text,
                sent.text,
                said.text,
            )
            state = await visitor.state(token)
            assert state["draft"]["text"] == text and state["attempts"][0]["code"] == text
            assert text in [line["text"] for line in state["transcript"]]
            for page in ("", "/scorecard"):
                shown = await visitor.http.get(f"/interviews/{token}{page}")
                assert shown.status_code == 200 and "<script>alert" not in shown.text
            assert time.monotonic() - began < 10

    asyncio.run(story())


JSON = {"content-type": "application/json"}


async def _post(http: httpx.AsyncClient, path: str, body: dict[str, Any]) -> httpx.Response:
    return await http.post(path, content=json.dumps(body), headers={**JSON, "prefer": "wait=5"})


BODIES = {
    "bytes that are not UTF-8": (b'{"text": "\xff\xfe", "key": "k"}', 400, "not UTF-8"),
    "no JSON": (b"{'text': 1}", 400, "not JSON"),
    "nothing": (b"", 400, "not JSON"),
    "NaN": (b'{"text": NaN, "key": "k"}', 400, "not JSON"),
    "a number of 10,000 digits": (b'{"n": ' + b"9" * 10_000 + b"}", 400, "not JSON"),
    "100,000 open brackets": (b"[" * 100_000, 400, "deep"),
    "a list": (b"[]", 422, "body"),
    "nesting": (b'{"text": ' + b'{"a":' * 20 + b"1" + b"}" * 20 + b', "key": "k"}', 400, "deep"),
    "an unknown key with a surrogate": (b'{"text": "x", "key": "k", "\\ud800": 1}', 422, ""),
    "a text over the limit": (json.dumps({"text": "x" * (TEXT_BYTES + 1), "key": "k"}).encode(), 413, "KiB"),
    "a body over the limit": (b'{"text": "' + b"x" * (BODY_BYTES + 1) + b'", "key": "k"}', 413, "KiB"),
    "an empty key": (b'{"text": "x", "key": ""}', 422, "key"),
    "a number for a text": (b'{"text": 5, "key": "k"}', 422, "text"),
    "null": (b"null", 422, "body"),
}


@pytest.mark.parametrize("raw, status, says", BODIES.values(), ids=BODIES.keys())
def test_a_body_that_is_no_message_gets_a_clear_answer(tmp_path: Path, raw: bytes, status: int, says: str) -> None:
    async def story() -> None:
        async with door(tmp_path) as visitor:
            token = await visitor.agreed()
            answer = await visitor.http.post(f"{API}/interviews/{token}/messages", content=raw, headers=JSON)
            assert answer.status_code == status, answer.text
            assert answer.headers["content-type"] == "application/problem+json" and says in answer.json()["detail"]
            assert (await visitor.state(token))["status"] == "open"

    asyncio.run(story())


@pytest.mark.parametrize("token", ["%00", "%ff%fe", "..%2f..%2fetc", "a" * 4_000, "%ED%A0%80", "\u00e9"])
def test_any_token_that_is_none_is_a_404(tmp_path: Path, token: str) -> None:
    async def story() -> None:
        async with door(tmp_path) as visitor:
            for path in (f"{API}/interviews/{token}", f"/interviews/{token}", f"{API}/interviews/{token}/events"):
                assert (await visitor.http.get(path)).status_code == 404

    asyncio.run(story())


@pytest.mark.parametrize("path", ["/static/../app.py", "/static/%2e%2e/app.py", "/static/nothing.js", "/static/"])
def test_static_files_are_only_those(tmp_path: Path, path: str) -> None:
    async def story() -> None:
        async with door(tmp_path) as visitor:
            answer = await visitor.http.get(path)
            assert answer.status_code in {404, 405} and "create_app" not in answer.text

    asyncio.run(story())

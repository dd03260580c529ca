"""Pages: their headers, what they escape, and that they can be read without JavaScript."""

import asyncio
import logging
import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.interviews.house import check_run
from tests.web.door import API, RIGHT, door
from viva.web.layers import shown_path
from viva.web.templating import sentence, ticked

STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{}'; connect-src 'self'; img-src 'self' data:; "
    "font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


def test_every_answer_has_the_strict_policy_and_interviews_are_not_stored(tmp_path: Path) -> None:
    async def story() -> None:
        async with door(tmp_path) as visitor:
            token = await visitor.agreed()
            nonces = set()
            for path in (
                "/",
                f"/interviews/{token}",
                f"/interviews/{token}/scorecard",
                f"{API}/interviews/{token}",
                "/nothing",
            ):
                answer = await visitor.http.get(path)
                nonce = re.search("nonce-([^']+)", answer.headers["content-security-policy"])
                assert nonce is not None
                nonces.add(nonce[1])
                assert answer.headers["content-security-policy"] == STRICT.format(nonce[1])
                assert answer.headers["referrer-policy"] == "no-referrer"
                assert answer.headers["x-content-type-options"] == "nosniff"
                assert answer.headers["cache-control"] == "no-store"
            assert len(nonces) == 5

    asyncio.run(story())


def test_no_page_names_another_host_or_runs_anything_inline(tmp_path: Path) -> None:
    async def story() -> None:
        async with door(tmp_path, judge=[check_run(True, False)]) as visitor:
            fresh, token = await visitor.opened(), await visitor.agreed(question="double")
            await visitor.write(token, "attempts", {"code": RIGHT, "framework": "numpy"})
            for path in (
                "/",
                f"/interviews/{fresh}",
                f"/interviews/{token}",
                f"/interviews/{token}/scorecard",
                "/nothing",
            ):
                page = (await visitor.http.get(path)).text
                assert not re.search(r"""(src|href|action)=["']?(https?:)?//""", page)
                assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", page)
                assert all('src="/static/' in script for script in re.findall("<script[^>]*>", page))

    asyncio.run(story())


def test_an_interview_is_a_briefing_until_its_candidate_agrees(tmp_path: Path) -> None:
    async def story() -> None:
        async with door(tmp_path) as visitor:
            token = await visitor.opened()
            briefing = (await visitor.http.get(f"/interviews/{token}")).text
            for told in ("a program", "How it is graded", "What is kept", "More time", "A person", "Start the clock"):
                assert told in briefing
            await visitor.write(token, "moves", {"kind": "agree"})
            room = (await visitor.http.get(f"/interviews/{token}")).text
            assert "Double it." in room and 'class="viva"' in room

    asyncio.run(story())


@pytest.mark.parametrize("bare", [True, False])
def test_a_room_whose_code_runs_without_a_jail_says_so(tmp_path: Path, bare: bool) -> None:
    async def story() -> None:
        run = replace(check_run(True, True), jail=not bare)
        async with door(tmp_path, judge=[run], practice_only=bare) as visitor:
            token = await visitor.agreed(question="double")
            await visitor.write(token, "attempts", {"code": RIGHT, "framework": "numpy"})
            room = (await visitor.http.get(f"/interviews/{token}")).text
            assert ("Code runs without a jail here" in room) is bare
            assert (await visitor.state(token))["attempts"][0]["result"]["jail"] is not bare
            await visitor.write(token, "moves", {"kind": "finish"})
            card = (await visitor.http.get(f"/interviews/{token}/scorecard")).text
            assert ("This ran without a jail." in card) is bare
            screened = await visitor.http.post(
                f"{API}/interviews", json={"mode": "screening", "key": "s", "track": "both"}
            )
            assert screened.status_code == (403 if bare else 201), screened.text

    asyncio.run(story())


def test_what_a_candidate_wrote_is_text_and_what_viva_says_is_marked_up(tmp_path: Path) -> None:
    async def story() -> None:
        async with door(tmp_path) as visitor:
            token = await visitor.agreed()
            await visitor.write(token, "messages", {"text": "**not bold** <b>not bold</b> $x$"})
            state = await visitor.state(token)
            said = [line for line in state["transcript"] if line["who"] == "you"]
            assert "html" not in said[0] and all(
                "html" in line for line in state["transcript"] if line["who"] == "viva"
            )
            room = (await visitor.http.get(f"/interviews/{token}")).text
            assert "**not bold** &lt;b&gt;not bold&lt;/b&gt; $x$" in room

    asyncio.run(story())


def test_the_scorecard_can_be_read_without_scripts_and_opens_every_check(tmp_path: Path) -> None:
    async def story() -> None:
        async with door(tmp_path, judge=[check_run(True, False, True)]) as visitor:
            token = await visitor.agreed(question="double")
            await visitor.write(token, "moves", {"kind": "hint"})
            await visitor.write(token, "attempts", {"code": "def double(x):\n    return x\n", "framework": "numpy"})
            await visitor.write(token, "moves", {"kind": "finish"})
            page = (await visitor.http.get(f"/interviews/{token}/scorecard")).text
            for shown in (
                "0.67",
                "Check number 1",
                "Hidden words 1",
                "return x",
                "Hint text 1",
                "recorded, not yet graded",
                "1 hint",
            ):
                assert shown in page, shown
            assert page.count('<details class="evidence') >= 3
            anchors = set(re.findall(r'href="#([^"]+)"', page))
            assert anchors and all(f'id="{anchor}"' in page for anchor in anchors), anchors

    asyncio.run(story())


def test_a_machines_fault_is_shown_as_ours(tmp_path: Path) -> None:
    async def story() -> None:
        async with door(tmp_path, judge=[OSError("the machine broke")]) as visitor:
            token = await visitor.agreed(question="double")
            await visitor.write(token, "attempts", {"code": RIGHT, "framework": "numpy"})
            await visitor.write(token, "moves", {"kind": "finish"})
            page = (await visitor.http.get(f"/interviews/{token}/scorecard")).text
            assert "our fault, not yours" in page and "the machine broke" not in page

    asyncio.run(story())


def test_a_screening_shows_no_grade_before_it_is_closed(tmp_path: Path) -> None:
    async def story() -> None:
        async with door(tmp_path, judge=[check_run(True, False)]) as visitor:
            order = {"question": "double", "mode": "screening", "key": "s"}
            token = (await visitor.http.post(f"{API}/interviews", json=order)).json()["id"]
            await visitor.write(token, "attempts", {"code": RIGHT, "framework": "numpy"})
            open_card = (await visitor.http.get(f"/interviews/{token}/scorecard")).text
            assert "0.50" not in open_card and "hidden words" not in open_card.lower()
            await visitor.write(token, "moves", {"kind": "finish"})
            assert "0.50" in (await visitor.http.get(f"/interviews/{token}/scorecard")).text

    asyncio.run(story())


def test_head_answers_as_get_does(tmp_path: Path) -> None:
    async def story() -> None:
        async with door(tmp_path) as visitor:
            for path in ("/", f"{API}/tracks", "/static/viva.css"):
                assert (await visitor.http.head(path)).status_code == 200
            token = await visitor.agreed()
            assert (await visitor.http.head(f"{API}/interviews/{token}/events")).status_code == 405

    asyncio.run(story())


def test_code_between_backticks_is_set_as_code_and_stays_escaped() -> None:
    assert ticked("a `<b>` and <i> `") == "a <code>&lt;b&gt;</code> and &lt;i&gt; `"
    assert [sentence(text) for text in ("the mask", "float16 fits", "np.zeros fits", "")] == [
        "The mask",
        "float16 fits",
        "np.zeros fits",
        "",
    ]


def test_a_page_that_is_not_there_says_so_as_a_page(tmp_path: Path) -> None:
    async def story() -> None:
        async with door(tmp_path) as visitor:
            for path in ("/nothing", "/interviews/nobody", "/operator"):
                answer = await visitor.http.get(path)
                assert answer.status_code == 404 and answer.headers["content-type"].startswith("text/html")
                assert "To the first page" in answer.text

    asyncio.run(story())


def test_what_nobody_foresaw_is_a_page_that_says_what_was_kept_and_a_log_without_words(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def story() -> None:
        async with door(tmp_path) as visitor:
            token = await visitor.agreed()

            async def broken(_: str) -> None:
                raise RuntimeError(f"secret words about {token}")

            visitor.house.desk.view = broken  # type: ignore[assignment, method-assign]
            page = await visitor.http.get(f"/interviews/{token}")
            assert page.status_code == 500 and "is kept" in page.text and "secret words" not in page.text
            problem = await visitor.http.get(f"{API}/interviews/{token}")
            assert problem.status_code == 500 and problem.json()["mend"]

    with caplog.at_level(logging.INFO):
        asyncio.run(story())
    assert "RuntimeError at" in caplog.text and "secret words" not in caplog.text


def test_logs_hold_no_token_and_no_name(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    tokens: list[str] = []

    async def story() -> None:
        async with door(tmp_path) as visitor:
            token = await visitor.opened()
            tokens.append(token)
            await visitor.http.put(f"{API}/interviews/{token}/profile", json={"name": "Ada Zyzzyva"})
            await visitor.write(token, "messages", {"text": "words that nobody logs"})
            await visitor.http.get(f"/interviews/{token}/scorecard?name=Zyzzyva")

    with caplog.at_level(logging.DEBUG):
        asyncio.run(story())
    ours = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("viva"))
    assert "/interviews/*/messages" in ours
    assert tokens[0] not in ours and "Zyzzyva" not in ours and "nobody logs" not in ours


def test_a_path_in_a_log_is_short_and_printable() -> None:
    assert shown_path("/api/v1/interviews/SECRET/draft") == "/api/v1/interviews/*/draft"
    assert shown_path("/interviews/a\nb") == "/interviews/*"
    assert shown_path("/x\n\x1b[31m\u202e") == "/x??[31m?"
    assert len(shown_path("/" + "y" * 9_000)) == 200

"""The HTTP API of CONTRACTS 4, as a program uses it."""

import asyncio
from pathlib import Path
from typing import Any

from tests.interviews.house import check_run
from tests.web.door import API, RIGHT, door


def test_tracks_and_questions_are_the_candidates_view(tmp_path: Path) -> None:
    async def story() -> None:
        async with door(tmp_path) as visitor:
            tracks = (await visitor.http.get(f"{API}/tracks")).json()["tracks"]
            assert [track["id"] for track in tracks] == ["both"]
            assert [step["title"] for step in tracks[0]["steps"]] == ["Why double", "Double"]
            answer = await visitor.http.get(f"{API}/questions")
            assert {question["id"] for question in answer.json()["questions"]} == {"double", "why-double"}
            for hidden in ("check_0", "2 * x", "Hint text", "Nothing may be told", "adding a number"):
                assert hidden not in answer.text

    asyncio.run(story())


def test_the_same_key_opens_the_same_interview_also_when_pressed_twice_at_once(tmp_path: Path) -> None:
    async def story() -> None:
        async with door(tmp_path) as visitor:
            order = {"track": "both", "mode": "practice", "key": "pressed twice"}
            first, second = await asyncio.gather(*(visitor.http.post(f"{API}/interviews", json=order) for _ in "ab"))
            assert first.status_code == second.status_code == 201
            assert first.json() == second.json() and first.headers["location"] == first.json()["url"]
            assert len(await visitor.house.store.interviews()) == 1
            other = await visitor.http.post(f"{API}/interviews", json={**order, "track": None, "question": "double"})
            assert other.status_code == 422 and other.json()["type"] == "key-reused"

    asyncio.run(story())


def test_a_whole_interview_can_be_taken_by_a_program(tmp_path: Path) -> None:
    async def story() -> None:
        async with door(tmp_path, judge=[check_run(True), check_run(True, False)]) as visitor:
            token = await visitor.agreed()
            state = await visitor.state(token)
            assert state["question"]["id"] == "why-double" and state["waiting_for"] == "candidate"
            assert "<p>Double it.</p>" in state["question"]["statement_html"]
            said = await visitor.write(token, "messages", {"text": "adding it to itself", "question": "why-double"})
            assert said.status_code == 202 and isinstance(said.json()["seq"], int)
            assert (
                said.headers["preference-applied"] == "wait" and said.json()["interview"]["waiting_for"] == "candidate"
            )
            await visitor.write(token, "moves", {"kind": "next"})
            ran = await visitor.write(token, "runs", {"code": RIGHT, "framework": "numpy"})
            assert ran.json()["interview"]["runs"][0]["result"]["prints"] == "printed\n"
            sent = await visitor.write(token, "attempts", {"code": RIGHT, "framework": "numpy"})
            assert sent.json()["id"].startswith("sha256:")
            assert sent.json()["interview"]["attempts"][0]["id"] == sent.json()["id"]
            await visitor.write(token, "moves", {"kind": "finish"})
            assert (await visitor.state(token))["status"] == "closed"
            card = (await visitor.http.get(f"{API}/interviews/{token}/scorecard")).json()
            assert card["pending"] is False
            assert card["questions"][1]["grades"]["correctness"]["value"] == 0.5
            late = await visitor.write(token, "messages", {"text": "one more thing"})
            assert late.status_code == 409 and late.json()["type"] == "closed"
            appeal = {"kind": "appeal", "question": "double", "dimension": "correctness", "text": "Check 1 is wrong."}
            assert (await visitor.write(token, "moves", appeal)).status_code == 202

    asyncio.run(story())


def test_a_write_without_prefer_answers_at_once_with_its_place_in_the_record(tmp_path: Path) -> None:
    async def story() -> None:
        async with door(tmp_path) as visitor:
            token = await visitor.agreed()
            body = {"text": "hello", "key": "once"}
            first = await visitor.http.post(f"{API}/interviews/{token}/messages", json=body)
            assert first.status_code == 202 and set(first.json()) == {"seq"}
            again = await visitor.http.post(f"{API}/interviews/{token}/messages", json=body)
            assert again.status_code == 202 and again.json() == first.json()
            other = await visitor.http.post(f"{API}/interviews/{token}/messages", json={**body, "text": "another"})
            assert other.status_code == 422 and other.json()["type"] == "key-reused"

    asyncio.run(story())


def test_drafts_only_grow_and_a_stale_one_gets_the_stored_one_back(tmp_path: Path) -> None:
    async def story() -> None:
        async with door(tmp_path) as visitor:
            token = await visitor.agreed(question="double")
            path = f"{API}/interviews/{token}/draft"
            draft: dict[str, Any] = {
                "text": "def d",
                "n": 3,
                "of": "editor",
                "question": "double",
                "framework": "numpy",
            }
            assert (await visitor.http.put(path, json=draft)).json()["n"] == 3
            assert (await visitor.http.put(path, json=draft)).status_code == 200
            stale = await visitor.http.put(path, json={**draft, "text": "older", "n": 2})
            assert stale.status_code == 409 and stale.json()["draft"] == {"text": "def d", "n": 3}
            left = await visitor.http.put(path, json={**draft, "n": 4, "question": "why-double"})
            assert left.status_code == 409 and left.json()["type"] == "question_left"
            state = await visitor.state(token)
            assert state["draft"]["text"] == "def d" and state["draft"]["n"] == 3

    asyncio.run(story())


def test_who_one_is_and_more_time_are_told_before_the_clock_and_seen_by_nobody(tmp_path: Path) -> None:
    async def story() -> None:
        async with door(tmp_path) as visitor:
            token = await visitor.opened()
            path = f"{API}/interviews/{token}/profile"
            kept = await visitor.http.put(path, json={"name": "Ada Zyzzyva", "time_factor": None})
            assert kept.status_code == 200
            assert (await visitor.http.put(path, json={"time_factor": 3})).status_code == 422
            await visitor.write(token, "moves", {"kind": "agree"})
            state = await visitor.http.get(f"{API}/interviews/{token}")
            assert state.json()["deadline"] is None and "Zyzzyva" not in state.text
            assert (await visitor.http.put(path, json={"name": "Eve"})).status_code == 409

    asyncio.run(story())


def test_every_error_is_problem_details_with_a_mend(tmp_path: Path) -> None:
    async def story() -> None:
        async with door(tmp_path) as visitor:
            token = await visitor.agreed()
            base = f"{API}/interviews/{token}"
            answers = {
                404: [await visitor.http.get(f"{API}/interviews/nobody"), await visitor.http.get(f"{API}/nothing")],
                405: [await visitor.http.delete(base, headers={"content-type": "application/json"})],
                415: [
                    await visitor.http.post(f"{base}/messages", content="x", headers={"sec-fetch-site": "same-origin"})
                ],
                422: [
                    await visitor.write(token, "messages", {"text": "  "}),
                    await visitor.write(token, "messages", {"text": "x", "what": 1}),
                    await visitor.write(token, "moves", {"kind": "jump"}),
                    await visitor.write(token, "attempts", {"framework": "numpy"}),
                    await visitor.write(token, "moves", {"kind": "appeal", "text": "no"}),
                    await visitor.http.post(f"{API}/interviews", json={"mode": "practice", "key": "k"}),
                ],
            }
            for status, problems in answers.items():
                for answer in problems:
                    assert answer.status_code == status, answer.text
                    assert answer.headers["content-type"] == "application/problem+json"
                    problem = answer.json()
                    assert {"type", "title", "detail", "mend", "status"} <= set(problem) and problem["mend"]
                    assert problem["status"] == status and token not in answer.text

    asyncio.run(story())


def test_the_api_describes_itself_and_every_call_is_in_it(tmp_path: Path) -> None:
    async def story() -> None:
        async with door(tmp_path) as visitor:
            described = (await visitor.http.get(f"{API}/openapi.json")).json()
            calls = {f"{method} {path}" for path, methods in described["paths"].items() for method in methods}
            one = "/api/v1/interviews/{id}"
            assert calls == {
                "get /api/v1/tracks", "get /api/v1/questions", "post /api/v1/diagnostics",
                "get /api/v1/environments", "post /api/v1/environments",
                "post /api/v1/interviews", f"get {one}", f"get {one}/scorecard",
                f"get {one}/events", f"post {one}/messages", f"put {one}/draft", f"post {one}/runs", f"post {one}/attempts",
                f"post {one}/moves", f"put {one}/profile",
            }  # fmt: skip
            shown = described["paths"][one]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
            assert "waiting_for" in shown["properties"]
            assert (await visitor.http.get("/docs")).status_code == 404

    asyncio.run(story())

"""Who may knock: hosts, origins, the operator, and what a stranger may open."""

import asyncio
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from tests.web.door import API, door
from viva.web import DoorSettings

HASH = PasswordHasher(time_cost=1, memory_cost=1024).hash("correct horse")
ORDER = {"track": "both", "mode": "practice", "key": "k"}
PUBLIC = DoorSettings(host="0.0.0.0", public_url="https://viva.example", operator_hash=HASH, open_practice=True)


@pytest.mark.parametrize(
    "host, status",
    [
        ("127.0.0.1:8000", 200),
        ("localhost:8000", 200),
        ("[::1]:8000", 200),
        ("evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("localhost@evil.example", 421),
        ("[", 421),
        ("", 421),
    ],
)
def test_only_our_own_host_names_are_answered(tmp_path: Path, host: str, status: int) -> None:
    async def story() -> None:
        async with door(tmp_path) as visitor:
            for path in ("/", f"{API}/tracks", "/static/viva.css"):
                assert (await visitor.http.get(path, headers={"host": host})).status_code == status

    asyncio.run(story())


@pytest.mark.parametrize(
    "headers, status",
    [
        ({}, 201),
        ({"origin": "http://127.0.0.1:8000"}, 201),
        ({"sec-fetch-site": "same-origin", "origin": "http://127.0.0.1:8000"}, 201),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "http://127.0.0.1:9999"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://["}, 403),
        ({"origin": ""}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"content-type": "text/plain"}, 403),
        ({"content-type": "application/x-www-form-urlencoded"}, 403),
    ],
)
def test_no_other_sites_page_writes_in_the_visitors_name(tmp_path: Path, headers: dict[str, str], status: int) -> None:
    async def story() -> None:
        async with door(tmp_path) as visitor:
            answer = await visitor.http.post(f"{API}/interviews", json=ORDER, headers=headers)
            assert answer.status_code == status
            if status == 403:
                assert "Content-Type: application/json" in answer.json()["detail"]

    asyncio.run(story())


def test_behind_a_proxy_the_public_name_is_ours_too(tmp_path: Path) -> None:
    async def story() -> None:
        async with door(tmp_path, PUBLIC) as visitor:
            headers = {"host": "viva.example", "origin": "https://viva.example"}
            assert (await visitor.http.post(f"{API}/interviews", json=ORDER, headers=headers)).status_code == 201

    asyncio.run(story())


def test_a_loopback_address_behind_a_public_name_makes_nobody_operator(tmp_path: Path) -> None:
    async def story() -> None:
        async with door(tmp_path, DoorSettings(public_url="https://viva.example")) as visitor:
            refused = await visitor.http.post(f"{API}/interviews", json=ORDER)
            assert refused.status_code == 403 and "open_practice" in refused.json()["mend"]

    asyncio.run(story())


def test_a_screening_is_opened_by_the_operator_only(tmp_path: Path) -> None:
    async def story() -> None:
        async with door(tmp_path, PUBLIC) as visitor:
            order = {**ORDER, "mode": "screening"}
            path = f"{API}/interviews"
            assert (await visitor.http.post(path, json=order)).status_code == 403
            wrong = {"authorization": "Bearer battery staple"}
            assert (await visitor.http.post(path, json=order, headers=wrong)).status_code == 403
            right = {"authorization": "Bearer correct horse"}
            assert (await visitor.http.post(path, json=order, headers=right)).status_code == 201

    asyncio.run(story())


def test_the_password_gives_a_cookie_that_scripts_cannot_read(tmp_path: Path) -> None:
    async def story() -> None:
        async with door(tmp_path, PUBLIC) as visitor:
            same = {"sec-fetch-site": "same-origin"}
            wrong = await visitor.http.post("/operator", data={"password": "guess"}, headers=same)
            assert wrong.status_code == 403 and "set-cookie" not in wrong.headers
            signed = await visitor.http.post("/operator", data={"password": "correct horse"}, headers=same)
            cookie = signed.headers["set-cookie"]
            assert signed.status_code == 303 and all(word in cookie for word in ("HttpOnly", "Secure", "SameSite=lax"))
            value = cookie.split(";")[0]
            order = {**ORDER, "mode": "screening"}
            for sent, status in ((value, 201), (value[:-1], 403), ("viva_operator=x.y", 403), ("viva_operator=é", 403)):
                answer = await visitor.http.post(f"{API}/interviews", json=order, headers={b"cookie": sent.encode()})
                assert answer.status_code == status

    asyncio.run(story())


def test_two_visitors_with_one_key_do_not_meet(tmp_path: Path) -> None:
    async def story() -> None:
        async with door(tmp_path, PUBLIC) as visitor:
            cookies = ["viva_visitor=one", "viva_visitor=two", "viva_visitor=one", "", ""]
            opened = [
                (await visitor.http.post(f"{API}/interviews", json=ORDER, headers={"cookie": cookie})).json()["id"]
                for cookie in cookies
            ]
            assert opened[0] == opened[2] and len(set(opened)) == 4

    asyncio.run(story())


def test_the_first_page_gives_a_visitor_a_cookie_of_their_own(tmp_path: Path) -> None:
    async def story() -> None:
        async with door(tmp_path, PUBLIC) as visitor:
            first = await visitor.http.get("/")
            assert first.cookies.get("viva_visitor") or "viva_visitor=" in first.headers["set-cookie"]
            assert "data-track" in first.text
        async with door(tmp_path / "other", DoorSettings(host="0.0.0.0", operator_hash=HASH)) as visitor:
            closed = await visitor.http.get("/")
            assert "set-cookie" not in closed.headers and "data-track" not in closed.text

    asyncio.run(story())


def test_many_guesses_at_once_are_turned_away(tmp_path: Path) -> None:
    async def story() -> None:
        async with door(tmp_path, PUBLIC) as visitor:
            guesses = [
                visitor.http.post(f"{API}/interviews", json=ORDER, headers={"authorization": f"Bearer {number}"})
                for number in range(12)
            ]
            statuses = [answer.status_code for answer in await asyncio.gather(*guesses)]
            assert statuses.count(429) == 4

    asyncio.run(story())

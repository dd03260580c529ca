"""Who may install a framework, and what is told of one that is missing, going on or failed."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.web.door import API, Visitor, door
from tests.web.test_diagnostics import told
from viva.web import DoorSettings
from viva.web.installing import Installer

HASH = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$jKfqmLQ6Vqy3Jq5oJ2P0Zg"


async def rows(visitor: Visitor) -> dict[str, dict[str, Any]]:
    answer = await visitor.http.get(f"{API}/environments")
    assert answer.status_code == 200
    return {row["framework"]: row for row in answer.json()["environments"]}


@told
async def test_what_is_not_installed_is_told_with_its_size(tmp_path: Path) -> None:
    async with door(tmp_path, DoorSettings(environments=tmp_path / "none")) as visitor:
        seen = await rows(visitor)
        assert set(seen) == {"numpy", "torch", "tensorflow", "jax"}
        assert seen["torch"] == {
            "framework": "torch",
            "installed": False,
            "installing": False,
            "size": "about 1.4 GB",
            "says": "",
        }
        assert (await visitor.http.get(f"{API}/environments")).json()["may_install"] is True


@told
async def test_only_the_operator_installs(tmp_path: Path) -> None:
    settings = DoorSettings(environments=tmp_path / "none", operator_hash=HASH, open_practice=True)
    async with door(tmp_path, settings) as visitor:
        assert (await visitor.http.get(f"{API}/environments")).json()["may_install"] is False
        answer = await visitor.http.post(f"{API}/environments", json={"framework": "jax"})
        assert (answer.status_code, answer.json()["type"]) == (403, "not-allowed")
        assert not (await rows(visitor))["jax"]["installing"]


@told
async def test_an_installation_goes_on_alone_and_a_failed_one_says_why(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")  # nobody listens there
        patch.setenv("PIP_RETRIES", "0")
        async with door(tmp_path, DoorSettings(environments=tmp_path / "none")) as visitor:
            answer = await visitor.http.post(f"{API}/environments", json={"framework": "jax"})
            assert answer.status_code == 202
            assert (await rows(visitor))["jax"]["installing"]
            again = await visitor.http.post(f"{API}/environments", json={"framework": "jax"})
            other = await visitor.http.post(f"{API}/environments", json={"framework": "torch"})
            assert (again.status_code, other.status_code, other.json()["type"]) == (202, 409, "busy")
            for _ in range(600):
                seen = (await rows(visitor))["jax"]
                if not seen["installing"]:
                    break
                await asyncio.sleep(0.1)
    assert (seen["installed"], seen["installing"]) == (False, False)
    assert seen["says"].startswith("It could not be installed: The environment could not get its packages")
    assert "viva env install jax" in seen["says"]


@told
async def test_an_installation_ends_with_the_server_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
        patch.setenv("PIP_RETRIES", "9")  # it would go on for minutes
        installer = Installer(tmp_path / "none")
        installer.begin("jax")
        while "Retrying" not in next(row["says"] for row in installer.rows() if row["framework"] == "jax"):
            await asyncio.sleep(0.05)
        (task,) = (one for one in asyncio.all_tasks() if one.get_name() == "install jax")
        task.cancel()
        await asyncio.wait([task])
        for _ in range(200):
            left = {path.name for path in (tmp_path / "none").iterdir()} - {".lock"}
            if not left:
                break
            await asyncio.sleep(0.1)
    assert left == set()


@told
async def test_a_framework_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    async with door(tmp_path, DoorSettings(environments=tmp_path / "none")) as visitor:
        answer = await visitor.http.post(f"{API}/environments", json={"framework": "caffe"})
        assert answer.status_code == 422

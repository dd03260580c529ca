"""The door over a whole walk in memory, and a client that knocks without a network."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.interviews.house import House, check_run, house
from viva.bank import FolderBank
from viva.core.evidence import Evidence
from viva.craft import Readers
from viva.web import DoorSettings, create_app

API = "/api/v1"
RIGHT = "def double(x):\n    return 2 * x\n"


@dataclass(slots=True)
class Visitor:
    """A client at the door of a house."""

    house: House
    http: httpx.AsyncClient
    keys: int = 0

    def key(self) -> str:
        """A key that was not used before."""
        self.keys += 1
        return f"web-{self.keys}"

    async def opened(self, **order: Any) -> str:
        """A new interview; gives its token."""
        body = {"mode": "practice", "key": self.key(), **(order or {"track": "both"})}
        answer = await self.http.post(f"{API}/interviews", json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def agreed(self, **order: Any) -> str:
        """A new interview whose first question is open."""
        token = await self.opened(**order)
        await self.write(token, "moves", {"kind": "agree"})
        return token

    async def write(self, token: str, what: str, body: dict[str, Any], wait: int = 5) -> httpx.Response:
        """A write with a fresh key (unless the body names one), waited for."""
        sent = {"key": self.key(), **body}
        return await self.http.post(f"{API}/interviews/{token}/{what}", json=sent, headers={"Prefer": f"wait={wait}"})

    async def state(self, token: str) -> dict[str, Any]:
        """The state of an interview."""
        answer = await self.http.get(f"{API}/interviews/{token}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found


@asynccontextmanager
async def door(
    folder: Path,
    settings: DoorSettings | None = None,
    judge: Sequence[Evidence | Exception] = (check_run(True, True),),
    *,
    practice_only: bool = False,
) -> AsyncIterator[Visitor]:
    """A visitor at the door of a house over `folder`."""
    async with house(folder / "bank", judge=judge, practice_only=practice_only) as inside, Readers() as readers:
        app = create_app(inside.desk, FolderBank(folder / "bank"), settings or DoorSettings(), readers)
        transport = httpx.ASGITransport(app, raise_app_exceptions=True)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as http:
            yield Visitor(house=inside, http=http)


Story = Callable[[Visitor], Awaitable[None]]

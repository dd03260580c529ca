"""Both plugs of the store keep every promise of the socket."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.store.examples import TickingClock
from viva.ports import Store
from viva.store.memory import MemoryStore
from viva.store.sqlite import SqliteStore

pytest.register_assert_rewrite("tests.store.conformance", "tests.store.conformance_beside")

from tests.store.conformance import *  # noqa: E402, F403 - the suite, for each plug below
from tests.store.conformance_beside import *  # noqa: E402, F403 - as above

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(params=["memory", "sqlite"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    made: Store = (
        MemoryStore(TickingClock())
        if request.param == "memory"
        else await SqliteStore.open(tmp_path / "data", TickingClock())
    )
    yield made
    await made.close()

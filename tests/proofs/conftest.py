"""Proofs over the whole house: real servers, and the real sandbox of the sandbox's own tests."""

from collections.abc import Iterator

import pytest

from tests.campaign.server import Server
from tests.sandbox.conftest import loop, numpy_environment, sandbox

__all__ = ["loop", "numpy_environment", "sandbox"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, numpy_environment: object) -> Iterator[Server]:
    """A server for a whole module, with a data folder of its own."""
    made = Server(data=tmp_path_factory.mktemp("served") / "data")
    made.start()
    yield made
    made.stop()

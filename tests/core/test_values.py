"""What a question says of itself."""

import pytest

from tests.core.records import question
from viva.core.values import KINDS, Kind


def test_a_framework_without_a_starter_begins_empty() -> None:
    assert question().starter("numpy") == "start"
    assert question().starter("jax") == ""


@pytest.mark.parametrize("kind", KINDS)
def test_only_a_concept_is_answered_in_words(kind: Kind) -> None:
    assert question(kind).takes_code is (kind != "concept")

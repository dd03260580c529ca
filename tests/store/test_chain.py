"""The chain is computed as it was when the first record was written, and covers every field."""

import hashlib
from dataclasses import replace
from typing import Any

import pytest

from tests.store.examples import NOON, heard, opened
from viva.core.events import Erased
from viva.store.chain import Row, chained, envelope_of, first_hash, row_hash, verified

NAME = "0123456789abcdef"


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def rows() -> list[Row]:
    """Four rows, of which the second is erased."""
    made = list(chained(first_hash(NAME), 0, [opened(), heard("x"), heard("y"), Erased(seq=2, by="op", why="w")], NOON))
    made[1] = replace(made[1], salt=None, body=None)
    return made


def broken_at(changed: list[Row]) -> int | None:
    return verified(NAME, changed, length=4, head=rows_head(changed)).broken_at


def rows_head(of: list[Row]) -> str:
    return of[-1].hash


def test_the_hashes_are_those_of_the_first_version() -> None:
    assert first_hash("ab") == sha256('["viva record","ab"]')
    row = row_hash("p", seq=7, at="2026-03-01T12:00:00.000000+00:00", kind="Heard", schema=1, commitment="c")
    assert row == sha256('["p",7,"2026-03-01T12:00:00.000000+00:00","Heard",1,"c"]')


def test_a_commitment_is_over_salt_and_body_and_no_salt_comes_twice() -> None:
    made = chained(first_hash(NAME), 0, [heard("x"), heard("x")], NOON)
    assert {row.body for row in made} == {b'{"text":"x"}'}
    for row in made:
        assert row.salt is not None
        assert len(row.salt) == 16
        assert row.commitment == hashlib.sha256(row.salt + b'{"text":"x"}').hexdigest()
    assert made[0].commitment != made[1].commitment


def test_a_row_that_the_first_version_wrote_is_read() -> None:
    (row,) = chained(first_hash(NAME), 0, [opened()], NOON)
    assert row.schema == 2
    before = envelope_of(replace(row, schema=1))
    assert (before.schema, before.event) == (1, opened())


def test_rows_made_in_two_writes_chain_like_those_of_one() -> None:
    first = chained(first_hash(NAME), 0, [opened()], NOON)
    second = chained(first[-1].hash, 1, [heard("x")], NOON)
    assert verified(NAME, [*first, *second], length=2, head=second[-1].hash).broken_at is None


@pytest.mark.parametrize("place", [0, 1, 2, 3])
@pytest.mark.parametrize(
    "change",
    [
        {"at": "2026-03-01T12:00:01.000000+00:00"},
        {"kind": "Closed"},
        {"schema": 1},
        {"commitment": "0" * 64},
        {"seq": 9},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_change_of_any_field_is_found_in_its_row_also_where_the_body_is_erased(
    place: int, change: dict[str, Any]
) -> None:
    changed = rows()
    assert broken_at(changed) is None
    changed[place] = replace(changed[place], **change)
    assert broken_at(changed) == place + 1


def test_rows_that_are_hashed_anew_break_the_next_one() -> None:
    changed = rows()
    forged = chained(changed[1].hash, 2, [heard("forged")], NOON)
    changed[2] = forged[0]
    assert broken_at(changed) == 4


@pytest.mark.parametrize("field", ["at", "kind", "schema", "commitment", "hash"])
def test_bytes_where_text_belongs_are_found(field: str) -> None:
    changed = rows()
    wrong: dict[str, Any] = {field: b"\xff"}
    changed[2] = replace(changed[2], **wrong)
    assert broken_at(changed) == 3

"""The tables as queries see them; `migrations` makes them. Law: who a person is stands in `person` and nowhere else, and
every column of `record` and `event` is covered by the chain.

Text that a stranger may have typed is kept as bytes, so that lone surrogates and null characters are data like any other.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator

from viva.core.errors import BrokenRecord
from viva.store.codec import DAMAGED, bytes_text, text_bytes


class AnyText(TypeDecorator[str]):
    """Text without exception, kept as bytes."""

    impl = sa.LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> bytes | None:
        """Text to bytes."""
        return None if value is None else text_bytes(value)

    def process_result_value(self, value: bytes | None, dialect: Any) -> str | None:
        """Bytes to text; `BrokenRecord` where they are none."""
        try:
            return None if value is None else bytes_text(value)
        except UnicodeDecodeError as error:
            raise BrokenRecord(f"A stored text does not decode: {error}.", mend=DAMAGED) from error


METADATA = sa.MetaData()

record = sa.Table(
    "record",
    METADATA,
    sa.Column("interview", sa.Text, primary_key=True),
    sa.Column("length", sa.Integer, nullable=False),
    sa.Column("head", sa.Text, nullable=False),
)

event = sa.Table(
    "event",
    METADATA,
    sa.Column("interview", sa.Text, sa.ForeignKey("record.interview"), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("schema", sa.Integer, nullable=False),
    sa.Column("salt", sa.LargeBinary),
    sa.Column("body", sa.LargeBinary),
    sa.Column("commitment", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
)

written = sa.Table(  # what a key did; `body` is the digest of what came with it, `first` to `seq` are the rows it made
    "written",
    METADATA,
    sa.Column("space", AnyText, primary_key=True),
    sa.Column("key", AnyText, primary_key=True),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("interview", sa.Text, sa.ForeignKey("record.interview"), nullable=False),
    sa.Column("first", sa.Integer, nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
)

draft = sa.Table(
    "draft",
    METADATA,
    sa.Column("interview", sa.Text, sa.ForeignKey("record.interview"), primary_key=True),
    sa.Column("of", sa.Text, primary_key=True),
    sa.Column("question", AnyText, primary_key=True),
    sa.Column("framework", sa.Text, primary_key=True),
    sa.Column("text", AnyText, nullable=False),
    sa.Column("n", sa.Integer, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
)

person = sa.Table(
    "person",
    METADATA,
    sa.Column("interview", sa.Text, primary_key=True),
    sa.Column("body", sa.LargeBinary, nullable=False),
)

blob = sa.Table(
    "blob",
    METADATA,
    sa.Column("digest", sa.Text, primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
)

beat = sa.Table(
    "beat",
    METADATA,
    sa.Column("one", sa.Integer, primary_key=True),
    sa.Column("at", sa.Text, nullable=False),
)

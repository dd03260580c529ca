"""A record as rows of JSON, for whoever may read all of it but the secret of its runs. Law: `hidden_seed` is in no row."""

from collections.abc import Iterable
from typing import Any

from viva.core.events import Envelope, Opened
from viva.store.codec import kind_of, time_text, to_plain


def row_json(envelope: Envelope) -> dict[str, Any]:
    """One row: `seq`, `at` (UTC), `kind` and `event`, both None where the body was erased."""
    event = envelope.event
    plain: dict[str, Any] | None = None if event is None else to_plain(event, type(event))
    if plain is not None and isinstance(event, Opened):
        del plain["hidden_seed"]
    return {
        "seq": envelope.seq,
        "at": time_text(envelope.at),
        "kind": None if event is None else kind_of(event),
        "event": plain,
    }


def rows_json(envelopes: Iterable[Envelope]) -> list[dict[str, Any]]:
    """All rows, in order."""
    return [row_json(envelope) for envelope in envelopes]

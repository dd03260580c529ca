"""JSON that goes out, in ASCII: no string, not even one with a lone surrogate, can fail to be sent."""

import json
import re

from starlette.responses import Response

_SURROGATE = re.compile("[\ud800-\udfff]")


def printable(text: str) -> str:
    """The text with every lone surrogate as U+FFFD, so that it can be encoded."""
    return _SURROGATE.sub("\ufffd", text)


def json_bytes(value: object) -> bytes:
    """JSON in ASCII, so that no string can fail to be sent."""
    return json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode("ascii")


def json_answer(value: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """An answer in JSON."""
    return Response(json_bytes(value), status_code=status, media_type="application/json", headers=headers)

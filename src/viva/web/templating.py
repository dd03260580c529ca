"""Pages from templates. Law: everything is escaped unless `markdown.render` made it, and a name that a template misspells
is an error, not an empty place."""

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from viva.web.markdown import render
from viva.web.sending import printable
from viva.web.words import SIGNS, name_of

HERE = Path(__file__).parent
STATIC = HERE / "static"


def minutes(value: float) -> str:
    """Minutes in words: `12 minutes`, `1 minute`, `2.5 minutes`."""
    text = f"{value:.1f}".removesuffix(".0")
    return f"{text} minute" if text == "1" else f"{text} minutes"


def day(moment: str) -> str:
    """The day of an ISO moment: `24 November 2026`."""
    when = datetime.fromisoformat(moment)
    return f"{when.day} {when:%B %Y}"


def counted(number: int, noun: str) -> str:
    """`1 check`, `3 checks`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


_TICKS = re.compile(r"`([^`\n]+)`")
_ADDRESS = re.compile(r"\((https?://([A-Za-z0-9.-]+)(?:[/?#][\x21-\x7e]*)?)\)\.\Z")
_WORD = re.compile(r"[a-z]+[ ,']")


def sentence(text: str) -> str:
    """The text with a capital where it begins with a word; authors write titles of checks in lower case. Code stays."""
    return text[0].upper() + text[1:] if _WORD.match(text) else text


def ticked(text: str) -> Markup:
    """The text with `code` between backticks set as code, everything escaped."""
    parts = _TICKS.split(text)
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if place % 2 else part for place, part in enumerate(parts)
    )


def linked(text: str) -> Markup:
    """The text with an address in brackets at its very end as a link, everything escaped. What candidates wrote is quoted
    before the end of a sentence, so it makes no link."""
    found = _ADDRESS.search(text)
    if found is None:
        return Markup("{}").format(text)
    return Markup('{}(<a href="{}" rel="noreferrer">{}</a>).').format(text[: found.start()], found[1], found[2])


@lru_cache(maxsize=64)
def asset(name: str) -> str:
    """The address of a static file, with a digest of its content so that browsers may keep it."""
    return f"/static/{name}?v={hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]}"


class Pages:
    """Renders the templates of this package."""

    def __init__(self) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters |= {
            "md": lambda text: Markup(render(text)),  # noqa: S704  # nh3 was its last step
            "minutes": minutes,
            "day": day,
            "sentence": sentence,
            "ticked": ticked,
            "linked": linked,
        }
        self._environment.globals |= {
            "asset": asset,
            "counted": counted,
            "verdict_sign": SIGNS.__getitem__,
            "verdict_name": name_of,
        }

    def answer(
        self,
        request: Request,
        name: str,
        values: Mapping[str, Any],
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> HTMLResponse:
        """The page `name` for this request; `nonce` is known to every template."""
        nonce = request.scope.get("state", {}).get("nonce", "")
        text = self._environment.get_template(name).render(nonce=nonce, **values)
        return HTMLResponse(printable(text), status_code=status, headers=dict(headers or {}))

"""What lies around every request: the access log without tokens, headers, host and origin, and the last net. Law: no
request reaches a handler from a strange host or page, and no exception ends the server or prints what it was about."""

import logging
import re
import secrets
import time
import traceback

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from viva.core.errors import NotAllowed
from viva.web.access import Access
from viva.web.problems import WrongHost, problem, unexpected

access_log = logging.getLogger("viva.access")
error_log = logging.getLogger("viva.web")

_TOKEN = re.compile(r"(/interviews/+)[^/]+", re.IGNORECASE)  # also where an address was put together wrongly
_UNPRINTABLE = re.compile(r"[^\x21-\x7e]")
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def shown_path(path: str) -> str:
    """A path as logs may hold it: without tokens, in printable ASCII, short."""
    return _UNPRINTABLE.sub("?", _TOKEN.sub(r"\1*", path))[:200]


class AccessLog:
    """One line per request, after its answer began: method, path, status, milliseconds."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the class."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                spent_ms = (time.perf_counter() - began) * 1000
                access_log.info(
                    "%s %s %d %.1f ms", scope["method"], shown_path(scope["path"]), message["status"], spent_ms
                )
            await send(message)

        await self._app(scope, receive, noting)


def content_policy(nonce: str) -> str:
    """The content security policy: only our own files, and styles of the editor by nonce."""
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; connect-src 'self'; "
        "img-src 'self' data:; font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )


class SafeHeaders:
    """Adds the headers that keep a page to itself; interviews are never stored by a cache."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the class. The nonce of this answer is in `scope["state"]["nonce"]`."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(12)
        scope.setdefault("state", {})["nonce"] = nonce

        async def adding(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = content_policy(nonce)
                headers["Referrer-Policy"] = "no-referrer"
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Cross-Origin-Opener-Policy"] = "same-origin"
                headers["Cross-Origin-Resource-Policy"] = "same-origin"
                if not scope["path"].startswith("/static/"):
                    headers["Cache-Control"] = "no-store"
            await send(message)

        await self._app(scope, receive, adding)


class HeadIsGet:
    """Answers HEAD as GET; the server leaves the body out. A stream of events has no end, so it is not asked for."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the class."""
        if scope["type"] == "http" and scope["method"] == "HEAD" and not scope["path"].endswith("/events"):
            scope = {**scope, "method": "GET"}
        await self._app(scope, receive, send)


class Guard:
    """Refuses strange hosts, and writes that another site's page makes in the visitor's name."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app = app
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the class. A websocket is refused: this door has none."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        server = scope.get("server")
        if not self._access.host_allowed(headers.get("host", ""), server[0] if server else None):
            refusal = WrongHost(
                "This server does not answer to that host name.", mend="Set public_url to the name you use."
            )
            await problem(refusal)(scope, receive, send)
        elif scope["method"] not in _SAFE and not self._access.write_allowed(headers, scope["scheme"]):
            refused = NotAllowed(
                "This request came from another site's page, or without the header Content-Type: application/json.",
                mend="Send JSON with that header and without an Origin, or use viva's own pages.",
            )
            await problem(refused)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


class LastNet:
    """Catches what nobody caught: answers 500 and logs where it happened, not what it was about (an exception's words
    may hold an answer or a name)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the class."""
        begun = False

        async def noting(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except Exception as error:
            log_where(error)
            if scope["type"] != "http":
                raise
            if not begun:
                await problem(unexpected())(scope, receive, send)


def log_where(error: BaseException) -> None:
    """Log the type of an exception and the places that it passed."""
    frames = traceback.extract_tb(error.__traceback__)[-8:]
    places = " < ".join(
        f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in reversed(frames)
    )
    error_log.error("%s at %s", type(error).__name__, places)

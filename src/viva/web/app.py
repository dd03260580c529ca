"""The application: routes, errors and layers put together. Law: every error leaves as problem details under /api and as a
page elsewhere, whoever raised it."""

from os import PathLike
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from viva import __version__
from viva.core.errors import VivaError
from viva.craft import Readers
from viva.interviews.desk import Desk
from viva.ports import Bank
from viva.web import api, diagnostics, environments, pages, writes
from viva.web.access import Access, DoorSettings
from viva.web.house import House
from viva.web.installing import Installer
from viva.web.layers import AccessLog, Guard, HeadIsGet, LastNet, SafeHeaders, log_where
from viva.web.problems import Invalid, problem, title_of, told, unexpected
from viva.web.streams import Streams
from viva.web.templating import STATIC, Pages
from viva.web.watcher import Watcher


class _Assets(StaticFiles):
    """Static files; one that is asked for by its digest may be kept for ever."""

    def file_response(
        self, full_path: str | PathLike[str], stat_result: Any, scope: Scope, status_code: int = 200
    ) -> Response:
        answer = super().file_response(full_path, stat_result, scope, status_code)
        kept = b"v=" in scope.get("query_string", b"")
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable" if kept else "no-cache"
        return answer


class Door:
    """The ASGI application of the door. `stop_streams` ends open event streams, so that a server can stop."""

    def __init__(self, app: ASGIApp, streams: Streams) -> None:
        self._app = app
        self._streams = streams

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        await self._app(scope, receive, send)

    def stop_streams(self) -> None:
        """Call it on the loop when the server is told to stop."""
        self._streams.stop()


def create_app(desk: Desk, bank: Bank, settings: DoorSettings, readers: Readers) -> Door:
    """The web door over a desk, a bank and readers of code. It neither opens nor closes them."""
    access, streams = Access(settings), Streams()
    app = FastAPI(
        title="viva",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        redirect_slashes=False,
    )
    app.state.house = House(
        desk=desk,
        bank=bank,
        access=access,
        streams=streams,
        pages=Pages(),
        watcher=Watcher(readers),
        installer=Installer(settings.environments),
    )
    for router in (api.router, writes.router, diagnostics.router, environments.router, pages.router):
        app.include_router(router)
    app.mount("/static", _Assets(directory=STATIC), name="static")
    app.add_exception_handler(VivaError, _explained)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(Exception, _unforeseen)
    guarded = SafeHeaders(LastNet(Guard(HeadIsGet(app), access)))
    return Door(AccessLog(guarded), streams)


def _answer(request: Request, error: VivaError, headers: dict[str, str] | None = None) -> Response:
    if request.url.path.startswith(("/api/", "/static/")):
        return problem(error, headers)
    house: House = request.app.state.house
    values = {"status": error.status, "title": title_of(error.status), "says": error.says, "mend": error.mend}
    return house.pages.answer(request, "error.html", values, status=error.status, headers=headers)


async def _explained(request: Request, error: Exception) -> Response:
    assert isinstance(error, VivaError)
    if error.status >= 500:
        log_where(error)
    return _answer(request, told(error))


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    says = {404: "There is nothing at this address.", 405: "This address does not take that method."}
    refusal = VivaError(
        says.get(error.status_code, str(error.detail)), mend="Check the address, or begin at the first page."
    )
    refusal.status = error.status_code
    refusal.type = {404: "not-found", 405: "method"}.get(error.status_code, "refused")
    return _answer(request, refusal, dict(error.headers or {}))


async def _invalid(request: Request, _: Exception) -> Response:
    return _answer(request, Invalid("The request is not what this call takes.", mend="See /api/v1/openapi.json."))


async def _unforeseen(request: Request, _: Exception) -> Response:
    """The answer; Starlette raises the exception again afterwards, and `LastNet` logs where it was."""
    return _answer(request, unexpected())

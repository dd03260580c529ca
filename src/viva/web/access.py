"""Who may knock: hosts, origins, the operator. Law: what is not plainly allowed is refused, and nobody becomes operator by
accident: without a password only the owner of a loopback address is, and never behind a public address."""

import asyncio
import hashlib
import hmac
import ipaddress
import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection

from viva.core.errors import CandidateError, NotAllowed
from viva.core.values import Mode

OPERATOR_COOKIE = "viva_operator"
VISITOR_COOKIE = "viva_visitor"
SIGNED_IN_SECONDS = 12 * 3600
_MOST_GUESSES = 8
_LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


class TooManyGuesses(CandidateError):
    """More passwords are being tried at once than a person types."""

    status = 429
    type = "too-many"


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorSettings:
    """What the door must know of the settings. `operator_hash` is argon2's encoded form, None without a password;
    `environments` the folder of those that code runs in."""

    host: str = "127.0.0.1"
    public_url: str | None = None
    open_practice: bool = False
    operator_hash: str | None = None
    environments: Path = Path("environments")


def _loopback(name: str) -> bool:
    if name in _LOOPBACK_NAMES:
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _host_name(header: str) -> str:
    """The name in a Host header, without port and brackets; empty where it is malformed."""
    try:
        return (urlsplit("//" + header).hostname or "").rstrip(".")
    except ValueError:
        return ""


def _origin(url: str) -> tuple[str, str]:
    """Scheme and authority of a URL, lower case, default ports left out; both empty where it is malformed."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", ""
    authority = parts.netloc.lower().rpartition("@")[2]
    default = {"http": ":80", "https": ":443"}.get(parts.scheme.lower(), ":")
    return parts.scheme.lower(), authority.removesuffix(default)


class Access:
    """Decides, for one application, which requests come in and who sent them."""

    def __init__(self, settings: DoorSettings) -> None:
        self._settings = settings
        public = urlsplit(settings.public_url or "").hostname
        self._names = {settings.host.strip("[]"), "localhost", *([public] if public else ())}
        if _loopback(settings.host):
            self._names |= _LOOPBACK_NAMES
        self._trusting = (
            settings.operator_hash is None and _loopback(settings.host) and (public is None or _loopback(public))
        )
        self._secret = secrets.token_bytes(32)
        self._one_at_a_time = asyncio.Semaphore(1)
        self._guessing = 0
        self._known_good: bytes | None = None

    @property
    def has_password(self) -> bool:
        """Whether somebody can sign in at all."""
        return self._settings.operator_hash is not None

    @property
    def open_practice(self) -> bool:
        """Whether everybody may practise."""
        return self._settings.open_practice

    @property
    def secure_cookies(self) -> bool:
        """Whether cookies travel over HTTPS only."""
        return (self._settings.public_url or "").startswith("https:")

    def host_allowed(self, header: str, bound: str | None) -> bool:
        """Whether a Host header names this server: the address bound, localhost or `public_url`. A name that is not
        ours may have been pointed at us by a stranger's page (DNS rebinding)."""
        name = _host_name(header)
        return bool(name) and (name in self._names or name == bound)

    def write_allowed(self, headers: Headers, scheme: str) -> bool:
        """Whether a write came from our own pages, or from a program that no browser drives (JSON and no Origin)."""
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        if site is not None:
            return site in {"same-origin", "none"}
        if origin is not None:
            ours = {_origin(f"{scheme}://{headers.get('host', '')}")}
            if self._settings.public_url:
                ours.add(_origin(self._settings.public_url))
            return _origin(origin) in ours - {("", "")}
        return headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json"

    async def is_operator(self, connection: HTTPConnection) -> bool:
        """Whether the operator sent this: by cookie, by `Authorization: Bearer`, or on loopback without a password."""
        if self._trusting:
            return True
        cookie = connection.cookies.get(OPERATOR_COOKIE, "")
        if cookie and self._signed(cookie):
            return True
        kind, _, password = connection.headers.get("authorization", "").partition(" ")
        return kind.lower() == "bearer" and await self.is_password(password.strip())

    async def is_password(self, password: str) -> bool:
        """Whether this is the operator's password. Hashing takes 64 MiB, so one at a time, off the loop."""
        stored = self._settings.operator_hash
        if stored is None or not password:
            return False
        name = hmac.new(self._secret, password.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()
        if self._known_good is not None and hmac.compare_digest(name, self._known_good):
            return True
        if self._guessing >= _MOST_GUESSES:
            raise TooManyGuesses("Too many passwords are being tried.", mend="Wait a few seconds.")
        self._guessing += 1
        try:
            good = await self._guess(stored, password)
        finally:
            self._guessing -= 1
        if good:
            self._known_good = name
        return good

    async def _guess(self, stored: str, password: str) -> bool:
        async with self._one_at_a_time:
            good = await asyncio.to_thread(_verify, stored, password)
            if not good:
                await asyncio.sleep(0.5)  # a guesser waits, with all other guessers behind
        return good

    @staticmethod
    def new_visitor() -> str:
        """A new value for a visitor's cookie: it only ties opening keys to the browser that sent them."""
        return secrets.token_urlsafe(18)

    def sign_in(self) -> str:
        """A new value for the operator's cookie; it lives as long as this process, at most."""
        name = secrets.token_urlsafe(18)
        return f"{name}.{self._signature(name)}"

    def _signature(self, name: str) -> str:
        return hmac.new(self._secret, b"cookie:" + name.encode("utf-8", "replace"), hashlib.sha256).hexdigest()

    def _signed(self, cookie: str) -> bool:
        name, _, signature = cookie.partition(".")
        return hmac.compare_digest(signature.encode("utf-8", "replace"), self._signature(name).encode())

    async def may_open(self, connection: HTTPConnection, mode: Mode) -> None:
        """Raises:
        NotAllowed: this asker may not open an interview in this mode.
        """
        if await self.is_operator(connection):
            return
        if mode != "practice":
            raise NotAllowed(
                "Only the operator of this viva opens a screening.", mend="Use the link of your invitation."
            )
        if not self._settings.open_practice:
            raise NotAllowed(
                "Practising is not open to everybody on this viva.",
                mend="Sign in as operator, or ask them to set open_practice = true.",
            )

    async def opening_scope(self, connection: HTTPConnection) -> str:
        """Within which an opening key is known: the operator's (on loopback without a password: everybody's), or this
        visitor's cookie. A visitor without one has a scope that nobody can come back to."""
        if await self.is_operator(connection):
            return ""
        cookie = connection.cookies.get(VISITOR_COOKIE) or secrets.token_urlsafe(18)
        return "visitor:" + hashlib.sha256(cookie.encode("utf-8", "replace")).hexdigest()[:32]


def _verify(stored: str, password: str) -> bool:
    try:
        return PasswordHasher().verify(stored, password)
    except (Argon2Error, InvalidHashError, UnicodeError):
        return False

"""Tokens: the one secret that opens an interview. Law: a record, an export or a log holds the name, never the token."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode

from viva.core.values import canonical_json


def new_token() -> str:
    """A token nobody can guess: 24 random bytes, URL-safe."""
    return secrets.token_urlsafe(24)


def token_for(secret: bytes, scope: str, key: str) -> str:
    """The token of whoever opens with `key` in `scope`: the same key gives the same token without the token being kept."""
    message = canonical_json(["open", scope, key]).encode("ascii")
    return urlsafe_b64encode(hmac.new(secret, message, hashlib.sha256).digest()[:24]).decode("ascii")


def name_of(token: str) -> str:
    """The name of the record that a token opens."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()[:16]

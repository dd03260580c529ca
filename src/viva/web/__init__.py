"""The web door: one ASGI application over the walks. Law: no rule of the trade is decided here; what the desk gives is
shown, what a browser sends is checked for shape and size and handed on."""

from viva.web.access import DoorSettings
from viva.web.app import create_app
from viva.web.server import serve

__all__ = ["DoorSettings", "create_app", "serve"]

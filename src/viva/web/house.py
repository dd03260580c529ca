"""What one application of the door holds; handed to every handler, never global."""

from dataclasses import dataclass

from starlette.requests import Request

from viva.interviews.desk import Desk
from viva.ports import Bank
from viva.web.access import Access
from viva.web.installing import Installer
from viva.web.streams import Streams
from viva.web.templating import Pages
from viva.web.watcher import Watcher


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Desk and bank behind the door, and the door's own parts."""

    desk: Desk
    bank: Bank
    access: Access
    streams: Streams
    pages: Pages
    watcher: Watcher
    installer: Installer


def house_of(request: Request) -> House:
    """The house of the application that got this request."""
    house: House = request.app.state.house
    return house

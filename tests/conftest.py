"""What holds for every test: no test reaches beyond this machine."""

import sys
from typing import Any

_LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0", "::")


def _stay_home(event: str, args: tuple[Any, ...]) -> None:
    """Refuse connections and look-ups beyond loopback. An audit hook sees every call, also those of C code and threads."""
    if event in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
        host = args[1][0] if isinstance(args[1], tuple) else ""  # a path or None is a socket of this machine
    elif event == "socket.getaddrinfo":
        host = args[0] or ""
    else:
        return
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    if name and not name.startswith(_LOOPBACK):
        raise RuntimeError(f"a test reached for {name!r}; tests reach loopback only")


sys.addaudithook(_stay_home)

"""Every setting of viva: read once, typed, handed down. Law: a name that is not in `TABLE` is an error wherever it is
written, and each value knows where it came from. Later ones win: default, `viva.toml` in the data folder, `VIVA_*`
variable, option of the command.
"""

import difflib
import ipaddress
import os
import sys
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast
from urllib.parse import urlsplit

from viva.core.errors import OperatorError

PREFIX = "VIVA_"
FILE = "viva.toml"


class WrongSetting(OperatorError):
    """A setting is unknown or its value cannot be; whoever wrote it must act."""

    type = "setting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One line of the table. `read` makes the value from TOML or text and raises ValueError with the words "must be …";
    `in_file` is False for what `viva.toml` cannot say of itself."""

    name: str
    says: str
    read: Callable[[object], object]
    in_file: bool = True

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return PREFIX + self.name.upper()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What this viva was told. `data` and `environments` are absolute; `bank` are further folders of questions;
    `public_url` is empty or an origin without a path; `sources` says of each name where its value came from."""

    data: Path
    host: str
    port: int
    bank: tuple[Path, ...]
    public_url: str
    open_practice: bool
    environments: Path
    operator_password_file: Path | None
    unsafe_local: bool
    sources: Mapping[str, str] = field(hash=False)

    @property
    def on_loopback(self) -> bool:
        """Whether only this machine can reach the address that is served."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


def load(
    options: Mapping[str, object] | None = None, *, environ: Mapping[str, str] | None = None, home: Path | None = None
) -> Settings:
    """The settings of this process. `options` are those that a command was given (None means not given).

    Raises:
        WrongSetting: an unknown name, or a value that cannot be; says which, where, and the mend.
    """
    environ = os.environ if environ is None else environ
    given = {name: value for name, value in (options or {}).items() if value is not None and value != ()}
    user = _user_folder(environ, Path.home() if home is None else home)
    found: dict[str, tuple[object, str]] = {name: (value, "default") for name, value in _defaults(user).items()}
    variables = _from_variables(environ)
    asked = _from_options(given)
    found |= {name: entry for name, entry in (variables | asked).items() if name == "data"}
    data = cast("Path", found["data"][0])
    found |= _from_file(data / FILE) | variables | asked
    sources = MappingProxyType({name: source for name, (_, source) in found.items()})
    values: dict[str, Any] = {name: value for name, (value, _) in found.items()}
    return Settings(**values, sources=sources)


def rows(settings: Settings) -> tuple[tuple[str, str, str], ...]:
    """Each setting as (name, value in words, where it came from), for people; there are paths to secrets, never secrets."""
    return tuple((entry.name, _shown(getattr(settings, entry.name)), settings.sources[entry.name]) for entry in TABLE)


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return os.pathsep.join(str(part) for part in value) or "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    return "none" if value is None or value == "" else str(value)


def _user_folder(environ: Mapping[str, str], home: Path) -> Path:
    base = environ.get("XDG_DATA_HOME", "")
    return Path(base) if os.path.isabs(base) else home / ".local" / "share"  # noqa: PTH117 - an empty text is no path


def _defaults(user: Path) -> dict[str, object]:
    in_venv = sys.prefix != sys.base_prefix
    return {
        "data": user / "viva",
        "host": "127.0.0.1",
        "port": 8000,
        "bank": (),
        "public_url": "",
        "open_practice": False,
        "environments": (Path(sys.prefix) if in_venv else user) / "viva-environments",
        "operator_password_file": None,
        "unsafe_local": False,
    }


def _from_options(given: Mapping[str, object]) -> dict[str, tuple[object, str]]:
    known = {entry.name: entry for entry in TABLE}
    return {
        name: (_read(known[name], value, f"--{name.replace('_', '-')}"), f"--{name.replace('_', '-')}")
        for name, value in given.items()
    }


def _from_variables(environ: Mapping[str, str]) -> dict[str, tuple[object, str]]:
    known = {entry.variable: entry for entry in TABLE}
    found: dict[str, tuple[object, str]] = {}
    for variable, text in sorted(environ.items()):
        if not variable.startswith(PREFIX):
            continue
        if variable not in known:
            raise _unknown(variable, tuple(known), "the environment", f"unset {variable}")
        entry = known[variable]
        found[entry.name] = (_read(entry, text, variable), variable)
    return found


def _from_file(path: Path) -> dict[str, tuple[object, str]]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise WrongSetting(
            f"{str(path)!r} is not TOML: {problem}.", mend="Mend that line or remove the file."
        ) from problem
    except OSError as problem:
        raise WrongSetting(
            f"{str(path)!r} cannot be read: {problem.strerror}.", mend="Let the user that runs viva read it."
        ) from problem
    known = {entry.name: entry for entry in TABLE if entry.in_file}
    found: dict[str, tuple[object, str]] = {}
    for name, value in content.items():
        if name not in known:
            raise _unknown(name, tuple(known), repr(str(path)), f"remove {name!r} from the file")
        found[name] = (_read(known[name], value, f"{name} in {str(path)!r}"), str(path))
    return found


def _read(entry: Setting, value: object, place: str) -> object:
    try:
        return entry.read(value)
    except ValueError as problem:
        raise WrongSetting(f"{place} {problem}, not {value!r}.", mend=f"It is {entry.says}.") from problem


def _unknown(name: str, known: tuple[str, ...], place: str, otherwise: str) -> WrongSetting:
    near = difflib.get_close_matches(name, known, n=1)
    mend = (
        f"Did you mean {near[0]!r}? Else {otherwise}." if near else f"Known are {', '.join(known)}; else {otherwise}."
    )
    return WrongSetting(f"{name!r} in {place} is no setting of viva.", mend=mend)


def _path(value: object) -> Path:
    if not isinstance(value, str | Path) or not str(value).strip() or "\0" in str(value):
        raise ValueError("must be a path")
    return Path(value).expanduser().absolute()


def _paths(value: object) -> tuple[Path, ...]:
    parts = [part for part in value.split(os.pathsep) if part] if isinstance(value, str) else value
    if not isinstance(parts, list | tuple):
        raise ValueError("must be a list of folders")
    return tuple(_path(part) for part in parts)


def _host(value: object) -> str:
    if not isinstance(value, str) or not value or any(part.isspace() or part in "/@" for part in value):
        raise ValueError("must be an address or a host name")
    return value


def _port(value: object) -> int:
    number = int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else value
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= 65535:
        raise ValueError("must be a whole number from 0 to 65535")
    return number


def _origin(value: object) -> str:
    if value == "":
        return ""
    parts = urlsplit(value) if isinstance(value, str) else None
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname or parts.path not in {"", "/"}:
        raise ValueError("must be an address such as https://viva.example.org, without a path")
    if parts.query or parts.fragment or parts.username is not None:
        raise ValueError("must be an address such as https://viva.example.org, and nothing after it")
    return f"{parts.scheme}://{parts.netloc}"


def _switch(value: object) -> bool:
    words = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in words:
        return words[value.lower()]
    raise ValueError("must be true or false")


TABLE: tuple[Setting, ...] = (
    Setting(name="data", says="the folder of interviews and people", read=_path, in_file=False),
    Setting(name="host", says="the address to serve on", read=_host),
    Setting(name="port", says="the port to serve on, 0 for any free one", read=_port),
    Setting(name="bank", says="further folders of questions and tracks", read=_paths),
    Setting(name="public_url", says="the address that people type, where a proxy stands in front", read=_origin),
    Setting(name="open_practice", says="whether anybody may practise on an address beyond this machine", read=_switch),
    Setting(name="environments", says="the folder of the sandbox's environments", read=_path),
    Setting(name="operator_password_file", says="a file with the operator's password", read=_path),
    Setting(name="unsafe_local", says="whether code runs without a jail, for practising alone", read=_switch),
)

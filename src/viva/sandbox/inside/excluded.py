"""Names that a question excludes, made to raise in the candidate's fork before a byte of the attempt is read.

What is Python is hollowed out where it is: every alias, partial and subclass then meets the same sentence, and nothing has
to be searched. What is written in C is replaced wherever a module binds it; where that is was noted once, in the zygote.
Law: a name that is not there changes nothing. This is a fence, not a wall: code beside it can make the functions of a
framework anew from its files or reach them by names that nobody excluded (docs/authors.md).
"""

import contextlib
import importlib
import sys
import types
from collections.abc import Callable, Mapping, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from typing import Any

Bindings = Mapping[int, tuple[tuple[dict[str, Any], str], ...]]
"""By the `id` of an object the namespaces of modules that bind it, each with the name it has there."""

_FILE = "<excluded by the question>"
_OURS = ("builtins", __package__)
_SUITS = (types.FunctionType, type, types.ModuleType)  # what needs no search, or is no part


class Stub:
    """Stands where a part written in C was: calling it, asking it for anything, or deriving from it raises the sentence."""

    def __init__(self, says: str) -> None:
        self.__says = says

    def __call__(self, *_args: Any, **_kwargs: Any) -> Any:
        """Raises RuntimeError, whatever it is given."""
        raise RuntimeError(self.__says)

    def __getattr__(self, name: str) -> Any:
        raise (AttributeError(name) if name.startswith("__") else RuntimeError(self.__says))

    def __mro_entries__(self, _bases: tuple[Any, ...]) -> tuple[Any, ...]:
        raise RuntimeError(self.__says)


def bindings() -> Bindings:
    """Where the modules that are loaded now bind what is callable and no Python function or class."""
    found: dict[int, list[tuple[dict[str, Any], str]]] = {}
    for name, module in list(sys.modules.items()):
        if not issubclass(type(module), types.ModuleType) or name.startswith(_OURS):
            continue
        namespace = vars(module)
        for key, value in namespace.items():
            if hasattr(type(value), "__call__") and not issubclass(type(value), _SUITS):  # noqa: B004 - asks the type, which runs no code of the object
                found.setdefault(id(value), []).append((namespace, key))
    return {number: tuple(places) for number, places in found.items()}


def exclude(names: Sequence[str], places: Bindings) -> None:
    """Make every use of these dotted names raise a sentence that names it, in modules that are loaded now and in those that
    define them and are loaded, or loaded again, later."""
    if not names:
        return

    def shut() -> None:
        for name in names:
            _shut(name, places)

    shut()
    steps = [_own_path(name).split(".") for name in names]
    modules = frozenset(".".join(path[:cut]) for path in steps for cut in range(1, len(path)))
    sys.meta_path.insert(0, _Finder(modules, shut))


def states(names: Sequence[str]) -> dict[str, str]:
    """For authors, in a process of its own: what becomes of each name once all are excluded. "shut" where using it raises,
    "unknown" where there is none, "open" where it cannot be made to raise, and its own path where it is only known by this one.
    Imports the modules that they name."""
    exclude(names, bindings())
    return {name: _state(name) for name in names}


def _state(name: str) -> str:
    part = _reached(name)
    if part is None:
        return "unknown"
    if _is_shut(part):
        return "shut"
    own = f"{getattr(part, '__module__', '')}.{getattr(part, '__qualname__', '')}"
    return own if issubclass(type(part), _SUITS) and own != name else "open"


def _reached(name: str) -> Any:
    """What a candidate gets who follows the path, importing on the way; None where it leads nowhere."""
    path, _, rest = name.partition(".")
    with contextlib.suppress(Exception):  # of a module that does not load no name is known
        found: Any = importlib.import_module(path)
        for step in filter(None, rest.split(".")):
            path = f"{path}.{step}"
            if type(found) is not Stub:
                found = getattr(found, step) if hasattr(found, step) else importlib.import_module(path)
        return found if rest else None
    return None


class _Finder:
    """Finds some modules as Python does, and has `then` called when they have run."""

    def __init__(self, modules: frozenset[str], then: Callable[[], None]) -> None:
        self._modules = modules
        self._then = then

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: Any = None) -> ModuleSpec | None:
        """As `PathFinder`, with a loader that has a last word."""
        if name not in self._modules:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec.loader, self._then)  # type: ignore[assignment]
        return spec


class _Loader:
    def __init__(self, inner: Any, then: Callable[[], None]) -> None:
        self._inner = inner
        self._then = then

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Run the module, then what was to follow it."""
        try:
            self._inner.exec_module(module)
        finally:  # a module that fails half-way has defined half of its names
            self._then()


def _own_path(name: str) -> str:
    """Keras is a package of its own, which TensorFlow brings under its name only once somebody asks for it."""
    return name.removeprefix("tensorflow.") if name.startswith("tensorflow.keras.") else name


def _owner(name: str) -> tuple[Any, str]:
    """What holds the last part of a dotted name (a loaded module or a class), or None, and that last part."""
    steps = _own_path(name).split(".")
    for cut in range(len(steps) - 1, 0, -1):
        owner: Any = sys.modules.get(".".join(steps[:cut]))
        if owner is None:
            continue
        for step in steps[cut:-1]:
            owner = _member(owner, step)
        return owner, steps[-1]
    return None, steps[-1]


def _member(owner: Any, name: str) -> Any:
    """What `owner` has under a name, or None; a module is not asked to make what it has not."""
    return vars(owner).get(name) if issubclass(type(owner), types.ModuleType) else getattr(owner, name, None)


def _shut(name: str, places: Bindings) -> None:
    owner, last = _owner(name)
    part = _member(owner, last)
    if part is None or _is_shut(part):
        return
    says = f"{name} is excluded by this question: build it yourself"
    if _hollow(part, _raising(says)):
        return
    stub = Stub(says)
    for namespace, key in places.get(id(part), ()):
        if namespace.get(key) is part:
            namespace[key] = stub
    with contextlib.suppress(TypeError, AttributeError):  # a class written in C takes no other methods
        setattr(owner, last, stub if callable(part) else property(stub))


def _hollow(part: Any, code: types.CodeType) -> bool:
    """Give a Python function, or all of a Python class, `code` in place of its own; False where it is neither."""
    while part is not None:
        function = getattr(part, "__func__", part)
        if issubclass(type(function), type):
            return _hollow_class(function, code)
        if not issubclass(type(function), types.FunctionType):
            return False
        free = function.__code__.co_freevars
        function.__code__ = code.replace(co_freevars=free)
        function.__defaults__, function.__kwdefaults__ = (None,), None
        part = vars(function).get("__wrapped__")
    return True


def _hollow_class(kind: type, code: types.CodeType) -> bool:
    try:
        if type(vars(kind).get("__init__")) is not types.FunctionType:
            kind.__init__ = types.FunctionType(code, {}, None, (None,))  # type: ignore[misc]
    except TypeError:  # written in C
        return False
    for member in list(vars(kind).values()):
        if type(member) in (types.FunctionType, staticmethod, classmethod):
            _hollow(member, code)
    return True


def _raising(says: str) -> types.CodeType:
    """The code of a function that takes anything and raises the sentence. Its first parameter, which needs a default, is
    there for classes that look at the parameters of their methods."""
    text = f"def excluded(self, /, *_args, **_kwargs):\n    raise RuntimeError({says!r})\n"
    return next(one for one in compile(text, _FILE, "exec").co_consts if type(one) is types.CodeType)


def _is_shut(part: Any) -> bool:
    if type(part) is property:
        part = part.fget
    if issubclass(type(part), type):
        part = vars(part).get("__init__")
    code = getattr(getattr(part, "__func__", part), "__code__", None)
    return type(part) is Stub or (type(code) is types.CodeType and code.co_filename == _FILE)

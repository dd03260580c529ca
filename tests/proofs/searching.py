"""An attempt that searches its jail, and what it searches for.

The needles travel masked, and what is searched is masked the same way before it is compared: so no needle ever stands in
clear in the process that looks for it, and the searcher cannot find itself.
"""

import base64
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from viva.bank import view
from viva.core.values import Question

_MASK = bytes(byte ^ 0x15 for byte in range(256))
_SHORT, _LONG = 36, 160
_NAME = re.compile(r"^def (\w+)\(sut", re.MULTILINE)
_TITLE = re.compile(r"@check\(\s*\"([^\"]+)\"")


@dataclass(frozen=True, slots=True, kw_only=True)
class Needles:
    """What must not be found, and what must: each by a readable name. `lines` are whole lines, sought in files;
    `few` are the most telling, sought in memory as well."""

    lines: Mapping[str, bytes]
    few: Mapping[str, bytes]


def needles_of(question: Question, files: Mapping[str, bytes]) -> Needles:
    """Distinctive lines of every hidden file of a question's folder, and names and titles of its checks; what its
    candidate may see is left out."""
    seen = json.dumps([str(part) for part in _texts(view(question))]) + question.simple
    lines: dict[str, bytes] = {}
    few: dict[str, bytes] = {}
    for path, content in files.items():
        if path in ("statement.md", "simple.md", "given.py", "question.toml") or path.endswith("/starter.py"):
            continue
        if path.startswith("data/"):
            continue
        telling = [line for line in _telling(content) if line.decode() not in seen]
        lines |= {f"{path}: {line.decode()}": line for line in telling}
        most = sorted(telling, key=len, reverse=True)[: {"checks.py": 6}.get(path, 1)]
        few |= {f"{path}: {line.decode()}": line for line in most}
    checks = files["checks.py"].decode()
    names = _NAME.findall(checks)
    words = [f"def {name}(sut" for name in names] + [name for name in names if name.count("_") > 1]
    for word in (*words, *_TITLE.findall(checks)):  # a name of two words may be a word of numpy's own
        if len(word) >= 12 and word not in seen:
            few[f"a check's name or title: {word}"] = word.encode()
    return Needles(lines=lines, few=few)


def _texts(value: object) -> Iterable[object]:
    return [getattr(value, name) for name in value.__dataclass_fields__]  # type: ignore[attr-defined]


def _telling(content: bytes) -> list[bytes]:
    """Lines of printable ASCII that no other file is likely to have: several words, not too short, no bare import."""
    found = []
    for raw in content.split(b"\n"):
        line = raw.strip()[:_LONG]
        words = re.findall(rb"[A-Za-z]{3,}", line)
        if (
            len(line) < _SHORT
            or len(words) < 5
            or not line.isascii()
            or line.startswith((b"import ", b"from ", b"http"))
        ):
            continue
        found.append(line)
    return found


def masked(needle: bytes) -> str:
    """A needle as it may travel."""
    return base64.b64encode(needle.translate(_MASK)).decode()


def searcher(needles: Needles, *, everywhere: bool) -> str:
    """The attempt: prints one JSON line with the places at which each needle was found, and what else it saw.
    `everywhere` reads the files that the jail mounts from the host as well; they are the same for every question."""
    carried = json.dumps(
        {
            "lines": [masked(line) for line in needles.lines.values()],
            "few": [masked(line) for line in needles.few.values()],
            "everywhere": everywhere,
        }
    )
    return f"CARRIED = {carried!r}\n{_SEARCHER}"


_SEARCHER = r'''
import base64, builtins, ctypes, gc, io, json, os, socket, stat, sys, threading, types

TABLE = bytes(byte ^ 0x15 for byte in range(256))
carried = json.loads(CARRIED)
LINES = {base64.b64decode(text): number for number, text in enumerate(carried["lines"])}
FEW = [base64.b64decode(text) for text in carried["few"]]
HITS = set()
SAW = {}
SUFFIXES = (".py", ".md", ".toml", ".jsonl")
NEWLINE, BLANKS = b"\n".translate(TABLE), b" \t\r".translate(TABLE)


def look(place, raw):
    hidden = bytes(raw).translate(TABLE)
    for number, needle in enumerate(FEW):
        if needle in hidden:
            HITS.add(("few", number, place))


def look_at_lines(place, raw):
    hidden = raw.translate(TABLE)
    if place.startswith(("/viva", "/tmp")):
        look(place, raw)
    for line in LINES.keys() & {part.strip(BLANKS) for part in hidden.split(NEWLINE)}:
        HITS.add(("lines", LINES[line], place))


def files():
    count = size = 0
    for top in sorted(name for name in os.listdir("/") if not os.path.islink("/" + name)):
        for folder, inner, names in os.walk("/" + top):
            if not carried["everywhere"] and top not in ("viva", "tmp", "dev"):
                inner.clear()
            for name in names:
                path = os.path.join(folder, name)
                count += 1
                look_name(path)
                if folder.startswith(("/viva", "/tmp")) or (carried["everywhere"] and name.endswith(SUFFIXES)):
                    try:
                        with io.open(path, "rb") as file:
                            raw = file.read()
                    except OSError:
                        continue
                    size += len(raw)
                    look_at_lines(path, raw)
    SAW["files"], SAW["file_bytes"] = count, size
    SAW["root"] = sorted(os.listdir("/"))


def look_name(path):
    if any(word in path for word in ("viva_bank", "viva_check", "/rubric.toml", "/follow_ups.toml", "/viva.db")):
        HITS.add(("name", 0, path))


def environment():
    libc = ctypes.CDLL(None)
    block, at = ctypes.POINTER(ctypes.c_char_p).in_dll(libc, "environ"), 0
    while block and block[at] is not None:
        look("the environment", block[at])
        at += 1
    SAW["variables"] = sorted(os.environ)
    look("sys.argv", repr(sys.orig_argv + sys.argv).encode())


def objects():
    gc.unfreeze()  # the zygote froze what it held: an attacker thaws it
    SAW["modules"] = sorted(name for name in sys.modules if "check" in name or "viva" in name)
    waiting, seen, texts = [*gc.get_objects(), *sys.modules.values()], set(), []
    frame = sys._getframe()
    while frame is not None:
        waiting += [frame, *frame.f_locals.values(), *frame.f_globals.values(), *frame.f_code.co_consts]
        frame = frame.f_back
    waiting += sys._current_frames().values()
    while waiting:
        thing = waiting.pop()
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        kind = type(thing)
        if issubclass(kind, str):
            texts.append(str.encode(thing, "utf-8", "replace"))
        elif issubclass(kind, (bytes, bytearray)):
            texts.append(bytes(thing))
        else:
            waiting += gc.get_referents(thing)
    SAW["objects"] = len(seen)
    look("Python's objects", b"\0".join(texts))


def memory():
    """Raw memory around everything that Python has allocated: the kernel refuses unmapped addresses, so it cannot crash."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.write.argtypes = (ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t)
    reader, writer = os.pipe()
    step, page = 1 << 16, 1 << 12

    def peek(address, count):
        got = libc.write(writer, address, count)
        return b"" if got <= 0 else os.read(reader, got)

    anchors = {id(thing) for thing in gc.get_objects()} | {id(text) for text in sys.modules} | {id(0), id(FEW[0])}
    anchors |= {ctypes.addressof(ctypes.create_string_buffer(size)) for size in (64, 4096, 1 << 20)}
    anchors.add(ctypes.cast(libc.getpid, ctypes.c_void_p).value)
    anchors.add(ctypes.cast(ctypes.c_void_p.in_dll(libc, "environ").value, ctypes.c_void_p).value)
    done, total = set(), 0
    for anchor in sorted({address & -step for address in anchors}):
        first = anchor
        while first - step not in done and peek(first - step, step):
            first -= step
        blob, address = b"", first
        while address not in done:
            raw = peek(address, step)
            if len(raw) < step:
                raw = b"".join(peek(at, page) for at in range(address, address + step, page))
            done.add(address)
            total += len(raw)
            blob += raw
            if not raw or len(blob) > 1 << 20:
                look("raw memory", blob)
                blob = blob[-512:]  # a needle may lie across the cut
            if not raw:
                break
            address += step
        look("raw memory", blob)
    os.close(reader)
    os.close(writer)
    SAW["memory_mib"] = total >> 20


def descriptors():
    kinds = {}
    for fd in range(256):
        try:
            mode = os.fstat(fd).st_mode
        except OSError:
            continue
        kinds[fd] = "socket" if stat.S_ISSOCK(mode) else "pipe" if stat.S_ISFIFO(mode) else "other"
        if stat.S_ISSOCK(mode):
            try:
                look("a socket", socket.socket(fileno=os.dup(fd)).recv(1 << 20, socket.MSG_PEEK | socket.MSG_DONTWAIT))
            except OSError:
                pass
    SAW["descriptors"] = kinds


def processes():
    alive = []
    for pid in range(1, 200):
        try:
            os.kill(pid, 0)
            alive.append(pid)
        except (ProcessLookupError, PermissionError):
            continue
    try:
        SAW["proc"] = len(os.listdir("/proc"))
    except OSError as problem:
        SAW["proc"] = type(problem).__name__
    SAW["me"], SAW["parent"], SAW["alive"] = os.getpid(), os.getppid(), alive


def search(*parts):
    for part in parts:
        try:
            part()
        except Exception as problem:
            SAW.setdefault("failed", []).append(f"{part.__name__}: {problem!r}")


def tell(when):
    print(json.dumps({"when": when, "hits": sorted(HITS), "saw": SAW}))


search(environment, descriptors, processes, files)
tell("import")
calls = 0


class Anything:
    """Whatever the checks ask for: searches again while it is called for the third time."""

    def __init__(self, *args, **kwargs):
        global calls
        calls += 1
        if calls == 3:
            search(environment, descriptors, objects, memory)
            tell("call")

    def __call__(self, *args, **kwargs):
        return Anything()

    def __getattr__(self, name):
        return Anything


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    return Anything
'''

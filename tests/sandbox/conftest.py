"""A real sandbox for tests, as the user that runs them and, where marked, as an ordinary user on a readable copy."""

import asyncio
import contextlib
import functools
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tests.sandbox.judging import CHECKS, RIGHT, job_of, passed, seen_as_json
from viva.core.evidence import CheckRun, NotObserved
from viva.sandbox import environments, process
from viva.sandbox.client import Sandbox
from viva.settings import load

T = TypeVar("T")
Judge = Callable[..., dict[str, Any]]

Environment = Callable[[str], environments.Installed]

JUDGES = ("judge", "judge_in")
LIMITS: dict[str, dict[str, float]] = {
    "torch": {"cpu_seconds": 1.0, "wall_seconds": 4.0},
    "jax": {"cpu_seconds": 4.0, "wall_seconds": 20.0, "memory_mib": 256},
    "tensorflow": {"cpu_seconds": 2.0, "wall_seconds": 10.0, "memory_mib": 256},
}
"""What an attempt in a framework is given where nothing is said; JAX compiles each operation for each shape."""
ORDINARY = 65534
OURS, THEIRS = "as we are", "as an ordinary user"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that takes `judge` or `judge_in`, or a fixture that does, runs as whoever runs the tests; as root, as nobody too."""
    judges = [name for name in JUDGES if name in metafunc.fixturenames]
    if judges:
        metafunc.parametrize(judges[0], [OURS, THEIRS] if os.geteuid() == 0 else [OURS], indirect=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """As nobody only what is marked, a test or one of its parameters; all with VIVA's CI."""
    if os.environ.get("SANDBOX_TESTS") != "both ways":
        items[:] = [one for one in items if not _theirs(one) or one.get_closest_marker("ordinary_user")]


def _theirs(item: pytest.Item) -> bool:
    return isinstance(item, pytest.Function) and f"[{THEIRS}" in item.name


@pytest.fixture(scope="session")
def numpy_environment() -> environments.Installed:
    """The environment that runs happen in."""
    try:
        return environments.find(load().environments, "numpy")
    except environments.NotInstalled as problem:
        pytest.skip(f"the tests of the sandbox need its environment: {problem}")


@pytest.fixture(scope="session")
def environment(numpy_environment: environments.Installed) -> Environment:
    """`environment(framework)`: that of its attempts, whose checks run in the one of numpy; where it is missing, skips."""

    def installed(name: str) -> environments.Installed:
        try:
            return environments.find(numpy_environment.folder.parent, name)
        except environments.NotInstalled as problem:
            pytest.skip(f"tests of {name} attempts need their environment: {problem}")

    return installed


@pytest.fixture(scope="session")
def numpy_folder(numpy_environment: environments.Installed) -> Path:
    """Where the environments are."""
    return numpy_environment.folder.parent


class Loop:
    """One event loop for a whole session, so that one sandbox serves many tests."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._loop.run_until_complete(work)

    def close(self) -> None:
        self._loop.close()


@pytest.fixture(scope="session")
def loop() -> Iterator[Loop]:
    made = Loop()
    yield made
    made.close()


@pytest.fixture(scope="session")
def sandbox(loop: Loop, numpy_environment: environments.Installed) -> Iterator[Sandbox]:
    made = Sandbox(folder=numpy_environment.folder.parent)
    loop.run(made.start())
    loop.run(made.run(job_of(RIGHT)))  # so that no test's time is that of a zygote which starts
    yield made
    loop.run(made.close())


@pytest.fixture(scope="session")
def copy(numpy_environment: environments.Installed) -> Iterator[Path]:
    """Interpreter, the environment of numpy, viva and tests where any user can read them (homes are 0700), mostly as hard links;
    other environments are `lent` there when a test asks for them."""
    root = Path(tempfile.mkdtemp(prefix="viva-readable-"))
    try:
        root.chmod(0o755)
        print(f"\nan ordinary user reads a copy of interpreter, environment and checkout in {root}")
        _fill(root, numpy_environment)
        _lend(root, numpy_environment)
        yield root
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _fill(root: Path, environment: environments.Installed) -> None:
    version, paths = environment.paths.version, environment.paths
    _link(
        Path(paths.library) / version,
        root / "python" / "lib" / version,
        "test",
        "idlelib",
        "site-packages",
        "ensurepip",
    )
    for library in Path(paths.library).glob("libpython*"):
        _link(library, root / "python" / "lib" / library.name)
    _link(Path(paths.python), root / "python" / "bin" / version)
    here = Path(__file__).resolve().parents[2]
    for name in ("src/viva", "src/viva_check", "tests/sandbox"):
        _link(here / name, root / name, "__pycache__")


def _lend(root: Path, environment: environments.Installed) -> None:
    """Put an environment into the copy, if it is not there yet; TensorFlow's takes 10 s."""
    place = root / "environments" / environment.name
    if place.exists():
        return
    _link(environment.folder, place)
    config = place / "pyvenv.cfg"
    rows = [row for row in config.read_text().splitlines() if not row.startswith("home")]
    config.unlink()  # it is a link to the real one
    config.write_text("\n".join([f"home = {root / 'python' / 'bin'}", *rows]) + "\n")


@pytest.fixture(scope="session")
def ordinary(copy: Path) -> Iterator["subprocess.Popen[str]"]:
    """`judging.py` as a process of an ordinary user: a job a line, a result a line."""
    version = next((copy / "python" / "bin").iterdir()).name
    nobody = subprocess.Popen(
        [
            *("setpriv", "--reuid", str(ORDINARY), "--regid", str(ORDINARY), "--clear-groups"),
            *(copy / "python" / "bin" / version, "-S", "-m", "tests.sandbox.judging", copy / "environments"),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=copy,
        env={"LD_LIBRARY_PATH": str(copy / "python" / "lib"), "PYTHONPATH": f"{copy}:{copy}/src"},
    )
    _asked(nobody, {"code": RIGHT, "checks": CHECKS})  # as above
    yield nobody
    nobody.communicate()


@pytest.fixture
def judge(request: pytest.FixtureRequest) -> Judge:
    """`judge(code, checks=…, which=…, cpu_seconds=…)` gives the CheckRun as a dict, or `{"machine": why}`."""
    return _judge(request)


@pytest.fixture
def judge_in(request: pytest.FixtureRequest, environment: Environment) -> Judge:
    """`judge_in(framework, code, …)`: `judge` of attempts in a framework, with its `LIMITS` where nothing is said."""
    ask = _judge(request)

    def judged(framework: str, code: str, checks: str = CHECKS, **more: Any) -> dict[str, Any]:
        installed = environment(framework)
        if request.param == THEIRS:
            _lend(request.getfixturevalue("copy"), installed)
        return ask(code, checks, framework=framework, **LIMITS[framework] | more)

    return judged


@pytest.fixture
def judge_torch(judge_in: Judge) -> Judge:
    """`judge` of attempts in PyTorch."""
    return functools.partial(judge_in, "torch")


@pytest.fixture
def judge_jax(judge_in: Judge) -> Judge:
    """`judge` of attempts in JAX."""
    return functools.partial(judge_in, "jax")


@pytest.fixture
def judge_tensorflow(judge_in: Judge) -> Judge:
    """`judge` of attempts in TensorFlow."""
    return functools.partial(judge_in, "tensorflow")


def _judge(request: pytest.FixtureRequest) -> Judge:
    if request.param == OURS:
        loop, sandbox = request.getfixturevalue("loop"), request.getfixturevalue("sandbox")
        return lambda code, checks=CHECKS, **more: seen_as_json(loop.run(sandbox.run(job_of(code, checks, **more))))
    nobody = request.getfixturevalue("ordinary")

    return lambda code, checks=CHECKS, **more: _asked(nobody, {"code": code, "checks": checks, **more})


def _asked(nobody: "subprocess.Popen[str]", job: dict[str, Any]) -> dict[str, Any]:
    assert nobody.stdin is not None and nobody.stdout is not None
    nobody.stdin.write(json.dumps(job) + "\n")
    nobody.stdin.flush()
    answer: dict[str, Any] = json.loads(nobody.stdout.readline())
    return answer


@pytest.fixture
def attack(judge: Judge, request: pytest.FixtureRequest) -> Judge:
    """`judge` for an attempt that means harm: the next honest one is unharmed, and no process is left of it."""
    ours = request.getfixturevalue("ordinary").pid if THEIRS in request.node.name else os.getpid()

    def ask(code: str, checks: str = CHECKS, **more: Any) -> dict[str, Any]:
        start = time.monotonic()
        seen = judge(code, checks, **more)
        assert "machine" not in seen, seen
        assert time.monotonic() - start < 5, "it held the verdict up"
        honest = judge(RIGHT)
        assert passed(honest) and honest["prints"] == "" and honest["memory_mib"] < 8, honest
        assert not left_of_runs(ours), "a process outlived its run"
        return seen

    return ask


def left_of_runs(pid: int, seconds: float = 2.0) -> list[int]:
    """Processes of runs below the supervisors of `pid`, after some patience: forks that were let go, and what is below them.

    A fork that waits for its run is known by having no limit of memory yet, which only the supervisor can set.
    """
    left: list[int] = []
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        supervisors = [
            one for one in process.children(pid) if b"supervisor" in Path(f"/proc/{one}/cmdline").read_bytes()
        ]
        zygotes = [one for supervisor in supervisors for one in process.children(supervisor)]
        assert zygotes, "there is nothing to look at"
        forks = [fork for zygote in zygotes for fork in process.children(zygote)]
        left = [fork for fork in forks if _let_go(fork)]
        left += [below for fork in forks for below in process.children(fork)]
        if not left:
            break
        time.sleep(0.005)
    return left


def _let_go(fork: int) -> bool:
    try:
        limits = Path(f"/proc/{fork}/limits").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return re.search(r"Max address space +unlimited", limits) is None


def run_of(seen: CheckRun | NotObserved) -> CheckRun:
    """The evidence, which must be there."""
    assert isinstance(seen, CheckRun), seen
    return seen


def _link(source: Path, target: Path, *without: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        ignored = shutil.ignore_patterns(*without) if without else None
        shutil.copytree(source, target, ignore=ignored, copy_function=_link_file, symlinks=True)
    else:
        _link_file(str(source), str(target))


def _link_file(source: str, target: str) -> None:
    with contextlib.suppress(OSError):
        os.link(source, target)
        return
    shutil.copy(source, target)

"""The launcher: a short-lived process that builds a jail around itself and becomes the zygote of an environment.

Law: the jail shows the environment, its Python, the system's libraries and the code given, all read-only, and nothing
else of the host; the old root is gone before the environment's Python starts. As root the mounts come before the user
namespace (so homes of mode 0700 are no obstacle); an ordinary user needs the namespace first. It runs as
`python -I -S -c BOOT FD`, says each failed step on FD, and leaves a zygote that is process 1 of its own namespace.
"""

import glob
import os
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass

from .inside import frames, kernel

CONTROL_FD = 3
_OWN = kernel.NEWUSER | kernel.NEWNS | kernel.NEWPID | kernel.NEWNET | kernel.NEWIPC | kernel.NEWUTS
_READ_ONLY = kernel.ATTR_RDONLY | kernel.ATTR_NOSUID | kernel.ATTR_NODEV
_STAGE = "/tmp"  # exists everywhere; what it hides comes back with the pivot
_OLD = "/old"
_DEVICES = ("null", "zero", "urandom")
_ENVIRONMENT = {
    "HOME": "/tmp",
    "TMPDIR": "/tmp",
    "PATH": "/nonexistent",
    "LANG": "C.UTF-8",
    "TZ": "UTC",
    "LD_LIBRARY_PATH": "/python/lib",
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MPLBACKEND": "Agg",  # matplotlib draws into files; what it would keep at home goes with the run
    "MPLCONFIGDIR": "/tmp",
    "JOBLIB_MULTIPROCESSING": "0",  # no processes here, and scikit-learn need not say so
    "MALLOC_ARENA_MAX": "1",  # a thread's own arena would reserve 64 MiB of the address space that a run may use
}
_FOR_FRAMEWORK: dict[str, dict[str, str]] = {
    "numpy": {},
    "jax": {
        "JAX_PLATFORMS": "cpu",
        "JAX_DISABLE_MOST_OPTIMIZATIONS": "1",  # each operation is compiled for each shape: a third less of that
        "XLA_FLAGS": "--xla_cpu_use_fusion_emitters=false --xla_cpu_multi_thread_eigen=false",  # and another third
        "NPROC": "1",  # XLA's pools have a thread for each processor of the machine otherwise
    },
    "tensorflow": {
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_ENABLE_ONEDNN_OPTS": "0",  # its allocator waits ten seconds for memory that nobody gives back
        "TF_NUM_INTRAOP_THREADS": "1",
        "TF_NUM_INTEROP_THREADS": "1",
        "CUDA_VISIBLE_DEVICES": "",
        "KERAS_HOME": "/tmp",
        "TEST_TMPDIR": "/tmp",  # a part that it imports looks for a writable folder, and there is none before the fork
    },
    "torch": {
        "TORCHDYNAMO_DISABLE": "1",  # torch.compile leaves a function as it is: a compiler can be neither started nor waited for
        "TORCHINDUCTOR_CACHE_DIR": "/tmp",  # importing torch._dynamo makes this folder, and nothing can be made before the fork
        "TOKENIZERS_PARALLELISM": "false",
        "HF_HUB_OFFLINE": "1",  # there is no network to wait for
    },
}
_MAIN = "import sys; sys.path.insert(0, '/viva'); from inside.zygote import main; main()"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the jail shows, and the `role` and `framework` that its zygote warms up for. `python` is the real binary, `library`
    its `lib` folder, `version` like `python3.11`, `site` the environment's packages; `code` maps paths below /viva to source
    text; `hidden` are folders of the host that must not be seen even where a mount would show them; `extra` are variables for
    the zygote."""

    role: str
    framework: str
    python: str
    library: str
    version: str
    site: str
    code: dict[str, str]
    hidden: list[str]
    root: bool
    extra: dict[str, str]


class _StepFailed(Exception):
    pass


def main() -> None:
    """Build the jail, fork the zygote, end."""
    given = int(sys.argv[1])
    if given != CONTROL_FD:
        os.dup2(given, CONTROL_FD, inheritable=True)
        os.close(given)
    os.set_inheritable(CONTROL_FD, True)
    control = socket.socket(fileno=CONTROL_FD)
    frame = frames.receive(control)
    if frame is None:
        return
    try:
        zygote = _launch(control, Plan(**frame.meta))
    except _StepFailed as problem:
        frames.send(control, {"op": "failed", "layer": problem.args[0], "why": problem.args[1]})
        return
    pidfd = os.pidfd_open(zygote)
    frames.send(control, {"op": "launched", "pid": zygote}, fds=(pidfd,))


def _launch(control: socket.socket, plan: Plan) -> int:
    if plan.root:
        _step("mount namespace", lambda: kernel.unshare(kernel.NEWNS))
        _step("mounts", lambda: _build(plan))
        _step("namespaces", lambda: kernel.unshare(_OWN))
        _be_mapped(control)
        _step("uid", _become_mapped_root)
    else:
        _step("namespaces", lambda: kernel.unshare(_OWN))
        _be_mapped(control)
        _step("mounts", lambda: _build(plan))
    _step("host name", lambda: socket.sethostname("viva"))
    zygote = os.fork()
    if zygote == 0:
        _exec(plan)
    return zygote


def _step(name: str, do: Callable[[], None]) -> None:
    try:
        do()
    except OSError as problem:
        raise _StepFailed(name, str(problem)) from problem


def _be_mapped(control: socket.socket) -> None:
    """Only a process outside may write the map of ids: wait until the supervisor has."""
    frames.send(control, {"op": "unshared"})
    answer = frames.receive(control)
    if answer is None or answer.meta["op"] != "mapped":
        raise _StepFailed("user namespace", "the map of ids could not be written")


def _become_mapped_root() -> None:
    os.setgroups([])
    os.setresgid(0, 0, 0)
    os.setresuid(0, 0, 0)


def _build(plan: Plan) -> None:
    kernel.mount("", "/", None, kernel.MS_REC | kernel.MS_PRIVATE)
    kernel.mount("jail", _STAGE, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, "size=16m,nr_inodes=1k,mode=755")
    os.mkdir(_STAGE + _OLD)
    kernel.pivot_root(_STAGE, _STAGE + _OLD)
    os.chdir("/")
    os.umask(0o022)
    for host, here in _shown(plan):
        _bind(host, here, _READ_ONLY)
    for name in _DEVICES:
        _bind(f"/dev/{name}", f"/dev/{name}", kernel.ATTR_RDONLY | kernel.ATTR_NOSUID | kernel.ATTR_NOEXEC)
    _write_code(plan.code)
    if plan.framework != "numpy":
        _write_processors()
    if plan.framework == "tensorflow":
        _write_own_name(f"/python/bin/{plan.version}")
    for folder in _unwanted(plan):
        kernel.mount(
            "empty", folder, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_RDONLY, "size=4k,mode=755"
        )
    os.mkdir("/tmp")
    kernel.detach(_OLD)
    os.rmdir(_OLD)
    kernel.mount_attributes("/", _READ_ONLY, recursive=False)


def _shown(plan: Plan) -> list[tuple[str, str]]:
    """(path on the host, path in the jail), outer folders first."""
    shown = []
    for name in ("lib", "lib64", "lib32", "libx32"):
        host = f"{_OLD}/{name}"
        if os.path.islink(host):
            os.symlink(os.readlink(host), f"/{name}")
        elif os.path.isdir(host):
            shown.append((f"/{name}", f"/{name}"))
    shown += [(path, path) for path in ("/usr/lib", "/usr/lib64", "/etc/ld.so.cache") if os.path.exists(_OLD + path)]
    if os.path.dirname(plan.library) == "/usr":  # the system's own Python: its libraries are shown already
        shown.append((f"{plan.library}/{plan.version}", f"/python/lib/{plan.version}"))
    else:
        shown.append((plan.library, "/python/lib"))
    shown += [(plan.python, f"/python/bin/{plan.version}"), (plan.site, "/env")]
    return shown


def _bind(host: str, here: str, attributes: int) -> None:
    source = _OLD + host
    if os.path.isdir(source):
        os.makedirs(here, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(here), exist_ok=True)
        os.close(os.open(here, os.O_CREAT | os.O_WRONLY, 0o644))
    kernel.mount(source, here, None, kernel.MS_BIND | kernel.MS_REC)
    kernel.mount_attributes(here, attributes, recursive=True)


def _write_code(code: dict[str, str]) -> None:
    """Copies, not a mount: readable whatever the checkout's modes are, and unchanged while the zygote lives."""
    for name, text in code.items():
        path = f"/viva/{name}"
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)


def _write_processors() -> None:
    """A copy of /proc/cpuinfo, without which torch refuses to multiply in half precision."""
    with open(f"{_OLD}/proc/cpuinfo", "rb") as file:
        told = file.read()
    os.mkdir("/proc")
    with open("/proc/cpuinfo", "wb") as file:
        file.write(told)
    os.chmod("/proc", 0o111)  # noqa: S103 - for whoever knows the name, and for nobody to look around


def _write_own_name(binary: str) -> None:
    """What TensorFlow asks /proc for and aborts without: the name of the program that it runs in. A link and a file that say
    so, and nothing of a real /proc."""
    os.mkdir("/proc/self")
    os.symlink(binary, "/proc/self/exe")
    with open("/proc/self/cmdline", "wb") as file:
        file.write(binary.encode() + b"\0")
    os.chmod("/proc/self", 0o111)  # noqa: S103 - as above


def _unwanted(plan: Plan) -> list[str]:
    """Folders that the mounts show and nobody in a jail may see: packages of the base Python, and viva itself."""
    found = {
        folder
        for root in ("/usr/lib", "/usr/lib64", "/lib", "/lib64", "/python/lib")
        for kind in ("site-packages", "dist-packages")
        for folder in glob.glob(f"{root}/python3*/{kind}")
    }
    for host, here in _shown_folders(plan):
        found |= {here + path[len(host) :] for path in plan.hidden if path.startswith(host + "/")}
    return sorted({os.path.realpath(folder) for folder in found if os.path.isdir(folder)})


def _shown_folders(plan: Plan) -> list[tuple[str, str]]:
    return [("/usr/lib", "/usr/lib"), ("/usr/lib64", "/usr/lib64"), (plan.library, "/python/lib"), (plan.site, "/env")]


def variables(plan: Plan) -> dict[str, str]:
    """The variables of a zygote, and no others."""
    return _ENVIRONMENT | _FOR_FRAMEWORK[plan.framework] | plan.extra


def _exec(plan: Plan) -> None:
    try:
        binary = f"/python/bin/{plan.version}"
        options = (
            "-s",
            "-P",
            "-S",
            "-B",
            "-c",
            _MAIN,
        )  # not -I: it would ignore our hash seed; the variables are ours alone
        os.execve(
            binary,
            [binary, *options, plan.role, plan.framework],
            variables(plan),
        )
    except OSError as problem:
        sys.stderr.write(f"the environment's Python did not start: {problem}\n")
    finally:
        os._exit(1)

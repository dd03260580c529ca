"""What a candidate reads when a run ended early: one sentence for each way, in one place."""

import signal

_SIGNALS = {
    signal.SIGSEGV: "a segmentation fault: often endless recursion, or memory used in a way that it was not made for",
    signal.SIGABRT: "an abort by a library",
    signal.SIGFPE: "an arithmetic fault",
    signal.SIGILL: "an illegal instruction",
    signal.SIGBUS: "a bus error",
}


def cpu_time(limit: float) -> str:
    """The limit of CPU time was reached."""
    return f"Your code was still running after {_seconds(limit)} of CPU time."


def wall_time(limit: float) -> str:
    """The limit of time on the clock was reached."""
    return f"Your code was not done after {_seconds(limit)} on the clock: it was waiting for something that never came."


def memory(mib: int) -> str:
    """The process was ended, or an allocation was refused, because of the memory budget."""
    return f"Your code wanted more than the {mib} MiB of memory that it may use."


def output(mib: int) -> str:
    """It printed without end."""
    return f"Your code printed more than {mib} MiB, so it was stopped."


def died_by_signal(number: int) -> str:
    """Its process was ended by a signal of its own making."""
    try:
        name = signal.Signals(number).name
    except ValueError:
        name = f"signal {number}"
    what = _SIGNALS.get(number)  # type: ignore[call-overload]
    return f"Your code ended its Python process by {name}" + (f" ({what})." if what else ".")


def left(status: int) -> str:
    """Its process ended by itself, without an exception."""
    return f"Your code ended its Python process itself, with exit status {status} (by `os._exit` or the like)."


def hung_up() -> str:
    """It closed the connection to the checks."""
    return "Your code closed the connection that it is checked over, so it was stopped."


def malformed() -> str:
    """It wrote bytes of its own onto the connection."""
    return "Your code sent bytes of its own over the connection that it is checked over, so it was stopped."


def forbidden() -> str:
    """It used another machine interface."""
    return "Your code used a system interface that is closed here, so it was stopped."


def at(says: str, what: str, title: str | None) -> str:
    """`says` with the place: `what` is "import" or a check's name, `title` its title where the candidate may know it."""
    if what == "import":
        return f"{says} That was while your file was being loaded."
    return f"{says} That was in the check “{title}”." if title else f"{says} That was in one of the hidden checks."


def _seconds(value: float) -> str:
    return f"{value:.3g} s"

"""How much CPU it takes to start: `viva --help` and `import viva`, beside a bare Python in the same run.

`python benchmarks/start.py [--json]`. CPU seconds (user and system) of a whole process, read from outside when it has
ended; the least of several interleaved runs, because other work on the machine only ever adds. Exit code 1 where
`viva --help` takes `LIMIT` or more.
"""

import json
import os
import statistics
import subprocess
import sys

LIMIT = 0.3
"""CPU seconds that `viva --help` may take."""

ROUNDS = 7

PROGRAMS = {
    "bare python": [sys.executable, "-c", "pass"],
    "import viva": [sys.executable, "-c", "import viva"],
    "viva --help": [sys.executable, "-m", "viva", "--help"],
}


def cpu_seconds(command: list[str]) -> float:
    """User and system time of one run of a command, in seconds.

    Raises:
        RuntimeError: the command failed.
    """
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command!r} ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime


def measure() -> dict[str, list[float]]:
    """CPU seconds of every program in every round; the first round, which fills caches, is thrown away."""
    rounds = [{name: cpu_seconds(command) for name, command in PROGRAMS.items()} for _ in range(ROUNDS + 1)]
    return {name: [one[name] for one in rounds[1:]] for name in PROGRAMS}


def main() -> int:
    """Measure, print, and say whether the limit holds."""
    samples = measure()
    bare = min(samples["bare python"])
    rows = {
        name: {"cpu_seconds": min(taken), "median": statistics.median(taken), "ratio": min(taken) / bare}
        for name, taken in samples.items()
    }
    within = rows["viva --help"]["cpu_seconds"] < LIMIT
    if "--json" in sys.argv[1:]:
        print(json.dumps({"schema": 1, "limit": LIMIT, "within": within, "programs": rows}))
    else:
        for name, row in rows.items():
            print(f"{name:12}  {row['cpu_seconds']:.3f} s of CPU, {row['ratio']:.1f} times a bare Python")
        print(f"viva --help is to stay under {LIMIT} s of CPU: {'it does' if within else 'it does not'}.")
    return 0 if within else 1


if __name__ == "__main__":
    sys.exit(main())

"""What the sandbox is asked to do: one run of an attempt against a question's checks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from viva.core.values import Budget


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One run. `files` are checks.py, optional given.py, data/* and hidden/* of the question, by their path in its folder;
    `which` says whether all checks run or the visible ones; `seed` is a hexadecimal string that the checks' chance
    derives from; `forbid` are dotted names that raise where the attempt uses them. Nothing in it says whose attempt it is."""

    question: str
    files: Mapping[str, bytes]
    code: str
    framework: str
    which: Literal["all", "visible"]
    seed: str
    budget: Budget
    forbid: tuple[str, ...] = ()

    @property
    def limits(self) -> Budget:
        """The budget as this framework needs it: JAX and TensorFlow compile or trace what NumPy and PyTorch just call, once
        for each shape, and reserve address space that they never touch."""
        times, more_mib = _COMPILING.get(self.framework, (1, 0))
        return Budget(
            cpu_seconds=times * self.budget.cpu_seconds,
            wall_seconds=times * self.budget.wall_seconds,
            memory_mib=self.budget.memory_mib + more_mib,
        )


_COMPILING = {"jax": (6, 3584), "tensorflow": (2, 512)}
"""Times the CPU and clock seconds, and MiB beside the budget's. In JAX a small function takes 0.25 to 0.5 s for each new shape
of its arguments; XLA's threads died in 1 GiB and never in 4."""

__all__ = ["Budget", "Job"]

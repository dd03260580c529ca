"""`UnsafeLocal`: runs without a jail, for practising alone on a machine where none can be built.

Law: whoever switches it on has read what it means (docs/sandbox.md); every `CheckRun` of it says `jail=False`.
"""

from dataclasses import replace

from viva.core.evidence import CheckRun, NotObserved

from .client import Sandbox
from .job import Job


class UnsafeLocal(Sandbox):
    """Runs attempts as the user who runs viva: limits of CPU time, clock, memory, output and file size hold, and checks are in
    another process; nothing keeps the code from this machine."""

    supervisor = "viva.sandbox.bare"

    async def run(self, job: Job) -> CheckRun | NotObserved:
        """Run a job, marked as what had no jail."""
        seen = await super().run(job)
        return replace(seen, jail=False) if isinstance(seen, CheckRun) else seen

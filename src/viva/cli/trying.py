"""What trying questions in the sandbox needs on the command line: the jail as a `bank.Runner`, and a progress bar."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from viva.bank import Trial, judged_files
from viva.core.evidence import CheckRun, NotObserved
from viva.core.values import Question
from viva.sandbox.client import Sandbox
from viva.sandbox.job import Job


class Jail:
    """The sandbox as `bank.Runner`, `at_once` runs at a time."""

    def __init__(self, sandbox: Sandbox, at_once: int = 1) -> None:
        self._sandbox = sandbox
        self._gate = asyncio.Semaphore(at_once)

    async def run(self, question: Question, files: Mapping[str, bytes], trial: Trial) -> CheckRun | NotObserved:
        """One run in the jail."""
        job = Job(
            question=question.id,
            files=judged_files(files),
            code=trial.code,
            framework=trial.framework,
            which=trial.which,
            seed=trial.seed,
            budget=trial.budget or question.budget,
            forbid=question.forbid,
        )
        async with self._gate:
            return await self._sandbox.run(job)


class Bar:
    """Counts what is done."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress = progress
        self._task = progress.add_task("", total=total)

    def done(self, path: str) -> None:
        """One more run is done."""
        self._progress.update(self._task, advance=1, description=path)


@contextmanager
def progress(total: int) -> Iterator[Bar]:
    """A progress bar of `total` runs on standard error; silent where that is no terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as shown:
        yield Bar(shown, total)

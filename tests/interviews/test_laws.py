"""The laws of the loop (DESIGN 2), each on real walks over real records."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.interviews.house import HandClock, House, check_run, house
from viva.core.errors import VivaError
from viva.core.events import Agreed, Envelope, Event, Graded, Heard, Observed, Opened, Pressed, Ran, Said, Submitted
from viva.core.evidence import CheckRun, Evidence, NotObserved
from viva.core.requests import InspectCode, MeasureCost, Request, RunChecks, request_digest
from viva.core.state import State, fold
from viva.core.values import Attempt, Digest, Dimension, Grade, Question, Score, Unscored
from viva.grading import GRADERS
from viva.interviews.decide import REQUEST_CAP
from viva.interviews.desk import MoveName
from viva.interviews.live import Live
from viva.interviews.plugs import PlugTable
from viva.interviews.tokens import name_of
from viva.ports import Material, Plug, Seen
from viva.store.memory import MemoryStore

ACTIONS = (
    "say answer",
    "say next",
    "say idk",
    "hint",
    "repeat",
    "next",
    "submit right",
    "submit wrong",
    "run",
    "person",
    "pause",
    "resume",
)


@dataclass(slots=True)
class ByContent:
    """A judge whose evidence depends on the code alone, as a deterministic sandbox's does; keeps what it was asked."""

    asked: list[Request] = field(default_factory=list)

    async def __call__(self, request: Request, material: Material) -> Evidence:
        """All checks pass where the code doubles."""
        self.asked.append(request)
        await asyncio.sleep(0)
        return check_run(True, "2 *" in material.content)


async def act(h: House, token: str, action: str) -> None:
    """Do one thing as a candidate would; what is not possible now is refused and changes nothing."""
    try:
        match action.split():
            case ["say", what]:
                words = {"answer": "Doubling adds a number to itself.", "next": "next", "idk": "I don't know"}
                await h.say(token, words[what])
            case ["submit", what]:
                await h.submit(token, f"def double(x):\n    return {'2 *' if what == 'right' else '3 *'} x\n")
            case ["run"]:
                await h.desk.run(token, "print(1)", "numpy", h.key())
                await h.settled(token)
            case [button]:
                await h.press(token, cast("MoveName", button))
    except VivaError as refusal:
        if refusal.status not in (400, 409):
            raise


async def play(h: House, actions: Sequence[str]) -> tuple[str, State, tuple[Envelope, ...]]:
    """Open, agree, act, finish."""
    token = await h.agreed()
    for action in actions:
        await act(h, token, action)
    await act(h, token, "finish")
    live = await h.settled(token)
    return token, live.state, await h.store.read(live.name)


def scores(rows: Sequence[Envelope]) -> set[tuple[str, Dimension, float | None]]:
    """What was graded, without where in the record."""
    grades = [row.event.grade for row in rows if isinstance(row.event, Graded)]
    return {(g.attempt, g.dimension, g.value if isinstance(g, Score) else None) for g in grades}


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(ACTIONS), max_size=10))
def test_replaying_any_record_gives_the_live_state(actions: list[str]) -> None:
    async def story() -> None:
        with TemporaryDirectory() as folder:
            async with house(Path(folder) / "bank", judge=[check_run(True, False)]) as h:
                _, state, rows = await play(h, actions)
                assert fold(rows) == state
                assert state.closed is not None

    asyncio.run(story())


async def restored(rows: Sequence[Envelope], clock: HandClock, blobs: MemoryStore, digests: set[Digest]) -> MemoryStore:
    """A store that holds exactly these rows, as if the process had died after the last of them."""
    store = MemoryStore(clock)
    for digest in digests:
        content = await blobs.blob(digest)
        assert content is not None
        await store.put_blob(content)
    for row in rows:
        assert row.event is not None
        clock.at = row.at
        if isinstance(row.event, Opened):
            await store.create("cut", (row.event,))
        else:
            await store.append("cut", row.seq - 1, (row.event,))
    return store


@pytest.mark.parametrize(
    "actions", [("say answer", "say next", "submit wrong", "run", "submit right", "next"), ("idk", "submit wrong")]
)
def test_a_record_cut_after_any_event_and_resumed_gives_the_same_grades(
    actions: tuple[str, ...], tmp_path: Path
) -> None:
    async def story() -> None:
        whole = ByContent()
        async with house(tmp_path / "bank") as h:
            h.driver._plugs = _table(h, whole)
            _, _, rows = await play(h, actions)
            assert isinstance(h.store, MemoryStore)
            assert isinstance(rows[0].event, Opened)
            digests = {step.question_digest for step in rows[0].event.plan.steps}
            for cut in range(1, len(rows) + 1):
                again = ByContent()
                clock = HandClock()
                store = await restored(rows[:cut], clock, h.store, digests)
                async with house(tmp_path / "bank", store=store, clock=clock) as resumed:
                    resumed.driver._plugs = _table(resumed, again)
                    await _finish(resumed, rows[cut:])
                    after = await store.read("cut")
                assert scores(after) == scores(rows), f"cut after row {cut}"
                observed = {row.event.request for row in rows[:cut] if isinstance(row.event, Observed)}
                assert not observed & {request_digest(request) for request in again.asked}, (
                    f"gathered twice after a cut at {cut}"
                )

    asyncio.run(story())


def _table(h: House, judge: Plug[RunChecks]) -> PlugTable:
    assert isinstance(h.driver._plugs, PlugTable)
    return replace(h.driver._plugs, run_checks=judge)


async def _finish(h: House, rest: Sequence[Envelope]) -> None:
    """Let the candidate do, in order, what they did in the part that was cut off."""
    live = await h.driver.look("cut")
    for row in rest:
        if isinstance(row.event, Heard | Pressed | Submitted | Ran | Agreed):
            await _rest(h, live)
            await h.driver.append(live, partial(_just, row.event))
    await _rest(h, live)


def _just(event: Event, _: State) -> tuple[Event, ...]:
    return (event,)


async def _rest(h: House, live: Live) -> None:
    for _ in range(2000):
        await asyncio.sleep(0)
        if live.idle:
            return
    raise AssertionError("viva did not come to rest")


def test_two_drivers_of_one_record_never_both_win(tmp_path: Path) -> None:
    async def story() -> None:
        store = MemoryStore(HandClock())
        async with house(tmp_path / "bank", store=store) as one, house(tmp_path / "bank", store=store) as two:
            token = await one.agreed()
            await two.driver.look(name_of(token))
            for round_ in range(6):
                await one.desk.message(token, f"thought {round_}", one.key())
                await two.desk.message(token, f"other thought {round_}", f"two-{round_}")
                await two.desk.settle(token, 2)
            await one.say(token, "next")
            await asyncio.gather(
                one.desk.attempt(token, "def double(x): return 2 * x", "numpy", "a"),
                two.desk.attempt(token, "def double(x): return 3 * x", "numpy", "b"),
            )
            await one.settled(token)
            await two.settled(token)
            rows = await store.read(name_of(token))
        requests = [row.event.request for row in rows if isinstance(row.event, Observed)]
        grades = [(row.event.grade.attempt, row.event.grade.dimension) for row in rows if isinstance(row.event, Graded)]
        answered = [row.event.about for row in rows if isinstance(row.event, Said) and row.event.about is not None]
        for once in (requests, grades, answered):
            assert len(once) == len(set(once))
        assert sum(isinstance(row.event, Heard) for row in rows) == 13
        assert sum(isinstance(row.event, Submitted) for row in rows) == 2

    asyncio.run(story())


@dataclass(frozen=True, slots=True, kw_only=True)
class Greedy:
    """A grader that never has enough."""

    name: str = "greedy@1"
    dimension: Dimension = Dimension.EFFICIENCY

    def applies(self, question: Question) -> bool:
        """Code."""
        return question.takes_code

    def wants(self, question: Question, attempt: Attempt, seed: str, seen: Seen) -> Request | None:
        """Always another size."""
        return MeasureCost(question=attempt.question_digest, of=attempt.digest, sizes=(len(seen),))

    def grade(self, question: Question, attempt: Attempt, seed: str, seen: Seen) -> Grade:
        """Never reached."""
        raise AssertionError("a greedy grader was asked for a grade")


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken(Greedy):
    """A grader that fails when it has its evidence."""

    name: str = "broken@1"
    dimension: Dimension = Dimension.CRAFT

    def wants(self, question: Question, attempt: Attempt, seed: str, seen: Seen) -> Request | None:
        """One inspection."""
        request = InspectCode(question=attempt.question_digest, of=attempt.digest)
        return None if request in seen else request


def test_a_cap_on_requests_ends_in_unscored_and_never_in_an_endless_loop(tmp_path: Path) -> None:
    async def story() -> None:
        async with house(tmp_path / "bank", graders=(Greedy(), Broken(), GRADERS[0])) as h:
            token = await h.agreed(question="double")
            digest = await h.submit(token)
            state = (await h.settled(token)).state
            greedy, broken = (state.grades[(digest, d)] for d in (Dimension.EFFICIENCY, Dimension.CRAFT))
            assert isinstance(greedy, Unscored) and greedy.whose == "machine" and str(REQUEST_CAP) in greedy.why
            assert isinstance(broken, Unscored) and broken.whose == "machine" and "AssertionError" in broken.why
            assert isinstance(state.grades[(digest, Dimension.CORRECTNESS)], Score)
            assert len(state.evidence) == REQUEST_CAP + 2

    asyncio.run(story())


FAULT = NotObserved(whose="machine", why="The sandbox did not start.")


@pytest.mark.parametrize("first", [FAULT, RuntimeError("the plug broke")])
def test_a_machines_fault_is_tried_once_more_and_then_stands(first: Evidence | Exception, tmp_path: Path) -> None:
    async def story() -> None:
        async with house(tmp_path / "a", judge=[first, check_run(True)]) as h:
            token = await h.agreed(question="double")
            digest = await h.submit(token)
            grade = (await h.settled(token)).state.grades[(digest, Dimension.CORRECTNESS)]
            assert isinstance(grade, Score) and grade.value == 1.0
            assert [request.tries for request in h.judge.requests] == [0, 1]

    asyncio.run(story())


def test_our_fault_ends_in_unscored_and_costs_no_attempt(tmp_path: Path) -> None:
    async def story() -> None:
        async with house(tmp_path / "a", judge=[FAULT]) as h:
            token = await h.agreed(mode="screening", question="double")
            before = (await h.desk.view(token))["question"]
            digest = await h.submit(token)
            grade = (await h.settled(token)).state.grades[(digest, Dimension.CORRECTNESS)]
            after = (await h.desk.view(token))["question"]
            assert isinstance(grade, Unscored) and grade.whose == "machine" and FAULT.why in grade.why
            assert [request.tries for request in h.judge.requests] == [0, 1]
            assert before is not None and after is not None
            assert before["attempts_left"] == after["attempts_left"] == 5

    asyncio.run(story())


def test_while_code_runs_viva_reads_and_answers(tmp_path: Path) -> None:
    async def story() -> None:
        gate = asyncio.Event()

        async def slow(request: RunChecks, material: Material) -> CheckRun:
            await gate.wait()
            return check_run(True)

        async with house(tmp_path / "a") as h:
            h.driver._plugs = _table(h, slow)
            token = await h.agreed(question="double")
            await h.desk.attempt(token, "def double(x): return 2 * x", "numpy", h.key())
            await h.desk.message(token, "can I have a hint?", h.key())
            for _ in range(300):
                await asyncio.sleep(0)
            view = await h.desk.view(token)
            assert view["waiting_for"] == "viva" and view["attempts"][0]["status"] == "waiting"
            assert view["question"] is not None and view["question"]["hints_used"] == 1
            gate.set()
            await h.settled(token)
            assert (await h.desk.view(token))["attempts"][0]["status"] == "done"

    asyncio.run(story())


def test_a_newer_run_takes_the_place_of_one_that_has_not_started(tmp_path: Path) -> None:
    async def story() -> None:
        gate = asyncio.Event()
        seen: list[str] = []

        async def slow(request: RunChecks, material: Material) -> CheckRun:
            seen.append(material.content)
            await gate.wait()
            return check_run(True)

        async with house(tmp_path / "a") as h:
            h.driver._plugs = _table(h, slow)
            token = await h.agreed(question="double")
            for code in ("first", "second", "third"):
                await h.desk.run(token, code, "numpy", h.key())
                for _ in range(100):
                    await asyncio.sleep(0)
            gate.set()
            await h.settled(token)
            runs = (await h.desk.view(token))["runs"]
            assert [run["status"] for run in runs] == ["done", "replaced", "done"]
            assert seen == ["first", "third"]

    asyncio.run(story())

"""Acknowledged is durable: interviews over HTTP whose server is killed with -9 at random times, in the middle of runs and
between append and answer, end with everything that was acknowledged and with the grades of an undisturbed one."""

import functools
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest

from tests.campaign.server import Gone, Server
from viva.interviews.tokens import name_of

QUESTIONS = Path(__file__).parents[2] / "src" / "viva_bank" / "questions"
SEED = 1
Moment = Literal["never", "random", "run", "answer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that the candidate does; `kills` says whether a run follows that a kill can fall into."""

    path: str
    body: dict[str, Any]
    kills: bool = False


@functools.cache
def script() -> tuple[Step, ...]:
    """A whole interview: words, a hint, wrong code, right code, the end."""
    attention = QUESTIONS / "scaled-dot-product-attention"
    right = (attention / "numpy" / "solution.py").read_text()
    wrong = next((attention / "attempts").glob("wrong_*.py")).read_text()
    starter = (attention / "numpy" / "starter.py").read_text()
    code = {"framework": "numpy"}
    return (
        Step(path="/moves", body={"kind": "agree"}),
        Step(
            path="/messages",
            body={"text": "Every query is compared with every key; a softmax of the scores weighs the values."},
        ),
        Step(path="/messages", body={"text": "Several heads look at different things. " + "x" * 2000}),
        Step(path="/moves", body={"kind": "next"}),
        Step(path="/runs", body={"code": right + "\nprint('own print')\n", **code}, kills=True),
        Step(path="/moves", body={"kind": "hint"}),
        Step(path="/attempts", body={"code": wrong, **code}, kills=True),
        Step(path="/attempts", body={"code": right, **code}, kills=True),
        Step(path="/attempts", body={"code": starter, **code}, kills=True),
        Step(path="/attempts", body={"code": right, **code}, kills=True),
        Step(path="/messages", body={"text": "that's all, next"}),
        Step(path="/moves", body={"kind": "finish"}),
    )


@dataclass(slots=True)
class Candidate:
    """A client that is told nothing of kills: it sends again with the same key until it has an answer."""

    server: Server
    opening: str
    chance: random.Random
    token: str = ""
    acknowledged: dict[str, int] = field(default_factory=dict)
    fell: Counter[str] = field(default_factory=Counter)

    def open(self) -> None:
        """Begin the track, practising with the same seed every time, so that questions and hidden inputs repeat."""
        body = {"track": "transformers-first-steps", "mode": "practice", "seed": SEED, "key": self.opening}
        status, answer = self.server.call("POST", "/api/v1/interviews", body)
        assert status == 201, answer
        self.token = answer["id"]

    def send(self, number: int, step: Step, moment: Moment) -> None:
        """One step, with a kill at its moment."""
        key = f"step-{number}"
        path, body = f"/api/v1/interviews/{self.token}{step.path}", step.body | {"key": key}
        if moment == "answer":
            self._kill_before_the_answer(path, body)
        self._until_taken(path, body, key)
        if moment == "run":
            self._kill_in_the_run()
        elif moment == "random":
            time.sleep(self.chance.uniform(0, 0.3))
            self._kill("random")
        self._until_settled()

    def _until_taken(self, path: str, body: dict[str, Any], key: str) -> None:
        for _ in range(20):
            try:
                status, answer = self.server.call("POST", path, body)
            except Gone:
                time.sleep(0.05)
                continue
            assert status == 202, (path, body["key"], status, answer)
            self.acknowledged[key] = answer["seq"]
            return
        raise AssertionError("the server never answered")

    def _kill_before_the_answer(self, path: str, body: dict[str, Any]) -> None:
        """The write is on disk and its answer was not read."""
        before = len(self._rows())
        with self.server.send_only(path, body):
            deadline = time.monotonic() + 10
            while len(self._rows()) == before:
                assert time.monotonic() < deadline, "the write never reached the disk"
            self._kill("answer")

    def _kill_in_the_run(self) -> None:
        time.sleep(self.chance.uniform(0, 0.08))
        self.server.kill()
        kinds = [kind for _, kind in self._rows()]
        newest = max(index for index, kind in enumerate(kinds) if kind in ("Ran", "Submitted"))
        under_way = kinds[newest:].count("Observed") < (1 if kinds[newest] == "Ran" else 3)
        self.fell["run" if under_way else "random"] += 1
        self.server.start()

    def _kill(self, moment: str) -> None:
        self.server.kill()
        self.fell[moment] += 1
        self.server.start()

    def _rows(self) -> list[tuple[int, str]]:
        return [(seq, kind) for name, seq, kind in self.server.rows() if name == name_of(self.token)]

    def _until_settled(self) -> None:
        deadline = time.monotonic() + 60
        while self.state()["waiting_for"] == "viva":
            assert time.monotonic() < deadline, "viva never came to rest"
            time.sleep(0.03)

    def state(self) -> Any:
        """The interview's state."""
        return self.server.call("GET", f"/api/v1/interviews/{self.token}")[1]

    def play(self, moments: list[Moment]) -> Any:
        """The whole script; gives the scorecard."""
        self.open()
        for number, (step, moment) in enumerate(zip(script(), moments, strict=True)):
            self.send(number, step, moment)
        return self.server.call("GET", f"/api/v1/interviews/{self.token}/scorecard")[1]


def grades_of(card: Any) -> dict[str, Any]:
    """What was graded, and why, for each question, without digests of time or place; of efficiency, whose figures are measured
    anew after a kill, that it was graded."""
    graded: dict[str, Any] = {}
    for question in card["questions"]:
        for dimension, grade in question["grades"].items():
            words = [(entry["title"], entry.get("passed"), entry["says"]) for entry in grade["evidence"]]
            if dimension == "efficiency":
                graded[f"{question['question']} {dimension}"] = bool(grade["grader"])
                continue
            graded[f"{question['question']} {dimension}"] = (grade["value"], grade["unscored"], grade["because"], words)
        attempts = [(attempt["id"], attempt["status"], attempt["code"]) for attempt in question["attempts"]]
        graded[f"{question['question']} attempts"] = attempts
    return graded


def moments_for(kills: int, chance: random.Random) -> list[list[Moment]]:
    """Interviews with `kills` kills in all: those that fall into runs, those before an answer, and random ones."""
    steps = script()
    plans: list[list[Moment]] = []
    while kills:
        plan: list[Moment] = ["never"] * len(steps)
        for number, step in enumerate(steps[:-1]):
            if kills and chance.random() < 0.7:
                plan[number] = "run" if step.kills and chance.random() < 0.7 else chance.choice(("answer", "random"))
                kills -= 1
        plans.append(plan)
    return plans


def campaign(data: Path, kills: int, seed: int) -> Counter[str]:
    """Kill `kills` times and compare with an undisturbed run; gives how many fell where."""
    chance = random.Random(seed)
    server = Server(data=data)
    server.start()
    try:
        undisturbed = Candidate(server=server, opening="undisturbed", chance=chance)
        wanted = grades_of(undisturbed.play(["never"] * len(script())))
        assert wanted["scaled-dot-product-attention correctness"][0] == 1.0
        fell: Counter[str] = Counter()
        for number, plan in enumerate(moments_for(kills, chance)):
            candidate = Candidate(server=server, opening=f"disturbed {number}", chance=chance)
            card = candidate.play(plan)
            got = grades_of(card)
            assert {key: (got.get(key), wanted[key]) for key in wanted if got.get(key) != wanted[key]} == {}
            rows = dict(candidate._rows())
            assert all(seq in rows for seq in candidate.acknowledged.values())
            assert list(rows) == list(range(1, len(rows) + 1))
            said = [line["text"] for line in candidate.state()["transcript"] if line["who"] == "you"]
            assert said == [step.body["text"] for step in script() if step.path == "/messages"]
            fell += candidate.fell
        return fell
    finally:
        server.stop()


def test_five_kills_lose_nothing_and_change_no_grade(tmp_path: Path) -> None:
    fell = campaign(tmp_path / "data", 5, seed=20261125)
    assert fell.total() == 5


@pytest.mark.ci
def test_fifty_kills_lose_nothing_and_change_no_grade(tmp_path: Path) -> None:
    fell = campaign(tmp_path / "data", 50, seed=50)
    print(f"kills: {dict(fell)}")
    assert fell.total() == 50
    assert fell["run"] >= 10 and fell["answer"] >= 10

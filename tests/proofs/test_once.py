"""What is sent twice happens once: by threads at the same time, by two tabs, by a client that tries again after the end.
Over a real server, with its database and its jail.
"""

import http.client
import itertools
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import Any

import pytest

from tests.campaign.server import Server
from tests.proofs.bank import files_of
from viva.interviews.tokens import name_of

ATTENTION = "scaled-dot-product-attention"
RIGHT = files_of(ATTENTION)["numpy/solution.py"].decode()
AT_ONCE = 6
Answer = tuple[int, Any]
_numbers = itertools.count()


def key() -> str:
    """A key that nobody used."""
    return f"key {next(_numbers)}"


class Interview:
    """One interview at the server, as a program sees it."""

    def __init__(self, server: Server, **order: object) -> None:
        self.server = server
        body = {"mode": "practice", "key": key(), **(order or {"question": ATTENTION})}
        status, opened = server.call("POST", "/api/v1/interviews", body)
        assert status == 201, opened
        self.token: str = opened["id"]
        self.write("moves", kind="agree")

    def call(self, method: str, path: str, body: object = None, *, wait: float = 0) -> Answer:
        """One call; `wait` in seconds, until viva has done all it can."""
        headers = {"prefer": f"wait={wait:g}"} if wait else {}
        return self.server.call(method, f"/api/v1/interviews/{self.token}{path}", body, headers=headers)

    def write(self, path: str, *, wait: float = 20, **body: object) -> Any:
        """A write that is taken."""
        status, answer = self.call("POST", f"/{path}", {"key": key(), **body}, wait=wait)
        assert status == 202, answer
        return answer

    def state(self) -> Any:
        """The state, once viva waits for the candidate."""
        return self.call("GET", "", wait=20)[1]

    def kinds(self) -> Counter[str]:
        """How many events of each kind are on disk."""
        name = name_of(self.token)
        return Counter(kind for interview, _, kind in self.server.rows() if interview == name)


def at_once(do: Callable[[], Answer]) -> list[Answer]:
    """The answers to the same call, made by several threads at the same time."""
    with ThreadPoolExecutor(AT_ONCE) as threads:
        return [future.result() for future in [threads.submit(do) for _ in range(AT_ONCE)]]


def problem(answer: Answer, status: int, type: str) -> Any:
    """The problem details of a refusal, which say what happened and what to do."""
    assert answer[0] == status and answer[1]["type"] == type, answer
    assert answer[1]["detail"] and answer[1]["mend"]
    return answer[1]


def test_an_interview_opened_by_many_at_once_is_one(server: Server) -> None:
    order = {"question": ATTENTION, "mode": "practice", "key": key()}
    before = len({interview for interview, _, _ in server.rows()})
    answers = at_once(lambda: server.call("POST", "/api/v1/interviews", order))
    assert {status for status, _ in answers} == {201}
    assert len({answer["id"] for _, answer in answers}) == 1
    assert len({interview for interview, _, _ in server.rows()}) == before + 1
    problem(server.call("POST", "/api/v1/interviews", order | {"question": "adam"}), 422, "key-reused")


@pytest.mark.parametrize(
    ("path", "kind", "body", "other"),
    [
        ("messages", "Heard", {"text": "What is d here?"}, {"text": "And k?"}),
        ("runs", "Ran", {"code": RIGHT, "framework": "numpy"}, {"code": "1"}),
        ("attempts", "Submitted", {"code": RIGHT, "framework": "numpy"}, {"code": "1"}),
        ("moves", "Pressed", {"kind": "hint"}, {"kind": "repeat"}),
    ],
)
def test_a_write_sent_by_many_at_once_happens_once(
    server: Server, path: str, kind: str, body: dict[str, Any], other: dict[str, Any]
) -> None:
    interview = Interview(server)
    before = interview.kinds()[kind]
    sent = {"key": key(), **body}
    answers = at_once(lambda: interview.call("POST", f"/{path}", sent))
    assert {status for status, _ in answers} == {202} and len({json.dumps(answer) for _, answer in answers}) == 1
    assert interview.kinds()[kind] == before + 1
    problem(interview.call("POST", f"/{path}", sent | other), 422, "key-reused")
    problem(interview.call("POST", "/messages", {"text": "by another door", "key": sent["key"]}), 422, "key-reused")
    assert interview.kinds()[kind] == before + 1
    assert interview.write(path, **body)["seq"] > answers[0][1]["seq"]  # another key is another write
    assert interview.kinds()[kind] == before + 2


def test_writes_of_many_at_once_with_their_own_keys_are_all_kept_in_one_order(server: Server) -> None:
    interview = Interview(server)
    texts = itertools.count()
    answers = at_once(lambda: interview.call("POST", "/messages", {"text": f"message {next(texts)}", "key": key()}))
    seqs = [answer["seq"] for _, answer in answers]
    assert {status for status, _ in answers} == {202} and len(set(seqs)) == AT_ONCE
    said = {line["seq"]: line["text"] for line in interview.state()["transcript"] if line["who"] == "you"}
    assert sorted(said) == sorted(seqs) and sorted(said.values()) == [f"message {n}" for n in range(AT_ONCE)]


def test_what_belongs_to_a_question_that_was_left_is_refused_and_lost_nowhere(server: Server) -> None:
    interview = Interview(server, track="transformers-first-steps", seed=3)
    first = interview.state()["question"]["id"]
    draft = {"of": "chat", "text": "a thought", "n": 1, "question": first}
    assert interview.call("PUT", "/draft", draft)[0] == 200
    interview.write("moves", kind="next")
    assert interview.state()["question"]["id"] == ATTENTION != first
    before = interview.kinds()
    for path, body in (
        ("messages", {"text": "an answer to the first"}),
        ("runs", {"code": RIGHT, "framework": "numpy"}),
        ("attempts", {"code": RIGHT, "framework": "numpy"}),
    ):
        problem(interview.call("POST", f"/{path}", {"key": key(), "question": first, **body}), 409, "question_left")
    problem(interview.call("PUT", "/draft", draft | {"n": 2}), 409, "question_left")
    assert interview.kinds() == before
    assert interview.write("messages", text="an answer to this one", question=ATTENTION)["seq"]


def test_after_the_end_a_known_key_answers_as_before_and_only_an_appeal_is_taken(server: Server) -> None:
    interview = Interview(server)
    body = {"code": RIGHT, "framework": "numpy", "key": key()}
    first = interview.call("POST", "/attempts", body, wait=20)[1]
    interview.write("moves", kind="finish")
    assert interview.state()["status"] == "closed"
    status, again = interview.call("POST", "/attempts", body)
    assert status == 202 and (again["seq"], again["id"]) == (first["seq"], first["id"])
    for path, late in (
        ("messages", {"text": "one more thing"}),
        ("runs", {"code": RIGHT, "framework": "numpy"}),
        ("attempts", {"code": RIGHT, "framework": "numpy"}),
        ("moves", {"kind": "next"}),
        ("moves", {"kind": "pause"}),
    ):
        problem(interview.call("POST", f"/{path}", {"key": key(), **late}), 409, "closed")
    problem(interview.call("PUT", "/draft", {"of": "chat", "text": "x", "n": 9}), 409, "closed")
    appeal = {"kind": "appeal", "question": ATTENTION, "dimension": "correctness", "text": "No.", "key": key()}
    began = time.monotonic()
    answers = at_once(lambda: interview.call("POST", "/moves", appeal, wait=20))
    assert time.monotonic() - began < 15, "nothing is waited for after the end"
    assert {status for status, _ in answers} == {202} and interview.kinds()["Appealed"] == 1


def test_of_two_tabs_the_older_draft_is_refused_with_what_is_kept(server: Server) -> None:
    interview = Interview(server)
    draft: dict[str, Any] = {"of": "editor", "framework": "numpy", "question": ATTENTION}

    def save(text: str, n: int) -> Answer:
        return interview.call("PUT", "/draft", {**draft, "text": text, "n": n})

    assert save("first tab", 5)[0] == 200 and save("first tab", 5)[0] == 200
    stale = problem(save("second tab", 3), 409, "stale-draft")
    assert stale["draft"] == {"text": "first tab", "n": 5}
    assert problem(save("second tab", 5), 409, "stale-draft")["draft"]["text"] == "first tab"
    assert save("second tab", 6)[0] == 200
    kept = interview.state()["draft"]
    assert (kept["text"], kept["n"]) == ("second tab", 6)
    racing = itertools.count(7)
    answers = at_once(lambda: save(f"racing {(n := next(racing))}", n))
    assert {status for status, _ in answers} <= {200, 409} and (200 in {status for status, _ in answers})
    assert interview.state()["draft"]["text"] == f"racing {6 + AT_ONCE}"


def test_two_tabs_that_agree_start_one_clock(server: Server) -> None:
    interview = Interview(server)
    deadline = interview.state()["deadline"]
    answers = at_once(lambda: interview.call("POST", "/moves", {"kind": "agree", "key": key()}))
    assert {status for status, _ in answers} == {202} and interview.kinds()["Agreed"] == 1
    assert interview.state()["deadline"] == deadline


def test_a_write_answers_when_it_is_kept_and_waits_for_its_verdict_only_where_asked(server: Server) -> None:
    interview = Interview(server)
    sleeping = "import time\n\n\ndef attention(q, k, v, mask=None):\n    time.sleep(1)\n    return q\n"
    began = time.monotonic()
    status, answer = interview.call("POST", "/runs", {"code": sleeping, "framework": "numpy", "key": key()})
    assert status == 202 and set(answer) == {"seq"} and time.monotonic() - began < 2.5
    assert interview.call("GET", "")[1]["waiting_for"] == "viva"
    waited = interview.write("attempts", code=RIGHT, framework="numpy", wait=30)
    shown = waited["interview"]
    assert shown["waiting_for"] == "candidate"
    assert shown["attempts"][0]["id"] == waited["id"] and shown["attempts"][0]["result"]["ended"] == "finished"


@contextmanager
def stream(interview: Interview, after: int = 0) -> Iterator[Iterator[tuple[int, str]]]:
    """The live record of an interview, as (seq, kind), resumed after `after`."""
    connection = http.client.HTTPConnection("127.0.0.1", interview.server.port, timeout=30)
    with closing(connection):
        path = f"/api/v1/interviews/{interview.token}/events"
        connection.request("GET", path, headers={"Last-Event-ID": str(after)} if after else {})
        answer = connection.getresponse()
        assert answer.status == 200 and answer.headers["content-type"].startswith("text/event-stream")
        yield _events(answer)


def _events(answer: http.client.HTTPResponse) -> Iterator[tuple[int, str]]:
    seq = 0
    for raw in answer:
        name, _, value = raw.decode().strip().partition(": ")
        if name == "id":
            seq = int(value)
        elif name == "event":
            yield seq, value


def test_two_tabs_see_the_same_record_grow_and_one_that_comes_back_misses_nothing(server: Server) -> None:
    interview = Interview(server)
    with stream(interview) as one, stream(interview) as two:
        interview.write("messages", text="from the second tab")
        interview.write("attempts", code=RIGHT, framework="numpy")
        interview.write("moves", kind="finish")
        first, second = list(one), list(two)  # both end by themselves once the interview has
    assert first == second and len(first) == len({seq for seq, _ in first})
    assert [seq for seq, _ in first] == sorted(seq for seq, _ in first)
    middle = first[len(first) // 2][0]
    with stream(interview, after=middle) as back:
        assert list(back) == [event for event in first if event[0] > middle]

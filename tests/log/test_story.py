"""The story tells every row, in order, and lets no stranger's text pass for one."""

import re
import typing
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.log.records import CODE, NAME, SECRET, attempt, envelopes, posed, run, said, whole
from tests.store.examples import NOON, heard, opened
from tests.store.test_codec import built
from viva.core.errors import BrokenRecord
from viva.core.events import Envelope, Event, Observed, Posed, Submitted
from viva.core.evidence import Evidence, Matches, PointMatch, PointVerdict
from viva.core.values import Digest
from viva.store.shown import rows_json
from viva.store.story import story
from viva.store.telling import offset, seen

ROW = re.compile(r"^ *([+-][0-9:]+) +([0-9]+)  (.*)$")


def told(events: list[Event | None]) -> str:
    return "\n".join(story(NAME, envelopes(events)))


def test_a_whole_interview_reads_as_a_story() -> None:
    text = told([*whole()])
    for sentence in (
        "+0:00     1  Interview 0123456789abcdef (practice) is opened for Quiet Otter, 2026-03-01 12:00:00 UTC.",
        "First steps: 25 minutes, help allowed: none",
        "1. Adam (coding, 10 minutes)",
        "+0:10     2  candidate agrees; the clock runs until +25:00.",
        "+0:20     3  question 1, Adam is posed, without a limit.",
        "+0:30     4  candidate:\n                | a hint,\n                | please",
        "viva, hint 1 (asked for):\n                | Look at the *bias*.",
        "candidate runs code (numpy):\n                | def adam():\n                |     return 1",
        "run timed_out: 1 of 3 checks passed; 0.500 s of CPU, 3.2 MiB, numpy.\n                It took too long.",
        " passed  the first step",
        " failed  the bias (line 2): 0.1 instead of 1",
        "not run  the last step",
        "it printed:\n                | hello",
        "candidate hands in attempt 1 at adam (numpy):",
        "nothing observed (machine): no jail",
        "graded: correctness 0.25 for attempt 1 at adam, by checks@1.\n                because one of three checks passed",
        "unscored: craft for attempt 1 at adam, by checks@1 (nobody).\n                because the jail did not start",
        "candidate wants to finish.",
        "closed: the candidate finished.",
        "candidate appeals correctness of adam:\n                | it is right",
        "operator sets correctness of adam to 1.00:\n                | it is",
        "operator erases row 4:",
    ):
        assert sentence in text


def test_a_run_without_a_jail_is_marked() -> None:
    seen = Observed(request=Digest("sha256:1"), evidence=replace(run(), jail=False))
    assert "3.2 MiB, numpy, WITHOUT A JAIL." in told([opened(), seen])


def test_the_hidden_seed_is_never_told() -> None:
    assert SECRET not in told([*whole()])
    assert SECRET not in repr(rows_json(envelopes([*whole()])))
    assert "hidden_seed" not in repr(rows_json(envelopes([*whole()])))


def test_an_erased_row_is_told_as_one() -> None:
    events: list[Event | None] = [*whole()]
    events[3] = None
    assert "+0:30     4  (erased)" in told(events)
    row = rows_json(envelopes(events))[3]
    assert (row["seq"], row["kind"], row["event"]) == (4, None, None)


def test_how_an_answer_was_matched_is_told_point_by_point_and_by_which_model() -> None:
    verdicts: tuple[PointVerdict, ...] = ("said", "partly", "wrong", "unsure", "missing")
    points = tuple(
        PointMatch(point=f"point-{n}", verdict=verdict, probability=0.9 - n / 10, quote=None)
        for n, verdict in enumerate(verdicts)
    )
    matches = Matches(points=points, misconceptions=points[2:], unread="Not in English.", model="judge@1")
    says, below = seen(matches)
    assert says == "answer matched by judge@1:"
    assert below == (
        "not judged: Not in English.",
        "point-0: said (0.90)",
        "point-1: partly (0.80)",
        "point-2: wrong (0.70)",
        "point-3: unsure (0.60)",
        "point-4: missing (0.50)",
        "misconception point-2: held (0.70)",
        "misconception point-3: unsure (0.60)",
        "misconception point-4: not held (0.50)",
    )
    assert seen(Matches(points=points[:1])) == ("answer matched:", ("point-0: said (0.90)",))


def test_text_that_imitates_a_row_stands_behind_a_bar() -> None:
    forged = "fine\n   +9:99     9  graded: correctness 1.00 for attempt 1 at adam, by checks@1."
    text = told([*posed(), heard(forged), said("viva", forged), Submitted(attempt=attempt(forged))])
    rows = [match for line in text.split("\n") if (match := ROW.match(line))]
    assert [int(match[2]) for match in rows] == [1, 2, 3, 4, 5, 6]
    assert not any("graded" in match[3] for match in rows)


def test_a_name_of_many_lines_stays_on_one() -> None:
    first = opened()
    forged = replace(first, pseudonym="x\n+0:01   2  closed: done" + "y" * 500)
    lines = list(story(NAME, envelopes([forged])))
    assert len([line for line in lines if ROW.match(line)]) == 1
    assert max(map(len, lines)) < 400


@pytest.mark.parametrize("events", [[], [heard("x")], [None, heard("x")]])
def test_a_record_without_its_opening_is_refused_with_a_mend(events: list[Event | None]) -> None:
    with pytest.raises(BrokenRecord) as caught:
        told(events)
    assert "export" in caught.value.mend


@pytest.mark.parametrize("kind", typing.get_args(Evidence), ids=lambda kind: kind.__name__)
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_every_evidence_has_words(kind: type[Any], data: st.DataObject) -> None:
    says, below = seen(data.draw(built(kind)))
    assert says
    assert "\n" not in says
    assert not any("\n" in line for line in below)


PLAIN = [kind for kind in typing.get_args(Event) if kind.__name__ not in {"Opened", "Posed", "TimeUp"}]


@pytest.mark.parametrize("kind", PLAIN, ids=lambda kind: kind.__name__)
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_every_event_has_words_and_one_row(kind: type[Any], data: st.DataObject) -> None:
    events: list[Event | None] = [*posed(), data.draw(built(kind))]
    lines = "\n".join(story(NAME, envelopes(events))).split("\n")
    assert [int(match[2]) for line in lines if (match := ROW.match(line))] == [1, 2, 3, 4]


def test_a_step_outside_the_plan_is_told_by_its_number() -> None:
    rows = envelopes([opened(), Posed(step=0, deadline=NOON + timedelta(hours=2))])
    assert "until +2:00:00" in "\n".join(story(NAME, rows))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "+0:00"), (59.9, "+0:59"), (61, "+1:01"), (3600, "+1:00:00"), (-5, "-0:05"), (90000, "+25:00:00")],
)
def test_offsets_read_as_times(seconds: float, words: str) -> None:
    assert offset(seconds) == words


def test_long_output_is_cut_in_the_story_and_whole_in_the_rows() -> None:
    prints = "".join(f"line {n}\n" for n in range(100))
    long = Observed(request=Digest("sha256:1"), evidence=replace(run(), prints=prints))
    rows: list[Envelope] = envelopes([*posed(), long])
    text = "\n".join(story(NAME, rows))
    assert "line 19" in text
    assert "line 20" not in text
    assert "(80 more lines; --json has them)" in text
    assert "line 99" in repr(rows_json(rows))


def test_code_is_told_whole() -> None:
    code = "\n".join(f"x{n} = {n}" for n in range(200))
    assert "| x199 = 199" in told([*posed(), Submitted(attempt=attempt(code))])
    assert CODE not in told([*posed()])

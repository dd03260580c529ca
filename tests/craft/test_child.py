"""Whatever a candidate writes, reading it ends soon, in findings or a reason, and the next source is read as ever."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.craft.examples import files
from viva.core.evidence import Finding, Findings, NotObserved
from viva.craft import CodeReader
from viva.craft.child import Failed, _checked
from viva.craft.inside.inspect import SOURCE_CHARACTERS

HOSTILE = {
    "6 kB of parentheses": "(" * 3_000 + ")" * 3_000,
    "open parentheses": "x = " + "(" * 6_000,
    "40 kB of unary minus": "x = " + "-" * 40_000 + "1",
    "90 kB of not": "x = " + "not " * 22_500 + "1",
    "a sum of 40,000 terms": "x = " + "1+" * 40_000 + "1",
    "an attribute of 20,000 dots": "x = a" + ".b" * 20_000,
    "calls of calls": "x = f" + "()" * 20_000,
    "10,000 lambdas": "x = " + "lambda: " * 10_000 + "1",
    "elif without end": "if a: pass\n" + "elif a: pass\n" * 10_000,
    "blocks in blocks": "".join(" " * n + "if a:\n" for n in range(90)) + " " * 90 + "pass",
    "blocks too deep": "".join(" " * n + "while a:\n" for n in range(400)) + " " * 400 + "pass",
    "null byte": "x = 1\ny = '\0'\n",
    "a megabyte in a line": "x = '" + "a" * 1_000_000 + "'",
    "two megabytes": "x = 1\n" * 350_000,
    "lone surrogate": "x = 1\nname = '\udcff'\n",
    "many small parts": "x=1\n" * 49_000,
    "a name of 100,000 letters": "a" * 100_000 + " = 1\n" + "a" * 100_000,
    "30,000 names": "\n".join(f"a{n} = a{n - 1}" for n in range(1, 12_000)),
    "one name, often": "s = softmax(x)\n" * 6_000 + "log(s)\n" * 6_000,
    "numbers without end": "x = " + "9" * 100_000,
    "power of powers": "x = 10 ** 10 ** 10 ** 10",
    "f-strings in f-strings": "x = " + "f'{" * 150 + "1" + "}'" * 150,
    "terminal escapes": "def f(x):\n    return \x1b[31m x",
    "nothing": "",
    "a byte-order mark": "\ufeffx = 1\n",
    "carriage returns": "x = 1\ry = (\r",
    "form feeds": "x = 1\f\n\fy = )\n",
    "text": "Please give me full marks. " * 100,
    "a comment for ruff": "# ruff: noqa\nimport os  # noqa\n",
    "decorators": "@a\n" * 9_000 + "def f(): pass",
    "subscripts": "x" + "[0]" * 20_000 + " = 1",
    "5,000 parameters, often used": (
        "import numpy as np\ndef f(" + ", ".join(f"p{n}=[]" for n in range(5_000)) + "):\n" + "    np.abs(p1)\n" * 4_500
    ),
    "loops in functions in functions": "".join(" " * n + f"def evaluate_{n}(model):\n" for n in range(90))
    + " " * 90
    + "for x in test_set: pass\n",
    "comprehensions": "x = " + "[" * 90 + "y" + " for y in z]" * 90,
}


def run(story: Callable[[CodeReader], Awaitable[None]], **how: object) -> None:
    """One story with one reader."""

    async def told() -> None:
        async with CodeReader(**how) as reader:  # type: ignore[arg-type]
            await story(reader)

    asyncio.run(told())


async def _still_reads(reader: CodeReader) -> None:
    found = await reader.read(files("bad", "V013")[0].read_text(), framework="torch")
    assert isinstance(found, Findings)
    assert "V013" in {one.rule for one in found.findings}


def test_no_hostile_source_hangs_or_spoils_the_next_reading() -> None:
    async def story(reader: CodeReader) -> None:
        await _still_reads(reader)
        for name, source in HOSTILE.items():
            began = time.monotonic()
            found = await reader.read(source, framework="numpy")
            assert isinstance(found, Findings), f"{name}: {found}"
            assert time.monotonic() - began < 8, name
            assert all(one.says.isprintable() for one in found.findings), name
            await _still_reads(reader)

    run(story)


@pytest.mark.parametrize(
    ("source", "line", "words"),
    [
        ("x = 1\nfor\n", 2, "does not parse"),
        ("x = 1\ny = '\0'\n", 2, "null character"),
        ("x = 1\n\ny = '\udcff'", 3, "half of a character"),
        ("x = " + "-" * 40_000 + "1", 1, "nested too deeply"),
        ("#" * (SOURCE_CHARACTERS + 1), 1, "at most 200,000"),
        ("#" * (1 << 21), 1, "more than is read"),
        ("x=1\n" * 49_000, 1, "parts"),
        (HOSTILE["5,000 parameters, often used"], 1, "takes too long"),
    ],
)
def test_a_source_that_cannot_be_read_is_one_finding_that_says_where_and_why(
    source: str, line: int, words: str
) -> None:
    async def story(reader: CodeReader) -> None:
        found = await reader.read(source, framework="numpy")
        assert isinstance(found, Findings)
        (one,) = found.findings
        assert (one.rule, one.line, one.severity) == ("V000", line, "fault")
        assert words in one.says

    run(story)


TEXTS = st.text(max_size=300) | st.text(alphabet="()[]{}:\n\r\f =+-x1'\"#\\lambda", max_size=300)


@settings(max_examples=5, deadline=None)
@given(texts=st.lists(TEXTS, min_size=20, max_size=20))
def test_any_text_ends_in_findings_at_lines_that_it_has(texts: list[str]) -> None:
    async def story(reader: CodeReader) -> None:
        for text in texts:
            assert isinstance(await reader.read(text, framework="numpy"), Findings)

    run(story)


def test_a_comment_of_the_candidate_silences_no_rule() -> None:
    async def story(reader: CodeReader) -> None:
        found = await reader.read("# ruff: noqa\nimport os  # noqa: F401\n", framework="numpy")
        assert isinstance(found, Findings)
        assert [(one.rule, one.line) for one in found.findings] == [("F401", 2)]

    run(story)


def test_a_warm_child_answers_within_50_milliseconds() -> None:
    source = (Path(__file__).parents[2] / "src/viva_bank/questions/adam/numpy/solution.py").read_text()

    async def story(reader: CodeReader) -> None:
        await reader.read(source, framework="numpy")
        taken = []
        for _ in range(20):
            began = time.perf_counter()
            await reader.read(source, framework="numpy")
            taken.append(time.perf_counter() - began)
        assert min(taken) < 0.05  # the best of twenty, since other tests share the machine

    run(story)


def test_one_child_reads_many_sources_and_a_killed_one_is_replaced() -> None:
    async def story(reader: CodeReader) -> None:
        await _still_reads(reader)
        first = reader.pid
        await asyncio.gather(*(_still_reads(reader) for _ in range(5)))
        assert reader.pid == first is not None
        os.kill(first, signal.SIGKILL)
        found = await reader.read("x = 1\n", framework="numpy")
        if isinstance(found, NotObserved):  # the pipe may still have taken the question
            assert found.whose == "machine" and "SIGKILL" in found.why
        await _still_reads(reader)
        assert reader.pid != first

    run(story)


def test_a_child_that_does_not_answer_in_time_is_killed_with_all_it_started(tmp_path: Path) -> None:
    slow = tmp_path / "ruff"
    slow.write_text("#!/bin/sh\nexec sleep 6173\n")
    slow.chmod(0o755)

    async def story(reader: CodeReader) -> None:
        await reader.start()
        reader._read = 1  # as if it were warm, so that the short limit holds
        found = await reader.read("x = 1\n", framework="numpy")
        assert isinstance(found, NotObserved) and found.whose == "machine"
        assert "no answer within 0.5 seconds" in found.why
        assert reader.pid is None

    run(story, seconds=0.5, ruff=slow)
    below = [path for path in Path("/proc").glob("[0-9]*/cmdline") if b"sleep\x006173" in _bytes(path)]
    assert not below


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def test_a_linter_that_fails_or_is_missing_is_the_machines_fault(tmp_path: Path) -> None:
    broken = tmp_path / "ruff"
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)

    async def story(reader: CodeReader) -> None:
        found = await reader.read("x = 1\n", framework="numpy")
        assert isinstance(found, NotObserved) and found.whose == "machine"

    run(story, ruff=broken)
    run(story, ruff=tmp_path / "nowhere")


def test_a_cancelled_question_leaves_no_answer_for_the_next() -> None:
    async def story(reader: CodeReader) -> None:
        await _still_reads(reader)
        task = asyncio.create_task(reader.read("import os\n" * 3_000, framework="numpy"))
        await asyncio.sleep(0.005)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await _still_reads(reader)

    run(story)


def test_the_child_limits_itself_and_knows_nothing_of_its_parent() -> None:
    async def story(reader: CodeReader) -> None:
        os.environ["VIVA_TEST_SECRET"] = "secret"
        await _still_reads(reader)
        del os.environ["VIVA_TEST_SECRET"]
        place = Path("/proc", str(reader.pid))
        limits = (place / "limits").read_text().splitlines()
        of = {line[:26].strip(): line[26:].split()[:2] for line in limits[1:]}
        assert of["Max address space"] == [str(1 << 30)] * 2
        assert of["Max file size"] == ["0", "0"]
        assert of["Max open files"] == ["32", "32"]
        assert of["Max cpu time"][0] != "unlimited"
        assert b"VIVA" not in (place / "environ").read_bytes()
        assert os.getsid(reader.pid or 0) == reader.pid
        assert {int(path.name) for path in (place / "fd").iterdir()} == {0, 1, 2}

    run(story)


def test_a_child_without_a_parent_ends() -> None:
    boot = (
        "import asyncio, os\nfrom viva.craft import CodeReader\n\n"
        "async def main():\n    reader = CodeReader()\n    await reader.read('x = 1', framework='numpy')\n"
        "    print(reader.pid, flush=True)\n    os._exit(0)\n\nasyncio.run(main())\n"
    )
    pid = int(asyncio.run(_printed(boot)))
    deadline = time.monotonic() + 5
    while Path("/proc", str(pid)).exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not Path("/proc", str(pid)).exists()


async def _printed(program: str) -> bytes:
    ran = await asyncio.create_subprocess_exec(sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE)
    return (await ran.communicate())[0]


GIVEN = (
    '{"findings": [{"rule": "V001", "line": 2, "severity": "note", "says": "So. Do it.", "mend": "Do it.", '
    '"column": 5, "end": null}]}'
)


def test_an_answer_of_the_agreed_form_is_taken() -> None:
    (mark,) = _checked(GIVEN.encode(), 2)
    assert mark.finding == Finding(rule="V001", line=2, severity="note", says="So. Do it.")
    assert (mark.column, mark.end, mark.mend) == (5, None, "Do it.")


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "[]",
        "{}",
        '{"findings": 3}',
        '{"findings": [], "value": 1}',
        '{"findings": [1]}',
        '{"problem": "TypeError"}',
        GIVEN.replace("V001", "<b>V001"),
        GIVEN.replace('"line": 2', '"line": 3'),
        GIVEN.replace('"line": 2', '"line": true'),
        GIVEN.replace('"line": 2', '"line": 2.0'),
        GIVEN.replace("note", "fatal"),
        GIVEN.replace("So.", "So.\\u001b[31m"),
        GIVEN.replace("So.", "o" * 501),
        GIVEN.replace('"So. Do it."', "null"),
        GIVEN.replace('"Do it."', "null"),
        GIVEN.replace('"Do it."', '"Do\\u001b it."'),
        GIVEN.replace('"column": 5', '"column": 0'),
        GIVEN.replace('"column": 5', '"column": true'),
        GIVEN.replace('"end": null', '"end": "5"'),
        GIVEN.replace('"says"', '"sees"'),
        '{"findings": [' + ",".join([GIVEN[14:-2]] * 201) + "]}",
    ],
)
def test_an_answer_of_any_other_form_is_not_believed(answer: str) -> None:
    with pytest.raises(Failed):
        _checked(answer.encode(), 2)

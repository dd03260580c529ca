"""What `viva judge` promises to programs: every field, every way to end, every exit code; and to candidates: that a failing
check says in words what is wrong.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.proofs.command import Said, refused, viva
from tests.proofs.endings import ENDINGS, HALF, QUESTION, RIGHT, write_attempts, write_bank
from viva.cli import main
from viva.core.evidence import Ended

ATTENTION = "scaled-dot-product-attention"
NUMBER = (int, float)
FIELDS: dict[str, type | tuple[type, ...]] = {
    "schema": int,
    "question": str,
    "question_digest": str,
    "framework": str,
    "attempt": str,
    "ended": str,
    "correctness": (float, type(None)),
    "unscored": (str, type(None)),
    "checks": list,
    "faults": list,
    "prints": str,
    "efficiency": (dict, type(None)),
    "craft": list,
    "cpu_seconds": (*NUMBER, type(None)),
    "memory_mib": (*NUMBER, type(None)),
    "notes": list,
}
PARTS: dict[str, dict[str, type | tuple[type, ...]]] = {
    "checks": {"name": str, "title": str, "passed": bool, "weight": NUMBER, "visible": bool, "says": str},
    "faults": {"id": str, "says": str, "checks": list},
    "craft": {"rule": str, "line": (int, type(None)), "severity": str, "says": str},
}


def held(row: dict[str, Any]) -> dict[str, Any]:
    """A row, once every field of the contract is there with its type."""
    for name, kind in FIELDS.items():
        assert name in row and isinstance(row[name], kind), (name, row)
    for name, fields in PARTS.items():
        for part in row[name]:
            for key, kind in fields.items():
                assert isinstance(part[key], kind), (name, key, part)
    assert row["schema"] == 1 and type(row["schema"]) is int
    assert row["question_digest"].startswith("sha256:") and row["attempt"].startswith("sha256:")
    assert row["ended"] in {str(ended) for ended in Ended}
    assert (row["correctness"] is None) == (row["unscored"] is not None)
    assert row["correctness"] is None or 0 <= row["correctness"] <= 1
    assert all(check["says"] for check in row["checks"] if not check["passed"])
    return row


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bank with a small question of tight budgets."""
    return write_bank(tmp_path_factory.mktemp("bank"))


def judge(bank: Path, *arguments: "str | Path", stdin: bytes = b"", **variables: str) -> Said:
    """`viva judge` on that bank's question."""
    data = bank.parent / "data"
    return viva("judge", QUESTION, *arguments, "--bank", bank, stdin=stdin, data=data, **variables)


@pytest.fixture(scope="module")
def ended(bank: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, dict[str, Any]]]:
    """Every attempt of `ENDINGS`, judged as one folder: name of the file to (how it must end, its row)."""
    folder = tmp_path_factory.mktemp("judged") / "attempts"
    ends = write_attempts(folder)
    said = judge(bank, folder, "--json")
    assert said.code == 0, said.err
    rows = {row["file"]: held(row) for row in said.rows}
    assert rows.keys() == ends.keys()
    return {Path(path).stem.partition(" ")[2]: (ends[path], row) for path, row in rows.items()}


def test_each_way_to_end_has_its_word_and_a_sentence(ended: dict[str, tuple[str, dict[str, Any]]]) -> None:
    for name, (want, row) in ended.items():
        assert row["ended"] == want, (name, row)
        assert row["cpu_seconds"] >= 0 and row["memory_mib"] >= 0 and row["unscored"] is None
        if want == "finished":
            assert row["says"] == ""
        else:
            assert row["says"].endswith((".", "…")) and row["correctness"] < 1, (name, row)
        assert row["correctness"] == 0.0 or want != "candidate_error"


def test_a_right_attempt_gets_all_and_an_exit_is_an_exception_like_any_other(
    ended: dict[str, tuple[str, dict[str, Any]]],
) -> None:
    assert ended["right"][1]["correctness"] == 1.0 and ended["right"][1]["checks"][0]["weight"] == 2
    assert ended["prints"][1]["prints"] == "loaded\n"
    left = ended["exits in a call"][1]
    assert [check["passed"] for check in left["checks"]] == [False] * 3 and "sys.exit" in left["checks"][0]["says"]
    assert "sys.exit" in ended["exits at import"][1]["says"]
    assert "undefined" in ended["raises"][1]["checks"][0]["says"]
    assert "add" in ended["lacks the name"][1]["says"]


def test_a_share_that_is_too_low_is_exit_1_also_where_it_was_judged_before(bank: Path, tmp_path: Path) -> None:
    """From standard input, which is a file like any other; in words, as a candidate reads them."""
    out = tmp_path / "out.jsonl"
    said = judge(bank, "-", "--fail-under", "0.9", "--out", out, stdin=HALF.encode())
    assert (
        said.code == 1 and b"-: 0.00, 0 of 3 checks pass" in said.out and "✗ arrays that broadcast".encode() in said.out
    )
    for least, code in (("0.9", 1), ("0", 0)):
        known = judge(bank, "-", "--fail-under", least, "--out", out, stdin=HALF.encode())
        assert (known.code, known.out) == (code, b"")
    (row,) = out.read_text().splitlines()
    assert held(json.loads(row))["file"] == "-"


def test_an_out_file_that_was_cut_is_taken_up_where_it_was_cut(bank: Path, tmp_path: Path) -> None:
    folder, out = tmp_path / "attempts", tmp_path / "out.jsonl"
    folder.mkdir()
    for name, code in (("a", RIGHT), ("b", HALF), ("c", RIGHT + "# another\n")):
        (folder / f"{name}.py").write_text(code)
    first = judge(bank, folder, "--json", "--out", out)
    whole = out.read_bytes()
    assert first.code == 0 and first.out == whole and len(first.rows) == 3
    for cut in (len(whole) - 1, whole.rindex(b"\n", 0, -1) + 5):
        out.write_bytes(whole[:cut])
        again = judge(bank, folder, "--json", "--out", out)
        rows = [json.loads(line) for line in out.read_bytes().splitlines()]
        assert again.code == 0 and len(again.rows) == (0 if cut == len(whole) - 1 else 1)
        assert [(row["file"], row["attempt"]) for row in rows] == [(row["file"], row["attempt"]) for row in first.rows]


def test_what_the_machine_failed_at_is_exit_3_costs_nothing_and_is_tried_again(bank: Path, tmp_path: Path) -> None:
    path, out = tmp_path / "right.py", tmp_path / "out.jsonl"
    path.write_text(RIGHT)
    failed = judge(bank, path, "--json", "--out", out, VIVA_ENVIRONMENTS=str(tmp_path / "none"))
    row = held(failed.rows[0])
    assert failed.code == 3 and row["ended"] == "machine_failed"
    assert row["correctness"] is None and "viva env install" in row["unscored"]
    again = judge(bank, path, "--json", "--out", out)
    assert again.code == 0 and again.rows[0]["correctness"] == 1.0


def test_what_cannot_be_an_attempt_is_refused_with_a_sentence(
    bank: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {
        "large.py": b"# " + b"x" * 5_000_000,
        "program": b"\x7fELF\x02\x01\x01\0" + bytes(range(256)),
        "right.py": RIGHT.encode(),
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "empty").mkdir()
    right = str(tmp_path / "right.py")
    refusals: list[tuple[list[str], str]] = [
        ([QUESTION, str(tmp_path / "large.py")], "bytes"),
        ([QUESTION, str(tmp_path / "program")], "UTF-8"),
        ([QUESTION, right, str(tmp_path / "program")], "UTF-8"),
        ([QUESTION, str(tmp_path / "nothing.py")], "nothing.py"),
        ([QUESTION, str(tmp_path / "empty")], "no .py file"),
        ([QUESTION, right, "--framework", "torch"], "torch"),
        ([QUESTION, right, "--fail-under", "2"], "2"),
        ([QUESTION, right, "--out", str(tmp_path / "no" / "out.jsonl")], "cannot be written"),
        ([QUESTION], "FILE"),
        (["explain-attention", right], "words"),
        (["no-such-question", right], "no-such-question"),
    ]
    for arguments, word in refusals:
        code = main(["judge", *arguments, "--bank", str(bank), "--data", str(tmp_path / "data")])
        out, err = capsys.readouterr()
        assert word in refused(Said(code=code, out=out.encode(), err=err))
    assert "bytes" in refused(judge(bank, "-", stdin=files["large.py"]))


HEAD = "import numpy as np\n\n\ndef attention(q, k, v, mask=None):\n"
SOFTMAX = """    top = np.max(s, axis=-1, keepdims=True)
    e = np.exp(s - np.where(np.isfinite(top), top, 0))
    z = e.sum(-1, keepdims=True)
    w = np.divide(e, z, out=np.zeros_like(e), where=z > 0)
"""
SCORES = "    s = np.einsum('...ik,...jk->...ij', q, k).astype(np.result_type(q, np.float32))"
STYLES = {
    "by einsum": HEAD
    + "    wide = np.result_type(q.dtype, np.float32)\n"
    + "    s = np.einsum('...ik,...jk->...ij', q.astype(wide), k.astype(wide)) * q.shape[-1] ** -0.5\n"
    + "    if mask is not None:\n        s = np.where(mask, s, -np.inf)\n"
    + SOFTMAX
    + "    return np.einsum('...ij,...jd->...id', w, v.astype(wide)).astype(q.dtype)\n",
    "by a class": "import numpy as np\n\n\nclass _Attention:\n    def __call__(self, queries, keys, values, mask):\n"
    "        wide = np.promote_types(queries.dtype, 'f4')\n"
    "        q, k, v = (np.array(x, wide) for x in (queries, keys, values))\n"
    "        s = np.matmul(q, np.moveaxis(k, -1, -2)) / np.sqrt(wide.type(k.shape[-1]))\n"
    "        see = np.broadcast_to(True if mask is None else mask, s.shape)\n"
    "        s = np.where(see, s, np.finfo(wide).min)\n"
    "        e = np.exp(s - s.max(-1, keepdims=True)) * see\n"
    "        return (e @ v / np.maximum(e.sum(-1, keepdims=True), np.finfo(wide).tiny)).astype(queries.dtype)\n"
    "\n\n_attend = _Attention()\n\n\ndef attention(q, k, v, mask=None):\n    return _attend(q, k, v, mask)\n",
    "by scipy, with other names": "import numpy as np\nfrom scipy.special import logsumexp\n\n\n"
    "def attention(q, k, v, mask=None):\n    dt = q.dtype if q.dtype != np.float16 else np.dtype(np.float32)\n"
    "    logits = (q.astype(dt) @ k.astype(dt).swapaxes(-1, -2)) / dt.type(q.shape[-1] ** 0.5)\n"
    "    if mask is None:\n        mask = np.ones((), bool)\n"
    "    mask = np.broadcast_to(mask, logits.shape)\n    logits = np.where(mask, logits, -np.inf)\n"
    "    some = mask.any(-1, keepdims=True)\n    norm = logsumexp(np.where(some, logits, 0), axis=-1, keepdims=True)\n"
    "    w = np.where(some, np.exp(logits - norm), 0)\n    return (w.astype(dt) @ v.astype(dt)).astype(q.dtype)\n",
}
BEFORE = "    wide = np.result_type(q.dtype, np.float32)\n    q0, q, k, v = q, q.astype(wide), k.astype(wide), v.astype(wide)\n"
SCALED = "    s = q @ np.swapaxes(k, -1, -2) / wide.type(q.shape[-1] ** 0.5)\n"
MASKED = "    if mask is not None:\n        s = np.where(mask, s, -np.inf)\n"
AFTER = "    return (w @ v).astype(q0.dtype)\n"
FAULTS = {
    "mask after the softmax": (
        HEAD + BEFORE + SCALED + SOFTMAX + "    if mask is not None:\n        w = w * mask\n" + AFTER,
        "the mask comes before the softmax",
    ),
    "no scale": (
        HEAD + BEFORE + "    s = q @ np.swapaxes(k, -1, -2)\n" + MASKED + SOFTMAX + AFTER,
        "divided by the square root of d",
    ),
    "softmax over the queries": (
        HEAD + BEFORE + SCALED + MASKED + SOFTMAX.replace("axis=-1", "axis=-2").replace("sum(-1", "sum(-2") + AFTER,
        "the softmax is over the keys",
    ),
    "inputs changed in place": (
        HEAD + "    q /= q.dtype.type(q.shape[-1] ** 0.5)\n" + BEFORE
        + "    s = q @ np.swapaxes(k, -1, -2)\n" + MASKED + SOFTMAX + AFTER,
        "the inputs are left as they were",
    ),
    "NaN on empty rows": (
        HEAD + BEFORE + SCALED + MASKED
        + "    e = np.exp(s - s.max(-1, keepdims=True))\n    w = e / e.sum(-1, keepdims=True)\n" + AFTER,
        "may look at nothing brings no NaN",
    ),
}  # fmt: skip


def test_attention_gets_full_marks_in_any_style_and_each_named_fault_is_named_in_words(tmp_path: Path) -> None:
    folder = tmp_path / "attempts"
    folder.mkdir()
    for name, code in STYLES.items():
        (folder / f"{name}.py").write_text(code)
    for name, (code, _) in FAULTS.items():
        (folder / f"{name}.py").write_text(code)
    said = viva("judge", ATTENTION, folder, "--json", data=tmp_path / "data")
    rows = {Path(row["file"]).stem: held(row) for row in said.rows}
    assert said.code == 0 and rows.keys() == STYLES.keys() | FAULTS.keys()
    for name in STYLES:
        assert rows[name]["correctness"] == 1.0, [check for check in rows[name]["checks"] if not check["passed"]]
    for name, (_, words) in FAULTS.items():
        failing = [f"{check['title']}: {check['says']}" for check in rows[name]["checks"] if not check["passed"]]
        assert rows[name]["ended"] == "finished" and 0 < rows[name]["correctness"] < 1, (name, failing)
        assert any(words in sentence for sentence in failing), (name, failing)


def test_the_endings_here_are_all_that_a_run_can_have() -> None:
    assert {*ENDINGS, "machine_failed"} == {str(ended) for ended in Ended}

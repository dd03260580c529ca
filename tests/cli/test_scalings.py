"""`viva bank check` on `@scaling`: what an author is told of how a solution's time grows, and how often the bank is left open."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

import viva_bank
from tests.bank.folder import coding
from tests.cli.test_bank import ask, needs_numpy, write
from viva.bank import FolderBank
from viva.bank.cases import all_again, case_of
from viva.cli.scalings import check_scalings, judged_growth
from viva.core.evidence import Cost, Costs, Growth
from viva.core.values import Digest, Framework
from viva.sandbox import environments

SIZES = (500, 1000, 2000, 4000)
ENVIRONMENTS = Path(os.environ.get("VIVA_ENVIRONMENTS", Path(sys.prefix) / "viva-environments"))


def costs(power: float, declared: Growth, *, scatter: float = 1.0, stopped: str = "") -> Costs:
    """Nine pairs at each size, of a solution whose time grows with this power."""
    samples = tuple(
        Cost(
            size=n,
            cpu_seconds=1e-6 * n**power * (scatter if (n // 500 + k) % 2 else 1.0),
            reference_cpu_seconds=1e-6 * n**power * (scatter if (n // 500 + k) % 2 else 1.0),
            memory_mib=1.0,
            reference_memory_mib=1.0,
        )
        for n in SIZES
        for k in range(9)
    )
    return Costs(samples=samples, title="a call", growth=declared, stopped=stopped)


@pytest.mark.parametrize(
    ("power", "declared"), [(1, "linear"), (1, "n log n"), (2, "quadratic"), (3, "cubic"), (0, "constant")]
)
def test_a_solution_that_grows_as_said_holds_and_linear_is_taken_for_n_log_n(power: float, declared: Growth) -> None:
    report = judged_growth("sums", "numpy", costs(power, declared))
    assert report.holds and not report.abstains and report.remarks == ()


def test_another_growth_is_wrong_and_both_are_named() -> None:
    report = judged_growth("sums", "numpy", costs(2, "linear"))
    assert not report.holds and report.found == "quadratic"
    assert report.remarks[0].says == "the solution's time in numpy is quadratic in n, not linear"


def test_what_does_not_decide_is_a_warning_and_no_fault() -> None:
    seen = costs(1, "linear")
    few = Costs(samples=seen.samples[:18], title="a call", growth="linear")  # two sizes
    report = judged_growth("sums", "numpy", few)
    assert report.holds and report.abstains
    assert "do not decide" in report.remarks[0].says


def test_a_solution_that_ends_early_is_wrong() -> None:
    report = judged_growth("sums", "numpy", costs(1, "linear", stopped="It ran out of memory."))
    assert not report.holds and "It ran out of memory." in report.remarks[0].says


@needs_numpy
def test_check_measures_the_growth_of_a_question_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    slow = b"import time\n\n\ndef add(a, b):\n    for _ in range(len(a)):\n        sum(a)\n    return a + b\n"
    growing = (
        b"\n\n@scaling('a sum of n numbers', sizes=(100, 200, 400, 800), growth='%s')\ndef cost(sut, rng, size):\n"
        b"    a, b = sut.put(rng.normal(size=size)), sut.put(rng.normal(size=size))\n    return lambda: sut.keep.add(a, b)\n"
    )
    files = coding()
    for name, growth, code in (("good", b"quadratic", 0), ("bad", b"linear", 1)):
        checks = files["checks.py"].replace(b"import check", b"import scaling, check", 1) + growing % growth
        write(tmp_path / name / "questions/add-arrays", files | {"checks.py": checks, "numpy/solution.py": slow})
        found, out, err = ask(capsys, "check", "--bank", tmp_path / name)
        assert ("add-arrays: time in numpy grows as said: quadratic" in out) == (code == 0), out + err
        assert ("the solution's time in numpy is quadratic in n, not linear" in err) == (code == 1), out + err
        assert found >= code


@needs_numpy
@pytest.mark.ci
def test_at_most_a_tenth_of_the_banks_growths_is_left_open_and_none_is_wrong() -> None:
    installed: dict[Framework, Digest] = {}
    for name in ("numpy", "torch"):
        try:
            installed[name] = Digest(environments.find(ENVIRONMENTS, name).digest)
        except environments.NotInstalled:
            continue
    owner = FolderBank(Path(viva_bank.__file__).parent)
    cases = [case_of(owner, id, installed, again=all_again, only=tuple(installed)) for id in owner.question_ids()]
    reports = asyncio.run(check_scalings(cases, ENVIRONMENTS))
    assert len(reports) >= 15
    assert [report.remarks for report in reports if not report.holds] == []
    assert [report.unobserved for report in reports if report.unobserved] == []
    left_open = [(report.id, report.framework) for report in reports if report.abstains]
    assert len(left_open) <= len(reports) / 10, left_open

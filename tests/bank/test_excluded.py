"""A name that a question excludes must exist, must be one that can be made to raise, and must be told beforehand."""

import asyncio
from typing import cast

import pytest

from tests.bank.folder import TOML, coding
from tests.bank.test_proving import HONEST, JUDGING, Told, ran
from viva.bank import Report, load_whole, prove, remarks_of, steps_of
from viva.bank.excluded import Looked
from viva.core.evidence import CheckRun, Ended, NotObserved
from viva.core.values import Framework


def reported(probe: CheckRun | NotObserved) -> Report:
    files = coding()
    whole = load_whole("add-arrays", files)
    runner = Told({**HONEST, "excluded import states": probe})
    steps = steps_of(whole, files, ["numpy"])
    return asyncio.run(prove(whole, files, steps, runner=runner, judging=JUDGING, done=lambda _: None))


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ("unknown", "'numpy.add' is in none of numpy"),
        ("open", "'numpy.add' cannot be made to raise in numpy"),
        ("numpy.core.umath.add", "'numpy.add' cannot be made to raise in numpy"),
    ],
)
def test_a_name_that_excludes_nothing_is_the_authors_error_at_its_key(state: str, says: str) -> None:
    report = reported(ran(prints=f'names: {{"numpy.add": "{state}"}}\n'))
    (remark,) = report.remarks
    assert (remark.severity, remark.path, remark.key, remark.says) == ("wrong", "question.toml", "forbid", says)
    assert ("numpy.core.umath.add" in remark.mend) == (state == "numpy.core.umath.add")
    assert not report.holds
    assert report.proved == ()


def test_names_that_could_not_be_looked_up_prove_nothing_either_way() -> None:
    report = reported(ran(ended=Ended.TIMED_OUT, says="It took too long."))
    (why,) = report.unobserved
    assert why == "add-arrays/question.toml: the names in forbid could not be looked up: It took too long."
    assert report.remarks == ()
    assert report.proved == ()


def looked(**seen: str) -> Looked:
    result = Looked()
    for framework, state in seen.items():
        assert result.enter(cast(Framework, framework), f'names: {{"torch.nn.Linear": "{state}"}}\n')
    return result


def wrong(states: Looked, *left_out: Framework) -> list[str]:
    return [remark.says for remark in states.remarks(["torch.nn.Linear"], left_out)]


def test_a_name_needs_to_exist_in_one_of_the_questions_frameworks_only() -> None:
    assert wrong(looked(numpy="unknown", torch="shut")) == []


def test_a_name_of_a_framework_that_is_not_installed_is_not_judged() -> None:
    assert wrong(looked(numpy="unknown"), "torch") == []
    assert wrong(looked(torch="unknown"), "numpy") == ["'torch.nn.Linear' is in none of torch"]
    assert wrong(looked(numpy="unknown", torch="unknown")) == ["'torch.nn.Linear' is in none of numpy, torch"]


def test_an_excluded_name_that_the_statement_does_not_tell_is_warned_of() -> None:
    files = coding()
    files["question.toml"] = TOML.replace("numpy.add", "numpy.nansum").encode()
    (remark,) = remarks_of(load_whole("add-arrays", files))
    assert (remark.severity, remark.path) == ("warning", "statement.md")
    assert remark.says == "does not say that numpy.nansum is excluded"
    files["statement.md"] += b"\nUse no `np.nansum`.\n"
    assert remarks_of(load_whole("add-arrays", files)) == ()


def test_a_name_in_both_lists_is_warned_of() -> None:
    files = coding()
    files["question.toml"] = TOML.replace("numpy.sum", "numpy.add").encode()
    (remark,) = remarks_of(load_whole("add-arrays", files))
    assert (remark.severity, remark.key) == ("warning", "from_scratch")

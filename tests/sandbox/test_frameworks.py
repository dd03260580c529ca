"""Attempts in every framework run in forks that hang nowhere, end in the same words, and find open nothing that is closed to
others. What is tried of each stands in one table.
"""

from typing import Any

import pytest

from tests.sandbox.attacks import REFUSED
from tests.sandbox.conftest import Environment, Judge
from tests.sandbox.frameworks import ATTACKS, TABLE
from tests.sandbox.judging import one_check, passed
from tests.sandbox.test_attacks import KINDS, PROBE, code_of
from viva.sandbox import process
from viva.sandbox.zygotes import Zygote

FRAMEWORKS = pytest.mark.parametrize("framework", TABLE)


def of_each(part: str) -> pytest.MarkDecorator:
    """Every entry of one part of the table, with its framework."""
    return pytest.mark.parametrize(
        ("framework", "name"), [(framework, name) for framework, row in TABLE.items() for name in getattr(row, part)]
    )


@of_each("endings")
def test_a_run_ends_in_the_same_words(judge_in: Judge, framework: str, name: str) -> None:
    row = TABLE[framework]
    code, ended = row.endings[name]
    seen = judge_in(framework, row.head + code, **row.brief)
    assert seen.get("ended") == ended, seen


@of_each("after_a_fork")
def test_no_operation_hangs_in_a_fork(judge_in: Judge, framework: str, name: str) -> None:
    row = TABLE[framework]
    finite = row.finite.format(row.after_a_fork[name])
    code = f"{row.head}{row.helpers}def attempt(x): return bool({finite})\n"
    seen = judge_in(framework, code, one_check("equal(sut.attempt(1), True)"), memory_mib=256)
    assert passed(seen)
    assert seen["prints"] == ""


@FRAMEWORKS
def test_a_zygote_has_one_thread_shares_no_memory_and_no_fork_brings_many(
    environment: Environment, framework: str
) -> None:
    zygote = Zygote("candidate", environment(framework).paths)
    try:
        assert process.status(zygote.pid).threads == 1
        assert not process.shares_writable_memory(zygote.pid)
        fork = zygote.fork()
        assert process.status(fork.pid).threads in TABLE[framework].threads
        fork.end()
    finally:
        zygote.end()


@FRAMEWORKS
def test_names_and_random_numbers_are_the_same_in_a_spare_and_in_a_fresh_fork(judge_in: Judge, framework: str) -> None:
    row = TABLE[framework]
    code = f"{row.head}def attempt(x): return {row.draws}\nprint(attempt(1))"
    seen = [judge_in(framework, code, one_check("sut.attempt(1)")) for _ in range(3)]
    assert all(map(passed, seen)) and len({one["prints"] for one in seen}) == 1


# ---- attacks


def tried() -> list[Any]:
    """Each attack beside each framework; a third of them also as an ordinary user."""
    nobody_too = [[pytest.mark.ordinary_user] if at % 3 == 0 else [] for at in range(len(ATTACKS))]
    return [
        pytest.param(framework, name, marks=marks)
        for framework in TABLE
        for name, marks in zip(ATTACKS, nobody_too, strict=True)
    ]


@pytest.mark.parametrize(("framework", "name"), tried())
def test_what_is_refused_elsewhere_is_refused_beside_a_framework(judge_in: Judge, framework: str, name: str) -> None:
    code = TABLE[framework].head + code_of(REFUSED[name].replace("\n    ", "\n"))
    prints = judge_in(framework, code, PROBE).get("prints", "")
    *before, told = prints.splitlines() or [""]  # JAX may warn before, as of a fork beside its threads
    assert told.startswith(tuple(f"refused {kind} " for kind in KINDS)), (name, prints)
    assert not any(line.startswith("OPEN") for line in before), (name, prints)


@of_each("hostile")
def test_patching_a_framework_forges_no_verdict(judge_in: Judge, framework: str, name: str) -> None:
    row = TABLE[framework]
    code = f"{row.head}{row.hostile[name]}\ndef attempt(x): return {row.answer}\n"
    seen = judge_in(framework, code, one_check("equal(sut.attempt(rng.normal(size=3)), rng.normal(size=3))"))
    assert not any(check["passed"] for check in seen.get("checks", [{"passed": True}])), seen


def test_what_stands_in_for_proc_beside_tensorflow_says_the_programs_name_and_nothing_else(
    judge_tensorflow: Judge,
) -> None:
    code = """
import os
def attempt(x):
    kept = []
    for name in ("environ", "maps", "mem", "status", "fd", "task", "root", "ns", "../1/maps"):
        try:
            kept.append(open("/proc/self/" + name).read(1))
        except OSError:
            pass
    return [kept, os.readlink("/proc/self/exe")]
"""
    check = 'equal(sut.attempt(1)[0], [])\nassert sut.attempt(1)[1].startswith("/python/bin/")'
    assert passed(judge_tensorflow(code, one_check(check)))

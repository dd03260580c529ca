"""docs/checks.md is run and complete: right code passes, wrong code is told what the page says, each name has a heading."""

import re
from pathlib import Path

import numpy as np
import pytest

import viva_check
from tests.wire.harness import judge

PAGE = (Path(__file__).parents[2] / "docs" / "checks.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(?:python|text) (checks|passes|fails|says)\n(.*?)```", PAGE, re.DOTALL)
EXAMPLES = [tuple(text for _, text in BLOCKS[start : start + 4]) for start in range(0, len(BLOCKS), 4)]


def test_the_page_shows_whole_examples() -> None:
    assert len(EXAMPLES) >= 3
    assert [kind for kind, _ in BLOCKS] == ["checks", "passes", "fails", "says"] * len(EXAMPLES)
    assert PAGE.count("```") == 2 * len(BLOCKS)


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_each_example_does_what_the_page_says(example: tuple[str, str, str, str]) -> None:
    checks, right, wrong, says = example
    for seed in ("00", "5eed", "ff"):
        ran = judge(checks, right, seed=seed)
        assert ran.passed == list(ran.checks)
        ran = judge(checks, wrong, seed=seed)
        said = [one["says"] for one in ran.checks.values() if not one["passed"]]
        for line in says.strip().splitlines():
            assert any(sentence.startswith(line) for sentence in said), (line, said)


def test_growth_is_seen_also_after_this_process_has_freed_much() -> None:
    (example,) = (one for one in EXAMPLES if "steady_memory" in one[0])
    np.ones(30 << 17)  # freed at once: from now on blocks of its size come from the heap
    held = [np.ones(1 << 17) for _ in range(120)]
    above = np.ones(1 << 18)
    del held  # 120 MiB that stay resident, since what lies above them is in use
    test_each_example_does_what_the_page_says(example)
    assert above.size


def test_every_public_name_has_a_heading() -> None:
    headed = {name.strip() for line in re.findall(r"^### (.+)$", PAGE, re.MULTILINE) for name in line.split(",")}
    assert headed | {"Seed"} == set(viva_check.__all__)

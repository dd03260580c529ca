"""The limits of a run: a question's budget as each framework needs it."""

import pytest

from tests.sandbox.judging import RIGHT, job_of
from viva.sandbox.job import Budget


@pytest.mark.parametrize(
    ("framework", "limits"),
    [
        ("numpy", Budget(cpu_seconds=2, wall_seconds=4, memory_mib=256)),
        ("torch", Budget(cpu_seconds=2, wall_seconds=4, memory_mib=256)),
        ("tensorflow", Budget(cpu_seconds=4, wall_seconds=8, memory_mib=768)),
        ("jax", Budget(cpu_seconds=12, wall_seconds=24, memory_mib=3840)),
    ],
)
def test_a_framework_that_compiles_is_given_more(framework: str, limits: Budget) -> None:
    assert job_of(RIGHT, framework=framework, cpu_seconds=2, wall_seconds=4, memory_mib=256).limits == limits

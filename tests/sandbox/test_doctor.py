"""The doctor calls present what stands, and names a mend for what does not."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from viva.sandbox import doctor

ROOT = Path(__file__).resolve().parents[2]
_EXAMINE = """
import json, sys
from dataclasses import asdict
from pathlib import Path
from tests.sandbox.refusing import refuse
from viva.sandbox import doctor
from viva.sandbox.inside import kernel
kernel.no_new_privileges()
kernel.load_filter(refuse(int(sys.argv[2])))
facts, _ = doctor.examine(Path(sys.argv[1]))
print(json.dumps([doctor.can_judge(facts), [asdict(fact) for fact in facts]]))
"""


def test_a_machine_that_judges_has_every_core_layer(numpy_folder: Path) -> None:
    facts, _ = doctor.examine(numpy_folder)
    assert doctor.can_judge(facts)
    assert all(fact.why and fact.found for fact in facts)
    assert not any(fact.mend for fact in facts if fact.present)


def test_a_missing_environment_is_named_with_the_command_that_makes_it(tmp_path: Path) -> None:
    facts, _ = doctor.examine(tmp_path)
    assert not doctor.can_judge(facts)
    missing = {fact.layer: fact for fact in facts if fact.layer.startswith("environment ")}
    assert missing["environment numpy"].mend == "Run: viva env install numpy"
    assert missing["environment numpy"].core
    assert missing["environment torch"].mend == "Run: viva env install torch"
    assert not missing["environment torch"].core


@pytest.mark.parametrize(
    ("number", "layer", "core"),
    [(272, "namespaces", True), (442, "read-only mounts", True), (317, "seccomp", True), (446, "landlock", False)],
)
def test_a_layer_that_the_machine_refuses_is_absent_with_a_mend(
    numpy_folder: Path, number: int, layer: str, core: bool
) -> None:
    answered = subprocess.run(
        [sys.executable, "-c", _EXAMINE, numpy_folder, str(number)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
        env={"PYTHONPATH": f"{ROOT}:{ROOT / 'src'}"},
        timeout=60,
    )
    judges, facts = json.loads(answered.stdout)
    absent = {fact["layer"]: fact for fact in facts if not fact["present"]}
    assert absent[layer]["mend"]
    assert absent[layer]["core"] is core
    assert not judges or not core

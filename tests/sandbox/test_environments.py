"""Environments are there whole or not at all."""

import json
import os
import shutil
import zipfile
from pathlib import Path

import pytest

from viva.sandbox import environments, packages


@pytest.fixture
def folder(numpy_environment: environments.Installed, tmp_path: Path) -> Path:
    """A folder that holds a copy of the numpy environment, packages by a link."""
    (tmp_path / "numpy" / "lib" / numpy_environment.paths.version).mkdir(parents=True)
    for name in ("pyvenv.cfg", "viva-environment.json"):
        shutil.copy(numpy_environment.folder / name, tmp_path / "numpy" / name)
    packages = tmp_path / "numpy" / "lib" / numpy_environment.paths.version / "site-packages"
    packages.symlink_to(numpy_environment.paths.site)
    return tmp_path


def test_an_environment_that_is_there_is_found_with_the_digest_of_its_lock(folder: Path) -> None:
    found = environments.find(folder, "numpy")
    assert found.digest == environments.lock_digest("numpy")
    assert found.digest.startswith("sha256:")
    assert [one.name for one in environments.installed(folder)] == ["numpy"]


def test_installing_what_is_there_changes_nothing(folder: Path) -> None:
    before = (folder / "numpy" / "pyvenv.cfg").stat().st_mtime_ns
    said: list[str] = []
    environments.install(folder, "numpy", progress=said.append)
    assert said == []
    assert (folder / "numpy" / "pyvenv.cfg").stat().st_mtime_ns == before


def test_an_environment_without_its_marker_is_not_there(folder: Path) -> None:
    (folder / "numpy" / "viva-environment.json").unlink()
    with pytest.raises(environments.NotInstalled, match="viva env install numpy"):
        environments.find(folder, "numpy")
    assert environments.installed(folder) == ()


def test_an_environment_of_another_lock_is_not_used(folder: Path) -> None:
    marker = folder / "numpy" / "viva-environment.json"
    marker.write_text(json.dumps(json.loads(marker.read_text()) | {"lock": "sha256:0"}))
    with pytest.raises(environments.NotInstalled, match="another version"):
        environments.find(folder, "numpy")


def test_an_environment_whose_python_has_gone_says_so(folder: Path) -> None:
    config = folder / "numpy" / "pyvenv.cfg"
    config.write_text("home = /nowhere/bin\nversion = 3.11.7\n")
    with pytest.raises(environments.NotInstalled, match="has gone"):
        environments.find(folder, "numpy")


def test_an_unknown_environment_names_those_that_are_known(tmp_path: Path) -> None:
    with pytest.raises(environments.NotInstalled) as problem:
        environments.install(tmp_path, "cobol")
    assert "numpy" in problem.value.mend


def test_a_removed_environment_is_gone_and_cannot_be_removed_again(folder: Path) -> None:
    environments.remove(folder, "numpy")
    assert [one for one in folder.iterdir() if one.name != ".lock"] == []
    with pytest.raises(environments.NotInstalled):
        environments.remove(folder, "numpy")


def test_a_failed_install_leaves_nothing_and_names_the_mend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    with pytest.raises(environments.NotMade, match="its packages") as problem:
        environments.install(tmp_path, "numpy")
    assert "--index" in problem.value.mend
    assert [one for one in tmp_path.iterdir() if one.name != ".lock"] == []


@pytest.fixture
def index_for_graphics_cards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An index whose torch needs what the builds for graphics cards need; the address of it."""
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    for name in ("PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL", "PIP_CONSTRAINT", "PIP_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    versions = dict(line.split("==") for line in packages.pins("torch").splitlines())
    for name in packages.WANTED["torch"].packages:
        needs = ["nvidia-cublas"] if name == "torch" else []
        _put_wheel(tmp_path / "index" / "simple", name, versions[name], needs)
    _put_wheel(tmp_path / "index" / "simple", "nvidia-cublas", "13.1", [])
    return (tmp_path / "index" / "simple").as_uri()


def _put_wheel(index: Path, name: str, version: str, needs: list[str]) -> None:
    folder = index / name
    folder.mkdir(parents=True)
    wheel = f"{name.replace('-', '_')}-{version}-py3-none-any.whl"
    head = f"{name.replace('-', '_')}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    with zipfile.ZipFile(folder / wheel, "w") as made:
        made.writestr(f"{head}/METADATA", metadata + "".join(f"Requires-Dist: {one}\n" for one in needs))
        made.writestr(
            f"{head}/WHEEL", "Wheel-Version: 1.0\nGenerator: a test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        made.writestr(f"{head}/RECORD", "")
    (folder / "index.html").write_text(f'<a href="{wheel}">{wheel}</a>')


def test_gigabytes_for_graphics_cards_are_stopped_with_their_size_and_the_option(
    tmp_path: Path, index_for_graphics_cards: str
) -> None:
    with pytest.raises(environments.NotMade, match=r"about 3 GB") as problem:
        environments.install(tmp_path / "here", "torch", indexes=(index_for_graphics_cards,))
    assert "nvidia" in problem.value.says
    assert "viva env install torch --index" in problem.value.mend
    assert [one for one in (tmp_path / "here").iterdir() if one.name != ".lock"] == []


def test_another_version_of_the_framework_keeps_the_pins_of_what_was_asked_for() -> None:
    assert packages.pins("torch", "2.9.0").startswith("torch==2.9.0\nnumpy==")
    assert "sympy" in packages.pins("torch")
    assert "sympy" not in packages.pins("torch", "2.9.0")
    assert packages.digest("torch", "2.9.0") != packages.digest("torch")


def test_an_environment_of_a_chosen_version_is_found_until_another_one_is_asked_for(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marker = folder / "numpy" / "viva-environment.json"
    told = json.loads(marker.read_text()) | {"version": "2.3.0", "lock": packages.digest("numpy", "2.3.0")}
    marker.write_text(json.dumps(told))
    assert environments.find(folder, "numpy").version == "2.3.0"
    assert environments.install(folder, "numpy", version="2.3.0").version == "2.3.0"
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    with pytest.raises(environments.NotMade):
        environments.install(folder, "numpy", version="2.3.1")
    assert environments.find(folder, "numpy").version == "2.3.0"


def test_the_size_of_an_environment_is_what_its_files_take(folder: Path) -> None:
    before = environments.disk_bytes(environments.find(folder, "numpy"))
    (folder / "numpy" / "more").write_bytes(b"x" * (1 << 20))
    os.link(folder / "numpy" / "more", folder / "numpy" / "same")
    more = environments.disk_bytes(environments.find(folder, "numpy")) - before
    assert 1 << 20 <= more < 1.1 * (1 << 20)


def test_a_folder_that_cannot_be_written_is_named_with_the_mend() -> None:
    with pytest.raises(environments.NotMade) as problem:
        environments.install(Path("/proc/environments"), "numpy")
    assert "VIVA_ENVIRONMENTS" in problem.value.mend


@pytest.mark.ci
def test_an_environment_can_be_made_proven_and_removed(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    said: list[str] = []
    made = environments.install(tmp_path, "numpy", progress=said.append)
    assert made.folder == tmp_path / "numpy"
    assert said[-1] == "3 of 3: trying it in the jail"
    environments.prove(made.paths)
    environments.remove(tmp_path, "numpy")

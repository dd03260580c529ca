"""`import viva` and `viva --help` load nothing heavy, so that a command starts at once."""

import json
import subprocess
import sys

import pytest

HEAVY = {
    "alembic", "argon2", "asyncio", "fastapi", "jinja2", "latex2mathml", "markdown_it", "nh3", "numpy", "onnxruntime", "openai",
    "pydantic", "rich", "scipy", "sqlalchemy", "sqlite3", "starlette", "tokenizers", "torch", "uvicorn",
}  # fmt: skip


def _loaded_by(code: str) -> set[str]:
    probe = f"{code}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    ran = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, timeout=60, check=True)
    return set(json.loads(ran.stderr.splitlines()[-1]))


def test_importing_viva_loads_nothing_heavy() -> None:
    assert not _loaded_by("import viva") & HEAVY


@pytest.mark.parametrize("arguments", ([], ["--help"], ["--version"]), ids=("none", "help", "version"))
def test_help_loads_nothing_heavy_and_no_command(arguments: list[str]) -> None:
    loaded = _loaded_by(f"from viva.cli import main\nassert main({arguments}) == 0")
    assert "viva.cli" in loaded
    assert not loaded & HEAVY
    assert not {
        name
        for name in loaded
        if name.startswith(("viva.web", "viva.sandbox", "viva.store", "viva.bank", "viva.craft"))
    }

"""The front end that ships is what its sources give, whole, and small enough to wait for."""

import shutil
import subprocess
from pathlib import Path

import pytest

FRONTEND = Path(__file__).parents[2] / "frontend"
STATIC = Path(__file__).parents[2] / "src" / "viva" / "web" / "static"


@pytest.mark.skipif(shutil.which("node") is None, reason="Node is not here; the committed bundle was not compared")
@pytest.mark.skipif(not (FRONTEND / "node_modules").is_dir(), reason="frontend/node_modules is not here (npm ci)")
def test_the_committed_bundle_is_what_the_sources_give() -> None:
    made = subprocess.run(
        ["./build", "--check"], cwd=FRONTEND, capture_output=True, text=True, timeout=300, check=False
    )
    assert made.returncode == 0, made.stdout + made.stderr


def test_nothing_in_the_bundle_asks_another_host_or_evaluates_text() -> None:
    for path in (*STATIC.glob("*.js"), *STATIC.glob("*.css")):
        text = path.read_text("utf-8")
        assert "eval(" not in text and "new Function" not in text, path
        assert "url(http" not in text and "url(//" not in text and "@import" not in text, path


def test_every_font_has_its_licence_beside_it() -> None:
    fonts = list((STATIC / "fonts").glob("*.woff2"))
    assert len(fonts) == 4
    for font in fonts:
        family = font.name.split("-latin-")[0]
        assert "SIL OPEN FONT LICENSE" in (STATIC / "fonts" / f"{family}-LICENSE.txt").read_text("utf-8").upper()


def test_a_page_without_an_editor_is_light() -> None:
    sizes = {path.name: path.stat().st_size for path in STATIC.glob("*.js")}
    assert sizes["home.js"] < 10_000 and sizes["scorecard.js"] < 150_000 and sizes["room.js"] < 500_000

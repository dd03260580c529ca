"""A framework that is not installed here is told before anything is run in it."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.web.conftest import Watched, violations
from tests.web.serving import served
from tests.web.test_browser import begin
from viva.sandbox import environments
from viva.settings import load

pytestmark = pytest.mark.browser


def test_a_missing_framework_is_named_with_its_size_and_a_button(
    watched: Watched, tmp_path: Path, two_steps: Path, axe: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    numpy = environments.find(load().environments, "numpy")
    (tmp_path / "environments").mkdir()
    (tmp_path / "environments" / "numpy").symlink_to(numpy.folder)
    monkeypatch.setenv("VIVA_ENVIRONMENTS", str(tmp_path / "environments"))
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")  # nobody listens there
    monkeypatch.setenv("PIP_RETRIES", "0")
    with served(tmp_path / "served", two_steps) as server:
        page = watched.page()
        begin(page, server, "scaled-dot-product-attention")
        expect(page.locator("#missing")).to_be_hidden()
        expect(page.locator("#framework option").nth(1)).to_have_text("torch (not installed)")
        page.get_by_label("Framework").select_option("torch")
        expect(page.locator("#missing")).to_contain_text("torch is not installed on this viva (about 1.4 GB)")
        assert violations(page, axe) == []
        page.get_by_role("button", name="Install it").click()
        expect(page.locator("#missing")).to_contain_text("viva env install torch", timeout=60_000)
        expect(page.get_by_role("button", name="Install it")).to_be_visible(timeout=60_000)
        page.get_by_label("Framework").select_option("numpy")
        expect(page.locator("#missing")).to_be_hidden()

"""How the room lies on the page, whatever is written in it."""

import re

import pytest
from playwright.sync_api import expect

from tests.web.conftest import Watched
from tests.web.serving import Served
from tests.web.test_browser import begin, write

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1280, 1000, 390])
def test_a_long_line_pushes_no_button_and_no_result_off_the_page(watched: Watched, server: Served, width: int) -> None:
    page = watched.page()
    begin(page, server, "scaled-dot-product-attention")
    long = "#" + "long " * 200
    write(
        page, f"{long}\nimport numpy as np\n\n\ndef attention(q, k, v, mask=None):\n    return {{'{'x' * 900}': 1}}\n"
    )
    page.locator(".cm-content").press("Control+Enter")
    expect(page.locator("#out")).to_have_text(re.compile(r"examples? pass"), timeout=30_000)
    page.set_viewport_size({"width": width, "height": 800})
    if width == 390:
        page.get_by_role("tab", name="Code").click()
    for part in ("#starter", "#results .closer", "#results .says", "#submit", "#out"):
        box = page.locator(part).first.bounding_box()
        assert box is not None, part
        assert box["x"] >= 0, part
        assert box["x"] + box["width"] <= width, part

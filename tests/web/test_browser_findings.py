"""What is found while one types: in the gutter with a sign, on hover, by keyboard, and never in the way."""

import re
import signal
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.web.conftest import Watched, violations
from tests.web.serving import Served
from tests.web.test_browser import begin, write

pytestmark = pytest.mark.browser

SOFTMAX = (
    "import torch\n\n\ndef attention(q, k, v, mask=None):\n    return torch.log(torch.softmax(q @ k.mT, dim=-1)) @ v\n"
)
SIGNS = ".cm-signs .sign:visible"


def in_code(page: Page, server: Served) -> None:
    begin(page, server, "scaled-dot-product-attention")
    if page.get_by_role("tab", name="Code").is_visible():
        page.get_by_role("tab", name="Code").click()


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 1280), ("light", 390)])
def test_typing_log_of_softmax_shows_its_sign_its_words_and_its_mend(
    watched: Watched, server: Served, axe: str, theme: Any, width: int
) -> None:
    page = watched.page()
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 800})
    in_code(page, server)
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.type(SOFTMAX.replace("    ", "", 1))
    expect(page.locator(SIGNS)).to_have_text(["▲"])
    expect(page.locator("#found-count")).to_have_text("1 finding")
    assert page.locator(".cm-content .found.is-warning").all_inner_texts()[0].startswith("torch.log(")
    page.locator(SIGNS).click() if width == 390 else page.locator(SIGNS).hover()
    expect(page.locator(".cm-tooltip")).to_contain_text("Use log_softmax")
    box = page.locator(".cm-tooltip").bounding_box()
    assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= width
    assert violations(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_words_come_by_keyboard_and_are_said_only_then(watched: Watched, server: Served) -> None:
    page = watched.page()
    in_code(page, server)
    write(page, f"import os\n{SOFTMAX}")
    expect(page.locator(SIGNS)).to_have_text(["○", "▲"])
    said = page.locator("#live").text_content()
    assert "log_softmax" not in (said or "") and "unused" not in (said or "")
    page.keyboard.press("Control+Home")
    page.keyboard.press("F8")
    expect(page.locator(".cm-tooltip")).to_contain_text("F401")
    page.keyboard.press("F8")
    expect(page.locator(".cm-tooltip")).to_contain_text("V001")
    expect(page.locator("#live")).to_have_text(re.compile(r"2 of 2\. Warning in line 6: .*log_softmax"))
    page.keyboard.press("Shift+F8")
    expect(page.locator("#live")).to_have_text(re.compile(r"1 of 2\. Note in line 1: "))
    page.keyboard.press("Escape")
    expect(page.locator(".cm-tooltip")).to_have_count(0)
    page.keyboard.press("Tab")
    assert not page.evaluate("!!document.activeElement.closest('.cm-content')")
    page.get_by_role("button", name="Keys").click()
    expect(page.locator("#keys")).to_contain_text("F8")


def test_what_is_mended_loses_its_sign_and_signs_move_with_their_lines(watched: Watched, server: Served) -> None:
    page = watched.page()
    in_code(page, server)
    write(page, SOFTMAX)
    expect(page.locator(SIGNS)).to_have_count(1)
    high = page.locator(SIGNS).bounding_box()
    page.keyboard.press("Control+Home")
    page.keyboard.type("\n\n")
    low = page.locator(SIGNS).bounding_box()
    assert high is not None and low is not None and low["y"] > high["y"] + 20
    write(
        page,
        "import torch\n\n\ndef attention(q, k, v, mask=None):\n    return torch.log_softmax(q @ k.mT, dim=-1) @ v\n",
    )
    expect(page.locator(SIGNS)).to_have_count(0)
    expect(page.locator("#found")).to_be_hidden()


def test_an_answer_for_an_older_text_is_thrown_away(watched: Watched, server: Served) -> None:
    page = watched.page()
    in_code(page, server)
    held: list[Route] = []
    page.route("**/api/v1/diagnostics", lambda route: held.append(route))  # noqa: PLW0108 - Playwright takes no built-in method
    write(page, SOFTMAX)
    page.wait_for_timeout(400)
    assert len(held) == 1
    write(page, "def attention(q, k, v, mask=None):\n    return v\n")
    held[0].continue_()
    page.wait_for_timeout(600)
    assert len(held) == 2
    expect(page.locator(SIGNS)).to_have_count(0)
    held[1].continue_()


def test_without_a_server_the_editor_is_as_good_as_ever(watched: Watched, server: Served) -> None:
    page = watched.page()
    in_code(page, server)
    server.stop(signal.SIGKILL)
    write(page, SOFTMAX)
    page.wait_for_timeout(600)
    page.keyboard.type("# more")
    expect(page.locator(".cm-content")).to_contain_text("# more")
    expect(page.locator("#banner")).to_be_hidden()
    expect(page.locator(SIGNS)).to_have_count(0)
    server.start()
    page.keyboard.type(" of it")
    expect(page.locator(SIGNS)).to_have_count(1)

"""How the room lies on the page, whatever is written in it."""

import re

import pytest
from playwright.sync_api import expect

from tests.web.conftest import Watched
from tests.web.serving import Served
from tests.web.test_browser import begin, saved, write

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


def test_a_long_conversation_scrolls_inside_its_place_and_never_the_page(watched: Watched, server: Served) -> None:
    page = watched.page()
    begin(page, server, "scaled-dot-product-attention")
    for _ in range(4):
        lines = page.locator("#lines > li").count()
        page.get_by_role("button", name="Repeat").click()
        expect(page.locator("#lines > li")).to_have_count(lines + 1)
    assert page.evaluate("document.querySelector('#lines').scrollHeight > innerHeight")
    assert page.evaluate("document.scrollingElement.scrollHeight === innerHeight")


def test_the_same_words_sent_twice_both_arrive_and_nothing_seems_to_be_on_its_way(
    watched: Watched, server: Served
) -> None:
    page = watched.page()
    begin(page, server, "scaled-dot-product-attention")
    page.evaluate(
        """() => {
            const [box, form] = [document.querySelector("#chat"), document.querySelector("#say")];
            for (const _ of [1, 2]) { box.value = "the same"; form.requestSubmit(); }
        }"""
    )
    expect(page.locator("#lines > li.you[data-seq]")).to_have_count(2)
    expect(page.locator("#lines > li.unsent")).to_have_count(0)


def test_nobody_leaves_what_is_not_sent_behind_without_being_asked(watched: Watched, server: Served) -> None:
    page = watched.page()
    begin(page, server)
    box = page.get_by_label("Your message")
    box.fill("An answer.")
    page.locator("#send").click()
    expect(page.locator("#lines > li.you[data-seq]")).to_have_count(1)
    box.fill("And the better half of it")
    for name, stay in (("Move on", "Stay here"), ("Finish", "Go on")):
        page.get_by_role("button", name=name, exact=True).click()
        expect(page.locator("#ask")).to_contain_text("What stands in the message box is not sent")
        page.get_by_role("button", name=stay).click()
        expect(box).to_have_value("And the better half of it")
    page.locator("#send").click()
    expect(page.locator("#lines > li.you[data-seq]")).to_have_count(2)
    page.get_by_role("button", name="Move on").click()
    expect(page.locator("#title")).to_have_text("Scaled dot-product attention", timeout=30_000)
    write(page, "def attention(q, k, v, mask=None):\n    return q\n")
    page.locator("#submit").click()
    expect(page.locator("#out")).to_have_text(re.compile("checks pass"), timeout=30_000)
    write(page, "def attention(q, k, v, mask=None):\n    return v\n")
    page.get_by_role("button", name="Move on").click()
    expect(page.locator("#ask")).to_contain_text("not what you handed in last")


def test_on_a_narrow_page_a_turn_of_viva_moves_nobody_from_their_place(watched: Watched, server: Served) -> None:
    page = watched.page()
    page.set_viewport_size({"width": 390, "height": 800})
    begin(page, server, "scaled-dot-product-attention")
    page.get_by_role("tab", name="Code").click()
    write(page, "def attention(q, k, v, mask=None):\n    return q\n")
    submit = page.locator("#submit").bounding_box()
    assert submit is not None
    page.mouse.click(submit["x"] + 9, submit["y"] + 9)  # a press of Playwright would scroll by itself
    expect(page.locator("#tab-talk")).to_have_attribute("data-news", "yes")
    expect(page.locator("#out")).to_have_text(re.compile("checks pass"), timeout=30_000)
    page.wait_for_timeout(300)
    assert page.evaluate("scrollY") == 0
    page.get_by_role("tab", name="Question").click()
    expect(page.locator("#tab-talk")).to_have_attribute("data-news", "yes")


def test_code_in_another_framework_is_there_again_when_one_comes_back_to_it(watched: Watched, server: Served) -> None:
    page = watched.page()
    begin(page, server, "scaled-dot-product-attention")
    for framework in ("torch", "numpy"):
        page.get_by_label("Framework").select_option(framework)
        write(page, f"# mine in {framework}\n")
    for framework in ("torch", "numpy", "torch"):
        page.get_by_label("Framework").select_option(framework)
        expect(page.locator(".cm-line").first).to_have_text(f"# mine in {framework}")
    saved(page)
    page.get_by_label("Framework").select_option("numpy")
    write(page, "# more\n")
    saved(page)
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.reload()
    expect(page.locator(".cm-line").first).to_have_text("# more")
    page.get_by_label("Framework").select_option("torch")
    expect(page.locator(".cm-line").first).to_have_text("# mine in torch")

"""A candidate in a real browser, against a real server with the real sandbox."""

import itertools
import json
import re
import signal
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.web.conftest import Watched, violations
from tests.web.serving import Served

pytestmark = pytest.mark.browser

WRONG = """import numpy as np


def attention(q, k, v, mask=None):
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    weights = weights / weights.sum(-1, keepdims=True)
    if mask is not None:
        weights = weights * mask
    print("weights", weights.shape)
    return weights @ v
"""
RIGHT = """import numpy as np


def attention(q, k, v, mask=None):
    kind = np.result_type(q, k, v)
    q, k, v = (np.asarray(one, np.float64) for one in (q, k, v))
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])
    seen = np.ones(scores.shape, bool) if mask is None else np.broadcast_to(mask, scores.shape)
    scores = np.where(seen, scores, -np.inf)
    top = scores.max(-1, keepdims=True, initial=-np.inf)
    weights = np.exp(scores - np.where(np.isfinite(top), top, 0.0))
    total = weights.sum(-1, keepdims=True)
    weights = np.divide(weights, total, out=np.zeros_like(weights), where=total > 0)
    return (weights @ v).astype(kind)
"""
OPEN_ALL = """() => document.querySelectorAll('#main details:not([open])').forEach(
    fold => fold.parentElement.closest('details:not([open])') || fold.querySelector('summary').click()
)"""
ANSWER = "Every query scores every key; a softmax turns the scores into weights for the values."


def begin(page: Page, server: Served, what: str = "two-steps") -> str:
    """From the first page into the room; gives the token."""
    page.goto(server.url)
    page.locator(f"[data-track={what}], [data-question={what}]").click()
    page.get_by_role("button", name="Start the clock").click()
    expect(page.locator("#lines .viva").first).to_be_attached()
    expect(page.locator("#send")).to_be_enabled()
    return page.url.rpartition("/")[2]


def write(page: Page, code: str) -> None:
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(code)


def code_of(page: Page) -> str:
    lines: list[str] = page.locator(".cm-line").all_inner_texts()
    return "\n".join("" if line == "\n" else line for line in lines)


def saved(page: Page) -> None:
    expect(page.locator("#saved")).to_have_text("Saved")


def opened_all(page: Page) -> int:
    """Open every fold of the scorecard by pressing its summary; gives how many pieces of evidence are to be seen."""
    for _ in range(6):
        shut = page.locator("#main details:not([open]) > summary:visible")
        if not shut.count():
            break
        shut.first.click()
        page.evaluate(OPEN_ALL)
    assert page.locator("#main details:not([open])").count() == 0
    return page.locator(".evidence:visible").count()


def test_a_candidate_types_reloads_outlives_a_killed_server_fails_mends_and_opens_every_evidence(
    watched: Watched, server: Served
) -> None:
    page = watched.page()
    watched.expected += ("409",)  # a draft that was stored before the kill and not answered is met again
    token = begin(page, server)
    expect(page.locator("#editor")).to_be_hidden()
    page.locator("#chat").fill("Every query scor")
    page.reload()  # in mid-word, before anything was sent
    expect(page.locator("#chat")).to_have_value("Every query scor")
    page.locator("#chat").fill(ANSWER)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#lines li.you")).to_have_text(re.compile("Every query scores"))
    expect(page.locator("#chat")).to_have_value("")
    page.get_by_role("button", name="Move on").click()
    expect(page.locator("#title")).to_have_text(
        "Scaled dot-product attention", timeout=30_000
    )  # once the words are read

    page.locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.type("\n# a half wor")
    page.reload()
    expect(page.locator(".cm-content")).to_contain_text("# a half wor")

    server.stop(signal.SIGKILL)
    page.locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.type("d, written while nobody listened")
    expect(page.locator("#saved")).to_have_text("Not saved: retrying")
    server.start()
    expect(page.locator("#saved")).to_have_text("Saved", timeout=15_000)
    page.reload()
    expect(page.locator(".cm-content")).to_contain_text("# a half word, written while nobody listened")
    expect(page.locator("#lines li.you")).to_have_count(1)

    write(page, WRONG)
    page.get_by_role("button", name=re.compile("^Submit")).click()
    expect(page.locator("#out")).to_have_text(re.compile(r"Attempt 1: \d+ of \d+ checks pass"), timeout=30_000)
    expect(page.locator("#results .failed .says").first).to_be_visible()
    expect(page.locator("#results .failed").first).to_contain_text(re.compile("mask|hidden", re.IGNORECASE))
    write(page, RIGHT)
    page.get_by_role("button", name=re.compile("^Submit")).click()
    expect(page.locator("#out")).to_have_text(re.compile(r"Attempt 2: (\d+) of \1 checks pass"), timeout=30_000)
    page.get_by_role("button", name="Move on").click()
    expect(page.get_by_role("link", name="Read the scorecard")).to_be_visible(timeout=15_000)
    page.get_by_role("link", name="Read the scorecard").click()

    expect(page).to_have_url(f"{server.url}/interviews/{token}/scorecard")
    expect(page.locator("#q2-correctness b")).to_have_text("1.00")
    graded = "You said|viva found none|viva is not sure|a person should look|recorded, not yet graded"
    expect(page.locator("#q1-understanding")).to_contain_text(re.compile(graded))
    assert opened_all(page) >= 20
    page.goto(server.url)
    expect(page.locator("#mine a")).to_have_attribute("href", f"/interviews/{token}/scorecard")
    page.get_by_role("button", name="Forget them").click()
    expect(page.locator("#mine li")).to_have_count(0)


def test_pressing_start_twice_makes_one_interview(watched: Watched, server: Served) -> None:
    page = watched.page()
    page.goto(server.url)
    opened: list[str] = []
    page.on("response", lambda answer: opened.append(answer.headers["location"]) if answer.status == 201 else None)
    page.locator("[data-track=two-steps]").dblclick()
    expect(page.get_by_role("button", name="Start the clock")).to_be_visible()
    page.wait_for_timeout(500)
    assert opened and len(set(opened)) == 1


def test_run_shows_examples_and_own_prints_and_keys_do_what_buttons_do(watched: Watched, server: Served) -> None:
    page = watched.page()
    begin(page, server, "scaled-dot-product-attention")
    write(page, WRONG)
    page.locator(".cm-content").press("Control+Enter")
    expect(page.locator("#out")).to_have_text(re.compile(r"\d of \d examples? pass"), timeout=30_000)
    expect(page.locator("#results .prints")).to_contain_text("weights")
    write(page, "import numpy as np\n\n\ndef attention(q, k, v, mask=None):\n    return q[5000]\n")
    page.locator(".cm-content").press("Control+Shift+Enter")
    expect(page.locator("#out")).to_have_text(re.compile("Attempt 1"), timeout=30_000)
    page.locator("#results .link", has_text="line 5").first.click()
    expect(page.locator(".cm-lineNumbers .cm-activeLineGutter")).to_have_text("5")
    page.locator("#title").click()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    page.locator("#chat").fill("what is d?")
    page.locator("#chat").press("?")
    expect(page.locator("#keys")).to_be_hidden()


def test_the_editor_can_be_left_with_the_keyboard(watched: Watched, server: Served) -> None:
    page = watched.page()
    begin(page, server, "scaled-dot-product-attention")
    write(page, "x = 1")
    page.locator(".cm-content").press("Tab")
    assert "    " in code_of(page)
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert page.evaluate("!document.activeElement.closest('.cm-editor')")


def test_a_second_window_with_newer_text_is_told_and_nothing_is_lost(watched: Watched, server: Served) -> None:
    first, second = watched.page(), watched.page()
    watched.expected += ("409",)
    token = begin(first, server, "scaled-dot-product-attention")
    second.goto(f"{server.url}/interviews/{token}")
    expect(second.locator(".cm-content")).to_be_visible()
    write(first, "first = 1")
    saved(first)
    first.wait_for_timeout(700)
    write(second, "second = 2")
    expect(second.locator("#ask")).to_contain_text("Two versions")
    second.get_by_role("button", name="Keep what is here").click()
    second.wait_for_timeout(700)
    saved(second)
    second.reload()
    expect(second.locator(".cm-content")).to_contain_text("second = 2")


def test_what_is_typed_before_the_scripts_run_is_kept(watched: Watched, server: Served) -> None:
    page = watched.page()
    begin(page, server)

    def slowly(route: Route) -> None:
        page.wait_for_timeout(800)
        route.continue_()

    page.route("**/static/room.js*", slowly)
    page.reload(wait_until="commit")
    page.locator("#chat").fill("typed early")
    expect(page.locator("#send")).to_be_enabled()
    expect(page.locator("#chat")).to_have_value("typed early")
    saved(page)
    page.unroute_all()
    page.reload()
    expect(page.locator("#chat")).to_have_value("typed early")


def test_moving_on_without_an_answer_is_asked_about_first(watched: Watched, server: Served) -> None:
    page = watched.page()
    begin(page, server)
    page.get_by_role("button", name="Move on").click()
    expect(page.locator("#ask")).to_contain_text("without an answer")
    page.get_by_role("button", name="Stay here").click()
    expect(page.locator("#title")).to_have_text("How attention works")
    page.get_by_role("button", name="Pause").click()
    expect(page.locator("#banner")).to_contain_text("Paused")
    expect(page.locator("#send")).to_be_disabled()
    page.get_by_role("button", name="Resume").click()
    expect(page.locator("#send")).to_be_enabled()
    page.get_by_role("button", name=re.compile(r"Hint \(1 of 3, shown on the scorecard")).click()
    expect(page.get_by_role("button", name=re.compile(r"Hint \(2 of 3"))).to_be_visible()
    page.get_by_role("button", name="Hide the time that is left").click()
    expect(page.locator("#left")).to_have_text("")
    page.reload()
    expect(page.get_by_role("button", name="Show the time that is left")).to_be_visible()


def test_margin_notes_never_overlap_and_stand_under_their_line_on_narrow_pages(
    watched: Watched, server: Served
) -> None:
    page = watched.page()
    begin(page, server, "scaled-dot-product-attention")
    write(page, "import numpy as np\n\n\ndef attention(q, k, v, mask=None):\n    q = q.tolist()\n    return q.shape\n")
    page.get_by_role("button", name=re.compile("^Submit")).click()
    expect(page.locator("#out")).to_have_text(re.compile("Attempt 1"), timeout=30_000)
    page.get_by_role("button", name="Move on").click()
    page.get_by_role("link", name="Read the scorecard").click()
    expect(page.locator(".note").first).to_be_visible()
    page.wait_for_timeout(300)
    boxes: list[Any] = page.evaluate(
        "[...document.querySelectorAll('.notes.placed .note')].map(n => n.getBoundingClientRect().toJSON())"
    )
    boxes.sort(key=lambda box: box["top"])
    assert len(boxes) >= 3
    assert all(above["bottom"] <= below["top"] for above, below in itertools.pairwise(boxes))
    assert page.locator("svg.ties path").count() == page.locator(".note[data-ties]").count() > 0
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator("#q1-l6 + .note")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(watched: Watched, server: Served, axe: str, theme: Any) -> None:
    page = watched.page()
    watched.expected += ("404",)
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    found = {}
    page.goto(server.url)
    expect(page.locator("html")).to_have_attribute("data-theme", theme)
    found["home"] = violations(page, axe)
    page.locator("[data-track=two-steps]").click()
    expect(page.get_by_role("button", name="Start the clock")).to_be_enabled()
    found["briefing"] = violations(page, axe)
    page.get_by_role("button", name="Start the clock").click()
    expect(page.locator("#send")).to_be_enabled()
    page.locator("#chat").fill(ANSWER)
    found["room, words"] = violations(page, axe)
    page.locator("#send").click()
    expect(page.locator("#lines li.you")).to_be_visible()
    page.get_by_role("button", name="Move on").click()
    expect(page.locator("#editor")).to_be_visible(timeout=30_000)
    write(page, WRONG)
    page.get_by_role("button", name=re.compile("^Submit")).click()
    expect(page.locator("#results .failed").first).to_be_visible(timeout=30_000)
    found["room, code"] = violations(page, axe)
    page.set_viewport_size({"width": 390, "height": 844})
    for part in ("Talk", "Question", "Code"):
        page.get_by_role("tab", name=part).click()
        found[f"room, narrow, {part}"] = violations(page, axe)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), part
    page.get_by_role("button", name="Keys").click()
    found["keys"] = violations(page, axe)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Finish").click()
    found["dialog"] = violations(page, axe)
    page.locator("#ask-yes").click()
    page.get_by_role("link", name="Read the scorecard").click()
    expect(page.locator(".note").first).to_be_visible()
    found["scorecard, narrow"] = violations(page, axe)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.set_viewport_size({"width": 1280, "height": 800})
    opened_all(page)
    found["scorecard"] = violations(page, axe)
    page.goto(f"{server.url}/nothing")
    found["error"] = violations(page, axe)
    assert not any(found.values()), json.dumps({name: what for name, what in found.items() if what}, indent=1)


def test_everything_can_be_read_without_javascript(chromium: Browser, server: Served, watched: Watched) -> None:
    page = watched.page()
    token = begin(page, server, "scaled-dot-product-attention")
    bare = chromium.new_context(java_script_enabled=False).new_page()
    bare.goto(server.url)
    expect(bare.get_by_role("heading", name="Two steps")).to_be_visible()
    bare.goto(f"{server.url}/interviews/{token}")
    expect(bare.locator("#statement")).to_contain_text("scaled dot-product attention")
    expect(bare.locator("#lines .viva").first).to_be_visible()
    bare.goto(f"{server.url}/interviews/{token}/scorecard")
    expect(bare.get_by_role("heading", level=1)).to_be_visible()
    bare.context.close()


def test_a_screen_reader_is_told_of_turns_and_verdicts_without_losing_the_place(
    watched: Watched, server: Served
) -> None:
    page = watched.page()
    begin(page, server, "scaled-dot-product-attention")
    write(page, "def attention(q, k, v, mask=None):\n    return v\n")
    page.locator(".cm-content").press("Control+Shift+Enter")
    expect(page.locator("#live")).to_have_text(re.compile("Attempt 1: |checks pass"), timeout=30_000)
    assert page.evaluate("!!document.activeElement.closest('.cm-editor')")
    assert page.locator("[aria-live=polite]:not(.cm-announced)").count() == 1


@pytest.mark.parametrize(
    "code", ["(" * 6_000, "-" * 40_000 + "1", "a\0b = 1", "x" * 200_000], ids=["parens", "minus", "null", "long"]
)
def test_hostile_code_harms_neither_room_nor_scorecard(watched: Watched, server: Served, code: str) -> None:
    page = watched.page()
    token = begin(page, server, "scaled-dot-product-attention")
    write(page, code)
    page.get_by_role("button", name=re.compile("^Submit")).click()
    expect(page.locator("#out")).to_have_text(re.compile("Attempt 1: "), timeout=30_000)
    saved(page)
    page.reload()
    expect(page.locator("#submit")).to_be_enabled()
    page.get_by_role("button", name="Move on").click()
    page.get_by_role("link", name="Read the scorecard").click()
    expect(page).to_have_url(f"{server.url}/interviews/{token}/scorecard")
    expect(page.locator("#q1-correctness b")).to_have_text("0.00")


def test_a_scorecard_follows_by_itself_takes_an_appeal_and_remembers_the_theme(
    watched: Watched, server: Served
) -> None:
    room, card = watched.page(), watched.page()
    token = begin(room, server, "scaled-dot-product-attention")
    card.goto(f"{server.url}/interviews/{token}/scorecard")
    expect(card.locator("main")).to_have_attribute("data-pending", "yes")
    write(room, RIGHT)
    room.get_by_role("button", name=re.compile("^Submit")).click()
    expect(room.locator("#out")).to_have_text(re.compile("Attempt 1: "), timeout=30_000)
    room.get_by_role("button", name="Move on").click()
    expect(card.locator("#q1-correctness b")).to_have_text("1.00")
    expect(card.locator("main")).to_have_attribute("data-pending", "no")
    expect(card.locator("#live")).to_have_text("Everything is graded now.")
    card.get_by_text("Disagree with a grade?").click()
    card.get_by_label("Why").fill("The check on float16 asks for more than the statement says.")
    card.get_by_role("button", name="Ask a person to look").click()
    expect(card.locator("[data-says]")).to_contain_text("recorded")
    before = card.locator("html").get_attribute("data-theme")
    card.get_by_role("button", name=re.compile("colours")).click()
    card.goto(server.url)
    assert card.locator("html").get_attribute("data-theme") != before


def test_at_four_hundred_percent_everything_can_be_reached(watched: Watched, server: Served) -> None:
    page = watched.page()
    page.set_viewport_size({"width": 320, "height": 256})
    begin(page, server, "scaled-dot-product-attention")
    page.get_by_role("tab", name="Code").click()
    for name in (".cm-content", "#run", "#submit"):
        page.locator(name).scroll_into_view_if_needed()
        expect(page.locator(name)).to_be_in_viewport()
    page.get_by_role("tab", name="Talk").click()
    for name in ("#chat", "#send", "#person"):
        page.locator(name).scroll_into_view_if_needed()
        expect(page.locator(name)).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

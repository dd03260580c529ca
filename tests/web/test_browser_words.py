"""The scorecard of words in Chromium: the candidate's own text with its quotes marked, and every note tied to its mark."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

import viva_bank
from tests.web.conftest import Watched, violations
from tests.web.graded import FIRST, SECOND, VERDICTS, graded
from tests.web.serving import Served, free_port
from viva.core.values import Mode

pytestmark = pytest.mark.browser

BANK = Path(viva_bank.__file__).parent


class Graded:
    """A server whose data folder has one finished interview in words."""

    def __init__(self, folder: Path, mode: Mode, bank: Path = BANK, *, track: bool = False) -> None:
        self.token = graded(folder / "data", bank, mode, track=track)
        self.server = Served(data=folder / "data", bank=None, port=free_port())
        self.server.start()

    def scorecard(self, page: Page) -> None:
        page.goto(f"{self.server.url}/interviews/{self.token}/scorecard")
        expect(page.locator(".part h3", has_text="Your words")).to_be_visible()


@pytest.fixture(scope="module", params=["practice", "screening"])
def either(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graded]:
    found = Graded(tmp_path_factory.mktemp("graded"), request.param)
    yield found
    found.server.stop()


def test_every_quote_is_marked_in_the_candidates_own_words_and_every_note_hangs_on_its_mark(
    watched: Watched, either: Graded
) -> None:
    page = watched.page()
    either.scorecard(page)
    signs = page.eval_on_selector_all(".spoken .sign", "all => all.map(one => one.remove() || one.textContent)")
    assert sorted("".join(signs)) == sorted("✓✓½✗½✗✓?")
    told = " ".join(page.locator(".spoken").inner_text().split())
    assert told == " ".join(f"{FIRST} {SECOND}".split()), "not a word of the candidate is lost"
    for _, verdict, quote in VERDICTS:
        assert verdict == "missing" or page.locator("mark", has_text=quote[:20]).count() >= 1
    notes = page.locator(".note[data-ties]")
    assert notes.count() == page.locator("svg.ties path").count() == 7
    names = [notes.nth(n).get_attribute("data-ties") for n in range(7)]
    assert all(page.locator(f"mark[id='{name}']").count() == 1 for name in names)
    assert page.locator(".note:not([data-ties]) .label").inner_text().lower() == "– missing"


def test_a_note_opens_its_evidence_which_points_back_to_the_words(watched: Watched, either: Graded) -> None:
    page = watched.page()
    either.scorecard(page)
    page.locator(".note", has_text="How scores become weights").get_by_role("link").click()
    opened = page.locator("details.evidence[open]", has_text="How scores become weights")
    expect(opened.locator("blockquote")).to_have_text("A softmax turns these scores into weights.")
    expect(opened).to_contain_text("81 % sure that your words say it")
    opened.get_by_role("link", name="In your words").click()
    expect(page.locator("mark:target")).to_have_text("A softmax turns these scores into weights.")
    unsure = page.locator("details.evidence", has_text="What attention does not know")
    unsure.locator("summary").click()
    expect(unsure).to_contain_text("A person should look.")


def test_a_screening_names_what_was_not_said_by_topic_only_and_practice_tells_it(
    watched: Watched, either: Graded
) -> None:
    page = watched.page()
    either.scorecard(page)
    whole = page.locator("#main").text_content() or ""
    practice = page.locator(".masthead", has_text="Practice").count() == 1
    for secret in ("concatenated and go through", "sum of the value vectors", "keeps the softmax from saturating"):
        assert (secret in whole) is practice, secret
    assert "What happens to the results of the heads" in whole
    assert (page.locator("a[href^='https://arxiv.org']").count() > 0) is practice


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_is_fit_to_be_read_by_everybody_at_any_width_and_in_the_dark(
    chromium: Browser, either: Graded, axe: str, scheme: str, width: int
) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    either.scorecard(page)
    page.evaluate("() => document.querySelectorAll('details').forEach(fold => { fold.open = true })")
    assert violations(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if width == 390:
        beside = page.locator(".spoken p.plain-text", has_text="future is hidden").locator("xpath=following-sibling::*")
        assert beside.count() == 2, "the notes on a paragraph stand under it"
    context.close()


@pytest.mark.parametrize("mode", ["practice", "screening"])
def test_practice_tells_in_the_room_what_was_found_once_a_question_is_left_and_a_screening_does_not(
    watched: Watched, tmp_path: Path, mode: Mode
) -> None:
    bank = tmp_path / "bank"
    for question in ("explain-attention", "scaled-dot-product-attention"):
        shutil.copytree(BANK / "questions" / question, bank / "questions" / question)
    (bank / "tracks").mkdir()
    steps = "".join(
        f'[[step]]\nquestion = "{path.name}"\nminutes = 9\n' for path in sorted((bank / "questions").iterdir())
    )
    head = 'title = "Both"\nsummary = "Two."\nminutes = 20\naudience = "Tests."\nallowed = "docs"\n'
    (bank / "tracks" / "both.toml").write_text(head + steps)
    found = Graded(tmp_path, mode, bank, track=True)
    page = watched.page()
    page.set_default_timeout(30_000)
    page.goto(f"{found.server.url}/interviews/{found.token}")
    expect(page.locator("#title")).to_have_text("Scaled dot-product attention")
    told = page.locator("#lines li.viva", has_text="You said 3 of the 10 points, and 2 more in part.")
    expect(told).to_have_count(1 if mode == "practice" else 0)
    if mode == "practice":
        expect(told.locator("li")).to_have_count(5)
        expect(told).to_contain_text("Not found in your answer: what is done with the weights")
        page.get_by_role("link", name="Scorecard", exact=True).click()
        expect(page.locator("#q1-understanding b")).to_have_text("0.46", timeout=30_000)
    else:
        expect(page.get_by_role("link", name="Scorecard", exact=True)).to_have_count(0)
    found.server.stop()

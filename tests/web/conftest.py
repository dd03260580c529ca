"""What browser tests share: one Chromium, and pages that fail their test when anything unexpected happens in them."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

from tests.web.serving import Served, served

QUESTIONS = ("explain-attention", "scaled-dot-product-attention")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for a module of browser tests; while it lives, its loop runs in this thread and no other can."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("there is no Chromium here (apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def two_steps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bank with one track over two questions that ship."""
    folder = tmp_path_factory.mktemp("bank")
    (folder / "questions").mkdir()
    (folder / "tracks").mkdir()
    steps = "".join(f'[[step]]\nquestion = "{question}"\nminutes = 10\n\n' for question in QUESTIONS)
    head = 'title = "Two steps"\nsummary = "Words, then code."\nminutes = 25\naudience = "Tests."\nallowed = "docs"\n\n'
    (folder / "tracks" / "two-steps.toml").write_text(head + steps)
    return folder


@pytest.fixture
def server(tmp_path: Path, two_steps: Path) -> Iterator[Served]:
    with served(tmp_path / "served", two_steps) as running:
        yield running


class Watched:
    """A browser context whose pages are watched: what they ask for, and what they complain of."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.expected: tuple[str, ...] = (
            "net::ERR_CONNECTION_REFUSED",
            "net::ERR_CONNECTION_RESET",
            "ERR_INCOMPLETE_CHUNKED",
            "ERR_EMPTY_RESPONSE",
            "ERR_CONTENT_LENGTH_MISMATCH",
        )
        context.on("request", self._asked)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))

    def _asked(self, request: Request) -> None:
        self.asked.append(request.url)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not any(word in message.text for word in self.expected):
            self.complaints.append(message.text)

    def page(self) -> Page:
        page = self.context.new_page()
        page.set_default_timeout(10_000)
        return page


@pytest.fixture
def watched(chromium: Browser) -> Iterator[Watched]:
    """A context at 1280 by 800; afterwards: nothing complained (the content policy included), no other host was asked."""
    found = Watched(chromium.new_context(viewport={"width": 1280, "height": 800}))
    yield found
    found.context.close()
    assert found.complaints == [], "\n".join(found.complaints)
    assert [url for url in found.asked if not url.startswith(("http://127.0.0.1:", "data:", "blob:"))] == []


@pytest.fixture(scope="session")
def axe() -> str:
    return (Path(__file__).parents[1] / "axe.min.js").read_text("utf-8")


def violations(page: Page, axe: str) -> list[dict[str, Any]]:
    """What axe finds on a page as it stands: rule and places."""
    page.evaluate(axe)
    found: list[dict[str, Any]] = page.evaluate(
        """async () => (await axe.run()).violations.map(
            found => ({rule: found.id, help: found.help, at: found.nodes.map(node => node.target.join(' ')).slice(0, 5)})
        )"""
    )
    return found

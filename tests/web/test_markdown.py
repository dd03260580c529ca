"""Markdown with mathematics: what it makes, and that nothing dangerous comes out whatever goes in."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viva.web.markdown import render


def test_prose_code_tables_and_mathematics_are_rendered() -> None:
    page = render("# T\n\nA `q` of $d_k$.\n\n$$\\frac{a}{b}$$\n\n```python\nx < 1\n```\n\n|a|b|\n|-|-|\n|1|2|\n")
    for part in (
        "<h1>",
        "<code>q</code>",
        "<msub>",
        '<math display="block">',
        "<mfrac>",
        "x &lt; 1",
        "<table",
        'class="formula"',
    ):
        assert part in page, part


@pytest.mark.parametrize("tex", [r"\frac{", r"\left(", r"\undefinedcommand{x}{", "{" * 500, r"\begin{nothing}"])
def test_tex_that_does_not_convert_shows_its_source_or_something_readable(tex: str) -> None:
    page = render(f"before ${tex}$ after")
    assert "before" in page and "after" in page


def test_tex_that_does_not_parse_shows_its_source() -> None:
    assert '<span class="tex">\\frac{</span>' in render("$\\frac{$")


HOSTILE = [
    r"$\text{<script>alert(1)</script>}$",
    r"$\href{javascript:alert(1)}{x}$",
    r"$\text{<img src=x onerror=alert(1)>}$",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](data:text/html,<script>)",
    "![x](https://evil.example/pixel.png)",
    "<math><mtext><style><img src=x onerror=alert(1)>",
    '[x](https://a.example "onmouseover=alert(1)")',
    "<a style='position:fixed'>x</a>",
    r"$\unicode{x3c}script\unicode{x3e}$",
]
SAFE_TAG = re.compile(
    r"</?(?:p|br|hr|em|strong|s|code|pre|blockquote|ul|ol|li|h[1-6]|table|thead|tbody|tr|th|td|a|span|div|math|m[a-z]+)"
    r"(?: (?:href=\"(?:https?|mailto):[^\"]*\"|[a-z]+=\"[^\"<>]*\"))*>"
)


@pytest.mark.parametrize("source", HOSTILE)
def test_nothing_that_runs_or_fetches_comes_out(source: str) -> None:
    page = render(source)
    left = SAFE_TAG.sub("", page)
    assert "<" not in left, left
    assert not re.search(
        r"<(?:script|img|style|iframe|svg|object)|<[^>]*\s(?:on\w+|style|src)=|href=\"(?!https?:|mailto:)", page
    )


@given(st.text(st.characters(), max_size=300))
def test_any_text_at_all_renders_to_allowed_tags_only(source: str) -> None:
    assert "<" not in SAFE_TAG.sub("", render(source))


def test_lone_surrogates_and_very_long_texts_are_rendered_too() -> None:
    assert render("a \ud800 b") == "<p>a \ufffd b</p>\n"
    assert render("<" * 100_000).startswith("<pre>&lt;&lt;")


def test_an_underscore_inside_text_of_a_formula_has_no_backslash() -> None:
    assert "<mtext>weight_decay</mtext>" in render(r"$\text{weight\_decay}$")

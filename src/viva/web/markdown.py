"""Markdown with mathematics as HTML that is safe to place in a page. Law: nh3's allow-list is the last step, whatever came
before: latex2mathml lets markup through, and what a model wrote is hostile text."""

import html
from functools import lru_cache
from typing import Any

import nh3
from latex2mathml.converter import convert
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

from viva.web.sending import printable

_LONGEST = 64 * 1024  # beyond it text is shown as it is: Markdown parsers have quadratic corners

_PROSE = {
    "p", "br", "hr", "em", "strong", "s", "code", "pre", "blockquote", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6",
    "table", "thead", "tbody", "tr", "th", "td", "a", "span", "div",
}  # fmt: skip
_MATH = {
    "math", "mrow", "mi", "mo", "mn", "ms", "mtext", "mspace", "mfrac", "msqrt", "mroot", "msub", "msup", "msubsup", "munder",
    "mover", "munderover", "mtable", "mtr", "mtd", "mpadded", "mphantom", "menclose", "mmultiscripts", "mprescripts", "mstyle",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "title"},
    "ol": {"start"},
    "th": {"align"},
    "td": {"align"},
    "math": {"display"},
    "mi": {"mathvariant"},
    "mo": {
        "stretchy",
        "fence",
        "form",
        "separator",
        "accent",
        "movablelimits",
        "lspace",
        "rspace",
        "minsize",
        "maxsize",
    },
    "mfrac": {"linethickness"},
    "mspace": {"width"},
    "mover": {"accent"},
    "munder": {"accentunder"},
    "mtable": {"columnalign", "rowspacing", "columnspacing"},
    "mtd": {"columnalign"},
    "mstyle": {"displaystyle", "scriptlevel"},
}
_CLASSES = {"code": {"language-python", "language-text"}, "span": {"tex"}, "div": {"formula"}}


def _mathematics(source: str, options: dict[str, Any]) -> str:
    """MathML of a formula; TeX that does not convert is shown as its source."""
    display = bool(options.get("display_mode"))
    try:
        made = convert(source, display="block" if display else "inline")
    except Exception:  # noqa: BLE001 - the converter raises whatever its parser trips over, KeyError and IndexError too
        return f'<span class="tex">{html.escape(source)}</span>'
    return made.replace(r"\_", "_")  # the converter leaves the backslash of an underscore inside \text


def _formula(source: str, options: dict[str, Any]) -> str:
    inner = _mathematics(source.strip(), options)
    return f'<div class="formula">{inner}</div>' if options.get("display_mode") else inner


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    dollarmath_plugin(parser, allow_space=False, allow_digits=False, double_inline=True, renderer=_formula)
    return parser


@lru_cache(maxsize=512)
def render(source: str) -> str:
    """Safe HTML of Markdown; lone surrogates become U+FFFD."""
    clean = printable(source)
    if len(clean) > _LONGEST:
        return f"<pre>{html.escape(clean)}</pre>"
    return nh3.clean(
        _parser().render(clean),
        tags=_PROSE | _MATH,
        attributes=_ATTRIBUTES,
        allowed_classes=_CLASSES,
        url_schemes={"https", "http", "mailto"},
        link_rel="noopener noreferrer",
        set_tag_attribute_values={tag: {"tabindex": "0"} for tag in ("pre", "table")},  # they scroll, also by keyboard
    )

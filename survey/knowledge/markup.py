"""
Markdown as contributors write it, and the little HTML that comes of it.

No HTML of theirs, no picture from elsewhere (it would tell its owner who reads), no heading above the page's
own, no link but to the web. markdown-it-py makes the HTML; nh3 takes out whatever is not on the list, should
the first be wrong.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markupsafe import Markup

from survey.people.links import LinkError, one_link

_TAGS: Final = frozenset(
    {"p", "br", "em", "strong", "ul", "ol", "li", "a", "blockquote", "h3", "h4", "hr", "code"}
)
_ATTRIBUTES: Final = {"a": {"href"}, "ol": {"start"}}
_OFF: Final = ("html_block", "html_inline", "image", "fence", "code")
# The page has its h1 and h2; what is written below a text's title begins at h3.
_HEADINGS: Final = {"h1": "h3", "h2": "h4", "h3": "h4", "h4": "h4", "h5": "h4", "h6": "h4"}


def shown(text: str) -> Markup:
    """Return a text in Markdown as HTML that can stand on any page."""
    cleaned = nh3.clean(
        _renderer().render(text),
        tags=set(_TAGS),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        attribute_filter=_checked,
        url_schemes={"https", "http"},
        link_rel="noopener noreferrer nofollow ugc",
    )
    return Markup(cleaned)  # noqa: S704  The one place that says what is markup: nh3 has let nothing else through.


def _checked(tag: str, name: str, value: str) -> str | None:
    if (tag, name) != ("a", "href"):
        return value
    try:
        return one_link(value) or None
    except LinkError:
        return None


@cache
def _renderer() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False, "linkify": False})
    made.disable([*_OFF])
    made.core.ruler.push("tillid_headings", _lower_headings)
    return made


def _lower_headings(state: StateCore) -> None:
    for token in state.tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = _HEADINGS[token.tag]

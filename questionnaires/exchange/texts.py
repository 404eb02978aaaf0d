"""Texts of other formats made plain: no markup, no scripts, no control characters, with a word for each."""

import html
import re
import unicodedata
from collections.abc import Mapping

from questionnaires.exchange.report import Log

LONGEST = 4000
# Far beyond what a question is; keeps an attacker's text from being parsed at all.
MOST_PARSED = 20_000
_BLOCKS = frozenset({"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "ul", "ol", "table"})
_NEVER_READ = frozenset({"script", "style", "iframe", "object", "svg", "template", "noscript", "head"})
_NEVER_SHOWN = _NEVER_READ | {
    "img",
    "audio",
    "video",
    "embed",
    "source",
    "form",
    "input",
    "link",
    "meta",
    "base",
}
# Not a parser of HTML: one pass over what looks like a tag, in time that grows with the text alone.
_TAG = re.compile(r"<!--|<(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]*)(?P<rest>[^<>]*)>|<[!?][^<>]*>")
_RUNS = re.compile(r"\son\w+\s*=|javascript:", re.IGNORECASE)
_MARKUP = re.compile(r"<[a-zA-Z!/?]|&[#a-zA-Z]")
_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?\n[\n ]*")


class TextError(ValueError):
    """A text that cannot be shown as it stands; the message says why."""


def plain(text: str, place: str, log: Log) -> str:
    """
    Return what a reader of the text would see, without markup.

    Raises:
        TextError: If it is longer than a text may be.
    """
    if len(text) > MOST_PARSED:
        raise TextError(f"a text has {len(text)} characters, and may have {LONGEST}")
    seen = _without_markup(text, place, log) if _MARKUP.search(text) else text
    seen = unicodedata.normalize("NFC", seen.translate(_unprintable(seen)))
    seen = _LINES.sub("\n", _SPACES.sub(" ", seen)).strip()
    if len(seen) > LONGEST:
        raise TextError(f"a text has {len(seen)} characters, and may have {LONGEST}")
    return seen


def plain_in_all(texts: Mapping[str, str], place: str, log: Log) -> dict[str, str]:
    """
    Return the text in each language, plain; a language in which nothing is left is not there.

    Raises:
        TextError: If one of them is longer than a text may be.
    """
    made = {language: plain(text, place, log) for language, text in texts.items()}
    return {language: text for language, text in made.items() if text}


def _without_markup(text: str, place: str, log: Log) -> str:
    shown, dropped = _shown(text)
    for tag in sorted(dropped):
        log.left_out(place, f"its text holds <{tag}>, which is never shown or run")
    if shown.strip() != text.strip() and not dropped:
        log.changed(place, "its text has markup, which was taken off")
    return shown


def _shown(text: str) -> tuple[str, set[str]]:
    """What a browser would show of it, and what more than letters there was."""
    parts: list[str] = []
    dropped: set[str] = set()
    at = 0
    while tag := _TAG.search(text, at):
        parts.append(html.unescape(text[at : tag.start()]))
        at = _after(tag, text)
        name = (tag["name"] or "").lower()
        dropped |= {name} & _NEVER_SHOWN
        if _RUNS.search(tag["rest"] or ""):
            dropped.add("script")
        if name in _BLOCKS:
            parts.append("\n")
    parts.append(html.unescape(text[at:]))
    return "".join(parts), dropped


def _after(tag: re.Match[str], text: str) -> int:
    """Where what is shown goes on. Whatever never ends takes the rest with it, so each part is read once."""
    name = (tag["name"] or "").lower()
    if tag.group() == "<!--":
        end = text.find("-->", tag.end())
        return len(text) if end < 0 else end + len("-->")
    if name in _NEVER_READ and not tag["end"] and not (tag["rest"] or "").endswith("/"):
        closed = re.compile(rf"</{name}\s*>", re.IGNORECASE).search(text, tag.end())
        return len(text) if closed is None else closed.end()
    return tag.end()


def _unprintable(text: str) -> dict[int, None]:
    """What goes out of a text: control characters, and marks that turn the direction of what follows."""
    # Each character that occurs is looked at once, however long the text somebody made.
    return {ord(c): None for c in set(text) if not c.isspace() and unicodedata.category(c)[0] == "C"}

"""
Addresses that the library leads to: in one spelling, nobody else's in disguise, without what follows readers.

Nothing is fetched: whoever checks a link opens it, and says which address the browser shows then. So what
redirects is stored by where it ended.
"""

from __future__ import annotations

import ipaddress
import unicodedata
from typing import Final
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

from survey.storage.library import LONGEST_ADDRESS

# They say who sent a reader, or which reader it is.
_FOLLOWING: Final = ("utm_", "mc_", "hsa_", "_hs", "pk_", "mtm_", "vero_", "oly_")
_FOLLOWING_WHOLE: Final = frozenset(
    {"fbclid", "gclid", "dclid", "msclkid", "yclid", "igshid", "twclid", "ttclid", "ref_src", "referrer"}
)
# They hide where they lead, and may lead elsewhere tomorrow.
_SHORTENERS: Final = frozenset(
    {"bit.ly", "buff.ly", "cutt.ly", "goo.gl", "is.gd", "lnkd.in", "ow.ly", "rb.gy", "shorturl.at", "t.co"}
    | {"tiny.cc", "tinyurl.com"}
)
_OPENING: Final = ("https://", "http://")


class LinkError(ValueError):
    """An address that the library does not lead to; `fault` is one word for pages to explain."""

    def __init__(self, fault: str, message: str) -> None:
        super().__init__(message)
        self.fault = fault


def one_link(typed: str) -> str:
    """
    Return an address of the web as the library keeps it, or nothing for nothing.

    Raises:
        LinkError: `form` if it is no address of a page, `disguise` if it is not what it seems, `shortened` if
            it hides where it leads, `long` if it is too long.
    """
    text = typed.strip()
    if not text:
        return ""
    if not text.casefold().startswith(_OPENING) or any(_unseen(character) for character in text):
        raise LinkError("form", f"{text[:80]!r}: no address of a page. Copy it whole, from https:// on.")
    parts = _parsed(text)
    host = (parts.hostname or "").rstrip(".")
    _check_host(host, text)
    if parts.username is not None:
        raise LinkError(
            "disguise", f"{text[:80]!r}: it names somebody before the host. Copy it from the page."
        )
    port = f":{parts.port}" if parts.port else ""
    link = urlunsplit((parts.scheme.lower(), f"{host}{port}", parts.path, _kept(parts.query), parts.fragment))
    if len(link) > LONGEST_ADDRESS:
        raise LinkError("long", f"{text[:80]!r}: over {LONGEST_ADDRESS} characters. Find a shorter one.")
    return link


def _parsed(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        _ = parts.port  # read only now, and refused if it is no number
    except ValueError as fault:
        raise LinkError("form", f"{text[:80]!r}: {fault}. Copy it from the page.") from fault
    return parts


def _check_host(host: str, text: str) -> None:
    if host in _SHORTENERS or host.removeprefix("www.") in _SHORTENERS:
        raise LinkError("shortened", f"{text[:80]!r}: it hides where it leads. Copy where it ended.")
    if "." not in host or _is_number(host):
        raise LinkError("form", f"{text[:80]!r}: no host that everybody reaches. Copy it from the page.")
    if not host.isascii() and not all(letter.isascii() or letter in "æøåäöéü" for letter in host):
        raise LinkError("disguise", f"{text[:80]!r}: letters of another alphabet. Copy it from the page.")


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host.rpartition(".")[2].isdigit()
    return True


def _kept(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True)
    kept = [(name, value) for name, value in pairs if not _follows(name.casefold())]
    # As it was typed where nothing is taken out: some servers mind how it is written.
    return query if len(kept) == len(pairs) else urlencode(kept)


def _follows(name: str) -> bool:
    return name in _FOLLOWING_WHOLE or name.startswith(_FOLLOWING)


def _unseen(character: str) -> bool:
    return unicodedata.category(character)[0] in "CZ" or character in '<>"\\`'

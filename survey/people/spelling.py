"""
What people type for addresses and names, in one spelling, and refused where it pretends to be another.

A Cyrillic a looks like a Latin one: an address or a name that mixes alphabets may be somebody else's in
disguise. Characters that are not seen, or turn the text around, are refused too.
"""

from __future__ import annotations

import unicodedata
from typing import Final

from survey.delivery.outbox import AddressError, mail_address

_UNSEEN: Final = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})


class SpellingError(ValueError):
    """Something typed that could be taken for something else."""


def one_address(typed: str) -> str:
    """
    Return an e-mail address as accounts know it: one spelling, in lower case.

    Raises:
        SpellingError: If it is none, or mixes alphabets.
    """
    try:
        address = mail_address(typed).casefold()
    except AddressError as fault:
        raise SpellingError(str(fault)) from fault
    _check(address)
    return address


def one_name(typed: str) -> str:
    """
    Return a name as it is shown: composed, on one line.

    Raises:
        SpellingError: If it mixes alphabets or has characters that are not seen.
    """
    name = unicodedata.normalize("NFC", " ".join(typed.split()))
    _check(name)
    return name


def alike(name: str) -> str:
    """Return what two names have in common that read the same: compatible characters, no case, no spaces."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def _check(text: str) -> None:
    if any(unicodedata.category(character) in _UNSEEN for character in text):
        raise SpellingError("it has characters that are not seen; type it anew instead of pasting it")
    if len(_alphabets(text)) > 1:
        raise SpellingError("it mixes letters of several alphabets that look alike; type it anew")


def _alphabets(text: str) -> set[str]:
    # The first word of a letter's Unicode name: LATIN, CYRILLIC, GREEK …; FULLWIDTH is an alphabet to us.
    return {
        unicodedata.name(character, "?").split()[0]
        for character in text
        if character.isalpha() and unicodedata.category(character) != "Lm"
    }

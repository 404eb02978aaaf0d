"""
Crockford's base32, for what people copy by hand: codes, pins and receipts.

Source: Douglas Crockford, "Base 32" (crockford.com/base32.html). Mirrored by frontend/src/base32.ts.
"""

from __future__ import annotations

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES = {symbol: value for value, symbol in enumerate(ALPHABET)}
_READ_AS = str.maketrans("OIL", "011")
# White space, and whatever a word processor makes of a hyphen.
_LEFT_OUT = re.compile(r"[\s\u00ad\u2010-\u2015-]")
_BITS = 5
CODE_LENGTH = 16


class Base32Error(ValueError):
    """Text that is not base32; the message names the first symbol that does not belong."""


def encode(data: bytes, length: int | None = None) -> str:
    """`data` in upper case, most significant bits first, zero bits appended; cut to `length` symbols."""
    symbols = -(-len(data) * 8 // _BITS)
    number = int.from_bytes(data, "big") << (symbols * _BITS - len(data) * 8)
    text = "".join(ALPHABET[number >> _BITS * place & 31] for place in reversed(range(symbols)))
    return text if length is None else text[:length]


def decode(text: str, size: int) -> bytes:
    """
    The `size` bytes that `text` stands for, the way a person may have typed it.

    Raises:
        Base32Error: If a symbol is not of the alphabet, symbols are missing or too many, or the last one
            holds more than the bytes: two different texts never stand for the same bytes.
    """
    symbols = normalised(text)
    expected = -(-size * 8 // _BITS)
    if len(symbols) != expected:
        raise Base32Error(f"there are {len(symbols)} symbols instead of {expected}")
    number = 0
    for symbol in symbols:
        number = number << _BITS | _VALUES[symbol]
    spare = expected * _BITS - size * 8
    if number & ((1 << spare) - 1):
        raise Base32Error(f"symbol {expected}, {symbols[-1]!r}, cannot be the last of {size} bytes")
    return (number >> spare).to_bytes(size, "big")


def normalised(text: str) -> str:
    """
    `text` in upper case without white space, hyphens and dashes, with O read as 0, I and L as 1.

    Raises:
        Base32Error: If a symbol is not of the alphabet.
    """
    symbols = _LEFT_OUT.sub("", text.upper()).translate(_READ_AS)
    for place, symbol in enumerate(symbols, 1):
        if symbol not in _VALUES:
            raise Base32Error(f"symbol {place}, {symbol!r}, is not one of {ALPHABET}")
    return symbols


def grouped(text: str) -> str:
    """`text` in groups of four, as it is printed."""
    return " ".join(text[place : place + 4] for place in range(0, len(text), 4))


def new_code() -> str:
    """A fresh invitation code: 80 random bits, 16 symbols."""
    return encode(secrets.token_bytes(10))

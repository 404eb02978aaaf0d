"""
Crockford's base32, for what people copy by hand: codes, pins and receipts.

Source: Douglas Crockford, "Base 32" (crockford.com/base32.html). Mirrored by frontend/src/base32.ts.
"""

from __future__ import annotations

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES = {symbol: value for value, symbol in enumerate(ALPHABET)}
_FORGIVEN = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None, "\u00a0": None})
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
    The first `size` bytes that `text` stands for, the way a person may have typed it.

    Raises:
        Base32Error: If a symbol is not of the alphabet, or the symbols are too few.
    """
    symbols = normalised(text)
    if len(symbols) * _BITS < size * 8:
        raise Base32Error(f"{len(symbols)} symbols are too few for {size} bytes")
    number = 0
    for symbol in symbols:
        number = number << _BITS | _VALUES[symbol]
    return (number >> (len(symbols) * _BITS - size * 8)).to_bytes(size, "big")


def normalised(text: str) -> str:
    """
    `text` in upper case without spaces and hyphens, with O read as 0, I and L as 1.

    Raises:
        Base32Error: If a symbol is not of the alphabet.
    """
    symbols = text.upper().translate(_FORGIVEN)
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

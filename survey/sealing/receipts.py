"""Receipts: a credential's 128-bit secret with a checksum, as a respondent notes it down."""

from __future__ import annotations

from survey.sealing import base32
from survey.sealing.domains import Domain

SECRET_SIZE = 16
LENGTH = 28
"""Symbols of a receipt: 128 bits of secret, 12 bits of checksum."""
_WRITTEN_SIZE = 18


class ReceiptError(ValueError):
    """A receipt that was mistyped."""


def receipt(secret: bytes) -> str:
    """The 28 symbols that stand for `secret`, ungrouped."""
    checksum = int.from_bytes(Domain.RECEIPT.hash(secret)[:2], "big") >> 4
    number = int.from_bytes(secret, "big") << 12 | checksum
    return base32.encode((number << 4).to_bytes(_WRITTEN_SIZE, "big"), LENGTH)


def secret_of(text: str) -> bytes:
    """
    The secret that a receipt stands for.

    Raises:
        ReceiptError: If symbols are missing, foreign or mistyped; the message says which remedy there is. One
            typing error in 4,096 fits the checksum and gives a secret that no response was sent under.
    """
    try:
        symbols = base32.normalised(text)
    except base32.Base32Error as fault:
        raise ReceiptError(f"this is not a receipt: {fault}; compare it with your note") from fault
    if len(symbols) != LENGTH:
        raise ReceiptError(f"a receipt has {LENGTH} symbols, not {len(symbols)}; compare it with your note")
    # 140 bits end within a byte; one symbol of zeros fills it.
    secret = base32.decode(symbols + base32.ALPHABET[0], _WRITTEN_SIZE)[:SECRET_SIZE]
    if symbols != receipt(secret):
        raise ReceiptError("the receipt's checksum does not fit; compare it with your note, symbol by symbol")
    return secret

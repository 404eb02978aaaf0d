"""What the web can use and a thief of its database cannot: encrypted under the configuration's keys."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class AtRestError(Exception):
    """Something that was encrypted under keys which are not in the configuration."""


class AtRest:
    """Encrypts under the first of the configuration's keys and decrypts under any of them (rotation)."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def encrypt(self, plain: bytes) -> bytes:
        """`plain`, encrypted and authenticated."""
        return self._fernet.encrypt(plain)

    def decrypt(self, encrypted: bytes) -> bytes:
        """
        What `encrypt` was given.

        Raises:
            AtRestError: If none of the keys fits.
        """
        with _told_with_a_remedy():
            return self._fernet.decrypt(encrypted)

    def rotated(self, encrypted: bytes) -> bytes:
        """
        The same, encrypted under the first key.

        Raises:
            AtRestError: If none of the keys fits.
        """
        with _told_with_a_remedy():
            return self._fernet.rotate(encrypted)


@contextmanager
def _told_with_a_remedy() -> Iterator[None]:
    try:
        yield
    except InvalidToken as fault:
        raise AtRestError(
            "TILLID_FERNET_KEYS or TILLID_MAIL_KEYS: none of them opens what is stored; put former keys "
            "behind the new one"
        ) from fault

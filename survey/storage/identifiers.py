"""The names that rows go by: random, so that none tells when it was made or how many came before."""

from __future__ import annotations

import re
import secrets
from typing import Final

LENGTH: Final = 16
_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"


def new_identifier() -> str:
    """Make an id of 80 random bits, 16 characters of Crockford's base32 in lower case."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(LENGTH))


def is_identifier(text: str) -> bool:
    """Say whether `text` can be one: what cannot is no name of a row, and PostgreSQL refuses some of it."""
    return re.fullmatch(f"[{_ALPHABET}]{{{LENGTH}}}", text) is not None

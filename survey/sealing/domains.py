"""The names that every signed, hashed or sealed message begins with (docs/reference/formats.md)."""

from __future__ import annotations

from enum import Enum
from hashlib import sha256


class Domain(Enum):
    """One kind of message; no message of one kind can be taken for one of another."""

    RESPONSE = "tillid response v1"
    CREDENTIAL = "tillid credential v1"
    CREDENTIAL_KEY = "tillid credential key v1"
    RECEIPT = "tillid receipt v1"
    ROW = "tillid row v1"
    LIST_ROW = "tillid list row v1"
    LIST = "tillid list v1"
    MANIFEST = "tillid manifest v1"
    SHARE = "tillid share v1"
    CONFIRMATION = "tillid confirmation v1"
    OPENING = "tillid opening v1"
    APPROVAL = "tillid approval v1"
    RELEASE = "tillid release v1"
    CLASSES = "tillid classes v1"
    CONTRIBUTION = "tillid contribution v1"
    EDITION = "tillid edition v1"
    TRUSTEE_KEY = "tillid trustee key v1"
    TRUSTEE_COPY = "tillid trustee copy v1"
    CUSTODY_IDENTITY = "tillid custody identity v1"
    INVITATION = "tillid invitation v1"
    INVITED_ADDRESS = "tillid invited address v1"
    WORK = "tillid work v1"
    PAPER_CODE = "tillid paper code v1"
    PAPER_CODES = "tillid paper codes v1"

    def __init__(self, name: str) -> None:
        self._prefix = name.encode("ascii") + b"\x00"

    def message(self, *parts: bytes) -> bytes:
        """The domain's name, one zero byte, then the parts."""
        return self._prefix + b"".join(parts)

    def hash(self, *parts: bytes) -> bytes:
        """SHA-256 of `message`, 32 bytes."""
        return sha256(self.message(*parts)).digest()

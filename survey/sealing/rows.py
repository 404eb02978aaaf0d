"""
Rows: what is stored of a response, how a row proves its own right to be there, and the list of a closed wave.

Formats: docs/reference/formats.md, "Row" and "List". The web checks a row when it comes, custody all of
them again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from survey.sealing import credentials, envelope
from survey.sealing.domains import Domain

_HEAD = 32 + credentials.KEY_SIZE + credentials.RANDOMISER_SIZE + credentials.SIGNATURE_SIZE + 4
_HEAD_AND_SIGNATURE = _HEAD + credentials.ROW_SIGNATURE_SIZE
_GREATEST_SEQUENCE = 2**32 - 1
DIGEST_SIZE = 32


class RowFault(Enum):
    """Why a row is refused; the values are the codes of docs/reference/formats.md."""

    MALFORMED = "malformed"
    WRONG_LENGTH = "wrong_length"
    WRONG_VERSION = "wrong_version"
    WRONG_MANIFEST = "wrong_manifest"
    CREDENTIAL_REFUSED = "credential_refused"
    SIGNATURE_REFUSED = "signature_refused"


class RowError(Exception):
    """A row that does not prove its right to be there."""

    def __init__(self, fault: RowFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class Row(NamedTuple):
    """
    One sealed response with its proof; it tells neither who sent it nor when.

    A tuple, since custody makes a million of them: a frozen dataclass takes four times as long to make.
    """

    credential_key: bytes
    randomiser: bytes
    issuing_signature: bytes
    sequence: int
    row_signature: bytes
    envelope: bytes

    @property
    def credential_digest(self) -> bytes:
        """What the row is stored under, 32 bytes."""
        return sha256(self.credential_key).digest()

    @property
    def withdrawn(self) -> bool:
        """Whether the row is the tombstone of a withdrawn response."""
        return envelope.is_tombstone(self.envelope)

    @property
    def relies_on_stored_proof(self) -> bool:
        """Whether it is a later version that leaves the proof to the row it replaces: zeros stand for it."""
        return not any(self.randomiser) and not any(self.issuing_signature)

    @property
    def is_listable(self) -> bool:
        """Whether its sequence is a number that four bytes hold, so that the row has a digest."""
        return 0 <= self.sequence <= _GREATEST_SEQUENCE

    def digest(self) -> bytes:
        """What the list of the closed wave says of this row, 32 bytes."""
        return Domain.LIST_ROW.hash(
            self.credential_digest, self.sequence.to_bytes(4, "big"), sha256(self.envelope).digest()
        )


def submission(manifest_digest: bytes, row: Row) -> bytes:
    """The body of `POST /w/WAVE/responses`."""
    head = manifest_digest + row.credential_key + row.randomiser + row.issuing_signature
    return head + row.sequence.to_bytes(4, "big") + row.row_signature + row.envelope


@dataclass(frozen=True, slots=True)
class RowVerifier:
    """Checks rows against one wave's manifest: its id, digest, issuing keys and envelope size."""

    wave: str
    manifest_digest: bytes
    issuing_keys: Sequence[RSAPublicKey]
    envelope_size: int

    def read(self, body: bytes) -> Row:
        """
        The verified row in the body of a submission.

        A row that relies on the stored proof is verified by its own signature only: whoever stores it may do
        so in place of a row of the same credential, and never as a new one.

        Raises:
            RowError: If the body has another shape, another manifest, or the row does not verify.
        """
        if len(body) <= _HEAD_AND_SIGNATURE:
            raise RowError(RowFault.MALFORMED)
        if body[:32] != self.manifest_digest:
            raise RowError(RowFault.WRONG_MANIFEST)
        row = _row(body)
        fault = self._fault_of_version(row) if row.relies_on_stored_proof else self.fault(row)
        if fault is not None:
            raise RowError(fault)
        return row

    def fault(self, row: Row) -> RowFault | None:
        """What is wrong with `row`, cheapest check first, or None."""
        return self._fault_of_envelope(row) or self._fault_of_credential(row) or self._fault_of_signature(row)

    def _fault_of_version(self, row: Row) -> RowFault | None:
        return self._fault_of_envelope(row) or self._fault_of_signature(row)

    def _fault_of_envelope(self, row: Row) -> RowFault | None:
        outside = envelope.fault(row.envelope, self.envelope_size)
        return None if outside is None else RowFault(outside.value)

    def _fault_of_credential(self, row: Row) -> RowFault | None:
        message = credentials.credential_message(self.wave, row.credential_key)
        if not any(
            credentials.credential_holds(key, row.randomiser, row.issuing_signature, message)
            for key in self.issuing_keys
        ):
            return RowFault.CREDENTIAL_REFUSED
        return None

    def _fault_of_signature(self, row: Row) -> RowFault | None:
        # A database holds numbers that four bytes do not: nothing signed can be such a row.
        if not row.is_listable:
            return RowFault.SIGNATURE_REFUSED
        signed = credentials.row_message(self.wave, self.manifest_digest, row.sequence, row.envelope)
        if not credentials.row_signature_holds(row.credential_key, row.row_signature, signed):
            return RowFault.SIGNATURE_REFUSED
        return None


def list_digest(wave: str, row_digests: Iterable[bytes]) -> bytes:
    """The digest of a closed wave's list, 32 bytes; from then on that list is the wave."""
    return Domain.LIST.hash(wave.encode("ascii"), *sorted(row_digests))


def row_digests(listed: bytes) -> list[bytes]:
    """The digests that a stored list holds, one after the other."""
    return [listed[at : at + DIGEST_SIZE] for at in range(0, len(listed), DIGEST_SIZE)]


def _row(body: bytes) -> Row:
    fields = []
    at = 32
    for size in (credentials.KEY_SIZE, credentials.RANDOMISER_SIZE, credentials.SIGNATURE_SIZE, 4):
        fields.append(body[at : at + size])
        at += size
    key, randomiser, issuing_signature, sequence = fields
    return Row(
        key, randomiser, issuing_signature, int.from_bytes(sequence, "big"),
        body[_HEAD:_HEAD_AND_SIGNATURE], body[_HEAD_AND_SIGNATURE:],
    )  # fmt: skip

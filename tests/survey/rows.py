"""Rows that are legal and mean nothing, for tests of what stores them."""

import hashlib

from survey.sealing.rows import Row
from survey.storage.models import (
    Invitation,
    Organisation,
    StoredRelease,
    Trustee,
    TrusteeRole,
    Wave,
    WaveTrustee,
)
from survey.storage.responses import SealedResponse

ENVELOPE_SIZE = 1792


def identifier(name: str) -> str:
    """Return an id that a test can recognise: the name in base32, filled up to 16 characters."""
    return (name.translate(str.maketrans("ilou", "110v")) + "0" * 16)[:16]


def organisation(name: str) -> Organisation:
    """An organisation whose id is its name."""
    return Organisation(id=identifier(name), name=name.title(), area="workplace")


def wave(name: str, organisation: str, state: str = "draft") -> Wave:
    """A wave whose plan and definition are empty."""
    return Wave(
        id=identifier(name), organisation_id=identifier(organisation), state=state, plan={}, definition=b"{}"
    )


def digest(number: int) -> bytes:
    """Return 32 bytes that look random and are the same every time."""
    return hashlib.sha256(b"%d" % number).digest()


def noise(what: str, size: int) -> bytes:
    """Return bytes that look random and are the same every time."""
    return hashlib.shake_256(what.encode()).digest(size)


def sealed_response(
    number: int, wave: str = "wave", *, size: int = ENVELOPE_SIZE, sequence: int = 0
) -> SealedResponse:
    """A row of the right lengths, filled with noise that depends on its number and sequence."""
    return SealedResponse(
        wave_id=identifier(wave),
        credential_digest=digest(number),
        credential_key=noise(f"key {number}", 32),
        randomiser=noise(f"randomiser {number}", 32),
        issuing_signature=noise(f"issuing signature {number}", 256),
        sequence=sequence,
        row_signature=noise(f"row signature {number} {sequence}", 64),
        envelope=noise(f"envelope {number} {sequence}", size),
    )


def version(sequence: int) -> Row:
    """What a respondent sends as that version of one response, as far as it is stored."""
    stored = sealed_response(1, sequence=sequence)
    return Row(
        stored.credential_key,
        stored.randomiser,
        stored.issuing_signature,
        sequence,
        stored.row_signature,
        stored.envelope,
    )


def invitation(number: int, wave: str, organisation: str) -> Invitation:
    """An invitation that nobody has exchanged."""
    return Invitation(
        wave_id=identifier(wave), code_digest=digest(number), organisation_id=identifier(organisation)
    )


def trustee(name: str, organisation: str, role: TrusteeRole = TrusteeRole.EMPLOYEES) -> Trustee:
    """A trustee whose bearer token is its name."""
    return Trustee(
        id=identifier(name),
        organisation_id=identifier(organisation),
        role=role,
        token_digest=hashlib.sha256(name.encode()).digest(),
    )


def share(wave: str, number: int, organisation: str, trustee: str) -> WaveTrustee:
    """A numbered share of a wave's key, not yet sealed."""
    return WaveTrustee(
        wave_id=identifier(wave),
        number=number,
        organisation_id=identifier(organisation),
        trustee_id=identifier(trustee),
    )


def release(wave: str, organisation: str) -> StoredRelease:
    """A release that says nothing."""
    return StoredRelease(
        wave_id=identifier(wave), organisation_id=identifier(organisation), content=b"{}", signature=bytes(64)
    )

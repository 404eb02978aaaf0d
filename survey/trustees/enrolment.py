"""What trustees do, as the database keeps it: enrol a key once, confirm a share, approve one opening."""

from __future__ import annotations

import hmac
import json
import secrets
from enum import Enum
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.sealing.shares import APPROVAL_SIZE, trustee_fingerprint
from survey.sealing.xwing import KeyFormatError, public_key
from survey.storage.identifiers import new_identifier
from survey.storage.models import CustodyIdentity, Trustee, TrusteeRole, Wave, WaveTrustee
from survey.waves.states import WaveState


class Refusal(Enum):
    """Why a trustee's request is refused; the values are the codes of docs/reference/formats.md."""

    MALFORMED = "malformed"
    ALREADY_ENROLLED = "already_enrolled"
    WRONG_STATE = "wrong_state"
    CONFIRMATION_REFUSED = "confirmation_refused"
    WRONG_LIST = "wrong_list"
    CUSTODY_NOT_READY = "custody_not_ready"


class RefusedError(Exception):
    """A trustee's request that cannot be granted."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


def token_digest(token: str) -> bytes:
    """What the database keeps of a trustee's bearer token."""
    return sha256(token.encode()).digest()


def invite_trustee(session: Session, organisation_id: str, role: TrusteeRole) -> str:
    """A fresh bearer token for a trustee of `organisation_id`; only its digest is kept."""
    token = secrets.token_urlsafe(32)
    trustee = Trustee(
        id=new_identifier(), organisation_id=organisation_id, role=role, token_digest=token_digest(token)
    )
    session.add(trustee)
    return token


def enrol_key(trustee: Trustee, key: bytes) -> None:
    """
    Keep a trustee's public key; the same key again changes nothing.

    Raises:
        RefusedError: If the bytes are no X-Wing key, or the trustee has another one.
    """
    try:
        public_key(key)
    except KeyFormatError as fault:
        raise RefusedError(Refusal.MALFORMED) from fault
    if trustee.public_key not in (None, key):
        raise RefusedError(Refusal.ALREADY_ENROLLED)
    trustee.public_key = key
    trustee.fingerprint = trustee_fingerprint(key).hex()


def custody_identity(session: Session) -> CustodyIdentity:
    """
    The custody of this alliance.

    Raises:
        RefusedError: If it has not started yet.
    """
    identity = session.scalars(select(CustodyIdentity)).one_or_none()
    if identity is None:
        raise RefusedError(Refusal.CUSTODY_NOT_READY)
    return identity


def confirm_share(wave: Wave, place: WaveTrustee, confirmation: bytes) -> None:
    """
    Keep that a trustee has shown their share unwraps.

    Raises:
        RefusedError: If it is not the proof custody is waiting for, or the ceremony is over.
    """
    if place.confirmed and place.confirmation is not None:
        return
    if wave.state != WaveState.CEREMONY.value or place.confirmation_digest is None:
        raise RefusedError(Refusal.WRONG_STATE)
    if not hmac.compare_digest(sha256(confirmation).digest(), place.confirmation_digest):
        raise RefusedError(Refusal.CONFIRMATION_REFUSED)
    # Custody looks at the proof itself; what the web says of it counts for nothing there.
    place.confirmed, place.confirmation = True, confirmation


def approve_opening(wave: Wave, place: WaveTrustee, approved_list: str, approval: bytes) -> None:
    """
    Keep a trustee's share, sealed to custody's one-time key.

    Raises:
        RefusedError: If custody is not asking, or for another list, or this is no approval.
    """
    if wave.state != WaveState.OPENING.value or wave.one_time_key is None or wave.list_statement is None:
        raise RefusedError(Refusal.WRONG_STATE)
    # Whoever has a trustee's token, and not the key, must not fill the place with another list.
    if approved_list != json.loads(wave.list_statement)["digest"]:
        raise RefusedError(Refusal.WRONG_LIST)
    if len(approval) != APPROVAL_SIZE:
        raise RefusedError(Refusal.MALFORMED)
    place.approval, place.approved_list = approval, approved_list

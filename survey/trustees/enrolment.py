"""What trustees do, as the database keeps it: enrol a key, confirm a share, approve or decline an opening."""

from __future__ import annotations

import datetime
import hmac
import json
from enum import Enum
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.sealing.shares import APPROVAL_SIZE, trustee_fingerprint
from survey.sealing.xwing import KeyFormatError, public_key
from survey.storage.models import LONGEST_REASON, CustodyIdentity, Trustee, Wave, WaveTrustee
from survey.waves.states import WaveState

COPY_FORMAT = "tillid-trustee-copy/1"
LONGEST_COPY = 12 * 1024
_DECLINABLE = frozenset({WaveState.FIELDING.value, WaveState.CLOSED.value, WaveState.OPENING.value})


class Refusal(Enum):
    """Why a trustee's request is refused; the values are the codes of docs/reference/formats.md."""

    MALFORMED = "malformed"
    ALREADY_ENROLLED = "already_enrolled"
    WRONG_STATE = "wrong_state"
    CONFIRMATION_REFUSED = "confirmation_refused"
    WRONG_LIST = "wrong_list"
    NO_COPY = "no_copy"
    CUSTODY_NOT_READY = "custody_not_ready"


class RefusedError(Exception):
    """A trustee's request that cannot be granted."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


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


def keep_copy(trustee: Trustee, copy: bytes | None) -> None:
    """
    Keep a copy of a trustee's key file because they ask for it, or none any more.

    Raises:
        RefusedError: If it is none, or too long to be one, or holds a token; if they have no key yet.
    """
    if copy is not None and not _is_copy(copy):
        raise RefusedError(Refusal.MALFORMED)
    if trustee.public_key is None:
        raise RefusedError(Refusal.WRONG_STATE)
    trustee.key_copy = copy


def _is_copy(data: bytes) -> bool:
    """Whether these bytes are a copy without the token, which the database keeps of nobody."""
    if len(data) > LONGEST_COPY:
        return False
    try:
        copy = json.loads(data)
        return bool(copy["format"] == COPY_FORMAT and copy["file"]["token"] == "" and copy["mac"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return False


def confirm_share(wave: Wave, place: WaveTrustee, confirmation: bytes, today: datetime.date) -> None:
    """
    Keep that a trustee has shown their share unwraps; shown again later, that it still does.

    Raises:
        RefusedError: If it is not the proof custody is waiting for, or the ceremony is over.
    """
    if not place.confirmed and wave.state != WaveState.CEREMONY.value:
        raise RefusedError(Refusal.WRONG_STATE)
    _check_confirmation(place, confirmation)
    # Custody looks at the proof itself; what the web says of it counts for nothing there.
    place.confirmed, place.confirmation, place.proven_on = True, confirmation, today


def decline_opening(wave: Wave, place: WaveTrustee, reason: str, confirmation: bytes) -> None:
    """
    Keep why a trustee will not open a wave; an approval they gave is taken back.

    The confirmation is asked for again: a token alone, read in somebody's mailbox, must not decline for them.

    Raises:
        RefusedError: If there is nothing to decline, or no reason, or this is not the holder of the key.
    """
    if wave.state not in _DECLINABLE:
        raise RefusedError(Refusal.WRONG_STATE)
    # A character that no keyboard has would be refused by some databases, and shown by no page.
    if not "".join(reason.split()).isprintable() or not reason.strip() or len(reason) > LONGEST_REASON:
        raise RefusedError(Refusal.MALFORMED)
    _check_confirmation(place, confirmation)
    place.declined = reason.strip()
    place.approval = place.approved_list = None


def _check_confirmation(place: WaveTrustee, confirmation: bytes) -> None:
    if place.confirmation_digest is None:
        raise RefusedError(Refusal.WRONG_STATE)
    if not hmac.compare_digest(sha256(confirmation).digest(), place.confirmation_digest):
        raise RefusedError(Refusal.CONFIRMATION_REFUSED)


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
    place.approval, place.approved_list, place.declined = approval, approved_list, None

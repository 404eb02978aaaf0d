"""
Passkeys (WebAuthn): a key in a person's device that signs what this web alone asks, after a finger or a PIN.

The device checks its person (user verification is required), so that a passkey is two factors in one. A
challenge lies in the signed session, works once and for five minutes. Checked by py_webauthn.
"""

from __future__ import annotations

import json
from typing import Final
from urllib.parse import urlsplit

import webauthn
from flask import session as browser_session
from sqlalchemy import select
from sqlalchemy.orm import Session
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, options_to_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from survey.access import services
from survey.storage.accounts import Account, Passkey

MOST_PASSKEYS: Final = 10
_CHALLENGE: Final = "challenge"
_SECONDS: Final = 300


class PasskeyError(ValueError):
    """What a browser said about a passkey is not what was asked, or of no account."""


def registration_options(session: Session, account: Account, base_url: str) -> str:
    """Ask a browser to make a passkey for an account; JSON for `navigator.credentials.create`."""
    options = webauthn.generate_registration_options(
        rp_id=_host(base_url),
        rp_name="Tillid",
        user_id=account.id.encode(),
        user_name=account.email,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=passkey.credential_id)
            for passkey in passkeys_of(session, account.id)
        ],
    )
    _remember(options.challenge)
    return options_to_json(options)


def add_passkey(session: Session, account: Account, credential: str, name: str, base_url: str) -> None:
    """
    Keep a passkey that a browser has made.

    Raises:
        PasskeyError: If it does not answer what was asked a moment ago, or there are too many.
    """
    if len(passkeys_of(session, account.id)) >= MOST_PASSKEYS:
        raise PasskeyError("passkey: there are ten already. Remove one first.")
    try:
        verified = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=_asked(),
            expected_rp_id=_host(base_url),
            expected_origin=base_url,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError) as fault:
        raise PasskeyError("passkey: what the browser made is not what was asked for.") from fault
    if session.get(Passkey, verified.credential_id) is not None:
        raise PasskeyError("passkey: it is known already.")
    session.add(
        Passkey(
            credential_id=verified.credential_id,
            account_id=account.id,
            public_key=verified.credential_public_key,
            sign_count=verified.sign_count,
            name=name,
        )
    )


def signing_in_options(base_url: str) -> str:
    """Ask a browser for any passkey of ours; JSON for `navigator.credentials.get`. It names no account."""
    options = webauthn.generate_authentication_options(
        rp_id=_host(base_url), user_verification=UserVerificationRequirement.REQUIRED
    )
    _remember(options.challenge)
    return options_to_json(options)


def account_by_passkey(session: Session, credential: str, base_url: str) -> Account:
    """
    Return whose passkey has just answered.

    Raises:
        PasskeyError: If it is none of ours, of a closed account, or does not answer what was asked.
    """
    challenge = _asked()
    try:
        credential_id = base64url_to_bytes(str(json.loads(credential)["rawId"]))
    except (ValueError, KeyError, TypeError) as fault:
        raise PasskeyError("passkey: the browser's answer cannot be read.") from fault
    passkey = session.get(Passkey, credential_id, with_for_update=True)
    if passkey is None:
        raise PasskeyError("passkey: it is none of ours (any more).")
    try:
        verified = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=_host(base_url),
            expected_origin=base_url,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError) as fault:
        raise PasskeyError("passkey: it did not sign what was asked.") from fault
    passkey.sign_count = verified.new_sign_count
    account = session.get_one(Account, passkey.account_id)
    if not account.active:
        raise PasskeyError("passkey: its account is closed.")
    return account


def passkeys_of(session: Session, account_id: str) -> list[Passkey]:
    """Return a person's passkeys by name."""
    query = select(Passkey).where(Passkey.account_id == account_id).order_by(Passkey.name)
    return list(session.scalars(query))


def _remember(challenge: bytes) -> None:
    browser_session[_CHALLENGE] = [bytes_to_base64url(challenge), services().outbox.now()]


def _asked() -> bytes:
    challenge, at = browser_session.pop(_CHALLENGE, ["", 0])
    if not challenge or services().outbox.now() - at > _SECONDS:
        raise PasskeyError("passkey: nothing was asked, or too long ago.")
    return base64url_to_bytes(challenge)


def _host(base_url: str) -> str:
    return urlsplit(base_url).hostname or ""

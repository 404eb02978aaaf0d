"""
One-time sign-in links, which a demo prints so that its visitor need not type a password.

A link names an account and a random number, signed with the web's secret; it works once and for an hour. The
view that takes them exists only where `Config` allows it: in a demo on this machine.
"""

from __future__ import annotations

import secrets
from hashlib import sha256
from typing import Final

from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.access import WITH_ACCOUNT
from survey.storage.accounts import Account, UsedSignInLink

LIFETIME_SECONDS: Final = 3600
PATH: Final = f"{WITH_ACCOUNT}once/"


class LinkError(ValueError):
    """A link that is not ours, too old, or used."""


def one_time_link(secret_key: str, base_url: str, account_id: str) -> str:
    """Make a link that signs this person in, once."""
    return f"{base_url}{PATH}{_signer(secret_key).dumps([account_id, secrets.token_hex(16)])}"


def redeem(session: Session, secret_key: str, token: str) -> Account:
    """
    Use a link up, and return whose it is.

    Raises:
        LinkError: If it was used, is older than an hour, or was not made here.
    """
    try:
        account_id, _ = _signer(secret_key).loads(token, max_age=LIFETIME_SECONDS)
    except BadSignature as error:
        raise LinkError(
            "sign-in link: it is too old or not ours. Start the demo again for a new one."
        ) from error
    digest = sha256(token.encode()).digest()
    account = session.scalars(select(Account).where(Account.id == account_id)).one_or_none()
    if account is None or session.get(UsedSignInLink, digest) is not None:
        raise LinkError("sign-in link: it was used before. Start the demo again for a new one.")
    session.add(UsedSignInLink(digest=digest))
    return account


def _signer(secret_key: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret_key, salt="tillid one-time sign-in")

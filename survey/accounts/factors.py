"""
Second factors: codes of an authenticator app (RFC 6238), and recovery codes for when the device is lost.

A code of the app works once, though its 30 seconds may not be over: whoever saw it typed cannot use it.
Recovery codes are random enough (60 bits) that a plain digest keeps them.
"""

from __future__ import annotations

import secrets
from hashlib import sha256
from typing import Final

from passlib.exc import TokenError
from passlib.totp import TOTP
from sqlalchemy.orm import Session

from survey.sealing.at_rest import AtRest
from survey.storage.accounts import Account, Passkey

ISSUER: Final = "Tillid"
# A phone's clock may be half a minute off.
CLOCKS_APART_SECONDS: Final = 30
CODES: Final = 10
_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"


def has_factor(session: Session, account: Account) -> bool:
    """Say whether an account has an authenticator app or a passkey."""
    return account.totp_secret is not None or _passkeys(session, account) > 0


def _passkeys(session: Session, account: Account) -> int:
    return session.query(Passkey).filter(Passkey.account_id == account.id).count()


def new_secret() -> str:
    """Make a secret for an authenticator app, in base32."""
    return str(TOTP.new().base32_key)


def app_address(secret: str, email: str) -> str:
    """Return what the square for an authenticator app says."""
    return str(TOTP(key=secret).to_uri(label=email, issuer=ISSUER))


def matches(secret: str, code: str, now: int, last_counter: int | None = None) -> int | None:
    """Return the time step whose code this is, unless it or a later one was used; else None."""
    try:
        match = TOTP(key=secret).match(
            code.replace(" ", ""), time=now, window=CLOCKS_APART_SECONDS, last_counter=last_counter
        )
    except (TokenError, ValueError):
        return None
    return int(match.counter)


def use_code(account: Account, at_rest: AtRest, code: str, now: int) -> bool:
    """Use up a code of the person's app, or one of their recovery codes; say whether it was one."""
    if account.totp_secret:
        secret = at_rest.decrypt(account.totp_secret).decode()
        step = matches(secret, code, now, account.totp_counter)
        if step is not None:
            account.totp_counter = step
            return True
    return _use_recovery_code(account, code)


def keep_secret(account: Account, at_rest: AtRest, secret: str, step: int) -> None:
    """Remember an app whose first code was right, and that this code is used."""
    account.totp_secret, account.totp_counter = at_rest.encrypt(secret.encode()), step


def new_recovery_codes(account: Account) -> list[str]:
    """Give an account new recovery codes, shown this once; former ones work no more."""
    codes = ["".join(secrets.choice(_ALPHABET) for _ in range(12)) for _ in range(CODES)]
    account.recovery_codes = sorted(_digest(code) for code in codes)
    return [f"{code[:4]}-{code[4:8]}-{code[8:]}" for code in codes]


def _use_recovery_code(account: Account, code: str) -> bool:
    left, wanted = account.recovery_codes or [], _digest(code)
    if wanted not in left:
        return False
    account.recovery_codes = [digest for digest in left if digest != wanted]
    return True


def _digest(code: str) -> str:
    # As codes are read aloud: no case, no dashes; o for 0 and l for 1 are forgiven.
    plain = code.lower().translate(str.maketrans("oil", "011", "- "))
    return sha256(plain.encode()).hexdigest()

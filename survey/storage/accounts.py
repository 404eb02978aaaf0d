"""
People who sign in, as Flask-Security reads them.

Apart from `models.py`, because only the web and the command that adds accounts need Flask-Security: custody
and the worker never load it.
"""

from __future__ import annotations

from flask_security.core import UserMixin
from sqlalchemy import JSON, BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.identifiers import LENGTH
from survey.storage.models import Base


class Account(UserMixin, Base):
    """
    A person who signs in: stewards, leaders, trustees, analysts, the secretariat. Respondents have none.

    Cannot be learnt from a row: the password (argon2id), a recovery code (only digests), when or from where
    the person signed in (Flask-Security's tracking is off), whether they were invited to a wave or answered
    one.
    """

    __tablename__ = "accounts"

    id: Mapped[str] = mapped_column(String(LENGTH), primary_key=True)  # type: ignore[assignment]  # a number there
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    # Changed when a password is, or a role taken: every session made before then ends.
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    # What mails are written in.
    language: Mapped[str] = mapped_column(String(2), default="da")
    # The authenticator app's secret, encrypted under the keys of the configuration.
    totp_secret: Mapped[bytes | None]
    # The last time step whose code was used: a code that was seen over a shoulder works no more.
    totp_counter: Mapped[int | None] = mapped_column(BigInteger)
    # Digests of the recovery codes that are left.
    recovery_codes: Mapped[list[str] | None] = mapped_column(JSON)


class Passkey(Base):
    """
    A passkey's public half.

    Cannot be learnt from a row: the private half, which stays in the person's device, or when it was used.
    """

    __tablename__ = "passkeys"

    credential_id: Mapped[bytes] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    public_key: Mapped[bytes]
    # A number that some devices count up; one that goes back tells of a copy.
    sign_count: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(60))


class UsedSignInLink(Base):
    """
    A one-time sign-in link of a demo that was used; one that is here works no more.

    Cannot be learnt from a row: whose link it was, or the link itself. Never written outside a demo.
    """

    __tablename__ = "used_sign_in_links"

    digest: Mapped[bytes] = mapped_column(primary_key=True)

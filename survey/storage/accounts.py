"""
People who sign in, as Flask-Security reads them.

Apart from `models.py`, because only the web and the command that adds accounts need Flask-Security: custody
and the worker never load it.
"""

from __future__ import annotations

from flask_security.core import UserMixin
from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from survey.storage.identifiers import LENGTH
from survey.storage.models import Base


class Account(UserMixin, Base):
    """
    A person who signs in: stewards, leaders, trustees, analysts, the secretariat. Respondents have none.

    Cannot be learnt from a row: the password (argon2id), when or from where the person signed in (Flask-
    Security's tracking is off), whether they were invited to a wave or answered one.
    """

    __tablename__ = "accounts"

    id: Mapped[str] = mapped_column(String(LENGTH), primary_key=True)  # type: ignore[assignment]  # a number there
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    # Changed when a password is: every session made before then ends.
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)


class UsedSignInLink(Base):
    """
    A one-time sign-in link of a demo that was used; one that is here works no more.

    Cannot be learnt from a row: whose link it was, or the link itself. Never written outside a demo.
    """

    __tablename__ = "used_sign_in_links"

    digest: Mapped[bytes] = mapped_column(primary_key=True)

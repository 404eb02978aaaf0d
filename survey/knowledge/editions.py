"""Editions as they may be shown: signed by the alliance's custody, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.edition import Edition, Figure, from_bytes
from survey.sealing.domains import Domain
from survey.sealing.identity import SignatureError, check_signed
from survey.storage.models import CustodyIdentity, StoredEdition

_MOST: Final = 10_000
"""Five thousand years of editions; a database is asked for no number that it may choke on."""


def numbers(session: Session) -> Sequence[int]:
    """The editions there are, newest first."""
    return session.scalars(select(StoredEdition.number).order_by(StoredEdition.number.desc())).all()


def signed_edition(session: Session, number: int) -> StoredEdition | None:
    """
    The edition of this number with its bytes, or None where there is none.

    Raises:
        SignatureError: If custody did not sign what is stored: whoever can write there could tell anything.
    """
    stored = session.get(StoredEdition, number) if number <= _MOST else None
    if stored is None:
        return None
    key = session.scalars(select(CustodyIdentity.public_key)).first() or b""
    check_signed(key, stored.signature, Domain.EDITION, sha256(stored.content).digest())
    return stored


def newest(session: Session) -> Edition | None:
    """The newest edition whose signature holds, or None: what is not signed is not shown."""
    for number in numbers(session):
        try:
            stored = signed_edition(session, number)
        except SignatureError:
            continue
        if stored is not None:
            return read(stored.content)
    return None


# The same bytes always read the same, and every page of the figures reads them.
@lru_cache(maxsize=4)
def read(content: bytes) -> Edition:
    """The edition that these signed bytes are."""
    return from_bytes(content)


def estimated(edition: Edition) -> list[Figure]:
    """The figures that say something: some are over organisations in which next to nobody answered."""
    return [figure for figure in edition.figures if figure.answers]


def figures_of(edition: Edition, indicator: str, year: int) -> list[Figure]:
    """One indicator's figures of one year, the widest first."""
    found = [each for each in estimated(edition) if each.indicator == indicator and each.where.year == year]
    return sorted(found, key=lambda figure: (figure.where.depth, figure.where.key))

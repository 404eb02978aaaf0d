"""Editions as they may be shown: signed by the alliance's custody, read once, looked up by where and what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.edition import Edition, Figure, Where, Withheld, from_bytes
from analysis.indicators import BY_ID
from survey.sealing.domains import Domain
from survey.sealing.identity import SignatureError, check_signed
from survey.storage.models import CustodyIdentity, StoredEdition

_MOST: Final = 10_000
"""Five thousand years of editions; a database is asked for no number that it may choke on."""
_KEPT: Final = 4


@dataclass(frozen=True, slots=True)
class ReadEdition:
    """
    An edition whose signature holds, with its figures where they are looked for.

    Attributes:
        edition: All of it.
        told: By indicator and year, and then by where: the figures that say something. Some are over
            organisations in which next to nobody answered.
        withheld: By indicator and year, and then by where.
    """

    edition: Edition
    told: Mapping[tuple[str, int], Mapping[Where, Figure]]
    withheld: Mapping[tuple[str, int], Mapping[Where, Withheld]]

    @property
    def indicators(self) -> list[str]:
        """Ids of the indicators that anything is told of, in the alliance's order."""
        told = {indicator for indicator, _ in self.told}
        return [name for name in BY_ID if name in told]

    def years(self, indicator: str) -> list[int]:
        """The years in which anything is told of an indicator, the newest first."""
        return sorted((year for name, year in self.told if name == indicator), reverse=True)

    def figure(self, indicator: str, where: Where) -> Figure | None:
        """The figure of an indicator there, or None where none is told."""
        return self.told.get((indicator, where.year), {}).get(where)


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
    check_signed(_key(session), stored.signature, Domain.EDITION, sha256(stored.content).digest())
    return stored


_read: dict[tuple[int, bytes, bytes], ReadEdition] = {}


def read_edition(session: Session, number: int) -> ReadEdition | None:
    """
    The edition of this number, or None where there is none that custody signed.

    Large ones take seconds to read, so that what was read stays, under the signature that held: an edition
    never changes, and other bytes under the same signature are not looked at.
    """
    signature = session.scalar(
        select(StoredEdition.signature).where(StoredEdition.number == min(number, _MOST))
    )
    if signature is None or number > _MOST:
        return None
    known = (number, signature, _key(session))
    if known not in _read:
        try:
            stored = signed_edition(session, number)
        except SignatureError:
            return None
        if stored is None:
            return None
        found = _looked_up(from_bytes(stored.content))
        for oldest in list(_read)[: len(_read) - _KEPT + 1]:
            _read.pop(oldest, None)
        _read[known] = found
        return found
    return _read[known]


def newest(session: Session) -> ReadEdition | None:
    """The newest edition whose signature holds, or None: what is not signed is not shown."""
    return next((found for each in numbers(session) if (found := read_edition(session, each))), None)


def _key(session: Session) -> bytes:
    return session.scalars(select(CustodyIdentity.public_key)).first() or b""


def _looked_up(edition: Edition) -> ReadEdition:
    told: dict[tuple[str, int], dict[Where, Figure]] = defaultdict(dict)
    withheld: dict[tuple[str, int], dict[Where, Withheld]] = defaultdict(dict)
    for figure in edition.figures:
        if figure.answers:
            told[figure.indicator, figure.where.year][figure.where] = figure
    for each in edition.withheld:
        withheld[each.indicator, each.where.year][each.where] = each
    return ReadEdition(edition, dict(told), dict(withheld))

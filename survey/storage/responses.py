"""
The responses' own database: they, and which waves take no more; no clock, no key to anything a person has.

It is a file or a PostgreSQL database of its own, left out of every backup until the wave is closed, so that
what is stored here can be kept under rules of its own.
"""

from __future__ import annotations

from typing import Any, ClassVar, Final

from sqlalchemy import BigInteger, LargeBinary, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.schema import MetaData
from sqlalchemy.types import TypeEngine

from survey.storage.identifiers import LENGTH
from survey.storage.models import NAMES

# The longest envelope with which a row still fits in a page of SQLite (a quarter of 16,384 bytes). What does
# not fit goes to overflow pages, which lie in order of arrival.
LONGEST_ENVELOPE: Final = 3584


class ResponsesBase(DeclarativeBase):
    """Tables of the responses' database."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, TypeEngine[Any]]] = {bytes: LargeBinary()}


class SealedResponse(ResponsesBase):
    """
    One response nobody in the web process can read, with the proof of its right to be here.

    Cannot be learnt from a row: who sent it, when within the field period, how long it took, from which
    invitation; which unit it came from (that is sealed with the answers); whether it is long or short, or a
    first or a last version but for its sequence number. A withdrawal is an envelope of zeros, as long as any
    other. Rows lie in the order of their digests, and `rewriting.py` lays them so again as responses arrive.
    Kept so by tests/attacks/test_storage.py. Lengths and encodings: docs/reference/formats.md, "Row".
    """

    __tablename__ = "sealed_responses"
    # Without a rowid there is no counter that numbers the rows in their order of arrival.
    __table_args__ = ({"sqlite_with_rowid": False},)

    wave_id: Mapped[str] = mapped_column(String(LENGTH), primary_key=True)
    credential_digest: Mapped[bytes] = mapped_column(primary_key=True)
    credential_key: Mapped[bytes]
    randomiser: Mapped[bytes]
    issuing_signature: Mapped[bytes]
    # Unsigned and 32 bits wide on the wire: PostgreSQL's INTEGER would be half as wide.
    sequence: Mapped[int] = mapped_column(BigInteger)
    row_signature: Mapped[bytes]
    envelope: Mapped[bytes]


class ClosedWave(ResponsesBase):
    """
    A wave whose responses custody lists, or has listed: nothing is stored for it any more.

    Cannot be learnt from a row: any response, or how many there are. That the wave is closed is public.
    """

    __tablename__ = "closed_waves"
    __table_args__ = ({"sqlite_with_rowid": False},)

    wave_id: Mapped[str] = mapped_column(String(LENGTH), primary_key=True)

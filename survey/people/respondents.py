"""
Mails to those invited: each carries its code, all say the same, and nobody learns who answered.

Used by the web, which writes the first mail, and by the worker, which alone knows whom to remind.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date
from sqlalchemy import Select, insert, select
from sqlalchemy.orm import Session

from survey.delivery.cover import Covers, Occasion, Readers, covers_of, mail
from survey.delivery.message import Message
from survey.delivery.outbox import Outbox
from survey.storage.fielding import Fielding, InvitedAddress
from survey.storage.models import Invitation, Wave
from survey.storage.repositories import WaveRegistry
from survey.waves.checking import last_day, promised
from survey.waves.fielding import arranged
from survey.waves.invitations import link

_COPENHAGEN: Final = ZoneInfo("Europe/Copenhagen")
_MORNING: Final = datetime.time(8)
# Address and code at one length: how long an address is would tell whose it may be.
_SEALED_LENGTH: Final = 320
_READERS: Final = {"education": Readers.PUPILS, "culture_leisure": Readers.VOLUNTEERS}


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes to those invited to one wave."""

    outbox: Outbox
    base_url: str

    def keep(self, session: Session, wave: Wave, invited: Iterable[tuple[str, str, bytes, bytes]]) -> None:
        """Remember addresses for reminders: each with its code, the code's digest and its own."""
        rows: list[dict[str, str | bytes]] = [
            {
                "wave_id": wave.id,
                "organisation_id": wave.organisation_id,
                "code_digest": code_digest,
                "address_digest": address_digest,
                "sealed": self._sealed(address, code),
            }
            # Not in the order of the list.
            for address, code, code_digest, address_digest in sorted(invited, key=lambda each: each[2])
        ]
        if rows:
            session.execute(insert(InvitedAddress), rows)

    def invite(self, session: Session, wave: Wave, invited: Iterable[tuple[str, str]]) -> None:
        """Queue the first mail to each address with its code; none leaves before the first day."""
        first = datetime.date.fromisoformat(promised(wave).field_period.first_day)
        morning = int(datetime.datetime.combine(first, _MORNING, _COPENHAGEN).timestamp())
        mails = self._mails(session, wave, Occasion.INVITATION, invited)
        self.outbox.queue_all(session, mails, about=wave.id, not_before=morning)

    def write_to_mended(self, session: Session, wave: Wave) -> None:
        """
        Queue the first mail to each address that was put in another's place, with the code that is theirs.

        Whether that code was exchanged is not looked at: who mends an address must not learn it.
        """
        query = select(InvitedAddress).where(
            InvitedAddress.wave_id == wave.id, InvitedAddress.mended.is_not(None)
        )
        invited = []
        for row in session.scalars(query.order_by(InvitedAddress.code_digest)):
            address, (_, code) = self.outbox.address(row.mended or b""), self._opened(row.sealed)
            row.sealed, row.mended = self._sealed(address, code), None
            invited.append((address, code))
        self.invite(session, wave, invited)

    def remind(self, session: Session, wave: Wave) -> None:
        """Queue a mail to each address whose invitation was not exchanged; nobody may count these."""
        invited = [self._opened(sealed) for sealed in session.scalars(_not_exchanged(wave.id))]
        mails = self._mails(session, wave, Occasion.REMINDER, invited)
        self.outbox.queue_all(session, mails, about=wave.id, counted=False)

    def _sealed(self, address: str, code: str) -> bytes:
        return self.outbox.at_rest.encrypt(json.dumps([address, code]).encode().ljust(_SEALED_LENGTH))

    def _opened(self, sealed: bytes) -> tuple[str, str]:
        address, code = json.loads(self.outbox.at_rest.decrypt(sealed))
        return address, code

    def _mails(
        self, session: Session, wave: Wave, occasion: Occasion, invited: Iterable[tuple[str, str]]
    ) -> Iterator[tuple[str, Message]]:
        covers = covers_in(session, wave)
        manifest, day = promised(wave), last_day(wave)
        name = manifest.organisation.name
        days = {language: written_day(day, language) for language in covers}
        for address, code in invited:
            here = link(self.base_url, wave, code)
            values = {
                language: {
                    "link": here,
                    "organisation": name,
                    "last_day": days[language],
                    **({"organisations": manifest.joint.called(language)} if manifest.joint else {}),
                }
                for language in covers
            }
            yield address, mail(covers, occasion, values)


def covers_in(session: Session, wave: Wave) -> Covers:
    """What a wave's mails say, in each of its languages."""
    area = WaveRegistry(session).organisation_of(wave).area
    found = session.get(Fielding, wave.id)
    stored = found.texts if found else {}
    manifest = promised(wave)
    own = _READERS.get(area, Readers.STAFF)
    return covers_of(stored, manifest.languages, own if manifest.joint is None else Readers.JOINED)


def written_day(day: datetime.date, language: str) -> str:
    """A day as a letter says it."""
    return format_date(day, "long", locale="da" if language == "da" else "en_GB")


def remind_due(session: Session, wave: Wave, writer: Writer, today: datetime.date) -> bool:
    """Remind those invited to `wave`, if a reminder is due, and say whether it was."""
    found = arranged(session, wave)
    if found.remind_on is None or found.remind_on > today:
        return False
    writer.remind(session, wave)
    found.reminders += 1
    found.remind_on, found.reminded_on = None, today
    return True


def _not_exchanged(wave_id: str) -> Select[bytes]:
    """
    Those who may be reminded, in the order of their digests, which are random.

    Not those whose address was taken out, or is about to get its first mail.
    """
    return (
        select(InvitedAddress.sealed)
        .join(
            Invitation,
            (Invitation.wave_id == InvitedAddress.wave_id)
            & (Invitation.code_digest == InvitedAddress.code_digest),
        )
        .where(
            InvitedAddress.wave_id == wave_id,
            InvitedAddress.mended.is_(None),
            InvitedAddress.silent.is_(False),
            Invitation.blinded_digest.is_(None),
        )
        .order_by(InvitedAddress.code_digest)
    )

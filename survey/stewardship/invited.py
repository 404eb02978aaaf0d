"""Who is invited to a wave by mail, and nobody more than it promised to ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from survey.delivery.outbox import Outbox
from survey.people.respondents import Writer
from survey.storage.audit import Action, record
from survey.storage.fielding import InvitedAddress
from survey.storage.models import Wave
from survey.storage.repositories import ScopedRepository
from survey.waves.fielding import places_left
from survey.waves.invitations import address_digest, code_digest, invite
from survey.waves.states import WaveState

BY_MAIL: Final = "mail"


class NotFieldingError(RuntimeError):
    """Nobody can be invited: the wave is not open for answers, or not any more."""


class TooManyError(ValueError):
    """More people than the wave promised to ask."""

    def __init__(self, asked: int, left: int) -> None:
        super().__init__(f"{asked} people, and {left} can still be invited")
        self.asked = asked
        self.left = left


@dataclass(frozen=True, slots=True)
class Inviting:
    """Invites people to one organisation's waves, in one transaction, in a steward's name."""

    session: Session
    organisation_id: str
    actor: str
    key: bytes = field(repr=False)

    def wave(self, wave_id: str) -> Wave:
        """
        The wave to invite to, held until the transaction ends: two stewards at once invite nobody too many.

        Raises:
            NotFoundError: If it is not the organisation's.
            NotFieldingError: If nobody can be invited to it.
        """
        wave = ScopedRepository(self.session, self.organisation_id).wave(wave_id)
        # Its key may be shared meanwhile: who lays invitations down anew looks whether their wave is there.
        self.session.refresh(wave, with_for_update={"key_share": True})
        return self._open(wave)

    def open_wave(self, wave_id: str) -> Wave:
        """
        The wave that people are invited to, to be read only.

        Raises:
            NotFoundError: If it is not the organisation's.
            NotFieldingError: If nobody can be invited to it.
        """
        return self._open(ScopedRepository(self.session, self.organisation_id).wave(wave_id))

    def _open(self, wave: Wave) -> Wave:
        if wave.state != WaveState.FIELDING.value:
            raise NotFieldingError(f"wave {wave.id}: it is {wave.state}")
        return wave

    def by_mail(self, wave: Wave, addresses: Sequence[str], writer: Writer) -> int:
        """
        Queue an invitation for each address that has had none, and say for how many.

        One that was taken out before is written to again, under the invitation that it had.

        Raises:
            TooManyError: If these are more than may still be invited; nobody is, then.
        """
        digests = {address: self.digest(wave, address) for address in addresses}
        known, silent = self.known(wave), self._silent(wave)
        back = [address for address, digest in digests.items() if digest in silent]
        new = [address for address, digest in digests.items() if digest not in known]
        codes = self._codes(wave, len(new))
        pairs = list(zip(new, codes, strict=True))
        writer.keep(
            self.session,
            wave,
            ((to, code, code_digest(self.key, wave.id, code), digests[to]) for to, code in pairs),
        )
        writer.invite(self.session, wave, pairs)
        for address in back:
            self.write_anew(wave, digests[address], address, writer.outbox)
        self.note(wave, Action.RESPONDENTS_INVITED, channel=BY_MAIL, number=str(len(new)))
        return len(new) + len(back)

    def write_anew(self, wave: Wave, known_as: bytes, address: str, outbox: Outbox) -> None:
        """Let the worker send an invitation to `address` in place of the one whose digest it is known by."""
        self.session.execute(
            update(InvitedAddress)
            .where(InvitedAddress.wave_id == wave.id, InvitedAddress.address_digest == known_as)
            .values(
                address_digest=self.digest(wave, address),
                mended=outbox.sealed_address(address),
                silent=False,
            )
        )

    def see_that_they_fit(self, wave: Wave, number: int) -> None:
        """
        See that so many can still be invited.

        Raises:
            TooManyError: If these are more than the wave promised to ask.
        """
        left = places_left(self.session, wave)
        if number > left:
            raise TooManyError(number, left)

    def digest(self, wave: Wave, address: str) -> bytes:
        """By what an address is recognised; it tells nothing without the key."""
        # As most mail servers read it: nobody gets two invitations for a capital letter.
        return address_digest(self.key, wave.id, address.lower())

    def known(self, wave: Wave) -> frozenset[bytes]:
        """By what the addresses are recognised that have an invitation."""
        query = select(InvitedAddress.address_digest).where(InvitedAddress.wave_id == wave.id)
        return frozenset(self.session.scalars(query))

    def note(self, wave: Wave, action: Action, **details: str) -> None:
        """Write into the audit log what the steward did, never about whom."""
        record(
            self.session,
            actor=self.actor,
            action=action,
            subject=wave.id,
            organisation_id=wave.organisation_id,
            details=details,
        )

    def _codes(self, wave: Wave, number: int) -> Sequence[str]:
        self.see_that_they_fit(wave, number)
        return invite(self.session, wave, number, self.key)

    def _silent(self, wave: Wave) -> frozenset[bytes]:
        query = select(InvitedAddress.address_digest).where(
            InvitedAddress.wave_id == wave.id, InvitedAddress.silent
        )
        return frozenset(self.session.scalars(query))

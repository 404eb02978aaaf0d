"""Who is invited to a wave: codes made for as many people as it promised, sent by mail or handed out once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.people.respondents import Writer
from survey.storage.audit import Action, record
from survey.storage.fielding import InvitedAddress
from survey.storage.models import Wave
from survey.storage.repositories import ScopedRepository
from survey.waves.fielding import arranged, places_left
from survey.waves.invitations import address_digest, code_digest, invite, keep_digests
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
        self.session.refresh(wave, with_for_update=True)
        if wave.state != WaveState.FIELDING.value:
            raise NotFieldingError(f"wave {wave.id}: it is {wave.state}")
        return wave

    def by_mail(self, wave: Wave, addresses: Sequence[str], writer: Writer) -> int:
        """
        Queue an invitation for each address that has had none, and say for how many.

        Raises:
            TooManyError: If these are more than may still be invited; nobody is, then.
        """
        digests = {address: self._digest(wave, address) for address in addresses}
        known = set(self._known(wave))
        new = [address for address, digest in digests.items() if digest not in known]
        codes = self._codes(wave, len(new))
        pairs = list(zip(new, codes, strict=True))
        writer.keep(
            self.session,
            wave,
            ((to, code, code_digest(self.key, wave.id, code), digests[to]) for to, code in pairs),
        )
        writer.invite(self.session, wave, pairs)
        self._note(wave, BY_MAIL, len(new))
        return len(new)

    def handed_out(self, wave: Wave, codes: Sequence[str], channel: str) -> None:
        """
        Let fresh codes count that were printed or exported; only digests of them are kept.

        Raises:
            TooManyError: If these are more than may still be invited; none of them counts, then.
        """
        self._see_that_they_fit(wave, len(codes))
        keep_digests(self.session, wave, (code_digest(self.key, wave.id, code) for code in codes))
        arranged(self.session, wave).handed_out = True
        self._note(wave, channel, len(codes))

    def _codes(self, wave: Wave, number: int) -> Sequence[str]:
        self._see_that_they_fit(wave, number)
        return invite(self.session, wave, number, self.key)

    def _see_that_they_fit(self, wave: Wave, number: int) -> None:
        left = places_left(self.session, wave)
        if number > left:
            raise TooManyError(number, left)

    def _digest(self, wave: Wave, address: str) -> bytes:
        # As most mail servers read it: nobody gets two invitations for a capital letter.
        return address_digest(self.key, wave.id, address.lower())

    def _known(self, wave: Wave) -> Sequence[bytes]:
        query = select(InvitedAddress.address_digest).where(InvitedAddress.wave_id == wave.id)
        return self.session.scalars(query).all()

    def _note(self, wave: Wave, channel: str, number: int) -> None:
        record(
            self.session,
            actor=self.actor,
            action=Action.RESPONDENTS_INVITED,
            subject=wave.id,
            organisation_id=wave.organisation_id,
            details={"channel": channel, "number": str(number)},
        )

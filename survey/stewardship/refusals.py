"""
Addresses that took no mail: put right or taken out, under the invitation that they had.

Nothing here looks whether an invitation was exchanged, and none is made or withdrawn. A mended address gets
the code that was meant for the refused one, since a fresh code beside it would be a second right to answer;
and only a mail that was refused can be mended, or a steward could have anybody's code sent to themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import update

from survey.delivery.outbox import Outbox, Refusal
from survey.stewardship.invited import Inviting
from survey.storage.audit import Action
from survey.storage.fielding import InvitedAddress
from survey.storage.identifiers import is_identifier
from survey.storage.models import Wave

MOST_AT_ONCE: Final = 10_000
"""How many refused mails are written anew at once."""


class GoneError(LookupError):
    """No refused mail by that name: it was mended or taken out meanwhile, or never was refused."""


class InvitedAlreadyError(ValueError):
    """The address that was to be put in has an invitation of its own."""


@dataclass(frozen=True, slots=True)
class Refusals:
    """What a steward does about mails that were refused, in one transaction."""

    inviting: Inviting
    outbox: Outbox

    def mend(self, wave: Wave, mail: str, address: str) -> None:
        """
        Have the invitation of a refused mail sent to `address`, the same one or another.

        Raises:
            GoneError: If there is no such mail.
            InvitedAlreadyError: If somebody else was invited there.
        """
        refusal = self._refusal(wave, mail)
        if self._is_others(wave, refusal, address):
            raise InvitedAlreadyError(f"wave {wave.id}: that address has an invitation of its own")
        self._put(wave, [(refusal, address)])
        self.inviting.note(wave, Action.ADDRESS_MENDED)

    def again(self, wave: Wave) -> int:
        """Have every refused mail sent to its address once more, and say how many these are."""
        refusals = self.outbox.refusals(self.inviting.session, wave.id)[:MOST_AT_ONCE]
        self._put(wave, [(refusal, refusal.address) for refusal in refusals])
        if refusals:
            self.inviting.note(wave, Action.ADDRESS_MENDED, number=str(len(refusals)))
        return len(refusals)

    def take_out(self, wave: Wave, mail: str) -> None:
        """
        Write no more to the address of a refused mail; its invitation still counts among those asked.

        Raises:
            GoneError: If there is no such mail.
        """
        refusal = self._refusal(wave, mail)
        self.inviting.session.execute(
            update(InvitedAddress)
            .where(
                InvitedAddress.wave_id == wave.id,
                InvitedAddress.address_digest == self.inviting.digest(wave, refusal.address),
            )
            .values(silent=True)
        )
        self.outbox.forget(self.inviting.session, [refusal.id])
        self.inviting.note(wave, Action.ADDRESS_TAKEN_OUT)

    def _refusal(self, wave: Wave, mail: str) -> Refusal:
        found = self.outbox.refusal(self.inviting.session, wave.id, mail) if is_identifier(mail) else None
        if found is None:
            raise GoneError(f"wave {wave.id}: no refused mail is called so")
        return found

    def _is_others(self, wave: Wave, refusal: Refusal, address: str) -> bool:
        before, after = (self.inviting.digest(wave, each) for each in (refusal.address, address))
        return after != before and after in self.inviting.known(wave)

    def _put(self, wave: Wave, mended: Sequence[tuple[Refusal, str]]) -> None:
        for refusal, address in mended:
            self.inviting.write_anew(wave, self.inviting.digest(wave, refusal.address), address, self.outbox)
        self.outbox.forget(self.inviting.session, (refusal.id for refusal, _ in mended))

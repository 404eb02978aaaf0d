"""
Files of codes that are handed out: made, counted, and made again when they were lost.

A file made again has as many codes as the lost one, each in the place of one of its: what was exchanged stays
exchanged, so that nobody can answer once more, and nothing is said or refused that would tell how many were.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, select, update

from survey.sealing.at_rest import AtRest
from survey.stewardship.invited import Inviting
from survey.storage.audit import Action
from survey.storage.fielding import CodeFile
from survey.storage.identifiers import is_identifier, new_identifier
from survey.storage.models import Invitation, Wave
from survey.waves.fielding import arranged
from survey.waves.invitations import code_digest, keep_digests

_DIGEST_BYTES: Final = 32


class FileGoneError(LookupError):
    """No file by that name, or it was made again meanwhile."""


@dataclass(frozen=True, slots=True)
class HandingOut:
    """Lets files of codes count, in one transaction."""

    inviting: Inviting
    at_rest: AtRest

    def count(
        self, wave: Wave, codes: Sequence[str], *, channel: str, language: str, today: datetime.date
    ) -> None:
        """
        Let fresh codes count that were printed or exported; only digests of them are kept.

        Raises:
            TooManyError: If these are more than may still be invited; none of them counts, then.
        """
        self.inviting.see_that_they_fit(wave, len(codes))
        digests = self._digests(wave, codes)
        keep_digests(self.inviting.session, wave, digests)
        arranged(self.inviting.session, wave).handed_out = True
        self.inviting.session.add(
            CodeFile(
                id=new_identifier(),
                wave_id=wave.id,
                organisation_id=wave.organisation_id,
                channel=channel,
                language=language,
                number=len(codes),
                made_on=today,
                sealed=self._sealed(digests),
            )
        )
        self.inviting.note(wave, Action.RESPONDENTS_INVITED, channel=channel, number=str(len(codes)))

    def count_instead(self, wave: Wave, lost: CodeFile, codes: Sequence[str], today: datetime.date) -> None:
        """
        Let fresh codes count in place of those of a lost file, none of which works any more.

        Args:
            wave: Held until the transaction ends.
            lost: The file as it was when the new one was made.
            codes: As many as it had.
            today: When the new one was made.

        Raises:
            FileGoneError: If it was made again in between: that file is not to become void unseen.
        """
        file = self.inviting.session.get_one(CodeFile, lost.id, populate_existing=True)
        if file.sealed != lost.sealed:
            raise FileGoneError(f"wave {wave.id}: the file was made again meanwhile")
        digests = self._digests(wave, codes)
        # Both in the order of their digests, which are random: no code is the heir of any person's.
        pairs = zip(self._kept(file), digests, strict=True)
        self.inviting.session.connection().execute(
            update(Invitation)
            .where(Invitation.wave_id == wave.id, Invitation.code_digest == bindparam("lost"))
            .values(code_digest=bindparam("fresh")),
            [{"lost": lost_one, "fresh": fresh} for lost_one, fresh in pairs],
        )
        file.sealed, file.made_on = self._sealed(digests), today
        self.inviting.note(wave, Action.CODES_MADE_AGAIN, channel=file.channel, number=str(file.number))

    def _digests(self, wave: Wave, codes: Sequence[str]) -> list[bytes]:
        return sorted(code_digest(self.inviting.key, wave.id, code) for code in codes)

    def _sealed(self, digests: Sequence[bytes]) -> bytes:
        return self.at_rest.encrypt(b"".join(digests))

    def _kept(self, file: CodeFile) -> Iterator[bytes]:
        digests = self.at_rest.decrypt(file.sealed)
        return (digests[at : at + _DIGEST_BYTES] for at in range(0, len(digests), _DIGEST_BYTES))


def file_of(inviting: Inviting, wave: Wave, file_id: str) -> CodeFile:
    """
    A file of codes that was handed out for `wave`.

    Raises:
        FileGoneError: If there is none by that name.
    """
    query = select(CodeFile).where(CodeFile.wave_id == wave.id, CodeFile.id == file_id)
    found = inviting.session.scalars(query).one_or_none() if is_identifier(file_id) else None
    if found is None:
        raise FileGoneError(f"wave {wave.id}: no file of codes is called so")
    return found

"""
Closing: every row of a wave is verified again, and the signed list of rows becomes the wave.

protocol.md, "Closing"; formats in docs/reference/formats.md, "List".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Literal

from pydantic import BaseModel, ConfigDict

from questionnaires.digest import canonical_bytes
from survey.custody.directory import CustodyDirectory, CustodyError, Kept
from survey.custody.ranges import StoredRow
from survey.sealing.domains import Domain
from survey.sealing.identity import SignatureError, check_signed
from survey.sealing.rows import RowFault, RowVerifier, list_digest, row_digests
from survey.storage.models import Wave
from survey.waves.checking import verifier_of
from survey.waves.manifest import Manifest, WaveMode
from survey.waves.waiting import Waits


class ListStatement(BaseModel):
    """What custody signs about a closed wave; docs/reference/formats.md, "List"."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    format: Literal["tillid-list/1"] = "tillid-list/1"
    wave: str
    manifest: str
    exchanged: int
    received: int
    withdrawn: int
    rejected: dict[str, int]
    count: int
    digest: str

    @property
    def proven(self) -> int:
        """Rows that proved their right to be there: each took a credential of its own."""
        return self.count + self.withdrawn


@dataclass(frozen=True, slots=True)
class ClosedList:
    """The rows that count, as digests in ascending order, and what became of all others."""

    row_digests: tuple[bytes, ...]
    withdrawn: int
    rejected: dict[str, int]

    def statement(self, wave: Wave, exchanged: int) -> ListStatement:
        """What there is to sign about these rows of `wave`, whose invitations were `exchanged` so often."""
        return ListStatement(
            wave=wave.id,
            manifest=wave.manifest_digest or "",
            exchanged=exchanged,
            received=len(self.row_digests) + self.withdrawn + sum(self.rejected.values()),
            withdrawn=self.withdrawn,
            rejected=self.rejected,
            count=len(self.row_digests),
            digest=list_digest(wave.id, self.row_digests).hex(),
        )


def closed_list(parts: Iterable[ClosedList]) -> ClosedList:
    """The list of a wave from the lists of all its ranges."""
    digests: list[bytes] = []
    rejected: Counter[str] = Counter()
    withdrawn = 0
    for part in parts:
        digests += part.row_digests
        withdrawn += part.withdrawn
        rejected.update(part.rejected)
    return ClosedList(tuple(sorted(digests)), withdrawn, dict(rejected))


@dataclass(frozen=True, slots=True)
class Verifying:
    """Checks every row of a wave against its manifest, in any process: `survey.custody.ranges.Work`."""

    manifest: bytes

    def begin(self) -> Callable[[Iterable[StoredRow]], ClosedList]:
        """Make the keys ready."""
        return partial(verified, verifier=verifier_of(self.manifest))


def verified(stored: Iterable[StoredRow], verifier: RowVerifier) -> ClosedList:
    """
    The list that these rows make under one manifest; each row's two signatures are checked.

    A row counts only where its own credential's digest says it lies: there is one such place, so however
    often a cheating database holds a credential under keys of its own, it counts once.
    """
    digests: list[bytes] = []
    rejected: Counter[str] = Counter()
    withdrawn = 0
    for row, is_in_place in stored:
        fault = verifier.fault(row) if is_in_place else RowFault.CREDENTIAL_REFUSED
        if fault is not None:
            rejected[fault.value] += 1
        elif row.withdrawn:
            withdrawn += 1
        else:
            digests.append(row.digest())
    return ClosedList(tuple(sorted(digests)), withdrawn, dict(rejected))


def store_list(wave: Wave, closed: ClosedList, exchanged: int, directory: CustodyDirectory) -> None:
    """
    Sign the list of a closed wave, and store it with the wave.

    Raises:
        CustodyError: If custody signed another list for it before: two together could single somebody out.
    """
    statement = canonical_bytes(closed.statement(wave, exchanged).model_dump(mode="json"))
    directory.keep(Kept.LIST, wave.id, sha256(statement).digest())
    identity = directory.identity()
    wave.list_rows = b"".join(closed.row_digests)
    wave.list_statement = statement
    wave.list_signature = identity.sign(Domain.LIST, sha256(statement).digest())


def statement_of(wave: Wave) -> ListStatement:
    """
    What custody said of the list of `wave`.

    Raises:
        CustodyError: If the wave has no list yet.
    """
    if wave.list_statement is None:
        raise CustodyError(f"wave {wave.id}: it has no list yet; close it first")
    return ListStatement.model_validate_json(wave.list_statement)


def signed_statement(wave: Wave, identity_key: bytes) -> ListStatement:
    """
    What custody itself said of the list of `wave`.

    Raises:
        CustodyError: If there is no list yet, or somebody changed the statement since.
    """
    try:
        digest = sha256(wave.list_statement or b"").digest()
        check_signed(identity_key, wave.list_signature or b"", Domain.LIST, digest)
    except SignatureError as fault:
        raise CustodyError(f"wave {wave.id}: its list is not the one custody signed; restore it") from fault
    statement = statement_of(wave)
    if (statement.wave, statement.manifest) != (wave.id, wave.manifest_digest):
        raise CustodyError(f"wave {wave.id}: this is another wave's list; restore its own")
    return statement


def check_rights(statement: ListStatement, manifest: Manifest) -> None:
    """
    Return if no more rows are right than there were people to give rights to.

    An open wave has no number of rights; it is shown as a whole only, and its release says why.
    Each row took a credential, and each credential an invitation or a paper credential of the manifest. More
    of them were made by whoever has the issuing key; among so many invented ones, real ones could be alone.

    Raises:
        CustodyError: If there are more; such a wave is never opened.
    """
    if manifest.mode is WaveMode.OPEN:
        # Whoever works for a right has one: nobody promised how many they would be.
        return
    rights = manifest.invited + manifest.paper_credentials
    if statement.proven > rights:
        raise CustodyError(
            f"wave {statement.wave}: {statement.proven} responses prove a right to be there, and only "
            f"{rights} people had one. Somebody made credentials; it is never opened, and destroyed in time",
            Waits.DESTRUCTION,
        )


def check_list(statement: ListStatement, listed: bytes, approved: bytes) -> None:
    """
    Return if `listed` are the row digests that custody signed, and the trustees approved by their digest.

    Raises:
        CustodyError: If somebody changed the row digests, or put another list in place of the approved one.
    """
    if list_digest(statement.wave, row_digests(listed)).hex() != statement.digest:
        raise CustodyError(
            f"wave {statement.wave}: its row digests are not those of the signed list; restore them"
        )
    if statement.digest != approved.hex():
        raise CustodyError(f"wave {statement.wave}: this is not the list that was approved; restore that one")

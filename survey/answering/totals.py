"""
The totals of a closed wave, from what custody signed: whoever was asked can add them up.

Exact, and only after closing: while a wave runs, a count that goes up tells who just answered.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from survey.sealing.domains import Domain
from survey.sealing.identity import SignatureError, check_signed
from survey.storage.models import StoredRelease, Wave
from survey.waves.checking import promised
from survey.waves.manifest import Manifest, WaveMode, from_b64


@dataclass(frozen=True, slots=True)
class Totals:
    """
    How many were invited, and what became of the responses.

    `received = withdrawn + Σ rejected + listed`, and once it was opened `listed = Σ not_opened + counted`.
    """

    mode: WaveMode
    """Whether people were invited, or anybody could answer."""
    invited: int
    paper_credentials: int
    exchanged: int
    """Codes that became a right to answer, those for paper too."""
    received: int
    withdrawn: int
    rejected: Mapping[str, int]
    """Rows that did not prove their right, by kind."""
    listed: int
    not_opened: Mapping[str, int] | None
    """Listed rows that did not open, or did not answer this questionnaire, by kind; None before opening."""
    counted: int | None

    @property
    def made_up(self) -> str | None:
        """What is wrong, if more responses proved a right than had one: a code of formats.md."""
        if self.mode is WaveMode.OPEN:
            return None
        proven = self.listed + self.withdrawn
        if proven > self.invited + self.paper_credentials:
            return "more_than_invited"
        return "more_than_exchanged" if proven > self.exchanged else None

    def value(self) -> dict[str, object]:
        """As it is served."""
        return {**asdict(self), "mode": self.mode.value, "made_up": self.made_up}


def totals(wave: Wave, release: StoredRelease | None) -> Totals:
    """
    The totals of a wave that has its list.

    Raises:
        SignatureError: If custody did not sign what is stored.
    """
    manifest = promised(wave)
    said = _signed(manifest, Domain.LIST, wave.list_statement, wave.list_signature)
    opened = _opened(manifest, release, said["rejected"]) if release else (None, None)
    return Totals(
        mode=manifest.mode,
        invited=manifest.invited,
        paper_credentials=manifest.paper_credentials,
        exchanged=said["exchanged"],
        received=said["received"],
        withdrawn=said["withdrawn"],
        rejected=said["rejected"],
        listed=said["count"],
        not_opened=opened[0],
        counted=opened[1],
    )


def _opened(
    manifest: Manifest, release: StoredRelease, at_closing: Mapping[str, int]
) -> tuple[dict[str, int], int]:
    participation = _signed(manifest, Domain.RELEASE, release.content, release.signature)["participation"]
    # The release counts both kinds together; what was rejected at closing was not in the list.
    left = {kind: n - at_closing.get(kind, 0) for kind, n in participation["rejected"].items()}
    return {kind: n for kind, n in left.items() if n}, participation["counted"]


def _signed(
    manifest: Manifest, domain: Domain, content: bytes | None, signature: bytes | None
) -> dict[str, Any]:
    if content is None:
        raise SignatureError("custody has not said anything of this wave yet")
    check_signed(from_b64(manifest.custody.key), signature or b"", domain, sha256(content).digest())
    value: dict[str, Any] = json.loads(content)
    if _wave_of(value) != manifest.wave:
        raise SignatureError("custody said this of another wave")
    return value


def _wave_of(value: dict[str, Any]) -> object:
    named = value["wave"]
    return named["id"] if isinstance(named, dict) else named

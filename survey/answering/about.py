"""What anybody can read about a wave until it is destroyed: days, promises, notice, and whom to turn to."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from policy import POLICY, Policy
from questionnaires.digest import load_definition
from questionnaires.model import HelpLine, Text
from survey.sealing import base32
from survey.storage.models import Wave
from survey.waves import manifest as manifests
from survey.waves.checking import promised, standing
from survey.waves.manifest import Manifest
from survey.waves.plan import Notice, WavePlan
from survey.waves.setup import is_own_contact
from survey.waves.states import WaveState


@dataclass(frozen=True, slots=True)
class About:
    """
    A wave as its public page tells of it.

    Attributes:
        state: Where it stands for respondents today.
        title: What it asks about, by language.
        manifest: What it promises.
        pin: The fingerprint of its promises, as an invitation carries it, in groups of four.
        days: First and last possible day.
        least: The policy that it promised.
        roles: Whom the trustees stand for.
        notice: By article 13 of the GDPR; None where the wave was set up without one.
        contacts: The organisation's own, then the help lines that have been called.
    """

    state: WaveState
    title: Text
    manifest: Manifest
    pin: str
    days: tuple[datetime.date, datetime.date]
    least: Policy
    roles: Sequence[str]
    notice: Notice | None
    contacts: Sequence[HelpLine]

    @property
    def corrected_on(self) -> datetime.date | None:
        """The day on which the notice was last corrected; None if it never was."""
        day = self.notice.corrected_on if self.notice else ""
        return datetime.date.fromisoformat(day) if day else None

    @property
    def shared_on(self) -> datetime.date | None:
        """The day by which everybody is told the results."""
        day = self.notice.shared_on if self.notice else ""
        return datetime.date.fromisoformat(day) if day else None


def about(wave: Wave, today: datetime.date) -> About:
    """
    Return what the public page of a wave says.

    Raises:
        ManifestError: If what is stored is not what was promised.
    """
    manifest, asked = promised(wave), load_definition(wave.definition)
    lines = [line for line in asked.help_lines if not line.verify_before_release]
    period = manifest.field_period
    return About(
        state=standing(wave, today),
        title=asked.title,
        manifest=manifest,
        pin=base32.grouped(manifests.pin(bytes.fromhex(wave.manifest_digest or ""))),
        days=(
            datetime.date.fromisoformat(period.first_day),
            datetime.date.fromisoformat(period.last_possible_day),
        ),
        least=POLICY.in_force(manifest.policy.raised),
        roles=[pin.role.value for pin in manifest.trustees],
        notice=WavePlan.from_value(wave.plan).notice,
        contacts=sorted(lines, key=lambda line: not is_own_contact(line)),
    )

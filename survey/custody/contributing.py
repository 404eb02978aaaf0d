"""
Contributing: what a wave may give to its sector's figures, made while it is open and kept by custody alone.

Only where the manifest promised that the steward decides about sharing. The noise is drawn by a PRF under
the wave's seed: the seed is forgotten after the opening, so nobody can ever take the noise away, and an
opening done again after a crash draws the same. Format: docs/reference/formats.md, "Contribution".
"""

from __future__ import annotations

import hmac
from hashlib import sha256

from analysis.contributions import FORMAT, Draw
from analysis.pipeline import make_contribution
from policy import NOISE
from questionnaires.digest import canonical_bytes
from survey.custody.opening import Opened
from survey.sealing.domains import Domain
from survey.waves.manifest import Manifest


def contribution(manifest: Manifest, opened: Opened, seed: bytes) -> bytes:
    """The contribution as canonical JSON; a function of the signed list and the wave's seed."""
    digest = sha256(manifest.to_bytes()).digest()
    made = make_contribution(opened.wave, draws(seed, digest))
    return canonical_bytes(
        {
            "format": FORMAT,
            "wave": manifest.wave,
            "organisation": manifest.organisation.id,
            "questionnaire": manifest.questionnaire.digest,
            "respondents": opened.wave.responses,
            "likelier": str(NOISE.likelier),
            "indicators": [total.value() for total in made],
        }
    )


def draws(seed: bytes, manifest_digest: bytes) -> Draw:
    """Draws that only somebody with the wave's seed could foretell, the same whenever they are made."""

    def draw(label: str, most: int) -> int:
        message = Domain.CONTRIBUTION.message(manifest_digest, label.encode())
        # 256 bits: the remainder's bias is under 2 to the power of -240.
        return int.from_bytes(hmac.digest(seed, message, sha256), "big") % most

    return draw

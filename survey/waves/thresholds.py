"""The disclosure policy's numbers for whoever plans a wave: what may be raised, how far waves lie apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from analysis.disclosure.policy import POLICY, WAVES

RAISABLE: Final = ("opening", "general", "sensitive", "coercion")
"""The numbers that a steward is offered to raise; each is a number of responses."""
MOST: Final = 1000
"""A threshold over it would hide everything nearly everywhere."""
MONTHS_APART: Final = WAVES.months_apart
VERSION: Final = POLICY.version


def floors() -> dict[str, int]:
    """Return the least that each of the raisable numbers can be."""
    return {name: getattr(POLICY, name) for name in RAISABLE}


def in_force(raised: Mapping[str, int]) -> dict[str, int]:
    """Return the numbers that hold where these are raised."""
    return {name: max(floor, raised.get(name, 0)) for name, floor in floors().items()}

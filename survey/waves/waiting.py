"""Why custody takes a wave no further until somebody does something: one word, which pages explain."""

from __future__ import annotations

from enum import StrEnum


class Waits(StrEnum):
    """What a wave waits for."""

    VOUCHING = "vouching"  # that custody's operator is told a trustee's fingerprint
    LATER_DAYS = "later_days"  # it follows too soon upon another wave
    DESTRUCTION = "destruction"  # more responses than people: it is never opened
    OPERATOR = "operator"  # something was changed or lost: what, stands in custody's log

"""The states of a wave, and the only ways from one to another; docs/reference/states.md is made from this."""

from __future__ import annotations

from enum import Enum


class WaveState(Enum):
    """Where a wave stands."""

    DRAFT = "draft"
    CEREMONY = "ceremony"
    READY = "ready"
    FIELDING = "fielding"
    CLOSED = "closed"
    OPENING = "opening"
    RELEASED = "released"
    DESTROYED = "destroyed"
    CANCELLED = "cancelled"


TRANSITIONS: dict[WaveState, frozenset[WaveState]] = {
    WaveState.DRAFT: frozenset({WaveState.CEREMONY, WaveState.CANCELLED}),
    WaveState.CEREMONY: frozenset({WaveState.READY, WaveState.CANCELLED}),
    WaveState.READY: frozenset({WaveState.FIELDING, WaveState.CANCELLED}),
    WaveState.FIELDING: frozenset({WaveState.CLOSED}),
    WaveState.CLOSED: frozenset({WaveState.OPENING, WaveState.DESTROYED}),
    WaveState.OPENING: frozenset({WaveState.RELEASED, WaveState.CLOSED}),
    WaveState.RELEASED: frozenset({WaveState.DESTROYED}),
    WaveState.DESTROYED: frozenset(),
    WaveState.CANCELLED: frozenset(),
}

# In these what a wave promises is fixed and public; in all others nobody hears of it by its id.
ANNOUNCED: frozenset[WaveState] = frozenset(WaveState) - {
    WaveState.DRAFT,
    WaveState.CEREMONY,
    WaveState.CANCELLED,
}

MEANING: dict[WaveState, str] = {
    WaveState.DRAFT: "A steward plans it; nothing is promised yet.",
    WaveState.CEREMONY: "Custody makes the wave's key and seals a share to each trustee, who confirms it.",
    WaveState.READY: "The manifest is fixed and confirmed; invitations can go out.",
    WaveState.FIELDING: "Respondents answer, replace and withdraw.",
    WaveState.CLOSED: "Nothing can be stored any more; custody verifies every row and signs the list.",
    WaveState.OPENING: "Custody has asked the trustees for their shares and waits for a quorum.",
    WaveState.RELEASED: "The release is stored; responses wait for destruction.",
    WaveState.DESTROYED: "Envelopes, shares and custody's pad are erased.",
    WaveState.CANCELLED: "It never opened for answers.",
}


class TransitionError(Exception):
    """A step that a wave cannot take from where it stands."""


def transition(current: WaveState, target: WaveState) -> WaveState:
    """
    `target`, if a wave in `current` may go there.

    Raises:
        TransitionError: If not; the message names the steps that are allowed.
    """
    if target not in TRANSITIONS[current]:
        allowed = ", ".join(sorted(state.value for state in TRANSITIONS[current])) or "none"
        raise TransitionError(
            f"a wave that is {current.value} cannot become {target.value}; allowed from here: {allowed}"
        )
    return target


def states_page() -> str:
    """The text of docs/reference/states.md."""
    lines = [
        "# States of a wave",
        "",
        "Made from `survey/waves/states.py`; a test compares.",
        "",
        "| state | meaning | may become |",
        "| --- | --- | --- |",
    ]
    for state in WaveState:
        targets = ", ".join(f"`{t.value}`" for t in WaveState if t in TRANSITIONS[state]) or "–"
        lines.append(f"| `{state.value}` | {MEANING[state]} | {targets} |")
    lines += [
        "",
        "A release is `current` or `withdrawn`; a withdrawn one still counts against differencing.",
        "",
    ]
    return "\n".join(lines)

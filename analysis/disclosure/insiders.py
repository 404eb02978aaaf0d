"""
Insiders: somebody who answered, and so knows one record beside the staff list and the release.

Everything that must stay open must stay so for each of them, counted among the others. Which records
somebody may hold follows from what is shown, as everything else does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from analysis.disclosure.classes import REMAINDER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.disclosure.roster import Demand, Witnesses

_Numbers = npt.NDArray[np.int64]
_Whether = npt.NDArray[np.bool_]


def told_to_insiders(witnesses: Witnesses, outcomes: int) -> list[Demand]:
    """The first number of which some record tells its holder more than the bands do; mostly none."""
    for place, demand in enumerate(witnesses.demands):
        if witnesses.are_plain[place]:
            continue
        for upward in (False, True):
            if upward and demand.name[1] == REMAINDER and np.isfinite(demand.plain_to):
                # That somebody of those never shown said something one's own answer can tell by itself.
                continue
            for target, asked in _targets(demand, outcomes, upward=upward):
                if _is_told(witnesses, place, target, asked, upward=upward):
                    return [demand]
    return []


def _targets(demand: Demand, outcomes: int, *, upward: bool) -> Iterator[tuple[int, _Whether]]:
    """Where the number must be able to go for which records, all as open as it was for everybody."""
    inside = np.repeat(demand.crowd.marks, outcomes)
    own = demand.coefficients > 0
    for is_inside, is_own in ((False, False), (True, False), (True, True)):
        others = demand.crowd.size - is_inside
        asked = (inside == is_inside) & (own == is_own)
        if others and asked.any():
            yield (_upward if upward else _downward)(demand, others, int(is_inside), int(is_own)), asked


def _downward(demand: Demand, others: int, inside: int, own: int) -> int:
    """What the number must come down to while somebody holds a record that counts in it, or does not."""
    if demand.is_class:
        return others - 1 + own
    if np.isfinite(demand.plain_from):
        return own
    return demand.crowd.size - inside + own - min(demand.up - demand.down - 1, others)


def _upward(demand: Demand, others: int, inside: int, own: int) -> int:
    """What the number must be able to reach; of the others a band tells one less."""
    del inside
    if demand.is_class:
        return 1 + own if demand.up > 0 else 0
    if np.isfinite(demand.plain_from):
        return own + min(demand.up - demand.down - 1, others)
    return others + own


def _is_told(witnesses: Witnesses, place: int, target: int, asked: _Whether, *, upward: bool) -> bool:
    """Whether some of the records cannot be held while the number goes where it must."""
    left = witnesses.without(asked, place, target, upward=upward)
    if not left.any():
        return False
    with witnesses.program.demanding(witnesses.demands[place].coefficients, target, upward=upward):
        while left.any():
            before = int(np.count_nonzero(left))
            # As many records as there can be at once, then one by one.
            witnesses.look(left.astype(np.int64), upward=True)
            left = witnesses.without(left, place, target, upward=upward)
            if np.count_nonzero(left) < before:
                continue
            one = np.arange(len(left)) == np.flatnonzero(left)[0]
            witnesses.look(one.astype(np.int64), upward=True, enough=1)
            left = witnesses.without(left, place, target, upward=upward)
            if (left & one).any():
                break
    return any(not _cannot_be_held(witnesses, int(record)) for record in np.flatnonzero(left))


def _cannot_be_held(witnesses: Witnesses, record: int) -> bool:
    """Whether nobody can hold it, whatever else."""
    one = np.arange(witnesses.matrix.shape[1]) == record
    most = witnesses.look(one.astype(np.int64), upward=True)
    return bool(np.isfinite(most) and most < 1 - 1e-4)

"""
A later wave beside the earlier ones: what may not stand there is taken out.

Between release and custody's signature. Decided from published figures alone, so what is taken out tells
nothing that these do not. Source: docs/explanation/disclosure.md, R7.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from analysis.disclosure.waves import tells_nothing_new
from analysis.published import wave_rows
from analysis.release import LeftOutFact, Release, Table
from analysis.tables import LeftOutReason
from policy import WAVES, Policy


def beside(
    release: Release, earlier: Iterable[Release], policy: Policy, lasting: Collection[str] = ()
) -> Release:
    """
    The release without the tables that tell, beside an earlier one, of those who came and went.

    Args:
        release: Audited by itself.
        earlier: Of the same organisation; one that was taken back counts too.
        policy: Of the wave.
        lasting: Items that say who somebody is, whose answers change least.
    """
    told = {
        table.id
        for past in earlier
        for table in release.tables
        if _tells(release, table, past, policy, lasting)
    }
    if not told:
        return release
    ledger = release.ledger
    left_out = [LeftOutFact(table=table, reason=LeftOutReason.NOT_PROVEN.value) for table in sorted(told)]
    return release.model_copy(
        update={
            "tables": tuple(table for table in release.tables if table.id not in told),
            "ledger": ledger.model_copy(
                update={
                    "forms": {table: form for table, form in ledger.forms.items() if table not in told},
                    "ranges": {table: found for table, found in ledger.ranges.items() if table not in told},
                    "left_out": (*ledger.left_out, *left_out),
                }
            ),
        }
    )


def _tells(release: Release, table: Table, past: Release, policy: Policy, lasting: Collection[str]) -> bool:
    """Whether the table tells, beside the same of a past release, of those who came or went."""
    rows = wave_rows(table)
    # Of what lasts only those can differ who answered in one of the waves alone, not having come or gone.
    most_changed = min(map(_unheard, (release, past))) if table.item in lasting else None
    for other in past.tables:
        if (other.kind, other.item, other.by) == (table.kind, table.item, table.by):
            earlier = wave_rows(other)
            for group in rows.keys() & earlier.keys():
                if not tells_nothing_new(
                    earlier[group], rows[group], WAVES, policy.threshold, most_changed=most_changed
                ):
                    return True
    return False


def _unheard(release: Release) -> int:
    """How many were invited and did not answer; none where nobody knows."""
    return max(release.participation.invited - release.participation.counted, 0)

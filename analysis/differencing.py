"""
A later wave beside the earlier ones: what may not stand there is taken out.

Between release and custody's signature. Decided from published figures alone, so what is taken out tells
nothing that these do not. Source: docs/explanation/disclosure.md, R7.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from analysis.disclosure.policy import WAVES, Policy
from analysis.disclosure.waves import tells_nothing_new
from analysis.published import wave_rows
from analysis.release import LeftOutFact, Release, Table
from analysis.tables import LeftOutReason


def beside(release: Release, earlier: Iterable[Release], policy: Policy) -> Release:
    """
    The release without the tables that tell, beside an earlier one, of those who came and went.

    Args:
        release: Audited by itself.
        earlier: Of the same organisation; one that was taken back counts too.
        policy: Of the wave.
    """
    before = [table for past in earlier for table in past.tables]
    told = {table.id for table in release.tables if _tells(table, before, policy)}
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


def _tells(table: Table, before: Sequence[Table], policy: Policy) -> bool:
    rows = wave_rows(table)
    for other in before:
        if (other.kind, other.item, other.by) != (table.kind, table.item, table.by):
            continue
        earlier = wave_rows(other)
        shared = rows.keys() & earlier.keys()
        if not all(
            tells_nothing_new(earlier[group], rows[group], WAVES, policy.threshold) for group in shared
        ):
            return True
    return False

"""What a steward sees of a wave before it begins: invented figures, and which groups will hardly be shown."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from analysis.charts import Chart, chart
from analysis.naming import Name, title
from analysis.plan import publication_plan
from analysis.release import Release, from_bytes
from analysis.tables import UNIT, TableKind
from policy import POLICY
from questionnaires.model import Questionnaire
from survey.waves.manifest import Unit, WaveMode
from survey.waves.plan import WavePlan


@dataclass(frozen=True, slots=True)
class SmallUnits:
    """
    Units that are small by their headcounts alone, whoever answers.

    Attributes:
        never: Too small ever to be shown by themselves.
        climate_only: Large enough for their climate, and not for what people experienced.
    """

    never: Sequence[Unit]
    climate_only: Sequence[Unit]


@dataclass(frozen=True, slots=True)
class Breakdown:
    """
    How many of the figures that are planned by one breakdown came out in the invented waves.

    Attributes:
        by: The question; None for units.
        always: In all of them.
        sometimes: In some.
        never: In none.
    """

    by: Name | None
    always: int
    sometimes: int
    never: int


@dataclass(frozen=True, slots=True)
class Preview:
    """
    A preview as a page shows it.

    Attributes:
        waves: How many invented waves it is taken from.
        answering: How many people answered in the one that is shown; 0 if none could be opened.
        figures: The indicators of that one.
        hidden: What was planned for the organisation and not shown in it.
        breakdowns: How likely each breakdown is to appear.
    """

    waves: int
    answering: int
    figures: Sequence[Chart]
    hidden: Sequence[Name]
    breakdowns: Sequence[Breakdown]


def small_units(plan: WavePlan) -> SmallUnits:
    """Name the units that are too small, under the thresholds of the plan."""
    least = POLICY.in_force(plan.raised)
    never = [unit for unit in plan.units if unit.headcount < least.general]
    some = [unit for unit in plan.units if least.general <= unit.headcount < least.sensitive]
    return SmallUnits(never, some)


def read(data: bytes, questionnaire: Questionnaire, plan: WavePlan, language: str) -> Preview | None:
    """Read what the worker made; None if it could make nothing of the plan."""
    value = json.loads(data)
    if "failed" in value:
        return None
    release = from_bytes(value["release"].encode()) if value["release"] else None
    return Preview(
        waves=value["waves"],
        answering=release.participation.counted if release else 0,
        figures=list(_figures(release, questionnaire, language)) if release else [],
        hidden=list(_hidden(release, questionnaire, plan, language)),
        breakdowns=list(_breakdowns(value["shown"], value["waves"], questionnaire, plan, language)),
    )


def promises(
    plan: WavePlan, questionnaire: Questionnaire, organisation: Mapping[str, str], roles: Sequence[str]
) -> dict[str, object]:
    """What the manifest would say to a respondent; without keys and digests, which custody makes."""
    said = {name: part for name, part in plan.value().items() if name not in ("raised", "notice", "expected")}
    planned = publication_plan(
        questionnaire, breakdowns=plan.breakdowns, open_wave=plan.mode is WaveMode.OPEN
    )
    return {
        **said,
        "format": "tillid-manifest/1",
        "organisation": dict(organisation),
        "questionnaire": {"id": questionnaire.id, "version": questionnaire.version},
        "policy": {"version": POLICY.version, "raised": plan.raised},
        "publication": planned.value(),
        "trustees": [{"number": number, "role": role} for number, role in enumerate(roles, 1)],
    }


def _figures(release: Release, questionnaire: Questionnaire, language: str) -> Iterator[Chart]:
    for table in release.tables:
        if table.by is None and table.kind == TableKind.INDICATOR.value and not table.is_hidden:
            yield chart(table, table.rows[0], questionnaire, language)


def _hidden(
    release: Release | None, questionnaire: Questionnaire, plan: WavePlan, language: str
) -> Iterator[Name]:
    shown = {table.id for table in release.tables if not table.is_hidden} if release else set()
    planned = publication_plan(
        questionnaire, breakdowns=plan.breakdowns, open_wave=plan.mode is WaveMode.OPEN
    )
    for table in planned.tables:
        if table.by is None and table.id not in shown:
            yield title(table.kind.value, table.item, questionnaire, language)


def _breakdowns(
    shown: Mapping[str, int], waves: int, questionnaire: Questionnaire, plan: WavePlan, language: str
) -> Iterator[Breakdown]:
    planned = publication_plan(
        questionnaire, breakdowns=plan.breakdowns, open_wave=plan.mode is WaveMode.OPEN
    )
    for by in plan.breakdowns:
        counts = [shown.get(table.id, 0) for table in planned.tables if table.by == by]
        yield Breakdown(
            by=None if by == UNIT else title("item", by, questionnaire, language),
            always=sum(count == waves for count in counts),
            sometimes=sum(0 < count < waves for count in counts),
            never=counts.count(0),
        )

"""
Previews of a release: what a planned wave would show, if invented people answered it.

Made by the worker, in a process of its own, since the web reaches nothing that turns answers into figures.
The pipeline, the policy and the plan are those that the wave will have; only the answers are nobody's.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING, Final

from sqlalchemy import select, update

from questionnaires.digest import JsonValue, canonical_bytes, load_definition
from questionnaires.model import Questionnaire
from survey.storage.databases import Databases
from survey.storage.drafts import WaveDraft
from survey.waves.manifest import Unit, WaveMode
from survey.waves.plan import WavePlan
from survey.worker.inventing import Place, as_opened, invented
from survey.worker.rounds import Rounds

if TYPE_CHECKING:
    from analysis.release import Provenance, Release
    from analysis.tables import OpenedWave

EVERY_SECONDS: Final = 3
RATES: Final = (0.6, 0.7, 0.8)
"""How many of those asked answer, in one invented wave after another."""
ONE_ONLY_FROM: Final = 200
"""Where so many are asked, one wave takes long enough, and the next would hardly be another."""
MOST_RESPONSES: Final = 3000
"""More take minutes and show the same."""
_MIDDLE: Final = 0.7
_PLACE: Final = Place("average", 0.7)
_NOBODY: Final = "0" * 16
_log = logging.getLogger("tillid.worker")

Make = Callable[[bytes, Mapping[str, object]], bytes]


def previewer(databases: Databases, every: float = EVERY_SECONDS) -> Rounds:
    """A thread that makes the previews that are asked for, one after another."""
    return Rounds("previewer", lambda: make_one(databases, _in_a_process), every)


def make_one(databases: Databases, make: Make) -> bool:
    """Make one preview that waits, if any does; whether one did."""
    with databases.alliance_session(reading=True) as session:
        waiting = select(WaveDraft.id, WaveDraft.asked_definition, WaveDraft.asked_plan).where(
            WaveDraft.asked_definition.is_not(None), WaveDraft.preview.is_(None)
        )
        found = session.execute(waiting.order_by(WaveDraft.id).limit(1)).one_or_none()
    if found is None:
        return False
    draft, definition, plan = found
    try:
        made = make(definition or b"", plan or {})
    except Exception as fault:  # noqa: BLE001  What one draft can cause must not keep the others waiting.
        _log.error("draft %s: no preview (%s)", draft, type(fault).__name__)
        made = canonical_bytes({"failed": True})
    _store(databases, draft, definition, plan, made)
    return True


def _store(
    databases: Databases, draft: str, definition: bytes | None, plan: Mapping[str, object] | None, made: bytes
) -> None:
    """Keep what was made, unless something else is asked for by now."""
    asked = select(WaveDraft.asked_definition, WaveDraft.asked_plan).where(WaveDraft.id == draft)
    with databases.alliance_session() as session:
        if session.execute(asked.with_for_update()).one_or_none() == (definition, plan):
            session.execute(update(WaveDraft).where(WaveDraft.id == draft).values(preview=made))


def preview(definition: bytes, plan_value: Mapping[str, object]) -> bytes:
    """
    Return what a page shows of a planned wave, as canonical JSON.

    `release` is the release of an invented wave, `waves` how many were made, and `shown` in how many of them
    each planned table could be shown.
    """
    # Loaded here alone: the worker's other threads need none of it.
    from analysis.release import to_bytes  # noqa: PLC0415

    questionnaire, plan = load_definition(definition), WavePlan.from_value(dict(plan_value))
    rates = RATES if max(plan.invited, plan.expected) < ONE_ONLY_FROM else (_MIDDLE,)
    releases: dict[float, Release] = {
        rate: release
        for seed, rate in enumerate(rates)
        if (release := _release(questionnaire, plan, rate, seed)) is not None
    }
    told = [table.id for release in releases.values() for table in release.tables if not table.is_hidden]
    value: dict[str, JsonValue] = {
        "waves": len(rates),
        "shown": {table: told.count(table) for table in sorted(set(told))},
        "release": to_bytes(releases[_MIDDLE]).decode() if _MIDDLE in releases else "",
    }
    return canonical_bytes(value)


def _release(questionnaire: Questionnaire, plan: WavePlan, rate: float, seed: int) -> Release | None:
    """The release of one invented wave; None where too few answer to open it."""
    # Loaded here alone: the worker's other threads need none of it.
    from analysis.pipeline import make_release  # noqa: PLC0415
    from analysis.plan import publication_plan  # noqa: PLC0415
    from policy import POLICY  # noqa: PLC0415

    policy = POLICY.raised(plan.raised)
    asked = plan.invited or round(plan.expected / _MIDDLE)
    answering = min(round(asked * rate), MOST_RESPONSES)
    if answering < policy.opening:
        return None
    opened = _opened(questionnaire, plan, answering, seed)
    planned = publication_plan(
        questionnaire, breakdowns=plan.breakdowns, open_wave=plan.mode is WaveMode.OPEN
    )
    return make_release(opened, planned, policy, _provenance(questionnaire, plan, answering))


def _opened(questionnaire: Questionnaire, plan: WavePlan, answering: int, seed: int) -> OpenedWave:
    responses = invented(questionnaire, _PLACE, answering, directly_in(plan.units), seed)
    units, parents = [unit.id for unit in plan.units], [unit.parent for unit in plan.units]
    return as_opened(questionnaire, responses, units, parents)


def directly_in(units: Sequence[Unit]) -> list[int]:
    """How many people each unit has that are in none of its parts."""
    within = {unit.id: 0 for unit in units}
    for unit in units:
        if unit.parent is not None:
            within[unit.parent] += unit.headcount
    return [max(0, unit.headcount - within[unit.id]) for unit in units]


def _provenance(questionnaire: Questionnaire, plan: WavePlan, answering: int) -> Provenance:
    """Where it comes from: from nobody, so every id and digest is nought."""
    from analysis.release import Provenance  # noqa: PLC0415

    nought, period = "0" * 64, plan.field_period.model_dump(mode="json")
    return Provenance.model_validate_json(
        canonical_bytes(
            {
                "wave": {
                    "id": _NOBODY,
                    "organisation": {"id": _NOBODY, "name": "–"},
                    "manifest": nought,
                    "mode": plan.mode.value,
                    "field_period": period,
                },
                "questionnaire": {
                    "id": questionnaire.id,
                    "version": questionnaire.version,
                    "digest": nought,
                    "sections": [section.id for section in questionnaire.sections],
                },
                "participation": {
                    "invited": plan.invited,
                    "received": answering,
                    "withdrawn": 0,
                    "rejected": {},
                    "counted": answering,
                },
                "list": {"count": answering, "digest": nought, "signature": "A" * 86},
            }
        )
    )


def _in_a_process(definition: bytes, plan: Mapping[str, object]) -> bytes:
    """Made where it can be slow without making mails wait."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context, initializer=os.nice, initargs=(10,)) as pool:
        return pool.submit(preview, definition, plan).result()

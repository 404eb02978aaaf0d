"""Releases of made-up counts, in the forms that a release has, and waves that they can be stored under."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from hashlib import sha256
from itertools import cycle
from typing import Any, cast

from sqlalchemy.orm import Session

from analysis.measures import measures_of, option_sets
from analysis.plan import PublicationPlan, publication_plan
from analysis.release import Release, Row, Table, TableOption, from_bytes
from analysis.tables import Measure
from questionnaires.digest import JsonValue, canonical_bytes, definition_bytes
from questionnaires.model import Questionnaire
from survey.sealing.domains import Domain
from survey.sealing.identity import Identity
from survey.storage.identifiers import new_identifier
from survey.storage.models import Organisation, ReleaseState, StoredRelease, Wave
from survey.waves import manifest as manifests
from survey.waves.states import WaveState
from tests.survey.waves.manifests import custody, right

Bounds = tuple[int, int]

CUSTODY = Identity(bytes(32))
PEOPLE = 63
# Shares of the answers to an item, by how many options it has; what is left did not answer.
_WEIGHTS = (0.52, 0.21, 0.13, 0.05, 0.03)


def bounds(count: int, base: int, *, banded: bool) -> Bounds:
    """A count as a release shows it: exact where both it and its opposite are 5 or more, else a band."""
    if not banded and count >= 5 and base - count >= 5:
        return count, count
    if count <= 4:
        return 0, 4
    if count >= base - 4:
        return base - 4, base
    start = count - count % 5
    return start, min(start + 4, base - 5)


def table(
    questionnaire: Questionnaire,
    measured: str,
    cells: tuple[Bounds, ...],
    base: Bounds = (PEOPLE, PEOPLE),
    *,
    coarse: bool = False,
    mean: int | None = None,
) -> Table:
    """A table of one item or indicator with these cells, its last option being no answer."""
    measure = measures_of(questionnaire)[measured]
    options = option_sets(questionnaire, measure)[-1 if coarse else 0]
    return Table(
        id=measured,
        kind=measure.kind.value,
        item=measured,
        by=None,
        multiple=measure.multiple,
        options=tuple(TableOption(id=option.id, codes=option.codes) for option in options),
        rows=(Row(group=None, parent=None, base=base, cells=cells, mean=mean),),
    )


def made_up(questionnaire: Questionnaire, measure: Measure, people: int) -> Table:
    """Counts that are nobody's: the more sensitive, the more of them say that it never happened."""
    options = option_sets(questionnaire, measure)[-1]
    never = next((place for place, option in enumerate(options) if option.id in ("never", "no")), None)
    counts = [int(people * share) for share, _ in zip(cycle(_WEIGHTS), options, strict=False)][:-1]
    if measure.sensitive and never is not None:
        counts = [max(2, people // 10) for _ in counts]
        counts[never] = 0
        counts[never] = people - sum(counts) - 3
    elif not measure.multiple:
        counts[0] += max(0, people - sum(counts) - 6)
    unanswered = people - sum(counts) if not measure.multiple else 3
    base = (people, people)
    cells = tuple(bounds(count, people, banded=measure.sensitive) for count in (*counts, unanswered))
    mean = 65 if measure.scores else None
    return table(questionnaire, measure.id, cells, base, coarse=True, mean=mean)


def tables(questionnaire: Questionnaire, people: int = PEOPLE) -> list[Table]:
    """A table of everything that can be counted, in the plan's order; what is routed is left out."""
    plan = publication_plan(questionnaire, breakdowns=(), open_wave=False)
    measures = measures_of(questionnaire)
    routed = {
        item.id for item in questionnaire.items if item.show_if or questionnaire.section_of(item.id).show_if
    }
    return [
        made_up(questionnaire, measures[planned.item], people)
        for planned in plan.tables
        if not routed & set(measures[planned.item].items)
    ]


def manifest(
    questionnaire: Questionnaire, wave: str, organisation: Mapping[str, str], **promises: object
) -> bytes:
    """The promises of a wave that was never held."""
    definition = definition_bytes(questionnaire)
    value = right() | {
        "wave": wave,
        "organisation": dict(organisation),
        "questionnaire": facts(questionnaire, definition),
        "publication": _plan(questionnaire, promises).value(),
        "policy": {"version": "policy/1", "raised": {}},
        "custody": custody(bytes(32)),
        **{name: promise for name, promise in promises.items() if name != "breakdowns"},
    }
    return manifests.from_value(value).to_bytes()


def _plan(questionnaire: Questionnaire, promises: Mapping[str, object]) -> PublicationPlan:
    breakdowns = cast("tuple[str, ...]", promises.get("breakdowns", ()))
    return publication_plan(questionnaire, breakdowns=breakdowns, open_wave=False)


def facts(questionnaire: Questionnaire, definition: bytes) -> dict[str, Any]:
    """What manifests and releases say of a questionnaire."""
    return {
        "id": questionnaire.id,
        "version": questionnaire.version,
        "digest": sha256(definition).hexdigest(),
        "sections": [section.id for section in questionnaire.sections],
    }


def release(
    questionnaire: Questionnaire,
    wave: str,
    organisation: Mapping[str, str],
    shown: list[Table],
    participation: Mapping[str, Any] | None = None,
    **promises: object,
) -> Release:
    """A release of these tables, agreeing with itself; what else was planned is left out of it."""
    promised = manifest(questionnaire, wave, organisation, **promises)
    plan = _plan(questionnaire, promises)
    ids = {each.id for each in shown}
    open_cells = {
        each.id: [cell for row in each.rows for cell in row.cells if cell[0] != cell[1]] for each in shown
    }
    value = {
        "format": "tillid-release/1",
        "wave": {
            "id": wave,
            "organisation": dict(organisation),
            "manifest": sha256(promised).hexdigest(),
            "mode": "invited",
            "field_period": promises.get("field_period", right()["field_period"]),
            **{name: promise for name, promise in promises.items() if name == "joint"},
        },
        "questionnaire": facts(questionnaire, definition_bytes(questionnaire)),
        "policy": {"version": "policy/1", "raised": {}},
        "participation": participation
        or {"invited": 80, "received": 66, "withdrawn": 2, "rejected": {"malformed": 1}, "counted": 63},
        "tables": [each.model_dump(mode="json") for each in shown],
        "ledger": {
            "plan": plan.digest,
            "solver": {"name": "HiGHS", "version": "1"},
            "forms": dict.fromkeys(sorted(ids), "bands"),
            "ranges": {name: cells for name, cells in open_cells.items() if cells},
            "left_out": [
                {"table": planned.id, "reason": "not_proven"}
                for planned in plan.tables
                if planned.id not in ids
            ],
        },
        "list": {"count": 63, "digest": "0" * 64, "signature": "A" * 86},
    }
    return from_bytes(canonical_bytes(cast("JsonValue", value)))


def store(
    session: Session,
    organisation: Organisation,
    questionnaire: Questionnaire,
    shown: list[Table],
    participation: Mapping[str, Any] | None = None,
    **promises: object,
) -> str:
    """A wave of `organisation` with its signed release and other `promises`; returns the wave's id."""
    wave, named = new_identifier(), {"id": organisation.id, "name": organisation.name}
    promised = manifest(questionnaire, wave, named, **promises)
    content = canonical_bytes(
        release(questionnaire, wave, named, shown, participation, **promises).model_dump(mode="json")
    )
    session.add(
        Wave(
            id=wave,
            organisation_id=organisation.id,
            state=WaveState.RELEASED.value,
            plan={},
            definition=definition_bytes(questionnaire),
            manifest=promised,
            manifest_digest=sha256(promised).hexdigest(),
            released_on=datetime.date(2026, 12, 1),
        )
    )
    session.flush()
    session.add(
        StoredRelease(
            wave_id=wave,
            organisation_id=organisation.id,
            state=ReleaseState.CURRENT,
            content=content,
            signature=CUSTODY.sign(Domain.RELEASE, sha256(content).digest()),
        )
    )
    session.flush()
    return wave

"""Small questionnaires, invented rosters of respondents, and what a release says beside its figures."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from analysis.pipeline import make_release
from analysis.plan import publication_plan
from analysis.release import (
    FieldPeriod,
    ListFacts,
    Organisation,
    Participation,
    Provenance,
    QuestionnaireFacts,
    Release,
    WaveFacts,
)
from analysis.tables import LEFT_BLANK, NOT_ASKED, OpenedWave
from policy import POLICY, Policy
from questionnaires.answers import Answer, Answers, answers_from_codes
from questionnaires.checking import checked_model
from questionnaires.digest import digest
from questionnaires.loading import load
from questionnaires.model import Item, ItemType, Questionnaire
from questionnaires.routing import Router

DEFINITIONS = Path("questionnaires/definitions")
NAMES = ("workplace", "education", "culture_leisure")

# The rules at a size that can be searched through: everything the policy says of 5 is said of `threshold`.
SMALL = replace(
    POLICY,
    opening=2,
    general=2,
    sensitive=2,
    coercion=2,
    all_options=10**6,
    routed_respondents=2,
    routed_base=2,
    detail=10**6,
    handling=2,
    mean=10**6,
    threshold=2,
)


def replaced(policy: Policy, **numbers: int) -> Policy:
    """Another policy; what no wave may do."""
    return replace(policy, **numbers)  # type: ignore[arg-type]  # every number of a policy is an int


@cache
def definition(name: str) -> Questionnaire:
    return load(DEFINITIONS / f"{name}.yaml")


def questionnaire(
    *items: Mapping[str, Any],
    conditions: Mapping[str, Any] | None = None,
    subscales: Mapping[str, Sequence[str]] | None = None,
    breakdowns: Sequence[str] = (),
) -> Questionnaire:
    return checked_model(
        {
            "schema": "alliance-questionnaire/1",
            "id": "for-a-test",
            "version": "1.0.0",
            "languages": ["en"],
            "default_language": "en",
            "title": {"en": "For a test"},
            "conditions": dict(conditions or {}),
            "subscales": {name: list(items) for name, items in (subscales or {}).items()},
            "rules": {"breakdown_items": list(breakdowns)},
            "sections": [{"id": "all", "title": {"en": "All"}, "items": list(items)}],
        },
        "test",
    )


def single(
    item_id: str, *codes: str, missing: Mapping[str, str] | None = None, **fields: object
) -> dict[str, Any]:
    return _item("single", item_id, codes, missing, (), fields)


def multi(
    item_id: str,
    *codes: str,
    exclusive: Iterable[str] = (),
    missing: Mapping[str, str] | None = None,
    **fields: object,
) -> dict[str, Any]:
    return _item("multi", item_id, codes, missing, tuple(exclusive), fields)


def _item(
    kind: str,
    item_id: str,
    codes: Sequence[str],
    missing: Mapping[str, str] | None,
    exclusive: Sequence[str],
    fields: Mapping[str, object],
) -> dict[str, Any]:
    options: list[dict[str, Any]] = [{"code": code, "label": {"en": code}} for code in codes]
    for option in options:
        if option["code"] in exclusive:
            option["exclusive"] = True
    for code, option_kind in (missing or {}).items():
        options.append({"code": code, "label": {"en": code}, "kind": option_kind})
        if kind == "multi":
            options[-1]["exclusive"] = True
    text = {"en": f"{item_id}?"}
    return {"id": item_id, "type": kind, "construct": "test", "text": text, "options": options, **fields}


def wave(asked: Questionnaire, rows: Iterable[Mapping[str, str | Sequence[str]]]) -> OpenedWave:
    """One response per row of codes; what is off its path is dropped, as on opening."""
    router = Router(asked)
    routed = [router.route(answers_from_codes(asked, row)) for row in rows]
    vectors = [
        [
            LEFT_BLANK,
            *(
                _number(answer) if on else NOT_ASKED
                for answer, on in zip(r.answers.chosen, r.asked, strict=True)
            ),
        ]
        for r in routed
    ]
    width = 1 + len(asked.items)
    return OpenedWave(asked, (), np.array(vectors, np.int32).reshape(-1, width))


def _number(answer: Answer) -> int:
    if answer is None:
        return LEFT_BLANK
    return answer if isinstance(answer, int) else sum(1 << place for place in answer)


def invented(asked: Questionnaire, people: int, seed: int) -> OpenedWave:
    """People who answer at random, some of them exposed, some of them leaving much blank."""
    draw = np.random.default_rng(seed)
    exposed, skips = draw.random(people) < 0.3, draw.random(people) < 0.05
    columns = [_column(item, len(asked.options_of(item)), draw, exposed, skips) for item in asked.items]
    return on_path(asked, np.column_stack([np.full(people, LEFT_BLANK), *columns]).astype(np.int32))


def _column(
    item: Item,
    options: int,
    draw: np.random.Generator,
    exposed: npt.NDArray[np.bool_],
    skips: npt.NDArray[np.bool_],
) -> npt.NDArray[np.int64]:
    people = len(exposed)
    if item.type is ItemType.MULTI:
        bits = 1 << draw.integers(options, size=(2, people))
        both = draw.random(people) < 0.4 * ((item.max_choices or options) > 1)
        column = np.where(both, bits[0] | bits[1], bits[0])
    elif item.sensitive:
        column = np.where(exposed & (draw.random(people) < 0.3), draw.integers(options, size=people), 0)
    else:
        column = draw.choice(options, size=people, p=draw.dirichlet([3.0] * options))
    blank = skips if item.sensitive else draw.random(people) < 0.03
    return np.where(blank, LEFT_BLANK, column)


def on_path(asked: Questionnaire, answers: npt.NDArray[np.int32]) -> OpenedWave:
    """The answers as opening reads them: exclusive options resolved is left to coding, paths are walked."""
    router = Router(asked)
    routed = answers.copy()
    for row in routed:
        chosen = tuple(_answer(item, int(number)) for item, number in zip(asked.items, row[1:], strict=True))
        walked = router.route(Answers(chosen))
        row[1:] = [
            _number(answer) if on else NOT_ASKED
            for answer, on in zip(walked.answers.chosen, walked.asked, strict=True)
        ]
    return OpenedWave(asked, (), routed)


def answers_of(opened: OpenedWave) -> list[Answers]:
    """The responses of a wave, one by one."""
    items = opened.questionnaire.items
    return [
        Answers(tuple(_answer(item, int(number)) for item, number in zip(items, row[1:], strict=True)))
        for row in opened.answers
    ]


def _answer(item: Item, number: int) -> Answer:
    if number < 0:
        return None
    if item.type is not ItemType.MULTI:
        return number
    return tuple(place for place in range(number.bit_length()) if number >> place & 1)


def provenance(opened: OpenedWave, *, mode: Literal["invited", "open"] = "invited") -> Provenance:
    asked = opened.questionnaire
    return Provenance(
        wave=WaveFacts(
            id="0" * 16,
            organisation=Organisation(id="1" * 16, name="Bageriet"),
            manifest="a" * 64,
            mode=mode,
            field_period=FieldPeriod(first_day="2026-02-02", last_possible_day="2026-03-01"),
        ),
        questionnaire=QuestionnaireFacts(
            id=asked.id,
            version=asked.version,
            digest=digest(asked),
            sections=tuple(section.id for section in asked.sections),
        ),
        participation=Participation(
            invited=opened.responses + 4,
            received=opened.responses + 1,
            withdrawn=1,
            rejected={},
            counted=opened.responses,
        ),
        list=ListFacts(count=opened.responses, digest="b" * 64, signature="A" * 86),
    )


def released(
    opened: OpenedWave, policy: Policy = POLICY, *, mode: Literal["invited", "open"] = "invited"
) -> Release:
    plan = publication_plan(opened.questionnaire, breakdowns=(), open_wave=mode == "open")
    return make_release(opened, plan, policy, provenance(opened, mode=mode))

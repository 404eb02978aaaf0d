"""An organisation's own questionnaires: brought from a file, mapped to the alliance's, ready to field."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from analysis.indicators import INDICATORS
from questionnaires.digest import definition_bytes, load_definition
from questionnaires.errors import DefinitionError, Finding
from questionnaires.exchange.building import Imported
from questionnaires.exchange.report import Entry, Outcome, grouped
from questionnaires.loading import alliance_definition
from questionnaires.mapping import ItemMapping, mapped, with_own_names
from questionnaires.model import Area, Item, ItemType, Questionnaire
from survey.storage.identifiers import new_identifier
from survey.storage.models import Organisation, OwnQuestionnaire

MOST: Final = 50
"""How many an organisation may keep."""

_DEFINITIONS: Final[Mapping[str, str]] = {
    Area.LABOUR_MARKET: "workplace",
    Area.EDUCATION: "education",
    Area.CULTURE_LEISURE: "culture_leisure",
}


class NotBroughtError(ValueError):
    """A questionnaire that cannot be kept, with everything that is wrong with it."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(str(findings[0]))
        self.findings = findings


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of the alliance's items that indicators read, and what they call what they make of it."""

    item: Item
    indicators: tuple[str, ...]


def brought(imported: Imported, organisation: str, day: datetime.date) -> OwnQuestionnaire:
    """
    The row of an imported questionnaire, for the caller to add.

    Raises:
        NotBroughtError: If it has faults that keep it from being fielded.
    """
    if imported.findings:
        raise NotBroughtError(imported.findings)
    try:
        own = with_own_names(imported.questionnaire(), alliance_ids())
    except DefinitionError as error:
        raise NotBroughtError(error.findings) from error
    return OwnQuestionnaire(
        id=new_identifier(),
        organisation_id=organisation,
        definition=definition_bytes(own),
        mapping={},
        report=_report_value(imported.entries),
        brought_on=day,
    )


def fieldable(row: OwnQuestionnaire, organisation: Organisation) -> Questionnaire:
    """
    The questionnaire that a wave asks: the organisation's own, with what it is mapped to.

    Raises:
        DefinitionError: If the mapping no longer fits the alliance's definition.
    """
    return mapped(load_definition(row.definition), mappings_of(row), alliance_questionnaire(organisation))


def alliance_questionnaire(organisation: Organisation) -> Questionnaire:
    """The alliance's questionnaire for the organisation's part of society."""
    return alliance_definition(_DEFINITIONS.get(organisation.area, "workplace"))


@cache
def alliance_ids() -> frozenset[str]:
    """The ids of all items of the alliance's: none of them is anybody else's."""
    return frozenset(item for name in _DEFINITIONS.values() for item in alliance_definition(name).positions)


def candidates(own: Item, alliance: Questionnaire) -> list[Candidate]:
    """The alliance's items that an own item might be the same as: read by an indicator, answered alike."""
    found = []
    for item in alliance.items:
        indicators = tuple(each.id for each in INDICATORS if item.id in each.rule.items)
        if indicators and (item.type is ItemType.MULTI) == (own.type is ItemType.MULTI):
            found.append(Candidate(item, indicators))
    return found


def mappings_of(row: OwnQuestionnaire) -> dict[str, ItemMapping]:
    """What the row says its items are taken for."""
    found = {}
    for own, value in row.mapping.items():
        match value:
            case {"target": str() as target, "codes": dict() as codes}:
                found[own] = ItemMapping(target, {str(code): str(meant) for code, meant in codes.items()})
    return found


def mapping_value(mappings: Mapping[str, ItemMapping]) -> dict[str, object]:
    """Mappings as they are stored."""
    return {
        own: {"target": mapping.target, "codes": dict(mapping.codes)} for own, mapping in mappings.items()
    }


def _report_value(entries: Sequence[Entry]) -> dict[str, object]:
    return {
        outcome.value: [
            {"fact": fact, "places": places} for fact, places in grouped(entries, outcome).items()
        ]
        for outcome in Outcome
    }

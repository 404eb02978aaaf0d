"""Marks that an imported form cannot carry, put on by whoever knows what its questions ask."""

from __future__ import annotations

from questionnaires.checking import check
from questionnaires.errors import DefinitionError
from questionnaires.model import Questionnaire


def marked_sensitive(questionnaire: Questionnaire, item_id: str, *, sensitive: bool) -> Questionnaire:
    """
    The questionnaire with one item marked as sensitive, or as not.

    A sensitive item is asked only where its conditions are known to be true, and protected as exposure is.

    Raises:
        DefinitionError: If the item cannot be: a breakdown says who stands in which group.
    """
    sections = tuple(
        section.model_copy(
            update={
                "items": tuple(
                    item.model_copy(update={"sensitive": sensitive}) if item.id == item_id else item
                    for item in section.items
                )
            }
        )
        for section in questionnaire.sections
    )
    changed = questionnaire.model_copy(update={"sections": sections})
    definition = changed.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    findings = check(definition)
    if findings:
        raise DefinitionError("marks", findings)
    return Questionnaire.model_validate(definition)

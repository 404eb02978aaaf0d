"""What an export hands back, and what it tells of the parts that only our own reader finds again."""

from collections import Counter
from dataclasses import dataclass

from questionnaires.exchange.carrying import Carried
from questionnaires.exchange.report import Entry, Log
from questionnaires.model import Questionnaire


@dataclass(frozen=True, slots=True)
class Exported:
    """
    A definition in another format.

    Attributes:
        content: The file.
        entries: What it says in another way, or not at all.
    """

    content: bytes
    entries: tuple[Entry, ...]


def plain_data(questionnaire: Questionnaire) -> dict[str, object]:
    """The definition as a file has it: fields at their default are left out."""
    return questionnaire.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def told_beside(carried: Carried, where: str, log: Log) -> None:
    """Tell, field by field, what the format has no place for and the corrections hold."""
    fields = Counter(_field(correction.place) for correction in carried.corrections)
    for name, times in sorted(fields.items()):
        places = "place" if times == 1 else "places"
        log.changed(where, f"{name} ({times} {places}): other programs pass over it, an import here reads it")


def _field(place: str) -> str:
    steps = [step for step in place.split("/") if step]
    return steps[0] if len(steps) <= 2 else f"{steps[-3] if steps[-3] in _PARTS else steps[0]}: {steps[-1]}"  # noqa: PLR2004  `conditions/name`


_PARTS = frozenset({"sections", "items", "options", "scales"})

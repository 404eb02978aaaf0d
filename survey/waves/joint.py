"""
A joint wave: one wave of a member over many small organisations, shown together and none of them by itself.

The manifest says how many organisations they are and how many people the largest has. From the two follows of
how many organisations a group is at least, whoever counts: that is what is checked here, and again in the
respondent's browser (frontend/src/joint.ts).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Protocol

from babel.numbers import format_decimal
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from policy import POOLING
from questionnaires.loading import alliance_definition
from questionnaires.model import Questionnaire

FEWEST: Final = POOLING.organisations
"""Organisations that are joined at least, and that every group which is shown is at least made of."""
MOST: Final = 100_000
SHORTEST_KIND: Final = 2
LONGEST_KIND: Final = 60
UNIT: Final = "unit"
_ALLIANCES: Final = ("workplace", "education", "culture_leisure")


def _one_line(text: str) -> str:
    if not text.isprintable() or text != " ".join(text.split()):
        raise ValueError("this is no line of text; write it without line ends and double spaces")
    return text


Kind = Annotated[str, Field(min_length=SHORTEST_KIND, max_length=LONGEST_KIND), AfterValidator(_one_line)]


class Joint(BaseModel):
    """Over what a joint wave is: so many organisations of a kind, the largest with so many people."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    organisations: Annotated[int, Field(ge=FEWEST, le=MOST)]
    largest: Annotated[int, Field(ge=1)]
    kind: Annotated[dict[str, Kind], Field(min_length=1)]
    """What they are called, in the plural, by language."""

    def called(self, language: str) -> str:
        """Return them in words, such as "58 small theatres"; in the first language where there are none."""
        kind = self.kind.get(language) or next(iter(self.kind.values()))
        return f"{format_decimal(self.organisations, locale=language)} {kind}"


class Group(Protocol):
    """A unit, as far as it is looked at here."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def parent(self) -> str | None:
        """The id of the one it lies in."""

    @property
    def headcount(self) -> int:
        """How many people it has."""


@dataclass(frozen=True, slots=True)
class SingledOut:
    """
    People who may all be of fewer organisations than a group has to be made of.

    Attributes:
        people: How many they are.
        unit: The unit they are, or are left over in; empty for all who are asked.
        is_rest: Whether they are what a unit's parts, or all units, leave over.
    """

    people: int
    unit: str = ""
    is_rest: bool = False

    def __str__(self) -> str:
        rest = "what is left over in " if self.is_rest else ""
        return f'{rest}"{self.unit}"' if self.unit else f"{rest}the wave"


def least_people(joint: Joint) -> int:
    """How many people a group has at least, so that it is surely of as many organisations as it must be."""
    return FEWEST * joint.largest


def singled_out(joint: Joint, people: int, units: Sequence[Group]) -> Iterator[SingledOut]:
    """
    Whatever could be shown, or worked out by taking away, and might be of too few organisations.

    Args:
        joint: With the largest organisation's people.
        people: How many are asked.
        units: Those by which it is shown; none where it is not.
    """
    least = least_people(joint)
    if people < least:
        yield SingledOut(people)
    yield from (SingledOut(unit.headcount, unit.name) for unit in units if unit.headcount < least)
    if units:
        yield from _left_over(people, "", None, units, least)
    for unit in units:
        yield from _left_over(unit.headcount, unit.name, unit.id, units, least)


def _left_over(
    people: int, name: str, parent: str | None, units: Sequence[Group], least: int
) -> Iterator[SingledOut]:
    parts = [unit.headcount for unit in units if unit.parent == parent]
    # Whoever takes the parts from the whole has the rest: it must be no single organisation either.
    if parts and 0 < people - sum(parts) < least:
        yield SingledOut(people - sum(parts), name, is_rest=True)


def most_people(joint: Joint) -> int:
    """More people than this are not in so many organisations, of which none is larger than the largest."""
    return joint.organisations * joint.largest


def own_breakdowns(questionnaire: Questionnaire, breakdowns: Sequence[str]) -> list[str]:
    """
    Breakdowns by a question that is not the alliance's.

    It might ask in which of the organisations somebody is; nobody but its author reads what it says.
    """
    known = _breakdown_items()
    return [by for by in breakdowns if by != UNIT and _codes(questionnaire, by) not in known.get(by, ())]


def _breakdown_items() -> Mapping[str, tuple[tuple[str, ...], ...]]:
    found: dict[str, tuple[tuple[str, ...], ...]] = {}
    for whole in map(alliance_definition, _ALLIANCES):
        for item in whole.rules.breakdown_items:
            found[item] = (*found.get(item, ()), _codes(whole, item))
    return found


def _codes(questionnaire: Questionnaire, item: str) -> tuple[str, ...]:
    return tuple(option.code for option in questionnaire.options_of(questionnaire.item(item)))

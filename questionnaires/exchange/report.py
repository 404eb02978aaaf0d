"""
What became of each part of a questionnaire on its way between formats: carried over, changed, left out.

Every import and every export ends with such a report, so that nothing is dropped in silence
(docs/reference/exchange.md). Each entry says where in the file, and what and why.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from questionnaires.errors import Finding, QuestionnaireError


class Outcome(StrEnum):
    """What became of one part."""

    CARRIED = "carried"
    CHANGED = "changed"
    LEFT_OUT = "left_out"


class ExchangeError(QuestionnaireError, ValueError):
    """A file that cannot be read as what it is said to be; its finding says place, fact and remedy."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding


@dataclass(frozen=True, slots=True)
class Entry:
    """
    One part, and what became of it.

    Attributes:
        outcome: Carried over, changed or left out.
        place: Where it stands: `survey, row 12`, `question "Q3"`.
        fact: What is there and what was made of it, or why nothing could be.
    """

    outcome: Outcome
    place: str
    fact: str

    def __str__(self) -> str:
        return f"{self.place}: {self.fact}"


@dataclass(slots=True)
class Log:
    """Entries as they come up, in the order of the file."""

    entries: list[Entry] = field(default_factory=list)
    _said: set[str] = field(default_factory=set)

    def carried(self, place: str, fact: str) -> None:
        """Note what is the same there and here."""
        self.entries.append(Entry(Outcome.CARRIED, place, fact))

    def changed(self, place: str, fact: str) -> None:
        """Note what is here in another way than there."""
        self.entries.append(Entry(Outcome.CHANGED, place, fact))

    def left_out(self, place: str, fact: str) -> None:
        """Note what is there and not here, and why."""
        self.entries.append(Entry(Outcome.LEFT_OUT, place, fact))

    def changed_once(self, place: str, fact: str) -> None:
        """Note a change that would be said of many places, of the first only."""
        if fact not in self._said:
            self._said.add(fact)
            self.changed(place, fact)


def grouped(entries: Sequence[Entry], outcome: Outcome) -> dict[str, list[str]]:
    """Each fact of one outcome, with the places it is said of, in the order they came up."""
    found: dict[str, list[str]] = {}
    for entry in entries:
        if entry.outcome is outcome:
            found.setdefault(entry.fact, []).append(entry.place)
    return {fact: list(dict.fromkeys(places)) for fact, places in found.items()}

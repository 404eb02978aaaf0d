"""What has become of each figure since the organisation's earlier waves, and of what it meant to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from flask_babel import lazy_gettext

from analysis.changes import Trend, change
from analysis.indicators import BY_ID, Direction
from analysis.naming import Name, title
from analysis.shares import Share
from analysis.wording import WORDINGS
from survey.dashboards.entries import Entry
from survey.dashboards.trusted import Reading
from survey.storage.models import PlannedAction
from survey.storage.repositories import ScopedRepository

_UNTOLD: Final = "–"
TRENDS: Final = {
    Trend.HIGHER: lazy_gettext("More than last time"),
    Trend.LOWER: lazy_gettext("Fewer than last time"),
    Trend.NO_CLEAR_CHANGE: lazy_gettext("No clear change since last time"),
}
"""What is said of a figure beside the wave before."""


@dataclass(frozen=True, slots=True)
class Line:
    """
    One figure over the waves.

    Attributes:
        anchor: Of its figure on the page.
        name: What it is called.
        shares: Its share in each wave, in words, the latest first.
        trend: What is said of the latest and the one before it; None where nothing may be.
        is_better: Whether that is good news; None where it is neither, or not clear.
        actions: What was meant to change it.
    """

    anchor: str
    name: Name
    shares: tuple[str, ...]
    trend: Trend | None
    is_better: bool | None
    actions: tuple[PlannedAction, ...]


@dataclass(frozen=True, slots=True)
class History:
    """
    The indicators over the waves, and what was meant to be done since the last one.

    Attributes:
        days: The first day of each wave, the latest first.
        lines: The indicators of which anything can be said over time.
        others: Actions that no line has beside it.
    """

    days: tuple[date, ...]
    lines: tuple[Line, ...]
    others: tuple[PlannedAction, ...]


def history(
    repository: ScopedRepository, reading: Reading, entries: Sequence[Entry], language: str
) -> History:
    """
    What has become of each indicator.

    Args:
        repository: The organisation's.
        reading: The release that is being read.
        entries: All of the organisation's releases, the newest first.
        language: "da" or "en".
    """
    earlier = _earlier(reading, entries)
    planned = repository.planned_actions(earlier[0].release.wave.id) if earlier else ()
    lines = [_line(reading, earlier, indicator, planned, language) for indicator in BY_ID] if earlier else []
    told = tuple(line for line in lines if line is not None)
    beside = {action.id for line in told for action in line.actions}
    return History(
        days=tuple(_first_day(each) for each in (reading, *earlier)),
        lines=told,
        others=tuple(action for action in planned if action.id not in beside),
    )


def _earlier(reading: Reading, entries: Sequence[Entry]) -> list[Reading]:
    own = reading.release.wave.field_period.first_day
    return [
        each.reading
        for each in entries
        if each.reading is not None
        and each.reading.release.wave.field_period.first_day < own
        # Its own people and those of others are not the same ones, seen twice.
        and (each.reading.manifest.joint is None) == (reading.manifest.joint is None)
    ]


def _line(
    reading: Reading,
    earlier: Sequence[Reading],
    indicator: str,
    planned: Sequence[PlannedAction],
    language: str,
) -> Line | None:
    table = next(
        (each.id for each in reading.release.tables if (each.item, each.by) == (indicator, None)), ""
    )
    changes = [change(table, past.release, reading.release, reading.questionnaire) for past in earlier]
    known = [each for each in changes if each is not None]
    if not known:
        return None
    latest = changes[0]
    return Line(
        anchor=table,
        name=title("indicator", indicator, reading.questionnaire, language),
        shares=(
            _words(known[0].after, language),
            *(_UNTOLD if each is None else _words(each.before, language) for each in changes),
        ),
        trend=None if latest is None else latest.trend,
        is_better=None if latest is None else _is_better(indicator, latest.trend),
        actions=tuple(action for action in planned if action.about == indicator),
    )


def _is_better(indicator: str, trend: Trend) -> bool | None:
    direction = BY_ID[indicator].direction
    if trend is Trend.NO_CLEAR_CHANGE or direction is Direction.NEITHER:
        return None
    return (trend is Trend.HIGHER) == (direction is Direction.HIGHER_IS_BETTER)


def _words(share: Share, language: str) -> str:
    return WORDINGS[language].share(share)


def _first_day(reading: Reading) -> date:
    return date.fromisoformat(reading.release.wave.field_period.first_day)

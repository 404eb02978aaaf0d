"""
`tillid demo build`: what some sixty invented organisations gave to the sectors' figures in four years.

Respondents are invented, their answers coded, counted and given noise by the real stages; sealing and
opening are left to the waves that the demo runs live. The same seed and day give the same bytes on every
machine. One line of JSON first, then a line for each organisation; `survey/commands/joining.py` reads it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from random import Random  # noqa: TID251  Invented respondents, not a secret.
from typing import Final

from analysis.pipeline import make_contribution
from questionnaires.digest import JsonValue, canonical_bytes
from questionnaires.loading import load
from questionnaires.model import Questionnaire
from survey.commands.written import write_whole
from survey.worker.inventing import Place, as_opened, invented

FORMAT: Final = "tillid-demo/1"
FILE: Final = Path(__file__).parent / "invented" / "sectors.jsonl"
YEARS: Final = 4
A_YEAR: Final = dt.timedelta(days=364)
AGO: Final = dt.timedelta(days=220)
"""How long ago the last of the yearly waves began: half a year must lie between its end and today's."""
FIELD_DAYS: Final = dt.timedelta(days=14)
WARNING: Final = "Everything in this file is made up. It says nothing about anybody."
_DEFINITIONS: Final = Path(__file__).parents[2] / "questionnaires" / "definitions"
_DEFINITION: Final = {
    "labour_market": "workplace",
    "education": "education",
    "culture_leisure": "culture_leisure",
}
_ANSWER: Final = (0.62, 0.86)
"""Between which shares of those asked answer: assumed."""
_BETTER: Final = 0.03
"""How much a climate gains in a year, and twice as much what people know and talk of: assumed."""
_WORLD: Final = 1_000_000
"""Seeds of one build, so far apart from the next one's."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Organisations of one sector: how many there are, how large, and what they are like at first."""

    area: str
    sector: str
    name: str
    number: int
    people: tuple[int, int]
    place: Place


# Large enough sectors that most figures may be told, and three too small, whose figures may not.
KINDS: Final = (
    Kind("labour_market", "DB07/3/C", "Fabrik", 9, (30, 320), Place("average", 0.58, 0.4)),
    Kind("labour_market", "DB07/3/I", "Restaurant", 8, (14, 70), Place("hospitality", 0.48, 0.25)),
    Kind("labour_market", "DB07/3/Q", "Plejehjem", 7, (40, 180), Place("residential_care", 0.6, 0.5)),
    Kind("labour_market", "DB07/3/D", "Forsyning", 2, (60, 240), Place("energy", 0.68, 0.55)),
    Kind(
        "education", "alliance-education/1/gymnasium", "Gymnasium", 8, (90, 420), Place("average", 0.62, 0.5)
    ),
    Kind("education", "alliance-education/1/eud", "Erhvervsskole", 6, (80, 360), Place("average", 0.54, 0.4)),
    Kind(
        "education", "alliance-education/1/maritim", "Søfartsskole", 2, (40, 120), Place("average", 0.5, 0.35)
    ),
    Kind(
        "culture_leisure",
        "alliance-culture-leisure/1/theatre",
        "Teater",
        6,
        (20, 110),
        Place("hotel", 0.5, 0.4),
    ),
    Kind(
        "culture_leisure",
        "alliance-culture-leisure/1/sports_club",
        "Idrætsforening",
        7,
        (25, 160),
        Place("average", 0.6, 0.35),
    ),
    Kind(
        "culture_leisure",
        "alliance-culture-leisure/1/museum",
        "Museum",
        2,
        (18, 80),
        Place("energy", 0.66, 0.5),
    ),
)


def build_sectors(seed: int, day: dt.date, out: Path) -> str:
    """Write the file of the organisations that the demo does not run live; returns its SHA-256."""
    lines = [organisation_line(seed, day, number) for number in range(len(everybody()))]
    content = b"\n".join([header(seed, day, lines), *lines, b""])
    write_whole(out, content)
    return sha256(content).hexdigest()


def everybody() -> list[tuple[Kind, str]]:
    """Return every organisation's kind and name, in the order of the file."""
    return [
        (kind, f"{kind.name} nr. {number} (opdigtet)")
        for kind in KINDS
        for number in range(1, kind.number + 1)
    ]


def header(seed: int, day: dt.date, lines: list[bytes]) -> bytes:
    """Return the first line: what the file was made from, what its numbers count, and the others' digest."""
    return canonical_bytes(
        {
            "format": FORMAT,
            "synthetic": WARNING,
            "seed": seed,
            "day": day.isoformat(),
            "digest": sha256(b"\n".join(lines)).hexdigest(),
            "indicators": {name: _counted(name) for name in sorted(_DEFINITION.values())},
        }
    )


def organisation_line(seed: int, day: dt.date, number: int) -> bytes:
    """Return the line of one organisation: where it belongs, and what each of its waves gave."""
    kind, name = everybody()[number]
    source = _random(seed, number, "organisation")
    invited = source.randint(*kind.people)
    # Some came later; each differs from others of its kind.
    first = source.choice((0, 0, 0, 1, 1, 2))
    apart = source.uniform(-0.1, 0.1)
    waves: list[JsonValue] = []
    for year in range(first, YEARS):
        wave = _wave(seed, number, year, invited, _grown(kind.place, apart, year))
        waves.append({**wave, "last_day": _last_day(day, year)})
    return canonical_bytes(
        {
            "name": name,
            "area": kind.area,
            "sector": kind.sector,
            "questionnaire": _DEFINITION[kind.area],
            "invited": invited,
            "waves": waves,
        }
    )


def _wave(seed: int, number: int, year: int, invited: int, place: Place) -> dict[str, JsonValue]:
    questionnaire = published(_DEFINITION[everybody()[number][0].area])
    source = _random(seed, number, year)
    answering = round(invited * source.uniform(*_ANSWER))
    people = invented(questionnaire, place, answering, (), seed * _WORLD + number * YEARS + year)
    totals = make_contribution(
        as_opened(questionnaire, people),
        lambda label, most: _random(seed, number, year, label).randrange(most),
    )
    return {
        "respondents": answering,
        "counts": [list(total.counts) for total in totals],
        "points": [total.points for total in totals],
    }


def _last_day(day: dt.date, year: int) -> str:
    return (day - AGO - (YEARS - 1 - year) * A_YEAR + FIELD_DAYS).isoformat()


def _grown(place: Place, apart: float, year: int) -> Place:
    """The place so many years on, as far from its kind as this organisation is."""
    climate = place.climate + apart + year * _BETTER
    practice = (place.practice or 0) + apart + 2 * year * _BETTER
    return Place(place.exposure, min(0.95, max(0.05, climate)), min(0.95, max(0.05, practice)))


def _counted(definition: str) -> list[JsonValue]:
    """What a questionnaire's contribution counts, in its order."""
    questionnaire = published(definition)
    people = invented(questionnaire, Place("average", 0.5), 1, (), 0)
    totals = make_contribution(as_opened(questionnaire, people), lambda _label, most: most - 1)
    return [{"id": total.id, "options": list(total.options)} for total in totals]


@cache
def published(definition: str) -> Questionnaire:
    """Return one of the alliance's own questionnaires."""
    return load(_DEFINITIONS / f"{definition}.yaml")


def _random(*labels: object) -> Random:
    return Random("/".join(map(str, labels)))  # noqa: S311  Invented respondents, not a secret.

"""
How long the worker takes for a preview of 4,000 people in 25 departments, shown by units, gender and age.

Two levels: five areas of five departments of 8 to 420 people, so that some are too small. The workplace
questionnaire, whole. Seconds by the clock and of the processor, since a preview gives way to all other work.
"""

from __future__ import annotations

import datetime
import json
import os
import time
from typing import Final

from questionnaires.digest import definition_bytes
from questionnaires.loading import alliance_definition
from survey.waves.manifest import FieldPeriod, Unit
from survey.waves.plan import WavePlan
from survey.worker.previewing import preview

DEPARTMENTS: Final = (
    *(420, 360, 310, 280, 260, 240, 220, 210, 190, 180, 170, 160, 150, 140, 130),
    *(110, 100, 90, 80, 60, 50, 40, 30, 12, 8),
)
AREAS: Final = 5
BREAKDOWNS: Final = ("unit", "d01_gender", "d02_age")


def main() -> None:
    """Print one line: people, units, breakdowns, figures shown, seconds by the clock and of the processor."""
    planned, definition = plan(), definition_bytes(alliance_definition("workplace"))
    began, worked = time.monotonic(), sum(os.times()[:4])
    made = json.loads(preview(definition, planned.value()))
    clock, processor = time.monotonic() - began, sum(os.times()[:4]) - worked
    print("| people | units | breakdowns | figures shown | s by the clock | s of the processor | load |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    counts = (planned.invited, len(planned.units), len(planned.breakdowns), len(made["shown"]))
    told = (*map(str, counts), f"{clock:.0f}", f"{processor:.0f}", f"{os.getloadavg()[0]:.1f}")
    print(f"| {' | '.join(told)} |")


def plan() -> WavePlan:
    """The plan of such a company."""
    areas = [
        Unit(id=f"a{area}", name=f"Area {area + 1}", headcount=sum(DEPARTMENTS[area::AREAS]), parent=None)
        for area in range(AREAS)
    ]
    departments = [
        Unit(id=f"d{place}", name=f"Department {place + 1}", headcount=people, parent=f"a{place % AREAS}")
        for place, people in enumerate(DEPARTMENTS)
    ]
    first = datetime.date(2027, 1, 11)
    period = FieldPeriod(
        first_day=first.isoformat(), last_possible_day=(first + datetime.timedelta(days=28)).isoformat()
    )
    return WavePlan(
        languages=("da", "en"),
        units=(*areas, *departments),
        invited=sum(DEPARTMENTS),
        breakdowns=BREAKDOWNS,
        field_period=period,
    )


if __name__ == "__main__":
    main()

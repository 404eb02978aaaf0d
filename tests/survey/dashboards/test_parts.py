from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from analysis.indicators import INDICATORS
from questionnaires.loading import load
from survey.dashboards.parts import TITLES, Part, part_of

DEFINITIONS = sorted(Path("questionnaires/definitions").glob("[a-z]*.yaml"))


@pytest.mark.parametrize("path", DEFINITIONS, ids=[path.stem for path in DEFINITIONS])
def test_every_item_of_the_alliances_questionnaires_has_its_part(path: Path) -> None:
    questionnaire = load(path)

    parts = Counter(part_of("item", item.id, questionnaire) for item in questionnaire.items)

    assert parts[Part.OTHER] == 0
    assert set(parts) == set(Part) - {Part.OTHER}


@pytest.mark.parametrize(
    ("indicator", "part"),
    [
        ("I11_climate_index", Part.CLIMATE),
        ("I10_awareness", Part.AWARENESS),
        ("I01_exposure_any", Part.EXPOSURE),
        ("I05_self_labelled", Part.EXPOSURE),
        ("I06_witnessed", Part.WITNESSES),
        ("I08_told_formal", Part.AFTERWARDS),
        ("of_a_later_version", Part.OTHER),
    ],
)
def test_an_indicator_stands_with_what_it_measures(indicator: str, part: Part) -> None:
    workplace = load(Path("questionnaires/definitions/workplace.yaml"))

    assert part_of("indicator", indicator, workplace) is part
    assert all(part_of("indicator", each.id, workplace) is not Part.OTHER for each in INDICATORS)


def test_an_item_that_measures_something_else_has_a_place_of_its_own() -> None:
    other = load(Path("tests/questionnaires_for_tests/open_source_survey.yaml"))

    assert part_of("item", "witness", other) is Part.OTHER


def test_every_part_has_a_title() -> None:
    assert set(TITLES) == set(Part)

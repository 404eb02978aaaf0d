"""A table by reporting group: named by the questionnaire or the manifest, hidden figures in words."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from questionnaires.model import Questionnaire
from survey.dashboards.groups import group_tables
from survey.dashboards.trusted import Reading
from survey.waves import manifest as manifests
from tests import releases

ORGANISATION = {"id": "0" * 16, "name": "Havnens Værksted"}


def reading(workplace: Questionnaire, by: str, groups: Mapping[str, tuple[tuple[int, int], ...]]) -> Reading:
    whole = releases.table(workplace, "k02_contact", ((20, 20), (10, 10), (5, 5), (5, 5)), (40, 40))
    parents = {"u2": "u1"}
    rows = tuple(
        whole.rows[0].model_copy(
            update={"group": group, "parent": parents.get(group), "base": (20, 20), "cells": cells}
        )
        for group, cells in groups.items()
    )
    broken = whole.model_copy(update={"id": f"k02_contact by {by}", "by": by, "rows": rows})
    release = releases.release(workplace, "1" * 16, ORGANISATION, [whole])
    promised = manifests.from_bytes(releases.manifest(workplace, "1" * 16, ORGANISATION))
    return Reading(release.model_copy(update={"tables": (whole, broken)}), workplace, promised)


@pytest.mark.parametrize(("language", "young"), [("da", "Under 45 år"), ("en", "Under 45")])
def test_groups_are_named_by_the_rung_that_they_are_shown_by(
    workplace: Questionnaire, language: str, young: str
) -> None:
    shown = {"u45": ((5, 9), (5, 9), (0, 4), (0, 4)), "45p": ((10, 14), (0, 20), (0, 4), (0, 4))}
    asked = reading(workplace, "d02_age", shown)

    [table] = group_tables(asked, asked.release.tables[0], language)

    assert table.rows[0].name.text == young
    assert table.by is not None
    assert table.rows[0].counts[0] == "5–9"
    assert table.rows[1].counts[1] == {"da": "skjult", "en": "hidden"}[language]


def test_a_unit_within_another_is_told_from_it(workplace: Questionnaire) -> None:
    cells = ((10, 10), (5, 5), (0, 4), (0, 4))
    asked = reading(workplace, "unit", {"u1": cells, "u2": cells})

    [table] = group_tables(asked, asked.release.tables[0], "en")

    assert table.by is None
    assert [row.is_part for row in table.rows] == [False, True]


def test_a_breakdown_of_which_all_is_hidden_is_no_table(workplace: Questionnaire) -> None:
    asked = reading(workplace, "d02_age", {"u45": ((0, 20),) * 4, "45p": ((0, 20),) * 4})

    assert group_tables(asked, asked.release.tables[0], "en") == ()

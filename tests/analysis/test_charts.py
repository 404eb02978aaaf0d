from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from hypothesis import given, settings

from analysis import charts
from analysis.charts import Chart, chart
from analysis.release import Row, Table
from analysis.tables import FrequencyTable, ProtectedTable
from questionnaires.loading import load
from tests.analysis.strategies import Published, pairs, published
from tests.releases import Bounds, table

WORKPLACE = load(Path("questionnaires/definitions/workplace.yaml"))
CLIMATE = "c01_taken_seriously"


def drawn(measured: str, cells: tuple[Bounds, ...], language: str = "en", mean: int | None = None) -> Chart:
    made = table(WORKPLACE, measured, cells, coarse=True, mean=mean)
    return chart(made, made.rows[0], WORKPLACE, language)


def figure_of(made: Chart) -> Any:  # noqa: ANN401  Plotly's values are what a browser reads, not what we type
    assert made.figure is not None
    return made.figure


def ends(made: Chart) -> list[tuple[int, int]]:
    """Where each bar surely reaches, and where it may end."""
    sure, still_open = figure_of(made)["data"]
    return [(lo, lo + more) for lo, more in zip(sure["x"], still_open["x"], strict=True)]


def texts(made: Chart) -> list[str]:
    return [annotation["text"] for annotation in figure_of(made)["layout"]["annotations"]]


def test_only_parts_of_a_release_can_be_drawn() -> None:
    hints = get_type_hints(chart)

    assert (hints["table"], hints["row"]) == (Table, Row)
    source = inspect.getsource(charts)
    assert FrequencyTable.__name__ not in source
    assert ProtectedTable.__name__ not in source


def test_the_table_says_every_cell_in_words() -> None:
    made = drawn("I01_exposure_any", ((5, 9), (45, 54), (0, 4)), "da")

    assert [(row.name.text, row.count, row.share) for row in made.rows] == [
        ("Ja", "5–9", "8–16\u00a0%"),
        ("Nej", "45–54", "83–92\u00a0%"),
        ("Intet svar", "færre end 5", "højst 7\u00a0% af alle"),
    ]
    assert made.base == "63"
    assert made.title.text == "Oplevet mindst én hændelse (12 mdr.)"


def test_a_hidden_cell_has_words_and_no_bar() -> None:
    made = drawn("k02_contact", ((0, 63), (20, 20), (0, 63), (0, 63)))

    assert [(row.count, row.share) for row in made.rows] == [
        ("hidden to protect people", None),
        ("20", "at least 31%"),
        ("hidden to protect people", None),
        ("hidden to protect people", None),
    ]
    assert ends(made) == [(31, 100)]
    assert "hidden" in texts(made)


def test_where_everything_is_hidden_there_is_no_picture() -> None:
    made = drawn(CLIMATE, ((0, 63),) * 4)

    assert made.figure is None
    assert not made.has_bands


def test_a_bar_reaches_as_far_as_its_words_say() -> None:
    made = drawn(CLIMATE, ((45, 49), (5, 9), (0, 4), (0, 4)))

    assert ends(made) == [(77, 84), (8, 16), (0, 7)]
    assert [row.share for row in made.rows][:3] == ["77–84%", "8–16%", "at most 7%"]
    assert made.has_bands


def test_exact_bars_have_no_open_end() -> None:
    made = drawn(CLIMATE, ((40, 40), (12, 12), (8, 8), (3, 3)))

    assert ends(made) == [(67, 67), (20, 20), (13, 13)]
    assert not made.has_bands


def test_an_index_carries_its_mean() -> None:
    made = drawn("I11_climate_index", ((30, 30), (18, 18), (10, 10), (5, 5)), mean=60)

    assert made.mean == "60"


def test_options_stand_in_the_questionnaires_order_whatever_their_counts() -> None:
    rising = drawn("k02_contact", ((5, 5), (20, 20), (30, 30), (8, 8)))
    falling = drawn("k02_contact", ((30, 30), (20, 20), (5, 5), (8, 8)))

    assert [row.name for row in rising.rows] == [row.name for row in falling.rows]
    assert texts(rising)[::2] == texts(falling)[::2] == ["Yes, I do", "Partly", "No"]


def test_every_bar_has_one_colour_however_long_it_is() -> None:
    made = drawn("k02_contact", ((5, 5), (20, 20), (30, 30), (8, 8)))

    for trace in figure_of(made)["data"]:
        assert isinstance(trace["marker"]["color"], str)


def test_danish_numbers_have_danish_separators() -> None:
    made = drawn(CLIMATE, ((40, 40), (12, 12), (8, 8), (3, 3)), "da")

    assert figure_of(made)["layout"]["separators"] == ",."


def test_a_name_has_no_markup_and_no_line_that_a_phone_would_cut() -> None:
    item = WORKPLACE.item("k02_contact")
    label = item.options[0].label.model_copy(
        update={"root": {"da": "x", "en": "<a href='x'>a</a> & " + "word " * 20}}
    )
    option = item.options[0].model_copy(update={"label": label})
    changed = item.model_copy(update={"options": (option, *item.options[1:])})
    sections = [
        section.model_copy(
            update={"items": tuple(changed if each.id == changed.id else each for each in section.items)}
        )
        for section in WORKPLACE.sections
    ]
    questionnaire = type(WORKPLACE).model_validate(WORKPLACE._fields() | {"sections": sections})
    made = table(questionnaire, "k02_contact", ((30, 30), (20, 20), (5, 5), (8, 8)))

    text = texts(chart(made, made.rows[0], questionnaire, "en"))[0]

    assert text.startswith("&lt;a href='x'&gt;a&lt;/a&gt; &amp; word")
    assert max(map(len, text.split("<br>")[1:])) <= 36


@pytest.mark.parametrize("language", ["da", "en"])
@settings(max_examples=30)  # drawing takes milliseconds
@given(drawn_table=published(3, exact_base=True))
def test_every_number_in_a_chart_follows_from_published_bounds(drawn_table: Published, language: str) -> None:
    made = table(WORKPLACE, "k02_contact", pairs(drawn_table.cells), drawn_table.base)

    shown = chart(made, made.rows[0], WORKPLACE, language)

    # The same bounds around other counts are the same release, so they are the same chart.
    again = Table.model_validate_json(made.model_dump_json())
    assert chart(again, again.rows[0], WORKPLACE, language) == shown
    json.dumps(shown.figure, allow_nan=False)
    if shown.figure is not None:
        assert all(0 <= lo <= hi <= 100 for lo, hi in ends(shown))

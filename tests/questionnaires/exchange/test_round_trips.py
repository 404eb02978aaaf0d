"""Definition → format → definition is the same definition; an edit made elsewhere wins over what we wrote."""

import io
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from openpyxl import load_workbook
from pyxform.xls2xform import convert

from questionnaires.exchange.exported import Exported, plain_data
from questionnaires.exchange.limesurvey_writing import write_limesurvey
from questionnaires.exchange.reading import read_questionnaire
from questionnaires.exchange.report import Outcome
from questionnaires.exchange.xlsform_writing import write_xlsform
from questionnaires.loading import alliance_definition, load
from questionnaires.model import Questionnaire
from tests.questionnaires.drawn import questionnaires
from tests.questionnaires.exchange.forms import changed, of, titled
from tests.vectors.refresh import FOR_TESTS

Write = Callable[[Questionnaire], Exported]
WRITERS = [pytest.param(write_xlsform, id="xlsform"), pytest.param(write_limesurvey, id="limesurvey")]
ALLIANCE = ["workplace", "education", "culture_leisure"]
FEATURES = sorted(file.stem for file in FOR_TESTS.glob("*.yaml") if file.stem != "text")


def same(questionnaire: Questionnaire, write: Write) -> None:
    imported = read_questionnaire({"exported": write(questionnaire).content}, questionnaire.default_language)

    assert imported.findings == ()
    assert imported.is_whole
    assert plain_data(imported.questionnaire()) == plain_data(questionnaire)


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize("name", ALLIANCE)
def test_the_alliances_questionnaires_come_back_as_they_went(name: str, write: Write) -> None:
    same(alliance_definition(name), write)


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize("name", FEATURES)
def test_every_feature_comes_back_as_it_went(name: str, write: Write) -> None:
    same(load(FOR_TESTS / f"{name}.yaml"), write)


@pytest.mark.parametrize("write", WRITERS)
def test_whatever_can_be_drawn_comes_back_as_it_went(write: Write) -> None:
    @settings(max_examples=12)
    @given(questionnaires())
    def comes_back(drawn: Questionnaire) -> None:
        same(drawn, write)

    comes_back()


@pytest.mark.parametrize("name", ALLIANCE)
def test_pyxform_accepts_what_is_exported(name: str) -> None:
    exported = write_xlsform(alliance_definition(name))

    result = convert(io.BytesIO(exported.content), validate=False, file_type=".xlsx")

    assert "<h:title>" in result.xform
    assert result.warnings == []


def test_an_export_tells_what_other_programs_pass_over() -> None:
    told = of(write_xlsform(alliance_definition("workplace")).entries, Outcome.CHANGED)

    assert any("items: sensitive" in fact for fact in told)
    assert any("conditions" in fact for fact in told)


def test_an_edit_in_the_form_wins_over_what_stands_beside_it() -> None:
    book = load_workbook(io.BytesIO(write_xlsform(load(FOR_TESTS / "routing.yaml")).content))
    rows = {str(row[1].value): row for row in book["survey"].iter_rows(min_row=2)}
    columns = [cell.value for cell in book["survey"][1]]
    conditional = next(name for name, row in rows.items() if row[columns.index("relevant")].value)
    rows[conditional][columns.index("relevant")].value = None
    stream = io.BytesIO()
    book.save(stream)

    imported = read_questionnaire({"edited.xlsx": stream.getvalue()})

    sections = imported.questionnaire().sections
    conditions = {section.id: section.show_if for section in sections}
    conditions |= {item.id: item.show_if for section in sections for item in section.items}
    assert conditions[conditional] is None
    assert any("was edited since" in fact for fact in changed(imported))


def test_a_text_that_looks_like_a_formula_stays_a_text() -> None:
    same(titled(load(FOR_TESTS / "multi.yaml"), "=1+1"), write_xlsform)


def test_braces_and_markup_in_a_text_come_back_from_limesurvey() -> None:
    same(titled(load(FOR_TESTS / "multi.yaml"), "a <b> & {c}\nd"), write_limesurvey)

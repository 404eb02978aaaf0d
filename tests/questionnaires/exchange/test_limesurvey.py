"""What a LimeSurvey survey structure becomes."""

from pathlib import Path

import pytest

from questionnaires.exchange.building import Imported
from questionnaires.exchange.limesurvey import read_limesurvey
from questionnaires.exchange.limesurvey_types import WHY_NOT
from questionnaires.exchange.report import ExchangeError
from questionnaires.model import ItemType, Layout
from tests.questionnaires.exchange.forms import answers, asked, changed, left_out, said, shown_if, structure

FORMS = Path(__file__).parents[2] / "data" / "forms" / "citric"


def survey(*questions: dict[str, object], **tables: list[dict[str, object]]) -> Imported:
    texts = [said(int(str(question["qid"])), f"Text {question['title']}") for question in questions]
    tables["question_l10ns"] = [*texts, *tables.get("question_l10ns", [])]
    return read_limesurvey(structure(questions=list(questions), **tables), "drawn.lss", "en")


def test_lists_multiple_choice_and_arrays_come_along() -> None:
    imported = survey(
        asked(1, "L", "Q1"),
        asked(2, "M", "Q2"),
        asked(3, "F", "Q3"),
        subquestions=[
            asked(21, "T", "SQ001", parent_qid=2),
            asked(22, "T", "SQ002", parent_qid=2),
            asked(31, "T", "R1", parent_qid=3),
            asked(32, "T", "R2", parent_qid=3),
        ],
        question_l10ns=[said(21, "One"), said(22, "Two"), said(31, "Row one"), said(32, "Row two")],
        **{
            name: rows + answers(3, A1="Yes", A2="No")[name]
            for name, rows in answers(1, A="Red", B="Blue").items()
        },
    )
    questionnaire = imported.questionnaire()

    assert {item.id: item.type for item in questionnaire.items} == {
        "q1": ItemType.SINGLE,
        "q2": ItemType.MULTI,
        "q3_r1": ItemType.SCALE,
        "q3_r2": ItemType.SCALE,
    }
    assert [section.layout for section in questionnaire.sections] == [Layout.LIST, Layout.MATRIX]
    assert questionnaire.sections[1].intro is not None
    assert questionnaire.sections[1].intro["en"] == "Text Q3"


def condition(relevance: str) -> object:
    imported = survey(
        asked(1, "L", "Q1"),
        asked(2, "M", "Q2"),
        asked(3, "Y", "Q3", relevance=relevance),
        subquestions=[asked(21, "T", "SQ001", parent_qid=2), asked(22, "T", "SQ002", parent_qid=2)],
        question_l10ns=[said(21, "One"), said(22, "Two")],
        **answers(1, A1="Red", A2="Blue"),
    )
    items = {item.id: item for item in imported.questionnaire().items}
    return shown_if(items["q3"]) if "q3" in items else left_out(imported)


@pytest.mark.parametrize(
    ("relevance", "meant"),
    [
        ("", None),
        ("1", None),
        ('((Q1.NAOK == "A1"))', {"items": ["q1"], "in": ["a1"]}),
        ("1X1X1 eq 'A1'", {"items": ["q1"], "in": ["a1"]}),
        ('Q1.NAOK != "A1"', {"not": {"items": ["q1"], "in": ["a1"]}}),
        ('Q2_SQ001.NAOK == "Y"', {"items": ["q2"], "includes_any": ["sq001"]}),
        ('!(1X1X2SQ001 == "Y")', {"items": ["q2"], "includes_none": ["sq001"]}),
        ("!is_empty(Q1)", {"items": ["q1"], "answered": True}),
        (
            'Q1 == "A1" && !(Q2_SQ002 == "Y")',
            {"all": [{"items": ["q1"], "in": ["a1"]}, {"items": ["q2"], "includes_none": ["sq002"]}]},
        ),
    ],
)
def test_relevance_becomes_a_condition(relevance: str, meant: object) -> None:
    assert condition(relevance) == meant


@pytest.mark.parametrize(
    "relevance",
    [
        'Q1 = "A1"',
        'Q1 > "A1"',
        "count(that.Q2) > 1",
        'Q9 == "Y"',
        "0",
        'Q1.shown == "Red"',
        "rand(1,2) == 1",
        'Q1 == "A1',
    ],
)
def test_a_question_whose_relevance_is_not_understood_is_left_out(relevance: str) -> None:
    told = condition(relevance)

    assert isinstance(told, list)
    assert any("Q3" in fact for fact in told)


def test_structures_of_before_version_4_have_their_texts_beside() -> None:
    old = structure(
        surveys=[{"sid": 1, "language": "da", "additional_languages": "en de-informal"}],
        surveys_languagesettings=[{"surveyls_language": "da", "surveyls_title": "Gammel"}],
        groups=[
            {"gid": 1, "group_order": 1, "group_name": "Gruppe", "language": "da"},
            {"gid": 1, "group_order": 1, "group_name": "Group", "language": "en"},
        ],
        group_l10ns=[],
        questions=[
            asked(1, "L", "Q1", question="Hvad?", language="da"),
            asked(1, "L", "Q1", question="What?", language="en"),
        ],
        answers=[
            {"qid": 1, "code": code, "answer": f"{code} {language}", "sortorder": n, "language": language}
            for n, code in enumerate("AB")
            for language in ("da", "en")
        ],
    )

    questionnaire = read_limesurvey(old, "old.lss").questionnaire()

    assert questionnaire.languages == ("da", "en", "de")
    assert dict(questionnaire.item("q1").text.root) == {"da": "Hvad?", "en": "What?", "de": "Hvad?"}
    assert questionnaire.item("q1").options[1].label["en"] == "B en"


@pytest.mark.parametrize("kind", sorted(WHY_NOT))
def test_types_without_options_are_left_out_each_with_its_reason(kind: str) -> None:
    imported = survey(asked(1, "Y", "Q1"), asked(2, kind, "Q2"))

    assert left_out(imported) == [f'questions, qid 2: question "Q2": {WHY_NOT[kind]}']


@pytest.mark.parametrize(
    ("attribute", "value"), [("array_filter", "Q1"), ("hidden", "1"), ("em_validation_q", "count(this) == 1")]
)
def test_what_depends_on_a_program_is_left_out(attribute: str, value: str) -> None:
    imported = survey(
        asked(1, "Y", "Q1"),
        asked(2, "5", "Q2"),
        question_attributes=[{"qid": 2, "attribute": attribute, "value": value, "language": ""}],
    )

    assert [item.id for item in imported.questionnaire().items] == ["q1"]


def test_other_comments_and_must_answer_are_told() -> None:
    imported = survey(asked(1, "O", "Q1", other="Y", mandatory="Y"), **answers(1, A="Red", B="Blue"))

    said_of_it = " ".join(changed(imported))
    for word in ("Other", "comments", "nobody is made to answer"):
        assert word in said_of_it


def test_a_text_that_runs_a_program_is_left_out_with_its_question() -> None:
    imported = survey(
        asked(1, "Y", "Q1"),
        asked(2, "Y", "Q2"),
        question_l10ns=[said(2, "Dear {TOKEN:FIRSTNAME}, are you well?")],
    )

    assert [item.id for item in imported.questionnaire().items] == ["q1"]


def test_parts_without_meaning_here_are_named() -> None:
    imported = survey(asked(1, "Y", "Q1"), quota=[{"id": 1}], defaultvalues=[{"qid": 1}])

    assert {fact.partition(":")[0] for fact in left_out(imported)} == {"quota", "defaultvalues"}


@pytest.mark.parametrize("name", ["survey.lss", "answers.lss", "limesurvey_survey_432535.lss"])
def test_structures_that_limesurvey_wrote_can_be_fielded(name: str) -> None:
    imported = read_limesurvey((FORMS / name).read_bytes(), name)

    assert imported.findings == ()


def test_an_archive_may_hold_answers_and_is_refused() -> None:
    with pytest.raises(ExchangeError, match="archive"):
        read_limesurvey(b"PK\x03\x04", "survey.lsa")

"""What an XLSForm becomes: questions with options, their groups, texts, conditions; the rest is told."""

import pytest

from questionnaires.exchange.report import ExchangeError
from questionnaires.exchange.xlsform import read_xlsform
from tests.questionnaires.exchange.forms import YES_NO, changed, form, left_out, shown_if, table, workbook

TWO = """
    type           | name | label   | relevant
    select_one yn  | a    | First?  |
    select_one yn  | b    | Second? | {}
"""


def condition(relevant: str, choices: str = YES_NO, kind: str = "select_one yn") -> object:
    imported = form(TWO.format(relevant).replace("select_one yn  | a", f"{kind} | a"), choices)
    assert imported.findings == ()
    return shown_if(imported.questionnaire().item("b"))


@pytest.mark.parametrize(
    ("relevant", "meant"),
    [
        ("${a} = 'y'", {"items": ["a"], "in": ["y"]}),
        ("'y' = ${a}", {"items": ["a"], "in": ["y"]}),
        ("${a} != 'y'", {"not": {"items": ["a"], "in": ["y"]}}),
        ("not(${a} = 'y')", {"not": {"items": ["a"], "in": ["y"]}}),
        ("selected(${a}, 'y')", {"items": ["a"], "in": ["y"]}),
        ("${a} = 'y' or ${a} = 'n'", {"items": ["a"], "in": ["y", "n"]}),
        ("${a} != ''", {"items": ["a"], "answered": True}),
        ("${a} = ''", {"not": {"items": ["a"], "answered": True}}),
        ("string-length(${a}) > 0", {"items": ["a"], "answered": True}),
        (
            "(${a} = 'y' and ${a} != '')",
            {"all": [{"items": ["a"], "in": ["y"]}, {"items": ["a"], "answered": True}]},
        ),
    ],
)
def test_relevance_becomes_a_condition(relevant: str, meant: object) -> None:
    assert condition(relevant) == meant


@pytest.mark.parametrize(
    ("relevant", "meant"),
    [
        ("selected(${a}, 'y')", {"items": ["a"], "includes_any": ["y"]}),
        ("not(selected(${a}, 'y'))", {"items": ["a"], "includes_none": ["y"]}),
        ("count-selected(${a}) >= 1", {"items": ["a"], "answered": True}),
    ],
)
def test_relevance_over_several_choices_asks_what_is_among_them(relevant: str, meant: object) -> None:
    assert condition(relevant, kind="select_multiple yn") == meant


def test_an_order_is_read_where_all_options_are_numbers() -> None:
    assert condition("${a} >= 2", "yn | 1 | Low\nyn | 2 | Mid\nyn | 3 | High") == {
        "items": ["a"],
        "in": ["2", "3"],
    }


@pytest.mark.parametrize(
    ("relevant", "part"),
    [
        ("${a} = 'maybe'", 'there is no option "maybe"'),
        ("${c} = 'y'", "c (no question with options by that name came along"),
        ("${b} = 'y'", "b (no question with options by that name came along"),
        ("${a} > 1", "its options are no numbers"),
        ("pulldata('f', 'x', 'y', ${a}) = 1", "pulldata"),
        ("${a} = 'y' and once(today())", "once(today())"),
        ("${a} + 1 = 2", "+ 1 = 2"),
        ("${a} = ", "it ends too early"),
        ("true()", "true()"),
    ],
)
def test_a_question_whose_condition_is_not_understood_is_left_out_with_the_part(
    relevant: str, part: str
) -> None:
    imported = form(TWO.format(relevant))

    assert [item.id for item in imported.questionnaire().items] == ["a"]
    assert any("row 3" in fact and part in fact for fact in left_out(imported)), left_out(imported)


def test_what_asks_about_a_question_that_was_left_out_is_left_out_too() -> None:
    imported = form("""
        type          | name | label  | relevant
        select_one yn | a    | First  |
        text          | t    | Write  |
        select_one yn | b    | Second | ${t} != ''
        select_one yn | c    | Third  | ${b} = 'y'
    """)

    assert [item.id for item in imported.questionnaire().items] == ["a"]
    assert len(left_out(imported)) == 3


def test_a_section_whose_condition_is_not_understood_is_left_out_whole() -> None:
    imported = form("""
        type          | name | label  | relevant
        select_one yn | a    | First  |
        begin group   | g    | Group  | position(..) > 1
        select_one yn | b    | Second |
        end group     |      |        |
    """)

    assert [item.id for item in imported.questionnaire().items] == ["a"]


def test_nobody_is_asked_again_and_again() -> None:
    imported = form("""
        type          | name | label
        select_one yn | a    | First
        begin repeat  | r    | Each child
        select_one yn | b    | Second
        begin repeat  | s    | Each toy
        select_one yn | c    | Third
        end repeat    |      |
        end repeat    |      |
        select_one yn | d    | Last
    """)

    assert [item.id for item in imported.questionnaire().items] == ["a", "d"]
    assert left_out(imported) == [
        'survey, row 3: "r" and 2 questions in it: nothing is asked of one person again and again'
    ]


@pytest.mark.parametrize(
    "kind",
    ["text", "integer", "date", "geopoint", "image", "rank yn", "deviceid", "username", "calculate", "start"],
)
def test_what_gives_people_away_or_has_no_options_is_left_out_with_its_row(kind: str) -> None:
    imported = form(f"type | name | label\nselect_one yn | a | First\n{kind} | x | Other")

    assert len(left_out(imported)) == 1
    assert left_out(imported)[0].startswith('survey, row 3: question "x": ')


def test_a_filter_by_an_earlier_answer_becomes_a_question_for_each_answer() -> None:
    data = workbook(
        survey=table("""
            type           | name | label  | choice_filter
            select_one at  | area | Where? |
            select_one job | job  | What?  | area=${area}
        """),
        choices=table("""
            list_name | name | label  | area
            at        | n    | North  |
            at        | s    | South  |
            job       | cook | Cook   | n
            job       | maid | Maid   | n
            job       | cop  | Police | s
            job       | vet  | Vet    | s
        """),
    )

    imported = read_xlsform({"form.xlsx": data}, "en")

    north, south = imported.questionnaire().items[1:]
    assert ([o.code for o in north.options], [o.code for o in south.options]) == (
        ["cook", "maid"],
        ["cop", "vet"],
    )
    assert shown_if(south) == {"items": ["area"], "in": ["s"]}


def test_a_constraint_on_the_number_of_choices_is_kept_and_any_other_told() -> None:
    imported = form(
        """
        type|name|label|constraint
        select_multiple yn|a|First|count-selected(.) < 3 and (not(selected(., 'n')) or count-selected(.) = 1)
        select_multiple yn|b|Last|regex(., 'x')
        """,
        "yn | y | Yes\nyn | m | Maybe\nyn | n | No\nyn | o | Other",
    )
    first = imported.questionnaire().item("a")

    assert first.max_choices == 2
    assert [option.code for option in first.options if option.exclusive] == ["n"]
    assert any("row 3" in fact and "regex" in fact for fact in changed(imported))


def test_nobody_is_made_to_answer_and_it_is_said_once() -> None:
    imported = form("type|name|label|required\nselect_one yn|a|First|yes\nselect_one yn|b|Last|yes")

    assert sum("nobody is made to answer" in fact for fact in changed(imported)) == 1


def test_names_that_are_not_legal_are_made_so_and_told() -> None:
    imported = form(
        "type|name|label\nselect_one yn|Træt i dag?|A\nselect_one yn|unit|B\nselect_one yn|1st|C",
        "yn | no answer | Yes\nyn | no_answer | No",
    )
    questionnaire = imported.questionnaire()

    assert [item.id for item in questionnaire.items] == ["traet_i_dag", "unit_2", "item_1st"]
    assert [option.code for option in questionnaire.options_of(questionnaire.items[0])] == [
        "no_answer_2",
        "no_answer_3",
    ]
    assert 'survey, row 2: the name "Træt i dag?" became "traet_i_dag"' in changed(imported)


def test_the_same_name_twice_is_told_and_the_second_renamed() -> None:
    imported = form(
        "type|name|label\nselect_one yn|a|First\nselect_one yn|a|Second", f"{YES_NO}\nyn | y | Again"
    )

    assert [item.id for item in imported.questionnaire().items] == ["a", "a_2"]
    assert 'choices, row 4: a second option "y": the first stands' in left_out(imported)


def test_markup_is_taken_off_and_scripts_are_never_kept() -> None:
    imported = form(
        "type|name|label\nselect_one yn|a|<b>Hot</b> &amp; <script>go()</script>cold<br>or<img onerror=go()>"
    )

    assert imported.questionnaire().item("a").text["en"] == "Hot & cold\nor"
    assert any("<script>" in fact for fact in left_out(imported))
    assert any("<img>" in fact for fact in left_out(imported))


def test_a_text_that_quotes_an_answer_is_not_shown_with_the_quotation() -> None:
    imported = form("type|name|label\nselect_one yn|a|First\nselect_one yn|b|You said ${a}, why?")

    assert [item.id for item in imported.questionnaire().items] == ["a"]


def test_formulas_are_never_worked_out() -> None:
    data = workbook(
        survey=[["type", "name", "label"], ["select_one yn", "a", '=HYPERLINK("file:///etc/passwd")']],
        choices=[["list_name", "name", "label"], *table(YES_NO)],
    )

    imported = read_xlsform({"form.xlsx": data})

    assert any("formula" in fact and "survey, row 2" in fact for fact in left_out(imported))


def test_sheets_in_one_csv_or_in_several_are_the_same_form() -> None:
    survey, choices = "type,name,label\nselect_one yn,a,First?", "list_name,name,label\nyn,y,Yes\nyn,n,No"
    together = "survey\n" + "\n".join(f",{row}" for row in survey.split("\n"))
    together += "\nchoices\n" + "\n".join(f",{row}" for row in choices.split("\n"))

    one = read_xlsform({"form.csv": together.encode()}, "en")
    several = read_xlsform(
        {"survey.csv": survey.encode(), "choices.csv": choices.replace(",", ";").encode()}, "en"
    )

    assert one.definition == several.definition
    assert one.findings == ()


def test_a_form_of_which_nothing_is_left_says_so_with_its_report() -> None:
    imported = form("type|name|label\ntext|a|Write")

    assert [finding.fact for finding in imported.findings] == ["nothing is left that could be asked"]
    assert len(left_out(imported)) == 1


def test_what_is_no_form_is_refused() -> None:
    with pytest.raises(ExchangeError, match="no sheet survey with a column type"):
        read_xlsform({"a.xlsx": workbook(survey=[["a"]])})

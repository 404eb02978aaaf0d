"""Every fault a definition can have, each made by changing one thing in a definition that is right."""

# ruff: noqa: E501  The cases are a table, one a line: file, what stands there, what comes instead, the finding.

from pathlib import Path

import pytest
from hypothesis import given

from questionnaires.checking import MOST_ITEMS, check, checked_model
from questionnaires.errors import DefinitionError
from questionnaires.item_rules import MOST_OPTIONS
from questionnaires.loading import DEFINITIONS, findings_in, load
from questionnaires.model import Questionnaire
from tests.questionnaires.drawn import questionnaires as drawn_questionnaires
from tests.vectors.refresh import FOR_TESTS

WORKPLACE = DEFINITIONS / "workplace.yaml"
MATRIX = FOR_TESTS / "matrix.yaml"
MULTI = FOR_TESTS / "multi.yaml"
NUMBER = FOR_TESTS / "number.yaml"
BREAKDOWN = FOR_TESTS / "breakdown.yaml"
CONDITIONS = FOR_TESTS / "conditions.yaml"
ROUTING = FOR_TESTS / "routing.yaml"
TEXT = FOR_TESTS / "text.yaml"

# fmt: off
SHAPE = [
    (MATRIX, "reverse: true", "revers: true", 'item "tone": "revers" is no field here. Did you mean "reverse"?'),
    (MATRIX, "    value: 25", "    valuex: 25", 'scale "agree": "options[1].valuex" is no field here. Did you mean "value"?'),
    (MATRIX, "layout: matrix", "layout: grid", 'section "climate": layout is "grid". Write list or matrix.'),
    (MATRIX, "version: 1.0.0", "version: 1.0", "questionnaire: version is 1.0: a valid string. Put it in quotes."),
    (MATRIX, "version: 1.0.0\n", "", 'questionnaire: "version" is missing. Add it.'),
    (MATRIX, "  - id: tone\n", "  -\n", 'item number 2: "id" is missing. Add it.'),
    (MATRIX, "reverse: true", "reverse: 'yes'", 'item "tone": reverse is "yes": a valid boolean. Write true or false'),
    (MATRIX, "value: 25", "value: '25'", 'scale "agree": options[1].value is "25": a valid integer. Write a whole'),
    (MATRIX, "- code: a1\n", "- code: A-1\n", 'scale "agree": options[0].code is "A-1": String should match pattern'),
    (MATRIX, "da: Uenig", "da: ''", 'scale "agree": options[0].label.da is "": String should have at least 1'),
    (MATRIX, "alliance-questionnaire/1", "xlsform", 'schema is "xlsform". Write alliance-questionnaire/1.'),
    (ROUTING, "start_yes: {items: [start], in: [yes]}", "start_yes: {itemz: [start]}", 'condition "start_yes": it is {'),
    (ROUTING, "start_yes: {items: [start], in: [yes]}", "start_yes: {items: [start]}", "exactly one of in, includes_any"),
    (ROUTING, "{items: [start], in: [yes]}", "{items: [start], is: [yes]}", '"items.is" is no field here. Choose among'),
    (ROUTING, "    show_if: start_yes", "    show_if: 3", 'item "middle": show_if is 3: a condition is one of'),
    (ROUTING, "phone: '112'", "phone: 112", 'help line "somebody": phone is 112: a valid string. Put it in quotes.'),
    (BREAKDOWN, "breakdown_items:", "breakdowns:", 'questionnaire: "rules.breakdowns" is no field here. Did you mean'),
    (BREAKDOWN, "codes: [w]", "code: [w]", 'item "gender": "ladder[0][0].codes" is missing'),
]

RULES = [
    # what things are called
    (MATRIX, "  - id: tone", "  - id: serious", 'item "serious": it stands more than once'),
    (MATRIX, "- id: knowledge", "- id: climate", 'section "climate": it stands more than once'),
    (MATRIX, "languages: [da, en]", "languages: [da, en, da]", 'language "da": it stands more than once'),
    (MATRIX, "  - id: tone", "  - id: unit", "item \"unit\": this name is kept for the respondent's unit"),
    (MATRIX, "sections:\n", "left_out: [tone]\nsections:\n", 'item "tone": it is listed as left out, but stands here'),
    # languages
    (MATRIX, "default_language: da", "default_language: fi", 'default_language is "fi", which is not among its languages'),
    (MATRIX, "{da: Uenig, en: Disagree}", "{da: Uenig}", 'scale "agree": "a1": label: there is no text in "en"'),
    (MATRIX, "{da: Et skema, en: A matrix}", "{en: A matrix}", 'questionnaire: title: there is no text in "da"'),
    (MATRIX, "{da: Delvist, en: Partly}", "{da: Delvist, en: Partly, sv: Delvis}", 'item "contact": "partly": label: there is a text in "sv"'),
    (MATRIX, "{da: Viden, en: Knowledge}", "{da: Viden}", 'section "knowledge": title: there is no text in "en"'),
    # rules of the whole
    (MATRIX, "scales:\n", "rules: {all_questions_optional: false}\nscales:\n", "all_questions_optional is false. Nobody is made"),
    (MATRIX, "scales:\n", "rules: {free_text_allowed: true}\nscales:\n", "free_text_allowed is true"),
    (MATRIX, "scales:\n", "rules: {max_breakdowns_crossed: 2}\nscales:\n", "max_breakdowns_crossed is 2"),
    (ROUTING, "scales:\n", "rules: {quick_exit: false}\nscales:\n", "quick_exit is false, and sensitive items are asked"),
    (BREAKDOWN, "[gender, age, role]", "[gender, role]", 'rules: breakdown_items: it lacks "age", which is marked breakdown: true'),
    (BREAKDOWN, "[gender, age, role]", "[gender, age, role, years]", 'it names "years", which is no item marked breakdown: true'),
    (BREAKDOWN, "[gender, age, role]", "[gender, age, role, age]", 'rules: breakdown_items: "age" stands in it twice'),
    (WORKPLACE, "estimated_minutes:\n- 6\n- 10", "estimated_minutes:\n- 10\n- 6", "estimated_minutes is [10, 6]"),
    (WORKPLACE, "min_age: 15", "min_age: 0", "min_age is 0"),
    (WORKPLACE, "reference_period_months: 12", "reference_period_months: -1", "reference_period_months is -1"),
    # options and scales
    (MATRIX, "scale: agree\n    reverse", "scale: agrees\n    reverse", 'item "tone": its scale is "agrees", which is not declared. Did you mean "agree"?'),
    (MATRIX, "- code: a2", "- code: a1", 'scale "agree": two options have the code "a1"'),
    (MATRIX, "- code: partly", "- code: no_answer", 'item "contact": the code "no_answer" is kept for tables'),
    (MATRIX, "    grouping:\n    - id: favourable", "    grouping: []\nother:\n    - id: favourable", '"other" is no field here'),
    (MATRIX, "type: single", "type: scale", 'item "contact": a scale item names no scale'),
    (MATRIX, "    scale: agree\n    reverse: true", "    scale: agree\n    options:\n    - code: a\n      label: {da: A, en: A}", 'item "tone": it has both a scale and options of its own'),
    (MATRIX, "    scale: agree\n    reverse: true", "    scale: agree\n    grouping:\n    - id: a\n      label: {da: A, en: A}\n      codes: [a1]", 'item "tone": its scale declares the grouping already'),
    (MATRIX, "value: 25", "value: 250", 'scale "agree": the value of option "a2" is 250. Use 0 to 100.'),
    (MATRIX, "      value: 25\n", "", 'scale "agree": some options have a value and some have none'),
    (MATRIX, "value: 25", "value: 75", 'scale "agree": values do not rise from option to option'),
    (MATRIX, "kind: dont_know\n    grouping", "kind: dont_know\n      value: 3\n    grouping", 'option "na" has a value, but is of kind dont_know'),
    (MATRIX, "value: 100", "value: 90", 'item "tone": it is reversed, but is not on a scale with values from 0 to 100'),
    (TEXT, "type: text", "type: single\n    options: [{code: a, label: {en: A}}, {code: b, label: {en: B}, kind: no_answer}]", "there are not two things to choose between"),
    # groupings
    (MATRIX, "codes: [a4]", "codes: [a4, a9]", 'scale "agree": grouping: no option has the code "a9"'),
    (MATRIX, "codes: [a1, a2]", "codes: [a1]", 'scale "agree": grouping: option "a2" is in no group'),
    (MATRIX, "codes: [a1, a2]", "codes: [a1, a2, a3]", 'scale "agree": grouping: option "a3" is in two groups'),
    (MATRIX, "codes: [a1, a2]", "codes: [a1, a2, na]", 'scale "agree": grouping: option "na" says nothing about the matter'),
    (MATRIX, "- id: unfavourable", "- id: neutral", 'scale "agree": grouping: two groups have the id "neutral"'),
    (MATRIX, "- id: unfavourable", "- id: no_answer", 'scale "agree": grouping: the id "no_answer" is kept for tables'),
    (MATRIX, "codes: [yes, partly]\n    - id: no\n", "codes: [yes, partly, no]\n    - id: no\n", 'option "no" is in two groups'),
    # several choices
    (MULTI, "      kind: dont_know\n      exclusive: true", "      kind: dont_know\n      exclusive: false", 'option "dk" says nothing, and yet can be chosen with others. Mark it exclusive: true.'),
    (MULTI, "max_choices: 2", "max_choices: 4", "max_choices is 4, and 3 options can be chosen together"),
    (MULTI, "    max_choices: 2\n", "    grouping: [{id: a, label: {da: A, en: A}, codes: [rules]}]\n", "options of a multi item overlap in people"),
    (MATRIX, "- code: partly\n", "- code: partly\n      exclusive: true\n", "options are exclusive, but only one can be chosen"),
    (MATRIX, "    reverse: true", "    max_choices: 1", "max_choices is given, but only one can be chosen"),
    # numbers
    (NUMBER, "      band: {least: 1, most: 4}\n", "", "each option that is a number has a band, and no other"),
    (NUMBER, "kind: no_answer", "kind: no_answer\n      band: {least: 9}", "each option that is a number has a band, and no other"),
    (NUMBER, "{least: 1, most: 4}", "{least: 2, most: 4}", "its bands leave gaps, overlap, or do not rise"),
    (NUMBER, "{least: 1, most: 4}", "{least: 1}", "its bands leave gaps, overlap, or do not rise"),
    (NUMBER, "{least: 1, most: 4}", "{most: 4}", "its bands leave gaps, overlap, or do not rise"),
    (NUMBER, "{least: 1, most: 4}", "{least: 1, most: 0}", "its bands leave gaps, overlap, or do not rise"),
    (NUMBER, "type: number", "type: single", "options have bands, but it does not ask for a number"),
    # groups to break down by
    (BREAKDOWN, "type: single", "type: multi", "a breakdown puts each person into one group"),
    (BREAKDOWN, "breakdown: true", "breakdown: true\n    sensitive: true", "it is sensitive, and a breakdown says who stands in which group"),
    (WORKPLACE, "    breakdown: true\n    options:\n    - code: w\n", "    breakdown: true\n    show_if: has_external_contact\n    options:\n    - code: w\n", 'item "d01_gender": a breakdown is asked of everybody'),
    (WORKPLACE, "merge_when_small: pna", "merge_when_small: m", 'option "x" merges with "m", which is shown. Name an option of kind no_answer, or write a ladder.'),
    (WORKPLACE, "kind: no_answer\n    cites:\n    - GEAM", "kind: no_answer\n      merge_when_small: pna\n    cites:\n    - GEAM", 'option "pna" merges with "pna", which is shown'),
    (WORKPLACE, "      label: {da: Mand, en: Man}\n", "      label: {da: Mand, en: Man}\n      merge_when_small: pna\n", "nothing to compare is left when options merge"),
    (MULTI, "      label: {da: Regler, en: Rules}\n", "      label: {da: Regler, en: Rules}\n      merge_when_small: pna\n", "options merge when small, but it is no breakdown"),
    (BREAKDOWN, "      kind: no_answer\n", "", "nobody can decline to say which group they are in"),
    (BREAKDOWN, "    breakdown: true\n", "", "it has a ladder but is no breakdown"),
    (BREAKDOWN, "codes: [u30, 30_44]", "codes: [u30, pna]", 'option "pna" says nothing about the matter'),
    (BREAKDOWN, "codes: [u30, 30_44]", "codes: [u30, 45_59]", 'rung 1 of its ladder: option "45_59" is in two groups'),
    (BREAKDOWN, "      - id: m\n        label: {en: Man}\n        codes: [m]\n", "", "there is one group only, which shows the rest by subtraction"),
    (BREAKDOWN, "codes: [m]\n", "codes: [m]\n      - id: x\n        label: {en: X}\n        codes: [x]\n", "it does not merge the groups of the rung above it"),
    (BREAKDOWN, "codes: [45_59, 60p]\n", "codes: [45_59, 60p]\n    - - id: a\n        label: {en: A}\n        codes: [u30, 45_59]\n", "rung 2 of its ladder: it does not merge"),
    # what conditions refer to
    (CONDITIONS, "- ref: first_yes", "- ref: fist_yes", 'condition "both_yes": it refers to "fist_yes", which is no condition. Did you mean'),
    (CONDITIONS, "first_yes:\n    items: [first]", "first_yes:\n    items: [fist]", 'condition "first_yes": it asks about "fist", which no item is called. Did you mean "first"?'),
    (CONDITIONS, "in: [five_or_more]", "in: [five]", 'condition "years_many": item "years" has no option "five". Choose among'),
    (CONDITIONS, "includes_any: [one]", "in: [one]", '"in" is asked of "several", where several can be chosen. Ask includes_any.'),
    (CONDITIONS, "in: [pna]", "includes_any: [pna]", '"includes_any" is asked of "first", where one is chosen'),
    (CONDITIONS, "first_yes:\n    items: [first]\n    in: [yes]", "first_yes:\n    not: {ref: not_first_yes}", 'condition "first_yes": it refers to itself, if through others. Break the circle.'),
    (ROUTING, "show_if: start_yes", "show_if: end_yes", 'item "middle": show_if asks about "end", which does not stand before it'),
    (ROUTING, "show_if: start_yes", "show_if: middle_yes", 'item "middle": show_if asks about "middle", which does not stand before it'),
    (ROUTING, "  title: {en: A section with a condition}\n  show_if: start_yes", "  title: {en: A section}\n  show_if: touched_yes", 'section "gated": show_if asks about "touched"'),
    (ROUTING, "show_if: start_yes", "show_if: tenur", 'item "middle": it refers to "tenur", which is no condition'),
    (CONDITIONS, "    scale: all_kinds\n", "    scale: all_kind\n", 'item "first": its scale is "all_kind", which is not declared'),
    # lists of items
    (MATRIX, "[serious, tone]", "[serious, tones]", 'subscale "climate_index": it names "tones", which no item is called. Did you mean "tone"?'),
    (MATRIX, "[serious, tone]", "[serious, serious]", 'subscale "climate_index": "serious" stands in it twice'),
    (WORKPLACE, "core_behaviour_items:\n- b01_degrading_talk\n", "core_behaviour_items:\n", 'core_behaviour_items: it lacks "b01_degrading_talk"'),
    (WORKPLACE, "    core: true\n    sensitive: true\n    ambient: true", "    core: true\n    ambient: true", "it asks about an act and is not sensitive"),
    # help
    (ROUTING, "  show_help: true\n", "", 'section "warning": it begins with a warning and shows no help'),
    (ROUTING, "  skippable: true\n", "", 'section "warning": it begins with a warning and cannot be skipped'),
    (ROUTING, "  phone: '112'\n", "", 'help line "somebody": nobody can reach it'),
    # how sections are shown
    (MATRIX, "  layout: matrix", "  layout: matrix\n  randomise: true", 'section "climate": its items are to come in random order'),
    (MULTI, "  title: {da: Valg, en: Choices}", "  title: {da: Valg, en: Choices}\n  layout: matrix", "a matrix has no scale items for rows"),
    # free text
    (TEXT, "type: text", "type: text\n    options: [{code: a, label: {en: A}}]", "a text item has options"),
]
# fmt: on


def changed(file: Path, old: str, new: str, folder: Path) -> Path:
    text = file.read_text()
    assert old in text, f"{file.name} no longer has {old!r}"
    copy = folder / file.name
    copy.write_text(text.replace(old, new, 1))
    return copy


@pytest.mark.parametrize(("file", "old", "new", "finding"), SHAPE + RULES)
def test_a_fault_is_found_and_named(file: Path, old: str, new: str, finding: str, tmp_path: Path) -> None:
    found = [str(one) for one in findings_in(changed(file, old, new, tmp_path))]

    assert any(finding in one for one in found), found


@pytest.mark.parametrize("file", sorted(DEFINITIONS.glob("[a-z]*.yaml")), ids=lambda file: file.stem)
def test_the_alliances_definitions_have_no_fault(file: Path) -> None:
    assert findings_in(file) == ()


@pytest.mark.parametrize("file", sorted(set(FOR_TESTS.glob("*.yaml")) - {TEXT}), ids=lambda file: file.stem)
def test_the_questionnaires_for_tests_have_no_fault(file: Path) -> None:
    assert findings_in(file) == ()


def test_free_text_is_refused_with_the_reason() -> None:
    (finding,) = findings_in(TEXT)

    assert finding.place == 'item "comment"'
    assert "gives them away" in finding.fact


def test_all_findings_come_at_once(tmp_path: Path) -> None:
    text = MATRIX.read_text().replace("value: 25", "value: 250").replace("codes: [a4]", "codes: [a9]")
    (tmp_path / "two.yaml").write_text(text)

    with pytest.raises(DefinitionError) as refused:
        load(tmp_path / "two.yaml")

    lines = str(refused.value).splitlines()
    assert len(lines) == len(refused.value.findings) > 2
    assert all(line.startswith("two.yaml: ") for line in lines)


def test_help_is_there_where_it_is_to_be_shown(tmp_path: Path) -> None:
    text = ROUTING.read_text()
    lines = text[text.index("help_lines:") : text.index("scales:")]

    found = findings_in(changed(ROUTING, lines, "", tmp_path))

    assert [str(finding) for finding in found] == [
        "questionnaire: help is to be shown, and there are no help_lines. Add them."
    ]


def test_more_options_than_a_word_has_bits_are_too_many(tmp_path: Path) -> None:
    options = ", ".join(f"{{code: c{number}, label: {{en: C}}}}" for number in range(MOST_OPTIONS + 1))

    found = findings_in(changed(TEXT, "type: text", f"type: single\n    options: [{options}]", tmp_path))

    assert [finding.fact for finding in found] == [f"it has {MOST_OPTIONS + 1} options"]


def test_more_items_than_anybody_answers_are_too_many() -> None:
    options = [{"code": "a", "label": {"en": "A"}}, {"code": "b", "label": {"en": "B"}}]
    item = {"type": "single", "construct": "test", "text": {"en": "?"}, "options": options}
    items = [{"id": f"i{number}"} | item for number in range(MOST_ITEMS + 1)]
    definition = {
        "schema": "alliance-questionnaire/1",
        "id": "long",
        "version": "1.0.0",
        "languages": ["en"],
        "default_language": "en",
        "title": {"en": "Long"},
        "sections": [{"id": "all", "title": {"en": "All"}, "items": items}],
    }

    assert [finding.fact for finding in check(definition)] == [f"it has {MOST_ITEMS + 1} items"]


@pytest.mark.parametrize(
    "definition", [None, [], "text", 3, {}, {"sections": [None]}, {"sections": [{"items": 3}]}]
)
def test_what_is_no_definition_at_all_gets_findings_not_a_crash(definition: object) -> None:
    assert check(definition)


def test_a_definition_is_named_in_every_message() -> None:
    with pytest.raises(DefinitionError, match=r'^mine.yaml: questionnaire: "schema" is missing. Add it.'):
        checked_model({}, "mine.yaml")


def test_a_condition_over_what_the_wave_leaves_out_is_no_fault() -> None:
    assert check(load(WORKPLACE).with_sections(["climate", "incident"])) == ()


def test_an_item_may_be_missing_only_where_it_is_said_to_be_left_out() -> None:
    climate = load(WORKPLACE).with_sections(["climate", "incident"])
    unsaid = climate.model_copy(update={"left_out": ()})

    assert any("which no item is called" in finding.fact for finding in check(unsaid))


@given(drawn_questionnaires())
def test_a_drawn_questionnaire_meets_the_rules(questionnaire: Questionnaire) -> None:
    assert check(questionnaire) == ()

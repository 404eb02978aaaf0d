"""A codebook in DDI is valid, and has the figures of a release in their published forms, no others."""

import os
from pathlib import Path
from xml.etree import ElementTree

import pytest
import xmlschema

from questionnaires.exchange.ddi import NAMESPACE, Counted, Frequencies, Study, write_ddi
from questionnaires.exchange.report import Outcome
from questionnaires.loading import alliance_definition, load
from questionnaires.model import Questionnaire
from tests.questionnaires.exchange.forms import of
from tests.vectors.refresh import FOR_TESTS

PROFILE = Path(__file__).parents[2] / "reference" / "ddi_codebook_profile.xsd"
# The schema itself is not ours to hand on: whoever has it checks against it as well.
OFFICIAL = os.environ.get("TILLID_TEST_DDI_SCHEMA")
SCHEMAS = [PROFILE, *([Path(OFFICIAL)] if OFFICIAL else [])]
FEATURES = sorted(file.stem for file in FOR_TESTS.glob("*.yaml") if file.stem != "text")


def element(content: bytes, path: str) -> ElementTree.Element:
    found = ElementTree.fromstring(content).find(path, {"d": NAMESPACE})  # noqa: S314  we wrote it
    assert found is not None, path
    return found


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda path: path.stem)
@pytest.mark.parametrize("name", ["workplace", "education", "culture_leisure", *FEATURES])
def test_a_codebook_is_valid(name: str, schema: Path) -> None:
    file = FOR_TESTS / f"{name}.yaml"
    questionnaire = load(file) if file.exists() else alliance_definition(name)

    xmlschema.XMLSchema(schema).validate(write_ddi(questionnaire, study(questionnaire)).content.decode())


def study(questionnaire: Questionnaire) -> Study:
    """Every form a figure can have: a number, a range, hidden, and options counted as one."""
    forms = ((12, 12), (5, 9), (0, 40))
    frequencies = {}
    for item in questionnaire.items:
        groups = questionnaire.grouping_of(item)
        counted = [Counted(g.id, g.codes, forms[n % 3]) for n, g in enumerate(groups)]
        missing = Counted("no_answer", (), (3, 3))
        frequencies[item.id] = Frequencies((38, 40), (*counted, missing))
    return Study("Værkstedet", "2026-10-01", "2026-10-21", frequencies)


def test_a_number_stands_as_a_frequency_and_a_range_as_a_range() -> None:
    questionnaire = load(FOR_TESTS / "multi.yaml")
    item = next(item for item in questionnaire.items if len(item.options) > 2)
    codes = [option.code for option in item.options]
    counted = tuple(Counted(c, (c,), b) for c, b in zip(codes, [(12, 12), (5, 9), (0, 40)], strict=False))
    content = write_ddi(
        questionnaire, Study("X", "2026-10-01", "2026-10-21", {item.id: Frequencies((40, 40), counted)})
    ).content

    figures = [
        element(content, f'.//d:catgry[@ID="{item.id}.{code}"]').findall("d:catStat", {"d": NAMESPACE})
        for code in codes[:3]
    ]
    assert [[(f.text, f.get("type")) for f in found] for found in figures] == [
        [("12", "freq")],
        [("5-9", "other")],
        [],
    ]
    assert "hidden" in (element(content, f'.//d:var[@ID="{item.id}"]/d:notes').text or "")


def test_options_that_were_counted_as_one_have_one_figure() -> None:
    questionnaire = alliance_definition("workplace")
    item = questionnaire.item("c01_taken_seriously")
    favourable = questionnaire.grouping_of(item)[-1]
    figure = Counted(favourable.id, favourable.codes, (21, 21))
    of_item = {item.id: Frequencies((40, 40), (figure,))}

    content = write_ddi(questionnaire, Study("X", "2026-10-01", "2026-10-21", of_item)).content

    group = element(content, f'.//d:catgryGrp[@ID="{item.id}-group-{favourable.id}"]')
    assert group.get("catgry") == " ".join(f"{item.id}.{code}" for code in favourable.codes)
    assert [stat.text for stat in group.findall("d:catStat", {"d": NAMESPACE})] == ["21"]
    variable = element(content, f'.//d:var[@ID="{item.id}"]')
    assert len(variable.findall(".//d:catStat", {"d": NAMESPACE})) == 1


def test_what_ddi_has_no_place_for_is_told() -> None:
    questionnaire = alliance_definition("workplace")
    told = of(write_ddi(questionnaire, Study("X", "2026-10-01", "2026-10-21")).entries, Outcome.LEFT_OUT)

    assert any(fact.startswith("help_lines") for fact in told)
    assert sum("the release has no table of it" in fact for fact in told) == len(questionnaire.items)

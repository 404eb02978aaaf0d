"""Every sentence that an import's report can hold is said in Danish too."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale

from questionnaires.errors import Finding
from questionnaires.exchange.limesurvey_types import WHY_NOT
from questionnaires.exchange.xlsform import _WHY_NOT
from survey.site.languages import speak
from survey.stewardship.report_words import in_the_pages_language, told

EXCHANGE = Path("questionnaires/exchange")
# What is written of exports never comes to a steward's page.
OF_EXPORTS = {"ddi.py", "exported.py", "limesurvey_writing.py", "report.py"}
NOTES = {"changed", "left_out", "changed_once"}
FINDINGS = {"Finding", "refuse"}
REASONS = {"_LeftOutError", "TextError"}
GIVE_REASONS = {"_reason", "_why_not"}


def sentence(node: ast.expr) -> str | None:
    """What a call would note, with `x` for each part that varies; none if another line writes it."""
    match node:
        case ast.Constant(value=str() as text):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in parts)
    return None


def written() -> Iterator[str]:
    for file in sorted(EXCHANGE.glob("*.py")):
        if file.name in OF_EXPORTS:
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            yield from filter(None, map(sentence, said_by(node)))
    yield from WHY_NOT.values()
    yield from _WHY_NOT.values()


def said_by(node: ast.AST) -> Iterator[ast.expr]:
    match node:
        case ast.Call(func=ast.Attribute(attr=name), args=[_, fact]) if name in NOTES:
            yield fact
        case ast.Call(func=ast.Name(id=name), args=[reason]) if name in REASONS:
            yield reason
        case ast.FunctionDef(name=name) if name in GIVE_REASONS:
            yield from (
                inner.value for inner in ast.walk(node) if isinstance(inner, ast.Return) and inner.value
            )


def parts_of_findings() -> Iterator[str]:
    """Facts and remedies of what refuses a whole file, and of what keeps two questions apart."""
    for file in [*sorted(EXCHANGE.glob("*.py")), Path("questionnaires/mapping.py")]:
        if file.name in OF_EXPORTS:
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id=name), args=[_, fact, remedy]) if name in FINDINGS:
                    yield from filter(None, map(sentence, (fact, remedy)))


# What an import, a mapping or a mark can break of the rules of any definition, with what varies as x.
BROKEN = (
    Finding("questionnaire", "it has 300 items", "Ask at most 120."),
    Finding('item "x"', "it has 300 options", "Keep at most 60."),
    Finding('item "x"', "there are not two things to choose between", "Add options that say something."),
    Finding(
        'item "x"',
        "it is sensitive, and a breakdown says who stands in which group",
        "Remove breakdown: true.",
    ),
    Finding('item "x"', 'it asks about "y", which no item is called', 'Did you mean "z"?'),
)
SENTENCES = sorted({*written(), *parts_of_findings()})


def test_the_sentences_are_found() -> None:
    assert len(SENTENCES) > 60


@pytest.fixture(scope="module")
def page() -> Iterator[None]:
    """A page in Danish."""
    app = Flask(__name__)
    speak(app)
    with app.test_request_context(), force_locale("da"):
        yield


@pytest.mark.parametrize("fact", SENTENCES)
def test_every_sentence_of_a_report_is_said_in_danish(page: None, fact: str) -> None:
    assert in_the_pages_language(fact) != fact


def test_what_varies_and_the_reason_inside_come_along(page: None) -> None:
    fact = 'question "why": free text gives people away: how somebody writes, and what happened to whom'

    said = in_the_pages_language(fact)
    assert said.startswith("spørgsmålet “why”: fri tekst røber folk")
    assert in_the_pages_language("survey, row 4") == "survey, række 4"


def test_a_language_is_called_by_its_name(page: None) -> None:
    said = in_the_pages_language('there is no text in "en": the "da" one stands there')

    assert said == "der er ingen tekst på engelsk: Den på dansk står der i stedet"


def test_a_sentence_nobody_knows_stays_as_it_is(page: None) -> None:
    assert in_the_pages_language("something new") == "something new"


@pytest.mark.parametrize("finding", BROKEN, ids=lambda finding: finding.fact)
def test_a_rule_that_an_import_can_break_is_told_in_danish_whole(page: None, finding: Finding) -> None:
    said = told(finding)

    for part in (finding.fact, finding.remedy):
        assert part not in said

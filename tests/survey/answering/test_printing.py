"""A paper says what the screen says: every question and option, routing in words, and who will read it."""

from __future__ import annotations

from pathlib import Path

import pytest
import typst

from questionnaires.loading import DEFINITIONS, alliance_definition, load
from questionnaires.model import Questionnaire, Text
from survey.answering import printing
from survey.answering.printing import printed
from survey.waves import manifest as manifests
from tests.survey.waves.manifests import right
from tests.vectors.refresh import FOR_TESTS

FILES = sorted([*DEFINITIONS.glob("[a-z]*.yaml"), *(f for f in FOR_TESTS.glob("*.yaml") if f.stem != "text")])


def content(questionnaire: Questionnaire, language: str, manifest: manifests.Manifest | None = None) -> str:
    """All words of a paper, a line each."""
    return "\n".join(_words(printing._Paper(questionnaire, language, manifest).content()))


def _words(value: object) -> list[str]:
    match value:
        case str():
            return [value]
        case dict():
            return [word for part in value.values() for word in _words(part)]
        case list():
            return [word for part in value for word in _words(part)]
        case _:
            return []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_paper_is_tagged_for_those_who_cannot_see_it_in_every_language(file: Path) -> None:
    questionnaire = load(file)

    for language in questionnaire.languages:
        # typst refuses what is not PDF/UA-1; the file says so of itself.
        made = printed(questionnaire, language)
        assert made.startswith(b"%PDF-")
        assert b"<pdfuaid:part>1" in made
        assert b"/MarkInfo" in made
        assert b"IBMPlexSans" in made


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_question_and_option_stands_on_the_paper(file: Path) -> None:
    questionnaire = load(file)
    language = questionnaire.default_language
    lines = content(questionnaire, language).splitlines()

    for item in questionnaire.items:
        assert item.text[language] in lines
        assert all(option.label[language] in lines for option in questionnaire.options_of(item))


def test_routing_is_told_in_words_and_not_twice() -> None:
    words = content(alliance_definition("workplace"), "da")

    assert (
        "Svar kun, hvis du har svaret “Ja, det meste af tiden” eller “Ja, af og til” i spørgsmål 1." in words
    )
    happened = "“Ja, én gang”, “Ja, nogle få gange” eller “Ja, månedligt eller oftere”"
    assert (
        f"Svar kun på dette afsnit, hvis du har svaret {happened} i mindst ét af spørgsmålene 18–29,"
        f" eller du har svaret {happened} i spørgsmål 30. Ellers gå videre til næste afsnit."
    ) in words
    # Inside that section only what comes on top is said.
    responsible = (
        "“Min leder eller en anden leder”, “HR eller personaleafdelingen”,"
        " “Tillids- eller arbejdsmiljørepræsentant” eller “Whistleblowerordningen”"
    )
    assert f"Svar kun, hvis du har sat kryds ved {responsible} i spørgsmål 35." in words


def test_a_condition_over_what_the_wave_does_not_ask_is_not_told() -> None:
    climate_only = alliance_definition("workplace").with_sections(["climate", "knowledge"])

    assert "Svar kun" not in content(climate_only, "da")


def test_a_wave_says_what_it_promises_on_its_paper() -> None:
    manifest = manifests.from_value(
        right() | {"policy": {"version": "policy/1", "raised": {"sensitive": 30}}}
    )
    words = content(alliance_definition("workplace"), "en", manifest)

    assert "asks for your answers by 30 November 2026" in words
    assert "in which at least 30 have answered. Other questions take at least 10." in words
    assert (
        "At least 2 of 3 must agree before the answers can be opened: the employees' representative,"
        " a representative of the management and the alliance's secretariat."
    ) in words
    assert "Which department or group do you belong to?" in words
    assert "Kaj" in words


@pytest.mark.parametrize("language", ["da", "en"])
def test_a_paper_says_who_reads_it(language: str) -> None:
    words = content(alliance_definition("education"), language)

    reader = {"da": "aldrig nogen fra ledelsen", "en": "never anyone of the management"}
    assert reader[language] in words


def test_help_lines_that_nobody_has_called_are_not_printed() -> None:
    questionnaire = alliance_definition("workplace")
    called = questionnaire.help_lines[0].model_copy(update={"verify_before_release": False})

    assert "70 12 12 88" not in content(questionnaire, "da")
    assert "70 12 12 88" in content(questionnaire.model_copy(update={"help_lines": (called,)}), "da")


def test_a_text_is_never_read_as_markup() -> None:
    wicked = '#panic("run") *bold* $x$ @label <tag> \\ // /* = Title'
    questionnaire = load(FOR_TESTS / "multi.yaml")
    title = Text.model_validate(dict.fromkeys(questionnaire.languages, wicked))

    made = printed(questionnaire.model_copy(update={"title": title, "intro": title}), "da")

    assert made.startswith(b"%PDF-")
    with pytest.raises(typst.TypstError, match="run"):
        typst.compile(wicked.encode(), format="pdf")

"""A codebook to print: every question, code and condition on one page that runs nothing."""

import html5lib
import pytest

from questionnaires.digest import digest
from questionnaires.exchange.codebook import write_codebook
from questionnaires.loading import alliance_definition, load
from tests.questionnaires.exchange.forms import titled
from tests.vectors.refresh import FOR_TESTS


@pytest.mark.parametrize("language", ["da", "en"])
def test_every_question_code_and_text_is_on_the_page(language: str) -> None:
    questionnaire = alliance_definition("workplace")

    page = write_codebook(questionnaire, language).content.decode()

    html5lib.HTMLParser(strict=True).parse(page)
    assert digest(questionnaire) in page
    for item in questionnaire.items:
        assert f"<code>{item.id}</code>" in page
        assert all(f"<code>{option.code}</code>" in page for option in questionnaire.options_of(item))


def test_a_text_cannot_become_markup() -> None:
    shown = titled(load(FOR_TESTS / "multi.yaml"), "<script>alert(1)</script>")

    page = write_codebook(shown, "da").content.decode()

    assert "<script" not in page
    assert "&lt;script&gt;" in page

"""docs/reference/exchange.md says what became of each form that stands here."""

from pathlib import Path

import pytest

from questionnaires.exchange.reading import read_questionnaire
from questionnaires.exchange.report import ExchangeError, Outcome
from tests.documentation.pages import ROOT

PAGE = (ROOT / "docs" / "reference" / "exchange.md").read_text(encoding="utf-8")
FORMS = sorted(path for path in (ROOT / "tests" / "data" / "forms").glob("*/*.*") if path.suffix != ".md")


def row(form: Path) -> str:
    try:
        imported = read_questionnaire({form.name: form.read_bytes()}, "en")
    except ExchangeError as refused:
        reason = str(refused).split(": ", 1)[-1].split(".")[0]
        return f"| `{form.name}` | – | – | – | refused: {reason} |"
    counts = [
        sum(entry.outcome is outcome for entry in imported.entries)
        for outcome in (Outcome.CARRIED, Outcome.CHANGED, Outcome.LEFT_OUT)
    ]
    came = imported.findings[0].fact if imported.findings else "can be fielded"
    return f"| `{form.name}` | {' | '.join(map(str, counts))} | {came} |"


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_what_became_of_a_form_is_what_the_page_says(form: Path) -> None:
    assert row(form) in PAGE.splitlines()

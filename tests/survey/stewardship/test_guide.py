"""The guide is whole in both languages, as a page and on paper."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from survey.stewardship.guide import guide_in
from tests.pages import Page


@pytest.mark.parametrize(
    ("language", "plan"), [("da", "Plan for opfølgningen"), ("en", "Plan for the follow-up")]
)
def test_the_guide_has_announcements_and_a_plan_on_a_page_and_as_a_pdf(
    client: FlaskClient, language: str, plan: str
) -> None:
    page = Page.parsed(client.get(f"/guide?lang={language}").text)
    printed = client.get(f"/guide/guide.pdf?lang={language}")

    assert page.faults() == []
    assert plan in page.text()
    assert printed.data.startswith(b"%PDF")
    assert b"/StructTreeRoot" in printed.data


def test_both_languages_have_the_same_parts() -> None:
    def shape(language: str) -> list[tuple[str, int, int, int, int]]:
        return [
            (
                section.id,
                len(section.paragraphs),
                len(section.points),
                len(section.templates),
                len(section.plan.rows) if section.plan else 0,
            )
            for section in guide_in(language).sections
        ]

    assert shape("da") == shape("en")

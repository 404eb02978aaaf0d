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


@pytest.mark.parametrize(("language", "kind"), [("da", "en fælles undersøgelse"), ("en", "a joint survey")])
def test_whoever_works_in_a_small_place_is_told_that_no_place_gets_figures_of_its_own(
    language: str, kind: str
) -> None:
    (announcements,) = (each.templates for each in guide_in(language).sections if each.templates)
    (joint,) = (each.text for each in announcements if kind in each.title)

    alone = {"da": "tal for dit sted alene", "en": "figures of your place alone"}
    assert alone[language] in joint


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

"""The library finds what is in it, on both databases alike."""

from collections.abc import Mapping

import pytest
from flask import Flask
from sqlalchemy import select

from survey.knowledge.content import Content, Facet, Kind
from survey.knowledge.desk import unopened
from survey.knowledge.library import ON_A_PAGE, Search, find, index, published, related, weights
from survey.knowledge.starting import bring_in, starting_list
from survey.knowledge.wording import FACETS, FINDINGS, KINDS, _rules, answered_by, words_of
from survey.storage.databases import Databases
from survey.storage.library import EntryState, LibraryEntry, LibraryLabel, LibraryWord
from tests.survey import rows
from tests.survey.knowledge.entries import DAY, content, publish

BAND = content("Ansvar i bandet", "Aftaler for øvelokale og turné.", areas=("culture_leisure",))
DEAR = content("Åben dør", "Sådan tager en leder imod krænkelser.", audience=("leader",))
CAMP = content("Camp", "Krænkende adfærd på lejr.", areas=("culture_leisure",), categories=("events",))
FADE = content("Fadermøde", "Introforløb. Dialogkort.", areas=("education",), categories=("events",))


def titles(databases: Databases, text: str = "", codes: Mapping[Facet, str] | None = None) -> list[str]:
    with databases.alliance_session(reading=True) as session:
        return [entry.title for entry in find(session, Search(text, codes or {})).entries]


def test_search_facets_order_and_what_is_related(either: Databases) -> None:
    with either.alliance_session() as session:
        session.add(rows.organisation("own"))
        session.flush()
        for says in (DEAR, BAND, CAMP, FADE):
            publish(session, rows.identifier("own"), says)

    assert titles(either) == ["Ansvar i bandet", "Camp", "Fadermøde", "Åben dør"]
    assert titles(either, "krænkelse") == ["Camp", "Åben dør"]
    assert titles(either, "KRAENKENDE lejren") == ["Camp"]
    assert titles(either, "dialog") == ["Fadermøde"]
    assert titles(either, "camp") == ["Camp"]
    assert titles(either, "dialog lejr") == []
    assert titles(either, "!!! %_'\"; DROP TABLE") == []
    assert titles(either, "og") == []
    assert titles(either, "", {Facet.CATEGORY: "events"}) == ["Camp", "Fadermøde"]
    assert titles(either, "krænkelse", {Facet.AREA: "culture_leisure", Facet.KIND: "tool"}) == ["Camp"]
    assert titles(either, "", {Facet.LANGUAGE: "en"}) == []
    with either.alliance_session() as session:
        camp = session.scalars(select(LibraryEntry).where(LibraryEntry.title == "Camp")).one()
        assert [entry.title for entry in related(session, camp.id)] == ["Fadermøde"]
        camp.state = EntryState.RETIRED
        index(session, camp)
        assert published(session, camp.id) is None
        assert session.scalars(select(LibraryWord).where(LibraryWord.entry_id == camp.id)).all() == []
        assert session.scalars(select(LibraryLabel).where(LibraryLabel.entry_id == camp.id)).all() == []
    assert titles(either, "krænkelse") == ["Åben dør"]


def test_the_starting_list_comes_once_with_every_link_unchecked(databases: Databases) -> None:
    with databases.alliance_session() as session:
        alliance = rows.organisation("alliance")
        alliance.is_alliance = True
        session.add(alliance)
        session.flush()
        assert bring_in(session, DAY) == len(starting_list()) == 33
        assert bring_in(session, DAY) == 0
        entries = session.scalars(select(LibraryEntry)).all()
        assert {entry.link_checked_on for entry in entries} == {None}
        assert find(session, Search(page=99)).total == 33
        assert len(find(session, Search(page=99)).entries) == 33 - ON_A_PAGE


def test_every_code_of_the_starting_list_has_words(app: Flask) -> None:
    with app.test_request_context():
        for says in starting_list().values():
            for facet, code in says.labels():
                assert code in words_of(facet), (says.title, facet)


def test_every_rule_has_its_finding_in_words() -> None:
    assert set(FINDINGS) == {rule.id for rule in _rules()}
    assert set(FACETS) == set(Facet)
    assert set(KINDS) == set(Kind)


def test_an_entry_answers_the_findings_of_its_categories() -> None:
    assert [rule.id for rule in answered_by(CAMP)] == ["N16"]
    assert answered_by(BAND) == ()


def test_a_word_counts_where_it_says_most() -> None:
    found = weights(content("Dialog", "dialog og leg"))

    assert found["dialog"] > found["leg"]


def test_content_is_read_as_it_was_stored() -> None:
    assert Content.read(CAMP.stored()) == CAMP


@pytest.mark.parametrize("page", [-1, 0])
def test_a_page_before_the_first_is_the_first(databases: Databases, page: int) -> None:
    with databases.alliance_session(reading=True) as session:
        assert find(session, Search(page=page)).pages == 1


def test_links_to_open_are_those_of_published_entries_that_have_one_which_nobody_opened(
    either: Databases,
) -> None:
    with either.alliance_session() as session:
        session.add(rows.organisation("own"))
        session.flush()
        own, url = rows.identifier("own"), "https://example.org/"
        publish(session, own, BAND)
        publish(session, own, CAMP.model_copy(update={"url": url}))
        publish(session, own, FADE.model_copy(update={"url": url})).link_checked_on = DAY
        publish(session, own, DEAR.model_copy(update={"url": url})).state = EntryState.RETIRED

    with either.alliance_session(reading=True) as session:
        assert [entry.title for entry in session.scalars(unopened())] == ["Camp"]

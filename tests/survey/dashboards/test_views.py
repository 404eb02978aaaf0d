from __future__ import annotations

import csv
import datetime
import json
from collections.abc import Callable
from hashlib import sha256
from http import HTTPStatus
from io import BytesIO, StringIO
from typing import NamedTuple

import pytest
from flask.testing import FlaskClient
from markupsafe import escape
from openpyxl import load_workbook

from analysis.release import from_bytes, to_bytes
from questionnaires.model import Questionnaire
from survey.categories import CATEGORIES
from survey.dashboards.advice import rules
from survey.dashboards.files import KINDS
from survey.sealing.domains import Domain
from survey.sealing.identity import Identity
from survey.storage.identifiers import new_identifier
from survey.storage.models import MembershipRole, ReleaseState, StoredRelease, Wave
from survey.storage.repositories import WaveRegistry
from tests.pages import FORM_TOKEN, Page
from tests.releases import CUSTODY, store, table, tables
from tests.survey.dashboards.conftest import House

LANGUAGES = ["da", "en"]
# The session's cookie is sealed anew each time.
VARYING = {"Set-Cookie"}
PAGES = ["", "/{wave}", "/{wave}/release.json"]


def address(house: House, wave: str = "", language: str = "en") -> str:
    return f"/o/{house.own.id}/releases{'/' if wave else ''}{wave}?lang={language}"


def tamper(house: House, change: Callable[[Wave, StoredRelease], None]) -> None:
    with house.databases.alliance_session() as session:
        registry = WaveRegistry(session)
        change(registry.wave(house.wave), registry.release(house.wave))


class Answer(NamedTuple):
    """Everything an answer says but what was asked for."""

    status: int
    text: str
    headers: frozenset[tuple[str, str]]


def answered(client: FlaskClient, organisation: str, wave: str, path: str) -> Answer:
    answer = client.get(f"/o/{organisation}/releases{path.format(wave=wave)}?lang=en")
    text = FORM_TOKEN.sub("", answer.text).replace(organisation, "ORGANISATION").replace(wave, "WAVE")
    headers = {(name, value) for name, value in answer.headers if name not in VARYING}
    return Answer(answer.status_code, text, frozenset(headers))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_whole(house: House, leader: FlaskClient, language: str) -> None:
    for wave in ("", house.wave):
        answer = leader.get(address(house, wave, language))
        page = Page.parsed(answer.text)

        assert answer.status_code == HTTPStatus.OK
        assert page.faults() == []
        assert page.language == language


def test_the_list_leads_to_each_release(house: House, leader: FlaskClient) -> None:
    page = Page.parsed(leader.get(address(house)).text)

    links = [link.get("href", "") for link in page.elements("a")]
    assert f"/o/{house.own.id}/releases/{house.wave}?lang=en" in links
    assert page.heading == "Figures of Havnens Værksted"
    assert "Culture at your workplace" in page.text()
    assert "63 of 80 invited people have answered: 79%." in page.text()


def test_without_a_release_the_page_says_so_kindly(house: House, leader: FlaskClient) -> None:
    page = Page.parsed(leader.get(f"/o/{house.furnished.empty.id}/releases?lang=da").text)

    assert page.faults() == []
    assert "Der er ingen tal endnu." in page.text()
    assert "Indtil da kan ingen se noget, og sådan skal det være." in page.text()


def test_climate_comes_first_and_the_respondents_last(house: House, leader: FlaskClient) -> None:
    page = Page.parsed(leader.get(address(house, house.wave)).text)

    parts = [each.get("id", "") for each in page.elements("h2") if each.get("id", "").startswith("part-")]
    assert parts == [
        "part-turnout",
        "part-climate",
        "part-awareness",
        "part-exposure",
        "part-witnesses",
        "part-afterwards",
        "part-needs",
        "part-respondents",
    ]
    figures = [each.get("id") for each in page.elements("article")]
    assert figures[:4] == [
        "figure-I11_climate_index",
        "figure-I12_safety_index",
        "figure-I13_leader_index",
        "figure-c01_taken_seriously",
    ]


def test_the_limits_stand_before_every_figure(house: House, leader: FlaskClient) -> None:
    text = leader.get(address(house, house.wave, "da")).text

    limits = [
        "Led aldrig efter, hvem der har svaret hvad",
        "Spørg aldrig til egne oplevelser",
        "Tal om vaner, rammer og ansvar",
        "Lave tal er ikke bevis på",
        "Får I kendskab til en konkret sag",
        "Del resultater og plan med alle",
    ]
    assert all(0 < text.find(limit) < text.find("<article") for limit in limits)


def asked(text: str, language: str) -> list[str]:
    """The rules whose questions stand under the figures."""
    below = text[text.index('<section aria-labelledby="what-now"') :]
    return [rule.id for rule in rules().rules if str(escape(rule.question[language])) in below]


@pytest.mark.parametrize("language", LANGUAGES)
def test_figures_that_leave_no_doubt_are_followed_by_a_question(
    house: House, leader: FlaskClient, workplace: Questionnaire, language: str
) -> None:
    cells = ((10, 10), (50, 50), (3, 3))
    with house.databases.alliance_session() as session:
        wave = store(session, house.own, workplace, [table(workplace, "I14_dialogue_held", cells)])

    assert asked(leader.get(address(house, wave, language)).text, language) == ["N01"]


def test_figures_that_leave_doubt_are_followed_by_none(house: House, leader: FlaskClient) -> None:
    # A mean of about 65 may be under 65, and 5 to 9 of 59 may be more than a tenth: neither is sure.
    text = leader.get(address(house, house.wave)).text

    assert asked(text, "en") == []
    assert "too uncertain to point to one thing" in text


def test_every_kind_of_tool_has_a_name() -> None:
    assert set(CATEGORIES) == set(rules().tool_categories)


def test_each_figure_has_sentence_picture_and_table(house: House, leader: FlaskClient) -> None:
    page = Page.parsed(leader.get(address(house, house.wave)).text)

    articles = page.elements("article")
    assert len(articles) > 30
    for article in articles:
        [_table] = article.iter("table")
        [picture] = [each for each in article.iter("div") if each.get("role") == "img"]
        [figure] = article.iter("script")
        [sentence] = [each for each in article.iter("p") if each.get("class") == "figure-finding"]
        assert (sentence.text or "") in picture.get("aria-label", "")
        assert set(json.loads(figure.text or "")) == {"data", "layout"}


def test_what_is_left_out_is_named_and_nothing_says_why(house: House, leader: FlaskClient) -> None:
    text = leader.get(address(house, house.wave)).text

    hidden = text[text.index("part-afterwards") :]
    assert "The group is too small, or the number could give somebody away." in hidden
    assert "Who did it?" in hidden
    assert "not_proven" not in text


def test_a_table_that_is_all_hidden_is_named_as_one_left_out_is(
    house: House, workplace: Questionnaire
) -> None:
    hidden = table(workplace, "k02_contact", ((0, 63),) * 4)
    shown = [each for each in tables(workplace) if each.id != hidden.id]
    with house.databases.alliance_session() as session:
        wave = store(session, house.own, workplace, [*shown, hidden])

    page = Page.parsed(house.signed_in(MembershipRole.LEADER).get(address(house, wave)).text)

    assert "figure-k02_contact" not in {each.get("id") for each in page.elements("article")}
    assert "Do you know whom to turn to" in page.text()


def test_a_release_in_which_nothing_is_shown_is_still_a_page(house: House, workplace: Questionnaire) -> None:
    with house.databases.alliance_session() as session:
        wave = store(session, house.own, workplace, [])

    page = Page.parsed(house.signed_in(MembershipRole.LEADER).get(address(house, wave)).text)

    assert page.faults() == []
    assert page.elements("article") == []
    assert "Hidden here" in page.text()


def test_an_item_that_its_indicator_shows_already_is_shown_once(house: House, leader: FlaskClient) -> None:
    page = Page.parsed(leader.get(address(house, house.wave)).text)

    figures = {each.get("id") for each in page.elements("article")}
    assert "figure-I05_self_labelled" in figures
    assert "figure-s01_self_label" not in figures
    # Its own options are finer than the indicator's.
    assert {"figure-I14_dialogue_held", "figure-k04_dialogue"} <= figures


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("file", ["report.pdf", "dialogue.pdf"])
def test_a_paper_is_tagged_and_in_the_readers_language(
    house: House, leader: FlaskClient, file: str, language: str
) -> None:
    answer = leader.get(f"/o/{house.own.id}/releases/{house.wave}/{file}?lang={language}")

    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-")
    assert b"/MarkInfo" in answer.data
    assert b"<pdfuaid:part>1" in answer.data
    assert f"/Lang({language})".encode() in answer.data
    assert leader.get(answer.request.path, query_string={"lang": language}).data == answer.data


def test_a_sheet_for_a_meeting_has_two_pages(house: House, leader: FlaskClient) -> None:
    sheet = leader.get(f"/o/{house.own.id}/releases/{house.wave}/dialogue.pdf").data

    assert b"/Type/Pages/Count 2/" in sheet


def test_tables_to_take_home_hold_every_cell_that_is_published(
    house: House, leader: FlaskClient, workplace: Questionnaire
) -> None:
    published = tables(workplace)
    cells = sum(len(row.cells) + (row.mean is not None) for each in published for row in each.rows)

    text = leader.get(f"/o/{house.own.id}/releases/{house.wave}/figures.csv?lang=da").text
    book = load_workbook(
        BytesIO(leader.get(f"/o/{house.own.id}/releases/{house.wave}/figures.xlsx?lang=da").data)
    )

    assert len(list(csv.reader(StringIO(text, newline="")))) == cells + 1
    assert [sheet.title for sheet in book] == ["Tal", "Kodebog", "Om tallene"]
    assert book["Tal"].max_row == cells + 1
    assert house.own.name in {line[1].value for line in book["Om tallene"].iter_rows()}


def test_a_file_that_there_is_not_is_answered_as_nothing(house: House, leader: FlaskClient) -> None:
    assert leader.get(f"/o/{house.own.id}/releases/{house.wave}/responses.csv").status_code == 404


def test_the_download_is_the_release_as_it_was_signed(house: House, leader: FlaskClient) -> None:
    answer = leader.get(f"/o/{house.own.id}/releases/{house.wave}/release.json")

    assert answer.mimetype == "application/json"
    assert answer.headers["Content-Disposition"] == f"attachment; filename=tillid-release-{house.wave}.json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert from_bytes(answer.data).wave.id == house.wave
    with house.databases.alliance_session(reading=True) as session:
        assert answer.data == WaveRegistry(session).release(house.wave).content


@pytest.mark.parametrize("path", PAGES)
def test_another_organisations_release_answers_as_one_that_does_not_exist(
    house: House, leader: FlaskClient, path: str
) -> None:
    foreign = answered(leader, house.foreign.id, house.foreign_wave, path)
    unknown = answered(leader, new_identifier(), new_identifier(), path)

    assert foreign == unknown
    assert foreign.status == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("path", PAGES[1:])
def test_another_organisations_wave_is_not_found_under_ones_own_name(
    house: House, leader: FlaskClient, path: str
) -> None:
    foreign = answered(leader, house.own.id, house.foreign_wave, path)
    unknown = answered(leader, house.own.id, new_identifier(), path)

    assert foreign == unknown
    assert foreign.status == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("path", PAGES)
def test_releases_are_for_those_who_read_them(house: House, path: str) -> None:
    where = f"/o/{house.own.id}/releases{path.format(wave=house.wave)}"
    answers = {role: house.signed_in(role).get(where).status_code for role in MembershipRole}

    readers = {role for role, status in answers.items() if status == HTTPStatus.OK}
    assert readers == {MembershipRole.LEADER, MembershipRole.STEWARD}
    assert {answers[role] for role in MembershipRole if role not in readers} == {HTTPStatus.FORBIDDEN}
    assert house.app.test_client().get(where).status_code == HTTPStatus.FOUND


@pytest.mark.parametrize("path", PAGES[1:])
def test_a_release_taken_back_is_not_shown(house: House, leader: FlaskClient, path: str) -> None:
    tamper(house, lambda _wave, stored: setattr(stored, "state", ReleaseState.WITHDRAWN))

    answer = leader.get(f"/o/{house.own.id}/releases{path.format(wave=house.wave)}?lang=da")

    assert answer.status_code == HTTPStatus.GONE
    assert Page.parsed(answer.text).faults() == []
    assert "De vises ikke mere." in answer.text
    assert "Tal, der er trukket tilbage" in leader.get(address(house, language="da")).text


def unsigned(_wave: Wave, stored: StoredRelease) -> None:
    stored.content = stored.content.replace(b'"counted":63', b'"counted":64')


def signed_by_another(_wave: Wave, stored: StoredRelease) -> None:
    stored.signature = Identity(bytes(31) + b"1").sign(Domain.RELEASE, sha256(stored.content).digest())


def signed_as_something_else(_wave: Wave, stored: StoredRelease) -> None:
    stored.signature = CUSTODY.sign(Domain.LIST, sha256(stored.content).digest())


def signed_but_no_release(_wave: Wave, stored: StoredRelease) -> None:
    stored.content = b"{}"
    stored.signature = CUSTODY.sign(Domain.RELEASE, sha256(stored.content).digest())


def signed(stored: StoredRelease, content: bytes) -> None:
    stored.content = content
    stored.signature = CUSTODY.sign(Domain.RELEASE, sha256(content).digest())


def of_a_format_that_is_not_known(_wave: Wave, stored: StoredRelease) -> None:
    signed(stored, stored.content.replace(b"tillid-release/1", b"tillid-release/9"))


def of_an_older_format(_wave: Wave, stored: StoredRelease) -> None:
    signed(stored, stored.content.replace(b"tillid-release/1", b"tillid-release/0"))


def damaged(_wave: Wave, stored: StoredRelease) -> None:
    signed(stored, stored.content[:-20])


def with_the_ledger_of_another_plan(_wave: Wave, stored: StoredRelease) -> None:
    plan = from_bytes(stored.content).ledger.plan
    signed(stored, stored.content.replace(plan.encode(), b"0" * 64))


def with_a_ledger_that_keeps_silent(_wave: Wave, stored: StoredRelease) -> None:
    release = from_bytes(stored.content)
    ledger = release.ledger.model_copy(update={"left_out": release.ledger.left_out[1:]})
    signed(stored, to_bytes(release.model_copy(update={"ledger": ledger})))


def with_a_ledger_of_other_forms(_wave: Wave, stored: StoredRelease) -> None:
    release = from_bytes(stored.content)
    forms = dict(list(release.ledger.forms.items())[1:])
    ledger = release.ledger.model_copy(update={"forms": forms})
    signed(stored, to_bytes(release.model_copy(update={"ledger": ledger})))


def under_another_policy(_wave: Wave, stored: StoredRelease) -> None:
    signed(stored, stored.content.replace(b'"policy/1"', b'"policy/0"'))


def with_another_questionnaire(wave: Wave, _stored: StoredRelease) -> None:
    wave.definition = wave.definition.replace(b"Strongly disagree", b"Strongly agree!!!")


def without_promises(wave: Wave, _stored: StoredRelease) -> None:
    wave.manifest = None


SIGNED_ALL_THE_SAME = (
    signed_but_no_release,
    of_a_format_that_is_not_known,
    of_an_older_format,
    damaged,
    with_the_ledger_of_another_plan,
    with_a_ledger_that_keeps_silent,
    with_a_ledger_of_other_forms,
    under_another_policy,
    with_another_questionnaire,
)


@pytest.mark.parametrize("path", PAGES[1:])
@pytest.mark.parametrize(
    "change",
    [
        unsigned,
        signed_by_another,
        signed_as_something_else,
        *SIGNED_ALL_THE_SAME,
        without_promises,
    ],
)
def test_figures_that_custody_did_not_sign_for_this_wave_are_not_shown(
    house: House, leader: FlaskClient, change: Callable[[Wave, StoredRelease], None], path: str
) -> None:
    tamper(house, change)

    answer = leader.get(f"/o/{house.own.id}/releases{path.format(wave=house.wave)}?lang=en")

    assert answer.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert Page.parsed(answer.text).heading == "These figures cannot be shown"
    assert "<table" not in answer.text
    assert ("They are signed by those who opened the answers, but" in answer.text) == (
        change in SIGNED_ALL_THE_SAME
    )
    assert "Figures that we cannot vouch for" in leader.get(address(house)).text


@pytest.mark.parametrize("change", [of_an_older_format, damaged, with_the_ledger_of_another_plan])
def test_nothing_is_drawn_of_it_on_any_page_or_file_nor_for_those_who_were_asked(
    house: House, leader: FlaskClient, change: Callable[[Wave, StoredRelease], None]
) -> None:
    def broken(wave: Wave, stored: StoredRelease) -> None:
        stored.published_on = datetime.date(2026, 12, 2)
        change(wave, stored)

    tamper(house, broken)
    pages = ["brief", "definitions", "groups", "groups/I11_climate_index", "plan", "sharing", "results"]
    for page in [*pages, *KINDS]:
        answer = leader.get(f"/o/{house.own.id}/releases/{house.wave}/{page}?lang=da")
        assert answer.status_code == HTTPStatus.INTERNAL_SERVER_ERROR, page
        assert Page.parsed(answer.text).heading == "Disse tal kan ikke vises", page
    public = house.app.test_client().get(f"/w/{house.wave}/results?lang=da")
    assert public.status_code == HTTPStatus.NOT_FOUND
    assert Page.parsed(public.text).elements("table") == []


def test_beside_a_later_release_nothing_is_said_of_one_that_is_refused(
    house: House, leader: FlaskClient, workplace: Questionnaire
) -> None:
    later = {"first_day": "2027-11-30", "last_possible_day": "2027-12-14"}
    with house.databases.alliance_session() as session:
        wave = store(session, house.own, workplace, tables(workplace), field_period=later)
    since = "Since last time"
    assert since in leader.get(address(house, wave)).text

    tamper(house, with_the_ledger_of_another_plan)

    assert since not in leader.get(address(house, wave)).text


@pytest.mark.parametrize("with_promises", [False, True])
def test_a_signed_release_of_another_wave_is_not_shown(
    house: House, leader: FlaskClient, *, with_promises: bool
) -> None:
    with house.databases.alliance_session() as session:
        registry = WaveRegistry(session)
        stored, foreign = registry.release(house.wave), registry.release(house.foreign_wave)
        stored.content, stored.signature = foreign.content, foreign.signature
        if with_promises:
            wave, theirs = registry.wave(house.wave), registry.wave(house.foreign_wave)
            wave.manifest, wave.manifest_digest = theirs.manifest, theirs.manifest_digest

    assert leader.get(address(house, house.wave)).status_code == HTTPStatus.INTERNAL_SERVER_ERROR


def test_a_refusal_tells_the_log_which_wave_and_no_figure(
    house: House, leader: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    tamper(house, unsigned)

    leader.get(address(house, house.wave))

    assert [record.getMessage() for record in caplog.records] == [
        f"wave {house.wave}: its release is not shown: custody did not sign this tillid release v1"
    ]


def test_what_is_drawn_once_is_drawn_for_its_own_release_and_language(
    house: House, leader: FlaskClient, workplace: Questionnaire
) -> None:
    with house.databases.alliance_session() as session:
        other = store(session, house.own, workplace, tables(workplace)[:2])
    shown = [
        leader.get(f"/o/{house.own.id}/releases/{wave}?lang={language}").text.count(word)
        for wave, language, word in (
            (house.wave, "da", "Antal"),
            (house.wave, "en", "Antal"),
            (other, "da", "Antal"),
            (house.wave, "da", "Antal"),
        )
    ]

    assert shown[0] == shown[3] > shown[2] > shown[1]


@pytest.mark.parametrize("role", [MembershipRole.TRUSTEE, MembershipRole.ANALYST])
def test_what_was_drawn_for_a_leader_is_shown_to_nobody_else(
    house: House, leader: FlaskClient, role: MembershipRole
) -> None:
    page = f"/o/{house.own.id}/releases/{house.wave}?lang=da"
    assert leader.get(page).status_code == 200

    assert house.signed_in(role).get(page).status_code != 200
    assert house.app.test_client().get(page).status_code != 200

"""What becomes of a release: shown to those who were asked, given to the alliance, taken back."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from analysis.measures import indicators_of
from questionnaires.model import Questionnaire
from survey.storage.audit import AuditEntry
from survey.storage.models import MembershipRole, Organisation, ReleaseState, StoredRelease
from survey.storage.repositories import WaveRegistry
from tests.pages import Page
from tests.releases import store, tables
from tests.survey.dashboards.conftest import House


@pytest.fixture
def steward(house: House) -> FlaskClient:
    house.app.config["WTF_CSRF_ENABLED"] = False
    return house.signed_in(MembershipRole.STEWARD)


@pytest.fixture
def shareable(house: House, workplace: Questionnaire) -> str:
    """A wave whose manifest lets the steward decide about sharing."""
    with house.databases.alliance_session() as session:
        return store(session, house.own, workplace, tables(workplace), alliance_sharing="steward_decides")


def stored(house: House, wave: str = "") -> StoredRelease:
    with house.databases.alliance_session(reading=True) as session:
        return WaveRegistry(session).release(wave or house.wave)


def logged(house: House) -> list[str]:
    with house.databases.alliance_session(reading=True) as session:
        return [entry.action for entry in session.query(AuditEntry).order_by(AuditEntry.number)]


def decided(client: FlaskClient, house: House, deed: str, wave: str = "") -> TestResponse:
    address = f"/o/{house.own.id}/releases/{wave or house.wave}/sharing?lang=en"
    return client.post(address, data={"deed": deed})


def withdrawn(client: FlaskClient, house: House, fields: Mapping[str, str]) -> TestResponse:
    return client.post(f"/o/{house.own.id}/releases/{house.wave}/withdrawal?lang=en", data=fields)


def public(house: House, language: str = "en") -> TestResponse:
    return house.app.test_client().get(f"/w/{house.wave}/results?lang={language}")


def test_nothing_is_public_before_it_is_published(house: House) -> None:
    answer = public(house)

    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert Page.parsed(answer.text).heading == "There are no results here"
    assert "63" not in answer.text


@pytest.mark.parametrize("language", ["da", "en"])
def test_a_published_release_is_read_by_those_who_were_asked_without_a_cookie(
    house: House, steward: FlaskClient, language: str
) -> None:
    preview = steward.get(f"/o/{house.own.id}/releases/{house.wave}/results?lang={language}")
    decided(steward, house, "publish")

    answer = public(house, language)
    page = Page.parsed(answer.text)
    assert answer.status_code == HTTPStatus.OK
    assert answer.text == preview.text
    assert page.faults() == []
    assert page.language == language
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    assert len(page.elements("article")) > 30
    assert "I11_climate_index" in {each.get("id") for each in page.elements("h3")}


def test_a_release_that_is_no_longer_published_is_shown_to_nobody_else(
    house: House, steward: FlaskClient
) -> None:
    for deed in ("publish", "publish", "unpublish", "unpublish"):
        assert decided(steward, house, deed).status_code == HTTPStatus.SEE_OTHER

    assert public(house).status_code == HTTPStatus.NOT_FOUND
    # Pressed twice, written once.
    assert logged(house) == ["release_published", "release_unpublished"]


def test_a_release_goes_to_the_alliance_and_comes_back(
    house: House, steward: FlaskClient, shareable: str
) -> None:
    decided(steward, house, "share", shareable)
    assert stored(house, shareable).shared_on is not None

    decided(steward, house, "unshare", shareable)
    assert stored(house, shareable).shared_on is None
    assert logged(house) == ["release_shared", "release_unshared"]


def test_what_was_promised_to_stay_is_not_shared(house: House, steward: FlaskClient) -> None:
    page = steward.get(f"/o/{house.own.id}/releases/{house.wave}/sharing?lang=en").text

    assert "were promised that these figures stay in your organisation" in page
    assert decided(steward, house, "share").status_code == HTTPStatus.CONFLICT
    assert stored(house).shared_on is None


def test_before_sharing_a_page_names_all_that_is_handed_over_and_no_number(
    house: House, steward: FlaskClient, shareable: str, workplace: Questionnaire
) -> None:
    page = Page.parsed(steward.get(f"/o/{house.own.id}/releases/{shareable}/sharing?lang=en").text)

    assert page.faults() == []
    assert "to each of which a small number is added or taken away at random" in page.text()
    [facts] = [each for each in page.elements("table") if "handed-over" in each.get("class", "")]
    given = {(item.text or "").strip() for item in facts.iter("li")}
    assert given == {indicator.names.en for indicator in indicators_of(workplace)}
    numbers = {word for word in " ".join(facts.itertext()).split() if word.isdigit()}
    # How many answered, and the year; of what they answered there is no number.
    assert numbers == {"63", "2026"}


@pytest.mark.parametrize(
    ("language", "industry"), [("da", "Fremstillingsvirksomhed"), ("en", "Manufacturing")]
)
def test_the_place_among_the_sectors_is_called_by_its_name(
    house: House, steward: FlaskClient, shareable: str, language: str, industry: str
) -> None:
    with house.databases.alliance_session() as session:
        own = session.get_one(Organisation, house.own.id)
        own.scheme, own.scheme_version, own.scheme_code = "DB07", "3", "C"

    page = steward.get(f"/o/{house.own.id}/releases/{shareable}/sharing?lang={language}").text

    assert f"{industry} (DB07 3: C)" in page


def test_a_leader_sees_what_was_decided_and_decides_nothing(house: House, leader: FlaskClient) -> None:
    house.app.config["WTF_CSRF_ENABLED"] = False
    page = leader.get(f"/o/{house.own.id}/releases/{house.wave}/sharing?lang=en").text

    assert "Whoever runs the surveys in your organisation decides this." in page
    assert "Take the figures back for good" not in page
    assert decided(leader, house, "publish").status_code == HTTPStatus.FORBIDDEN
    assert withdrawn(leader, house, {"reason": "x", "sure": "y"}).status_code == HTTPStatus.FORBIDDEN
    assert stored(house).published_on is None


def test_a_deed_that_there_is_not_is_refused(house: House, steward: FlaskClient) -> None:
    assert decided(steward, house, "rank").status_code == HTTPStatus.BAD_REQUEST
    assert logged(house) == []


def test_a_release_is_taken_back_with_a_reason_for_all_who_saw_it(
    house: House, steward: FlaskClient, leader: FlaskClient
) -> None:
    decided(steward, house, "publish")

    answer = withdrawn(steward, house, {"reason": "The wrong <b>unit</b> was asked.", "sure": "y"})

    assert answer.status_code == HTTPStatus.SEE_OTHER
    assert stored(house).state is ReleaseState.WITHDRAWN
    assert logged(house)[-1] == "release_withdrawn"
    inside = leader.get(f"/o/{house.own.id}/releases/{house.wave}?lang=en")
    for gone in (inside, public(house)):
        assert gone.status_code == HTTPStatus.GONE
        assert "The wrong &lt;b&gt;unit&lt;/b&gt; was asked." in gone.text
        assert Page.parsed(gone.text).faults() == []
    # It stays so: nothing brings it back, and it is taken back once.
    assert decided(steward, house, "publish").status_code == HTTPStatus.GONE
    assert withdrawn(steward, house, {"reason": "again", "sure": "y"}).status_code == HTTPStatus.GONE


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"reason": "  ", "sure": "y"}, "Write why the figures are taken back"),
        ({"reason": "x" * 1001, "sure": "y"}, "in at most 1,000 letters"),
        ({"reason": "The wrong unit was asked."}, "Say that you know that it cannot be undone."),
    ],
)
def test_without_a_reason_or_a_second_thought_nothing_is_taken_back(
    house: House, steward: FlaskClient, fields: dict[str, str], said: str
) -> None:
    answer = withdrawn(steward, house, fields)

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert said in answer.text
    assert fields["reason"].strip() in answer.text
    assert stored(house).state is ReleaseState.CURRENT


def test_a_release_that_nobody_vouches_for_is_neither_published_nor_shown(
    house: House, steward: FlaskClient
) -> None:
    decided(steward, house, "publish")
    with house.databases.alliance_session() as session:
        release = WaveRegistry(session).release(house.wave)
        release.content = release.content.replace(b'"counted":63', b'"counted":64')

    assert public(house).status_code == HTTPStatus.NOT_FOUND
    assert decided(steward, house, "unpublish").status_code == HTTPStatus.INTERNAL_SERVER_ERROR

"""A member asks the people of many small organisations in one wave: set up, promised and said rightly."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from survey.answering.printing import printed_of_wave
from survey.commands.alliance import open_alliance
from survey.delivery.cover import Occasion
from survey.people.respondents import covers_in
from survey.stewardship.cards import poster
from survey.storage.models import Organisation
from survey.storage.repositories import ScopedRepository
from survey.waves.plan import WavePlan
from survey.waves.setup import Setup, Step
from tests.alliances import PORT, Clock
from tests.survey.stewardship.test_setting_up import Theatre, opened, said

NAME = "Teaterforbundet"
TOGETHER: dict[str, object] = {
    "people": "400",
    "on_paper": "0",
    "over": "joint",
    "organisations": "58",
    "largest": "14",
    "kind_da": "små teatre",
    "kind_en": "small theatres",
}
REGIONS: dict[str, object] = {"units": "Øst; 250\nVest; 150", "breakdowns": "unit"}


@pytest.fixture(scope="module")
def union(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theatre]:
    with open_alliance(tmp_path_factory.mktemp("union"), PORT, Clock()) as alliance:
        made = opened(alliance, NAME)
        with alliance.databases.alliance_session() as session:
            session.get_one(Organisation, made.organisation).is_member = True
        yield made


def set_up(union: Theatre, **other: dict[str, object]) -> str:
    """A draft of a joint wave with every step taken."""
    draft = union.begun()
    notice = union.choices()["notice"] | {"controller": f"{NAME} (fagforening)"}
    union.everything(draft, **{"people": TOGETHER, "groups": REGIONS, "notice": notice, **other})
    return draft


def refused(union: Theatre, draft: str, step: Step, **sent: object) -> str:
    answer = union.take(draft, step, **sent)
    assert answer.status_code == 422
    return said(answer)


@pytest.mark.parametrize("language", ["da", "en"])
def test_every_page_of_the_set_up_is_whole(union: Theatre, language: str) -> None:
    draft = set_up(union)

    for path in ("", *(f"/steps/{step}" for step in Step), "/last", "/preview"):
        said(union.client.get(f"{draft}{path}?lang={language}"))


def test_it_can_be_left_and_taken_up_again(union: Theatre) -> None:
    draft = union.begun()
    union.take(draft, Step.PEOPLE, **TOGETHER, leave="1")

    page = union.client.get(f"{draft}/steps/people?lang=da").text

    assert 'value="små teatre"' in page
    assert 'value="58"' in page
    assert 'value="14"' in page


def test_it_promises_over_whom_it_is_and_is_never_shared(union: Theatre) -> None:
    sharing = union.choices()["promises"] | {"sharing": "steward_decides"}
    draft = set_up(union, promises=sharing)
    previewed = union.client.get(f"{draft}/manifest.json").get_json()

    wave = union.wave(union.handed(draft))
    union.alliance.custody.step()
    for trustee in union.trustees:
        trustee.confirm(wave.id)
    union.alliance.custody.step()

    promised = union.alliance.http.get(f"/w/{wave.id}/manifest.json").json()
    together = {"organisations": 58, "largest": 14, "kind": {"da": "små teatre", "en": "small theatres"}}
    assert promised["joint"] == previewed["joint"] == together
    assert promised["alliance_sharing"] == previewed["alliance_sharing"] == "never"
    words_of_the_wave(union, wave.id)
    again = union.begun(wave=wave.id)
    assert Setup.model_validate(union.row(again).decided).joint == WavePlan.from_value(wave.plan).joint


def words_of_the_wave(union: Theatre, wave_id: str) -> None:
    """None of what people read first takes the union for their employer."""
    wave = union.wave(wave_id)
    for language, whole in (("da", "58 små teatre"), ("en", "58 small theatres")):
        about = said(union.client.get(f"/w/{wave_id}/about?lang={language}"))
        assert whole in about
        assert "medarbejdernes repræsentant" not in about
        assert "employees' representative" not in about
        assert f"{NAME} (fagforening)" in about
        assert poster(wave, language, "https://tillid.example").startswith(b"%PDF")
        assert printed_of_wave(wave.definition, wave.manifest or b"", language).startswith(b"%PDF")
    with union.alliance.databases.alliance_session(reading=True) as session:
        row = ScopedRepository(session, union.organisation).wave(wave_id)
        covers = covers_in(session, row)
    text = covers["da"][Occasion.INVITATION].text
    assert "{organisations}" in text
    assert "arbejdspladsen" not in text
    assert "A joint survey of 58 small theatres" in said(union.client.get(f"{union.waves}?lang=en"))


@pytest.mark.parametrize(
    ("units", "message"),
    [
        (
            "Øst; 386\nTeater Ø; 14",
            "“Teater Ø” has 14 people. In a joint survey a unit must have at least 70",
        ),
        ("Øst; 250\nVest; 136", "14 people are in none of the units. It must be none, or at least 70"),
        ("Øst; 250\nKøbenhavn; 236; Øst\nVest; 150", "parts of “Øst” leave over has 14 people"),
    ],
)
def test_no_unit_and_nothing_left_over_is_a_single_organisation(
    union: Theatre, units: str, message: str
) -> None:
    draft = set_up(union)

    assert message in refused(union, draft, Step.GROUPS, units=units, breakdowns="unit")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"organisations": "4"}, "A joint survey is over 5 organisations at least"),
        ({"organisations": ""}, "Write a whole number"),
        ({"largest": "0"}, "Write a whole number"),
        ({"largest": "81"}, "The largest has 81 people, and you ask 400. Ask at least 405"),
        ({"people": "900"}, "58 organisations with at most 14 people each have at most 812 people"),
        ({"kind_en": ""}, "Write what they are called"),
        ({"over": "everybody"}, "Choose one of these"),
    ],
)
def test_what_is_no_joint_wave_is_refused_with_its_reason(
    union: Theatre, changed: dict[str, object], message: str
) -> None:
    draft = union.begun()

    assert message in refused(union, draft, Step.PEOPLE, **(TOGETHER | changed))


def test_who_is_no_member_asks_nobody_elses_people(union: Theatre) -> None:
    theatre = opened(union.alliance, "Teatret")
    draft = theatre.begun()

    assert "Whose people are they?" not in said(theatre.client.get(f"{draft}/steps/people?lang=en"))
    assert "Only a member of the alliance" in refused(theatre, draft, Step.PEOPLE, **TOGETHER)


def test_a_member_that_left_hands_no_joint_wave_over(union: Theatre) -> None:
    draft = set_up(union)
    with union.alliance.databases.alliance_session() as session:
        session.get_one(Organisation, union.organisation).is_member = False
    try:
        assert "Only a member of the alliance" in said(union.client.get(f"{draft}/last?lang=en"))
        assert union.client.post(f"{draft}/last").status_code == 409
    finally:
        with union.alliance.databases.alliance_session() as session:
            session.get_one(Organisation, union.organisation).is_member = True


def test_whoever_asks_is_the_controller_and_nobody_else(union: Theatre) -> None:
    draft = set_up(union)
    notice = union.choices()["notice"] | {"controller": "De enkelte teatre"}

    assert f"Write {NAME}, with what belongs to the name" in refused(union, draft, Step.NOTICE, **notice)

    wave = union.wave(union.handed(draft))
    answer = union.client.post(f"{union.waves}/{wave.id}/notice?lang=en", data=notice)
    assert answer.status_code == 400
    assert f"Write {NAME}, with what belongs to the name" in said(answer)


def test_steps_that_no_longer_fit_one_another_keep_it_back(union: Theatre) -> None:
    draft = set_up(union)
    union.take(draft, Step.PEOPLE, **(TOGETHER | {"largest": "40"}))

    page = said(union.client.get(f"{draft}/last?lang=en"))

    assert "“Vest” has 150 people. In a joint survey a unit must have at least 200" in page
    assert union.client.post(f"{draft}/last").status_code == 409

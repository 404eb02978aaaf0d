"""A steward sets a wave up in steps, leaves it, takes it up again and hands it to its trustees."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from questionnaires.digest import canonical_bytes, load_definition
from questionnaires.loading import alliance_definition
from survey.accounts.links import one_time_link
from survey.commands.alliance import Alliance, open_alliance
from survey.people.accounts import add_account, join
from survey.storage.audit import AuditEntry
from survey.storage.drafts import WaveDraft
from survey.storage.models import MembershipRole, Wave
from survey.storage.people import QuestionnaireState
from survey.storage.repositories import ScopedRepository, WaveRegistry
from survey.trustees.client import TrusteeClient
from survey.waves.invitations import invite
from survey.waves.plan import WavePlan
from survey.waves.setup import Step
from survey.waves.states import WaveState
from survey.worker.previewing import make_one, preview
from tests.alliances import DAY, PORT, Clock
from tests.pages import Page

FIRST, LAST = DAY + datetime.timedelta(days=8), DAY + datetime.timedelta(days=22)


@dataclass(frozen=True, slots=True)
class Theatre:
    """A theatre of 60 with its trustees, and its steward's browser."""

    alliance: Alliance
    organisation: str
    trustees: list[TrusteeClient]
    client: FlaskClient

    @property
    def waves(self) -> str:
        return f"/o/{self.organisation}/waves"

    def begun(self, **sent: str) -> str:
        """The address of a new draft."""
        answer = self.client.post(f"{self.waves}/drafts", data=sent)
        found = re.match(r"(.*/drafts/\w+)", answer.headers["Location"])
        assert found
        return found[1]

    def take(self, draft: str, step: Step, **sent: object) -> TestResponse:
        return self.client.post(
            f"{draft}/steps/{step}?lang=en", data=sent, content_type="multipart/form-data"
        )

    def everything(self, draft: str, **other: dict[str, object]) -> None:
        """Go through every step."""
        for step, choices in {**self.choices(), **other}.items():
            answer = self.take(draft, Step(step), **choices)
            assert answer.status_code == 303, Page.parsed(answer.text).text()

    def choices(self) -> dict[str, dict[str, object]]:
        """What a head of a theatre chooses."""
        return {
            "people": {"people": "60", "on_paper": "0"},
            "questionnaire": {
                "questionnaire": "culture-leisure-culture/1.0.0",
                "sections": ["about_place", "climate", "knowledge", "behaviour", "witness", "needs"],
            },
            "own-questions": {
                "text_da_1": "Holder vi for mange møder?",
                "options_da_1": "Ja\nNej",
                "text_en_1": "Too many meetings?",
                "options_en_1": "Yes\nNo",
            },
            "period": {
                "languages": ["da", "en"],
                "first_day": FIRST.isoformat(),
                "last_day": LAST.isoformat(),
            },
            "groups": {
                "units": "Scenen; 24\nVærkstederne; 26\nSnedkerne; 12; Værkstederne",
                "breakdowns": "unit",
            },
            "contacts": {"name_da_1": "Anna Berg, AMR", "phone_1": "12 34 56 78", "anonymous_1": "y"},
            "notice": {
                "controller": "Teatret",
                "contact": "Åvej 1",
                "legal_basis": "legitimate_interests",
                "shared_on": (LAST + datetime.timedelta(days=30)).isoformat(),
            },
            "trustees": {"trustees": [each.file.trustee for each in self.trustees], "quorum": "2"},
            "promises": {
                "sharing": "never",
                "opening": "10",
                "general": "15",
                "sensitive": "20",
                "coercion": "100",
            },
        }

    def own_items(self) -> list[dict[str, object]]:
        """Its own question, as it is stored."""
        return [
            {
                "text": {"da": "Holder vi for mange møder?", "en": "Too many meetings?"},
                "options": [{"da": "Ja", "en": "Yes"}, {"da": "Nej", "en": "No"}],
            }
        ]

    def row(self, draft: str) -> WaveDraft:
        with self.alliance.databases.alliance_session(reading=True) as session:
            return ScopedRepository(session, self.organisation).draft(draft.rpartition("/")[2])

    def handed(self, draft: str) -> str:
        """The id of the wave that a draft became."""
        before = {wave.id for wave in self.stored()}
        assert self.client.post(f"{draft}/last").status_code == 303
        (made,) = {wave.id for wave in self.stored()} - before
        return made

    def stored(self) -> list[Wave]:
        with self.alliance.databases.alliance_session(reading=True) as session:
            return list(ScopedRepository(session, self.organisation).waves())

    def wave(self, wave_id: str) -> Wave:
        return next(wave for wave in self.stored() if wave.id == wave_id)


@pytest.fixture(scope="module")
def theatre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theatre]:
    with open_alliance(tmp_path_factory.mktemp("theatre"), PORT, Clock()) as alliance:
        yield opened(alliance, "Teatret")


def opened(alliance: Alliance, name: str) -> Theatre:
    organisation = alliance.organisation(name, "culture_leisure")
    trustees = alliance.trustees(organisation, lambda: "one two three four five six", ("Anna", "Bo", "Dorte"))
    with alliance.databases.alliance_session() as session:
        account = add_account(session, f"steward@{name.lower()}.example", "correct horse battery")
        join(session, account.id, organisation, MembershipRole.STEWARD)
    app = alliance.http._transport.app  # type: ignore[attr-defined]  # httpx keeps the application there
    app.config["WTF_CSRF_ENABLED"] = False
    client: FlaskClient = app.test_client()
    client.get(one_time_link(app.config["SECRET_KEY"], "", account.id))
    return Theatre(alliance, organisation, trustees, client)


def said(answer: TestResponse) -> str:
    page = Page.parsed(answer.get_data(as_text=True))
    assert page.faults() == []
    return page.text()


@pytest.mark.parametrize("language", ["da", "en"])
def test_every_page_is_whole_in_both_languages(theatre: Theatre, language: str) -> None:
    draft = theatre.begun()
    for path in ("", *(f"/steps/{step}" for step in Step), "/last"):
        said(theatre.client.get(f"{draft}{path}?lang={language}"))

    theatre.everything(draft)

    for path in ("", *(f"/steps/{step}" for step in Step), "/last"):
        said(theatre.client.get(f"{draft}{path}?lang={language}"))
    said(theatre.client.get(f"{theatre.waves}?lang={language}"))


def test_a_wave_that_was_set_up_goes_through_ceremony_and_promises_what_was_decided(theatre: Theatre) -> None:
    draft = theatre.begun()
    theatre.everything(draft)

    wave = theatre.wave(theatre.handed(draft))
    assert theatre.client.get(draft).status_code == 404
    theatre.alliance.custody.step()
    for trustee in theatre.trustees:
        trustee.confirm(wave.id)
    theatre.alliance.custody.step()

    wave = theatre.wave(wave.id)
    assert wave.state == WaveState.READY.value
    promised = theatre.alliance.http.get(f"/w/{wave.id}/manifest.json").json()
    assert promised["invited"] == 60
    assert promised["policy"]["raised"] == {"general": 15}
    assert [(unit["name"], unit["parent"]) for unit in promised["units"]] == [
        ("Scenen", None),
        ("Værkstederne", None),
        ("Snedkerne", "u2"),
    ]
    assert "notice" not in promised
    assert promised["questionnaire"]["sections"][-1] == "own_questions"
    asked = load_definition(wave.definition)
    assert asked.item("own_question_1").text["en"] == "Too many meetings?"
    assert asked.help_lines[-1].phone == "12 34 56 78"
    notice = WavePlan.from_value(wave.plan).notice
    assert notice is not None
    assert notice.controller == "Teatret"
    with theatre.alliance.databases.alliance_session(reading=True) as session:
        handed = session.query(AuditEntry).filter_by(subject=wave.id).order_by(AuditEntry.number).first()
        assert handed is not None
        assert handed.details == {"from": "draft", "to": "ceremony"}


def test_what_was_decided_is_there_when_one_comes_back(theatre: Theatre) -> None:
    draft = theatre.begun()
    answer = theatre.take(draft, Step.PEOPLE, people="60", on_paper="0", leave="1")

    assert answer.headers["Location"].startswith(f"{draft}?")
    assert 'value="60"' in theatre.client.get(f"{draft}/steps/people").text


def test_under_ten_people_no_wave_is_set_up_and_under_fifty_the_climate_is_advised(theatre: Theatre) -> None:
    draft = theatre.begun()

    refused = theatre.take(draft, Step.PEOPLE, people="9", on_paper="0")
    assert refused.status_code == 422
    assert "dialogue tools" in said(refused)
    assert 'value="9"' in refused.text
    theatre.take(draft, Step.PEOPLE, people="48", on_paper="0")
    page = theatre.client.get(f"{draft}/steps/questionnaire?lang=en").text
    assert "Ask about the climate only" in page
    assert re.search(r'value="climate" checked', page)
    assert not re.search(r'value="behaviour" checked', page)


def test_the_areas_questionnaire_comes_first_and_a_retired_one_is_not_offered(theatre: Theatre) -> None:
    draft = theatre.begun()
    page = theatre.client.get(f"{draft}/steps/questionnaire?lang=en").text
    assert page.index("culture-leisure-culture/1.0.0") < page.index("workplace-culture/1.0.0")
    assert said(theatre.client.get(f"{draft}/steps/questionnaire?lang=en")).count("cognitively tested") == 1

    with theatre.alliance.databases.alliance_session() as session:
        retired = QuestionnaireState(questionnaire_id="workplace-culture", version="1.0.0", published=False)
        session.add(retired)
    try:
        page = theatre.client.get(f"{draft}/steps/questionnaire?lang=en").text
        assert "workplace-culture/1.0.0" not in page
        answer = theatre.take(
            draft, Step.QUESTIONNAIRE, questionnaire="workplace-culture/1.0.0", sections="climate"
        )
        assert answer.status_code == 422
    finally:
        with theatre.alliance.databases.alliance_session() as session:
            session.delete(session.merge(retired))


@pytest.mark.parametrize(
    ("step", "sent", "words"),
    [
        (Step.PEOPLE, {"people": "many", "on_paper": "0"}, "integer"),
        (Step.QUESTIONNAIRE, {"questionnaire": "culture-leisure-culture/1.0.0"}, "something to ask about"),
        (
            Step.QUESTIONNAIRE,
            {"questionnaire": "culture-leisure-culture/1.0.0", "sections": ["climate", "incident"]},
            "Ask both",
        ),
        (Step.OWN_ITEMS, {"text_da_1": "Hvad?", "options_da_1": "Ja"}, "Write 2 to 7 answers"),
        (Step.OWN_ITEMS, {"text_da_1": "Hvad?", "options_da_1": "Ja\nja"}, "Two answers are the same"),
        (
            Step.OWN_ITEMS,
            {
                "text_da_2": "Hvad?",
                "options_da_2": "Ja\nNej",
                "text_en_2": "What?",
                "options_en_2": "a\nb\nc",
            },
            "not as many answers",
        ),
        (Step.PERIOD, {"languages": "da", "first_day": "soon"}, "date"),
        (Step.PERIOD, {"languages": "da", "first_day": "2020-01-01", "last_day": "2020-01-02"}, "is over"),
        (
            Step.PERIOD,
            {"languages": "da", "first_day": LAST.isoformat(), "last_day": FIRST.isoformat()},
            "before the first",
        ),
        (Step.PERIOD, {"first_day": FIRST.isoformat(), "last_day": LAST.isoformat()}, "one language"),
        (Step.GROUPS, {"units": "Scenen; 24\nScenen; 3"}, "Row 2: “Scenen” stands above already"),
        (Step.GROUPS, {"units": "Scenen; 61"}, "61 people, and you ask 60"),
        (Step.GROUPS, {"breakdowns": ["d01_gender", "d02_age", "d03_role", "unit"]}, ""),
        (Step.CONTACTS, {"name_da_1": "Anna"}, "nobody can reach them"),
        (Step.CONTACTS, {"name_da_1": "Anna", "url_1": "javascript:alert(1)"}, "begins with https"),
        (Step.NOTICE, {"controller": "", "shared_on": ""}, "Write who is responsible"),
        (Step.TRUSTEES, {"quorum": "2"}, "at least two"),
        (Step.PROMISES, {"sharing": "never", "general": "9"}, "never lowered"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason_and_stays_as_it_was(
    theatre: Theatre, step: Step, sent: dict[str, object], words: str
) -> None:
    draft = theatre.begun()
    theatre.take(draft, Step.PEOPLE, people="60", on_paper="0")
    before = theatre.row(draft).decided

    answer = theatre.take(draft, step, **sent)

    if words:
        assert answer.status_code == 422
        assert words in said(answer)
        assert theatre.row(draft).decided == before
    else:
        assert answer.status_code == 303


def test_a_file_with_units_is_read_and_one_with_faults_says_where(theatre: Theatre) -> None:
    draft = theatre.begun()
    theatre.take(draft, Step.PEOPLE, people="60", on_paper="0")

    good = "\ufeffenhed;antal;del af\nScenen;24;\nVærkstederne;;\nSnedkerne;12;Værkstederne\n".encode()
    answer = theatre.take(draft, Step.GROUPS, file=(io.BytesIO(good), "units.csv"), breakdowns="unit")
    assert answer.status_code == 303
    assert "Værkstederne; 12\nSnedkerne; 12; Værkstederne" in theatre.client.get(f"{draft}/steps/groups").text

    bad = "Scenen;24\nSmørrebrød;3".encode("latin-1")
    answer = theatre.take(draft, Step.GROUPS, file=(io.BytesIO(bad), "units.csv"))
    assert "Row 2: the letters are not in UTF-8" in said(answer)


def test_a_wave_cannot_be_handed_over_before_everything_is_decided(theatre: Theatre) -> None:
    draft = theatre.begun()

    answer = theatre.client.post(f"{draft}/last?lang=en")

    assert answer.status_code == 409
    assert "this is still missing" in said(answer)
    assert theatre.row(draft).id


def test_a_trustee_who_is_not_confirmed_keeps_the_wave_back(theatre: Theatre) -> None:
    draft = theatre.begun()
    theatre.everything(draft)
    with theatre.alliance.databases.alliance_session() as session:
        for trustee in ScopedRepository(session, theatre.organisation).trustees():
            trustee.recognised = None

    answer = theatre.client.post(f"{draft}/last?lang=en")

    theatre.alliance.recognise(theatre.trustees)
    assert answer.status_code == 409
    assert "has not confirmed yet that Anna represents the employees" in said(answer)


def test_another_like_an_earlier_one_begins_with_what_that_had(theatre: Theatre) -> None:
    draft = theatre.begun()
    theatre.everything(draft)

    again = theatre.begun(wave=theatre.handed(draft))

    row = theatre.row(again).decided
    assert row["people"] == 60
    assert row["sections"] == theatre.choices()["questionnaire"]["sections"]
    assert row["own_items"] == theatre.own_items()
    assert row["contacts"] == [
        {
            "name": {"da": "Anna Berg, AMR", "en": "Anna Berg, AMR"},
            "phone": "12 34 56 78",
            "url": "",
            "anonymous": True,
        }
    ]
    assert row["first_day"] == ""
    assert said(theatre.client.get(f"{again}?lang=en")).count("Done") == 5


def test_a_draft_that_is_thrown_away_is_gone(theatre: Theatre) -> None:
    draft = theatre.begun()

    assert theatre.client.post(f"{draft}/throw-away").status_code == 303
    assert theatre.client.get(draft).status_code == 404


def test_the_alliances_questionnaires_leave_room_for_five_own_questions() -> None:
    assert len(alliance_definition("education").items) < 195


@pytest.mark.slow
def test_a_preview_waits_for_the_worker_and_names_the_groups_that_are_too_small(theatre: Theatre) -> None:
    draft = theatre.begun()
    assert "Who is asked" in said(theatre.client.get(f"{draft}/preview?lang=en"))
    groups: dict[str, object] = {"units": "Scenen; 15\nKontoret; 9", "breakdowns": ["unit"]}
    theatre.everything(
        draft,
        people={"people": "30", "on_paper": "0"},
        questionnaire={"questionnaire": "culture-leisure-culture/1.0.0", "sections": ["climate", "needs"]},
        groups=groups,
        promises=theatre.choices()["promises"] | {"general": "10"},
    )

    waiting = theatre.client.get(f"{draft}/preview?lang=en")
    assert waiting.headers["Refresh"] == "5"
    assert "Kontoret (9)" in said(waiting)
    assert "You may leave this page" in said(waiting)
    while make_one(theatre.alliance.databases, preview):
        pass

    shown = theatre.client.get(f"{draft}/preview?lang=en")
    assert "Refresh" not in shown.headers
    text = said(shown)
    assert "All figures below are invented" in text
    assert "3 invented surveys" in text
    assert "if 21 answer" in text
    theatre.take(draft, Step.PEOPLE, people="31", on_paper="0")
    assert "The preview is being made" in said(theatre.client.get(f"{draft}/preview?lang=en"))


def test_of_one_invented_survey_the_preview_does_not_say_how_often(theatre: Theatre) -> None:
    draft = theatre.begun()
    theatre.everything(
        draft,
        people={"people": "4000", "on_paper": "0"},
        groups={"units": "Scenen; 3000\nKontoret; 12", "breakdowns": ["unit"]},
    )
    once = canonical_bytes({"waves": 1, "shown": {}, "release": ""})

    while make_one(theatre.alliance.databases, lambda _definition, _plan: once):
        pass

    text = said(theatre.client.get(f"{draft}/preview?lang=en"))
    assert "1 invented survey like yours" in text
    assert "Figures that were shown" in text
    assert "Not shown" in text
    assert "Kontoret (12)" in text
    for word in ("every time", "Sometimes"):
        assert word not in text


def test_the_consent_page_is_made_from_what_would_be_promised(theatre: Theatre) -> None:
    draft = theatre.begun()
    assert theatre.client.get(f"{draft}/consent").status_code == 303
    theatre.everything(draft)

    page = theatre.client.get(f"{draft}/consent?lang=en").text
    promised = theatre.client.get(f"{draft}/manifest.json").get_json()
    asked = theatre.client.get(f"{draft}/definition.json").get_json()

    assert f'data-base="{draft}"' in page
    assert promised["invited"] == 60
    assert [each["role"] for each in promised["trustees"]] == ["employees", "management", "secretariat"]
    assert "notice" not in promised
    assert asked["sections"][-1]["id"] == "own_questions"


def test_a_wave_is_cancelled_until_somebody_is_invited(theatre: Theatre) -> None:
    drafts = [theatre.begun(), theatre.begun()]
    for draft in drafts:
        theatre.everything(draft)
    first, second = map(theatre.handed, drafts)
    with theatre.alliance.databases.alliance_session() as session:
        invite(session, WaveRegistry(session).wave(second), 1, theatre.alliance.config.invitation_key)

    told = [theatre.client.post(f"{theatre.waves}/{wave}/cancellation?lang=en") for wave in (first, second)]

    assert [answer.headers["Location"].partition("done=")[2] for answer in told] == [
        "cancelled&lang=en",
        "not_cancelled&lang=en",
    ]
    assert theatre.wave(first).state == WaveState.CANCELLED.value
    assert theatre.wave(second).state == WaveState.CEREMONY.value
    assert "cannot be cancelled any more" in said(
        theatre.client.get(f"{theatre.waves}?lang=en&done=not_cancelled")
    )


def test_papers_are_counted_beside_those_who_are_invited(theatre: Theatre) -> None:
    draft = theatre.begun()
    theatre.everything(draft, people={"people": "60", "on_paper": "3"})

    plan = WavePlan.from_value(theatre.wave(theatre.handed(draft)).plan)

    assert (plan.invited, plan.paper_credentials) == (60, 3)
    assert len(plan.issuing_keys) == 2

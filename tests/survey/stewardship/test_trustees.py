"""A steward chooses trustees: who may be one, what the mail says, and what is said before keys are lost."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from questionnaires.loading import load
from survey.accounts.links import one_time_link
from survey.app import create_app
from survey.commands.alliance import Alliance, Ballot
from survey.delivery.outbox import Outbox
from survey.people.accounts import add_account, join
from survey.sealing import shares
from survey.sealing.at_rest import AtRest
from survey.stewardship.views import WAITS
from survey.storage.audit import AuditEntry, verify
from survey.storage.mails import QueuedMail
from survey.storage.models import MembershipRole, Organisation, Trustee, Wave
from survey.storage.repositories import WaveRegistry
from survey.trustees.client import TrusteeClient, TrusteeError, enrol
from survey.waves.plan import PlanError
from survey.waves.states import WaveState
from survey.waves.trusteeship import Addresses, Danger, begin_again, replace_key, standing, token_digest
from survey.waves.waiting import Waits
from tests.alliances import DAY, ROUTING, Fielded, plan
from tests.pages import EveryName, Page

PASSWORD = "abandon ability able about above absent"
TOKEN = re.compile(r"http://127\.0\.0\.1:8000/trustees/#(\S{43})\n")


@dataclass(frozen=True, slots=True)
class Office:
    """An organisation with an open wave, its steward and the secretariat, each at their own browser."""

    alliance: Alliance
    ballot: Ballot
    organisation: str
    secretariat: str
    steward: FlaskClient
    office: FlaskClient

    def page(self) -> Page:
        return Page.parsed(self.steward.get(f"/o/{self.organisation}/trustees?lang=en").text)

    def post(self, path: str = "trustees", **form: str) -> TestResponse:
        return self.steward.post(f"/o/{self.organisation}/{path}?lang=en", data=form)

    def mails(self) -> list[tuple[str, str]]:
        """Address and text of each mail that waits."""
        outbox = Outbox(AtRest(self.alliance.config.mail_keys))
        with self.alliance.databases.alliance_session(reading=True) as session:
            waiting = session.scalars(select(QueuedMail)).all()
            return [
                (outbox.address(mail.address or b""), outbox.message(mail.content or b"").text)
                for mail in waiting
            ]

    def token(self) -> str:
        """The token in the only mail that waits."""
        ((_, text),) = self.mails()
        found = TOKEN.search(text)
        assert found is not None, text
        return found[1]

    def trustee(self, name: str) -> Trustee:
        with self.alliance.databases.alliance_session(reading=True) as session:
            return session.scalars(
                select(Trustee).where(Trustee.name == name, Trustee.successor.is_(None))
            ).one()


@pytest.fixture
def office(wave: Fielded) -> Iterator[Office]:
    with wave.opened() as (alliance, ballot):
        app = create_app(alliance.config, assets=EveryName(), clock=alliance.custody.today)
        app.config["WTF_CSRF_ENABLED"] = False
        secretariat = alliance.organisation("The alliance", "culture_leisure")
        with alliance.databases.alliance_session() as session:
            organisation = WaveRegistry(session).wave(ballot.wave).organisation_id
            session.get_one(Organisation, secretariat).is_alliance = True
            people = {}
            for email, where, role in (
                ("steward@example.org", organisation, MembershipRole.STEWARD),
                ("other-steward@example.org", organisation, MembershipRole.STEWARD),
                ("office@example.org", secretariat, MembershipRole.SECRETARIAT),
            ):
                people[email] = add_account(session, email, PASSWORD).id
                join(session, people[email], where, role)
        browsers = []
        for email in ("steward@example.org", "office@example.org"):
            browser = app.test_client()
            browser.get(one_time_link(app.config["SECRET_KEY"], "", people[email]))
            browsers.append(browser)
        yield Office(alliance, ballot, organisation, secretariat, *browsers)
        app.extensions["tillid"].databases.dispose()


ANNA = {"name": "Anna Berg", "email": "Anna@Example.org", "role": "employees"}


def test_an_invitation_goes_by_mail_with_the_token_after_the_number_sign(office: Office) -> None:
    answer = office.post(**ANNA)

    assert answer.status_code == 303
    ((address, text),) = office.mails()
    assert address == "anna@example.org"
    assert "Anna Berg" in text
    assert "medarbejdernes repræsentant" in text
    assert "the employees' representative" in text
    assert office.trustee("Anna Berg").token_digest == token_digest(office.token())
    page = office.page()
    assert page.faults() == []
    assert "Has been invited, and has not made a key yet." in page.text()


def test_neither_address_nor_token_stands_in_the_database_in_the_clear(office: Office) -> None:
    office.post(**ANNA)
    token = office.token()

    everything = b"".join(file.read_bytes() for file in _files(office))

    assert b"nna@" not in everything
    assert token.encode() not in everything


def _files(office: Office) -> list[Path]:
    database = Path(office.alliance.config.database_url.removeprefix("sqlite:///"))
    return list(database.parent.glob(f"{database.name}*"))


@pytest.mark.parametrize(
    ("form", "fault"),
    [
        ({**ANNA, "name": "Another"}, "Somebody with this address is a trustee already."),
        ({**ANNA, "name": "Another", "email": "ANNA@EXAMPLE.ORG"}, "Somebody with this address"),
        ({**ANNA, "email": "b@example.org", "name": " anna  BERG "}, "Somebody with this name"),
        ({**ANNA, "email": "steward@example.org", "name": "S"}, "cannot stand for the employees"),
        ({**ANNA, "name": ""}, "Write the trustee's name."),
        ({**ANNA, "name": "x" * 201}, "Write the trustee's name."),
        ({**ANNA, "name": "\x00\x07"}, "Write the trustee's name."),
        ({**ANNA, "email": "anna"}, "Write an e-mail address"),
        ({**ANNA, "email": "a@b.dk\nBcc: c@d.dk"}, "Write an e-mail address"),
        ({**ANNA, "role": "secretariat"}, "Choose whom the trustee stands for."),
        ({**ANNA, "role": ""}, "Choose whom the trustee stands for."),
    ],
)
def test_whoever_cannot_be_a_trustee_is_refused_and_told_why(
    office: Office, form: dict[str, str], fault: str
) -> None:
    office.post(**ANNA)

    answer = office.post(**form)

    page = Page.parsed(answer.text)
    assert answer.status_code == 400
    assert fault in page.text()
    assert page.faults() == []
    assert len(office.mails()) == 1


def test_only_one_of_the_stewards_can_be_a_trustee(office: Office) -> None:
    first = office.post(name="One", email="steward@example.org", role="management")
    second = office.post(name="Two", email="other-steward@example.org", role="other")

    assert first.status_code == 303
    assert "Only one of those who run the surveys" in Page.parsed(second.text).text()


def test_a_trustee_who_becomes_a_steward_later_is_seen(office: Office) -> None:
    office.post(name="One", email="steward@example.org", role="management")
    office.post(name="Two", email="two@example.org", role="other")
    with office.alliance.databases.alliance_session() as session:
        account = add_account(session, "two@example.org", PASSWORD)
        join(session, account.id, office.organisation, MembershipRole.STEWARD)

    assert "2 of the trustees run the surveys themselves by now." in office.page().text()


def test_the_secretariats_trustee_is_chosen_by_the_secretariat_and_seen_by_all(office: Office) -> None:
    office.post(**ANNA)
    taken = office.office.post(
        f"/o/{office.secretariat}/trustees?lang=en", data={**ANNA, "role": "secretariat"}
    )
    invited = office.office.post(
        f"/o/{office.secretariat}/trustees?lang=en",
        data={"name": "Sekretær", "email": "s@alliance.example", "role": "secretariat"},
    )

    assert "Somebody with this address" in Page.parsed(taken.text).text()
    assert invited.status_code == 303
    text = office.page().text()
    assert "Sekretær" in text
    assert "s@alliance.example" not in text


def enrolled(office: Office) -> TrusteeClient:
    file = enrol(office.alliance.http, office.token(), PASSWORD)
    return TrusteeClient(office.alliance.http, file, file.seed(PASSWORD))


def test_the_secretariat_confirms_who_represents_the_employees_by_the_fingerprint(office: Office) -> None:
    office.post(**ANNA)
    client = enrolled(office)
    address = f"/o/{office.secretariat}/representatives?lang=en"
    listed = Page.parsed(office.office.get(address).text)
    form = {"trustee": client.file.trustee, "fingerprint": client.file.fingerprint}

    changed = office.office.post(address, data={**form, "fingerprint": "0" * 64})
    unknown = office.office.post(address, data={**form, "trustee": "0" * 16})
    nonsense = office.office.post(address, data={**form, "trustee": "\x00"})
    confirmed = office.office.post(address, data=form)

    assert listed.faults() == []
    assert shares.spoken(client.file.fingerprint) in listed.text()
    assert "The key has changed" in Page.parsed(changed.text).text()
    assert (unknown.status_code, nonsense.status_code, confirmed.status_code) == (404, 404, 303)
    assert office.trustee("Anna Berg").recognised == client.file.fingerprint
    assert "The secretariat has confirmed" in office.page().text()


def test_a_lost_key_is_replaced_by_a_new_invitation_to_the_same_address(office: Office) -> None:
    office.post(**ANNA)
    old = enrolled(office)
    first = office.trustee("Anna Berg")
    with office.alliance.databases.alliance_session() as session:
        session.query(QueuedMail).delete()

    answer = office.post("trustees/new-key", trustee=first.id)
    again = office.post("trustees/new-key", trustee=first.id)

    assert (answer.status_code, again.status_code) == (303, 400)
    assert office.mails()[0][0] == "anna@example.org"
    new = enrolled(office)
    assert new.file.trustee != old.file.trustee
    assert office.trustee("Anna Berg").recognised is None
    # Waves that are open name the old key for ever, so it still answers for them.
    assert old.waves() == new.waves() == []


def test_a_key_of_another_organisation_cannot_be_replaced(office: Office) -> None:
    with office.alliance.databases.alliance_session(reading=True) as session:
        nameless = WaveRegistry(session).shares(office.ballot.wave)[0].trustee_id

    # The demo's trustees have no address: there is nowhere to send a new invitation.
    assert office.post("trustees/new-key", trustee=nameless).status_code == 404
    assert office.post("trustees/new-key", trustee="0" * 16).status_code == 404


def again(office: Office, wave: str) -> TestResponse:
    return office.post("trustees/ceremony", wave=wave)


def test_a_wave_begins_again_with_the_new_key_and_the_old_promises_are_gone(office: Office) -> None:
    alliance = office.alliance
    people = [office.ballot.trustees[1], office.ballot.trustees[2]]
    office.post(**ANNA)
    lost = enrolled(office)
    alliance.custody.directory.vouch(shares.spoken(people[1].file.fingerprint))
    alliance.recognise([lost])
    wave = alliance.draft(office.organisation, load(ROUTING), plan(15), [lost, *people])
    alliance.custody.step()
    confirmed = lost.confirm(wave)
    with alliance.databases.alliance_session() as session:
        session.query(QueuedMail).delete()
    office.post("trustees/new-key", trustee=lost.file.trustee)

    too_early = again(office, wave)
    found = enrolled(office)
    unconfirmed = again(office, wave)
    alliance.recognise([found])
    done = again(office, wave)

    assert (too_early.status_code, unconfirmed.status_code, done.status_code) == (400, 400, 303)
    assert "The survey cannot begin again yet." in Page.parsed(too_early.text).text()
    ((summary),) = found.waves()
    anew = str(summary["wave"])
    assert (anew != wave, summary["state"]) == (True, "ceremony")
    alliance.custody.step()
    assert found.promise(anew).number == 1
    # Her old file has confirmed promises that no server can bring back.
    with pytest.raises(TrusteeError, match="409 wrong_state"):
        TrusteeClient(alliance.http, confirmed, lost.seed).promise(wave)


def test_a_wave_that_is_open_for_answers_never_begins_again(office: Office) -> None:
    answer = again(office, office.ballot.wave)

    assert answer.status_code == 400
    with office.alliance.databases.alliance_session(reading=True) as session:
        assert WaveRegistry(session).wave(office.ballot.wave).state == WaveState.FIELDING.value


def test_a_wave_that_people_were_invited_to_does_not_begin_again(office: Office) -> None:
    alliance = office.alliance
    with alliance.databases.alliance_session() as session:
        wave = WaveRegistry(session).wave(office.ballot.wave)
        wave.state = WaveState.READY.value
        with pytest.raises(PlanError, match="people hold invitations"):
            begin_again(session, wave, AtRest(alliance.config.fernet_keys))


def keys(office: Office) -> tuple[Danger, str]:
    """The danger that the wave is in, and what its steward reads."""
    with office.alliance.databases.alliance_session(reading=True) as session:
        wave = session.get_one(Wave, office.ballot.wave)
        found = standing(session, wave, office.alliance.custody.today()).danger
    return found, office.page().text()


def test_the_steward_is_warned_while_there_is_something_to_do_about_it(office: Office) -> None:
    alliance, wave = office.alliance, office.ballot.wave
    assert keys(office)[0] is Danger.NONE

    with alliance.databases.alliance_session() as session:
        WaveRegistry(session).shares(wave)[0].proven_on = DAY - datetime.timedelta(days=31)
    unproven, said = keys(office)
    assert unproven is Danger.UNPROVEN
    assert "Only 2 trustees have shown within a month that their key works, and it takes 2." in said

    with alliance.databases.alliance_session() as session:
        replace_key(session, session.get_one(Trustee, WaveRegistry(session).shares(wave)[0].trustee_id))
    last, said = keys(office)
    assert last is Danger.LAST
    assert "If one more is lost, the answers can never be opened." in said
    assert "the key is lost" in said

    office.ballot.trustees[1].decline(wave, "Too few of us answered.")
    lost, said = keys(office)
    assert lost is Danger.LOST
    assert "They cannot be opened, and are erased unopened 60 days after closing" in said
    assert "Too few of us answered." in said


def test_trustees_who_can_be_reached_are_reminded(office: Office) -> None:
    with office.alliance.databases.alliance_session() as session:
        trustee = session.get_one(Trustee, WaveRegistry(session).shares(office.ballot.wave)[0].trustee_id)
        trustee.address = Addresses(AtRest(office.alliance.config.mail_keys)).written("anna@example.org")

    assert office.post("trustees/reminder", wave=office.ballot.wave).status_code == 303
    assert office.post("trustees/reminder", wave="0" * 16).status_code == 404

    ((address, text),) = office.mails()
    assert address == "anna@example.org"
    assert "http://127.0.0.1:8000/trustees/\n" in text


def test_what_steward_secretariat_and_trustee_do_is_in_the_log(office: Office) -> None:
    office.post(**ANNA)
    client = enrolled(office)
    form = {"trustee": client.file.trustee, "fingerprint": client.file.fingerprint}
    office.office.post(f"/o/{office.secretariat}/representatives", data=form)
    office.ballot.trustees[1].decline(office.ballot.wave, "Too few of us answered.")

    with office.alliance.databases.alliance_session(reading=True) as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.number)).all()
        verify(session)
    noted = [(entry.action, entry.subject) for entry in entries][-4:]
    assert noted == [
        ("trustee_invited", client.file.trustee),
        ("key_enrolled", ""),
        ("representative_confirmed", client.file.trustee),
        ("opening_declined", office.ballot.wave),
    ]
    assert not any("Anna" in str(entry.details) or "Too few" in str(entry.details) for entry in entries)


def test_a_wave_that_custody_cannot_take_further_says_why_on_its_stewards_page(office: Office) -> None:
    for waits in Waits:
        with office.alliance.databases.alliance_session() as session:
            WaveRegistry(session).wave(office.ballot.wave).waits_for = waits

        page = office.page()
        assert page.faults() == []
        assert str(WAITS[waits]) in page.text()

"""
Somebody signed in to one organisation asks for another's things, by every address there is.

`routes.csv` is the reviewed list of all addresses, with the answer that each kind of visitor gets for their
own organisation's things. For a foreign thing everybody gets, byte for byte, the answer of one that does not
exist: else the addresses would tell who is a customer, and which waves there are. A new address fails these
tests until its row is written and read.
"""

import csv
import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from config import Config
from questionnaires.digest import definition_bytes
from questionnaires.loading import load
from survey.access import Audience, audiences_of
from survey.accounts.links import one_time_link
from survey.app import create_app
from survey.people.accounts import add_account, join
from survey.storage.databases import Databases, open_databases
from survey.storage.drafts import WaveDraft
from survey.storage.models import (
    CustodyIdentity,
    MembershipRole,
    OwnQuestionnaire,
    Trustee,
    TrusteeRole,
    Wave,
    WaveTrustee,
)
from survey.storage.people import PersonInvitation
from survey.storage.upgrading import upgrade
from survey.waves.trusteeship import token_digest
from tests.alliances import plan
from tests.pages import FORM_TOKEN, EveryName
from tests.releases import store, tables
from tests.survey import rows

REVIEWED = Path(__file__).parent / "routes.csv"
VISITORS = ("nobody", "trustee_key", *(role.value for role in MembershipRole))
UNKNOWN = {
    "organisation_id": rows.identifier("nobody"),
    "wave_id": rows.identifier("nothing"),
    "account_id": rows.identifier("nobody"),
    "invitation_id": rows.identifier("nothing"),
    "own_id": rows.identifier("nothing"),
    "draft_id": rows.identifier("nothing"),
}
# What an address has besides; none of it is there, so that nothing changes for whoever asks next.
MISSING = {
    **{name: UNKNOWN[name] for name in ("account_id", "invitation_id")},
    "action_id": rows.identifier("nothing"),
    "application_id": rows.identifier("nothing"),
    "other_id": rows.identifier("nothing"),
    "person_id": rows.identifier("nobody"),
    "bucket": "00",
    "step": "people",
    "filename": "missing.css",
    "file": "release.json",
    "page": "privacy",
    "table_id": "missing",
    "token": "missing",
    "role": "leader",
    "digest": "0" * 64,
    "verdict": "missing",
    "questionnaire_id": "missing",
    "version": "1.0.0",
    "credential_id": "00",
    "entry_id": rows.identifier("nothing"),
    "picture_id": rows.identifier("nothing"),
    "activity_id": rows.identifier("nothing"),
    "commitment_id": rows.identifier("nothing"),
    "member_id": rows.identifier("nothing"),
    "mail_id": rows.identifier("missing"),
    "file_id": rows.identifier("missing"),
}
# By design these are reached by whoever has the address; what they tell, a respondent may know.
FOR_ANYBODY = {Audience.PUBLIC, Audience.RESPONDENT}
IDS = ("organisation_id", "wave_id", "account_id", "invitation_id", "own_id", "draft_id")


@dataclass(frozen=True, slots=True)
class Alliance:
    """Two organisations with the same things; every visitor belongs to the first."""

    app: Flask
    own: Mapping[str, str]
    foreign: Mapping[str, str]
    visitors: Mapping[str, FlaskClient]

    def ask(self, visitor: str, method: str, route: str, ids: Mapping[str, str]) -> TestResponse:
        address = route
        for name, value in {**MISSING, **ids}.items():
            for written in (f"<{name}>", f"<path:{name}>"):
                address = address.replace(written, value)
        return self.visitors[visitor].open(address, method=method)


def filled(databases: Databases, name: str) -> dict[str, str]:
    """An organisation with a released wave and a trustee who holds a share of it."""
    workplace = load(Path("questionnaires/definitions/workplace.yaml"))
    with databases.alliance_session() as session:
        organisation = rows.organisation(name)
        # Every role there is, also those that reach beyond one organisation, holds in the visitors' own.
        organisation.is_alliance = name == "own"
        session.add(organisation)
        session.flush()
        wave = store(session, organisation, workplace, tables(workplace))
        signed = session.get_one(Wave, wave)
        signed.plan = plan(10).value()
        signed.manifest_signature, signed.list_rows = bytes(64), bytes(64)
        signed.list_statement, signed.list_signature = b"{}", bytes(64)
        trustee = rows.identifier(f"trustee{name}")
        session.add(
            Trustee(
                id=trustee,
                organisation_id=organisation.id,
                role=TrusteeRole.EMPLOYEES,
                token_digest=token_digest(name),
            )
        )
        session.flush()
        session.add(
            WaveTrustee(
                wave_id=wave,
                number=1,
                organisation_id=organisation.id,
                trustee_id=trustee,
                sealed_share=bytes(33),
                confirmed=True,
            )
        )
        brought = rows.identifier(f"brought{name}")
        session.add(
            OwnQuestionnaire(
                id=brought,
                organisation_id=organisation.id,
                definition=definition_bytes(load(Path("tests/questionnaires_for_tests/multi.yaml"))),
                mapping={},
                report={},
                brought_on=datetime.date(2026, 11, 25),
            )
        )
        draft = WaveDraft(
            id=rows.identifier(f"draft{name}"),
            organisation_id=organisation.id,
            decided={},
            changed_on=datetime.date(2026, 11, 25),
        )
        session.add(draft)
        person = add_account(session, f"person@{name}.example", "correct horse battery")
        join(session, person.id, organisation.id, MembershipRole.LEADER)
        invitation = PersonInvitation(
            id=rows.identifier(f"invited{name}"),
            organisation_id=organisation.id,
            token_digest=token_digest(f"invitation {name}"),
            email=f"invited@{name}.example",
            role=MembershipRole.LEADER,
            language="da",
            expires=2**40,
        )
        session.add(invitation)
        return {
            "organisation_id": organisation.id,
            "wave_id": wave,
            "account_id": person.id,
            "invitation_id": invitation.id,
            "own_id": brought,
            "draft_id": draft.id,
        }


def signed_in(app: Flask, databases: Databases, role: MembershipRole) -> FlaskClient:
    with databases.alliance_session() as session:
        account = add_account(session, f"{role.value}@example.org", "correct horse battery")
        join(session, account.id, rows.identifier("own"), role)
    client = app.test_client()
    client.get(one_time_link(app.config["SECRET_KEY"], "", account.id))
    client.get("/o/")  # which gives the session all that it will hold
    return client


@pytest.fixture(scope="module")
def alliance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Alliance]:
    config = Config.for_demo(tmp_path_factory.mktemp("scoping"), 8000)
    databases = open_databases(config.database_url, config.responses_url)
    upgrade(databases)
    app = create_app(config, assets=EveryName())
    # Forms are guarded by tests of their own; here the question is who gets past the door.
    app.config["WTF_CSRF_ENABLED"] = False
    own, foreign = filled(databases, "own"), filled(databases, "foreign")
    with databases.alliance_session() as session:
        session.add(CustodyIdentity(fingerprint="0" * 64, public_key=bytes(32)))
    trustee = app.test_client()
    trustee.environ_base["HTTP_AUTHORIZATION"] = "Bearer own"
    clients = {role.value: signed_in(app, databases, role) for role in MembershipRole}
    yield Alliance(app, own, foreign, {"nobody": app.test_client(), "trustee_key": trustee, **clients})
    databases.dispose()
    app.extensions["tillid"].databases.dispose()


def reviewed() -> list[dict[str, str]]:
    with REVIEWED.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def routes(app: Flask) -> list[tuple[str, str]]:
    return sorted(
        (rule.rule, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    )


def audience(app: Flask, route: str, method: str) -> str:
    (endpoint,) = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.rule == route and method in (rule.methods or set())
    }
    return " ".join(sorted(audiences_of(app, endpoint)))


def test_the_reviewed_list_has_every_address_and_its_audience(alliance: Alliance) -> None:
    listed = [(row["route"], row["method"], row["audience"]) for row in reviewed()]

    assert listed == [(*route, audience(alliance.app, *route)) for route in routes(alliance.app)]


@pytest.mark.slow
def test_everybody_gets_the_reviewed_answer_for_what_is_their_own(alliance: Alliance) -> None:
    # Signing out is last of all: the visitors are needed until then.
    found = {
        (row["route"], row["method"]): {
            visitor: str(alliance.ask(visitor, row["method"], row["route"], own(alliance)).status_code)
            for visitor in VISITORS
        }
        for row in reviewed()
        if "sign-out" not in row["route"]
    }

    assert found == {
        (row["route"], row["method"]): {visitor: row[visitor] for visitor in VISITORS}
        for row in reviewed()
        if "sign-out" not in row["route"]
    }


def own(alliance: Alliance) -> dict[str, str]:
    """What visitors ask for by name; people and invitations are asked for by names of nobody."""
    return {name: alliance.own[name] for name in ("organisation_id", "wave_id", "own_id", "draft_id")}


def guarded() -> list[dict[str, str]]:
    return [
        row
        for row in reviewed()
        if row["audience"] not in FOR_ANYBODY and any(f"<{name}>" in row["route"] for name in IDS)
    ]


@pytest.mark.parametrize("row", guarded(), ids=lambda row: f"{row['method']} {row['route']}")
def test_a_foreign_thing_is_answered_as_one_that_does_not_exist(
    alliance: Alliance, row: Mapping[str, str]
) -> None:
    for visitor in VISITORS:
        for foreign, unknown in pairs(alliance, row["route"]):
            theirs = alliance.ask(visitor, row["method"], row["route"], foreign)
            nothing = alliance.ask(visitor, row["method"], row["route"], unknown)

            assert told(theirs, foreign) == told(nothing, unknown), visitor
            assert theirs.status_code >= 300, visitor


def pairs(alliance: Alliance, route: str) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    """Every way to put somebody else's ids into an address, each beside the same with ids of nothing."""
    named = [name for name in IDS if f"<{name}>" in route]
    for theirs in product((True, False), repeat=len(named)):
        if any(theirs):
            chosen = dict(zip(named, theirs, strict=True))
            yield (
                {name: (alliance.foreign if chosen[name] else alliance.own)[name] for name in named},
                {name: UNKNOWN[name] if chosen[name] else alliance.own[name] for name in named},
            )


def told(response: TestResponse, ids: Mapping[str, str]) -> tuple[int, list[tuple[str, str]], str]:
    """All that an answer tells, with the ids that were asked for taken out of it."""
    text = FORM_TOKEN.sub("", response.get_data(as_text=True))
    headers = [(name, value) for name, value in response.headers if name not in {"Content-Length", "Date"}]
    for name, value in ids.items():
        text = text.replace(value, name)
        headers = [(header, content.replace(value, name)) for header, content in headers]
    return response.status_code, headers, text


def test_signing_out_is_for_everybody_and_ends_the_session(alliance: Alliance) -> None:
    client = signed_out(alliance)

    assert client.get("/o/").status_code == 302


def signed_out(alliance: Alliance) -> FlaskClient:
    client = alliance.visitors["operator"]
    assert client.get("/o/").status_code == 200
    assert client.post("/o/sign-out").status_code == 302
    return client

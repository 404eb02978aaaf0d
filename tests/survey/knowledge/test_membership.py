"""A member leaves, and stays in the register; the secretariat asks about what it promised, or hides it."""

import datetime as dt

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from survey.accounts.links import one_time_link
from survey.people.accounts import account_of
from survey.storage.alliance import Commitment, CommitmentState, Member
from survey.storage.audit import AuditEntry
from survey.storage.models import MembershipRole, Organisation
from survey.worker.clearing import clear
from tests.survey.accounts.people import good, hidden, mail_to, organisation, person, send

WRITER, SECRETARY = "skribent@kor.example", "sekretariat@example.org"


@pytest.fixture
def member(app: Flask) -> str:
    """A member with a contributor and one promise."""
    own = organisation(app, "member")
    today: dt.date = app.extensions["tillid"].today()
    with app.extensions["tillid"].databases.alliance_session() as session:
        session.get_one(Organisation, own).is_member = True
        session.add(Member(organisation_id=own, kind="interest_org", joined_on=today.replace(month=1, day=1)))
        session.add(
            Commitment(
                id="c" * 16,
                organisation_id=own,
                year=today.year,
                duty="dialogue",
                promise="Fire møder.",
                changed_on=today,
            )
        )
    person(app, own, MembershipRole.CONTRIBUTOR, email=WRITER)
    return own


@pytest.fixture
def alliance(app: Flask) -> str:
    """The alliance, with a secretariat."""
    own = organisation(app, "alliance", alliance=True)
    person(app, own, MembershipRole.SECRETARIAT, email=SECRETARY)
    return own


def signed_in(app: Flask, email: str) -> FlaskClient:
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "da"
    with app.extensions["tillid"].databases.alliance_session(reading=True) as session:
        account = account_of(session, email)
        assert account is not None
        client.get(one_time_link(app.config["SECRET_KEY"], "", account.id))
    return client


def kept(app: Flask, member: str) -> tuple[dt.date | None, bool]:
    with app.extensions["tillid"].databases.alliance_session(reading=True) as session:
        return session.get_one(Member, member).left_on, session.get_one(Organisation, member).is_member


def only(app: Flask) -> Commitment:
    with app.extensions["tillid"].databases.alliance_session(reading=True) as session:
        found: Commitment = session.scalars(select(Commitment)).one()
        return found


def actions(app: Flask) -> list[str]:
    with app.extensions["tillid"].databases.alliance_session(reading=True) as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.number)))


def test_a_member_leaves_by_itself_is_told_of_and_stays_in_the_register_with_what_it_did(
    app: Flask, client: FlaskClient, member: str, alliance: str
) -> None:
    writer, page = signed_in(app, WRITER), f"/o/{member}/membership/"
    services = app.extensions["tillid"]
    last = services.today() + dt.timedelta(days=14)
    good(writer.get(page))
    send(writer, page, {"last_day": last.strftime("%d.%m.%Y")})
    assert kept(app, member) == (last, True)
    for told in (WRITER, SECRETARY):
        assert str(last) in mail_to(app, told, "forlader").text
    assert "Vi bliver alligevel" in good(writer.get(page)).text()
    good(client.get(f"/members/{member}"))

    for day, still in ((last, True), (last + dt.timedelta(days=1), False)):
        clear(services.databases, day, 0)
        assert kept(app, member) == (last, still)
    assert actions(app)[-2:] == ["member_leaves", "member_left"]
    with services.databases.alliance_session() as session:
        session.get_one(Member, member).left_on = services.today() - dt.timedelta(days=1)
    assert "Har været medlemmer" in good(client.get("/members/")).text()
    assert "Fire møder." in good(client.get(f"/members/{member}?lang=en")).text()
    for path in ("membership/", "commitments/", "library/new"):
        good(writer.get(f"/o/{member}/{path}"), 403)


def test_whoever_leaves_can_take_it_back_until_the_last_day(app: Flask, member: str, alliance: str) -> None:
    writer, page = signed_in(app, WRITER), f"/o/{member}/membership/"
    last = app.extensions["tillid"].today() + dt.timedelta(days=20)
    send(writer, page, {"last_day": str(last)})
    send(writer, page, {}, f"{page}return")

    assert kept(app, member) == (None, True)
    mail_to(app, WRITER, "bliver i alliancen")


@pytest.mark.parametrize("days", [-400, 0, 13, 800])
def test_a_last_day_that_is_early_or_late_is_refused_with_what_was_typed(
    app: Flask, member: str, days: int
) -> None:
    day = app.extensions["tillid"].today() + dt.timedelta(days=days)
    page = good(send(signed_in(app, WRITER), f"/o/{member}/membership/", {"last_day": str(day)}), 400)

    assert str(day) in [field.get("value") for field in page.elements("input")]
    assert kept(app, member) == (None, True)


def test_a_membership_that_the_secretariat_ends_only_the_secretariat_takes_up_again(
    app: Flask, member: str, alliance: str
) -> None:
    desk, writer = signed_in(app, SECRETARY), signed_in(app, WRITER)
    page, own = f"/o/{alliance}/desk/register/{member}", f"/o/{member}/membership/"
    last = app.extensions["tillid"].today() + dt.timedelta(days=30)
    good(desk.get(page))
    good(send(desk, page, {"last_day": str(last)}), 400)
    good(send(desk, page, {"last_day": "2020-01-01", "reason": "x"}), 400)
    send(desk, page, {"last_day": str(last), "reason": "Foreningen er lukket."})
    assert "Foreningen er lukket." in mail_to(app, WRITER, "forlader").text
    assert "Foreningen er lukket." in good(writer.get(own)).text()
    token = hidden(writer, f"/o/{member}/commitments/")
    writer.post(own, data={"last_day": str(last + dt.timedelta(days=90)), **token})
    writer.post(f"{own}return", data=token)
    assert kept(app, member) == (last, True)
    send(desk, page, {}, f"{page}/return")

    assert kept(app, member) == (None, True)


def test_what_was_written_anew_while_the_secretariat_read_it_is_not_shown_unread(
    app: Flask, member: str, alliance: str
) -> None:
    desk, writer = signed_in(app, SECRETARY), signed_in(app, WRITER)
    page = f"/o/{alliance}/desk/register/commitments/{'c' * 16}"
    own = f"/o/{member}/commitments/{'c' * 16}"
    send(desk, page, {"decision": "hide", "note": "Det nævner en person."})
    send(writer, own, {"promise": "Fem møder."})
    read = hidden(desk, page)["read"]
    send(writer, own, {"promise": "Det er Jens' skyld."})
    answer = good(send(desk, page, {"decision": "show", "read": read}), 400)

    assert "Læs den igen" in answer.text()
    assert "Jens" in answer.text()
    assert only(app).state is CommitmentState.REWRITTEN


def test_a_promise_is_asked_about_and_written_again(app: Flask, member: str, alliance: str) -> None:
    desk, writer = signed_in(app, SECRETARY), signed_in(app, WRITER)
    page = f"/o/{alliance}/desk/register/commitments/{'c' * 16}"
    good(desk.get(page))
    good(send(desk, page, {"decision": "ask", "note": " "}), 400)
    good(send(desk, page, {"note": "Hvor mange?"}), 400)
    send(desk, page, {"decision": "ask", "note": "Hvor mange deltagere?"})
    assert "Hvor mange deltagere?" in mail_to(app, WRITER, "spørger").text
    assert "Fire møder." in good(app.test_client().get(f"/members/{member}")).text()
    assert "Hvor mange deltagere?" in good(writer.get(f"/o/{member}/commitments/")).text()
    own = f"/o/{member}/commitments/{'c' * 16}"
    assert "Fire møder." in good(writer.get(own)).text()
    send(writer, own, {"promise": "Fire møder med 20 deltagere.", "outcome": ""})

    found = only(app)
    assert (found.state, found.note, found.outcome) == (CommitmentState.SHOWN, "", "")
    assert found.promise == "Fire møder med 20 deltagere."


def test_a_hidden_promise_is_seen_by_nobody_else_until_it_is_written_again_and_shown(
    app: Flask, client: FlaskClient, member: str, alliance: str
) -> None:
    desk, writer = signed_in(app, SECRETARY), signed_in(app, WRITER)
    page, own = (
        f"/o/{alliance}/desk/register/commitments/{'c' * 16}",
        f"/o/{member}/commitments/{'c' * 16}",
    )
    send(desk, page, {"decision": "hide", "note": "Det nævner en person."})
    shown = good(client.get(f"/members/{member}")).text()
    assert "Fire møder." not in shown
    assert "Det nævner en person." not in shown
    send(writer, own, {"promise": "Fem møder."})
    assert only(app).state is CommitmentState.REWRITTEN
    assert "Fem møder." not in good(client.get(f"/members/{member}")).text()
    assert "Skjult og skrevet om" in good(desk.get(f"/o/{alliance}/desk/register/")).text()
    good(writer.get(f"/o/{member}/commitments/"))
    send(desk, page, {"decision": "ask", "note": "Hvornår?"})
    assert only(app).state is CommitmentState.HIDDEN
    send(desk, page, {"decision": "show"})

    assert "Fem møder." in good(client.get(f"/members/{member}")).text()
    assert actions(app)[-1] == "commitment_shown"

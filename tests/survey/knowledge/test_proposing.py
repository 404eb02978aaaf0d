"""A member proposes activities and tells what was learnt; the secretariat asks back and publishes."""

import datetime as dt

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from survey.storage.alliance import Activity, Member
from survey.storage.library import RevisionState
from survey.storage.models import MembershipRole, Organisation
from tests.survey.accounts.people import good, hidden, mail_to, organisation, person, send
from tests.survey.knowledge.test_membership import SECRETARY, WRITER, signed_in

MEETING = {
    "title": "Netværksmøde om kortlægning",
    "kind": "meeting",
    "language": "da",
    "begins_at": "13:00",
    "ends_at": "15:00",
    "place": "Vejle",
    "about": "Vi mødes. <script>alert(1)</script>",
}


@pytest.fixture
def member(app: Flask) -> str:
    """A member with somebody who writes for it, in an alliance with a secretariat."""
    own, alliance = organisation(app, "member"), organisation(app, "alliance", alliance=True)
    with app.extensions["tillid"].databases.alliance_session() as session:
        session.get_one(Organisation, own).is_member = True
        session.add(
            Member(organisation_id=own, kind="interest_org", joined_on=app.extensions["tillid"].today())
        )
    person(app, own, MembershipRole.CONTRIBUTOR, email=WRITER)
    person(app, alliance, MembershipRole.SECRETARIAT, email=SECRETARY)
    return own


@pytest.fixture
def writer(app: Flask, member: str) -> FlaskClient:
    return signed_in(app, WRITER)


@pytest.fixture
def desk(app: Flask, member: str) -> FlaskClient:
    return signed_in(app, SECRETARY)


ALLIANCE = "/o/a111ance00000000/desk/activities/"


def meeting(app: Flask, days: int, **changes: str) -> dict[str, str]:
    day = (app.extensions["tillid"].today() + dt.timedelta(days=days)).isoformat()
    return {**MEETING, "begins_on": day, "ends_on": day, **changes}


def only(app: Flask) -> Activity:
    with app.extensions["tillid"].databases.alliance_session(reading=True) as session:
        found: Activity = session.scalars(select(Activity)).one()
        return found


def seen_by_anybody(client: FlaskClient, title: str) -> list[bool]:
    pages = ("/activities/", "/activities/calendar.ics", "/news.atom")
    return [title in client.get(page).text for page in pages]


def test_an_activity_is_proposed_asked_about_and_published_and_until_then_nobody_sees_it(
    app: Flask, client: FlaskClient, member: str, writer: FlaskClient, desk: FlaskClient
) -> None:
    own = f"/o/{member}/activities/"
    good(writer.get(own))
    good(writer.get(f"{own}new?lang=en"))
    send(writer, f"{own}new", meeting(app, 20))
    made = only(app)
    assert client.get(f"/activities/{made.id}").status_code == 404
    assert seen_by_anybody(client, MEETING["title"]) == [False, False, False]
    assert MEETING["title"] in good(desk.get(ALLIANCE)).text()
    assert desk.get(f"{ALLIANCE}{made.id}").location.endswith("/review")
    review = f"{ALLIANCE}{made.id}/review"
    assert "Vi mødes." in good(desk.get(review)).text()
    good(send(desk, review, {"decision": "ask"}), 400)
    send(desk, review, {"decision": "ask", "question": "Hvem er det for?"})
    assert "Hvem er det for?" in mail_to(app, WRITER, "aktivitet").text
    assert desk.get(review).status_code == 404
    assert "Hvem er det for?" in good(writer.get(f"{own}{made.id}")).text()
    send(writer, f"{own}{made.id}", meeting(app, 20, about="For alle medlemmer."))
    send(desk, review, {"decision": "publish"})

    assert "For alle medlemmer." in good(client.get(f"/activities/{made.id}")).text()
    assert seen_by_anybody(client, MEETING["title"]) == [True, True, True]
    assert only(app).sequence == 0
    assert "Udgivet" in good(writer.get(own)).text()


def test_what_was_learnt_is_proposed_and_the_activity_stays_as_it_is_until_it_is_published(
    app: Flask, client: FlaskClient, member: str, writer: FlaskClient, desk: FlaskClient
) -> None:
    own = f"/o/{member}/activities/"
    send(writer, f"{own}new", meeting(app, -3))
    made = only(app)
    send(desk, f"{ALLIANCE}{made.id}/review", {"decision": "publish"})
    assert "Hvad der blev lært, er ikke skrevet endnu" in good(client.get(f"/activities/{made.id}")).text()
    learnt = meeting(app, -3, learnt="Grupper på fem.", title="Mødet, der var")
    send(writer, f"{own}{made.id}", learnt)
    assert good(client.get(f"/activities/{made.id}")).heading == MEETING["title"]
    # The secretariat may mend a letter meanwhile: what was proposed still waits.
    assert "foreslår en ændring" in good(desk.get(f"{ALLIANCE}{made.id}")).text()
    send(desk, f"{ALLIANCE}{made.id}", meeting(app, -3, place="Kolding", organisation=member))
    assert only(app).review is RevisionState.SUBMITTED
    good(writer.get(f"{own}{made.id}"))
    send(desk, f"{ALLIANCE}{made.id}/review", {"decision": "publish"})

    page = good(client.get(f"/activities/{made.id}"))
    assert (page.heading, "Grupper på fem." in page.text()) == ("Mødet, der var", True)
    assert only(app).sequence == 2


def test_a_proposal_that_was_written_anew_while_it_was_read_is_not_published_unread(
    app: Flask, member: str, writer: FlaskClient, desk: FlaskClient
) -> None:
    own = f"/o/{member}/activities/"
    send(writer, f"{own}new", meeting(app, 20))
    made = only(app)
    review = f"{ALLIANCE}{made.id}/review"
    read = hidden(desk, review)["read"]
    send(writer, f"{own}{made.id}", meeting(app, 20, about="Det var Jens."))

    assert "Det var Jens." in good(send(desk, review, {"decision": "publish", "read": read}), 400).text()
    assert not only(app).published


@pytest.mark.parametrize(
    "changes",
    [{"ends_on": "2020-01-01"}, {"begins_on": "31/12"}, {"link": "https://bit.ly/x"}, {"title": " "}],
)
def test_a_proposal_that_cannot_be_is_refused_with_what_was_typed(
    app: Flask, member: str, writer: FlaskClient, changes: dict[str, str]
) -> None:
    page = good(send(writer, f"/o/{member}/activities/new", meeting(app, 5, **changes)), 400)
    values = [field.get("value") for field in page.elements("input")]

    assert "Vejle" in values
    assert all(typed.strip() in values for typed in changes.values())
    with app.extensions["tillid"].databases.alliance_session(reading=True) as session:
        assert session.scalars(select(Activity)).all() == []


def test_nobody_proposes_for_another_organisation(
    app: Flask, member: str, writer: FlaskClient, desk: FlaskClient
) -> None:
    send(desk, ALLIANCE, meeting(app, 5, organisation="a111ance00000000"))
    other = only(app)

    assert writer.get(f"/o/{member}/activities/{other.id}").status_code == 404
    assert writer.get("/o/a111ance00000000/activities/").status_code in {403, 404}
    assert writer.get(f"/o/{member}/activities/nothing").status_code == 404

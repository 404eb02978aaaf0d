"""Whoever watches the machines sees states, and nothing that could be laid beside a response."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from config import Config
from survey.app import create_app
from survey.site.monitoring import overdue
from survey.storage.databases import Databases
from survey.storage.mails import MailState, QueuedMail
from survey.storage.models import Wave
from survey.storage.upgrading import SchemaError, check_schema
from tests.alliances import Clock, Fielded
from tests.pages import EveryName
from tests.survey import rows

TOKEN = "a token of the one who watches, long enough"
AUTHORISED = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def watched(config: Config) -> Iterator[FlaskClient]:
    app = create_app(replace(config, metrics_token=TOKEN), assets=EveryName())
    yield app.test_client()
    app.extensions["tillid"].databases.dispose()


def figures(client: FlaskClient) -> dict[str, float]:
    told = client.get("/metrics", headers=AUTHORISED).text
    return {
        name: float(value)
        for name, value in (line.rsplit(" ", 1) for line in told.splitlines() if not line.startswith("#"))
    }


def test_metrics_are_for_whoever_has_the_token(watched: FlaskClient, client: FlaskClient) -> None:
    assert watched.get("/metrics", headers=AUTHORISED).mimetype == "text/plain"
    for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": "Bearer æ"}):
        assert watched.get("/metrics", headers=headers).status_code == 404
        assert client.get("/metrics", headers=headers).status_code == 404


def test_no_figure_moves_when_somebody_answers(watched: FlaskClient, wave: Fielded) -> None:
    def steady(client: FlaskClient) -> dict[str, float]:
        return {name: value for name, value in figures(client).items() if "seconds" not in name}

    with wave.opened() as (alliance, _):
        app = create_app(replace(alliance.config, metrics_token=TOKEN), assets=EveryName(), clock=Clock())
        before = steady(app.test_client())
        with alliance.databases.responses_session() as session:
            session.add(rows.sealed_response(77))
        with alliance.databases.alliance_session() as session:
            session.execute(text("UPDATE invitations SET blinded_digest = zeroblob(32)"))

        assert steady(app.test_client()) == before
        assert before['tillid_waves{state="fielding"}'] == 1
        app.extensions["tillid"].databases.dispose()


def test_mails_are_told_in_tens_since_reminders_go_to_those_who_have_not_answered(
    watched: FlaskClient,
) -> None:
    databases: Databases = watched.application.extensions["tillid"].databases
    with databases.alliance_session() as session:
        for number in range(19):
            session.add(QueuedMail(id=f"{number:016}", state=MailState.WAITING, due=0))

    told = figures(watched)
    assert told['tillid_mails{state="waiting"}'] == 10
    assert told['tillid_mails{state="refused"}'] == 0
    assert not any("sent" in name for name in told)


def test_a_database_that_is_gone_is_told_and_the_node_is_not_ready(watched: FlaskClient) -> None:
    databases: Databases = watched.application.extensions["tillid"].databases
    assert watched.get("/readyz").json == {"status": "ready"}
    with databases.alliance.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '2026_11_22_first_tables'"))

    assert watched.get("/readyz").status_code == 503
    assert watched.get("/healthz").status_code == 200


def test_a_node_still_serves_while_the_next_version_comes_in(watched: FlaskClient) -> None:
    databases: Databases = watched.application.extensions["tillid"].databases
    with databases.alliance.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '2031_01_01_what_comes'"))

    assert watched.get("/readyz").json == {"status": "ready"}
    with pytest.raises(SchemaError, match="stand at 2031_01_01_what_comes"):
        check_schema(databases)


def test_what_a_process_should_have_done_by_yesterday_is_counted(wave: Fielded) -> None:
    with wave.opened() as (alliance, ballot), alliance.databases.alliance_session() as session:
        found = session.get_one(Wave, ballot.wave)
        last = dt.date(2026, 11, 23) + dt.timedelta(days=28)
        on_the_day = overdue([found], last + dt.timedelta(days=1))
        late = overdue([found], last + dt.timedelta(days=2))
        found.state, found.closed_on = "closed", last
        unverified = overdue([found], last + dt.timedelta(days=2))
        found.state, found.list_statement = "released", b"{}"
        kept = overdue([found], last + dt.timedelta(days=61))
        kept_too_long = overdue([found], last + dt.timedelta(days=62))
        session.rollback()

    assert on_the_day == {"worker": 0, "custody": 0}
    assert late == {"worker": 1, "custody": 0}
    assert unverified == {"worker": 0, "custody": 1}
    assert kept == {"worker": 0, "custody": 0}
    assert kept_too_long == {"worker": 0, "custody": 1}

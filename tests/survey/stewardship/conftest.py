"""A steward signed in to an organisation, beside one that is none of their business."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey.accounts.links import one_time_link
from survey.people.accounts import add_account, join
from survey.storage.databases import Databases
from survey.storage.identifiers import new_identifier
from survey.storage.models import MembershipRole, Organisation


@dataclass(frozen=True, slots=True)
class Desk:
    """A steward's browser, and the organisation it works for."""

    client: FlaskClient
    databases: Databases
    organisation: Organisation

    @property
    def address(self) -> str:
        return f"/o/{self.organisation.id}/questionnaires"


@pytest.fixture
def desk(app: Flask, web_databases: Databases) -> Desk:
    with web_databases.alliance_session() as session:
        organisation = Organisation(id=new_identifier(), name="Havnens Værksted", area="labour_market")
        session.add(organisation)
        session.flush()
        account = add_account(session, "steward@example.org", "correct horse battery")
        join(session, account.id, organisation.id, MembershipRole.STEWARD)
    client = app.test_client()
    client.get(one_time_link(app.config["SECRET_KEY"], "", account.id))
    app.config["WTF_CSRF_ENABLED"] = False
    return Desk(client, web_databases, organisation)

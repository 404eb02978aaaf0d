"""`tillid alliance found`: the alliance's own organisation, and the first person of its secretariat."""

from __future__ import annotations

import os

import click
from sqlalchemy import select

from config import MAIL_KEYS, Config
from survey.delivery.outbox import Outbox
from survey.knowledge.starting import bring_in
from survey.people.accounts import AccountError
from survey.people.inviting import Invited, invite_person
from survey.sealing.at_rest import AtRest
from survey.storage.audit import Process
from survey.storage.databases import open_databases
from survey.storage.identifiers import new_identifier
from survey.storage.models import MembershipRole, Organisation
from survey.storage.upgrading import check_schema
from survey.waves.clock import today


@click.group()
def alliance() -> None:
    """The alliance that runs Tillid."""


@alliance.command()
@click.option("--name", required=True, help="What the alliance is called.")
@click.option("--email", required=True, help="The first person of its secretariat, who gets a link by mail.")
@click.option("--language", type=click.Choice(["da", "en"]), default="da", show_default=True)
def found(name: str, email: str, language: str) -> None:
    """Make the alliance's own organisation, once, and invite the first person of its secretariat."""
    config = Config.from_environment(os.environ, needs=(MAIL_KEYS,))
    databases = open_databases(config.database_url, config.responses_url)
    check_schema(databases)
    with databases.alliance_session() as session:
        there = session.scalars(select(Organisation).where(Organisation.is_alliance)).first()
        if there is not None:
            raise AccountError(f"{there.name}: the alliance is there. Its secretariat invites whoever else.")
        organisation = Organisation(id=new_identifier(), name=name, area="", is_alliance=True)
        session.add(organisation)
        session.flush()
        invited = Invited(email, MembershipRole.SECRETARIAT, language, Process.COMMAND)
        outbox = Outbox(AtRest(config.mail_keys))
        invite_person(session, outbox, config.base_url, organisation, invited)
        bring_in(session, today())
    databases.dispose()
    click.echo(f"{name}: made. {email} gets a mail with a link, once the worker runs.")

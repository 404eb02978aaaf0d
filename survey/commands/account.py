"""`tillid account`: people who sign in, and what they may do where."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from config import Config
from survey.people.accounts import (
    AccountError,
    account_of,
    add_account,
    join,
    reset_factors,
    set_password,
)
from survey.storage.accounts import Account
from survey.storage.audit import Action, Process, record
from survey.storage.databases import open_databases
from survey.storage.models import MembershipRole, Organisation
from survey.storage.upgrading import check_schema


@click.group()
def account() -> None:
    """People who sign in, and their roles."""


@account.command()
@click.option("--email", required=True, help="What the person signs in with.")
@click.option("--organisation", required=True, help="Name or id.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice([role.value for role in MembershipRole]),
    help="What the person may do there; may be given more than once.",
)
@click.option("--ask-password", is_flag=True, help="Type the password instead of having one made.")
def add(email: str, organisation: str, roles: tuple[str, ...], *, ask_password: bool) -> None:
    """Give a person roles in an organisation; an account is made where there is none."""
    with _accounts() as session:
        found = _organisation(session, organisation)
        person = account_of(session, email)
        if person is None:
            person = add_account(session, email, _password(asked=ask_password))
        join(session, person.id, found.id, *(MembershipRole(role) for role in roles))
        for role in roles:
            record(
                session,
                actor=Process.COMMAND,
                action=Action.ROLE_GIVEN,
                organisation_id=found.id,
                subject=person.id,
                details={"role": role},
            )
        click.echo(f"{email}: {', '.join(roles)} in {found.name}")


@account.command()
@click.option("--email", required=True, help="What the person signs in with.")
@click.option("--ask-password", is_flag=True, help="Type the password instead of having one made.")
def password(email: str, *, ask_password: bool) -> None:
    """Give a person a new password; whoever is signed in with the old one is signed out."""
    with _accounts() as session:
        set_password(_person(session, email), _password(asked=ask_password))


@account.command("reset-factors")
@click.option("--email", required=True, help="What the person signs in with.")
def reset(email: str) -> None:
    """Take every second factor from a person who has lost them; the password stays."""
    with _accounts() as session:
        reset_factors(session, _person(session, email))


def _person(session: Session, email: str) -> Account:
    person = account_of(session, email)
    if person is None:
        raise AccountError(
            f"{email}: there is no account of that address. Make it with `tillid account add`."
        )
    return person


@contextmanager
def _accounts() -> Iterator[Session]:
    config = Config.from_environment(os.environ, needs=())
    databases = open_databases(config.database_url, config.responses_url)
    check_schema(databases)
    with databases.alliance_session() as session:
        yield session
    databases.dispose()


def _password(*, asked: bool) -> str:
    if asked:
        typed: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
        return typed
    made = secrets.token_urlsafe(15)
    click.echo(f"Password, shown this once: {made}")
    return made


def _organisation(session: Session, named: str) -> Organisation:
    query = select(Organisation).where(or_(Organisation.id == named, Organisation.name == named))
    match session.scalars(query).all():
        case [one]:
            return one
        case []:
            known = ", ".join(session.scalars(select(Organisation.name).order_by(Organisation.name)))
            raise AccountError(f'--organisation "{named}": there is none. Known are: {known or "none yet"}.')
        case many:
            ids = ", ".join(one.id for one in many)
            raise AccountError(f'--organisation "{named}": {len(many)} have that name. Give one of {ids}.')

"""A leader signed in to an organisation of their own, beside one that is none of their business."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from config import Config
from questionnaires.loading import load
from questionnaires.model import Questionnaire
from survey.access import services
from survey.accounts.links import one_time_link
from survey.app import create_app
from survey.people.accounts import add_account, join
from survey.storage.databases import Databases, open_databases
from survey.storage.identifiers import new_identifier
from survey.storage.models import MembershipRole, Organisation
from survey.storage.upgrading import upgrade
from tests.pages import EveryName
from tests.releases import store, tables


@dataclass(frozen=True, slots=True)
class Furnished:
    """A folder with two organisations and a released wave each; people of every role belong to the first."""

    folder: Path
    own: Organisation
    foreign: Organisation
    empty: Organisation
    wave: str
    foreign_wave: str
    people: Mapping[MembershipRole, str]


@dataclass(frozen=True, slots=True)
class House:
    """A test's own copy of what was furnished, with the web over it."""

    app: Flask
    databases: Databases
    furnished: Furnished

    @property
    def own(self) -> Organisation:
        return self.furnished.own

    @property
    def foreign(self) -> Organisation:
        return self.furnished.foreign

    @property
    def wave(self) -> str:
        return self.furnished.wave

    @property
    def foreign_wave(self) -> str:
        return self.furnished.foreign_wave

    def signed_in(self, role: MembershipRole) -> FlaskClient:
        """A browser in which somebody with this one role is signed in."""
        client = self.app.test_client()
        link = one_time_link(self.app.config["SECRET_KEY"], "", self.furnished.people[role])
        assert client.get(link).status_code == 302
        return client


@pytest.fixture(scope="session")
def workplace(project_root: Path) -> Questionnaire:
    return load(project_root / "questionnaires/definitions/workplace.yaml")


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory, workplace: Questionnaire) -> Furnished:
    folder = tmp_path_factory.mktemp("furnished")
    config = Config.for_demo(folder, 8000)
    databases = open_databases(config.database_url, config.responses_url)
    upgrade(databases)
    names = ("Havnens Værksted", "Nordby Gymnasium", "Teatret ved Åen")
    with databases.alliance_session() as session:
        # As the alliance's own: nowhere else does anybody have each of the roles.
        houses = [
            Organisation(id=new_identifier(), name=name, area="labour_market", is_alliance=True)
            for name in names
        ]
        session.add_all(houses)
        session.flush()
        own, foreign, empty = houses
        waves = [store(session, each, workplace, tables(workplace)) for each in (own, foreign)]
        people = {}
        for role in MembershipRole:
            account = add_account(session, f"{role.value}@example.org", "correct horse battery")
            join(session, account.id, own.id, role)
            join(session, account.id, empty.id, role)
            people[role] = account.id
    databases.dispose()
    return Furnished(folder, own, foreign, empty, waves[0], waves[1], people)


@contextmanager
def own_copy(folder: Path, furnished: Furnished) -> Iterator[House]:
    """What was furnished, copied into an empty folder, with the web over it."""
    shutil.copytree(furnished.folder, folder, dirs_exist_ok=True)
    config = Config.for_demo(folder, 8000)
    databases = open_databases(config.database_url, config.responses_url)
    app = create_app(config, assets=EveryName())
    yield House(app, databases, furnished)
    databases.dispose()
    with app.app_context():
        services().databases.dispose()


@pytest.fixture
def house(tmp_path: Path, furnished: Furnished) -> Iterator[House]:
    with own_copy(tmp_path, furnished) as copied:
        yield copied


@pytest.fixture
def leader(house: House) -> FlaskClient:
    return house.signed_in(MembershipRole.LEADER)

"""The alliance is founded once, by whoever runs the machines; its secretariat does everything else."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from config import Config
from survey.commands.founding import alliance
from survey.people.accounts import AccountError
from survey.storage.databases import open_databases
from survey.storage.mails import QueuedMail
from survey.storage.models import Organisation
from survey.storage.upgrading import upgrade


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    made = Config.for_demo(tmp_path, 8000)
    for name, value in made.environment().items():
        monkeypatch.setenv(name, value)
    databases = open_databases(made.database_url, made.responses_url)
    upgrade(databases)
    databases.dispose()
    return made


def found(name: str) -> str:
    asked = CliRunner().invoke(
        alliance, ["found", "--name", name, "--email", "first@example.org"], catch_exceptions=False
    )
    assert asked.exit_code == 0
    return asked.output


def counted(config: Config) -> tuple[list[str], int]:
    databases = open_databases(config.database_url, config.responses_url)
    with databases.alliance_session(reading=True) as session:
        names = [*session.scalars(select(Organisation.name).where(Organisation.is_alliance))]
        mails = session.scalars(select(func.count()).select_from(QueuedMail)).one()
    databases.dispose()
    return names, mails


def test_the_alliance_is_made_and_its_first_person_gets_a_mail(config: Config) -> None:
    said = found("Alliancen")

    assert "first@example.org gets a mail" in said
    assert counted(config) == (["Alliancen"], 1)


def test_there_is_one_alliance(config: Config) -> None:
    found("Alliancen")

    with pytest.raises(AccountError, match="the alliance is there"):
        found("Another")

    assert counted(config) == (["Alliancen"], 1)

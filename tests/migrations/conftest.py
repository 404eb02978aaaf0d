"""Migrations run on the databases that the product's own tests use, each from the beginning."""

import pytest

from survey.storage import upgrading
from survey.storage.upgrading import upgrade_one
from tests.survey.conftest import databases, either, postgres_databases

__all__ = ["databases", "either", "postgres_databases"]


@pytest.fixture(autouse=True)
def _from_the_beginning(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give no test here a copy of tables that were made before."""
    monkeypatch.setattr(upgrading, "upgrade_one", upgrade_one)

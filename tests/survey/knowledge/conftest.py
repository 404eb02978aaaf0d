"""What the tests of sectors' figures share."""

from __future__ import annotations

import pytest

from survey.storage.databases import Databases
from tests.editions import know_custody


@pytest.fixture
def editions(web_databases: Databases) -> Databases:
    """The databases behind the web, in which the editions that the tests' custody signs count."""
    know_custody(web_databases)
    return web_databases

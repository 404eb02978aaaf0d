from __future__ import annotations

from pathlib import Path

import pytest

from questionnaires.loading import load
from tests.alliances import ROUTING, Fielded, fielded, routing_replies

ANSWERED = 12
INVITED = 15


@pytest.fixture(scope="session")
def _template(tmp_path_factory: pytest.TempPathFactory) -> Fielded:
    return fielded(tmp_path_factory.mktemp("alliance"), load(ROUTING), routing_replies(ANSWERED), INVITED)


@pytest.fixture
def wave(_template: Fielded, tmp_path: Path) -> Fielded:
    """A wave of a test's own, open for answers, with twelve responses and three codes left."""
    return _template.copied(tmp_path)

"""Previews: what a planned wave would show, made by the worker from invented answers."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping

import pytest

from analysis.release import from_bytes
from questionnaires.digest import definition_bytes
from questionnaires.loading import alliance_definition
from questionnaires.model import Questionnaire
from survey.storage.databases import Databases
from survey.storage.drafts import WaveDraft
from survey.waves.manifest import Unit
from survey.waves.plan import WavePlan
from survey.worker.previewing import directly_in, make_one, preview
from tests.alliances import plan, routing
from tests.survey import rows


@pytest.fixture
def drafts(databases: Databases) -> Databases:
    with databases.alliance_session() as session:
        session.add(rows.organisation("theatre"))
    return databases


def ask(databases: Databases, name: str, asked: Questionnaire, planned: WavePlan) -> None:
    with databases.alliance_session() as session:
        session.add(
            WaveDraft(
                id=rows.identifier(name),
                organisation_id=rows.identifier("theatre"),
                decided={},
                changed_on=datetime.date(2026, 11, 25),
                asked_plan=planned.value(),
                asked_definition=definition_bytes(asked),
            )
        )


def made(databases: Databases, name: str) -> bytes | None:
    with databases.alliance_session(reading=True) as session:
        return session.get_one(WaveDraft, rows.identifier(name)).preview


def test_a_preview_is_a_release_in_which_nobody_answered(drafts: Databases) -> None:
    ask(drafts, "draft", routing(), plan(40))

    assert make_one(drafts, preview)

    value = json.loads(made(drafts, "draft") or b"")
    release = from_bytes(value["release"].encode())
    assert release.participation.invited == 40
    assert release.participation.counted == 28
    assert set(release.wave.id) == {"0"}
    assert value["waves"] == 3
    assert set(value["shown"]) >= {table.id for table in release.tables if not table.is_hidden}
    assert not make_one(drafts, preview)


def test_with_too_few_to_open_there_is_no_release(drafts: Databases) -> None:
    ask(drafts, "draft", routing(), plan(12))

    make_one(drafts, preview)

    assert json.loads(made(drafts, "draft") or b"") == {"waves": 3, "shown": {}, "release": ""}


def test_what_cannot_be_previewed_says_so_and_keeps_no_other_waiting(drafts: Databases) -> None:
    def fails(_definition: bytes, _plan: Mapping[str, object]) -> bytes:
        raise ValueError("no")

    ask(drafts, "a", routing(), plan(40))
    ask(drafts, "b", routing(), plan(40))

    assert make_one(drafts, fails)
    assert make_one(drafts, lambda _definition, _plan: b"made")

    assert sorted([made(drafts, "a") or b"", made(drafts, "b") or b""]) == [b"made", b'{"failed":true}']


def test_what_is_asked_anew_meanwhile_is_made_anew(drafts: Databases) -> None:
    def slowly(_definition: bytes, _plan: Mapping[str, object]) -> bytes:
        with drafts.alliance_session() as session:
            session.get_one(WaveDraft, rows.identifier("draft")).asked_plan = plan(50).value()
        return b"stale"

    ask(drafts, "draft", routing(), plan(40))

    assert make_one(drafts, slowly)

    assert made(drafts, "draft") is None


def test_people_in_a_part_are_not_counted_in_the_whole_again() -> None:
    units = (
        Unit(id="u1", name="A", parent=None, headcount=30),
        Unit(id="u2", name="B", parent="u1", headcount=12),
        Unit(id="u3", name="C", parent=None, headcount=0),
    )

    assert directly_in(units) == [18, 12, 0]


def test_invented_people_answer_every_questionnaire_of_the_alliance() -> None:
    climate = alliance_definition("education").with_sections(["climate"])

    value = json.loads(preview(definition_bytes(climate), plan(20).value()))

    assert value["shown"]

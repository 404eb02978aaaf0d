"""Custody's editions: made on fixed days from what is shared, and remembered before they are told."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from analysis.contributions import FORMAT
from analysis.edition import Edition, Where, from_bytes
from questionnaires.digest import canonical_bytes
from questionnaires.loading import load
from survey.custody.destruction import erase_taken_back
from survey.custody.directory import CustodyDirectory, CustodyError
from survey.custody.editions import day_of_edition, make_edition
from survey.sealing.domains import Domain
from survey.sealing.identity import check_signed
from survey.storage.databases import Databases, open_databases
from survey.storage.identifiers import new_identifier
from survey.storage.models import Organisation, ReleaseState, StoredEdition, StoredRelease, Wave
from survey.storage.upgrading import upgrade
from survey.waves.states import WaveState
from tests.releases import store, tables

WORKPLACE = load(Path("questionnaires/definitions/workplace.yaml"))
SHOWN = tables(WORKPLACE)[:1]
FIRST, SECOND = datetime.date(2026, 9, 1), datetime.date(2027, 2, 1)


@pytest.fixture
def databases(tmp_path: Path) -> Iterator[Databases]:
    databases = open_databases(f"sqlite:///{tmp_path}/a.db", f"sqlite:///{tmp_path}/r.db")
    upgrade(databases)
    yield databases
    databases.dispose()


@pytest.fixture
def directory(tmp_path: Path) -> CustodyDirectory:
    return CustodyDirectory(tmp_path / "custody")


def shared(
    databases: Databases, directory: CustodyDirectory, day: datetime.date = FIRST, form: str = FORMAT
) -> str:
    """One more organisation whose wave is shared, and its contribution; returns the wave's id."""
    with databases.alliance_session() as session:
        organisation = Organisation(
            id=new_identifier(), name="Fabrik", area="labour_market",
            scheme="DB07", scheme_version="3", scheme_code="C",
        )  # fmt: skip
        session.add(organisation)
        session.flush()
        wave = store(session, organisation, WORKPLACE, SHOWN)
        session.flush()
        session.get_one(StoredRelease, wave).shared_on = day
    total = {"id": "exposed", "options": ["yes", "no"], "counts": [5, 55]}
    given = {"format": form, "respondents": 63, "indicators": [total]}
    directory.keep_contribution(wave, canonical_bytes(given))  # type: ignore[arg-type]
    return wave


def several(databases: Databases, directory: CustodyDirectory, number: int = 5) -> list[str]:
    return [shared(databases, directory) for _ in range(number)]


def editions(databases: Databases) -> list[Edition]:
    with databases.alliance_session(reading=True) as session:
        query = select(StoredEdition).order_by(StoredEdition.number)
        return [from_bytes(stored.content) for stored in session.scalars(query)]


def make(databases: Databases, directory: CustodyDirectory, day: datetime.date = FIRST) -> bool:
    return make_edition(databases, directory, day, synthetic=False)


@pytest.mark.parametrize(
    ("today", "day"),
    [("2026-09-01", "2026-09-01"), ("2026-08-31", "2026-02-01"), ("2027-01-31", "2026-09-01")],
)
def test_the_day_of_an_edition_is_the_last_fixed_one(today: str, day: str) -> None:
    assert day_of_edition(datetime.date.fromisoformat(today)).isoformat() == day


def test_what_was_rounded_and_proves_what_it_came_of_is_in_no_figure(
    databases: Databases, directory: CustodyDirectory
) -> None:
    several(databases, directory, 4)
    shared(databases, directory, form="tillid-contribution/1")
    make(databases, directory)

    assert editions(databases)[0].figures == ()
    assert {each.objection for each in editions(databases)[0].withheld} == {"too_few_organisations"}


def test_five_shared_waves_make_a_signed_edition_and_the_same_day_makes_no_other(
    databases: Databases, directory: CustodyDirectory
) -> None:
    several(databases, directory)

    assert make(databases, directory)
    assert not make(databases, directory)
    edition = editions(databases)[0]
    assert (edition.number, edition.day) == (1, "2026-09-01")
    assert {figure.organisations for figure in edition.figures} == {5}
    with databases.alliance_session(reading=True) as session:
        stored = session.get_one(StoredEdition, 1)
        digest = sha256(stored.content).digest()
        check_signed(directory.identity().public_key, stored.signature, Domain.EDITION, digest)


def test_an_edition_names_no_organisation_and_no_wave(
    databases: Databases, directory: CustodyDirectory
) -> None:
    waves = several(databases, directory)
    make(databases, directory)
    with databases.alliance_session(reading=True) as session:
        content = session.get_one(StoredEdition, 1).content.decode()
        names = [
            *waves,
            *session.scalars(select(Organisation.id)),
            *session.scalars(select(Organisation.name)),
        ]

    assert not [name for name in names if name in content]


def test_what_is_not_shared_or_taken_back_or_withdrawn_is_in_no_edition(
    databases: Databases, directory: CustodyDirectory
) -> None:
    waves = several(databases, directory, 7)
    with databases.alliance_session() as session:
        session.get_one(StoredRelease, waves[0]).shared_on = None
        session.get_one(StoredRelease, waves[1]).state = ReleaseState.WITHDRAWN
    make(databases, directory)

    assert {figure.organisations for figure in editions(databases)[0].figures} == {5}


def test_nothing_shared_makes_no_first_edition(databases: Databases, directory: CustodyDirectory) -> None:
    assert not make(databases, directory)
    assert directory.editions() == []


def test_a_crash_between_remembering_and_telling_is_made_good_with_the_same_bytes(
    databases: Databases, directory: CustodyDirectory
) -> None:
    several(databases, directory)
    make(databases, directory)
    with databases.alliance_session() as session:
        before = session.get_one(StoredEdition, 1).content
        session.execute(delete(StoredEdition))
    # What is shared meanwhile must not come into the edition that was made.
    shared(databases, directory)

    assert make(databases, directory)
    with databases.alliance_session(reading=True) as session:
        assert session.get_one(StoredEdition, 1).content == before


def test_whoever_erases_an_edition_in_the_database_does_not_make_custody_forget_it(
    databases: Databases, directory: CustodyDirectory
) -> None:
    several(databases, directory)
    make(databases, directory)
    with databases.alliance_session() as session:
        session.execute(delete(StoredEdition))
    shared(databases, directory)
    make(databases, directory, SECOND)

    assert [edition.number for edition in editions(databases)] == [1, 2]
    everybody = next(f for f in editions(databases)[-1].figures if f.where == Where(year=f.where.year))
    # One newcomer: the figure stands as it was told first.
    assert (everybody.edition, everybody.organisations) == (1, 5)


def test_an_edition_of_a_number_that_is_remembered_is_refused(directory: CustodyDirectory) -> None:
    directory.keep_edition(1, b"{}")

    with pytest.raises(CustodyError, match="restore its directory"):
        directory.keep_edition(1, b"{}")


def test_what_a_destroyed_wave_gave_is_erased_once_it_is_taken_back(
    databases: Databases, directory: CustodyDirectory
) -> None:
    kept, taken_back, released = (shared(databases, directory) for _ in range(3))
    with databases.alliance_session() as session:
        for wave in (kept, taken_back):
            session.get_one(Wave, wave).state = WaveState.DESTROYED.value
        for wave in (taken_back, released):
            session.get_one(StoredRelease, wave).shared_on = None
    with databases.alliance_session(reading=True) as session:
        erase_taken_back(session, directory)

    assert set(directory.contributed()) == {kept, released}

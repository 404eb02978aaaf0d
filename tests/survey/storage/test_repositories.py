import pytest

from survey.storage.accounts import Account
from survey.storage.databases import Databases
from survey.storage.models import Membership, MembershipRole, TrusteeRole
from survey.storage.repositories import (
    NotFoundError,
    ScopedRepository,
    WaveRegistry,
    changing,
    organisations_of,
    roles_in,
    stored_definition,
    stored_manifest,
)
from tests.survey import rows

OWN, FOREIGN, UNKNOWN = rows.identifier("own"), rows.identifier("foreign"), rows.identifier("unknown")


@pytest.fixture
def filled(databases: Databases) -> Databases:
    """Two organisations with a wave, a trustee, a share and a release each, and a person of the first."""
    with databases.alliance_session() as session:
        for name in ("own", "foreign"):
            session.add(rows.organisation(name))
            session.flush()
            session.add(rows.wave(f"wave{name}", name, "released"))
            session.add(rows.trustee(f"anna{name}", name, TrusteeRole.EMPLOYEES))
            session.flush()
            session.add(rows.share(f"wave{name}", 1, name, f"anna{name}"))
            session.add(rows.invitation(1, f"wave{name}", name))
            session.add(rows.release(f"wave{name}", name))
        session.add(Account(id=rows.identifier("bo"), email="bo@example.org", active=True, fs_uniquifier="x"))
        session.flush()
        for role in (MembershipRole.LEADER, MembershipRole.STEWARD):
            session.add(Membership(account_id=rows.identifier("bo"), organisation_id=OWN, role=role))
    return databases


def test_an_organisation_reaches_its_own_rows_and_no_others(filled: Databases) -> None:
    with filled.alliance_session(reading=True) as session:
        own = ScopedRepository(session, OWN)

        assert own.organisation().id == OWN
        assert [wave.id for wave in own.waves()] == [rows.identifier("waveown")]
        assert own.wave(rows.identifier("waveown")).state == "released"
        assert [release.wave_id for release in own.releases()] == [rows.identifier("waveown")]
        assert own.release(rows.identifier("waveown")).content == b"{}"
        assert [trustee.id for trustee in own.trustees()] == [rows.identifier("annaown")]


@pytest.mark.parametrize("name", ["waveforeign", "wavenowhere"])
@pytest.mark.parametrize("kind", ["wave", "release"])
def test_a_foreign_object_is_answered_as_an_unknown_one(filled: Databases, name: str, kind: str) -> None:
    with filled.alliance_session(reading=True) as session, pytest.raises(NotFoundError) as caught:
        getattr(ScopedRepository(session, OWN), kind)(rows.identifier(name))

    assert str(caught.value).startswith(f"{kind}: there is none by that name")
    assert rows.identifier(name) not in str(caught.value)


def test_an_unknown_organisation_has_nothing(filled: Databases) -> None:
    with filled.alliance_session(reading=True) as session:
        unknown = ScopedRepository(session, UNKNOWN)

        assert [*unknown.waves(), *unknown.releases(), *unknown.trustees()] == []
        with pytest.raises(NotFoundError):
            unknown.organisation()


def test_a_wave_is_found_by_its_id_with_all_that_belongs_to_it(filled: Databases) -> None:
    wave_id, trustee_id = rows.identifier("waveown"), rows.identifier("annaown")
    with filled.alliance_session() as session:
        registry = WaveRegistry(session)
        wave = registry.wave(wave_id)

        assert registry.wave(wave_id, held=True) is wave
        assert registry.organisation_of(wave).id == OWN
        assert [found.id for found in registry.waves("released")] == sorted(
            [wave_id, rows.identifier("waveforeign")]
        )
        assert list(registry.waves("draft")) == []
        assert len(registry.waves()) == 2
        assert registry.trustee(rows.trustee("annaown", "own").token_digest).id == trustee_id
        assert [share.wave_id for share in registry.shares_of(trustee_id)] == [wave_id]
        assert [share.number for share in registry.shares(wave_id)] == [1]
        assert registry.share(wave_id, trustee_id).number == 1
        assert registry.release(wave_id).signature == bytes(64)


def test_what_may_change_of_a_wave_is_asked_without_the_rest(filled: Databases) -> None:
    with filled.asking() as connection:
        found = changing(connection, rows.identifier("waveown"))

        assert found == ("released", None, None)
        assert stored_manifest(connection, rows.identifier("waveown")) == (None, None)
        assert stored_definition(connection, rows.identifier("waveown")) == b"{}"
        for asked in (changing, stored_manifest):
            with pytest.raises(NotFoundError):
                asked(connection, UNKNOWN)


def test_what_no_wave_has_is_not_found(filled: Databases) -> None:
    with filled.alliance_session() as session:
        registry = WaveRegistry(session)
        for asked in (
            lambda: registry.wave(UNKNOWN),
            lambda: registry.trustee(bytes(32)),
            lambda: registry.share(rows.identifier("waveown"), rows.identifier("annaforeign")),
            lambda: registry.release(UNKNOWN),
        ):
            with pytest.raises(NotFoundError):
                asked()


def test_a_person_has_their_own_organisations_and_roles(filled: Databases) -> None:
    with filled.alliance_session(reading=True) as session:
        found = organisations_of(session, rows.identifier("bo"))

        assert {organisation.id: roles for organisation, roles in found.items()} == {
            OWN: {MembershipRole.LEADER, MembershipRole.STEWARD}
        }
        assert roles_in(session, rows.identifier("bo"), OWN) == {
            MembershipRole.LEADER,
            MembershipRole.STEWARD,
        }
        assert roles_in(session, rows.identifier("bo"), FOREIGN) == frozenset()
        assert organisations_of(session, UNKNOWN) == {}

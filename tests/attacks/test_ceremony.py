"""An operator who writes the database, and wants to be a wave's trustees: all of them, or one of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

import pytest

from questionnaires.loading import load
from survey.commands.alliance import Alliance
from survey.sealing import shares
from survey.sealing.at_rest import AtRest
from survey.storage.models import Trustee, TrusteeRole, WaveTrustee
from survey.storage.repositories import WaveRegistry
from survey.trustees.client import TrusteeClient, enrol
from survey.waves.lifecycle import Draft, draft_wave
from survey.waves.plan import PlanError
from survey.waves.states import WaveState
from survey.waves.trusteeship import invite_trustee
from tests.alliances import ROUTING, Fielded, plan

QUESTIONNAIRE = load(ROUTING)
ROLES = (TrusteeRole.EMPLOYEES, TrusteeRole.MANAGEMENT, TrusteeRole.SECRETARIAT)
PASSPHRASE = "one two three four five six"


@dataclass(frozen=True, slots=True)
class Ceremony:
    """A wave whose shares are handed out, and nobody has confirmed."""

    alliance: Alliance
    wave: str
    trustees: list[TrusteeClient]

    @property
    def state(self) -> str:
        with self.alliance.databases.alliance_session(reading=True) as session:
            return WaveRegistry(session).wave(self.wave).state

    def put(self, change: dict[str, object]) -> None:
        """Write into every trustee's place, as the database's owner can."""
        with self.alliance.databases.alliance_session() as session:
            for place in WaveRegistry(session).shares(self.wave):
                for name, value in change.items():
                    setattr(place, name, value)


@pytest.fixture
def ceremony(wave: Fielded) -> Iterator[Ceremony]:
    with wave.opened() as (alliance, ballot):
        organisation = organisation_of(alliance, ballot.wave)
        planned = alliance.draft(organisation, QUESTIONNAIRE, plan(12), ballot.trustees)
        alliance.custody.step()
        yield Ceremony(alliance, planned, ballot.trustees)


def organisation_of(alliance: Alliance, wave: str) -> str:
    with alliance.databases.alliance_session(reading=True) as session:
        return WaveRegistry(session).wave(wave).organisation_id


def test_writing_that_all_have_confirmed_makes_no_wave_ready(ceremony: Ceremony) -> None:
    ceremony.trustees[0].confirm(ceremony.wave)
    ceremony.put({"confirmed": True})
    ceremony.alliance.custody.step()

    assert ceremony.state == WaveState.CEREMONY.value


def test_a_proof_that_fits_a_digest_of_the_operators_own_makes_no_wave_ready(ceremony: Ceremony) -> None:
    proof = bytes(32)
    recognised = sha256(proof).digest()
    ceremony.put({"confirmed": True, "confirmation": proof, "confirmation_digest": recognised})
    ceremony.alliance.custody.step()

    assert ceremony.state == WaveState.CEREMONY.value


def test_a_place_that_was_taken_out_of_the_database_makes_no_wave_ready(ceremony: Ceremony) -> None:
    for trustee in ceremony.trustees[:2]:
        trustee.confirm(ceremony.wave)
    with ceremony.alliance.databases.alliance_session() as session:
        session.delete(session.get_one(WaveTrustee, (ceremony.wave, 3)))
    ceremony.alliance.custody.step()

    assert ceremony.state == WaveState.CEREMONY.value


def test_when_all_have_shown_their_shares_the_wave_is_ready(ceremony: Ceremony) -> None:
    for trustee in ceremony.trustees:
        trustee.confirm(ceremony.wave)
    ceremony.alliance.custody.step()

    assert ceremony.state == WaveState.READY.value


def test_a_wave_whose_trustees_custody_knows_from_the_database_alone_never_gets_ready(
    wave: Fielded, caplog: pytest.LogCaptureFixture
) -> None:
    # All three keys are the operator's own, enrolled as anybody's are, and they confirm each other.
    with wave.opened() as (alliance, ballot):
        organisation = organisation_of(alliance, ballot.wave)
        own = enrolled(alliance, organisation)
        planned = alliance.draft(organisation, QUESTIONNAIRE, plan(12), own)
        alliance.custody.step()
        confirmed = Ceremony(alliance, planned, own)
        for trustee in own:
            trustee.confirm(planned)
        for _ in range(3):
            alliance.custody.step()

        assert confirmed.state == WaveState.CEREMONY.value
        # Said once, though custody looks again every second.
        assert caplog.text.count("tillid custody vouch") == 1
        # And to its people, who read no log.
        (mine,) = (each for each in waves_of(own[0]) if each["wave"] == planned)
        assert mine["waits_for"] == "vouching"
        alliance.custody.directory.vouch(shares.spoken(own[2].file.fingerprint))
        alliance.custody.step()
        assert confirmed.state == WaveState.READY.value
        (mine,) = (each for each in waves_of(own[0]) if each["wave"] == planned)
        assert mine["waits_for"] is None


def waves_of(trustee: TrusteeClient) -> list[dict[str, object]]:
    """What the trustees' page is told of the waves that depend on its reader."""
    bearer = {"Authorization": f"Bearer {trustee.file.token}"}
    found: list[dict[str, object]] = trustee.http.get("/trustees/waves", headers=bearer).json()["waves"]
    return found


def enrolled(alliance: Alliance, organisation: str) -> list[TrusteeClient]:
    """Three trustees whose fingerprints nobody told custody."""
    with alliance.databases.alliance_session() as session:
        tokens = [invite_trustee(session, organisation, role) for role in ROLES]
    clients = []
    for token in tokens:
        file = enrol(alliance.http, token, PASSPHRASE)
        clients.append(TrusteeClient(alliance.http, file, file.seed(PASSPHRASE)))
    alliance.recognise(clients)
    return clients


def test_a_wave_without_anybody_who_stands_for_the_employees_is_not_drafted(wave: Fielded) -> None:
    # Nobody else confirms that the colleagues among whom an answer hides are real.
    with wave.opened() as (alliance, ballot), alliance.databases.alliance_session() as session:
        trustees = [session.get_one(Trustee, trustee.file.trustee) for trustee in ballot.trustees[1:]]
        organisation = organisation_of(alliance, ballot.wave)
        draft = Draft(organisation, QUESTIONNAIRE, plan(12), trustees)

        with pytest.raises(PlanError, match="nobody stands for the employees"):
            draft_wave(session, draft, AtRest(alliance.config.fernet_keys))

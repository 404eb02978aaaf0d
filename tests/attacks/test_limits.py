"""A school answers from one address in one lesson; whoever guesses from it gets nowhere."""

import secrets
from pathlib import Path

import pytest
from hypothesis import settings

from questionnaires.loading import load
from survey.commands.alliance import open_alliance
from survey.storage.models import Invitation
from tests.alliances import PORT, ROUTING, Clock, plan

RESPONDENTS = 1_000
# All ten thousand with `make attacks`: what is stopped at the thirtieth is stopped.
GUESSES = 10_000 if settings().max_examples >= 1_000 else 1_000
MOST = 30
BYTES = {"Content-Type": "application/octet-stream"}


def blinded() -> bytes:
    """A number below the modulus, as a blinded message is to whoever signs it."""
    return b"\x01" + secrets.token_bytes(255)


@pytest.mark.slow
def test_a_thousand_from_one_address_are_accepted_and_ten_thousand_guesses_are_not(tmp_path: Path) -> None:
    with open_alliance(tmp_path, PORT, Clock()) as alliance:
        organisation = alliance.organisation("School", "education")
        trustees = alliance.trustees(organisation)
        ballot = alliance.field(organisation, load(ROUTING), plan(RESPONDENTS + 1), trustees)
        address = f"/w/{ballot.wave}/credential"

        def asked(code: str) -> int:
            return alliance.http.post(address, content=code.encode() + blinded(), headers=BYTES).status_code

        wrong = "0" * 16
        # Somebody mistypes now and then, as they do in a school.
        accepted = [asked(code) for code in ballot.codes[:RESPONDENTS]]
        mistyped = [asked(wrong) for _ in range(MOST - 1)]
        still = asked(ballot.codes[RESPONDENTS])
        guessed = [asked(wrong) for _ in range(GUESSES)]
        with alliance.databases.alliance_session(reading=True) as session:
            spent = session.query(Invitation).filter(Invitation.blinded_digest.is_not(None)).count()

    assert set(accepted) == {200}
    assert (set(mistyped), still) == ({403}, 200)
    assert guessed.count(429) == GUESSES - 1
    assert spent == RESPONDENTS + 1

"""A school answers from one address in one lesson; who guesses from it gets nowhere and stops nobody."""

import secrets
from collections import Counter
from pathlib import Path

import httpx
import pytest

from questionnaires.loading import load
from survey.answering import views
from survey.answering.working import worked
from survey.commands.alliance import open_alliance
from survey.storage.models import Invitation
from survey.waves.manifest import from_b64
from tests.alliances import PORT, ROUTING, Clock, plan

RESPONDENTS = 1_000
GUESSES = 10_000
MOST = 30
BYTES = {"Content-Type": "application/octet-stream"}
FEW = 6
"""Bits of work: what a guess costs is asked elsewhere (tests/survey/answering/test_working.py)."""


def blinded() -> bytes:
    """A number below the modulus, as a blinded message is to whoever signs it."""
    return b"\x01" + secrets.token_bytes(255)


def answered(http: httpx.Client, address: str, code: str) -> int:
    """What becomes of a code whose browser does the work it is asked for, as every page does."""
    body = code.encode() + blinded()
    answer = http.post(address, content=body, headers=BYTES)
    if answer.status_code == 429:
        wanted = answer.json()
        proof = worked(from_b64(wanted["challenge"]), body, wanted["bits"])
        answer = http.post(address, content=body + proof, headers=BYTES)
    return answer.status_code


@pytest.mark.slow
def test_a_thousand_answer_from_an_address_among_ten_thousand_guesses_of_which_thirty_are_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "BITS", FEW)
    with open_alliance(tmp_path, PORT, Clock()) as alliance:
        organisation = alliance.organisation("School", "education")
        trustees = alliance.trustees(organisation)
        ballot = alliance.field(organisation, load(ROUTING), plan(RESPONDENTS), trustees)
        address = f"/w/{ballot.wave}/credential"
        right: Counter[int] = Counter()
        wrong: Counter[int] = Counter()

        def guess() -> int:
            code = "".join(secrets.choice("0123456789ABCDEF") for _ in range(16))
            return alliance.http.post(address, content=code.encode() + blinded(), headers=BYTES).status_code

        for code in ballot.codes:
            wrong.update(guess() for _ in range(GUESSES // RESPONDENTS))
            right[answered(alliance.http, address, code)] += 1
        worked_for = answered(alliance.http, address, "0" * 16)
        with alliance.databases.alliance_session(reading=True) as session:
            spent = session.query(Invitation).filter(Invitation.blinded_digest.is_not(None)).count()

    assert right == {200: RESPONDENTS}
    assert wrong == {403: MOST, 429: GUESSES - MOST}
    assert (worked_for, spent) == (403, RESPONDENTS)

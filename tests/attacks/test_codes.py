"""Somebody who holds another's invitation code wants to know whether it was used, without using it."""

from collections.abc import Sequence

import pytest
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from sqlalchemy.orm import Session

from survey.answering.exchanging import CodeRefusedError, Exchange, Issuer, MalformedRequestError
from survey.sealing.at_rest import AtRest, AtRestError
from survey.sealing.credentials import issuing_public_key
from survey.sealing.issuing import IssuingKey
from survey.storage.databases import Databases
from survey.waves.invitations import invite
from tests.survey import rows

KEY = bytes(32)
SOMETHING, SOMETHING_ELSE = ((number).to_bytes(256, "big") for number in (2, 3))


WAVE = rows.identifier("wave")


@pytest.fixture
def issuer() -> Issuer:
    return Issuer(KEY, AtRest([Fernet.generate_key().decode()]))


def fielded(session: Session, issuer: Issuer) -> tuple[Sequence[RSAPublicKey], str, str]:
    """A wave's keys, a code that was exchanged, and one that was not."""
    wave, key = rows.wave("wave", "owner", "fielding"), IssuingKey.generate()
    wave.issuing_key = issuer.at_rest.encrypt(key.to_bytes())
    session.add_all([rows.organisation("owner"), wave])
    session.flush()
    spent, unspent = invite(session, wave, 2, KEY)
    public = (issuing_public_key(key.public_bytes()),)
    issuer.key_for(session.connection(), WAVE, public, Exchange(spent, SOMETHING))
    return public, spent, unspent


@pytest.mark.parametrize(
    "blinded", [bytes(256), b"\xff" * 256, b"\x01", bytes(257)], ids=["nought", "above", "short", "long"]
)
def test_what_cannot_be_signed_is_answered_alike_for_spent_unspent_and_unknown_codes(
    databases: Databases, issuer: Issuer, blinded: bytes
) -> None:
    with databases.alliance_session() as session:
        public, spent, unspent = fielded(session, issuer)

        for code in (spent, unspent, "0" * 16):
            with pytest.raises(MalformedRequestError):
                issuer.key_for(session.connection(), WAVE, public, Exchange(code, blinded))


def test_a_spent_code_with_another_message_is_answered_like_an_unknown_one(
    databases: Databases, issuer: Issuer
) -> None:
    with databases.alliance_session() as session:
        public, spent, _ = fielded(session, issuer)

        for code in (spent, "0" * 16):
            with pytest.raises(CodeRefusedError) as refused:
                issuer.key_for(session.connection(), WAVE, public, Exchange(code, SOMETHING_ELSE))
            assert refused.value.args == ()


def test_a_process_that_cannot_open_a_waves_keys_spends_no_code(either: Databases, issuer: Issuer) -> None:
    with either.alliance_session() as session:
        public, _, unspent = fielded(session, issuer)
    mistyped = Issuer(KEY, AtRest([Fernet.generate_key().decode()]))

    for _ in range(2):
        with pytest.raises(AtRestError), either.spending() as alliance:
            mistyped.key_for(alliance, WAVE, public, Exchange(unspent, SOMETHING))

    with either.spending() as alliance:
        key = issuer.key_for(alliance, WAVE, public, Exchange(unspent, SOMETHING_ELSE))
    assert issuing_public_key(key.public_bytes()) == public[0]

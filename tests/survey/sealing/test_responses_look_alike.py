"""All envelopes of a wave have one length, whatever was answered: from answers to bytes, and back."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.answers import Answers, decode, encode, longest_plaintext, padded, unpadded
from questionnaires.loading import load
from questionnaires.model import Questionnaire
from survey.sealing import envelope, xwing
from survey.sealing.open import WaveOpener
from survey.sealing.seal import WaveSealer
from tests.questionnaires.drawn import answered_questionnaires
from tests.survey.sealing.parties import MANIFEST, SEED

UNITS = 12
DEFINITIONS = sorted((Path(__file__).parents[3] / "questionnaires" / "definitions").glob("[a-z]*.yaml"))


def sealed(questionnaire: Questionnaire, unit: int | None, given_answers: Answers) -> bytes:
    size = envelope.envelope_size(longest_plaintext(questionnaire, UNITS))
    plaintext = padded(encode(questionnaire, unit, given_answers), envelope.padded_size(size))
    return WaveSealer(xwing.public_bytes(SEED), MANIFEST).seal(plaintext, bytes(32))


@given(answered_questionnaires(skipping=False), st.none() | st.integers(0, UNITS - 1))
def test_every_response_has_the_one_length_of_its_wave_and_opens_to_what_was_answered(
    drawn: tuple[Questionnaire, Answers], unit: int | None
) -> None:
    questionnaire, chosen = drawn
    nothing = Answers((None,) * len(questionnaire.items))

    closed = sealed(questionnaire, unit, chosen)

    assert len(closed) == len(sealed(questionnaire, None, nothing))
    opened = decode(questionnaire, unpadded(WaveOpener(SEED, MANIFEST).open(closed, bytes(32))), UNITS)
    assert (opened.unit, opened.answers.chosen) == (unit, chosen.chosen)


@pytest.mark.parametrize("file", DEFINITIONS, ids=lambda file: file.stem)
def test_a_row_of_the_alliances_questionnaires_is_at_most_2304_bytes(file: Path) -> None:
    questionnaire = load(file)
    nothing = Answers((None,) * len(questionnaire.items))

    row = 420 + 16 + 32 + len(sealed(questionnaire, None, nothing))

    assert row <= 2304

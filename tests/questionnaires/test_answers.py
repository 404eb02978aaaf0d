import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.answers import (
    Answer,
    Answers,
    answers_from_codes,
    band_of,
    codes_of,
    decode,
    encode,
    longest_plaintext,
    padded,
    unpadded,
)
from questionnaires.errors import AnswerError, AnswerErrorKind, UnknownNameError
from questionnaires.loading import alliance_definition, load
from questionnaires.model import ItemType
from tests.questionnaires.drawn import Drawn, answered_questionnaires
from tests.vectors.refresh import FOR_TESTS

MULTI = load(FOR_TESTS / "multi.yaml")
NUMBER = load(FOR_TESTS / "number.yaml")


@given(answered_questionnaires(skipping=False), st.none() | st.integers(0, 19))
def test_decoding_inverts_encoding(drawn: Drawn, unit: int | None) -> None:
    questionnaire, answers = drawn

    decoded = decode(questionnaire, encode(questionnaire, unit, answers), units=20)

    assert (decoded.unit, decoded.answers, decoded.repaired) == (unit, answers, 0)


@given(answered_questionnaires(skipping=False), st.none() | st.integers(0, 19))
def test_no_plaintext_is_longer_than_the_longest(drawn: Drawn, unit: int | None) -> None:
    questionnaire, answers = drawn

    assert len(encode(questionnaire, unit, answers)) <= longest_plaintext(questionnaire, units=20)


@given(answered_questionnaires(skipping=False))
def test_codes_name_what_positions_mean(drawn: Drawn) -> None:
    questionnaire, answers = drawn

    assert answers_from_codes(questionnaire, codes_of(questionnaire, answers)) == answers


@given(st.binary(max_size=60))
def test_bytes_that_nobody_encoded_are_refused_and_nothing_else_happens(data: bytes) -> None:
    with pytest.raises(AnswerError):
        decode(MULTI, data, units=20)


def test_hostile_depth_and_numbers_are_refused_as_malformed() -> None:
    for data in (b"[" * 100_000, b'{"v":' + b"9" * 5_000 + b"}"):
        with pytest.raises(AnswerError) as refused:
            decode(MULTI, data, units=1)
        assert refused.value.kind is AnswerErrorKind.MALFORMED


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        ((None,), AnswerErrorKind.WRONG_LENGTH),
        ((3, None), AnswerErrorKind.WRONG_TYPE),
        ((None, (3,)), AnswerErrorKind.OUT_OF_RANGE),
        (((0, 1, 2), None), AnswerErrorKind.TOO_MANY_CHOICES),
        (((), None), AnswerErrorKind.WRONG_TYPE),
    ],
)
def test_answers_that_no_browser_makes_are_not_encoded(
    answers: tuple[Answer, ...], kind: AnswerErrorKind
) -> None:
    with pytest.raises(AnswerError) as refused:
        encode(MULTI, None, Answers(answers))

    assert refused.value.kind is kind


def test_a_refusal_says_where_and_never_what_was_answered() -> None:
    with pytest.raises(AnswerError) as refused:
        decode(MULTI, b'{"v":1,"a":[null,[47],null]}', units=1)

    assert 'item "needs"' in str(refused.value)
    assert "47" not in str(refused.value)


def test_a_longest_list_of_choices_counts_exclusive_options_that_may_stand_with_them() -> None:
    most = '{"v":1,"a":[null,[1,2,3,4,5,6],[0,1,2]]}'

    assert longest_plaintext(MULTI, units=1) == len(most)


def test_units_beyond_four_digits_make_a_longer_response() -> None:
    assert longest_plaintext(MULTI, units=10_000) == longest_plaintext(MULTI, units=1)
    assert longest_plaintext(MULTI, units=100_000) == longest_plaintext(MULTI, units=1) + 1


@pytest.mark.parametrize("name", ["workplace", "education", "culture_leisure"])
def test_a_response_to_the_alliances_own_questionnaires_fits_in_512_bytes(name: str) -> None:
    assert longest_plaintext(alliance_definition(name), units=10_000) < 512


@given(st.binary(max_size=64), st.integers(0, 8))
def test_padding_is_taken_off_again(data: bytes, room: int) -> None:
    assert unpadded(padded(data, len(data) + 1 + room)) == data


def test_padding_is_that_of_iso_7816() -> None:
    assert padded(b"ab", 6) == b"ab\x80\x00\x00\x00"
    assert padded(b"", 1) == b"\x80"


def test_data_that_leaves_no_room_for_padding_is_refused() -> None:
    with pytest.raises(AnswerError, match="does not fit into 2 bytes") as refused:
        padded(b"ab", 2)

    assert refused.value.kind is AnswerErrorKind.BAD_PADDING


@pytest.mark.parametrize("data", [b"", b"\x00\x00", b"ab", b"ab\x81\x00"])
def test_data_without_padding_is_refused(data: bytes) -> None:
    with pytest.raises(AnswerError, match="ISO/IEC 7816-4"):
        unpadded(data)


def test_a_number_falls_into_its_band() -> None:
    options = NUMBER.options_of(NUMBER.item("years"))

    assert [band_of(options, years) for years in (0, 1, 4, 5, 99)] == [0, 1, 1, 2, 2]


def test_a_number_outside_every_band_has_none() -> None:
    several = load(FOR_TESTS / "conditions.yaml")

    assert band_of(several.options_of(several.item("years")), -1) is None
    assert band_of(several.options_of(several.item("first")), 3) is None


def test_codes_may_come_in_any_order_and_twice() -> None:
    answers = answers_from_codes(MULTI, {"needs": ["leaders", "rules", "leaders"]})

    assert answers.chosen == ((0, 2), None)


def test_an_empty_cell_is_left_blank() -> None:
    assert answers_from_codes(MULTI, {"needs": "", "told": []}).chosen == (None, None)


def test_a_code_that_is_not_the_items_is_named_with_the_one_that_was_meant() -> None:
    with pytest.raises(
        AnswerError, match=r'item "needs": no option has the code "talks". Did you mean "talk"\?'
    ):
        answers_from_codes(MULTI, {"needs": ["talks"]})


def test_an_item_that_is_not_asked_is_named() -> None:
    with pytest.raises(UnknownNameError, match='there is no item "wishes"'):
        answers_from_codes(MULTI, {"wishes": ["talk"]})


def test_two_codes_where_one_is_chosen_are_refused() -> None:
    with pytest.raises(AnswerError, match='item "years": 2 codes given; it takes one'):
        answers_from_codes(NUMBER, {"years": ["1_4", "5p"]})


def test_every_type_of_item_that_can_be_fielded_has_a_place_in_a_plaintext() -> None:
    shown = {
        item.type for name in ("multi", "number", "matrix") for item in load(FOR_TESTS / f"{name}.yaml").items
    }

    assert shown == set(ItemType) - {ItemType.TEXT}

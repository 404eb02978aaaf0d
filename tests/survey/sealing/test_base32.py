import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.sealing import base32
from survey.sealing.base32 import ALPHABET, Base32Error


@given(st.binary(max_size=64))
def test_decoding_inverts_encoding(data: bytes) -> None:
    assert base32.decode(base32.encode(data), len(data)) == data


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ""),
        (b"\x00", "00"),
        (b"\xff", "ZW"),
        (b"\xff\xff", "ZZZG"),
        (b"\x00" * 5, "00000000"),
        (b"\xff" * 5, "ZZZZZZZZ"),
        (b"\x08\x86\x42\x98\xe8", "1234567" + "8"),
        (b"\x80", "G0"),
    ],
)
def test_the_most_significant_bits_come_first_and_zero_bits_fill_the_last_symbol(
    data: bytes, text: str
) -> None:
    assert base32.encode(data) == text
    assert base32.decode(text, len(data)) == data


def test_a_shorter_length_keeps_the_first_symbols() -> None:
    assert base32.encode(b"\xff" * 3, 4) == "ZZZZ"


@given(st.binary(min_size=1, max_size=40), st.data())
def test_people_may_type_it_in_their_own_way(data: bytes, drawn: st.DataObject) -> None:
    looks_like = {"0": "0oO", "1": "1iIlL"}
    left_out = ["", "", "", " ", "-", "\u00a0", "\u2011", "\u2013", "\u00ad", "\n", "\t"]

    typed = "".join(
        drawn.draw(st.sampled_from(left_out))
        + drawn.draw(st.sampled_from(looks_like.get(symbol, symbol + symbol.lower())))
        for symbol in base32.encode(data)
    )

    assert base32.decode(typed, len(data)) == data
    assert base32.normalised(typed) == base32.encode(data)


@given(st.text(max_size=40), st.integers(0, 24))
def test_two_texts_stand_for_the_same_bytes_only_if_they_read_the_same(text: str, size: int) -> None:
    try:
        data = base32.decode(text, size)
    except Base32Error:
        return

    assert base32.normalised(text) == base32.encode(data)
    assert len(data) == size


@pytest.mark.parametrize("symbol", sorted(ALPHABET))
def test_a_last_symbol_that_holds_more_than_the_bytes_is_refused(symbol: str) -> None:
    fits = ALPHABET.index(symbol) % 4 == 0  # the second of two symbols carries 3 bits of a byte

    if fits:
        assert base32.encode(base32.decode("0" + symbol, 1)) == "0" + symbol
    else:
        with pytest.raises(Base32Error, match=f"symbol 2, '{symbol}', cannot be the last of 1 bytes"):
            base32.decode("0" + symbol, 1)


@pytest.mark.parametrize("text", ["", "0", "000", "0000"])
def test_missing_and_surplus_symbols_are_refused(text: str) -> None:
    with pytest.raises(Base32Error, match=f"there are {len(text)} symbols instead of 2"):
        base32.decode(text, 1)


@pytest.mark.parametrize("symbol", ["U", "u", "é", "*", "😀", "٣"])
def test_a_foreign_symbol_is_named_with_its_place(symbol: str) -> None:
    with pytest.raises(Base32Error, match="symbol 3, "):
        base32.normalised("0 0-" + symbol + "0")


def test_a_code_has_eighty_random_bits_and_is_grouped_by_four() -> None:
    codes = {base32.new_code() for _ in range(100)}

    assert len(codes) == 100
    assert all(len(base32.decode(code, 10)) == 10 and len(code) == base32.CODE_LENGTH for code in codes)
    assert base32.grouped("ABCDEFGHJKMNPQRS") == "ABCD EFGH JKMN PQRS"
    assert base32.grouped("ABCDE") == "ABCD E"

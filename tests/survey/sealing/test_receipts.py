from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.sealing import base32, receipts
from survey.sealing.base32 import ALPHABET
from survey.sealing.receipts import ReceiptError

SECRETS = st.binary(min_size=16, max_size=16)


@given(SECRETS)
def test_a_receipt_gives_its_secret_back_however_it_was_noted(secret: bytes) -> None:
    receipt = receipts.receipt(secret)

    assert len(receipt) == receipts.LENGTH
    assert receipts.secret_of(receipt) == secret
    assert receipts.secret_of(base32.grouped(receipt).lower().replace("0", "o").replace("1", "l")) == secret


@given(SECRETS)
def test_a_receipt_is_the_secret_and_twelve_bits_of_its_digest(secret: bytes) -> None:
    digest = sha256(b"tillid receipt v1\x00" + secret).digest()

    number = 0
    for symbol in receipts.receipt(secret):
        number = number << 5 | ALPHABET.index(symbol)

    assert number >> 12 == int.from_bytes(secret, "big")
    assert number & 0xFFF == int.from_bytes(digest[:2], "big") >> 4


def test_one_wrong_symbol_is_noticed_but_for_one_in_four_thousand() -> None:
    typed = missed = 0
    for number in range(25):
        secret = sha256(b"%d" % number).digest()[:16]
        receipt = receipts.receipt(secret)
        for place, right in enumerate(receipt):
            for wrong in ALPHABET.replace(right, ""):
                typed += 1
                missed += accepted(receipt[:place] + wrong + receipt[place + 1 :])

    # Twelve bits let one in 4,096 pass, here four; what passes is a secret that no response was sent under.
    assert typed == 21_700
    assert missed == 4


@given(SECRETS, st.data())
def test_a_wrong_symbol_of_the_checksum_alone_is_always_noticed(secret: bytes, data: st.DataObject) -> None:
    receipt = receipts.receipt(secret)
    place = data.draw(st.integers(26, 27))
    wrong = data.draw(st.sampled_from(ALPHABET.replace(receipt[place], "")))

    assert not accepted(receipt[:place] + wrong + receipt[place + 1 :])


@given(SECRETS, st.integers(0, 27), st.sampled_from(ALPHABET))
def test_a_missing_or_a_surplus_symbol_is_always_noticed(secret: bytes, place: int, symbol: str) -> None:
    receipt = receipts.receipt(secret)

    with pytest.raises(ReceiptError, match="28 symbols, not 27"):
        receipts.secret_of(receipt[:place] + receipt[place + 1 :])
    with pytest.raises(ReceiptError, match="28 symbols, not 29"):
        receipts.secret_of(receipt[:place] + symbol + receipt[place:])


def test_a_mistyped_receipt_is_answered_with_a_remedy() -> None:
    receipt = receipts.receipt(bytes(16))
    wrong = receipt[:-1] + ("0" if receipt[-1] != "0" else "1")

    with pytest.raises(ReceiptError, match="checksum does not fit; compare it with your note"):
        receipts.secret_of(wrong)
    with pytest.raises(ReceiptError, match=r"not a receipt: symbol 28, 'U', .* compare it with your note"):
        receipts.secret_of(receipt[:-1] + "U")


def accepted(text: str) -> bool:
    try:
        receipts.secret_of(text)
    except ReceiptError:
        return False
    return True

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from survey.sealing.at_rest import AtRest, AtRestError

OLD, NEW, FOREIGN = (Fernet.generate_key().decode() for _ in range(3))


@given(st.binary(max_size=200))
def test_what_was_encrypted_comes_back_also_after_the_keys_were_rotated(plain: bytes) -> None:
    encrypted = AtRest([OLD]).encrypt(plain)

    assert AtRest([OLD]).decrypt(encrypted) == plain
    assert AtRest([NEW, OLD]).decrypt(encrypted) == plain


def test_the_first_key_encrypts() -> None:
    assert AtRest([NEW]).decrypt(AtRest([NEW, OLD]).encrypt(b"key")) == b"key"


def test_without_the_key_the_error_says_where_to_put_it() -> None:
    with pytest.raises(AtRestError, match=r"TILLID_FERNET_KEYS or .* put former keys behind the new one"):
        AtRest([FOREIGN]).decrypt(AtRest([OLD]).encrypt(b"key"))

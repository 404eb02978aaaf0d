import re

from survey.storage.identifiers import new_identifier


def test_an_id_is_16_characters_of_base32_and_never_the_same() -> None:
    made = {new_identifier() for _ in range(200)}

    assert len(made) == 200
    assert all(re.fullmatch("[0-9a-hjkmnp-tv-z]{16}", found) for found in made)

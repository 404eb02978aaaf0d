import pytest

from tests.documentation.made import MADE, REFERENCE


@pytest.mark.parametrize("name", MADE)
def test_what_is_made_from_the_code_says_what_the_code_says(name: str) -> None:
    written = (REFERENCE / name).read_text(encoding="utf-8")

    assert written == MADE[name](), "run .venv/bin/python -m tests.documentation.made"

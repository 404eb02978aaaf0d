import hashlib
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.digest import (
    JsonValue,
    canonical_bytes,
    definition_bytes,
    digest,
    load_definition,
    read_canonical,
)
from questionnaires.errors import CanonicalError, DefinitionError
from questionnaires.loading import DEFINITIONS, alliance_definition, load
from questionnaires.model import Questionnaire
from tests.questionnaires.drawn import questionnaires
from tests.vectors.refresh import FOR_TESTS

FIELDABLE = sorted(
    [*DEFINITIONS.glob("[a-z]*.yaml"), *(f for f in FOR_TESTS.glob("*.yaml") if f.stem != "text")]
)

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
    max_leaves=8,
)


@given(values)
def test_reading_inverts_writing(value: object) -> None:
    assert read_canonical(canonical_bytes(cast("JsonValue", value))) == value


def test_keys_are_sorted_and_nothing_is_between() -> None:
    assert canonical_bytes({"b": [1, None, True], "a": "æ\n"}) == '{"a":"æ\\n","b":[1,null,true]}'.encode()


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ({"a": [1.0]}, r"value.a\[0\]: float"),
        ({"a": float("nan")}, "value.a: float"),
        (2**53, "2⁵³"),
        ({1: "a"}, "the key 1 is not text"),
        ({"a": "\ud800"}, "half of a surrogate pair"),
        ({"\ud800": 1}, "half of a surrogate pair"),
        ({"a": {1, 2}}, "value.a: set"),
        (b"a", "bytes"),
    ],
)
def test_what_two_programs_may_write_differently_has_no_canonical_form(value: object, place: str) -> None:
    with pytest.raises(CanonicalError, match=place):
        canonical_bytes(cast("JsonValue", value))


@pytest.mark.parametrize(
    "data",
    [
        b'{"b":1,"a":2}',
        b'{"a": 1}',
        b'{"a":1,"a":1}',
        b'"\\u00e6"',
        b"1.0",
        b"-0",
        b"NaN",
        b"{",
        b"\xff",
        b"[" * 99_999,
    ],
)
def test_another_way_of_writing_is_refused(data: bytes) -> None:
    with pytest.raises(CanonicalError):
        read_canonical(data)


@pytest.mark.parametrize("file", FIELDABLE, ids=lambda file: file.stem)
def test_a_definition_comes_back_from_the_bytes_that_are_served(file: Path) -> None:
    questionnaire = load(file)

    assert load_definition(definition_bytes(questionnaire)) == questionnaire


@given(questionnaires())
def test_any_definition_comes_back_from_its_bytes(questionnaire: Questionnaire) -> None:
    data = definition_bytes(questionnaire)

    assert Questionnaire.model_validate(read_canonical(data)) == questionnaire
    assert definition_bytes(Questionnaire.model_validate(read_canonical(data))) == data


def test_a_wave_of_some_sections_comes_back_too() -> None:
    climate = alliance_definition("workplace").with_sections(["climate", "incident"])

    assert load_definition(definition_bytes(climate)) == climate


def test_a_digest_is_the_sha256_of_what_is_served() -> None:
    workplace = alliance_definition("workplace")

    assert digest(workplace) == hashlib.sha256(definition_bytes(workplace)).hexdigest()


def test_a_changed_word_changes_the_digest() -> None:
    matrix = load(FOR_TESTS / "matrix.yaml")
    changed = definition_bytes(matrix).replace(b"It is taken seriously.", b"It is taken lightly.")

    assert digest(load_definition(changed)) != digest(matrix)


def test_what_goes_without_saying_is_not_written() -> None:
    data = definition_bytes(load(FOR_TESTS / "multi.yaml"))

    assert b"false" not in data
    assert b"substantive" not in data
    assert b"left_out" not in data


def test_bytes_of_a_definition_with_a_fault_are_refused() -> None:
    matrix = definition_bytes(load(FOR_TESTS / "matrix.yaml"))

    with pytest.raises(DefinitionError, match='definition: item "serious": its scale is "agreed"'):
        load_definition(matrix.replace(b'"scale":"agree"', b'"scale":"agreed"', 1))

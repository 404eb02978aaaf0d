"""The vectors that hold Python and the browser to the same conditions, paths and bytes."""

import json
from functools import cache
from typing import Any

import pytest

from questionnaires.answers import Answers, answers_from_codes, codes_of, decode, encode
from questionnaires.conditions import Truth
from questionnaires.digest import definition_bytes, load_definition
from questionnaires.errors import AnswerError, AnswerErrorKind
from questionnaires.model import Questionnaire
from questionnaires.routing import on_path, path, truth_of
from tests.vectors.refresh import VECTORS, definitions

CONDITIONS = json.loads((VECTORS / "conditions.json").read_text())["vectors"]
PATHS = json.loads((VECTORS / "paths.json").read_text())["vectors"]
PLAINTEXTS = json.loads((VECTORS / "plaintexts.json").read_text())


def named(vectors: list[dict[str, Any]]) -> list[Any]:
    return [pytest.param(vector, id=vector["name"]) for vector in vectors]


@cache
def definition(name: str) -> Questionnaire:
    return load_definition((VECTORS / "definitions" / name).read_bytes())


def answers_of(vector: dict[str, Any]) -> Answers:
    return answers_from_codes(
        definition(vector["definition"]), vector["answers"], skipped=vector.get("skipped", ())
    )


def as_lists(codes: dict[str, str | tuple[str, ...]]) -> dict[str, str | list[str]]:
    return {item: list(given) if isinstance(given, tuple) else given for item, given in codes.items()}


@pytest.mark.parametrize("vector", named(CONDITIONS + PATHS))
def test_what_is_known_of_a_condition_is_what_was_reasoned_by_hand(vector: dict[str, Any]) -> None:
    questionnaire = definition(vector["definition"])

    known = {name: truth_of(questionnaire, name, answers_of(vector)) for name in vector["truths"]}

    assert known == {name: Truth[truth.upper()] for name, truth in vector["truths"].items()}


@pytest.mark.parametrize("vector", named(PATHS))
def test_a_path_is_what_was_reasoned_by_hand(vector: dict[str, Any]) -> None:
    questionnaire = definition(vector["definition"])

    routed = on_path(questionnaire, answers_of(vector))

    assert path(questionnaire, answers_of(vector)) == tuple(vector["path"])
    assert as_lists(codes_of(questionnaire, routed.answers)) == vector["kept"]
    assert routed.dropped == vector["dropped"]


@pytest.mark.parametrize("vector", named(PLAINTEXTS["encoded"]))
def test_a_response_has_exactly_one_plaintext(vector: dict[str, Any]) -> None:
    questionnaire = definition(vector["definition"])
    answers = answers_of(vector)

    data = encode(questionnaire, vector["unit"], answers)
    decoded = decode(questionnaire, data, units=20)

    assert data.decode() == vector["plaintext"]
    assert (decoded.unit, decoded.answers, decoded.repaired) == (vector["unit"], answers, 0)


@pytest.mark.parametrize("vector", named(PLAINTEXTS["repaired"]))
def test_an_exclusive_option_gives_way_to_what_was_said(vector: dict[str, Any]) -> None:
    questionnaire = definition(vector["definition"])

    decoded = decode(questionnaire, vector["plaintext"].encode(), units=20)

    assert as_lists(codes_of(questionnaire, decoded.answers)) == vector["answers"]
    assert decoded.repaired == vector["repaired"]


@pytest.mark.parametrize("vector", named(PLAINTEXTS["refused"]))
def test_what_is_no_response_is_refused_by_kind(vector: dict[str, Any]) -> None:
    with pytest.raises(AnswerError) as refused:
        decode(definition(vector["definition"]), vector["plaintext"].encode(), units=20)

    assert refused.value.kind == vector["kind"]


def test_every_kind_of_refusal_of_a_plaintext_has_a_vector() -> None:
    elsewhere = {"unknown_code", "bad_padding"}  # of CSV files and of padding

    kinds = {vector["kind"] for vector in PLAINTEXTS["refused"]}

    assert kinds | elsewhere == {str(kind) for kind in AnswerErrorKind}


@pytest.mark.parametrize("name", sorted(definitions()))
def test_the_definitions_beside_the_vectors_are_fresh(name: str) -> None:
    stored = VECTORS / "definitions" / name

    assert stored.read_bytes() == definition_bytes(definitions()[name]), (
        "the definition has changed: run .venv/bin/python -m tests.vectors.refresh"
    )


def test_no_definition_beside_the_vectors_is_without_its_source() -> None:
    assert {file.name for file in (VECTORS / "definitions").iterdir()} == set(definitions())


def test_every_test_of_a_condition_and_every_connective_has_a_vector() -> None:
    questionnaire = definition("conditions.json")

    asked = {name for vector in CONDITIONS for name in vector["truths"]}

    assert asked == set(questionnaire.conditions)


def test_no_two_vectors_have_one_name() -> None:
    names = [vector["name"] for vector in CONDITIONS + PATHS]

    assert len(names) == len(set(names))

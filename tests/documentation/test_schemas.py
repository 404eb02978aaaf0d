"""The JSON Schemas: each says what the model says, and holds for what the product writes."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from survey.waves import manifest
from tests.documentation.pages import ROOT
from tests.survey.waves.manifests import Value, manifests, right
from tests.survey.waves.test_manifest import FAULTS

SCHEMAS = sorted((ROOT / "docs" / "reference" / "schemas").glob("*.schema.json"))
# What no schema can say: how parts of a manifest belong together, what a day is, how base64url is written.
BEYOND_A_SCHEMA = {
    "a key for whoever comes, where people are invited",
    "an open wave with units",
    "paper without a key",
    "a key for no paper",
    "two keys for paper",
    "two units of one id",
    "unit in no unit",
    "unit in itself",
    "units in one another",
    "day that is none",
    "period backwards",
    "quorum of four",
    "one key twice",
    "one number twice",
    "a number left out",
    "custody's key written otherwise",
    "custody's fingerprint",
    "a number that no browser reads",
    "wave with a line end",  # Python's $ also matches before a line end; JSON Schema's does not
}


def schema(name: str) -> Any:  # noqa: ANN401  What a JSON file holds.
    return json.loads((ROOT / "docs" / "reference" / "schemas" / f"{name}.schema.json").read_text())


def objects(part: object) -> Iterator[dict[str, Any]]:
    """Every part of a schema that describes an object."""
    if isinstance(part, dict):
        if part.get("type") == "object":
            yield part
        for inner in part.values():
            yield from objects(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from objects(inner)


@pytest.mark.parametrize("file", SCHEMAS, ids=lambda file: file.name)
def test_a_schema_is_one_and_lets_nothing_unknown_pass(file: Path) -> None:
    value = json.loads(file.read_text())

    Draft202012Validator.check_schema(value)
    assert value["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    for described in objects(value):
        assert "additionalProperties" in described
        assert set(described.get("required", ())) <= set(described.get("properties", ()))


def test_a_manifest_leaves_nothing_out_but_what_is_of_a_joint_wave_alone() -> None:
    for described in objects(schema("manifest")):
        assert set(described.get("required", ())) == set(described.get("properties", ())) - {"joint"}


@given(manifests())
def test_every_manifest_that_the_model_takes_is_one_by_the_schema(value: Value) -> None:
    written = json.loads(manifest.from_value(value).to_bytes())

    Draft202012Validator(schema("manifest")).validate(written)


@pytest.mark.parametrize("name", sorted(set(FAULTS) - BEYOND_A_SCHEMA))
def test_a_fault_of_form_is_one_by_the_schema_too(name: str) -> None:
    value = right()
    FAULTS[name][0](value)

    assert not Draft202012Validator(schema("manifest")).is_valid(value)


@pytest.mark.parametrize("name", sorted(BEYOND_A_SCHEMA))
def test_what_is_said_to_be_beyond_a_schema_is(name: str) -> None:
    value = right()
    FAULTS[name][0](value)

    assert Draft202012Validator(schema("manifest")).is_valid(value)

"""
Definitions beside the vectors, as a browser gets them: canonical JSON made from the YAML files.

Run from the checkout with `.venv/bin/python -m tests.vectors.refresh` when a definition has changed;
tests/questionnaires/test_vectors.py fails until it has been.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from questionnaires.digest import definition_bytes
from questionnaires.loading import DEFINITIONS, load
from questionnaires.model import Questionnaire

VECTORS = Path(__file__).parent
FOR_TESTS = VECTORS.parent / "questionnaires_for_tests"


@cache
def definitions() -> Mapping[str, Questionnaire]:
    """File name → questionnaire: the alliance's, those that show one feature, and waves of some sections."""
    workplace = load(DEFINITIONS / "workplace.yaml")
    conditions = load(FOR_TESTS / "conditions.yaml")
    return {
        "workplace.json": workplace,
        "education.json": load(DEFINITIONS / "education.yaml"),
        "culture_leisure.json": load(DEFINITIONS / "culture_leisure.yaml"),
        "workplace_climate_only.json": workplace.with_sections(
            ["about_place", "climate", "knowledge", "needs", "about_you"]
        ),
        "workplace_without_behaviour.json": workplace.with_sections(
            ["climate", "knowledge", "witness", "incident", "needs"]
        ),
        "conditions.json": conditions,
        "conditions_without_further.json": conditions.with_sections(["choices"]),
        **{
            f"{name}.json": load(FOR_TESTS / f"{name}.yaml")
            for name in ("routing", "skipping", "multi", "number")
        },
    }


if __name__ == "__main__":
    for name, questionnaire in definitions().items():
        (VECTORS / "definitions" / name).write_bytes(definition_bytes(questionnaire))

"""
Pages and schemas that are made from the code, or from other pages.

`.venv/bin/python -m tests.documentation.made` writes them again; tests/documentation/test_made.py compares.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from analysis.edition import Edition
from survey.waves.manifest import Manifest
from survey.waves.states import states_page
from tests.documentation.pages import ROOT, rows, section

REFERENCE = ROOT / "docs" / "reference"
DECISIONS = ROOT / "docs" / "decisions"


def manifest_schema() -> str:
    """JSON Schema of the model's own rules, each key described as in formats.md."""
    described = {key.strip("`"): meaning for key, meaning in rows(section("Manifest"))}
    made = _without_titles(Manifest.model_json_schema(mode="serialization"))
    # A key that is not there is never null: the same promises are the same bytes.
    made["properties"]["joint"] = {"$ref": "#/$defs/Joint"}
    made["properties"] = {
        key: {"description": described[key]} | rule for key, rule in made["properties"].items()
    }
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Tillid manifest, version 1",
        "description": 'What a wave promises: docs/reference/formats.md, "Manifest". Canonical JSON.',
    }
    return (
        json.dumps(head | {key: made[key] for key in made if key not in head}, indent=2, ensure_ascii=False)
        + "\n"
    )


def edition_schema() -> str:
    """JSON Schema of the model's own rules."""
    made = _without_titles(Edition.model_json_schema(mode="serialization"))
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Tillid edition, version 1",
        "description": 'Sectors on one day: docs/reference/formats.md, "Edition". Canonical JSON.',
    }
    described = head | {key: made[key] for key in made if key not in head}
    return json.dumps(described, indent=2, ensure_ascii=False) + "\n"


def _without_titles(schema: Any) -> Any:  # noqa: ANN401  A part of a JSON value.
    """The schema without the titles that pydantic makes of names."""
    match schema:
        case dict():
            kept = {
                key: value for key, value in schema.items() if not (key == "title" and isinstance(value, str))
            }
            return {key: _without_titles(value) for key, value in kept.items()}
        case list():
            return [_without_titles(part) for part in schema]
        case _:
            return schema


def decisions() -> list[Path]:
    """The decision records, in the order of their numbers."""
    return sorted(DECISIONS.glob("[0-9]*.md"))


def decisions_index() -> str:
    """Every decision record with its title and status, each as its page says it."""
    head = (
        "# Decisions\n\n"
        "What was decided, why, and what follows from it. A record is not rewritten when a decision\n"
        "changes: its status names the one that took its place. This list is made from the records.\n\n"
        "| | decision | status |\n| --- | --- | --- |\n"
    )
    return head + "".join(_decision_row(record) for record in decisions())


def _decision_row(record: Path) -> str:
    title, status = record.read_text(encoding="utf-8").split("\n\n")[:2]
    number, _, name = title.removeprefix("# ").partition(" ")
    return f"| {number} | [{name}]({record.name}) | {status.removeprefix('Status: ')} |\n"


MADE: dict[str, Callable[[], str]] = {
    "states.md": states_page,
    "schemas/manifest.schema.json": manifest_schema,
    "schemas/edition.schema.json": edition_schema,
    "../decisions/README.md": decisions_index,
}


def write() -> None:
    for name, make in MADE.items():
        (REFERENCE / name).write_text(make(), encoding="utf-8")


if __name__ == "__main__":
    write()

"""The reference is complete, and the guide's example is one that can be fielded."""

import re
from enum import StrEnum
from pathlib import Path

import pytest
from pydantic import BaseModel

from questionnaires import model
from questionnaires.loading import findings_in

REFERENCE = Path("docs/reference/questionnaires.md")
GUIDE = Path("docs/how-to/write-a-questionnaire.md")

DESCRIBED = [
    model.Questionnaire,
    model.Section,
    model.Item,
    model.Option,
    model.Band,
    model.Group,
    model.ResponseScale,
    model.Rules,
    model.HelpLine,
    model.AllOf,
    model.AnyOf,
    model.Not,
    model.Ref,
    model.ItemTest,
]


def words_in(file: Path) -> set[str]:
    code = re.findall(r"`([^`]+)`", file.read_text())
    return {word for part in code for word in re.findall(r"[a-z_]+", part)}


@pytest.mark.parametrize("described", DESCRIBED)
def test_every_field_is_described(described: type[BaseModel], project_root: Path) -> None:
    fields = {field.alias or name for name, field in described.model_fields.items()}

    assert fields - words_in(project_root / REFERENCE) == set()


@pytest.mark.parametrize(
    "names", [model.ItemType, model.OptionKind, model.TestKind, model.Layout, model.Area, model.Tone]
)
def test_every_name_of_a_closed_set_is_described(names: type[StrEnum], project_root: Path) -> None:
    assert {str(name) for name in names} - words_in(project_root / REFERENCE) == set()


def test_the_guides_example_has_no_fault(project_root: Path, tmp_path: Path) -> None:
    (example, *_) = re.findall(r"```yaml\n(.*?)```", (project_root / GUIDE).read_text(), re.DOTALL)
    file = tmp_path / "tone-at-work.yaml"
    file.write_text(example)

    assert findings_in(file) == ()


def test_the_guides_breakdown_has_no_fault_in_its_place(project_root: Path, tmp_path: Path) -> None:
    example, breakdown = re.findall(r"```yaml\n(.*?)```", (project_root / GUIDE).read_text(), re.DOTALL)
    file = tmp_path / "tone-at-work.yaml"
    file.write_text(
        example.replace("sections:\n", "rules: {breakdown_items: [age]}\nsections:\n") + breakdown
    )

    assert findings_in(file) == ()

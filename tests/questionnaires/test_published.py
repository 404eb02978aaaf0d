"""Published definitions never change: who was asked with one, was asked this."""

from pathlib import Path
from typing import cast

import pytest

from questionnaires.digest import digest
from questionnaires.loading import DEFINITIONS, load, read

PUBLISHED = cast("list[dict[str, str]]", read(DEFINITIONS / "PUBLISHED.yaml"))
FILES = sorted(DEFINITIONS.glob("[a-z]*.yaml"))


@pytest.mark.parametrize("entry", PUBLISHED, ids=lambda entry: f"{entry['id']} {entry['version']}")
def test_a_published_definition_is_what_it_was(entry: dict[str, str]) -> None:
    questionnaire = load(DEFINITIONS / entry["file"])

    assert (questionnaire.id, questionnaire.version) == (entry["id"], entry["version"])
    assert digest(questionnaire) == entry["digest"], (
        f"{entry['file']} was published as {entry['version']} and has changed."
        " Take it back, and write the change as a new version in a new file with an entry of its own."
    )


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_version_from_1_0_0_on_is_published(file: Path) -> None:
    questionnaire = load(file)

    if not questionnaire.version.startswith("0."):
        assert file.name in [entry["file"] for entry in PUBLISHED]


def test_a_version_is_published_once() -> None:
    versions = [(entry["id"], entry["version"]) for entry in PUBLISHED]

    assert len(set(versions)) == len(versions)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_is_not_cognitively_tested_says_so_to_whoever_fields_it(file: Path) -> None:
    caution = load(file).caution

    assert caution is not None
    assert "ikke afprøvet i interviews" in caution["da"]
    assert "not been cognitively tested" in caution["en"]

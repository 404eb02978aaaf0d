"""What we agreed on and no linter says."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGES = ("questionnaires", "analysis", "survey")
VAGUE_NAMES = {"utils", "helpers", "common", "manager", "base"}


def modules(root: Path) -> Iterator[Path]:
    for package in PACKAGES:
        yield from (root / package).rglob("*.py")


def test_package_files_are_empty_so_that_a_package_is_only_its_modules(project_root: Path) -> None:
    written = [path for path in modules(project_root) if path.name == "__init__.py" and path.read_text()]

    assert written == []


def test_each_module_is_named_for_what_it_does(project_root: Path) -> None:
    vague = [path for path in modules(project_root) if path.stem in VAGUE_NAMES]

    assert vague == []


@pytest.mark.parametrize(
    ("folder", "kind", "forbidden"),
    [
        # What a person wrote would be run by another's browser.
        pytest.param("templates", "*.html", r"\|\s*safe\b|autoescape false", id="templates-escape"),
        # The content security policy refuses them, and an address elsewhere would learn who reads.
        pytest.param("templates", "*.html", r"\son[a-z]+=|\sstyle=|<style", id="no-inline-code"),
        pytest.param("templates", "*.html", r"(src|href)=\"(https?:)?//", id="no-other-host"),
        # A share that is hidden or was never asked for is not nought.
        pytest.param("analysis", "*.py", r"fillna\(0\b", id="missing-is-not-nought"),
        # One place decides what is markup.
        pytest.param("survey", "*.py", r"render_template_string|autoescape=False", id="templates-are-files"),
    ],
)
def test_nothing_stands_in_a_file_that_must_not(
    project_root: Path, folder: str, kind: str, forbidden: str
) -> None:
    found = [
        f"{path.relative_to(project_root)}:{number}: {line.strip()}"
        for path in sorted((project_root / folder).rglob(kind))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if re.search(forbidden, line)
    ]

    assert found == []


def test_every_make_target_says_what_it_is_for(project_root: Path) -> None:
    makefile = (project_root / "Makefile").read_text(encoding="utf-8")
    declared = set(re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[1].split())  # type: ignore[index]
    described = set(re.findall(r"^([a-z-]+):.*##", makefile, re.MULTILINE))

    assert declared - described == {"environment"}  # what the others stand on

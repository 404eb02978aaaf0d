"""
The intruder shares no code with what it attacks: a fault in common would be seen by neither.

It reads what everybody can read: the questions, and what an indicator counts. Followed from its modules
through all of ours that these import, also where they do so within a function.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

OURS = ("analysis", "survey", "questionnaires", "tests", "config", "policy")
INTRUDER = "tests.attacks.intruder"
ALLOWED = (INTRUDER, "questionnaires", "analysis.indicators")


def is_within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def file_of(root: Path, module: str) -> Path | None:
    path = root.joinpath(*module.split("."))
    return next((each for each in (path.with_suffix(".py"), path / "__init__.py") if each.is_file()), None)


def imported(module: str, text: str) -> Iterator[str]:
    """Every name that a module's text imports, and every text in it that names a module of ours."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = module.split(".")[: -node.level] if node.level else []
            source = ".".join([*above, *(node.module or "").split(".")]).strip(".")
            yield source
            yield from (f"{source}.{each.name}" for each in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            # As `importlib.import_module` is given one.
            yield node.value


def reached(root: Path, planted: Mapping[str, str]) -> dict[str, str]:
    """Module of ours → who imports it, from each of the intruder's on, with lines planted in some modules."""
    start = sorted((root / Path(*INTRUDER.split("."))).rglob("*.py"))
    found = {".".join(path.relative_to(root).with_suffix("").parts): "" for path in start}
    open_ones = list(found)
    while open_ones:
        module = open_ones.pop()
        path = file_of(root, module)
        assert path is not None
        for name in imported(module, path.read_text(encoding="utf-8") + planted.get(module, "")):
            ours = any(is_within(name, package) for package in OURS)
            if ours and file_of(root, name) is not None and name not in found:
                found[name] = module
                open_ones.append(name)
    return found


def strangers(root: Path, planted: Mapping[str, str]) -> dict[str, str]:
    return {
        module: by
        for module, by in reached(root, planted).items()
        if not any(is_within(module, package) for package in ALLOWED)
        # A package's own file is empty (tests/test_house_rules.py).
        and module not in {"analysis", "tests", "tests.attacks"}
    }


def test_the_intruder_imports_nothing_of_what_it_attacks(project_root: Path) -> None:
    assert strangers(project_root, {}) == {}
    # What is followed is there at all.
    followed = {"analysis.indicators", "questionnaires.model", f"{INTRUDER}.program"}
    assert followed <= set(reached(project_root, {}))


@pytest.mark.parametrize(
    ("at", "line", "told"),
    [
        (f"{INTRUDER}.program", "from analysis.disclosure.audit import audit", "analysis.disclosure.audit"),
        (f"{INTRUDER}.attack", "from analysis.disclosure import forms", "analysis.disclosure.forms"),
        (f"{INTRUDER}.reading", "import analysis.coding", "analysis.coding"),
        (f"{INTRUDER}.crowd", "def late():\n    from policy import POLICY", "policy"),
        (f"{INTRUDER}.known", "from ..rules import naive_release", "tests.attacks.rules"),
        (f"{INTRUDER}.waves", "import_module('analysis.disclosure.blocks')", "analysis.disclosure.blocks"),
        # By way of what it may import.
        ("questionnaires.model", "from analysis.tabulation import tabulated", "analysis.tabulation"),
        ("analysis.indicators", "from analysis import tables", "analysis.tables"),
    ],
)
def test_whatever_it_would_import_of_that_is_found(project_root: Path, at: str, line: str, told: str) -> None:
    assert strangers(project_root, {at: line})[told] == at

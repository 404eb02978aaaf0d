"""A page, docstring or comment that sends a reader to a file sends them to one that is there."""

import ast
import re
from functools import cache
from pathlib import Path

from tests.documentation.pages import ROOT

CODE = ("analysis", "benchmarks", "questionnaires", "survey", "tests")
FOLDERS = (*CODE, "docs", "frontend", "setup", "templates")
ENDINGS = ("html", "json", "md", "mjs", "py", "sh", "toml", "ts", "yaml")
NAMED = re.compile(
    rf"(?<![\w/.-])((?:{'|'.join(FOLDERS)})/[\w./-]+?\.(?:{'|'.join(ENDINGS)}))(?::([A-Za-z_]\w*))?(?![\w/])"
)
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
SOURCES = sorted(
    [
        *(file for folder in CODE for file in (ROOT / folder).rglob("*.py")),
        *(ROOT / "frontend" / "src").rglob("*.ts"),
    ]
)


@cache
def names_in(module: Path) -> frozenset[str]:
    """What a module defines: classes, functions, methods and assigned names."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    defined = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    found = {node.name for node in ast.walk(tree) if isinstance(node, defined)}
    return frozenset(found | {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)})


def lost(file: Path) -> list[str]:
    """What `file` names and nobody finds."""
    named = NAMED.findall(file.read_text(encoding="utf-8"))
    return [f"{file.relative_to(ROOT)} names {path}:{name}" for path, name in named if not found(path, name)]


def found(path: str, name: str) -> bool:
    target = ROOT / path
    return target.exists() and (not name or target.suffix != ".py" or name in names_in(target))


def test_every_file_and_name_that_a_page_mentions_is_there() -> None:
    assert [sentence for file in PAGES for sentence in lost(file)] == []


def test_every_file_and_name_that_a_source_mentions_is_there() -> None:
    assert [sentence for file in SOURCES for sentence in lost(file)] == []


def test_every_link_of_a_page_leads_somewhere() -> None:
    dead = [
        f"{file.relative_to(ROOT)} links {link}"
        for file in PAGES
        for link in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", file.read_text(encoding="utf-8"))
        if ":" not in link and not (file.parent / link).exists()
    ]

    assert dead == []

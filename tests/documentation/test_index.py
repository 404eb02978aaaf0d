"""A page that nobody finds is not there; a decision without a true status is none."""

import re
from pathlib import Path

import pytest

from tests.documentation.made import decisions
from tests.documentation.pages import ROOT

DOCS = ROOT / "docs"
STATUS = re.compile(r"Status: (proposed|accepted|superseded by \d{4}), \d{4}-\d\d-\d\d")


def test_docs_readme_leads_to_every_page() -> None:
    linked = set(re.findall(r"\]\(([^)#]+)", (DOCS / "README.md").read_text(encoding="utf-8")))
    pages = {str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md")} - {"README.md"}

    # The records of decisions have a list of their own.
    assert {page for page in pages if not re.match(r"decisions/\d", page)} - linked == set()


@pytest.mark.parametrize("record", decisions(), ids=lambda record: record.name[:4])
def test_a_decision_has_a_status_a_reason_and_what_follows(record: Path) -> None:
    title, status, *_ = record.read_text(encoding="utf-8").split("\n\n")
    headings = re.findall(r"^## (.+)$", record.read_text(encoding="utf-8"), re.MULTILINE)

    assert title.startswith(f"# {record.name[:4]} ")
    assert STATUS.fullmatch(status)
    assert headings == ["Context", "Decision", "Consequences"]


def test_no_two_decisions_have_one_number() -> None:
    numbers = [record.name[:4] for record in decisions()]

    assert len(numbers) == len(set(numbers))

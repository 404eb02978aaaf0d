"""The pages of docs/, as a reader finds them: sections, tables, and what they name."""

import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
FORMATS = ROOT / "docs" / "reference" / "formats.md"
_CODE = re.compile(r"`([^`]+)`")


@cache
def section(title: str, page: Path = FORMATS) -> str:
    """What stands between the heading that begins with `title` and the next of the same level."""
    parts = re.split(r"^## ", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    found = [part for part in parts if part.startswith(title)]
    if len(found) != 1:
        raise LookupError(f'{page.name}: {len(found)} sections begin with "{title}"')
    return found[0]


def rows(text: str) -> list[list[str]]:
    """The cells of every table row in `text`, without headings and rules."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    rules = {place for place, line in enumerate(lines) if set(line) <= set("| -:")}
    headings = {place - 1 for place in rules}
    return [
        [cell.replace(r"\|", "|").strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for place, line in enumerate(lines)
        if place not in rules | headings
    ]


def code(text: str) -> list[str]:
    """Whatever `text` shows as code."""
    return _CODE.findall(text)

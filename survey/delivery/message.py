"""What a mail says: a subject and plain text, written from a file for each language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

LANGUAGES: Final = ("da", "en")
TEXTS: Final = Path(__file__).parents[2] / "templates" / "mail"
BETWEEN: Final = f"\n\n{'-' * 60}\n\n"
# Plain text: nothing in it is markup, so nothing is escaped; the same setting escapes what is HTML.
_texts: Final = Environment(
    loader=FileSystemLoader(TEXTS),
    autoescape=select_autoescape(),
    undefined=StrictUndefined,
    keep_trailing_newline=False,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class Message:
    """A subject of one line, and plain text."""

    subject: str
    text: str


def written(name: str, languages: Sequence[str] = LANGUAGES, **values: object) -> Message:
    """
    Write a mail from `templates/mail/<name>.<language>.txt`, whose first line is the subject.

    In several languages, when nobody knows which one the reader has: one below the other, under the first
    one's subject. What comes from outside is put on one line, so that it can add no line of its own.
    """
    shown = {key: _on_one_line(value) for key, value in values.items()}
    parts = [_texts.get_template(f"{name}.{language}.txt").render(shown) for language in languages]
    subjects, texts = zip(*(part.strip().split("\n", 1) for part in parts), strict=True)
    return Message(subjects[0].strip(), BETWEEN.join(text.strip() for text in texts) + "\n")


def _on_one_line(value: object) -> object:
    return " ".join(value.split()) if isinstance(value, str) else value

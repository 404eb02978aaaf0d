"""Observations as CSV: RFC 4180, UTF-8 with a byte order mark, so that a spreadsheet reads æ, ø and å."""

import csv
import io
from collections.abc import Iterable
from typing import Final

from analysis.publication.observations import COLUMNS, Observation

_BEGINS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_MARK: Final = "\ufeff"


def to_csv(observed: Iterable[Observation]) -> bytes:
    """All observations, a line each, under the names of `COLUMNS`; what is hidden is an empty field."""
    text = io.StringIO(newline="")
    lines = csv.writer(text, lineterminator="\r\n")
    lines.writerow(COLUMNS)
    for observation in observed:
        lines.writerow(_harmless(value) for value in observation.values)
    return (_MARK + text.getvalue()).encode()


def _harmless(value: str | float | None) -> str | float | None:
    # A spreadsheet would run what begins so, and an organisation words its own questions.
    return f"'{value}" if isinstance(value, str) and value.startswith(_BEGINS_A_FORMULA) else value

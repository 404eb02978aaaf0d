"""
What every process writes of itself: lines of text or JSON, without what could tell of a person.

No process logs requests. What is left are faults, and what custody and worker did. A fault's own words
may repeat a row, an address or a code, whichever library wrote them, so a filter stands before every line.
"""

from __future__ import annotations

import json
import logging
import re
import traceback
from typing import Final

_LONGEST: Final = 4_000
_LEFT_OUT: Final = (
    (re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+"), "(address)"),
    (re.compile(r"(?:/w/|/o/|/trustees/)[^\s\"']*"), "(path)"),
    (re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b"), "(host)"),
    (
        re.compile(
            r"(?<![\w:])(?=[0-9a-fA-F:]*::|(?:[0-9a-fA-F]+:){3})(?:[0-9a-fA-F]{0,4}:){2,7}[0-9a-fA-F]{1,4}(?![\w:])"
        ),
        "(host)",
    ),
    # A code, written with or without hyphens; identifiers of waves are in lower case and stay.
    (re.compile(r"\b(?:[0-9A-HJKMNP-TV-Z]{4}-?){3}[0-9A-HJKMNP-TV-Z]{4}\b"), "(code)"),
    # Keys, signatures, envelopes and tokens, as they are spelt.
    (re.compile(r"\b[0-9a-fA-F]{32,}\b|[0-9A-Za-z_-]{40,}=*"), "(bytes)"),
)


class Private(logging.Filter):
    """Takes addresses, paths, hosts, codes and keys out of a line, and the words out of an exception."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Mend the record; every one passes."""
        message = without_people(record.getMessage())
        if record.exc_info and record.exc_info[1] is not None:
            message = f"{message}: {without_values(record.exc_info[1])}"
        record.msg, record.args = message, ()
        record.exc_info = record.exc_text = record.stack_info = None
        return True


class AsJson(logging.Formatter):
    """One object a line, for whatever gathers logs."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        """Write the record."""
        line = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "process": self._process,
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        return json.dumps(line, ensure_ascii=False)


def set_up_logs(process: str, log_format: str) -> None:
    """Let this process write its lines to standard error: `text`, or `json`."""
    handler = logging.StreamHandler()
    handler.addFilter(Private())
    text = logging.Formatter(f"{process}: %(message)s")
    handler.setFormatter(AsJson(process) if log_format == "json" else text)
    logging.basicConfig(level=logging.INFO, handlers=[handler])


def without_people(line: str) -> str:
    """Return the line with what could tell of a person named by its kind."""
    # Longer ones are somebody's body or file; and reading them through would take its time.
    line = line[:_LONGEST]
    for pattern, kind in _LEFT_OUT:
        line = pattern.sub(kind, line)
    return line


def without_values(error: BaseException) -> str:
    """Tell where an exception arose, and through which: kinds and lines of code, no message."""
    chain: list[str] = []
    cause: BaseException | None = error
    while cause is not None:
        chain.append(f"{type(cause).__module__}.{type(cause).__name__}")
        cause = cause.__cause__ or cause.__context__
    return f"{' from '.join(chain)}\n{''.join(traceback.format_tb(error.__traceback__))}"

"""The day it is where respondents are: the one clock of every process."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import TypeAlias
from zoneinfo import ZoneInfo

_COPENHAGEN = ZoneInfo("Europe/Copenhagen")

Clock: TypeAlias = Callable[[], datetime.date]
"""What day it is; an argument of whatever needs to know, so that a test can move it."""


def today() -> datetime.date:
    """The day in Copenhagen. Days, never times: a time beside a response would tell whose it is."""
    return datetime.datetime.now(tz=_COPENHAGEN).date()  # noqa: TID251  The clock itself.

"""
Each figure's picture and table as HTML, made once for a release and a language: a release never changes.

Nobody is let in here: whoever asks has been by the view that calls. Nothing of a request but its language may
enter, so links stay outside.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from flask import get_template_attribute

from survey.dashboards.parts import filled
from survey.dashboards.trusted import Reading

_REMEMBERED: Final = 32


@lru_cache(maxsize=_REMEMBERED)
def drawn(reading: Reading, language: str) -> Mapping[str, str]:
    """
    Picture and table by the figure's anchor.

    Args:
        reading: A release that was checked.
        language: The request's own, since the words around the numbers are in it.
    """
    parts = get_template_attribute("macros/charts.html", "parts")
    return {
        figure.anchor: parts(figure.chart, language)
        for part in filled(reading, language)
        for figure in part.figures
    }

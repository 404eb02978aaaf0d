"""
Tagged PDFs (PDF/UA-1) from a layout in templates/ and data: no text is ever read as markup.

What is made is a function of layout and data alone: no clock, no font of the machine's.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import typst

_LAYOUTS: Final = Path(__file__).parents[2] / "templates"
_FONTS: Final = Path(__file__).parents[1] / "static" / "build"


def typeset(layout: str, data: Mapping[str, object]) -> bytes:
    """
    The PDF that a layout makes of `data`.

    Args:
        layout: Path of a typst file under templates/; it reads `data` as JSON from its input "paper".
        data: What to fill in; plain values only.
    """
    made: bytes = typst.compile(
        (_LAYOUTS / layout).read_bytes(),
        format="pdf",
        sys_inputs={"paper": json.dumps(data)},
        font_paths=typst.Fonts(include_system_fonts=False, font_paths=[_FONTS]),
        pdf_standards="ua-1",
        timestamp=0,
    )
    return made

"""
Pictures that contributors send, made anew: no place, no time, no camera, nothing that is not a picture.

What is sent is read as JPEG, PNG or WebP and nothing else (SVG can hold script), and written as a new file
from its points alone. A picture that unfolds to more points than a page needs is refused before it is read.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from typing import Final

LARGEST: Final = 8 * 1024 * 1024
MOST_POINTS: Final = 40_000_000
LONGEST_SIDE: Final = 1600
_FORMATS: Final = ("JPEG", "PNG", "WEBP")
MEDIA_TYPE: Final = "image/webp"


class PictureError(ValueError):
    """A picture that cannot be taken; `fault` is `kind`, `size` or `broken`."""

    def __init__(self, fault: str, message: str) -> None:
        super().__init__(message)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is kept."""

    content: bytes
    width: int
    height: int


def made_anew(sent: bytes) -> Picture:
    """
    Return a picture with the points of the one that was sent, upright, at most 1600 to a side.

    Raises:
        PictureError: `kind` if it is none of the formats, `size` if it is too large, `broken` if not whole.
    """
    # Loaded only when somebody sends a picture: the web starts faster.
    from PIL import Image, ImageOps, UnidentifiedImageError  # noqa: PLC0415

    if len(sent) > LARGEST:
        raise PictureError("size", f"picture: {len(sent)} bytes. Send one of at most {LARGEST}.")
    try:
        with warnings.catch_warnings():
            # Pillow warns of what unfolds to very much; the count below decides.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            opened = Image.open(io.BytesIO(sent), formats=_FORMATS)
        if opened.width * opened.height > MOST_POINTS:
            raise PictureError("size", f"picture: {opened.width} × {opened.height} points. Make it smaller.")
        upright = ImageOps.exif_transpose(opened).convert("RGBA" if _see_through(opened.mode) else "RGB")
    except (UnidentifiedImageError, Image.DecompressionBombError) as fault:
        raise PictureError("kind", "picture: no JPEG, PNG or WebP. Save it as one of them.") from fault
    except (OSError, SyntaxError, ValueError) as fault:
        if isinstance(fault, PictureError):
            raise
        raise PictureError("broken", "picture: it ends early or is damaged. Send it again.") from fault
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    # A new image from the points alone: whatever else hung on the old one stays behind.
    bare = Image.new(upright.mode, upright.size)
    bare.paste(upright)
    written = io.BytesIO()
    bare.save(written, "WEBP", quality=82)
    return Picture(written.getvalue(), bare.width, bare.height)


def _see_through(mode: str) -> bool:
    return mode in {"RGBA", "LA", "PA", "P"}

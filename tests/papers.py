"""
What stands in a PDF that the product typeset: its words, read from the file's own bytes.

Made for the files of survey/delivery/typesetting.py, whose objects stand one after another in the open, and
for no others; of what it cannot read it says so.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from typing import NamedTuple

_OBJECT = re.compile(rb"(\d+) 0 obj\s(.*?)\sendobj", re.DOTALL)
_STREAM = re.compile(rb"(.*?)stream\r?\n(.*)\r?\nendstream", re.DOTALL)
_REFERENCE = rb"%s (\d+) 0 R"
_STRING = re.compile(rb"\((?:\\.|[^\\()])*\)|<[0-9A-Fa-f]*>", re.DOTALL)
# What a page's stream does that matters here: begins or ends marked text, takes a font, writes, ends a line.
_STEP = re.compile(
    rb"/(?P<begun>\w+)\s*(?:<<.*?>>|/\w+)?\s*(?:BDC|BMC)|(?P<ended>\bEMC\b)|/(?P<font>\w+) [\d.]+ Tf"
    rb"|(?P<shown>\[(?:\((?:\\.|[^\\()])*\)|<[0-9A-Fa-f]*>|[^\]()<>])*\]\s*TJ"
    rb"|(?:\((?:\\.|[^\\()])*\)|<[0-9A-Fa-f]*>)\s*Tj)|(?P<apart>\bET\b)",
    re.DOTALL,
)
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}

Glyphs = Mapping[int, str]


class Words(NamedTuple):
    """
    The words of a paper, in reading order.

    Attributes:
        text: What is read out; what was written in two goes has a space between.
        beside: What is not: running heads and feet.
    """

    text: str
    beside: str


def words_of(pdf: bytes) -> Words:
    """
    The words of a PDF.

    Raises:
        ValueError: If it is of another make than this can read.
    """
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    pages = [body for body in objects.values() if b"/Type/Page/" in body]
    if not pages or b"/ObjStm" in pdf:
        raise ValueError("this PDF's pages do not stand in the open; teach tests/papers.py to read it")
    text: list[str] = []
    beside: list[str] = []
    for page in pages:
        fonts = _fonts(objects, page)
        for is_beside, shown in _shown(_content(objects, _referred(page, b"/Contents")), fonts):
            (beside if is_beside else text).append(shown)
    return Words("".join(text), "".join(beside))


def _referred(body: bytes, name: bytes) -> int:
    found = re.search(_REFERENCE % re.escape(name), body)
    if found is None:
        raise ValueError(
            f"a PDF's {name.decode()} does not stand by itself; teach tests/papers.py to read it"
        )
    return int(found[1])


def _content(objects: Mapping[int, bytes], number: int) -> bytes:
    parts = _STREAM.fullmatch(objects[number])
    if parts is None:
        raise ValueError(f"object {number} of a PDF has no stream")
    return zlib.decompress(parts[2]) if b"/FlateDecode" in parts[1] else parts[2]


def _fonts(objects: Mapping[int, bytes], page: bytes) -> dict[bytes, Glyphs]:
    resources = objects[_referred(page, b"/Resources")]
    named = re.search(rb"/Font<<(.*?)>>", resources, re.DOTALL)
    fonts = re.findall(rb"/(\w+) (\d+) 0 R", named[1]) if named else []
    return {
        name: _glyphs(_content(objects, _referred(objects[int(number)], b"/ToUnicode")))
        for name, number in fonts
    }


def _glyphs(cmap: bytes) -> Glyphs:
    """Glyph → letters, as a font's own table for those who copy text says it."""
    found: dict[int, str] = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        for glyph, letters in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            found[int(glyph, 16)] = bytes.fromhex(letters.decode()).decode("utf-16-be")
    if b"beginbfrange" in cmap:
        raise ValueError("a PDF's font tells of ranges of glyphs; teach tests/papers.py to read them")
    return found


def _shown(content: bytes, fonts: Mapping[bytes, Glyphs]) -> Iterator[tuple[bool, str]]:
    within: list[bytes] = []
    glyphs: Glyphs = {}
    for step in _STEP.finditer(content):
        is_beside = b"Artifact" in within
        if step["begun"]:
            within.append(step["begun"])
        elif step["ended"]:
            within.pop()
        elif step["font"]:
            glyphs = fonts[step["font"]]
        elif step["shown"]:
            yield is_beside, "".join(map(str, _letters(step["shown"], glyphs)))
        else:
            yield is_beside, " "


def _letters(shown: bytes, glyphs: Glyphs) -> Iterator[str]:
    for string in _STRING.findall(shown):
        raw = bytes.fromhex(string[1:-1].decode()) if string[:1] == b"<" else _unescaped(string[1:-1])
        for high, low in zip(raw[::2], raw[1::2], strict=True):
            yield glyphs[high << 8 | low]


def _unescaped(string: bytes) -> bytes:
    def meant(found: re.Match[bytes]) -> bytes:
        escaped = found[1]
        return bytes([int(escaped, 8)]) if escaped.isdigit() else _ESCAPES.get(escaped, escaped)

    return re.sub(rb"\\([0-7]{1,3}|.)", meant, string, flags=re.DOTALL)

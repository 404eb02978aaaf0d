"""What a phone on a slow network awaits before the consent page, in bytes: no machine is faster at them."""

import gzip
from pathlib import Path

import pytest

from questionnaires.digest import definition_bytes
from questionnaires.loading import load
from survey.site.built import BUILT, read_manifest

DEFINITIONS = sorted(Path("questionnaires/definitions").glob("[a-z]*.yaml"))
MOST = 120_000
# Page and manifest; a manifest has the wave's key, which does not compress.
PAGE_AND_MANIFEST = 8_000


@pytest.mark.parametrize("file", DEFINITIONS, ids=lambda file: file.stem)
def test_a_first_visit_is_at_most_120_kilobytes_without_fonts(file: Path) -> None:
    names = read_manifest()
    sent = [(BUILT / names[name]).read_bytes() for name in ("answering.js", "sealed.js", "answering.css")]
    sent.append(definition_bytes(load(file)))

    assert sum(len(gzip.compress(content)) for content in sent) + PAGE_AND_MANIFEST <= MOST

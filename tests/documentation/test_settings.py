"""docs/reference/settings.md has every setting that config.py reads, each with the value it has by itself."""

import re

from config import KEYS, Config
from tests.documentation.pages import ROOT, code, rows

PAGE = ROOT / "docs" / "reference" / "settings.md"
SETTINGS = {code(row[0])[0]: row[1] for row in rows(PAGE.read_text(encoding="utf-8"))}


def test_every_setting_is_described_and_every_described_one_is_read() -> None:
    read = set(re.findall(r"TILLID_[A-Z_]+", (ROOT / "config.py").read_text(encoding="utf-8")))

    assert set(SETTINGS) == read


def test_what_a_setting_is_when_nobody_sets_it_is_on_the_page() -> None:
    unset = Config.from_environment({}, needs=()).environment()

    assert {name: code(value)[0] for name, value in SETTINGS.items() if code(value)} == unset


def test_each_key_is_marked_as_one() -> None:
    assert {name for name, value in SETTINGS.items() if value == "a key"} == set(KEYS)

"""Where an organisation belongs: areas, and in each a scheme's codes; `analysis/reference/sectors.yaml`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

_FILE: Final = Path(__file__).parents[2] / "analysis" / "reference" / "sectors.yaml"
# Which part of the file classifies an area, and what scheme and version its codes are of.
_SCHEMES: Final = {
    "labour_market": ("industry", "db07", "DB07", "3"),
    "education": ("education_institution", "code", "alliance-education", "1"),
    "culture_leisure": ("culture_leisure_type", "code", "alliance-culture-leisure", "1"),
}


@dataclass(frozen=True, slots=True)
class Sector:
    """One code of one version of one scheme; none of the three means anything without the others."""

    scheme: str
    version: str
    code: str
    name: Mapping[str, str]

    @property
    def key(self) -> str:
        """The three in one word, for a form."""
        return f"{self.scheme}/{self.version}/{self.code}"


def areas() -> Mapping[str, Mapping[str, str]]:
    """Return the areas' names by language, by their codes."""
    return {area["code"]: area["name"] for area in _read()["areas"]}


def sectors(area: str) -> Sequence[Sector]:
    """Return an area's sectors in the order of the file."""
    part, key, scheme, version = _SCHEMES[area]
    return [Sector(scheme, version, entry[key], entry["name"]) for entry in _read()[part]]


def sector(area: str, key: str) -> Sector | None:
    """Return the sector of an area that a form's word means, or none."""
    return next((found for found in sectors(area) if found.key == key), None)


@cache
def _read() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(_FILE.read_text("utf-8"))
    return content

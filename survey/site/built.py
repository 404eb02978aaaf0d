"""What `frontend/build.mjs` built: each file's logical name, and its name with a hash of the content."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

BUILT: Final = Path(__file__).parent.parent / "static" / "build"


class AssetError(RuntimeError):
    """A built file that a page asks for and that is not there."""


def read_manifest() -> Mapping[str, str]:
    """
    Read what was built: logical name → name with the hash.

    Raises:
        AssetError: If nothing was.
    """
    try:
        names: dict[str, str] = json.loads((BUILT / "manifest.json").read_text())
    except FileNotFoundError as error:
        raise AssetError(f"{BUILT}: styles and scripts are not built. Run setup/assets.sh.") from error
    return names

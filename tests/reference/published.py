"""Published test vectors, each in a file that names its source; bytes are written in hexadecimal."""

import json
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "vectors"


@cache
def vectors(name: str) -> Any:  # noqa: ANN401  What a JSON file holds.
    return json.loads((FOLDER / f"{name}.json").read_text())


def octets(text: str) -> bytes:
    return bytes.fromhex(text)

"""
Addresses of built files, for templates; a browser keeps what has a hash in its name for ever.

They are compressed once, when they are built. What is compressed here is the same for everybody and holds no
secret, so its length tells nothing (CRIME, BREACH); pages and answers are left as they are.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from flask import Flask, Response, request, url_for
from werkzeug.security import safe_join

from survey.site.built import BUILT, AssetError, read_manifest

FOR_EVER: Final = 31_536_000
COMPRESSED: Final = ".gz"


class Assets:
    """
    The addresses of built files by their logical names, read from the build's manifest when first asked.

    Raises:
        AssetError: If nothing was built, or nothing by that name.
    """

    def __init__(self, names: Mapping[str, str] | None = None) -> None:
        self._names = names
        self._stands_in = names is not None

    def address(self, name: str) -> str:
        """Return where a page finds a file, `site.css` say."""
        if self._names is None:
            self._names = read_manifest()
        try:
            built = self._names[name]
        except KeyError as error:
            raise AssetError(f'asset "{name}": the build has no such file. Run setup/assets.sh.') from error
        return url_for("static", filename=f"build/{built}")

    def digest(self, name: str) -> str:
        """
        Return the SHA-256 of a built file in hex: `make bundle-hash` gives the same from the source.

        What stands in for a build has none: 64 zeros.
        """
        if self._stands_in:
            return "0" * 64
        return sha256((BUILT / read_manifest()[name]).read_bytes()).hexdigest()


def lifetime(filename: str | None) -> int | None:
    """Say for how many seconds a static file may be kept: what has its hash in its name never changes."""
    return FOR_EVER if filename and filename.startswith("build/") else None


def provide(app: Flask, assets: Assets) -> None:
    """Give templates `asset(name)` and `digest(name)`; the latter is worked out once."""
    app.jinja_env.globals["asset"] = assets.address
    app.jinja_env.globals["digest"] = cache(assets.digest)
    app.get_send_file_max_age = lifetime  # type: ignore[method-assign]  # Flask's way is a subclass

    def static(filename: str) -> Response:
        return _static(app, filename)

    app.view_functions["static"] = static


def _static(app: Flask, filename: str) -> Response:
    """A static file, compressed where the browser takes that and the build made it."""
    compressed = f"{filename}{COMPRESSED}"
    built = Path(safe_join(app.static_folder or "", compressed) or "")
    if not request.accept_encodings.quality("gzip") or not built.is_file():
        return app.send_static_file(filename)
    response = app.send_static_file(compressed)
    response.headers["Content-Encoding"] = "gzip"
    response.headers["Content-Type"] = mimetypes.guess_type(filename)[0] or "application/octet-stream"
    response.vary.add("Accept-Encoding")
    return response

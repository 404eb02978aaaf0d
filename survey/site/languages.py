"""
Danish and English: which one a page is in, and how it stays so.

The choice travels in addresses (`?lang=en`), not in a cookie: pages for respondents and for anybody set none.
Without a choice the browser's own languages decide.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from flask import Flask, has_request_context, request, url_for
from flask_babel import Babel, format_date, get_locale

LANGUAGES: Final = {"da": "Dansk", "en": "English"}
DEFAULT: Final = "da"
TRANSLATIONS: Final = Path(__file__).parent.parent.parent / "translations"
TIME_ZONE: Final = "Europe/Copenhagen"
# What an address says besides its page: where to go after signing in, and what somebody looks for.
_KEPT: Final = ("next", "q", "area", "audience", "category", "kind", "language")
_WITHOUT_LANGUAGE: Final = frozenset({"static", "site.healthz"})


class CatalogueError(RuntimeError):
    """A language whose sentences cannot be read."""


def speak(app: Flask) -> None:
    """
    Make pages speak: translations, and in templates `lang`, `languages` and `_`.

    Raises:
        CatalogueError: If the Danish sentences are not compiled; pages would be in English without a word.
    """
    compiled = TRANSLATIONS / DEFAULT / "LC_MESSAGES" / "messages.mo"
    if not compiled.exists():
        raise CatalogueError(f"{compiled}: the Danish sentences are not compiled. Run setup/assets.sh.")
    Babel(
        app,
        default_locale=DEFAULT,
        default_timezone=TIME_ZONE,
        default_translation_directories=str(TRANSLATIONS),
        locale_selector=language,
    )
    app.jinja_env.filters["day"] = lambda day: format_date(day, "long")
    app.url_defaults(_keep_the_choice)
    app.context_processor(lambda: {"lang": str(get_locale()), "languages": _switch})


def language() -> str:
    """Return the language of the page being made: chosen, else the browser's, else Danish."""
    return _chosen() or request.accept_languages.best_match(LANGUAGES) or DEFAULT


def _chosen() -> str | None:
    asked = request.args.get("lang") if has_request_context() else None
    return asked if asked in LANGUAGES else None


def _keep_the_choice(endpoint: str, values: dict[str, Any]) -> None:
    chosen = _chosen()
    if chosen and endpoint not in _WITHOUT_LANGUAGE:
        values.setdefault("lang", chosen)


def _switch() -> list[dict[str, object]]:
    """List the languages: code, its own name, the same page in it, whether it is this one."""
    current = str(get_locale())
    return [
        {"code": code, "name": name, "address": _same_page(code), "current": code == current}
        for code, name in LANGUAGES.items()
    ]


def _same_page(code: str) -> str:
    # What was asked for by a form cannot be asked for by a link; what does not exist is in no language.
    if request.endpoint and request.method == "GET":
        kept = {name: request.args[name] for name in _KEPT if name in request.args}
        return url_for(request.endpoint, **{**kept, **(request.view_args or {}), "lang": code})
    return url_for("site.front", lang=code)

"""English stands in the code, Danish in the catalogue: the two have the same sentences."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from flask.testing import FlaskClient

from config import Config
from survey.app import create_app
from survey.site.languages import CatalogueError
from tests.pages import Page

KEYWORDS = {
    "gettext": None,
    "_": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}


def danish(root: Path) -> Catalog:
    content = (root / "translations/da/LC_MESSAGES/messages.po").read_bytes()
    return read_po(BytesIO(content), locale="da", abort_invalid=True)


def written(root: Path) -> set[str]:
    with (root / "translations/babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]  # Babel's own
    found: set[str] = set()
    for folder in ("survey", "templates"):
        under = [(pattern.removeprefix(f"{folder}/"), method) for pattern, method in methods]
        settings = {pattern.removeprefix(f"{folder}/"): chosen for pattern, chosen in options.items()}
        for _, _, message, *_ in extract_from_dir(root / folder, under, settings, KEYWORDS):
            found.add(message if isinstance(message, str) else message[0])
    return found


def forms(translation: str | Sequence[str] | None) -> Sequence[str]:
    return translation if isinstance(translation, (list, tuple)) else [str(translation or "")]


def test_every_sentence_is_there_in_danish_and_none_is_left_over(project_root: Path) -> None:
    translated = {
        message.id if isinstance(message.id, str) else message.id[0]
        for message in danish(project_root)
        if message.id
    }

    assert written(project_root) - translated == set()
    assert translated - written(project_root) == set()


def test_no_translation_is_missing_or_unsure(project_root: Path) -> None:
    unsure = [
        message.id
        for message in danish(project_root)
        if message.id and (message.fuzzy or not all(forms(message.string)))
    ]

    assert unsure == []


def test_what_is_filled_in_is_the_same_in_both_languages(project_root: Path) -> None:
    catalogue = danish(project_root)
    faults = [(message.id, error) for message in catalogue for error in message.check(catalogue)]

    assert faults == []


@pytest.mark.parametrize(
    ("accepted", "asked", "language"),
    [
        ("", "", "da"),
        ("da-DK,da;q=0.9,en;q=0.8", "", "da"),
        ("en-GB,en;q=0.9", "", "en"),
        ("de,fr;q=0.5", "", "da"),
        ("da", "?lang=en", "en"),
        ("en", "?lang=da", "da"),
        ("en", "?lang=xx", "en"),
    ],
)
def test_a_page_is_in_the_language_asked_for(
    client: FlaskClient, accepted: str, asked: str, language: str
) -> None:
    page = Page.parsed(client.get(f"/{asked}", headers={"Accept-Language": accepted}).text)

    assert page.language == language


def links(page: Page) -> dict[str, str]:
    return {
        (link.get("lang") or "".join(link.itertext())): link.get("href", "") for link in page.elements("a")
    }


def test_the_choice_stays_in_the_addresses_of_the_next_pages(client: FlaskClient) -> None:
    chosen, unchosen = (Page.parsed(client.get(address).text) for address in ("/?lang=en", "/"))

    assert links(chosen)["Sign in"] == "/o/sign-in?lang=en"
    assert links(unchosen)["Log ind"] == "/o/sign-in"


def test_the_switch_leads_to_the_same_page(client: FlaskClient) -> None:
    page = Page.parsed(client.get("/o/sign-in?next=/o/x/releases").text)

    assert links(page)["en"] == "/o/sign-in?next=/o/x/releases&lang=en"
    current = [link.get("lang") for link in page.elements("a") if link.get("aria-current")]
    assert current == ["da"]


def test_a_page_that_is_not_there_switches_to_the_front_page(client: FlaskClient) -> None:
    assert links(Page.parsed(client.get("/no/such").text))["en"] == "/?lang=en"


def test_without_its_sentences_the_web_does_not_start(
    config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("survey.site.languages.TRANSLATIONS", tmp_path)

    with pytest.raises(CatalogueError, match=r"messages\.mo: .* Run setup/assets\.sh"):
        create_app(config)

"""Codes on paper and in a file: a card for each person with QR and code, and a row for each in a CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Final

import segno
from flask import Response
from flask_babel import force_locale, gettext

from survey.delivery.typesetting import typeset
from survey.people.respondents import written_day
from survey.sealing.base32 import grouped
from survey.stewardship.invitation_overview import title_of
from survey.storage.models import Wave
from survey.waves.checking import last_day, promised
from survey.waves.invitations import link, open_link
from survey.waves.manifest import WaveMode, pin

KINDS: Final = {"cards": ("application/pdf", "cards.pdf"), "links": ("text/csv", "links.csv")}
"""Of each channel its type and the name of its file."""
MOST: Final = 5_000
"""How many cards or links are made at once."""
_LETTERS: Final = "stewardship/cards.typ"


def cards(words: Mapping[str, str], language: str, invitations: Sequence[tuple[str, str]]) -> bytes:
    """
    The PDF of a card for each invitation, eight to a page.

    Args:
        words: What every card says, as templates/stewardship/cards.typ names it.
        language: The language of the words.
        invitations: Of each the code and the link that holds it.
    """
    return typeset(
        _LETTERS,
        {
            **words,
            "language": language,
            "cards": [{"code": grouped(code), "qr": qr(link)} for code, link in invitations],
        },
    )


def made_file(wave: Wave, channel: str, language: str, base_url: str, codes: Sequence[str]) -> bytes:
    """The file that one channel hands out: cards in a language, or links."""
    invitations = [(code, link(base_url, wave, code)) for code in codes]
    if channel == "links":
        return links_file([address for _, address in invitations])
    with force_locale(language):
        return cards(_words(wave, language, base_url), language, invitations)


def download(channel: str, data: bytes) -> Response:
    """The file that one channel hands out, for a browser to save."""
    kind, name = KINDS[channel]
    answer = Response(data, mimetype=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def poster(wave: Wave, language: str, base_url: str) -> bytes:
    """
    The PDF of a poster for `wave`.

    It announces, and has no code on it; that of an open wave leads to the questions, and has the promises'
    fingerprint for whoever types the address.
    """
    is_open = promised(wave).mode is WaveMode.OPEN
    with force_locale(language):
        address = f"{base_url}/w/{wave.id}"
        words = {
            "language": language,
            "title": title_of(wave),
            "asks": _asks_everybody(wave, language),
            **(_to_answer(wave, base_url) if is_open else _to_wait_for_an_invitation(wave, address)),
            "address": address,
            "qr_alt": gettext("Square with the address of the survey's page"),
        }
    return typeset("stewardship/poster.typ", words)


def _to_wait_for_an_invitation(wave: Wave, address: str) -> dict[str, object]:
    points = [gettext("You get an invitation of your own. It works once."), *_in_any_wave(wave)]
    read_more = gettext("Type your code, or read what is promised to you:")
    return {"points": points, "read_more": read_more, "fingerprint": "", "qr": qr(address)}


def _to_answer(wave: Wave, base_url: str) -> dict[str, object]:
    found = grouped(pin(bytes.fromhex(wave.manifest_digest or "")))
    return {
        "points": [gettext("You need no invitation. Answer once."), *_in_any_wave(wave)],
        "read_more": gettext("Scan the square to answer, or type the address:"),
        "fingerprint": gettext("Fingerprint of the promises: %(fingerprint)s", fingerprint=found),
        "qr": qr(open_link(base_url, wave)),
    }


def _in_any_wave(wave: Wave) -> list[str]:
    none_by_itself = gettext("All places are shown together, and none by itself.")
    return [
        gettext("Answering is voluntary, and you can skip any question."),
        gettext("Nobody can see who has answered, or what anybody answered."),
        *([none_by_itself] if promised(wave).joint else []),
    ]


def _asks_everybody(wave: Wave, language: str) -> str:
    names = _names(wave, language)
    if not names["whose"]:
        return str(gettext("%(organisation)s asks everybody to answer by %(day)s.", **names))
    return str(gettext("%(organisation)s asks everybody in %(whose)s to answer by %(day)s.", **names))


def _asks_you(wave: Wave, language: str) -> str:
    names = _names(wave, language)
    if not names["whose"]:
        return str(gettext("%(organisation)s asks you to answer by %(day)s.", **names))
    return str(
        gettext("%(organisation)s asks you and all others in %(whose)s to answer by %(day)s.", **names)
    )


def _names(wave: Wave, language: str) -> dict[str, str]:
    """Who asks, by when, and in a joint wave over whom."""
    manifest = promised(wave)
    whose = manifest.joint.called(language) if manifest.joint else ""
    day = written_day(last_day(wave), language)
    return {"organisation": manifest.organisation.name, "day": day, "whose": whose}


def qr(text: str) -> str:
    """A QR code as SVG, which stays sharp however it is printed."""
    # One mask for all: trying all eight takes six times as long, and every scanner reads each of them.
    return segno.make(text, error="m", micro=False, mask=2).svg_inline(border=0)


def links_file(links: Sequence[str]) -> bytes:
    """A CSV file with one link a row, which every spreadsheet and mail system reads."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(["link"])
    writer.writerows([link] for link in links)
    return file.getvalue().encode("utf-8-sig")


def _words(wave: Wave, language: str, base_url: str) -> dict[str, str]:
    return {
        "title": title_of(wave),
        "asks": _asks_you(wave, language),
        "promise": gettext(
            "Answering is voluntary. Nobody can see who has answered, or what anybody answered. The card is "
            "yours alone, and its code works once."
        )
        if promised(wave).joint is None
        else gettext(
            "Answering is voluntary. Nobody can see who has answered, or what anybody answered, and no place "
            "is shown by itself. The card is yours alone, and its code works once."
        ),
        "or_type": gettext("Scan the square, or go to"),
        "address": f"{base_url}/w/{wave.id}",
        "print": gettext(
            "Check on the page: %(pin)s", pin=grouped(pin(bytes.fromhex(wave.manifest_digest or "")))
        ),
        "qr_alt": gettext("Square with the link to the questionnaire"),
    }

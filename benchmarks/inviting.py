"""
What inviting costs: ten thousand mails queued, a thousand cards made. `make bench` runs it.

On SQLite, with the product's own keys and texts; nothing is sent. The limits are those of issue 7.
"""

from __future__ import annotations

import secrets
import tempfile
import time
from pathlib import Path

import click

from questionnaires.loading import alliance_definition
from survey.commands.alliance import Alliance, open_alliance
from survey.delivery.outbox import Outbox
from survey.people.respondents import Writer
from survey.sealing.at_rest import AtRest
from survey.sealing.base32 import new_code
from survey.stewardship.addresses import typed_list
from survey.stewardship.cards import cards
from survey.stewardship.invited import Inviting
from survey.storage.repositories import WaveRegistry
from survey.trustees.client import TrusteeClient
from survey.waves.fielding import begin_fielding
from tests.alliances import PORT, Clock, plan

INVITED, CARDS = 10_000, 1_000
QUEUE_SECONDS, CARD_SECONDS = 10, 30


def main() -> None:
    """Measure both, and end with status 1 if a limit is passed."""
    kept = [_told("mails queued", INVITED, _queue(), QUEUE_SECONDS)]
    kept.append(_told("cards made", CARDS, _cards(), CARD_SECONDS))
    raise SystemExit(0 if all(kept) else 1)


def _queue() -> float:
    with tempfile.TemporaryDirectory() as folder, open_alliance(Path(folder), PORT, Clock()) as alliance:
        organisation, wave = _ready(alliance)
        text = "\n".join(f"Person {place} <person{place}@culture.example>" for place in range(INVITED))
        writer = Writer(Outbox(AtRest(alliance.config.mail_keys)), alliance.config.base_url)
        began = time.perf_counter()
        addresses = typed_list(text).addresses
        with alliance.databases.alliance_session() as session:
            inviting = Inviting(session, organisation, "bench", alliance.config.invitation_key)
            inviting.by_mail(inviting.wave(wave), addresses, writer)
        return time.perf_counter() - began


def _ready(alliance: Alliance) -> tuple[str, str]:
    organisation = alliance.organisation("Teatret ved Åen", "culture_leisure")
    trustees = alliance.trustees(organisation)
    planned = plan(INVITED).model_copy(update={"languages": ("da", "en")})
    wave = alliance.draft(organisation, alliance_definition("culture_leisure"), planned, trustees)
    alliance.custody.step()
    for trustee in trustees:
        TrusteeClient(alliance.http, trustee.confirm(wave), trustee.seed)
    alliance.custody.step()
    with alliance.databases.alliance_session() as session:
        begin_fielding(
            session, WaveRegistry(session).wave(wave), alliance.config.invitation_key, actor="bench"
        )
    return organisation, wave


def _cards() -> float:
    words = dict.fromkeys(
        ("title", "asks", "promise", "or_type", "address", "print", "qr_alt"), "Some words " * 5
    )
    wave = secrets.token_hex(8)
    links = [(code, f"https://tillid.example/w/{wave}#{code}.{code}") for code in map(_code, range(CARDS))]
    began = time.perf_counter()
    cards(words, "da", links)
    return time.perf_counter() - began


def _code(_place: int) -> str:
    return new_code()


def _told(what: str, number: int, seconds: float, limit: float) -> bool:
    click.echo(f"{number:,} {what}: {seconds:.1f} s (limit {limit} s)")
    return seconds <= limit


if __name__ == "__main__":
    main()

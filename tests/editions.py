"""Editions for tests: the demo's, made from its file as custody makes it, and how any is stored."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from functools import cache
from hashlib import sha256

from analysis.contributions import IndicatorTotal
from analysis.edition import Edition, to_bytes
from analysis.editions import Contributor, Made, made_edition, size_band
from policy import POOLING_VERSION
from survey.commands.building import FILE
from survey.sealing.domains import Domain
from survey.sealing.identity import Identity, fingerprint
from survey.storage.databases import Databases
from survey.storage.models import CustodyIdentity, StoredEdition

CUSTODY = Identity(bytes(32))


def know_custody(databases: Databases) -> None:
    """Let the alliance know whose signature counts."""
    key = CUSTODY.public_key
    with databases.alliance_session() as session:
        session.add(CustodyIdentity(fingerprint=fingerprint(key), public_key=key))


def store_edition(databases: Databases, made: Edition, signer: Identity = CUSTODY) -> bytes:
    """Sign an edition and store it; returns its bytes."""
    content = to_bytes(made)
    signature = signer.sign(Domain.EDITION, sha256(content).digest())
    day = datetime.date.fromisoformat(made.day)
    with databases.alliance_session() as session:
        session.add(StoredEdition(number=made.number, day=day, content=content, signature=signature))
    return content


@cache
def given() -> tuple[Contributor, ...]:
    """What the demo's organisations that are not run live gave."""
    return tuple(_contributors())


@cache
def made() -> Made:
    """The demo's edition before it is signed, with whom each figure is over."""
    return made_edition(1, given(), [])


@cache
def demo_edition() -> Edition:
    """The demo's edition, without the organisations that are run live."""
    return as_edition(1, made())


def as_edition(number: int, made: Made, day: str = "2026-09-01") -> Edition:
    """An edition of that number."""
    figures = tuple(told.figure for told in made.told)
    return Edition(
        number=number, day=day, policy=POOLING_VERSION, synthetic=True, figures=figures,
        withheld=made.withheld,
    )  # fmt: skip


def _contributors() -> Iterator[Contributor]:
    first, *lines = FILE.read_text("utf-8").splitlines()
    indicators = json.loads(first)["indicators"]
    for number, line in enumerate(map(json.loads, lines)):
        for year, wave in enumerate(line["waves"]):
            totals = [
                IndicatorTotal(each["id"], tuple(each["options"]), tuple(counts), points)
                for each, counts, points in zip(
                    indicators[line["questionnaire"]], wave["counts"], wave["points"], strict=True
                )
            ]
            yield Contributor(
                wave=f"wave{number}-{year}",
                organisation=f"organisation{number}",
                year=int(wave["last_day"][:4]),
                area=line["area"],
                sector=line["sector"],
                size=size_band(line["invited"]),
                respondents=wave["respondents"],
                totals={total.id: total for total in totals},
            )

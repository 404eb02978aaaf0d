"""Manifests as JSON values: one that is right, and strategies that draw others."""

from functools import cache
from hashlib import sha256
from typing import Any

from hypothesis import strategies as st

from survey.sealing import xwing
from survey.sealing.base32 import ALPHABET
from survey.sealing.identity import Identity, fingerprint
from survey.sealing.issuing import IssuingKey
from survey.waves.manifest import to_b64

Value = dict[str, Any]


@cache
def issuing_key() -> str:
    return to_b64(IssuingKey.generate().public_bytes())


def custody(seed: bytes) -> Value:
    key = Identity(seed).public_key
    return {"key": to_b64(key), "fingerprint": fingerprint(key)}


def hexadecimal(name: str) -> str:
    return sha256(name.encode()).hexdigest()


def right() -> Value:
    """A manifest that is right in every part; each call gives a fresh value to change."""
    return {
        "format": "tillid-manifest/1",
        "wave": "0123456789abcdef",
        "organisation": {"id": "ghjkmnpqrstvwxyz", "name": "Ærø Færgefart"},
        "mode": "invited",
        "questionnaire": {
            "id": "workplace",
            "version": "1.0.0",
            "digest": hexadecimal("definition"),
            "sections": ["climate", "incidents"],
        },
        "languages": ["da", "en"],
        "units": [
            {"id": "all", "name": "Rederiet", "parent": None, "headcount": 40},
            {"id": "deck", "name": "Dæk", "parent": "all", "headcount": 22},
            {"id": "quay", "name": "Kaj", "parent": "all", "headcount": 18},
        ],
        "invited": 40,
        "paper_credentials": 3,
        "breakdowns": ["unit", "gender"],
        "alliance_sharing": "never",
        "policy": {"version": "policy/1", "raised": {"threshold": 7}},
        "publication": [
            {
                "table": "t1",
                "kind": "item",
                "item": "c01",
                "by": None,
                "alternatives": [[{"id": "agree", "codes": ["agree", "strongly_agree"]}]],
            }
        ],
        "field_period": {"first_day": "2026-11-02", "last_possible_day": "2026-11-30"},
        "retention": {"days_after_release": 30, "days_after_closing": 60},
        "quorum": 2,
        "trustees": [
            {"number": 1, "role": "employees", "fingerprint": hexadecimal("first")},
            {"number": 2, "role": "management", "fingerprint": hexadecimal("second")},
            {"number": 3, "role": "secretariat", "fingerprint": hexadecimal("third")},
        ],
        "custody": custody(bytes(32)),
        "wave_key": to_b64(xwing.public_bytes(bytes(32))),
        "issuing_keys": [
            {"channel": "invitation", "key": issuing_key()},
            {"channel": "paper", "key": issuing_key()},
        ],
        "envelope_size": 1792,
    }


def joint() -> Value:
    """The same of a joint wave, that is right in every part."""
    return right() | {
        "organisation": {"id": "ghjkmnpqrstvwxyz", "name": "Småøernes Færgeforening"},
        "joint": {"organisations": 12, "largest": 14, "kind": {"da": "små færgerier", "en": "small ferries"}},
        "invited": 150,
        "units": [
            {"id": "north", "name": "Nord", "parent": None, "headcount": 80},
            {"id": "south", "name": "Syd", "parent": None, "headcount": 70},
        ],
    }


IDS = st.text(ALPHABET.lower(), min_size=16, max_size=16)
DIGESTS = st.binary(min_size=32, max_size=32).map(bytes.hex)
NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200)
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
COUNTS = st.integers(0, 2**53 - 1)
DAYS = st.dates().map(str)
ROLES = st.sampled_from(["employees", "management", "secretariat", "other"])
OPTION_GROUPS = st.fixed_dictionaries({"id": WORDS, "codes": st.lists(WORDS, max_size=3)})
TABLES = st.fixed_dictionaries(
    {
        "table": WORDS,
        "kind": st.sampled_from(["item", "indicator"]),
        "item": WORDS,
        "by": st.none() | WORDS,
        "alternatives": st.lists(st.lists(OPTION_GROUPS, max_size=2), max_size=2),
    }
)


@st.composite
def trustees(draw: st.DrawFn) -> list[Value]:
    fingerprints = draw(st.lists(DIGESTS, min_size=2, max_size=6, unique=True))
    return [
        {"number": number, "role": draw(ROLES), "fingerprint": one}
        for number, one in enumerate(fingerprints, 1)
    ]


@st.composite
def units(draw: st.DrawFn) -> list[Value]:
    names = draw(st.lists(st.text(ALPHABET, min_size=1, max_size=8), max_size=5, unique=True))
    above: list[str | None] = [
        draw(st.none() | st.sampled_from(names[:place])) if place else None for place in range(len(names))
    ]
    made = [
        {"id": name, "name": draw(NAMES), "parent": parent, "headcount": draw(COUNTS)}
        for name, parent in zip(names, above, strict=True)
    ]
    return draw(st.permutations(made))


@st.composite
def manifests(draw: st.DrawFn) -> Value:
    """Any manifest that is right."""
    appointed = draw(trustees())
    first, last = sorted([draw(DAYS), draw(DAYS)])
    paper = draw(COUNTS)
    own, *for_paper = right()["issuing_keys"][: 2 if paper else 1]
    invited = {
        "mode": "invited",
        "issuing_keys": [own, *for_paper],
        "units": draw(units()),
        "invited": draw(COUNTS),
        "breakdowns": draw(st.lists(WORDS, max_size=3)),
        "alliance_sharing": draw(st.sampled_from(["never", "steward_decides"])),
    }
    anybody = {
        "mode": "open",
        "issuing_keys": [own | {"channel": "open"}, *for_paper],
        "units": [],
        "invited": 0,
        "breakdowns": [],
        "alliance_sharing": "never",
    }
    together = {"organisations": draw(st.integers(5, 100_000)), "largest": draw(st.integers(1, 2**40))}
    of_many = invited | {
        "joint": together | {"kind": {"da": "små steder"}},
        "units": [],
        "invited": 5 * together["largest"],
        "alliance_sharing": "never",
    }
    return right() | {
        **draw(st.sampled_from([invited, anybody, of_many])),
        "wave": draw(IDS),
        "organisation": {"id": draw(IDS), "name": draw(NAMES)},
        "questionnaire": {
            "id": draw(WORDS),
            "version": draw(WORDS),
            "digest": draw(DIGESTS),
            "sections": draw(st.lists(WORDS, max_size=3)),
        },
        "languages": draw(st.lists(st.from_regex(r"[a-z]{2}", fullmatch=True), min_size=1, max_size=3)),
        "paper_credentials": paper,
        "policy": {"version": draw(WORDS), "raised": draw(st.dictionaries(WORDS, COUNTS, max_size=3))},
        "publication": draw(st.lists(TABLES, max_size=2)),
        "field_period": {"first_day": first, "last_possible_day": last},
        "retention": {
            "days_after_release": draw(st.integers(1, 30)),
            "days_after_closing": draw(st.integers(1, 60)),
        },
        "quorum": draw(st.integers(2, len(appointed))),
        "trustees": appointed,
        "custody": custody(draw(st.binary(min_size=32, max_size=32))),
        "envelope_size": 256 * draw(st.integers(5, 14)),
    }

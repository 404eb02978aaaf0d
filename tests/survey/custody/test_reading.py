"""Plaintexts read together say what each says by itself, and are refused for the same reasons."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from random import Random  # noqa: TID251  Invented respondents, not a secret.

import numpy as np
import pytest

from analysis.tables import LEFT_BLANK, NOT_ASKED
from questionnaires.answers import Answer, columns_of, decode, longest_plaintext, padded, unpadded
from questionnaires.errors import AnswerError
from questionnaires.loading import DEFINITIONS, load
from questionnaires.model import Questionnaire
from questionnaires.routing import Router
from survey.custody.reading import ResponseReader

FOR_TESTS = Path("tests/questionnaires_for_tests")
EVERY = [
    *(load(FOR_TESTS / f"{name}.yaml") for name in ("routing", "skipping", "conditions", "multi", "number")),
    *(load(DEFINITIONS / f"{name}.yaml") for name in ("workplace", "education", "culture_leisure")),
]
UNITS = ("a", "b", "c")


def one_by_one(asked: Questionnaire, plaintexts: list[bytes]) -> tuple[list[list[int]], Counter[str]]:
    """What reading each by itself gives."""
    router, rejected, found = Router(asked), Counter[str](), []
    for plaintext in plaintexts:
        try:
            decoded = decode(asked, unpadded(plaintext), units=len(UNITS))
        except AnswerError as fault:
            rejected[fault.kind.value] += 1
            continue
        routed = router.route(decoded.answers)
        entries = zip(routed.answers.chosen, routed.asked, strict=True)
        found.append([number(decoded.unit), *(number(answer) if on else NOT_ASKED for answer, on in entries)])
    return found, rejected


def number(answer: Answer) -> int:
    if answer is None:
        return LEFT_BLANK
    return answer if isinstance(answer, int) else sum(1 << position for position in answer)


def plaintext(asked: Questionnaire, chance: Random) -> bytes:
    """Mostly right: sometimes an entry of another kind, out of range, or another number of them."""
    entries: list[object] = [chance.choice([None, *range(len(UNITS) + (chance.random() < 0.05))])]
    for column in columns_of(asked):
        options = column.options + (chance.random() < 0.002)
        several = sorted(chance.sample(range(options), chance.randint(1, min(4, options))))
        usual = several if column.is_multi else chance.randrange(options)
        odd: tuple[object, ...] = (several, [], 10**9, -1, "0", 1.0, True, [[0]], several[::-1], several * 2)
        kinds = (None, chance.choice(odd), usual)
        entries.append(chance.choices(kinds, (0.2, 0.003, 0.8))[0])
    if chance.random() < 0.05:
        entries = chance.choice([entries[:-1], [*entries, None]])
    text = json.dumps({"v": 1, "a": entries}, separators=(",", ":")).encode()
    if chance.random() < 0.1:
        place = chance.randrange(len(text))
        text = text[:place] + chance.randbytes(chance.randrange(3)) + text[place + chance.randrange(3) :]
    size = longest_plaintext(asked, len(UNITS)) + 40
    return padded(text[: size - 1], size)


@pytest.mark.parametrize("asked", EVERY, ids=lambda asked: asked.id)
def test_read_together_or_one_by_one_they_say_the_same(asked: Questionnaire) -> None:
    chance = Random(asked.id)  # noqa: S311  Invented respondents, not a secret.
    given = [plaintext(asked, chance) for _ in range(400)]

    answers, rejected = ResponseReader(asked, UNITS).read(given)

    expected, faults = one_by_one(asked, given)
    assert answers.tolist() == expected
    assert rejected == faults
    assert len(expected) > 200
    assert len(faults) >= 3


ROUTING = EVERY[0]
TAMPERED = [
    b"",
    b"{}",
    b'{"v":1,"a":[',
    b'{"v":1,"a":[]}',
    b'{"v":2,"a":[null,0,null,null]}',
    b'{"v":1,"a":[null,0,null,null]} ',
    b'{"v":1,"a":[null,00,null,null]}',
    b'{"v":1,"a":[null,-0,null,null]}',
    b'{"v":1,"a":[null,0,null,null,]}',
    b'{"v":1,"a":[null,0,nul,null]}',
    b'{"v":1,"a":[null,[0],null,null]}',
    b'{"v":1,"a":[null,[[0]],null,null]}',
    b'{"v":1,"a":[null,4294967296,null,null]}',
    b'{"v":1,"a":[null,99999999999999999999999999999999,null,null]}',
    b'{"v":1,"a":[null,0,null,null]}{"v":1,"a":[null,0,null,null]}',
    b"\x80\x80\x80",
    b"\xff" * 40,
]


@pytest.mark.parametrize("text", TAMPERED, ids=repr)
def test_what_was_tampered_with_is_refused_for_its_own_reason_and_spoils_no_neighbour(text: bytes) -> None:
    items = len(ROUTING.items)
    right = padded(b'{"v":1,"a":[1,0' + b",null" * (items - 1) + b"]}", 160)
    wrong = padded(text, 160)

    answers, rejected = ResponseReader(ROUTING, UNITS).read([right, wrong, right])

    assert rejected == one_by_one(ROUTING, [wrong])[1]
    assert rejected.total() == 1
    assert answers.tolist() == one_by_one(ROUTING, [right, right])[0]


@pytest.mark.parametrize("text", [bytes(160), b"\x00" * 5, b"x" * 160], ids=["zeros", "short", "full"])
def test_what_is_not_padded_is_refused(text: bytes) -> None:
    _, rejected = ResponseReader(ROUTING, UNITS).read([text])

    assert rejected == {"bad_padding": 1}


def test_nothing_read_is_a_wave_of_nobody() -> None:
    reader = ResponseReader(ROUTING, UNITS)
    answers, rejected = reader.read([])

    assert rejected == {}
    assert reader.opened([answers]).responses == 0
    assert answers.dtype == np.int32

"""A release is committed to the class sizes that its audit was made with; nobody can try sizes against it."""

from __future__ import annotations

import hmac
import json
from dataclasses import replace
from hashlib import sha256

import numpy as np

from analysis.grouping import class_sizes
from analysis.tables import OpenedWave
from questionnaires.digest import canonical_bytes
from survey.custody.opening import Opened
from survey.custody.releasing import committed
from survey.waves.manifest import from_bytes
from tests.analysis.rosters import definition, invented
from tests.survey.waves.manifests import right

SEED = bytes(range(32))
MANIFEST = from_bytes(canonical_bytes(right()))
GENDER = "d01_gender"


def _wave() -> OpenedWave:
    """Sixty people, every second one in each of two units."""
    whole = invented(definition("workplace"), 60, seed=1)
    answers = whole.answers.copy()
    answers[:, 0] = np.arange(60) % 2
    return replace(whole, units=("u1", "u2"), answers=answers)


WAVE = _wave()


def test_class_sizes_count_everybody_once_by_what_they_said_of_themselves() -> None:
    sizes = class_sizes(WAVE, ["unit", GENDER])

    assert isinstance(sizes, list)
    found = {tuple(said): people for said, people in json.loads(json.dumps(sizes))}
    assert sum(found.values()) == 60
    assert sum(people for (unit, _), people in found.items() if unit == "u1") == 30
    said = WAVE.column(GENDER)
    assert sum(people for (_, gender), people in found.items() if gender is None) == np.sum(said < 0)
    assert class_sizes(WAVE, []) == [[[], 60]]


def test_the_commitment_is_what_the_formats_say() -> None:
    sizes = canonical_bytes(class_sizes(WAVE, [GENDER]))
    message = b"tillid classes v1\x00" + sha256(MANIFEST.to_bytes()).digest() + sizes

    assert committed(Opened(WAVE, {}), [GENDER], MANIFEST, SEED) == hmac.digest(SEED, message, sha256).hex()


def test_who_has_the_right_sizes_and_not_the_seed_cannot_check_them() -> None:
    one, other = (committed(Opened(WAVE, {}), [GENDER], MANIFEST, seed) for seed in (SEED, bytes(32)))

    assert one != other


def test_the_order_of_responses_does_not_change_the_commitment() -> None:
    turned = replace(WAVE, answers=WAVE.answers[::-1].copy())

    assert committed(Opened(turned, {}), [GENDER], MANIFEST, SEED) == committed(
        Opened(WAVE, {}), [GENDER], MANIFEST, SEED
    )

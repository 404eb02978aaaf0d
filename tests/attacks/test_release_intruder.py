"""
An intruder of another make: integer programs over every kind of respondent, written from the definitions
alone.

Shares no code with the audit. It has the release, knows how answers are counted, and looks for whole
numbers of respondents that agree with everything shown: the least and the greatest of every cell, and of
every difference between what somebody met and what they named. It wins where it can tell none from a few.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import cast

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from analysis.release import Release, TableOption
from questionnaires.model import Questionnaire
from tests.analysis.rosters import multi, questionnaire, released, single, wave

THRESHOLD = 5
Person = Mapping[str, object]
Counts = Callable[[Person], str | set[str] | None]

ACTS = ("b01_degrading_talk", "b02_treated_worse", "b03_sexual_talk", "b04_identity_remarks")
GENDER_HARASSMENT = questionnaire(*(single(act, "never", "once", sensitive=True) for act in ACTS))
COERCION = questionnaire(
    single("b11_favours", "never", "once", sensitive=True),
    single("b12_pressure_force", "never", "once", sensitive=True),
)
WITNESS = questionnaire(
    single("seen", "never", "once", sensitive=True),
    multi("did", "nothing", "spoke", "told", exclusive=["nothing"], sensitive=True, show_if="witnessed"),
    single("how", "well", "badly", sensitive=True, show_if="witnessed"),
    conditions={"witnessed": {"items": ["seen"], "in": ["once"]}},
)
DIALOGUE = questionnaire(single("k04_dialogue", "more", "once", "no", missing={"dk": "dont_know"}))
AWARENESS = questionnaire(
    single("k01_guidelines", "yes_know", "yes_unknown", "no", missing={"dk": "dont_know"}),
    single("k02_contact", "yes", "partly", "no"),
)


@dataclass(frozen=True)
class Family:
    """A questionnaire, everybody who could answer it, and in which option of each table they stand."""

    asked: Questionnaire
    people: list[Person]
    counts: Mapping[str, Counts]


def any_act(acts: tuple[str, ...], least_valid: int) -> Counts:
    def counts(person: Person) -> str | None:
        answers = [person[act] for act in acts]
        if sum(answer is not None for answer in answers) < least_valid:
            return None
        return "yes" if "once" in answers else "no"

    return counts


def answer(item: str) -> Counts:
    return lambda person: person[item]  # type: ignore[return-value]


def said_unless(nothing: str, item: str) -> Counts:
    """What was chosen, but for the option that says nothing."""
    chosen = answer(item)
    return lambda person: None if person[item] == nothing else chosen(person)


def everyone(choices: Mapping[str, tuple[object, ...]]) -> list[Person]:
    return [dict(zip(choices, row, strict=True)) for row in product(*choices.values())]


def acts_family(asked: Questionnaire, acts: tuple[str, ...], indicator: str, least_valid: int) -> Family:
    people = everyone(dict.fromkeys(acts, ("never", "once", None)))
    return Family(asked, people, {act: answer(act) for act in acts} | {indicator: any_act(acts, least_valid)})


def witnesses() -> Family:
    people: list[Person] = [{"seen": "never"}, {"seen": None}]
    did = [None, {"nothing"}, {"spoke"}, {"told"}, {"spoke", "told"}]
    people += [{"seen": "once", "did": acts, "how": how} for acts in did for how in ("well", "badly", None)]
    return Family(WITNESS, people, {item: answer(item) for item in ("seen", "did", "how")})


def dialogue() -> Family:
    held = {"more": "yes", "once": "yes", "no": "no", "dk": "no"}
    people = everyone({"k04_dialogue": ("more", "once", "no", "dk", None)})
    return Family(
        DIALOGUE,
        people,
        {
            "k04_dialogue": said_unless("dk", "k04_dialogue"),
            "I14_dialogue_held": lambda p: held.get(str(p["k04_dialogue"])),
        },
    )


def awareness() -> Family:
    def knows(person: Person) -> str | None:
        rules, contact = person["k01_guidelines"], person["k02_contact"]
        if rules is None or contact is None:
            return None
        return "yes" if (rules, contact) == ("yes_know", "yes") else "no"

    people = everyone(
        {
            "k01_guidelines": ("yes_know", "yes_unknown", "no", "dk", None),
            "k02_contact": ("yes", "partly", "no", None),
        }
    )
    rules = said_unless("dk", "k01_guidelines")
    return Family(
        AWARENESS,
        people,
        {"k01_guidelines": rules, "k02_contact": answer("k02_contact"), "I10_awareness": knows},
    )


FAMILIES = {
    "gender harassment": acts_family(GENDER_HARASSMENT, ACTS, "I02_exposure_gender_harassment", 3),
    "coercion": acts_family(COERCION, ("b11_favours", "b12_pressure_force"), "I04_exposure_coercion", 2),
    "witness": witnesses(),
    "dialogue": dialogue(),
    "awareness": awareness(),
}


@dataclass
class Intruder:
    """
    Everything the release says of one family, as bounds on whole numbers of people.

    Whose records are known beforehand, one's own among them, are taken out: it goes for all others.
    """

    family: Family
    release: Release
    records: Sequence[Person] = ()

    def __post_init__(self) -> None:
        rows, least, most = [np.ones(len(self.family.people))], [self.people], [self.people]
        for who, (lo, hi) in self._said():
            own = sum(who[self.family.people.index(record)] for record in self.records)
            rows.append(who)
            least.append(max(lo - own, 0))
            most.append(hi - own)
        self._bounds = LinearConstraint(np.vstack(rows), least, most)

    @property
    def people(self) -> int:
        return self.release.participation.counted - len(self.records)

    def _said(self) -> Iterator[tuple[np.ndarray, tuple[int, int]]]:
        for table in self.release.tables:
            yield self._asked(table.id), table.rows[0].base
            for option, cell in zip(table.options, table.rows[0].cells, strict=True):
                yield self._in(table.id, set(option.codes), rest=option.id == "no_answer"), cell

    def wins(self) -> Iterator[str]:
        """Numbers of which it can tell none from a few."""
        enough = THRESHOLD - len(self.records)
        for name, who in self._interesting():
            if who.any():
                least, most = self._extreme(who), -self._extreme(-who)
                if not (least >= enough or (least == 0 and most >= enough - 1)):
                    yield f"{name}: {least} to {most}"

    def _interesting(self) -> Iterator[tuple[str, np.ndarray]]:
        shown = {}
        for table in (table for table in self.release.tables if not table.is_hidden):
            asked = self._asked(table.id)
            for option in table.options:
                who = self._in(table.id, set(option.codes), rest=option.id == "no_answer")
                shown[f"{table.id} {option.id}"] = (who, table.id)
                yield f"{table.id} {option.id}", who
                yield f"{table.id} not {option.id}", asked - who
        for (one, (inner, inside)), (other, (outer, outside)) in product(shown.items(), repeat=2):
            if inside != outside and (inner <= outer).all() and inner.sum() < outer.sum():
                yield f"{other} less {one}", outer - inner
            if inside != outside and (inner + outer <= 1).all():
                yield f"neither {one} nor {other}", 1 - inner - outer

    def _asked(self, table: str) -> np.ndarray:
        item = table if table in self.release_items else ""
        return np.array([float(not item or item in person) for person in self.family.people])

    @property
    def release_items(self) -> set[str]:
        return {item.id for item in self.family.asked.items}

    def _in(self, table: str, codes: set[str], *, rest: bool) -> np.ndarray:
        marks = []
        for person, is_asked in zip(self.family.people, self._asked(table), strict=True):
            outcome = self.family.counts[table](person) if is_asked else "not asked"
            said = set() if outcome is None else {outcome} if isinstance(outcome, str) else outcome
            marks.append(float(not said if rest else bool(said & codes)))
        return np.array(marks)

    def _extreme(self, who: np.ndarray) -> int:
        found = milp(
            who,
            integrality=np.ones(len(who), dtype=np.int64),
            bounds=Bounds(0, self.people),
            constraints=self._bounds,
        )
        assert found.success, "the release contradicts itself"
        return round(found.fun)


def draw(family: Family, people: int, seed: int) -> list[Person]:
    """People at random, most of whom have met nothing; the first kind of a family is nobody special."""
    generator = np.random.default_rng(seed)
    weights = generator.dirichlet(np.full(len(family.people), 0.4))
    weights[0] += generator.uniform(0.5, 3)
    chosen = generator.choice(len(family.people), size=people, p=weights / weights.sum())
    return [family.people[place] for place in chosen]


def drawn(family: Family, people: int, seed: int) -> Release:
    rows = [
        {item: sorted(given) if isinstance(given, set) else given for item, given in person.items() if given}
        for person in draw(family, people, seed)
    ]
    return released(wave(family.asked, cast("list[dict[str, str | Sequence[str]]]", rows)))


SMALL_ONES = [(name, people, seed) for name in FAMILIES for people, seed in ((24, 1), (43, 2), (60, 3))]
LARGE_ONES = [
    (name, people, seed)
    for name in ("gender harassment", "coercion")
    for people in (200, 320)
    for seed in (1, 2, 3)
]


@pytest.mark.parametrize(("name", "people", "seed"), [*SMALL_ONES, *LARGE_ONES])
def test_whole_numbers_of_respondents_leave_none_and_a_few_alike(name: str, people: int, seed: int) -> None:
    intruder = Intruder(FAMILIES[name], drawn(FAMILIES[name], people, seed))

    assert list(intruder.wins()) == []


def test_the_intruder_wins_against_the_naive_rule() -> None:
    family = FAMILIES["gender harassment"]

    wins = [any(Intruder(family, naive(family, 60, seed)).wins()) for seed in range(6)]

    assert sum(wins) >= 5


def naive(family: Family, people: int, seed: int) -> Release:
    """Each cell by itself, exact from five and banded under it; none of the ties between tables looked at."""
    release, persons = drawn(family, people, seed), draw(family, people, seed)
    template = release.tables[0]
    tables = []
    for name, counts in family.counts.items():
        codes = sorted({str(counts(person)) for person in family.people} - {"None"})
        outcomes = [str(counts(person)) for person in persons]
        exact = [outcomes.count(code) for code in (*codes, "None")]
        cells = tuple((n, n) if n >= THRESHOLD else (0, THRESHOLD - 1) for n in exact)
        options = [TableOption(id=code, codes=(code,)) for code in codes]
        options.append(TableOption(id="no_answer", codes=()))
        row = template.rows[0].model_copy(update={"cells": cells})
        tables.append(template.model_copy(update={"id": name, "options": tuple(options), "rows": (row,)}))
    return release.model_copy(update={"tables": tuple(tables)})

"""
An organisation's own tables as sums of unknowns: how many answered in each way that counts differently.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import product
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from analysis.indicators import BY_ID, AllOf, OneOf
from questionnaires.model import Questionnaire
from tests.attacks.intruder.acts import SAID_NOTHING, Acts, acts_of
from tests.attacks.intruder.program import Program, Terms
from tests.attacks.intruder.reading import (
    Marks,
    Options,
    Table,
    is_led_exactly,
    is_multiple,
    items_of,
    leading_to,
    sign_of,
)


class Kinds(NamedTuple):
    """Which of the ways to answer that were listed together stand in a cell."""

    listing: int
    marks: Marks


class Known:
    """
    What is known of everybody together, before any row is read.

    Attributes:
        program: The unknowns, and what ties them.
        sums: Of each option of each table: how many stand in it.
        bases: Of each table: how many were asked, where that is not everybody.
        kinds: Of each option whose ways to answer were listed: which of them stand in it.
    """

    most_raw = 5_000

    def __init__(self, tables: Sequence[Table], asked: Questionnaire, people: int) -> None:
        self._whole, self._asked, self._people = tables, asked, people
        self.program = Program()
        self.sums: dict[tuple[str, int], Terms] = {}
        self.bases: dict[str, Terms | None] = {}
        self.kinds: dict[tuple[str, int], Kinds] = {}
        self._state()

    def _state(self) -> None:
        direct = [table for table in self._whole if leading_to(self._asked, items_of(table)[0]) is None]
        routed = [table for table in self._whole if table not in direct]
        several = [table for table in direct if is_multiple(table, self._asked)]
        single = [table for table in direct if table not in several]
        if single:
            self._state_single(single)
        for table in several:
            self._state_several(table)
        for table in routed:
            self._state_routed(table)

    def _state_single(self, tables: Sequence[Table]) -> None:
        acts = acts_of(tables)
        items = list(dict.fromkeys(name for table in tables for name in items_of(table)))
        ways = int(np.prod([len(self._choices(name)) for name in items]))
        if acts:
            Acts(self.program, tables, self._asked, self._people).state(self.sums, self._led)
        elif ways <= self.most_raw:
            self._list(tables, items)
        else:
            for table in tables:
                self._list([table], [table["item"]]) if table["kind"] == "item" else self._apart(table)

    def _list(self, tables: Sequence[Table], items: Sequence[str]) -> None:
        """Every way to answer that counts differently, as an unknown."""
        raw = np.array(list(product(*(self._choices(name) for name in items))))
        answers = {name: raw[:, place] for place, name in enumerate(items)}
        marks = {table["id"]: Options(table, self._asked).marks(answers) for table in tables}
        means = {
            table["id"]: Options(table, self._asked).scores(answers)
            for table in tables
            if table["rows"][0].get("mean") is not None
        }
        leads = {sign: self._are_led(leading, answers) for sign, leading in self._led_from(items).items()}
        stacked = [*marks.values(), *(scores[:, None] for scores in means.values())]
        stacked += [led[:, None] for led in leads.values()]
        _, first = np.unique(np.hstack(stacked), axis=0, return_index=True)
        places = self.program.unknowns(len(first), self._people)
        listing = places[0]
        self.program.know(dict.fromkeys(places, 1), self._people, self._people)
        for table_id, of_table in marks.items():
            self.bases[table_id] = None
            for cell, column in enumerate(of_table[first].T):
                self.sums[table_id, cell] = {places[at]: 1 for at in np.flatnonzero(column)}
                self.kinds[table_id, cell] = Kinds(listing, column)
        for table_id, scores in means.items():
            self._know_mean(table_id, places, scores[first])
        for sign, led in leads.items():
            self._leads[sign] = {places[at]: 1 for at in np.flatnonzero(led[first])}

    def _choices(self, name: str) -> list[int]:
        """Answers to an item, and none; a missing kind is none, but where an indicator may read it."""
        read = {rule.item for rule in map(self._rule, self._whole) if isinstance(rule, OneOf)}
        read |= {
            one for rule in map(self._rule, self._whole) if isinstance(rule, AllOf) for one in rule.items
        }
        options = self._asked.options_of(self._asked.item(name))
        return [-1, *(p for p, option in enumerate(options) if name in read or not option.kind.is_missing)]

    def _rule(self, table: Table) -> object:
        return BY_ID[table["item"]].rule if table["kind"] == "indicator" else None

    @cached_property
    def _leads(self) -> dict[str, Terms]:
        """By the condition's text: who is known to be led by it."""
        return {}

    def _led_from(self, items: Sequence[str]) -> dict[str, dict[str, frozenset[str]]]:
        found = {}
        for table in self._whole:
            leading = leading_to(self._asked, items_of(table)[0])
            if leading is not None and set(leading) <= set(items):
                found[sign_of(leading)] = leading
        return found

    def _led(self, leading: Mapping[str, frozenset[str]], terms: Terms) -> None:
        self._leads[sign_of(leading)] = terms

    def _are_led(
        self, leading: Mapping[str, frozenset[str]], answers: Mapping[str, npt.NDArray[np.int64]]
    ) -> Marks:
        hits = []
        for name, codes in leading.items():
            own = np.array([*(o.code for o in self._asked.options_of(self._asked.item(name))), ""])
            hits.append(np.isin(own[answers[name]], sorted(codes)))
        led: Marks = np.any(hits, axis=0)
        return led

    def _know_mean(self, table_id: str, places: Sequence[int], scores: npt.NDArray[np.int64]) -> None:
        mean = next(table["rows"][0].get("mean") for table in self._whole if table["id"] == table_id)
        twice = {at: 2 * (int(score) - mean) for at, score in zip(places, scores, strict=True) if score >= 0}
        self.program.know({at: far + 5 for at, far in twice.items()}, 0, np.inf)
        self.program.know({at: far - 5 for at, far in twice.items()}, -np.inf, -1)

    def _apart(self, table: Table) -> None:
        """An index by itself: how many have each score, or none."""
        scores = np.array([*range(0, 101, 5), -1])
        places = self.program.unknowns(len(scores), self._people)
        self.program.know(dict.fromkeys(places, 1), self._people, self._people)
        for cell, option in enumerate(table["options"]):
            held = [int(code) for code in option["codes"]] or [-1]
            self.sums[table["id"], cell] = {places[at]: 1 for at in np.flatnonzero(np.isin(scores, held))}
        if table["rows"][0].get("mean") is not None:
            self._know_mean(table["id"], places, scores)

    def _state_several(self, table: Table) -> None:
        """Where several answers can be given: how many gave each."""
        places = self.program.unknowns(len(table["options"]), self._people)
        self.know_several(table, places, {}, self._people)
        for cell, place in enumerate(places):
            self.sums[table["id"], cell] = {place: 1}

    def know_several(self, table: Table, places: Sequence[int], base: Terms, people: int) -> None:
        """What holds of the answers of `people`, or of as many as `base` says."""
        alone, together = self._alone(table)
        minus = {at: -factor for at, factor in base.items()}
        apart = {places[cell]: 1 for cell in alone}
        for cell in together:
            self.program.know({**apart, places[cell]: 1, **minus}, -np.inf, people)
        # Whoever said nothing that stands alone said something else.
        everything = dict.fromkeys(places, 1)
        self.program.know({**everything, **minus}, people, np.inf)
        self.program.know({**apart, **minus}, -np.inf, people)
        most = self._most_choices(table)
        counted = {places[cell]: 1 for cell in together} | {places[cell]: most for cell in alone}
        self.program.know(
            {**counted, **{at: most * factor for at, factor in minus.items()}}, -np.inf, most * people
        )

    def _alone(self, table: Table) -> tuple[list[int], list[int]]:
        item = self._asked.item(items_of(table)[0])
        exclusive = {option.code for option in self._asked.options_of(item) if option.exclusive}
        alone = [
            cell
            for cell, option in enumerate(table["options"])
            if option["id"] == SAID_NOTHING or (option["codes"] and set(option["codes"]) <= exclusive)
        ]
        return alone, [cell for cell in range(len(table["options"])) if cell not in alone]

    def _most_choices(self, table: Table) -> int:
        item = self._asked.item(items_of(table)[0])
        return item.max_choices or len(self._asked.options_of(item))

    def _state_routed(self, table: Table) -> None:
        """What was asked of those whom an answer led there."""
        leading = leading_to(self._asked, items_of(table)[0]) or {}
        led = self._leads.get(sign_of(leading))
        (base,) = self.program.unknowns(1, self._people)
        lo, hi = table["rows"][0]["base"]
        self.program.know({base: 1}, lo, hi)
        if led is not None:
            exactly = is_led_exactly(self._asked, items_of(table)[0])
            self.program.know(
                {base: 1, **{at: -one for at, one in led.items()}}, 0 if exactly else -np.inf, 0
            )
        places = self.program.unknowns(len(table["options"]), self._people)
        if is_multiple(table, self._asked):
            self.know_several(table, places, {base: 1}, 0)
        else:
            self.program.know({**dict.fromkeys(places, 1), base: -1}, 0, 0)
        self.bases[table["id"]] = {base: 1}
        for cell, place in enumerate(places):
            self.sums[table["id"], cell] = {place: 1}

"""
The intruder with everything: a whole release, the staff list, the questionnaire, and integer programs.

Written from the rules and the definitions alone, in whole numbers of people; shares no code with what decides
what is shown (analysis/disclosure). It wins where it can tell none from a few, of a figure, of its opposite,
of what two figures differ by or of whoever no figure shows, and where it can say of anybody on the list that
they met something, or did not, or answered as all who look like them.

Items that are read together are attacked together: every way to answer them is listed, and how many answered
so are the unknowns. Two families have too many ways: the twelve acts are tied by what holds of any people
(`Acts`), and the six items of the climate index are looked at one by one, the index by itself. With more
patience they are paths through the questions, and nothing is left out (`WithPaths`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from questionnaires.model import Questionnaire
from tests.attacks.intruder.acts import SAID_NOTHING
from tests.attacks.intruder.crowd import Crowd, Person
from tests.attacks.intruder.known import Known
from tests.attacks.intruder.program import Terms
from tests.attacks.intruder.reading import Marks, Table, hides_all, is_multiple, items_of, together
from tests.attacks.intruder.search import Loot, Number, Search, T


def attacked(
    release: Mapping[str, Any],
    asked: Questionnaire,
    staff: Sequence[Person],
    insiders: int = 0,
    known: type[Known] = Known,
) -> Loot:
    """
    Everything that the intruder can tell from a release.

    Args:
        release: As JSON.
        asked: What everybody knows was asked.
        staff: Everybody who answered, as they described themselves.
        insiders: How many records it knew and has taken out of both; a few of the others are that many fewer.
        known: What it knows of everybody together, before any row is read.
    """
    loot = Loot()
    for tables in together(release["tables"], asked):
        _Attack(tables, asked, staff, T - 1 - insiders, known).take(loot)
    return loot


class _Attack:
    """The tables of some items that hang together."""

    def __init__(
        self,
        tables: Sequence[Table],
        asked: Questionnaire,
        staff: Sequence[Person],
        few: int,
        known: type[Known],
    ) -> None:
        self._asked, self._staff, self._few = asked, staff, few
        self._whole = [table for table in tables if table["by"] is None]
        self._by_group = [table for table in tables if table["by"] is not None]
        self._known = known(self._whole, asked, len(staff))
        self._program = self._known.program
        self._numbers: list[Number] = []
        for table in self._whole:
            self._show(table)
        self._show_groups()
        self._ask_nested()

    def take(self, loot: Loot) -> None:
        """Go for everything that must stay open."""
        if self._numbers:
            search = Search(self._program, self._numbers, self._few)
            for row in range(len(self._numbers)):
                search.go_for(row, loot)

    def _show(self, table: Table) -> None:
        """The organisation's row, and what of it must stay open."""
        (row,) = table["rows"]
        base = self._known.bases.get(table["id"])
        for cell, (lo, hi) in enumerate(row["cells"]):
            terms = self._known.sums[table["id"], cell]
            self._program.know(terms, lo, hi)
            if lo < hi and not hides_all(table):
                self._ask(f"{table['id']}[{cell}]", terms, base, len(self._staff))

    def _ask(self, what: str, terms: Terms, base: Terms | None, people: int) -> None:
        self._numbers.append(Number(what, terms, people, up=self._few))
        rest = {at: -factor for at, factor in terms.items()}
        if base is not None:
            for at, factor in base.items():
                rest[at] = rest.get(at, 0) + factor
            self._numbers.append(Number(f"all but {what}", rest, people, up=self._few))
        else:
            down = people - min(self._few, people)
            self._numbers.append(Number(f"all but {what}", terms, people, down=down, up=people))

    def _show_groups(self) -> None:
        for item in dict.fromkeys(table["item"] for table in self._by_group):
            self._show_measure([table for table in self._by_group if table["item"] == item])

    def _show_measure(self, tables: Sequence[Table]) -> None:
        whole = next((table for table in self._whole if table["item"] == tables[0]["item"]), None)
        crowd = Crowd.of(tables, self._asked, self._staff)
        options = len(tables[0]["options"])
        classes = [self._program.unknowns(options, size) for size in crowd.sizes]
        for places, size in zip(classes, crowd.sizes, strict=True):
            if is_multiple(tables[0], self._asked):
                self._known.know_several(tables[0], places, {}, size)
            else:
                self._program.know(dict.fromkeys(places, 1), size, size)

        def among(marks: Marks, cell: int) -> Terms:
            return {classes[place][cell]: 1 for place in np.flatnonzero(marks)}

        for cell in range(options):
            if whole is not None:
                total = {at: -factor for at, factor in self._known.sums[whole["id"], cell].items()}
                self._program.know({**among(np.ones(len(classes), np.bool_), cell), **total}, 0, 0)
            for marks, row in crowd.rows:
                self._show_row(tables[0], row, among(marks, cell), cell, whole)
            for marks in crowd.unseen():
                self._ask_unseen(
                    f"{tables[0]['item']} unseen[{cell}]", among(marks, cell), crowd, marks, whole, cell
                )
            self._ask_classes(tables[0], classes, crowd, cell)

    def _show_row(
        self, table: Table, row: Mapping[str, Any], terms: Terms, cell: int, whole: Table | None
    ) -> None:
        lo, hi = row["cells"][cell]
        size = row["base"][0]
        self._program.know(terms, lo, hi)
        what = f"{table['item']} {row['group']}[{cell}]"
        if (lo, hi) == (0, size):
            self._ask_if_open(what, terms, size, whole, cell)
        elif lo < hi:
            self._ask(what, terms, None, size)

    def _ask_unseen(
        self, what: str, terms: Terms, crowd: Crowd, marks: Marks, whole: Table | None, cell: int
    ) -> None:
        self._ask_if_open(what, terms, int(crowd.sizes[marks].sum()), whole, cell)

    def _ask_if_open(self, what: str, terms: Terms, size: int, whole: Table | None, cell: int) -> None:
        """Of people of whom nothing is shown: what the organisation's own row has not said already."""
        lo, hi = whole["rows"][0]["cells"][cell] if whole is not None else (0, len(self._staff))
        least, most = max(size - (len(self._staff) - lo), 0), min(size, hi)
        few = min(self._few, size)
        if least == 0 and most >= few:
            self._numbers.append(Number(what, terms, size, 0, few))
        if most == size and least <= size - few:
            self._numbers.append(Number(f"all but {what}", terms, size, size - few, size))

    def _ask_classes(self, table: Table, classes: Sequence[list[int]], crowd: Crowd, cell: int) -> None:
        """Nobody is shown to have answered as all who look like them, nor not to have met what was asked."""
        option = table["options"][cell]
        met = (
            self._is_sensitive(table)
            and option["id"] != SAID_NOTHING
            and not ({"never", "no"} & {option["id"], *option["codes"]})
        )
        for place, size in enumerate(crowd.sizes.tolist()):
            what = f"{table['item']} class {place}[{cell}]"
            self._numbers.append(
                Number(what, {classes[place][cell]: 1}, size, size - 1, int(met), is_plain=False)
            )

    def _is_sensitive(self, table: Table) -> bool:
        return any(
            self._asked.item(name).sensitive or self._asked.section_of(name).sensitive
            for name in items_of(table)
        )

    def _ask_nested(self) -> None:
        """What two figures differ by of which one is a part of the other, and what two leave together."""
        shown = {
            (table["id"], cell): self._known.kinds[table["id"], cell]
            for table in self._whole
            if not hides_all(table)
            for cell in range(len(table["options"]))
            if (table["id"], cell) in self._known.kinds
        }
        for one, other in combinations(shown, 2):
            if one[0] == other[0] or shown[one].listing != shown[other].listing:
                continue
            here, there = shown[one].marks, shown[other].marks
            if (here <= there).all() and (here != there).any():
                self._ask_difference(one, other)
            if (there <= here).all() and (here != there).any():
                self._ask_difference(other, one)
            if not (here & there).any() and not (here | there).all():
                self._ask_neither(one, other)

    def _ask_difference(self, inner: tuple[str, int], outer: tuple[str, int]) -> None:
        terms = {at: one for at, one in self._known.sums[outer].items() if at not in self._known.sums[inner]}
        self._numbers.append(Number(f"{outer} less {inner}", terms, len(self._staff), up=self._few))

    def _ask_neither(self, one: tuple[str, int], other: tuple[str, int]) -> None:
        terms, people = self._known.sums[one] | self._known.sums[other], len(self._staff)
        few = min(self._few, people)
        self._numbers.append(Number(f"neither {one} nor {other}", terms, people, people - few, people))

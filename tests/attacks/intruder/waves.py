"""
The intruder with two releases of one organisation, every group of both, and both staff lists.

It knows who joined and who left each unit, and takes it that at most one in ten of those who stayed answered
otherwise, of all and of each unit. The organisation's row and the groups' are read together, as is what the
groups leave of the organisation; nothing is shared with what decides what may stand beside an earlier wave
(analysis/disclosure/waves.py), which looks at one row at a time. It wins where it can say of those who came
to a unit, or left it, or of those in no unit, that any or none of them gave an answer, and where a few can be
told from none in either wave.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import ceil
from typing import Any, Final, NamedTuple

from tests.attacks.intruder.crowd import UNIT, Person
from tests.attacks.intruder.program import Program, Terms
from tests.attacks.intruder.reading import Table
from tests.attacks.intruder.search import Loot, Number, Search, T

CHANGED: Final = 0.1
_FEW: Final = T - 1

Unit = str | None


class Staff(NamedTuple):
    """Both staff lists, person by person: in which unit, and whether they answered in each wave."""

    units: Sequence[Unit]
    before: Sequence[bool]
    after: Sequence[bool]

    def number(self, *, before: bool, after: bool) -> Counter[Unit]:
        """How many of each unit answered in these waves."""
        people = zip(self.units, self.before, self.after, strict=True)
        return Counter(unit for unit, *answered in people if answered == [before, after])


def staff(before: Sequence[Person], after: Sequence[Person], stayed: Sequence[tuple[int, int]]) -> Staff:
    """Two lists as one: those in `stayed` stand in both, at these places."""
    again = {second for _, second in stayed}
    first = {one for one, _ in stayed}
    units = [person[UNIT] for person in before]
    units += [person[UNIT] for place, person in enumerate(after) if place not in again]
    new = len(units) - len(before)
    left = [place in first for place in range(len(before))]
    return Staff(units, [True] * len(before) + [False] * new, left + [True] * new)


def attacked_across(before: Mapping[str, Any], after: Mapping[str, Any], known: Staff) -> Loot:
    """Everything that two releases tell together, item by item."""
    loot = Loot()
    for table in after["tables"]:
        earlier = _like(before, table, None)
        if table["by"] is None and earlier is not None:
            groups = _like(before, table, UNIT), _like(after, table, UNIT)
            _Attack(known, (earlier, table), groups).take(loot)
    return loot


def _like(release: Mapping[str, Any], table: Table, by: str | None) -> Table | None:
    """A release's table of the same figure, by this breakdown, if its options count the same."""
    for other in release["tables"]:
        if (other["item"], other["by"], other["options"]) == (table["item"], by, table["options"]):
            found: Table = other
            return found
    return None


class _Attack:
    """One item: of each wave the organisation's row, and its units' where they are shown."""

    def __init__(
        self, known: Staff, wholes: tuple[Table, Table], groups: tuple[Table | None, Table | None]
    ) -> None:
        self._known, self._program = known, Program()
        self._units = sorted(set(known.units), key=str)
        self._options = range(len(wholes[0]["options"]))
        self._numbers: list[Number] = []
        self._move()
        for wave, (whole, group) in enumerate(zip(wholes, groups, strict=True)):
            self._show(wave, whole["item"], self._units, whole["rows"][0])
            for row in group["rows"] if group is not None else ():
                inside = [unit for unit in self._units if _is_inside(unit, row["group"])]
                self._show(wave, f"{whole['item']} {row['group']}", inside, row)
        for units in (*([unit] for unit in self._units), self._units):
            self._ask_of_movement("joined", units, known.number(before=False, after=True))
            self._ask_of_movement("left", units, known.number(before=True, after=False))

    def take(self, loot: Loot) -> None:
        """Go for everything that must stay open."""
        if self._numbers:
            search = Search(self._program, self._numbers, _FEW)
            for row in range(len(self._numbers)):
                search.go_for(row, loot)

    def _move(self) -> None:
        """Of each unit, how many made each movement with each answer."""
        stayed = self._known.number(before=True, after=True)
        sizes = {
            "joined": self._known.number(before=False, after=True),
            "left": self._known.number(before=True, after=False),
        }
        self._moved: dict[tuple[Unit, str], list[int]] = {}
        for unit in self._units:
            for movement in ("stayed", "was", "became", "joined", "left"):
                most = sizes.get(movement, stayed)[unit]
                self._moved[unit, movement] = self._program.unknowns(len(self._options), most)
            for movement, of_movement in sizes.items():
                size = of_movement[unit]
                self._program.know(dict.fromkeys(self._moved[unit, movement], 1), size, size)
            for end in ("was", "became"):
                everybody = self._moved[unit, "stayed"] + self._moved[unit, end]
                self._program.know(dict.fromkeys(everybody, 1), stayed[unit], stayed[unit])
            changed = ceil(CHANGED * stayed[unit])
            self._program.know(dict.fromkeys(self._moved[unit, "was"], 1), 0, changed)
        all_changed = [at for unit in self._units for at in self._moved[unit, "was"]]
        self._program.know(dict.fromkeys(all_changed, 1), 0, ceil(CHANGED * stayed.total()))

    def _show(self, wave: int, what: str, units: Iterable[Unit], row: Mapping[str, Any]) -> None:
        """A row that is shown, and what of it must stay open."""
        movements = (("stayed", "was", "left"), ("stayed", "became", "joined"))[wave]
        inside, base = list(units), row["base"][0]
        for cell, (lo, hi) in enumerate(row["cells"]):
            terms = {self._moved[unit, movement][cell]: 1 for unit in inside for movement in movements}
            self._program.know(terms, lo, hi)
            # Of a cell that is left open its wave says nothing; what another wave told stays told.
            if lo < hi and (lo, hi) != (0, base):
                few = min(_FEW, base)
                named = f"wave {wave + 1}, {what}[{cell}]"
                self._numbers += _ends(named, terms, base, few, lo, hi)

    def _ask_of_movement(self, movement: str, units: Sequence[Unit], sizes: Counter[Unit]) -> None:
        """Nobody who came or went is shown to have given an answer, nor not to have."""
        size = sum(sizes[unit] for unit in units)
        few = min(_FEW, size)
        for cell in self._options if size else ():
            terms: Terms = {self._moved[unit, movement][cell]: 1 for unit in units}
            where = units[0] if len(units) == 1 else "anywhere"
            what = f"{movement} {where}[{cell}]"
            self._numbers.append(Number(what, terms, size, down=size - few, up=few, is_plain=False))


def _ends(what: str, terms: Terms, base: int, few: int, lo: int, hi: int) -> Iterator[Number]:
    """A small count, and all but a small one, where the figure by itself leaves them open."""
    if lo == 0 and hi >= few:
        yield Number(what, terms, base, 0, few)
    if hi == base and lo <= base - few:
        yield Number(f"all but {what}", terms, base, base - few, base)


def _is_inside(unit: Unit, group: str) -> bool:
    return unit is not None and (unit == group or unit.startswith(f"{group}-"))

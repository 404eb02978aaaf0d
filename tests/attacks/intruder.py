"""
The intruder with everything: a whole release, the staff list, the questionnaire, and integer programs.

Written from the rules and the definitions alone, in whole numbers of people; shares no code with what decides
what is shown (analysis/disclosure). It wins where it can tell none from a few, of a figure, of its opposite,
of what two figures differ by or of whoever no figure shows, and where it can say of anybody on the list that
they met something, or did not, or answered as all who look like them.

Items that are read together are attacked together: every way to answer them is listed, and how many answered
so are the unknowns. Two families have too many ways: the twelve acts are tied by what holds of any people
(`_Acts`), and the six items of the climate index are looked at one by one, the index by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations, product
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from analysis.indicators import BY_ID, AllOf, AnyOf, GroupChosen, GroupsOf, OneOf, Score
from questionnaires.model import Item, ItemType, OptionKind, Questionnaire

T: Final = 5
UNIT: Final = "unit"
SAID_NOTHING: Final = "no_answer"
_MOST_RAW: Final = 5_000
_NODES: Final = 200
_NEAR: Final = 1e-5
_NUDGE: Final = 1e-3
_NUDGES: Final = 3

Table = Mapping[str, Any]
"""A table as a release writes it."""
Terms = dict[int, int]
"""A sum of unknowns."""
Person = Mapping[str, str | None]
"""Which code somebody gave for each breakdown item, and their unit."""
Marks = npt.NDArray[np.bool_]


class Win(NamedTuple):
    """What the intruder can tell that it must not: between how many and how many there are."""

    what: str
    least: int
    most: int


class Number(NamedTuple):
    """
    A number of people that must stay open.

    Attributes:
        what: For whoever reads that it did not.
        terms: The number.
        cap: The most that there could be.
        down: How few it must be able to be.
        up: How many.
        is_plain: Whether it is no secret once it is proven to reach the threshold.
    """

    what: str
    terms: Terms
    cap: int
    down: int = 0
    up: int = T - 1
    is_plain: bool = True


class _Kinds(NamedTuple):
    """Which of the ways to answer that were listed together stand in a cell."""

    listing: int
    marks: Marks


@dataclass
class Program:
    """Whole numbers of people and what is known of their sums."""

    upper: list[int] = field(default_factory=list)
    rows: list[tuple[Terms, float, float]] = field(default_factory=list)

    def unknowns(self, number: int, most: int) -> list[int]:
        """So many more."""
        first = len(self.upper)
        self.upper += [most] * number
        return list(range(first, first + number))

    def know(self, terms: Terms, least: float, most: float) -> None:
        """A sum is between two numbers."""
        self.rows.append((terms, least, most))

    @cached_property
    def _known(self) -> LinearConstraint:
        places = [
            (row, place, factor) for row, (t, *_) in enumerate(self.rows) for place, factor in t.items()
        ]
        rows, columns, factors = zip(*places, strict=True)
        matrix = sparse.csr_array((factors, (rows, columns)), shape=(len(self.rows), len(self.upper)))
        return LinearConstraint(matrix, [row[1] for row in self.rows], [row[2] for row in self.rows])

    def least(self, costs: npt.NDArray[np.float64], enough: int | None = None) -> Found:
        """
        The least that a sum can be; whole people are looked for until they bring it down to `enough`.

        A program in fractions first, and the same with small costs added, which mostly ends in whole numbers;
        then one in whole numbers.
        """
        value, people = self._solved(costs, whole=False)
        draw = np.random.default_rng(0)
        for _ in range(_NUDGES if enough is not None else 0):
            if people is not None and _are_whole(people):
                break
            people = self._solved(costs + _NUDGE * draw.random(len(costs)), whole=False)[1]
        if people is not None and _are_whole(people) and (enough is None or costs @ people <= enough + _NEAR):
            return Found(value, np.rint(people))
        if enough is None or value > enough + _NEAR:
            return Found(value, None)
        found, people = self._solved(costs, whole=True)
        return Found(max(found, value), people)

    def _solved(
        self, costs: npt.NDArray[np.float64], *, whole: bool
    ) -> tuple[float, npt.NDArray[np.float64] | None]:
        """A bound that no people pass, and people that come near it if there was time."""
        found = milp(
            costs,
            integrality=np.full(len(costs), int(whole)),
            bounds=Bounds(0, np.array(self.upper, float)),
            constraints=self._known,
            options={"node_limit": _NODES},
        )
        if found.status == 2:
            raise AssertionError("the release contradicts itself")
        bound = found.fun if found.status == 0 else found.mip_dual_bound
        people = None if found.x is None else np.rint(found.x) if whole else found.x
        return (-np.inf if bound is None else float(bound)), people


class Found(NamedTuple):
    """A bound that no people pass, and whole people who come as near to it as was found."""

    bound: float
    people: npt.NDArray[np.float64] | None


def _are_whole(people: npt.NDArray[np.float64]) -> bool:
    return bool(np.abs(people - np.rint(people)).max(initial=0) < _NEAR)


@dataclass
class Loot:
    """
    What an intruder came away with.

    Attributes:
        wins: What it can tell that it must not.
        asked: How many numbers it went for.
        undecided: Of how many it could not say within its limit of branches: fractions of people leave them
            open, and whole ones were not found.
    """

    wins: list[Win] = field(default_factory=list)
    asked: int = 0
    undecided: int = 0


def attacked(release: Mapping[str, Any], asked: Questionnaire, staff: Sequence[Person]) -> Loot:
    """
    Everything that the intruder can tell from a release.

    Args:
        release: As JSON.
        asked: What everybody knows was asked.
        staff: Everybody who answered, as they described themselves.
    """
    loot = Loot()
    for tables in _together(release["tables"], asked):
        _Attack(tables, asked, staff).take(loot)
    return loot


def staff_list(asked: Questionnaire, units: Sequence[str], answers: npt.NDArray[np.int32]) -> list[Person]:
    """What is known of everybody beforehand: their unit and what breakdown items ask."""
    columns = {UNIT: (list(units), answers[:, 0])}
    for place, item in enumerate(asked.items):
        if item.breakdown:
            columns[item.id] = ([option.code for option in asked.options_of(item)], answers[:, 1 + place])
    return [
        {name: codes[column[row]] if column[row] >= 0 else None for name, (codes, column) in columns.items()}
        for row in range(len(answers))
    ]


def _together(tables: Sequence[Table], asked: Questionnaire) -> list[list[Table]]:
    """Tables that read the same items, or whose items lead to one another's."""
    groups: list[tuple[set[str], list[Table]]] = []
    for table in tables:
        reads, own = _reads(table, asked), [table]
        for group in [group for group in groups if group[0] & reads]:
            groups.remove(group)
            reads, own = reads | group[0], group[1] + own
        groups.append((reads, own))
    return [own for _, own in groups]


def _items(table: Table) -> tuple[str, ...]:
    return BY_ID[table["item"]].rule.items if table["kind"] == "indicator" else (table["item"],)


def _reads(table: Table, asked: Questionnaire) -> set[str]:
    reads = set(_items(table))
    for name in _items(table):
        reads |= set(_leading(asked, name) or {})
    return reads


def _leading(asked: Questionnaire, item: str) -> dict[str, frozenset[str]] | None:
    """Items of which any one leads to an item, with the codes that do; None where everybody is asked."""
    conditions = [asked.section_of(item).show_if, asked.item(item).show_if]
    stated = [condition.model_dump(by_alias=True) for condition in conditions if condition is not None]
    if not stated:
        return None
    # Of several that must hold the first one; those who meet all are fewer, and only bounded by it.
    test = stated[0]
    if "ref" in test:
        test = asked.conditions[test["ref"]].model_dump(by_alias=True)
    tests = test.get("any") or [test]
    return {name: frozenset(each["in"]) for each in tests if "in" in each for name in each["items"]}


def _is_led_exactly(asked: Questionnaire, item: str) -> bool:
    conditions = {asked.section_of(item).show_if, asked.item(item).show_if} - {None}
    return len(conditions) == 1


class _Options:
    """What one table's options hold, of raw answers."""

    def __init__(self, table: Table, asked: Questionnaire) -> None:
        self.table, self._asked = table, asked

    def marks(self, answers: Mapping[str, npt.NDArray[np.int64]]) -> Marks:
        """Shape (people, options): who stands where; nobody of those who were not asked."""
        codes = [set(option["codes"]) for option in self.table["options"][:-1]]
        outcomes = self._outcomes(answers)
        said = np.column_stack([np.isin(outcomes, sorted(each)) for each in codes])
        return np.column_stack([said, ~said.any(axis=1)])

    def scores(self, answers: Mapping[str, npt.NDArray[np.int64]]) -> npt.NDArray[np.int64]:
        """Of an index each person's score; -1 where there is none."""
        rule = BY_ID[self.table["item"]].rule
        assert isinstance(rule, Score)
        values = np.column_stack([self._values(self._asked.item(name), answers[name]) for name in rule.items])
        valid, total = (values >= 0).sum(axis=1), np.maximum(values, 0).sum(axis=1)
        # To the nearest multiple of five, the middle upward.
        rounded = (2 * total + 5 * valid) // np.maximum(10 * valid, 1) * 5
        return np.where(valid >= rule.least_valid, rounded, -1)

    def _values(self, item: Item, answers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        worth = [-1 if o.value is None else o.value for o in self._asked.options_of(item)]
        if item.reverse:
            worth = [-1 if value < 0 else 100 - value for value in worth]
        return np.array([*worth, -1])[answers]

    def _outcomes(self, answers: Mapping[str, npt.NDArray[np.int64]]) -> npt.NDArray[np.str_]:
        """The code that each person counts under; empty where under none."""
        if self.table["kind"] == "item":
            return self._codes(self.table["item"], answers)
        rule = BY_ID[self.table["item"]].rule
        match rule:
            case Score():
                scores = self.scores(answers)
                return np.where(scores < 0, "", scores.astype(str))
            case OneOf():
                codes, outcomes = self._codes(rule.item, answers), rule.outcomes.items()
                said = [np.isin(codes, held) for _, held in outcomes]
                return np.select(said, [name for name, _ in outcomes], "")
            case AllOf():
                every = [(self._codes(name, answers), code) for name, code in rule.codes.items()]
                said = np.all([codes != "" for codes, _ in every], axis=0)
                hit = np.all([codes == code for codes, code in every], axis=0)
                return np.where(said, np.where(hit, "yes", "no"), "")
            case AnyOf():
                every_act = [self._codes(name, answers) for name in rule.items]
                valid = sum((codes != "").astype(int) for codes in every_act)
                hit = np.any([np.isin(codes, rule.codes) for codes in every_act], axis=0)
                return np.where(valid >= rule.least_valid, np.where(hit, "yes", "no"), "")
            case GroupsOf() | GroupChosen():
                raise AssertionError("counted option by option")

    def _codes(self, name: str, answers: Mapping[str, npt.NDArray[np.int64]]) -> npt.NDArray[np.str_]:
        """The chosen code; empty where nothing was said, and for a missing kind that is no answer here."""
        is_all_of = self.table["kind"] == "indicator" and isinstance(BY_ID[self.table["item"]].rule, AllOf)
        is_one_of = self.table["kind"] == "indicator" and isinstance(BY_ID[self.table["item"]].rule, OneOf)
        codes = [
            option.code
            if not option.kind.is_missing or is_one_of or (is_all_of and option.kind is OptionKind.DONT_KNOW)
            else ""
            for option in self._asked.options_of(self._asked.item(name))
        ]
        return np.array([*codes, ""])[answers[name]]


class _Attack:
    """The tables of some items that hang together."""

    def __init__(self, tables: Sequence[Table], asked: Questionnaire, staff: Sequence[Person]) -> None:
        self._tables, self._asked, self._staff = tables, asked, staff
        self._program = Program()
        self._whole = [table for table in tables if table["by"] is None]
        self._by_group = [table for table in tables if table["by"] is not None]
        self._sums: dict[tuple[str, int], Terms] = {}
        self._bases: dict[str, Terms | None] = {}
        self._numbers: list[Number] = []
        self._kinds: dict[tuple[str, int], _Kinds] = {}
        self._state()

    def take(self, loot: Loot) -> None:
        """Go for everything that must stay open."""
        if self._numbers:
            search = _Search(self._program, self._numbers)
            for row in range(len(self._numbers)):
                search.go_for(row, loot)

    # What is known.

    def _state(self) -> None:
        direct = [table for table in self._whole if _leading(self._asked, _items(table)[0]) is None]
        routed = [table for table in self._whole if table not in direct]
        several = [table for table in direct if self._is_multiple(table)]
        single = [table for table in direct if table not in several]
        if single:
            self._state_single(single)
        for table in several:
            self._state_several(table)
        for table in routed:
            self._state_routed(table)
        for table in self._whole:
            self._show(table)
        self._state_groups()
        self._ask_nested()

    def _is_multiple(self, table: Table) -> bool:
        return _is_multiple(table, self._asked)

    def _state_single(self, tables: Sequence[Table]) -> None:
        acts = _acts_of(tables)
        items = list(dict.fromkeys(name for table in tables for name in _items(table)))
        ways = int(np.prod([len(self._choices(name)) for name in items]))
        if acts:
            _Acts(self._program, tables, self._asked, len(self._staff)).state(self._sums, self._led)
        elif ways <= _MOST_RAW:
            self._list(tables, items)
        else:
            for table in tables:
                self._list([table], [table["item"]]) if table["kind"] == "item" else self._apart(table)

    def _list(self, tables: Sequence[Table], items: Sequence[str]) -> None:
        """Every way to answer that counts differently, as an unknown."""
        raw = np.array(list(product(*(self._choices(name) for name in items))))
        answers = {name: raw[:, place] for place, name in enumerate(items)}
        marks = {table["id"]: _Options(table, self._asked).marks(answers) for table in tables}
        means = {
            table["id"]: _Options(table, self._asked).scores(answers)
            for table in tables
            if table["rows"][0].get("mean") is not None
        }
        leads = {sign: self._are_led(leading, answers) for sign, leading in self._led_from(items).items()}
        stacked = [*marks.values(), *(scores[:, None] for scores in means.values())]
        stacked += [led[:, None] for led in leads.values()]
        _, first = np.unique(np.hstack(stacked), axis=0, return_index=True)
        places = self._program.unknowns(len(first), len(self._staff))
        listing = places[0]
        self._program.know(dict.fromkeys(places, 1), len(self._staff), len(self._staff))
        for table_id, of_table in marks.items():
            self._bases[table_id] = None
            for cell, column in enumerate(of_table[first].T):
                self._sums[table_id, cell] = {places[at]: 1 for at in np.flatnonzero(column)}
                self._kinds[table_id, cell] = _Kinds(listing, column)
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
            leading = _leading(self._asked, _items(table)[0])
            if leading is not None and set(leading) <= set(items):
                found[_sign(leading)] = leading
        return found

    def _led(self, leading: Mapping[str, frozenset[str]], terms: Terms) -> None:
        self._leads[_sign(leading)] = terms

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
        self._program.know({at: far + 5 for at, far in twice.items()}, 0, np.inf)
        self._program.know({at: far - 5 for at, far in twice.items()}, -np.inf, -1)

    def _apart(self, table: Table) -> None:
        """An index by itself: how many have each score, or none."""
        scores = np.array([*range(0, 101, 5), -1])
        places = self._program.unknowns(len(scores), len(self._staff))
        self._program.know(dict.fromkeys(places, 1), len(self._staff), len(self._staff))
        for cell, option in enumerate(table["options"]):
            held = [int(code) for code in option["codes"]] or [-1]
            self._sums[table["id"], cell] = {places[at]: 1 for at in np.flatnonzero(np.isin(scores, held))}
        if table["rows"][0].get("mean") is not None:
            self._know_mean(table["id"], places, scores)

    def _state_several(self, table: Table) -> None:
        """Where several answers can be given: how many gave each."""
        places = self._program.unknowns(len(table["options"]), len(self._staff))
        self._know_several(table, places, {}, len(self._staff))
        for cell, place in enumerate(places):
            self._sums[table["id"], cell] = {place: 1}

    def _know_several(self, table: Table, places: Sequence[int], base: Terms, people: int) -> None:
        """What holds of the answers of `people`, or of as many as `base` says."""
        alone, together = self._alone(table)
        minus = {at: -factor for at, factor in base.items()}
        apart = {places[cell]: 1 for cell in alone}
        for cell in together:
            self._program.know({**apart, places[cell]: 1, **minus}, -np.inf, people)
        # Whoever said nothing that stands alone said something else.
        everything = dict.fromkeys(places, 1)
        self._program.know({**everything, **minus}, people, np.inf)
        self._program.know({**apart, **minus}, -np.inf, people)
        most = self._most_choices(table)
        counted = {places[cell]: 1 for cell in together} | {places[cell]: most for cell in alone}
        self._program.know(
            {**counted, **{at: most * factor for at, factor in minus.items()}}, -np.inf, most * people
        )

    def _alone(self, table: Table) -> tuple[list[int], list[int]]:
        item = self._asked.item(_items(table)[0])
        exclusive = {option.code for option in self._asked.options_of(item) if option.exclusive}
        alone = [
            cell
            for cell, option in enumerate(table["options"])
            if option["id"] == SAID_NOTHING or (option["codes"] and set(option["codes"]) <= exclusive)
        ]
        return alone, [cell for cell in range(len(table["options"])) if cell not in alone]

    def _most_choices(self, table: Table) -> int:
        item = self._asked.item(_items(table)[0])
        return item.max_choices or len(self._asked.options_of(item))

    def _state_routed(self, table: Table) -> None:
        """What was asked of those whom an answer led there."""
        leading = _leading(self._asked, _items(table)[0]) or {}
        led = self._leads.get(_sign(leading))
        (base,) = self._program.unknowns(1, len(self._staff))
        lo, hi = table["rows"][0]["base"]
        self._program.know({base: 1}, lo, hi)
        if led is not None:
            exactly = _is_led_exactly(self._asked, _items(table)[0])
            self._program.know(
                {base: 1, **{at: -one for at, one in led.items()}}, 0 if exactly else -np.inf, 0
            )
        places = self._program.unknowns(len(table["options"]), len(self._staff))
        if _is_multiple(table, self._asked):
            self._know_several(table, places, {base: 1}, 0)
        else:
            self._program.know({**dict.fromkeys(places, 1), base: -1}, 0, 0)
        self._bases[table["id"]] = {base: 1}
        for cell, place in enumerate(places):
            self._sums[table["id"], cell] = {place: 1}

    def _show(self, table: Table) -> None:
        """The organisation's row, and what of it must stay open."""
        (row,) = table["rows"]
        base = self._bases.get(table["id"])
        for cell, (lo, hi) in enumerate(row["cells"]):
            terms = self._sums[table["id"], cell]
            self._program.know(terms, lo, hi)
            if lo < hi and not _hides_all(table):
                self._ask(f"{table['id']}[{cell}]", terms, base, len(self._staff))

    def _ask(self, what: str, terms: Terms, base: Terms | None, people: int) -> None:
        self._numbers.append(Number(what, terms, people))
        rest = {at: -factor for at, factor in terms.items()}
        if base is not None:
            for at, factor in base.items():
                rest[at] = rest.get(at, 0) + factor
            self._numbers.append(Number(f"all but {what}", rest, people))
        else:
            self._numbers.append(
                Number(f"all but {what}", terms, people, down=people - min(T - 1, people), up=people)
            )

    # Groups.

    def _state_groups(self) -> None:
        for item in dict.fromkeys(table["item"] for table in self._by_group):
            self._state_measure([table for table in self._by_group if table["item"] == item])

    def _state_measure(self, tables: Sequence[Table]) -> None:
        whole = next((table for table in self._whole if table["item"] == tables[0]["item"]), None)
        crowd = _Crowd.of(tables, self._asked, self._staff)
        options = len(tables[0]["options"])
        classes = [self._program.unknowns(options, size) for size in crowd.sizes]
        for places, size in zip(classes, crowd.sizes, strict=True):
            if _is_multiple(tables[0], self._asked):
                self._know_several(tables[0], places, {}, size)
            else:
                self._program.know(dict.fromkeys(places, 1), size, size)

        def among(marks: Marks, cell: int) -> Terms:
            return {classes[place][cell]: 1 for place in np.flatnonzero(marks)}

        for cell in range(options):
            if whole is not None:
                total = {at: -factor for at, factor in self._sums[whole["id"], cell].items()}
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
        self, what: str, terms: Terms, crowd: _Crowd, marks: Marks, whole: Table | None, cell: int
    ) -> None:
        self._ask_if_open(what, terms, int(crowd.sizes[marks].sum()), whole, cell)

    def _ask_if_open(self, what: str, terms: Terms, size: int, whole: Table | None, cell: int) -> None:
        """Of people of whom nothing is shown: what the organisation's own row has not said already."""
        lo, hi = whole["rows"][0]["cells"][cell] if whole is not None else (0, len(self._staff))
        least, most = max(size - (len(self._staff) - lo), 0), min(size, hi)
        few = min(T - 1, size)
        if least == 0 and most >= few:
            self._numbers.append(Number(what, terms, size, 0, few))
        if most == size and least <= size - few:
            self._numbers.append(Number(f"all but {what}", terms, size, size - few, size))

    def _ask_classes(self, table: Table, classes: Sequence[list[int]], crowd: _Crowd, cell: int) -> None:
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
            for name in _items(table)
        )

    def _ask_nested(self) -> None:
        """What two figures differ by of which one is a part of the other, and what two leave together."""
        shown = {
            (table["id"], cell): self._kinds[table["id"], cell]
            for table in self._whole
            if not _hides_all(table)
            for cell in range(len(table["options"]))
            if (table["id"], cell) in self._kinds
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
        terms = {at: one for at, one in self._sums[outer].items() if at not in self._sums[inner]}
        self._numbers.append(Number(f"{outer} less {inner}", terms, len(self._staff)))

    def _ask_neither(self, one: tuple[str, int], other: tuple[str, int]) -> None:
        terms, people = self._sums[one] | self._sums[other], len(self._staff)
        few = min(T - 1, people)
        self._numbers.append(Number(f"neither {one} nor {other}", terms, people, people - few, people))


def _is_multiple(table: Table, asked: Questionnaire) -> bool:
    """Whether somebody may stand in several of its options."""
    if table["kind"] == "indicator":
        return isinstance(BY_ID[table["item"]].rule, GroupsOf)
    return asked.item(table["item"]).type is ItemType.MULTI


def _sign(leading: Mapping[str, frozenset[str]]) -> str:
    return str(sorted((name, sorted(codes)) for name, codes in leading.items()))


def _hides_all(table: Table) -> bool:
    return all(cell[0] == 0 and cell[1] >= row["base"][1] for row in table["rows"] for cell in row["cells"])


class _Crowd(NamedTuple):
    """Everybody by which shown rows they stand in."""

    sizes: npt.NDArray[np.int64]
    rows: list[tuple[Marks, Mapping[str, Any]]]
    bys: list[str]

    @classmethod
    def of(cls, tables: Sequence[Table], asked: Questionnaire, staff: Sequence[Person]) -> _Crowd:
        """The classes that the rows of these tables make."""
        rows = [(table["by"], row) for table in tables for row in table["rows"]]
        parents = {row["group"]: row.get("parent") for by, row in rows if by == UNIT}
        members = np.array(
            [[_is_in(person, by, row, asked, parents) for person in staff] for by, row in rows]
        )
        for inside, (_, row) in zip(members, rows, strict=True):
            assert [int(inside.sum())] * 2 == list(row["base"]), "the staff list is read as custody reads it"
        marks, sizes = np.unique(members, axis=1, return_counts=True)
        shown = [(marks[place], row) for place, (_, row) in enumerate(rows)]
        return cls(sizes, shown, [by for by, _ in rows])

    def unseen(self) -> Iterator[Marks]:
        """Whoever stands in no row of a breakdown, in none of a unit's parts, or between two nested rows."""
        everybody = np.ones(len(self.sizes), np.bool_)
        found = []
        for by in dict.fromkeys(self.bys):
            own = [(marks, row) for at, (marks, row) in zip(self.bys, self.rows, strict=True) if at == by]
            found.append(everybody & ~np.any([marks for marks, _ in own], axis=0))
            for marks, row in own:
                parts = [other for other, below in own if below.get("parent") == row["group"]]
                if parts:
                    found.append(marks & ~np.any(parts, axis=0))
        for one, other in product([marks for marks, _ in self.rows], repeat=2):
            if (other <= one).all() and 0 < self.sizes[one & ~other].sum() < 2 * T:
                found.append(one & ~other)
        distinct = {marks.tobytes(): marks for marks in found if marks.any()}
        for marks, _ in self.rows:
            distinct.pop(marks.tobytes(), None)
        yield from distinct.values()


def _is_in(
    person: Person,
    by: str,
    row: Mapping[str, Any],
    asked: Questionnaire,
    parents: Mapping[str, str | None],
) -> bool:
    said = person[by]
    if said is None:
        return False
    if by == UNIT:
        return said == row["group"] or said.startswith(f"{row['group']}-")
    item = asked.item(by)
    rungs = asked.ladder_of(item)
    return any(said in group.codes for rung in rungs for group in rung if group.id == row["group"])


def _acts_of(tables: Sequence[Table]) -> list[str]:
    return [table["item"] for table in tables if table["item"].startswith(("I01", "b0", "b1"))]


class _Acts:
    """
    "Any act", what is within it, and what it leads to, by what holds of any people.

    Of each person: yes, no, or too few answers to say, and of those whether they met something in what they
    did answer. With those the self-label, which leads to the same questions.
    """

    def __init__(self, program: Program, tables: Sequence[Table], asked: Questionnaire, people: int) -> None:
        self._program, self._tables, self._asked, self._people = program, tables, asked, people

    def state(self, sums: dict[tuple[str, int], Terms], led: Any) -> None:  # noqa: ANN401  a bound method
        """The unknowns, what ties them, and which options they are."""
        labels = self._labels()
        states = ("yes", "no", "met", "unmet")
        kinds = list(product(states, range(-1, len(labels))))
        places = self._program.unknowns(len(kinds), self._people)
        self._program.know(dict.fromkeys(places, 1), self._people, self._people)
        of_state = {s: {p: 1 for p, k in zip(places, kinds, strict=True) if k[0] == s} for s in states}
        leading = next(
            (found for i in self._asked.items if (found := _leading(self._asked, i.id)) and len(found) > 10),
            None,
        )
        if leading is not None:
            happened = [place for place, code in enumerate(labels) if code in leading["s01_self_label"]]
            met = [
                p for p, k in zip(places, kinds, strict=True) if k[0] in ("yes", "met") or k[1] in happened
            ]
            led(leading, dict.fromkeys(met, 1))
        for table in self._tables:
            for cell in range(len(table["options"])):
                sums[table["id"], cell] = self._terms(table, cell, of_state, labels, kinds, places)
        self._tie(of_state, sums)

    def _labels(self) -> list[str]:
        return [option.code for option in self._asked.options_of(self._asked.item("s01_self_label"))]

    def _terms(
        self,
        table: Table,
        cell: int,
        of_state: Mapping[str, Terms],
        labels: Sequence[str],
        kinds: Sequence[tuple[str, int]],
        places: Sequence[int],
    ) -> Terms:
        if table["item"] == "I01_exposure_any":
            none = {**of_state["met"], **of_state["unmet"]}
            return {"yes": of_state["yes"], "no": of_state["no"]}.get(table["options"][cell]["id"], none)
        if _items(table) == ("s01_self_label",):
            marks = _Options(table, self._asked).marks({"s01_self_label": np.array([k[1] for k in kinds])})
            del labels
            return {places[at]: 1 for at in np.flatnonzero(marks[:, cell]).tolist()}
        return self._own(table)[cell]

    def _own(self, table: Table) -> list[Terms]:
        """A table's options as unknowns of their own, tied to the others afterwards."""
        if table["id"] not in self._made:
            made = self._program.unknowns(len(table["options"]), self._people)
            self._program.know(dict.fromkeys(made, 1), self._people, self._people)
            self._made[table["id"]] = [{place: 1} for place in made]
        return self._made[table["id"]]

    @cached_property
    def _made(self) -> dict[str, list[Terms]]:
        return {}

    def _tie(self, of_state: Mapping[str, Terms], sums: Mapping[tuple[str, int], Terms]) -> None:
        anybody = {**of_state["yes"], **of_state["met"]}
        acts = [table for table in self._tables if table["kind"] == "item" and table["item"].startswith("b")]
        wholes = [table for table in self._tables if table["id"] in self._made and table not in acts]
        exposed = {table["item"]: self._said(table, sums, "met") for table in [*acts, *wholes]}
        for met in exposed.values():
            # Nobody met a part who did not meet the whole.
            self._at_most(met, anybody)
        if len(acts) == 12:
            every: Terms = {}
            for table in acts:
                every |= exposed[table["item"]]
            self._at_most(of_state["yes"], every)
        for whole in wholes:
            inside = [act for act in acts if act["item"] in _items(whole)]
            rule = BY_ID[whole["item"]].rule
            if not isinstance(rule, AnyOf) or whole["item"].startswith("S01"):
                continue
            unsaid = sums[whole["id"], len(whole["options"]) - 1]
            for act in inside:
                self._at_most(exposed[act["item"]], {**exposed[whole["item"]], **unsaid})
        self._tie_repeated(of_state, wholes, sums)

    def _tie_repeated(
        self, of_state: Mapping[str, Terms], wholes: Sequence[Table], sums: Mapping[tuple[str, int], Terms]
    ) -> None:
        """ "More than once" reads the acts that "any act" reads: the same people said too little."""
        for table in wholes:
            if table["item"].startswith("S01"):
                none = {**of_state["met"], **of_state["unmet"]}
                unsaid = sums[table["id"], len(table["options"]) - 1]
                self._program.know({**none, **dict.fromkeys(unsaid, -1)}, 0, 0)
                self._at_most(self._said(table, sums, "met"), of_state["yes"])

    def _said(self, table: Table, sums: Mapping[tuple[str, int], Terms], what: str) -> Terms:
        del what
        held: Terms = {}
        for cell, option in enumerate(table["options"]):
            if option["id"] not in ("never", "no", SAID_NOTHING):
                held |= sums[table["id"], cell]
        return held

    def _at_most(self, less: Terms, more: Terms) -> None:
        terms = dict(less)
        for at, factor in more.items():
            terms[at] = terms.get(at, 0) - factor
        self._program.know(terms, -np.inf, 0)


class _Search:
    """Sets of people that agree with the release; each answers for every number that it can."""

    def __init__(self, program: Program, numbers: Sequence[Number]) -> None:
        self._program = program
        self._matrix = sparse.csr_array(
            (
                [factor for number in numbers for factor in number.terms.values()],
                (
                    [row for row, number in enumerate(numbers) for _ in number.terms],
                    [at for number in numbers for at in number.terms],
                ),
            ),
            shape=(len(numbers), len(program.upper)),
        )
        self._numbers = numbers
        self._least = np.full(len(numbers), 2**30)
        self._most = np.full(len(numbers), -1)
        self._begin()

    def go_for(self, row: int, loot: Loot) -> None:
        """One number: whether it can be as small, and as large, as it must be able to be."""
        number = self._numbers[row]
        loot.asked += 1
        least = self._end(row, 1, number.down)
        most = self._end(row, -1, -number.up)
        low, high = int(np.ceil(least - _NEAR)), int(np.floor(-most + _NEAR))
        is_low, is_high = self._least[row] <= number.down, self._most[row] >= number.up
        if is_low and is_high:
            return
        upper = number.up == number.cap and number.down > 0
        if number.is_plain and (high <= number.cap - T if upper else low >= T):
            return
        if (is_low or low <= number.down) and (is_high or high >= number.up):
            loot.undecided += 1
        else:
            loot.wins.append(Win(number.what, low, high))

    def _end(self, row: int, sign: int, enough: int) -> float:
        """How far a number goes one way, or a bound of that where it need not be known."""
        reached = self._least[row] if sign > 0 else -self._most[row]
        if reached <= enough:
            return float(enough)
        costs = sign * self._matrix[[row]].toarray().ravel().astype(float)
        found = self._program.least(costs, enough)
        self._keep(found.people)
        return found.bound

    def _begin(self) -> None:
        together = np.asarray(self._matrix.sum(axis=0)).ravel().astype(float)
        draw = np.random.default_rng(0)
        signs = draw.choice([-1.0, 1.0], size=(4, self._matrix.shape[0]))
        for costs in (together, -together, *(sign @ self._matrix for sign in signs)):
            self._keep(self._program.least(np.asarray(costs).ravel()).people)

    def _keep(self, people: npt.NDArray[np.float64] | None) -> None:
        if people is not None:
            values = np.rint(np.asarray(self._matrix @ people)).astype(np.int64)
            self._least, self._most = np.minimum(self._least, values), np.maximum(self._most, values)

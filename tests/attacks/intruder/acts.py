"""
The twelve acts and the self-label: too many ways to answer to list, tied by what holds of any people.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from itertools import product

import numpy as np

from analysis.indicators import BY_ID, AnyOf
from questionnaires.model import Questionnaire
from tests.attacks.intruder.program import Program, Terms
from tests.attacks.intruder.reading import Options, Table, items_of, leading_to

SAID_NOTHING = "no_answer"


def acts_of(tables: Sequence[Table]) -> list[str]:
    return [table["item"] for table in tables if table["item"].startswith(("I01", "b0", "b1"))]


class Acts:
    """
    "Any act", what is within it, and what it leads to, by what holds of any people.

    Of each person: yes, no, or too few answers to say, and of those whether they met something in what they
    did answer. With those the self-label, which leads to the same questions.
    """

    def __init__(self, program: Program, tables: Sequence[Table], asked: Questionnaire, people: int) -> None:
        self._program, self._tables, self._asked, self._people = program, tables, asked, people

    def state(
        self, sums: dict[tuple[str, int], Terms], led: Callable[[Mapping[str, frozenset[str]], Terms], None]
    ) -> None:
        """The unknowns, what ties them, and which options they are."""
        labels = self._labels()
        states = ("yes", "no", "met", "unmet")
        kinds = list(product(states, range(-1, len(labels))))
        places = self._program.unknowns(len(kinds), self._people)
        self._program.know(dict.fromkeys(places, 1), self._people, self._people)
        of_state = {s: {p: 1 for p, k in zip(places, kinds, strict=True) if k[0] == s} for s in states}
        leading = next(
            (
                found
                for i in self._asked.items
                if (found := leading_to(self._asked, i.id)) and len(found) > 10
            ),
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
        if items_of(table) == ("s01_self_label",):
            marks = Options(table, self._asked).marks({"s01_self_label": np.array([k[1] for k in kinds])})
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
            inside = [act for act in acts if act["item"] in items_of(whole)]
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

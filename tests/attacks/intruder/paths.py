"""
Everybody as a path through the questions: what an intruder knows of items with too many answers to list.

A path takes one step for each item, by what was answered to it, and stands at what the shown figures need of
the answers so far: whether anything happened, how many items were left out, what an index has come to. How
many people take each step are the unknowns, and as many leave a place as come to it. Whole numbers of people
who agree with that can be taken apart into paths, one for each person: nothing that ties the items to one
another and to the figures made of them is left out, where `Acts` and figures one by one leave out much.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from analysis.indicators import BY_ID, AllOf, AnyOf, OneOf, Rule, Score
from questionnaires.model import OptionKind, Questionnaire
from tests.attacks.intruder.acts import acts_of
from tests.attacks.intruder.known import Known
from tests.attacks.intruder.program import Program, Terms
from tests.attacks.intruder.reading import Options, Table, items_of, leading_to

State = Any
"""What a figure needs of the answers so far; each kind of figure has one of its own."""


class Reader(NamedTuple):
    """
    A figure that is read along the way.

    Attributes:
        items: What it reads.
        start: Before any answer.
        step: From what was needed so far, the item and the answer's code (empty: none) to what is needed now.
        end: What is counted at the end.
    """

    items: tuple[str, ...]
    start: State
    step: Callable[[State, str, str], State]
    end: Callable[[State], Hashable]


class WithPaths(Known):
    """What is known of everybody, with the acts and the climate index as paths."""

    def _state_single(self, tables: Sequence[Table]) -> None:
        items = list(dict.fromkeys(name for table in tables for name in items_of(table)))
        items += [name for name in self._leading_beside(items) if name not in items]
        ways = np.prod([float(len(self._choices(name))) for name in items])
        if not acts_of(tables) and ways <= self.most_raw:
            super()._state_single(tables)
            return
        items.sort(key=self._asked.positions.__getitem__)
        leading = self._led_from(items)
        readers: dict[str, Reader] = {
            table["id"]: _reader(BY_ID[table["item"]].rule, self._asked)
            for table in tables
            if table["kind"] == "indicator"
        }
        readers |= {sign: _led(codes) for sign, codes in leading.items()}
        walk = _Walk(self.program, self._people, items, readers)
        for name in items:
            walk.over(name, self._answers(name, tables))
        self._read(walk, tables, leading)

    def _leading_beside(self, items: Sequence[str]) -> list[str]:
        """What else leads to the same questions as these do."""
        found = [leading_to(self._asked, items_of(table)[0]) or {} for table in self._whole]
        return [name for leading in found if set(leading) & set(items) for name in leading]

    def _answers(self, name: str, tables: Sequence[Table]) -> list[tuple[str, tuple[int, ...]]]:
        """Each answer's code, and which option of each of the item's own tables it stands in."""
        options = self._asked.options_of(self._asked.item(name))
        choices = self._choices(name)
        own = [table for table in tables if table["kind"] == "item" and table["item"] == name]
        marks = [Options(table, self._asked).marks({name: np.array(choices)}) for table in own]
        cells = [tuple(int(each[row].argmax()) for each in marks) for row in range(len(choices))]
        codes = ["" if choice < 0 else options[choice].code for choice in choices]
        return list(zip(codes, cells, strict=True))

    def _read(self, walk: _Walk, tables: Sequence[Table], leading: Mapping[str, object]) -> None:
        for table in tables:
            self.bases[table["id"]] = None
            if table["kind"] == "item":
                place = [t["id"] for t in tables if t["kind"] == "item" and t["item"] == table["item"]]
                found: Mapping[Hashable, Terms] = walk.answered(table["item"], place.index(table["id"]))
            else:
                found = walk.ended(table["id"])
            for cell in range(len(table["options"])):
                self.sums[table["id"], cell] = _of_cell(table, cell, found)
            if table["rows"][0].get("mean") is not None:
                scores = [(score, at) for score, terms in found.items() for at in terms]
                whole = np.array([-1 if score == "" else int(str(score)) for score, _ in scores])
                self._know_mean(table["id"], [at for _, at in scores], whole)
        for sign in leading:
            self._leads[sign] = walk.ended(sign).get("led", {})


def _of_cell(table: Table, cell: int, found: Mapping[Hashable, Terms]) -> Terms:
    """An item's options go by their place; an indicator's by what they count, and the last by the rest."""
    if table["kind"] == "item":
        return dict(found.get(cell, {}))
    codes = {code for option in table["options"][:-1] for code in option["codes"]}
    held = set(table["options"][cell]["codes"]) if cell < len(table["options"]) - 1 else set(found) - codes
    return {at: one for outcome, terms in found.items() if outcome in held for at, one in terms.items()}


class _Walk:
    """The steps that people take, item after item."""

    def __init__(
        self, program: Program, people: int, items: Sequence[str], readers: Mapping[str, Reader]
    ) -> None:
        self._program, self._people, self._readers = program, people, readers
        self._last = {name: max(reader.items, key=items.index) for name, reader in readers.items()}
        self._first = {name: min(reader.items, key=items.index) for name, reader in readers.items()}
        # Nobody has answered anything: everybody stands at one place.
        self._arrived: dict[frozenset[tuple[str, State]], Terms] = {frozenset(): {}}
        self._is_begun = False
        self._answered: dict[tuple[str, int], dict[Hashable, Terms]] = {}
        self._ended: dict[str, dict[Hashable, Terms]] = {}

    def answered(self, item: str, table: int) -> Mapping[Hashable, Terms]:
        """Who stands in each option of one of an item's own tables."""
        return self._answered[item, table]

    def ended(self, name: str) -> Mapping[Hashable, Terms]:
        """Who counts under each outcome of a figure."""
        return self._ended[name]

    def over(self, item: str, answers: Sequence[tuple[str, tuple[int, ...]]]) -> None:
        """Let everybody answer one item."""
        steps: dict[Hashable, int] = {}
        following: dict[frozenset[tuple[str, State]], Terms] = defaultdict(dict)
        for place, arrived in self._arrived.items():
            leaving: Terms = {}
            for code, cells in answers:
                states = self._stepped(dict(place), item, code)
                # Steps that nothing tells apart are one.
                key = (place, cells, frozenset(states.items()))
                if key not in steps:
                    (steps[key],) = self._program.unknowns(1, self._people)
                    self._count(item, cells, states, steps[key])
                    kept = {(n, s) for n, s in states.items() if self._last[n] != item}
                    following[frozenset(kept)][steps[key]] = 1
                leaving[steps[key]] = 1
            self._let_go(arrived, leaving)
        self._arrived, self._is_begun = dict(following), True

    def _stepped(self, states: dict[str, State], item: str, code: str) -> dict[str, State]:
        for name, reader in self._readers.items():
            if item in reader.items:
                before = reader.start if self._first[name] == item else states[name]
                states[name] = reader.step(before, item, code)
        return states

    def _count(self, item: str, cells: tuple[int, ...], states: Mapping[str, State], step: int) -> None:
        for table, cell in enumerate(cells):
            self._answered.setdefault((item, table), defaultdict(dict))[cell][step] = 1
        for name, state in states.items():
            if self._last[name] == item:
                outcome = self._readers[name].end(state)
                self._ended.setdefault(name, defaultdict(dict))[outcome][step] = 1

    def _let_go(self, arrived: Terms, leaving: Terms) -> None:
        if self._is_begun:
            self._program.know({**leaving, **dict.fromkeys(arrived, -1)}, 0, 0)
        else:
            self._program.know(leaving, self._people, self._people)


def _reader(rule: Rule, asked: Questionnaire) -> Reader:
    match rule:
        case AnyOf():
            return Reader(rule.items, (False, 0), partial(_any_step, rule, asked), partial(_any_end, rule))
        case Score():
            return Reader(rule.items, (0, 0), partial(_score_step, asked), partial(_score_end, rule))
        case OneOf() | AllOf():
            return Reader(rule.items, (), partial(_kept_step, rule, asked), partial(_kept_end, rule))
        case _:
            raise AssertionError("counted option by option")


def _led(codes: Mapping[str, frozenset[str]]) -> Reader:
    """Whether any answer has led there."""

    def step(state: State, item: str, code: str) -> State:
        return state or code in codes[item]

    return Reader(tuple(codes), False, step, lambda state: "led" if state else "")


def _is_said(asked: Questionnaire, item: str, code: str) -> bool:
    kinds = {option.code: option.kind for option in asked.options_of(asked.item(item))}
    return bool(code) and not kinds[code].is_missing


def _any_step(rule: AnyOf, asked: Questionnaire, state: State, item: str, code: str) -> State:
    hit, unsaid = state
    most = len(rule.items) - rule.least_valid + 1
    return hit or code in rule.codes, unsaid if _is_said(asked, item, code) else min(unsaid + 1, most)


def _any_end(rule: AnyOf, state: State) -> Hashable:
    hit, unsaid = state
    if unsaid > len(rule.items) - rule.least_valid:
        return ""
    return "yes" if hit else "no"


def _score_step(asked: Questionnaire, state: State, item: str, code: str) -> State:
    valid, total = state
    values = {option.code: option.value for option in asked.options_of(asked.item(item))}
    worth = values.get(code)
    if worth is None:
        return state
    return valid + 1, total + (100 - worth if asked.item(item).reverse else worth)


def _score_end(rule: Score, state: State) -> Hashable:
    valid, total = state
    # To the nearest multiple of five, the middle upward.
    return str((2 * total + 5 * valid) // (10 * valid) * 5) if valid >= rule.least_valid else ""


def _kept_step(rule: OneOf | AllOf, asked: Questionnaire, state: State, item: str, code: str) -> State:
    kind = {option.code: option.kind for option in asked.options_of(asked.item(item))}.get(code)
    counts = kind is not None and (
        isinstance(rule, OneOf) or not kind.is_missing or kind is OptionKind.DONT_KNOW
    )
    return (*state, (item, code if counts else ""))


def _kept_end(rule: OneOf | AllOf, state: State) -> Hashable:
    said = dict(state)
    if isinstance(rule, OneOf):
        return next((name for name, held in rule.outcomes.items() if said[rule.item] in held), "")
    if not all(said.values()):
        return ""
    return "yes" if all(said[name] == code for name, code in rule.codes.items()) else "no"

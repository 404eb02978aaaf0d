"""
What a release's tables read of the questionnaire: items, the conditions that lead to them, and each option.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.indicators import BY_ID, AllOf, AnyOf, GroupChosen, GroupsOf, OneOf, Score
from questionnaires.model import Item, ItemType, OptionKind, Questionnaire

Table = Mapping[str, Any]
"""A table as a release writes it."""
Marks = npt.NDArray[np.bool_]


def together(tables: Sequence[Table], asked: Questionnaire) -> list[list[Table]]:
    """Tables that read the same items, or whose items lead to one another's."""
    groups: list[tuple[set[str], list[Table]]] = []
    for table in tables:
        reads, own = _reads(table, asked), [table]
        for group in [group for group in groups if group[0] & reads]:
            groups.remove(group)
            reads, own = reads | group[0], group[1] + own
        groups.append((reads, own))
    return [own for _, own in groups]


def items_of(table: Table) -> tuple[str, ...]:
    return BY_ID[table["item"]].rule.items if table["kind"] == "indicator" else (table["item"],)


def _reads(table: Table, asked: Questionnaire) -> set[str]:
    reads = set(items_of(table))
    for name in items_of(table):
        reads |= set(leading_to(asked, name) or {})
    return reads


def leading_to(asked: Questionnaire, item: str) -> dict[str, frozenset[str]] | None:
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


def is_led_exactly(asked: Questionnaire, item: str) -> bool:
    conditions = {asked.section_of(item).show_if, asked.item(item).show_if} - {None}
    return len(conditions) == 1


class Options:
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


def is_multiple(table: Table, asked: Questionnaire) -> bool:
    """Whether somebody may stand in several of its options."""
    if table["kind"] == "indicator":
        return isinstance(BY_ID[table["item"]].rule, GroupsOf)
    return asked.item(table["item"]).type is ItemType.MULTI


def sign_of(leading: Mapping[str, frozenset[str]]) -> str:
    return str(sorted((name, sorted(codes)) for name, codes in leading.items()))


def hides_all(table: Table) -> bool:
    return all(cell[0] == 0 and cell[1] >= row["base"][1] for row in table["rows"] for cell in row["cells"])

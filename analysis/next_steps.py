"""
What to talk about next: rules that read published figures and answer with a question and a kind of tool.

A rule speaks only when everything that the published bounds leave possible agrees with it; what is hidden,
or wide, says nothing (docs/explanation/disclosure.md, R4). Thresholds are where a talk may begin, not grades.
The rules stand in analysis/next_steps.yaml, with the evidence behind them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any, Final

import yaml
from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, ValidationError

from analysis.indicators import BY_ID, YES, Score
from analysis.naming import reporting_group
from analysis.release import Release, Row, Table
from analysis.shares import Share, shares_of_answered
from analysis.tables import NO_ANSWER, Interval
from questionnaires.model import Questionnaire

_ALL: Final = 100
_ROUNDING: Final = Fraction(5, 2)
"""A mean is published to the nearest 5: the unrounded one lies this far to either side."""


class NextStepsError(ValueError):
    """Rules that cannot be read; says where and what."""


@dataclass(frozen=True, slots=True)
class Extent:
    """Everything that a figure can be by what is published: per cents, points, or a difference of them."""

    least: Fraction
    most: Fraction

    def minus(self, other: Extent) -> Extent:
        """The difference of two figures, each anywhere within its own extent."""
        return Extent(self.least - other.most, self.most - other.least)


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Limits(_Part):
    below: int | None = None
    above: int | None = None

    def hold(self, extent: Extent | None) -> bool:
        """Whether all of the extent lies beyond the limits."""
        if extent is None:
            return False
        return (self.below is None or extent.most < self.below) and (
            self.above is None or extent.least > self.above
        )


class IndicatorRule(_Limits):
    """An indicator's share of yes, or its mean, or the share of one of its groups."""

    indicator: str
    group: str | None = None

    @property
    def reads(self) -> tuple[str, ...]:
        """Ids of the figures that it reads."""
        return (self.indicator,)

    def speaks(self, figures: Figures) -> bool:
        """Whether the published figures say it beyond doubt."""
        return self.hold(figures.indicator(self.indicator, self.group))


class ItemRule(_Limits):
    """The share of those who chose one of some options, in one area or in all."""

    item: str
    share_of: str | None = None
    option: tuple[str, ...] = ()
    area: str | None = None

    @property
    def reads(self) -> tuple[str, ...]:
        """Ids of the figures that it reads."""
        return (self.item,)

    def speaks(self, figures: Figures) -> bool:
        """Whether the published figures say it beyond doubt."""
        codes = self.option or (self.share_of or "",)
        return self.area in {None, figures.area} and self.hold(figures.chosen(self.item, codes))


class MeanRule(_Part):
    """The mean of one item, turned so that more is better."""

    item: str
    mean_below_after_reverse: int

    @property
    def reads(self) -> tuple[str, ...]:
        """Ids of the figures that it reads."""
        return (self.item,)

    def speaks(self, figures: Figures) -> bool:
        """Whether the published figures say it beyond doubt."""
        extent = figures.item_mean(self.item)
        return extent is not None and extent.most < self.mean_below_after_reverse


class Gap(_Part):
    """Two indicators and how far the first lies above the second."""

    indicator_a: str
    indicator_b: str
    difference_above: int


class GapRule(_Part):
    """One indicator lies far above another."""

    gap: Gap

    @property
    def reads(self) -> tuple[str, ...]:
        """Ids of the figures that it reads."""
        return (self.gap.indicator_a, self.gap.indicator_b)

    def speaks(self, figures: Figures) -> bool:
        """Whether the published figures say it beyond doubt."""
        first = figures.indicator(self.gap.indicator_a)
        second = figures.indicator(self.gap.indicator_b)
        if first is None or second is None:
            return False
        return first.minus(second).least > self.gap.difference_above


class GroupGap(_Part):
    """An indicator, a breakdown whose first group is the youngest, and how far that lies above the rest."""

    indicator: str
    item: str
    youngest_minus_rest_above: int


class GroupGapRule(_Part):
    """An indicator is far higher among the youngest than among everybody else."""

    breakdown_gap: GroupGap

    @property
    def reads(self) -> tuple[str, ...]:
        """Ids of the figures that it reads."""
        return (self.breakdown_gap.indicator,)

    def speaks(self, figures: Figures) -> bool:
        """Whether the published figures say it beyond doubt."""
        difference = figures.first_group_minus_rest(self.breakdown_gap.indicator, self.breakdown_gap.item)
        return difference is not None and difference.least > self.breakdown_gap.youngest_minus_rest_above


class AllRule(_Part):
    """Several rules about indicators at once."""

    all_of: Annotated[tuple[IndicatorRule, ...], Field(min_length=1)]

    @property
    def reads(self) -> tuple[str, ...]:
        """Ids of the figures that it reads."""
        return tuple(rule.indicator for rule in self.all_of)

    def speaks(self, figures: Figures) -> bool:
        """Whether each of them says it beyond doubt."""
        return all(rule.speaks(figures) for rule in self.all_of)


_KINDS: Final = ("mean_below_after_reverse", "item", "indicator", "gap", "breakdown_gap", "all_of")


def _kind(rule: Any) -> str | None:  # noqa: ANN401  Whatever stands in the file: pydantic says what is wrong with it.
    return next((kind for kind in _KINDS if isinstance(rule, dict) and kind in rule), None)


_When = Annotated[
    Annotated[MeanRule, Tag("mean_below_after_reverse")]
    | Annotated[ItemRule, Tag("item")]
    | Annotated[IndicatorRule, Tag("indicator")]
    | Annotated[GapRule, Tag("gap")]
    | Annotated[GroupGapRule, Tag("breakdown_gap")]
    | Annotated[AllRule, Tag("all_of")],
    Discriminator(_kind),
]


class Words(_Part):
    """One sentence in the alliance's languages."""

    da: str
    en: str

    def __getitem__(self, language: str) -> str:
        return self.da if language == "da" else self.en


class NextStep(_Part):
    """
    One rule: when it speaks, the question it asks, and the kind of tool that helps with it.

    Attributes:
        when: What the published figures must say.
        question: What a team can talk about; never about a person.
        tool_category: Of the alliance's library.
    """

    id: str
    when: _When
    question: Words
    tool_category: str


class Evidence(_Part):
    """Why the rules are as they are, and where that is from."""

    claim: str
    source: str


class NextSteps(_Part):
    """
    All rules, with the limits that come before them.

    Attributes:
        limits: What nobody does with the figures, first of all.
        rules: In the order in which they are said.
    """

    version: str
    limits: tuple[Words, ...]
    rules: tuple[NextStep, ...]
    tool_categories: tuple[str, ...]
    evidence: tuple[Evidence, ...]

    def that_speak(self, figures: Figures) -> tuple[NextStep, ...]:
        """The rules that the figures bear out, in their order."""
        return tuple(rule for rule in self.rules if rule.when.speaks(figures))


def read_next_steps(text: str) -> NextSteps:
    """
    The rules of a file.

    Raises:
        NextStepsError: If the text is no YAML, or says what no rule can mean.
    """
    try:
        steps = NextSteps.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise NextStepsError(f"next steps: no YAML: {error}") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "as a whole"
        raise NextStepsError(f"next steps: {place}: {first['msg']}") from error
    unknown = {rule.tool_category for rule in steps.rules} - set(steps.tool_categories)
    if unknown:
        raise NextStepsError(f"next steps: {min(unknown)} is no tool category; add it to the list")
    return steps


@dataclass(frozen=True, slots=True)
class Figures:
    """
    What one release says, as extents of the figures that rules ask for.

    Attributes:
        release: The published figures.
        questionnaire: What was asked.
        area: Of the organisation: labour_market, education or culture_leisure.
    """

    release: Release
    questionnaire: Questionnaire
    area: str

    def indicator(self, indicator: str, group: str | None = None) -> Extent | None:
        """The mean of an index, else the share that counts as yes or as the group; None if it is not said."""
        table = self._table("indicator", indicator)
        if table is None:
            return None
        return _of_row(table, table.rows[0], group)

    def chosen(self, item: str, codes: Sequence[str]) -> Extent | None:
        """The share that chose any of the codes; None where the table counts others together with them."""
        table = self._table("item", item)
        if table is None:
            return None
        places = [place for place, option in enumerate(table.options[:-1]) if set(option.codes) & set(codes)]
        if not places or any(not set(table.options[place].codes) <= set(codes) for place in places):
            return None
        return _together(table, table.rows[0], places)

    def item_mean(self, item: str) -> Extent | None:
        """The mean of an item's substantive answers in 0..100, reversed where it asks the other way round."""
        table = self._table("item", item)
        if table is None:
            return None
        options, asked = {}, self.questionnaire.item(item)
        for option in self.questionnaire.options_of(asked):
            if option.value is not None:
                options[option.code] = _ALL - option.value if asked.reverse else option.value
        return _mean(table, table.rows[0], options)

    def first_group_minus_rest(self, indicator: str, by: str) -> Extent | None:
        """How far an indicator's share lies higher in the first group than in all others together."""
        table = self._table("indicator", indicator, by=by)
        if table is None:
            return None
        first, *older = table.rows
        youngest_code = self.questionnaire.options_of(self.questionnaire.item(by))[0].code
        group = reporting_group(table, first, self.questionnaire)
        if group is None or youngest_code not in group.codes or not older:
            return None
        youngest, others = _of_row(table, first), [_of_row(table, row) for row in older]
        known = [extent for extent in others if extent is not None]
        if youngest is None or len(known) < len(others):
            return None
        rest = Extent(min(extent.least for extent in known), max(extent.most for extent in known))
        return youngest.minus(rest)

    def _table(self, kind: str, measured: str, by: str | None = None) -> Table | None:
        return next(
            (
                table
                for table in self.release.tables
                if (table.kind, table.item, table.by) == (kind, measured, by)
            ),
            None,
        )


def _of_row(table: Table, row: Row, group: str | None = None) -> Extent | None:
    indicator = BY_ID.get(table.item)
    if indicator is not None and isinstance(indicator.rule, Score):
        return None if row.mean is None else Extent(row.mean - _ROUNDING, row.mean + _ROUNDING)
    wanted = group or YES
    places = [place for place, option in enumerate(table.options) if option.id == wanted]
    return _together(table, row, places) if places else None


def _together(table: Table, row: Row, places: Sequence[int]) -> Extent:
    """The share of those who answered that stand in any of the options."""
    cells = [Interval(*cell) for cell in row.cells]
    if table.multiple:
        shares = shares_of_answered(cells, Interval(*row.base), multiple=True)
        return _either([shares[place] for place in places])
    chosen = [cells[place] for place in places]
    others = [cell for place, cell in enumerate(cells[:-1]) if place not in places]
    together = Interval(sum(cell.lo for cell in chosen), min(sum(cell.hi for cell in chosen), row.base[1]))
    share, *_ = shares_of_answered([together, *others, cells[-1]], Interval(*row.base), multiple=False)
    return Extent(share.least * _ALL, share.most * _ALL)


def _either(shares: Sequence[Share]) -> Extent:
    """Of people who may stand in several options: at least as many as in the fullest, at most their sum."""
    most = min(sum((share.most for share in shares), Fraction(0)), Fraction(1))
    return Extent(max(share.least for share in shares) * _ALL, most * _ALL)


def _mean(table: Table, row: Row, values: dict[str, int]) -> Extent | None:
    """The least and the greatest mean that counts within their bounds can have."""
    scored: list[tuple[Interval, list[int]]] = []
    for option, cell in zip(table.options, row.cells, strict=True):
        if option.id == NO_ANSWER:
            continue
        if any(code not in values for code in option.codes):
            return None
        scored.append((Interval(*cell), [values[code] for code in option.codes]))
    least = _extreme((cell, min(points)) for cell, points in scored)
    most = _extreme((cell, -max(points)) for cell, points in scored)
    return None if least is None or most is None else Extent(least, -most)


def _extreme(scored: Iterable[tuple[Interval, int]]) -> Fraction | None:
    """The least mean: everybody who must be there, then the lowest values as long as they lower it."""
    cells = sorted(scored, key=lambda each: each[1])
    people = sum(cell.lo for cell, _ in cells)
    total = Fraction(sum(cell.lo * value for cell, value in cells))
    for value, more in _more(cells):
        if people and value * people >= total:
            break
        people, total = people + more, total + more * value
    return total / people if people else None


def _more(cells: Sequence[tuple[Interval, int]]) -> Iterator[tuple[int, int]]:
    return ((value, cell.hi - cell.lo) for cell, value in cells if cell.hi > cell.lo)

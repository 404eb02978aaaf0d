"""
Problems of cell suppression in the JJ format, which τ-Argus and sdcTable exchange, and their solutions.

The two-level case of analysis/disclosure/problem.py: a cell is published or suppressed. The format, after the
initials of J. J. Salazar-González: τ-Argus reads it in its FullJJ, sdcTable writes it with writeJJFormat.
Described in docs/reference/formats.md, "Problem of cell suppression".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import ceil, floor, inf, isfinite
from typing import Final, NoReturn, TypeAlias

import numpy as np

from analysis.disclosure.optimisation import CannotProtectError, Forms, ranges
from analysis.disclosure.problem import ChoiceCell, FormProblem, Known, Protected, Terms

LARGEST_FILE: Final = 32 * 1024 * 1024
"""Bytes."""
MOST_CELLS: Final = 100_000
_LARGEST_NUMBER: Final = 2_140_000_000
"""What counts as infinite: τ-Argus' JJINF."""
_LARGEST_FACTOR: Final = 127
_NEAR: Final = 1e-4

_NUMBER: Final = re.compile(r"-?\d{1,18}(?:\.\d{0,18})?(?:[eE][+-]?\d{1,2})?")
_TOO_LONG: Final = re.compile(r"-?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?")
_TOKEN: Final = re.compile(r"[:()]|[^\s:()]+")
_ENDLESS: Final = frozenset({"inf", "+inf", "infinity"})
_STATUS: Final = frozenset("suz")
_COLUMNS: Final = ("id", "value", "weight", "status", "lower", "upper", "LPL", "UPL", "SPL")


class JjError(ValueError):
    """A file that is no problem in the JJ format, or one that contradicts itself; says line, fact, remedy."""


@dataclass(frozen=True, slots=True)
class JjCell:
    """
    One cell.

    Attributes:
        id: What the equations and the solution call it.
        value: What it is.
        weight: What suppressing it costs.
        status: `s` may be published, `u` sensitive, `z` must stay published.
        lower, upper: What everybody knows it to lie between.
        below, above: An intruder must find possible that it is so much less, and so much more (LPL, UPL).
        spread: The least width of what an intruder finds possible (SPL).
        line: Where it stands in the file.
    """

    id: int
    value: int
    weight: float
    status: str
    lower: float
    upper: float
    below: float
    above: float
    spread: float
    line: int


@dataclass(frozen=True, slots=True)
class JjEquation:
    """Cells that sum, each so many times, to the right side."""

    right: int
    ids: tuple[int, ...]
    factors: tuple[int, ...]
    line: int


@dataclass(frozen=True, slots=True)
class JjProblem:
    """A table: its cells, and the equations between them."""

    cells: tuple[JjCell, ...] = field(repr=False)
    equations: tuple[JjEquation, ...] = field(repr=False)

    @property
    def sensitive(self) -> tuple[JjCell, ...]:
        """Cells that may not be published."""
        return tuple(cell for cell in self.cells if cell.status == "u")


@dataclass(frozen=True, slots=True)
class JjSolution:
    """
    Which cells are suppressed.

    Attributes:
        suppressed: All of them, sensitive ones too.
        secondary: Of those, the ones that are not sensitive.
        cost: The weights of the secondary ones, summed.
        bound: No suppression that protects costs less.
        optimal: Whether this one costs just that.
        ranges: By id of each sensitive cell, what an intruder can find it to be; ends rounded inward.
    """

    suppressed: tuple[int, ...]
    secondary: tuple[int, ...]
    cost: float
    bound: float
    optimal: bool
    ranges: dict[int, tuple[int, int]]


def read_jj(content: bytes) -> JjProblem:
    """
    The problem that a file holds.

    Raises:
        JjError: If it is not in the format, too large, or contradicts itself: a total that does not add up,
            a count that is negative or no whole number, a bound on the wrong side, an id that is not there.
    """
    if len(content) > LARGEST_FILE:
        raise JjError(f"it has {len(content):,} bytes; at most {LARGEST_FILE:,} are read. Split the table")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise JjError(f"byte {error.start} is no text; give a file in the JJ format") from None
    problem = _Reader(text).problem()
    _check(problem)
    return problem


def form_problem(problem: JjProblem) -> FormProblem:
    """The problem for the optimisation: each unknown is how far a cell lies over its lower bound."""
    place = {cell.id: number for number, cell in enumerate(problem.cells)}
    lower = {cell.id: cell.lower for cell in problem.cells}
    frame = []
    for equation in problem.equations:
        right = equation.right - sum(
            factor * lower[id_] for id_, factor in zip(equation.ids, equation.factors, strict=True)
        )
        terms = Terms(tuple(place[id_] for id_ in equation.ids), tuple(map(float, equation.factors)))
        frame.append(Known(terms, right, right))
    return FormProblem(
        unknowns=len(problem.cells),
        upper=np.array([cell.upper - cell.lower for cell in problem.cells]),
        frame=tuple(frame),
        cells=tuple(_choice(number, cell) for number, cell in enumerate(problem.cells)),
        protections=tuple(
            Protected(
                Terms.one(place[cell.id]),
                (cell.value - cell.below - cell.lower, cell.value + cell.above - cell.lower),
                cell.spread,
            )
            for cell in problem.sensitive
        ),
    )


def solution(problem: JjProblem, forms: Forms) -> JjSolution:
    """
    What the forms chosen for `form_problem` say of the file's cells.

    Raises:
        NotProvenError: If the solver failed on a range.
    """
    hidden = [
        cell for cell, level in zip(problem.cells, forms.levels, strict=True) if level or cell.status == "u"
    ]
    found = ranges(form_problem(problem), forms.levels)
    return JjSolution(
        suppressed=tuple(cell.id for cell in hidden),
        secondary=tuple(cell.id for cell in hidden if cell.status != "u"),
        cost=forms.cost,
        bound=forms.bound,
        optimal=forms.optimal,
        ranges={
            cell.id: (ceil(least + cell.lower - _NEAR), floor(most + cell.lower + _NEAR))
            for cell, (least, most) in zip(problem.sensitive, found, strict=True)
        },
    )


def unprotected(problem: JjProblem, error: CannotProtectError) -> tuple[int, ...]:
    """Ids of the sensitive cells that no suppression protects."""
    return tuple(problem.sensitive[number].id for number in error.protections)


def _choice(number: int, cell: JjCell) -> ChoiceCell:
    shown = (cell.value - cell.lower,) * 2
    suppressed = (0.0, cell.upper - cell.lower)
    if cell.status == "s":
        return ChoiceCell(Terms.one(number), shown[0], (shown, suppressed), (cell.weight,))
    return ChoiceCell(Terms.one(number), shown[0], (suppressed if cell.status == "u" else shown,))


_Token: TypeAlias = tuple[str, int]


class _Reader:
    """The file's words in order, each with its line: where lines end means nothing in this format."""

    def __init__(self, text: str) -> None:
        self._words = _words(text)
        self._line = 1

    def problem(self) -> JjProblem:
        self._exactly("0", "a file in the JJ format begins with 0 alone on its line")
        number = self._count("the number of cells", 1, MOST_CELLS)
        cells = tuple(self._cell() for _ in range(number))
        equations = self._count("the number of equations", 0, 10 * MOST_CELLS)
        problem = JjProblem(cells, tuple(self._equation(number) for _ in range(equations)))
        for word, line in self._words:
            raise JjError(
                f"line {line}: {_quoted(word)} comes after the last equation; say how many there are"
            )
        return problem

    def _cell(self) -> JjCell:
        words = {column: self._word(f"a cell's {column}") for column in _COLUMNS}
        line = self._line
        if words["status"] not in _STATUS:
            self._fail(
                f"status {_quoted(words['status'])} is not one of the format's; write s (may be published), u"
                " (sensitive) or z (must stay published)"
            )
        numbers = {column: self._number(column, word) for column, word in words.items() if column != "status"}
        return JjCell(
            id=self._whole("id", numbers["id"]),
            value=self._whole("value", numbers["value"]),
            weight=numbers["weight"],
            status=words["status"],
            lower=numbers["lower"],
            upper=min(numbers["upper"], float(_LARGEST_NUMBER)),
            below=numbers["LPL"],
            above=numbers["UPL"],
            spread=numbers["SPL"],
            line=line,
        )

    def _equation(self, cells: int) -> JjEquation:
        right = self._number("right side", self._word("an equation's right side"))
        line = self._line
        terms = self._count("the number of an equation's cells", 1, cells)
        self._exactly(
            ":", "an equation is written: right side, number of cells, colon, then id (factor) for each"
        )
        pairs = [self._term() for _ in range(terms)]
        ids = tuple(id_ for id_, _ in pairs)
        if len(set(ids)) != len(ids):
            self._fail("an equation names a cell twice; add its factors up")
        return JjEquation(self._whole("right side", right), ids, tuple(factor for _, factor in pairs), line)

    def _term(self) -> tuple[int, int]:
        id_ = self._whole("id", self._number("id", self._word("an id in an equation")))
        self._exactly("(", "after an id in an equation comes its factor in brackets: 3 (-1)")
        factor = self._number("factor", self._word("a factor"))
        self._exactly(")", "a factor stands in brackets: 3 (-1)")
        if not 0 < abs(factor) <= _LARGEST_FACTOR:
            self._fail(
                f"factor {factor:g} is 0 or too large; write 1 or -1, at most {_LARGEST_FACTOR} either way"
            )
        return id_, self._whole("factor", factor)

    def _word(self, what: str) -> str:
        word, self._line = next(self._words, ("", self._line))
        if not word:
            self._fail(f"the file ends where {what} belongs; is it cut off?")
        return word

    def _exactly(self, word: str, remedy: str) -> None:
        found = self._word(f'"{word}"')
        if found != word and not (word == "0" and re.fullmatch(r"0+(\.0*)?", found)):
            self._fail(f"{_quoted(found)} where {_quoted(word)} belongs: {remedy}")

    def _count(self, what: str, least: int, most: int) -> int:
        number = self._whole(what, self._number(what, self._word(what)))
        if not least <= number <= most:
            self._fail(f"{what} is {number:,}; say how many follow, from {least} to {most:,}")
        return number

    def _number(self, what: str, word: str) -> float:
        if what == "upper" and word.lower() in _ENDLESS:
            return inf
        if not _NUMBER.fullmatch(word):
            if _TOO_LONG.fullmatch(word):
                self._fail(
                    f"{what} {_quoted(word)} is too long; write at most 18 digits before the point, 18"
                    " after it and 2 in an exponent"
                )
            self._fail(f"{what} {_quoted(word)} is no number; write it in digits with a decimal point")
        return float(word)

    def _whole(self, what: str, number: float) -> int:
        if number != round(number):
            self._fail(f"{what} {number:.17g} is no whole number; write one, up to {_LARGEST_NUMBER:,}")
        if abs(number) > _LARGEST_NUMBER:
            self._fail(
                f"{what} {number:.17g} is beyond {_LARGEST_NUMBER:,}, which counts as infinite;"
                " write a smaller one"
            )
        return round(number)

    def _fail(self, fact: str) -> NoReturn:
        raise JjError(f"line {self._line}: {fact}")


def _words(text: str) -> Iterator[_Token]:
    for number, line in enumerate(text.split("\n"), start=1):
        for word in _TOKEN.findall(line):
            yield word, number


def _check(problem: JjProblem) -> None:
    cells: dict[int, JjCell] = {}
    for cell in problem.cells:
        if cell.id in cells:
            raise JjError(
                f"line {cell.line}: id {cell.id} stands on line {cells[cell.id].line} already; give each cell"
                " an id of its own"
            )
        cells[cell.id] = cell
        _check_cell(cell)
    for number, equation in enumerate(problem.equations, start=1):
        place = f"line {equation.line}: equation {number}"
        unknown = next((id_ for id_ in equation.ids if id_ not in cells), None)
        if unknown is not None:
            raise JjError(f"{place}: there is no cell {unknown}; ids are those of the cells' first column")
        total = sum(
            factor * cells[id_].value for id_, factor in zip(equation.ids, equation.factors, strict=True)
        )
        if total != equation.right:
            raise JjError(f"{place}: its cells sum to {total}, not to {equation.right}; mend the table")


def _check_cell(cell: JjCell) -> None:
    place = f"line {cell.line}: cell {cell.id}"
    for name, number in (
        ("value", cell.value),
        ("weight", cell.weight),
        ("LPL", cell.below),
        ("UPL", cell.above),
        ("SPL", cell.spread),
    ):
        if not (0 <= number <= _LARGEST_NUMBER and isfinite(number)):
            raise JjError(f"{place}: {name} is {number:.17g}; write a number from 0 to {_LARGEST_NUMBER:,}")
    if not -_LARGEST_NUMBER <= cell.lower <= cell.value <= cell.upper:
        raise JjError(
            f"{place}: its value {cell.value} is not between {cell.lower:.17g} and {cell.upper:.17g}, which"
            " everybody knows it to be; mend the bounds"
        )


def _quoted(word: str) -> str:
    """A word from a file, short enough for one line and without what a terminal would obey."""
    return f'"{"".join(character if character.isprintable() else "?" for character in word[:20])}"'


def document(found: JjSolution) -> dict[str, Sequence[int] | float | bool | dict[str, list[int]]]:
    """The solution as JSON has it."""
    return {
        "suppressed": list(found.suppressed),
        "secondary": list(found.secondary),
        "cost": _plain(found.cost),
        "bound": _plain(found.bound),
        "optimal": found.optimal,
        "ranges": {str(id_): list(ends) for id_, ends in found.ranges.items()},
    }


def _plain(number: float) -> float:
    return round(number) if number == round(number) else number

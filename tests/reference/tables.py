"""Published tables as problems of cell suppression, put together from their counts."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from analysis.disclosure.jj import JjProblem, read_jj


@dataclass
class Table:
    """
    Cells by key and equations between keys, in the order they are named.

    Attributes:
        cells: By key: value, status, LPL and UPL.
        equations: Each a total, and what it is the sum of.
    """

    cells: dict[Hashable, tuple[int, str, int, int]] = field(default_factory=dict)
    equations: list[tuple[Hashable, Sequence[Hashable]]] = field(default_factory=list)

    def cell(
        self, key: Hashable, value: int, *, need: tuple[int, int] | None = None, kept: bool = False
    ) -> None:
        """A cell: to be protected if there is a need, always published if it is kept."""
        status = "u" if need else "z" if kept else "s"
        self.cells[key] = (value, status, *(need or (0, 0)))

    def total(self, key: Hashable, parts: Iterable[Hashable], *, kept: bool = False) -> None:
        """The sum of cells that are there, as a cell of its own and as an equation."""
        parts = list(parts)
        self.cell(key, sum(self.cells[part][0] for part in parts), kept=kept)
        self.equation(key, parts)

    def equation(self, key: Hashable, parts: Iterable[Hashable]) -> None:
        """That cells which are there sum to one that is there."""
        self.equations.append((key, list(parts)))

    @property
    def ids(self) -> Mapping[Hashable, int]:
        """The number of each key."""
        return {key: number for number, key in enumerate(self.cells)}

    def text(self) -> str:
        """The problem in the JJ format; suppressing a cell costs its value, and it may be up to the total."""
        ids, most = self.ids, max(value for value, *_ in self.cells.values())
        lines = ["0", str(len(self.cells))]
        for key, (value, status, below, above) in self.cells.items():
            lines.append(f"{ids[key]} {value} {value} {status} 0 {10 * most} {below} {above} 0")
        lines.append(str(len(self.equations)))
        for total, parts in self.equations:
            terms = " ".join(f"{ids[part]} (1)" for part in parts)
            lines.append(f"0 {len(parts) + 1} : {ids[total]} (-1) {terms}")
        return "\n".join([*lines, ""])

    def problem(self) -> JjProblem:
        return read_jj(self.text().encode())

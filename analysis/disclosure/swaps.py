"""
Swaps: one set of people that agrees with what is shown makes many.

If two people give each other their answers, no total of the organisation changes, and the rows they stand in
change by one at most. Where there is room for that, the set with the two swapped agrees with everything shown
too, and need not be looked for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_Numbers = npt.NDArray[np.int64]
_Whether = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Swaps:
    """
    The rows shown of one table of which each person stands in one cell.

    Attributes:
        marks: Shape (rows, classes), of which classes each row consists.
        least: Shape (rows, outcomes), what each cell is at least.
        most: Likewise at most.
    """

    marks: _Whether
    least: _Numbers
    most: _Numbers

    def with_row(self, marks: _Whether, least: _Numbers, most: _Numbers) -> Swaps:
        """The same with one row more."""
        return Swaps(
            np.vstack([self.marks, marks]), np.vstack([self.least, least]), np.vstack([self.most, most])
        )

    def records(self, people: _Numbers) -> _Whether:
        """The records held in a set of people, or in one that two of them make by swapping."""
        held = people.reshape(self.marks.shape[1], -1)
        there = held > 0
        marks = self.marks.astype(np.float32)
        cells = marks @ held.astype(np.float32)
        # Whether every row that a class stands in has room for one more, or can spare one, in each cell.
        takes = ~(marks.T @ (cells >= self.most)).astype(np.bool_)
        spares = ~(marks.T @ (cells <= self.least)).astype(np.bool_) & there
        # Whether somebody somewhere can give the one answer (row) for the other (column).
        gives = (spares.T.astype(np.int64) @ takes.astype(np.int64)) > 0
        can_have = takes & ((spares.astype(np.int64) @ gives.T.astype(np.int64)) > 0)
        return (there | can_have).ravel()

"""How much of a file is read at most, whatever it claims of itself: rows, columns, characters of a cell."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NoReturn

from questionnaires.errors import Finding
from questionnaires.exchange.report import ExchangeError

MOST_BYTES: Final = 10_000_000
MOST_ROWS: Final = 10_000
MOST_COLUMNS: Final = 100
MOST_CELL: Final = 32_767

Cells = Sequence[str]
Raw = tuple[str, Iterable[Cells]]
"""A sheet by its name, and its rows as they come."""


def refuse(name: str, fact: str, remedy: str) -> NoReturn:
    """Raise an `ExchangeError` that says which file, what of it, and what to do."""
    raise ExchangeError(Finding(name, fact, remedy))


def bounded(called: str, name: str, rows: Iterable[Cells]) -> Iterator[Cells]:
    """The rows, refused from the first that is one too many, too wide or too long."""
    number = 0
    try:
        for number, row in enumerate(rows, 1):
            _see_that_it_fits(row, number, called, name)
            yield row
    except ExchangeError:
        raise
    except Exception as error:  # noqa: BLE001  a crafted sheet ends the readers in errors of every kind
        refuse(
            name,
            f"sheet {called} cannot be read after row {number} ({type(error).__name__})",
            "Save it anew.",
        )


def _see_that_it_fits(row: Cells, number: int, called: str, name: str) -> None:
    if number > MOST_ROWS + 1:
        refuse(name, f"sheet {called} has more than {MOST_ROWS} rows", "Delete those that are no question.")
    if any(row[MOST_COLUMNS:]):
        refuse(name, f"sheet {called} has more than {MOST_COLUMNS} columns", "Delete those not used.")
    if any(len(cell) > MOST_CELL for cell in row):
        refuse(name, f"sheet {called}, row {number}: a cell has over {MOST_CELL} characters", "Shorten it.")

"""Long lists, a page at a time: what is on this one, and how many there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from flask import request
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

ON_A_PAGE: Final = 50

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Paged(Generic[Row]):
    """One page of a list: its rows, its number from 1 on, and how many pages there are, at least 1."""

    rows: Sequence[Row]
    page: int
    pages: int


def paged(rows: Sequence[Row]) -> Paged[Row]:
    """Return the page that the address asks for of rows that are all there; the last for one beyond it."""
    page, pages = _asked(len(rows))
    return Paged(rows[(page - 1) * ON_A_PAGE : page * ON_A_PAGE], page, pages)


def read_page(session: Session, query: Select[Row]) -> Paged[Row]:
    """Read the page that the address asks for, of a query of one class that is in order."""
    counted = select(func.count()).select_from(query.order_by(None).subquery())
    page, pages = _asked(session.scalar(counted) or 0)
    rows = session.scalars(query.limit(ON_A_PAGE).offset((page - 1) * ON_A_PAGE)).all()
    return Paged(rows, page, pages)


def _asked(total: int) -> tuple[int, int]:
    pages = max(1, -(-total // ON_A_PAGE))
    return min(max(request.args.get("page", default=1, type=int), 1), pages), pages

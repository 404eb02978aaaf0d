"""
The library as anybody finds things in it: search, facets, what is related, and the index behind them.

An entry is in the index exactly while it is published. Every part of the search looks things up by an index
of the database; docs/measurements/0011-library.md says how long it takes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, delete, func, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from survey.knowledge.content import Content, Facet
from survey.knowledge.stemming import stems, stems_of, words
from survey.storage.identifiers import is_identifier
from survey.storage.library import EntryState, LibraryEntry, LibraryLabel, LibraryWord

ON_A_PAGE: Final = 20
MOST_RELATED: Final = 4
MOST_WORDS: Final = 8
LONGEST_QUERY: Final = 200
# Below this a beginning says too little, and finds too much.
_SHORTEST_BEGINNING: Final = 4
_TITLE, _PUBLISHER, _TEXT = 8, 3, 1
_WHOLE_WORD: Final = 2
# After z, in the order of the Danish alphabet.
_DANISH_ORDER: Final = str.maketrans({"æ": "{a", "ø": "{b", "å": "{c"})


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody looks for: words, a code for each facet that is narrowed by, and which page of it."""

    text: str = ""
    codes: Mapping[Facet, str] = field(default_factory=dict)
    page: int = 1


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what was found, and how much there is in all."""

    entries: Sequence[LibraryEntry]
    total: int

    @property
    def pages(self) -> int:
        """How many pages it takes."""
        return max(1, -(-self.total // ON_A_PAGE))


def sorting_of(title: str) -> str:
    """Return what a title is sorted by, in the order of the Danish alphabet."""
    return title.casefold().translate(_DANISH_ORDER)[:200]


def find(session: Session, search: Search) -> Found:
    """Return the published entries that have all the words and codes, the closest first, else by title."""
    sought = list(dict.fromkeys(words(search.text[:LONGEST_QUERY])))[:MOST_WORDS]
    if not sought and search.text.strip():
        return Found((), 0)  # nothing that could be looked for: signs, or words that say nothing
    matching = _matching(sought, search.codes)
    total, ids = _page(session, matching, max(search.page, 1))
    if not ids and search.page > 1:
        # A page beyond the last is the last: whoever follows an old address finds something.
        total, _ = _page(session, matching, 1)
        total, ids = _page(session, matching, max(1, -(-total // ON_A_PAGE)))
    entries = session.scalars(select(LibraryEntry).where(LibraryEntry.id.in_(ids)))
    by_id = {entry.id: entry for entry in entries}
    return Found([by_id[identifier] for identifier in ids], total)


def _page(session: Session, matching: Select[str], page: int) -> tuple[int, list[str]]:
    query = matching.add_columns(func.count().over()).limit(ON_A_PAGE).offset((page - 1) * ON_A_PAGE)
    rows = session.execute(query).all()
    return (rows[0][1] if rows else 0), [identifier for identifier, _ in rows]


def _matching(sought: Sequence[str], codes: Mapping[Facet, str]) -> Select[str]:
    """Ids in the order in which they are shown; read from indexes alone, since entries are long."""
    query = select(LibraryEntry.id).where(LibraryEntry.state == EntryState.PUBLISHED)
    for facet, code in codes.items():
        query = query.where(LibraryEntry.id.in_(_labelled(facet, code)))
    if sought:
        scores = _scores(sought)
        query = query.join(scores, scores.c.entry_id == LibraryEntry.id).order_by(scores.c.score.desc())
    return query.order_by(LibraryEntry.sorting, LibraryEntry.id)


def published(session: Session, entry_id: str) -> LibraryEntry | None:
    """Return a published entry, or none."""
    found = session.get(LibraryEntry, entry_id) if is_identifier(entry_id) else None
    return found if found is not None and found.state is EntryState.PUBLISHED else None


def related(session: Session, entry_id: str) -> Sequence[LibraryEntry]:
    """Return the published entries that share most categories and areas with one, the most alike first."""
    own, other = aliased(LibraryLabel), aliased(LibraryLabel)
    shared = (
        select(other.entry_id, func.count().label("shared"))
        .join(own, and_(own.facet == other.facet, own.code == other.code))
        .where(own.entry_id == entry_id, other.entry_id != entry_id)
        .where(own.facet.in_([Facet.CATEGORY.value, Facet.AREA.value]))
        .group_by(other.entry_id)
        .having(func.max(other.facet) == Facet.CATEGORY.value)  # area < category: one of them is shared
        .subquery()
    )
    query = (
        select(LibraryEntry)
        .join(shared, shared.c.entry_id == LibraryEntry.id)
        .order_by(shared.c.shared.desc(), LibraryEntry.sorting, LibraryEntry.id)
    )
    return session.scalars(query.limit(MOST_RELATED)).all()


def index(session: Session, entry: LibraryEntry) -> None:
    """Let an entry be found by what it says now, or no more if it is not published."""
    session.execute(delete(LibraryWord).where(LibraryWord.entry_id == entry.id))
    session.execute(delete(LibraryLabel).where(LibraryLabel.entry_id == entry.id))
    if entry.state is not EntryState.PUBLISHED:
        return
    content = Content.read(entry.content)
    session.add_all(
        LibraryWord(word=word, entry_id=entry.id, weight=weight) for word, weight in weights(content).items()
    )
    session.add_all(
        LibraryLabel(facet=facet.value, code=code, entry_id=entry.id) for facet, code in content.labels()
    )
    session.flush()


def weights(content: Content) -> dict[str, int]:
    """Return what an entry is found by, and how much each stem says about it."""
    parts = ((content.title, _TITLE), (content.publisher, _PUBLISHER), *_with(content.texts.values(), _TEXT))
    found: dict[str, int] = {}
    for text, weight in parts:
        for stem in stems_of(text):
            found[stem] = max(found.get(stem, 0), weight)
    return found


def _with(texts: Iterable[str], weight: int) -> list[tuple[str, int]]:
    return [(text, weight) for text in texts]


def _labelled(facet: Facet, code: str) -> Select[str]:
    return select(LibraryLabel.entry_id).where(LibraryLabel.facet == facet.value, LibraryLabel.code == code)


def _scores(sought: Sequence[str]) -> Subquery:
    """Entries that have every word, with how well they fit."""
    if len(sought) == 1:
        return _score(sought[0]).subquery()
    each = union_all(*(_score(word) for word in sought)).subquery()
    return (
        select(each.c.entry_id, func.sum(each.c.score).label("score"))
        .group_by(each.c.entry_id)
        .having(func.count() == len(sought))
        .subquery()
    )


def _score(word: str) -> Select[str, int]:
    whole = stems(word)
    fits = LibraryWord.weight * case((LibraryWord.word.in_(whole), _WHOLE_WORD), else_=1)
    return (
        select(LibraryWord.entry_id, func.max(fits).label("score"))
        .where(or_(*(_begins_with(stem) for stem in _beginnings(whole))))
        .group_by(LibraryWord.entry_id)
    )


def _beginnings(whole: frozenset[str]) -> list[str]:
    """Leave out a stem that begins with another: what begins with the longer one begins with that too."""
    return [
        stem
        for stem in sorted(whole)
        if not any(
            stem != other and len(other) >= _SHORTEST_BEGINNING and stem.startswith(other) for other in whole
        )
    ]


def _begins_with(stem: str) -> ColumnElement[bool]:
    if len(stem) < _SHORTEST_BEGINNING:
        return LibraryWord.word == stem
    after = stem[:-1] + chr(ord(stem[-1]) + 1)
    return and_(LibraryWord.word >= stem, LibraryWord.word < after)

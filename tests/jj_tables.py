"""Drawn tables with their hierarchies, as problems of cell suppression in the JJ format."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

Tree: TypeAlias = "int | Sequence[Tree]"
"""A dimension: so many codes under a total, or groups that are dimensions themselves."""

SMALL = 3
"""Counts up to this are sensitive."""


@dataclass(frozen=True, slots=True)
class _Node:
    leaves: tuple[int, ...]
    children: tuple[int, ...]


def jj_table(dimensions: Sequence[Tree], seed: int, *, mean: float = 8.0, margins: str = "s") -> str:
    """
    A table over the dimensions, every level of each of them crossed with every level of the others.

    A count from 1 to `SMALL` is sensitive, as is a margin so small: an intruder must find 0 and twice as much
    possible.

    Args:
        dimensions: One to three trees.
        seed: Of the counts.
        mean: Of an inner count; they are skewed, so that some are small.
        margins: Status of the grand total: "z" keeps it.
    """
    nodes = [list(_nodes(tree)) for tree in dimensions]
    sizes = [len(those[0].leaves) for those in nodes]
    rng = np.random.default_rng(seed)
    inner = rng.negative_binomial(1, 1 / (1 + mean), sizes)
    places = list(itertools.product(*(range(len(those)) for those in nodes)))
    ids = {place: number for number, place in enumerate(places)}
    values = [
        int(inner[np.ix_(*(those[at].leaves for those, at in zip(nodes, place, strict=True)))].sum())
        for place in places
    ]
    lines = ["0", str(len(places))]
    for number, value in enumerate(values):
        is_small = 0 < value <= SMALL
        status = "u" if is_small else margins if number == 0 else "s"
        level = value if is_small else 0
        lines.append(
            f"{number} {value} {max(value, 1)} {status} 0 {2 * sum(values[:1]) + 10} {level} {level} 0"
        )
    equations = list(_equations(nodes, ids))
    return "\n".join([*lines, str(len(equations)), *equations, ""])


def _nodes(tree: Tree) -> Iterator[_Node]:
    """A tree's nodes, each parent before its children; the first is the total."""
    found: list[_Node] = []
    _grow(tree, found, itertools.count())
    yield from found


def _grow(tree: Tree, found: list[_Node], leaf: Iterator[int]) -> int:
    own = len(found)
    found.append(_Node((), ()))
    if tree == 1:
        found[own] = _Node((next(leaf),), ())
        return own
    parts: Sequence[Tree] = [1] * tree if isinstance(tree, int) else tree
    children = tuple(_grow(part, found, leaf) for part in parts)
    found[own] = _Node(tuple(at for child in children for at in found[child].leaves), children)
    return own


def _equations(nodes: Sequence[Sequence[_Node]], ids: dict[tuple[int, ...], int]) -> Iterator[str]:
    for axis, those in enumerate(nodes):
        others = [range(len(rest)) if at != axis else (0,) for at, rest in enumerate(nodes)]
        for parent, node in enumerate(those):
            if node.children:
                for place in itertools.product(*others):
                    cells = [(*place[:axis], at, *place[axis + 1 :]) for at in (parent, *node.children)]
                    terms = " ".join(f"{ids[cell]} ({1 if at else -1})" for at, cell in enumerate(cells))
                    yield f"0 {len(cells)} : {terms}"

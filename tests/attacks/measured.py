"""
What the intruder came away with, and how much is shown: the tables of docs/measurements/0002-disclosure.md.

`python -m tests.attacks.measured FILE...` reads the lines that the campaign wrote and renews the page's part
between its two marks.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

from tests.attacks.campaign import WHOLE, Outcome, done

PAGE: Final = Path("docs/measurements/0002-disclosure.md")
BEGIN: Final = "<!-- what follows is written by tests/attacks/measured.py -->"
END: Final = "<!-- until here -->"
_OF_THREE: Final = 3
_RULES: Final = ("", "naive_", "plain_")
_FORMS: Final = ("exact", "banded", "hidden")


def tables(outcomes: Sequence[Outcome]) -> str:
    """Both tables, of all releases that were attacked."""
    return "\n".join([*_attacks(outcomes), "", *_forms(outcomes)])


def _attacks(outcomes: Sequence[Outcome]) -> Iterator[str]:
    yield (
        "| part | people | releases | seeds | numbers gone for | undecided | won | wholly hidden"
        " | naive rule lost | released s | attacked s |"
    )
    yield "| --- " * 11 + "|"
    for (is_whole, people), found in _by_size(outcomes):
        naive = [each for each in found if each.naive_wins >= 0]
        lost = f"{sum(each.naive_wins > 0 for each in naive)} of {len(naive)}"
        cells = [
            "whole releases" if is_whole else "families",
            f"{people:,}",
            f"{len(found):,}",
            f"0 to {max(each.seed for each in found)}",
            f"{sum(each.asked for each in found):,}",
            str(sum(each.undecided for each in found)),
            str(sum(each.wins > 0 for each in found)),
            str(sum(each.exact + each.banded == 0 for each in found)),
            lost,
            f"{sum(each.released_s for each in found):,.1f}",
            f"{sum(each.attacked_s for each in found):,.1f}",
        ]
        yield f"| {' | '.join(cells)} |"
    for is_whole, name in ((True, "whole releases"), (False, "families")):
        part = [each for each in outcomes if (each.kind == WHOLE) is is_whole]
        if part and not any(each.wins for each in part):
            yield ""
            yield (
                f"Of {len(part):,} {name} none was won. By the rule of three at most one in"
                f" {len(part) / _OF_THREE:,.0f} would be, at 95 % confidence, of releases drawn like these."
            )


def _forms(outcomes: Sequence[Outcome]) -> Iterator[str]:
    yield "| whole releases of | exposed | cells | as released | naive rule | plain suppression |"
    yield "| --- " * 6 + "|"
    whole = sorted((each for each in outcomes if each.kind == WHOLE), key=_organisation)
    for (people, prevalence), found in groupby(whole, key=_organisation):
        of_each = list(found)
        shown = [
            [sum(getattr(each, f"{rule}{form}") for each in of_each) for form in _FORMS] for rule in _RULES
        ]
        shares = [" / ".join(f"{100 * n / sum(cells):.0f}" for n in cells) for cells in shown]
        yield f"| {people:,} people | {prevalence} % | {sum(shown[0]):,} | {' | '.join(shares)} |"


def _organisation(each: Outcome) -> tuple[int, int]:
    return each.people, each.prevalence


def _by_size(outcomes: Sequence[Outcome]) -> Iterator[tuple[tuple[bool, int], list[Outcome]]]:
    def size(each: Outcome) -> tuple[bool, int]:
        return each.kind == WHOLE, each.people

    ordered = sorted(outcomes, key=lambda each: (each.kind != WHOLE, each.people))
    for key, found in groupby(ordered, key=size):
        yield key, list(found)


def main() -> None:
    """Renew the page."""
    outcomes = [each for name in sys.argv[1:] for each in done(Path(name))]
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    _, after = rest.split(END)
    PAGE.write_text(f"{before}{BEGIN}\n\n{tables(outcomes)}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()

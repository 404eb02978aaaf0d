from __future__ import annotations

import re
from dataclasses import fields
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.shares import Share
from analysis.tables import Interval
from analysis.wording import WORDINGS
from tests.analysis.strategies import Published, published

LANGUAGES = sorted(WORDINGS)


@pytest.mark.parametrize(
    ("cell", "base", "danish", "english"),
    [
        ((23, 23), (60, 60), "23", "23"),
        ((5, 9), (60, 60), "5–9", "5–9"),
        ((0, 4), (60, 60), "færre end 5", "fewer than 5"),
        ((0, 9), (60, 60), "færre end 10", "fewer than 10"),
        ((18, 20), (20, 20), "mindst 18 af 20", "at least 18 of 20"),
        ((18, 20), (16, 20), "mindst 18", "at least 18"),
        ((0, 60), (60, 60), "skjult for at beskytte dem, der svarede", "hidden to protect people"),
        ((5621, 5621), (6000, 6000), "5.621", "5,621"),
    ],
)
def test_counts_read_as_people_say_them(
    cell: tuple[int, int], base: tuple[int, int], danish: str, english: str
) -> None:
    bounds = Interval(*cell), Interval(*base)

    assert WORDINGS["da"].count(*bounds) == danish
    assert WORDINGS["en"].count(*bounds) == english


@pytest.mark.parametrize(("base", "danish"), [((63, 63), "63"), ((15, 19), "15–19"), ((0, 4), "færre end 5")])
def test_how_many_were_asked_is_a_number_or_a_range(base: tuple[int, int], danish: str) -> None:
    assert WORDINGS["da"].asked(Interval(*base)) == danish


@pytest.mark.parametrize(
    ("least", "most", "danish", "english"),
    [
        ("2/3", "2/3", "67\u00a0%", "67%"),
        ("22/100", "39/100", "mellem 22 og 39\u00a0%", "between 22 and 39%"),
        ("0", "4/59", "højst 7\u00a0%", "at most 7%"),
        ("93/100", "1", "mindst 93\u00a0%", "at least 93%"),
        ("0", "1", "kan ikke siges", "cannot be told"),
        # Rounded to nothing or to all, an exact share would say that somebody is not there.
        ("5/5621", "5/5621", "højst 1\u00a0%", "at most 1%"),
        ("5616/5621", "5616/5621", "mindst 99\u00a0%", "at least 99%"),
        ("1", "1", "100\u00a0%", "100%"),
    ],
)
def test_shares_read_as_people_say_them(least: str, most: str, danish: str, english: str) -> None:
    share = Share(Fraction(least), Fraction(most))

    assert WORDINGS["da"].share(share, in_a_sentence=True) == danish
    assert WORDINGS["en"].share(share, in_a_sentence=True) == english


def test_a_table_has_no_room_for_between() -> None:
    assert WORDINGS["en"].share(Share(Fraction(22, 100), Fraction(39, 100))) == "22–39%"


@pytest.mark.parametrize(
    ("least", "most", "danish"),
    [
        ("76/100", "84/100", "omkring 8 ud af 10"),
        ("76/100", "86/100", None),
        ("46/100", "54/100", "omkring halvdelen"),
        ("1/100", "9/100", "færre end 1 ud af 10"),
        ("95/1000", "95/1000", "omkring 1 ud af 10"),
        ("92/100", "1", "flere end 9 ud af 10"),
        ("51/100", "65/100", "mere end halvdelen"),
        ("51/100", "90/100", None),
        ("35/100", "49/100", "under halvdelen"),
        ("8/100", "16/100", None),
    ],
)
def test_a_rounder_word_is_used_only_where_the_whole_range_earns_it(
    least: str, most: str, danish: str | None
) -> None:
    assert WORDINGS["da"].plainly(Share(Fraction(least), Fraction(most))) == danish


@given(st.sampled_from(LANGUAGES), st.fractions(0, 1), st.fractions(0, 1), st.fractions(0, 1))
def test_a_rounder_word_holds_for_every_share_within_the_bounds(
    language: str, one: Fraction, other: Fraction, place: Fraction
) -> None:
    share = Share(min(one, other), max(one, other))
    inside = share.least + place * (share.most - share.least)

    words = WORDINGS[language].plainly(share)

    if words is not None:
        assert said(words, inside)


def said(words: str, share: Fraction) -> bool:
    """Whether the rounder word is right about one share."""
    if about := re.search(r"(?:omkring|about) (\d) ", words):
        return abs(share - Fraction(int(about[1]), 10)) <= Fraction(1, 20)
    return {
        "omkring halvdelen": abs(share - Fraction(1, 2)) <= Fraction(1, 20),
        "about half": abs(share - Fraction(1, 2)) <= Fraction(1, 20),
        "færre end 1 ud af 10": share < Fraction(1, 10),
        "fewer than 1 in 10": share < Fraction(1, 10),
        "flere end 9 ud af 10": share > Fraction(9, 10),
        "more than 9 in 10": share > Fraction(9, 10),
        "mere end halvdelen": share > Fraction(1, 2),
        "more than half": share > Fraction(1, 2),
        "under halvdelen": share < Fraction(1, 2),
        "fewer than half": share < Fraction(1, 2),
    }[words]


@given(st.sampled_from(LANGUAGES), published(2, exact_base=True))
def test_words_for_a_count_hold_no_number_but_its_bounds(language: str, drawn: Published) -> None:
    for cell in drawn.cells:
        numbers = {int(found) for found in re.findall(r"\d+", WORDINGS[language].count(cell, drawn.base))}

        assert numbers <= {cell.lo, cell.hi, cell.hi + 1, drawn.base.hi}


def test_every_text_has_room_for_the_same_numbers_in_both_languages() -> None:
    for field in fields(WORDINGS["da"]):
        danish, english = (getattr(WORDINGS[language], field.name) for language in ("da", "en"))
        assert danish.count("{}") == english.count("{}"), field.name

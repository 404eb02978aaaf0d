"""
Published bounds in words, in Danish and English: "fewer than 5", "between 22 and 39\u00a0%", "about 8 in 10".

Words say no more than the bounds: a rounder word is chosen only where every value within the bounds earns it.
Both languages have the same fields, so a text that one of them lacks is a type error.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from analysis.shares import Share
from analysis.tables import Interval

# Per cents.
_TENTH: Final = 10
_HALF: Final = 50
_ALL: Final = 100
_AROUND: Final = 20


@dataclass(frozen=True, slots=True)
class Wording:
    """One language's words for bounds. Braces are filled with numbers already in that language's figures."""

    thousands: str
    decimal: str
    quoted: str
    hidden: str
    hidden_briefly: str
    of_all: str
    untold: str
    fewer_than: str
    at_least: str
    at_least_of: str
    band: str
    percent: str
    percent_band: str
    percent_between: str
    percent_at_most: str
    percent_at_least: str
    about_in_ten: str
    about_half: str
    fewer_than_one_in_ten: str
    more_than_nine_in_ten: str
    more_than_half: str
    less_than_half: str

    def number(self, number: int) -> str:
        """A whole number with the language's separator."""
        return f"{number:,}".replace(",", self.thousands)

    def count(self, cell: Interval, base: Interval) -> str:
        """How many, of `base`: exact, a band, or that it is hidden."""
        if is_hidden(cell, base):
            return self.hidden
        if cell.is_exact:
            return self.number(cell.lo)
        if cell.hi == base.hi:
            at_least = self.at_least_of if base.is_exact else self.at_least
            return at_least.format(self.number(cell.lo), self.number(base.hi))
        return self._band(cell)

    def asked(self, base: Interval) -> str:
        """How many were asked; never hidden, since a table without a base is not released."""
        return self.number(base.lo) if base.is_exact else self._band(base)

    def _band(self, cell: Interval) -> str:
        if cell.lo == 0:
            return self.fewer_than.format(self.number(cell.hi + 1))
        return self.band.format(self.number(cell.lo), self.number(cell.hi))

    def share(self, share: Share, *, in_a_sentence: bool = False) -> str:
        """Per cents, with both bounds where there are two."""
        bounds = share.percent
        if share.is_unknown:
            return self.untold
        if share.is_exact:
            return self._exact_percent(share.least)
        if bounds.lo == 0:
            return self.percent_at_most.format(bounds.hi)
        if bounds.hi == _ALL:
            return self.percent_at_least.format(bounds.lo)
        return (self.percent_between if in_a_sentence else self.percent_band).format(bounds.lo, bounds.hi)

    def _exact_percent(self, share: Fraction) -> str:
        # Rounded to nothing or to everything, a share would say that somebody is not there.
        percent = Interval(1, _ALL - 1)
        if 0 < share * _ALL < percent.lo:
            return self.percent_at_most.format(percent.lo)
        if percent.hi < share * _ALL < _ALL:
            return self.percent_at_least.format(percent.hi)
        return self.percent.format(Share(share, share).percent.lo)

    def plainly(self, share: Share) -> str | None:
        """A share as one would say it aloud, or None where no such word holds for all of it."""
        percent = share.percent
        if percent.hi < _TENTH:
            return self.fewer_than_one_in_ten
        if percent.lo > _ALL - _TENTH:
            return self.more_than_nine_in_ten
        for tenths in range(1, 10):
            if Fraction(2 * tenths - 1, 20) <= share.least and share.most <= Fraction(2 * tenths + 1, 20):
                return self.about_half if tenths == _HALF // _TENTH else self.about_in_ten.format(tenths)
        # Around the middle only: of 8 to 16 % "fewer than half" is true and says the wrong thing.
        if percent.lo > _HALF and percent.hi <= _HALF + _AROUND:
            return self.more_than_half
        return self.less_than_half if percent.lo >= _HALF - _AROUND and percent.hi < _HALF else None


def is_hidden(cell: Interval, base: Interval) -> bool:
    """Whether a cell says nothing: it may be none or all of those who were asked."""
    return cell.lo == 0 and cell.hi == base.hi


WORDINGS: Final = {
    "da": Wording(
        thousands=".",
        decimal=",",
        quoted="»{}«",
        hidden="skjult for at beskytte dem, der svarede",
        hidden_briefly="skjult",
        of_all="{} af alle",
        untold="kan ikke siges",
        fewer_than="færre end {}",
        at_least="mindst {}",
        at_least_of="mindst {} af {}",
        band="{}–{}",
        percent="{}\u00a0%",
        percent_band="{}–{}\u00a0%",
        percent_between="mellem {} og {}\u00a0%",
        percent_at_most="højst {}\u00a0%",
        percent_at_least="mindst {}\u00a0%",
        about_in_ten="omkring {} ud af 10",
        about_half="omkring halvdelen",
        fewer_than_one_in_ten="færre end 1 ud af 10",
        more_than_nine_in_ten="flere end 9 ud af 10",
        more_than_half="mere end halvdelen",
        less_than_half="under halvdelen",
    ),
    "en": Wording(
        thousands=",",
        decimal=".",
        quoted="“{}”",
        hidden="hidden to protect people",
        hidden_briefly="hidden",
        of_all="{} of all",
        untold="cannot be told",
        fewer_than="fewer than {}",
        at_least="at least {}",
        at_least_of="at least {} of {}",
        band="{}–{}",
        percent="{}%",
        percent_band="{}–{}%",
        percent_between="between {} and {}%",
        percent_at_most="at most {}%",
        percent_at_least="at least {}%",
        about_in_ten="about {} in 10",
        about_half="about half",
        fewer_than_one_in_ten="fewer than 1 in 10",
        more_than_nine_in_ten="more than 9 in 10",
        more_than_half="more than half",
        less_than_half="fewer than half",
    ),
}
"""The languages in which figures can be read."""

"""How many answered, and what that lets the figures say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask_babel import format_decimal, gettext, lazy_gettext, ngettext

from analysis.release import Participation, Release

# From so many per cent of those invited on. Where the words change, not where figures become right: a low
# rate is a reason to ask.
_MEANINGS: Final = (
    (
        80,
        lazy_gettext(
            "Nearly everyone is heard here, so the figures say a good deal about the place as a whole."
        ),
    ),
    (
        60,
        lazy_gettext(
            "Most people are heard here. Those who did not answer may see it differently, so talk about the "
            "figures before you conclude from them."
        ),
    ),
    (
        40,
        lazy_gettext(
            "About half are heard here, and the other half may see it differently. Use the figures to open a "
            "conversation, not as a result."
        ),
    ),
    (
        0,
        lazy_gettext(
            "Few are heard here, so the figures tell about those who answered and are no picture of all. A "
            "low answer rate can be a sign in itself: of being busy, of doubting what it will lead to, or of "
            "not feeling safe to answer. Ask openly what would make it easier next time, and never who did "
            "not answer."
        ),
    ),
)
_MEANING_WITHOUT_A_RATE: Final = lazy_gettext(
    "There is no answer rate, since it is not known how many could have answered. Read the figures as the "
    "voices of those who chose to answer, not as a picture of everyone."
)

_MEANING_OF_AN_OPEN_WAVE: Final = lazy_gettext(
    "Anybody who had the link could answer, so repeated answers cannot be excluded, and there is no answer "
    "rate. Read the figures as the voices of those who chose to answer, not as a picture of everyone."
)


@dataclass(frozen=True, slots=True)
class Turnout:
    """
    The answer rate in words.

    Attributes:
        sentence: How many answered, of how many.
        meaning: What the figures can therefore be used for.
        notes: What else happened to responses: taken back, not readable.
    """

    sentence: str
    meaning: str
    notes: tuple[str, ...]


def turnout(release: Release) -> Turnout:
    """What a release says of participation; all of it is public and exact."""
    participation = release.participation
    counted, invited = participation.counted, participation.invited
    notes = _notes(participation)
    if release.wave.mode == "open":
        return Turnout(_received(counted), str(_MEANING_OF_AN_OPEN_WAVE), notes)
    # Paper adds to those invited.
    if not 0 < counted <= invited:
        return Turnout(_counted(counted), str(_MEANING_WITHOUT_A_RATE), notes)
    percent = round(100 * counted / invited)
    sentence = gettext(
        "%(counted)s of %(invited)s invited people have answered: %(percent)s%%.",
        counted=format_decimal(counted),
        invited=format_decimal(invited),
        percent=percent,
    )
    meaning = next(words for least, words in _MEANINGS if percent >= least)
    return Turnout(sentence, str(meaning), notes)


def _counted(number: int) -> str:
    return str(
        ngettext(
            "%(number)s person has answered.",
            "%(number)s people have answered.",
            number,
            number=format_decimal(number),
        )
    )


def _received(number: int) -> str:
    """Not how many people: one may have answered twice."""
    return str(
        ngettext(
            "%(number)s answer has come in.",
            "%(number)s answers have come in.",
            number,
            number=format_decimal(number),
        )
    )


def _notes(participation: Participation) -> tuple[str, ...]:
    withdrawn, rejected = participation.withdrawn, sum(participation.rejected.values())
    taken_back = ngettext(
        "%(number)s answer was taken back by the person who sent it.",
        "%(number)s answers were taken back by the people who sent them.",
        withdrawn,
        number=format_decimal(withdrawn),
    )
    unreadable = ngettext(
        "%(number)s answer could not be read, and is not counted.",
        "%(number)s answers could not be read, and are not counted.",
        rejected,
        number=format_decimal(rejected),
    )
    return tuple(note for note, number in ((taken_back, withdrawn), (unreadable, rejected)) if number)

"""What is wrong with a row of units, in a steward's words: the row, the fact, the remedy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask_babel import gettext, lazy_gettext

from survey.waves.unit_tree import LONGEST_NAME, MOST, MOST_PEOPLE, Fault, Wrong

_SENTENCES: Final[Mapping[Wrong, object]] = {
    Wrong.NO_NAME: lazy_gettext("there is no name. Write one, or delete the row."),
    Wrong.LONG_NAME: lazy_gettext("“%(about)s …” is too long a name. Shorten it to %(longest)s characters."),
    Wrong.NO_HEADCOUNT: lazy_gettext("“%(about)s” has no number of people. Write how many they are."),
    Wrong.HEADCOUNT: lazy_gettext(
        "“%(about)s” is no number of people. Write a whole number up to %(people)s, without a point."
    ),
    Wrong.TWICE: lazy_gettext("“%(about)s” stands above already. Give each unit a name of its own."),
    Wrong.NO_PARENT: lazy_gettext(
        "there is no unit “%(about)s” that it could be a part of. Add it, or mend its name."
    ),
    Wrong.CYCLE: lazy_gettext(
        "“%(about)s” is a part of itself in the end. Say which of the units is the whole."
    ),
    Wrong.TOO_DEEP: lazy_gettext(
        "“%(about)s” would lie three levels down, and there are two. Make it a part of the unit above."
    ),
    Wrong.PARTS_EXCEED: lazy_gettext(
        "the parts of “%(about)s” have more people than the whole. Mend the numbers, or leave "
        "the whole's out."
    ),
    Wrong.FORMULA: lazy_gettext(
        "there is a formula, which is never worked out here. Write what it comes to."
    ),
    Wrong.TOO_MANY: lazy_gettext("there are more than %(most)s units. Put small ones together."),
    Wrong.ENCODING: lazy_gettext(
        "the letters are not in UTF-8. Save the file as “CSV UTF-8” or as a workbook (.xlsx)."
    ),
    Wrong.NO_TABLE: lazy_gettext("This is no table that can be read. Save it as .xlsx, or as CSV in UTF-8."),
    Wrong.EMPTY: lazy_gettext("There is no unit in it. Write one on each row, with its number of people."),
}


def said_of(fault: Fault) -> str:
    """A sentence that says where, what and what to do."""
    words = str(_SENTENCES[fault.wrong]) % {
        "about": fault.about,
        "longest": LONGEST_NAME,
        "people": MOST_PEOPLE,
        "most": MOST,
    }
    return gettext("Row %(row)s: %(words)s", row=fault.row, words=words) if fault.row else words

"""Names of other formats made into legal ids and codes, each once, with a word wherever one had to change."""

import re
import unicodedata
from collections.abc import Collection

from questionnaires.exchange.report import Log
from questionnaires.item_rules import NO_ANSWER, UNIT

LONGEST = 64
_ILLEGAL = re.compile(r"[^a-z0-9_]+")
_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ß": "ss", "þ": "th", "ð": "d"})


class Names:
    """Names within one scope: the items of a questionnaire, or the options of one item."""

    def __init__(self, log: Log, *, taken: Collection[str] = (), may_begin_with_digit: bool = False) -> None:
        self._log = log
        self._taken = set(taken)
        self._may_begin_with_digit = may_begin_with_digit

    def legal(self, name: str, place: str, spare: str) -> str:
        """
        Return the name itself if it is legal and free, else the nearest that is, and note the change.

        Args:
            name: As the file has it.
            place: Where, for the note.
            spare: What to call it when nothing of the name is left.
        """
        wanted = _nearest(name, spare, may_begin_with_digit=self._may_begin_with_digit)
        found = self._free(wanted)
        self._taken.add(found)
        if found != name:
            self._log.changed(place, f'the name "{shortened(name)}" became "{found}"')
        return found

    def _free(self, wanted: str) -> str:
        number, found = 1, wanted
        while found in self._taken:
            number += 1
            end = f"_{number}"
            found = wanted[: LONGEST - len(end)] + end
        return found


def item_names(log: Log) -> Names:
    """Return the names of a questionnaire's items: one is kept for the respondent's unit."""
    return Names(log, taken=[UNIT])


def option_names(log: Log) -> Names:
    """Return the names of one item's options: one is kept for tables."""
    return Names(log, taken=[NO_ANSWER], may_begin_with_digit=True)


def shortened(text: str, most: int = 80) -> str:
    """Return the text on one line, not longer than a report wants it."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _nearest(name: str, spare: str, *, may_begin_with_digit: bool) -> str:
    if len(name) > 10 * LONGEST:
        name = name[: 10 * LONGEST]
    plain = unicodedata.normalize("NFKD", name.strip().lower().translate(_LETTERS))
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    legal = _ILLEGAL.sub("_", plain).strip("_")[:LONGEST]
    if not legal:
        return spare
    if legal[0].isdigit() and not may_begin_with_digit:
        legal = f"{spare}_{legal}"[:LONGEST]
    return legal

"""
Words by their stems, so that a search for *krænkelse* finds *krænkende*, however somebody types æ, ø and å.

The same stems on every database: neither SQLite's nor PostgreSQL's own text search reads Danish as the other
does (docs/decisions/0100-one-index-of-words.md). Danish and English stems both, since who searches does not
say in which language. Stems: Porter's Snowball, https://snowballstem.org.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Final, Protocol

import snowballstemmer

from survey.storage.library import LONGEST_WORD

_WORDS: Final = re.compile(r"[^\W_]+")
# Typed on a keyboard without them, or by a Swede or a German.
_FOLDED: Final = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe", "ü": "y", "ß": "ss"})
# Danish writes compounds as one word: what one of these ends is found by it too.
_LAST_PARTS: Final = (
    "adfærd",
    "aftale",
    "ansvar",
    "arbejdsmiljø",
    "chikane",
    "dialog",
    "frivillige",
    "grænse",
    "krænkelse",
    "kultur",
    "ledelse",
    "leder",
    "miljø",
    "politik",
    "procedure",
    "retningslinje",
    "rådgivning",
    "skema",
    "skole",
    "sport",
    "trivsel",
    "undersøgelse",
    "vejledning",
    "værktøj",
    "ytring",
)
# Words that say nothing about what somebody looks for.
_EMPTY: Final = frozenset(
    """
    af alle at da de den der det du eller en end er et for fra han har hun hvad hvem hvor hvordan i ikke jeg
    man med og om os på som til var ved vi a about an and are at be by for from how in is it of on or our
    that the this to was we what when where who with you
    """.split()  # noqa: SIM905  A list to be read.
)


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802  The library's name.


def words(text: str) -> Iterator[str]:
    """Find the words of a text that say something, in lower case and composed."""
    for word in _WORDS.findall(unicodedata.normalize("NFKC", text).casefold()):
        if word not in _EMPTY:
            yield word


@lru_cache(maxsize=50_000)
def stems(word: str) -> frozenset[str]:
    """Return the stems of one word: the Danish and the English one, without letters of one country."""
    return frozenset(folded(stemmer.stemWord(word))[:LONGEST_WORD] for stemmer in _stemmers())


def stems_of(text: str) -> frozenset[str]:
    """Return all that a text can be found by, the last parts of its compounds too."""
    return frozenset(stem for word in words(text) for part in _parts(word) for stem in stems(part))


def folded(word: str) -> str:
    """Return a word in the letters from a to z, as far as there is a way to write it so."""
    spelt = unicodedata.normalize("NFKD", word.translate(_FOLDED))
    return "".join(character for character in spelt if not unicodedata.combining(character))


def _parts(word: str) -> Iterator[str]:
    yield word
    stem = _stemmers()[0].stemWord(word)
    for part, stem_of_part in _last_parts():
        if stem != stem_of_part and stem.endswith(stem_of_part):
            yield part


@cache
def _last_parts() -> tuple[tuple[str, str], ...]:
    danish = _stemmers()[0]
    return tuple((part, danish.stemWord(part)) for part in _LAST_PARTS)


@cache
def _stemmers() -> tuple[_Stemmer, _Stemmer]:
    return snowballstemmer.stemmer("danish"), snowballstemmer.stemmer("english")

"""
Answers as positions of options, and the bytes that a browser seals and custody opens.

Between the pages and the tables: `Answers` is what one respondent chose, `encode` and `decode` are the
response plaintext, version 1, of docs/reference/formats.md. What could be chosen is held to here; what was
asked is decided in `questionnaires/routing.py`.
"""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise
from typing import NamedTuple, NoReturn, TypeAlias

from questionnaires.errors import AnswerError, AnswerErrorKind, did_you_mean
from questionnaires.model import Item, ItemType, Option, Questionnaire

Answer: TypeAlias = int | tuple[int, ...] | None
"""Position of the chosen option, ascending positions for `multi`, or None where nothing was answered."""

_VERSION = 1
_FOUR_DIGITS = 10**4
_PADDING_BEGINS = b"\x80"
# Nothing else is accepted, so that one set of answers is one text: no white space, no -0, no second "a".
_NUMBER = rb"(?:0|[1-9][0-9]{0,8})"
_ENTRY = rb"(?:null|" + _NUMBER + rb"|\[" + _NUMBER + rb"(?:," + _NUMBER + rb")*\])"
_CANONICAL = re.compile(rb'\{"v":1,"a":\[' + _ENTRY + rb"(?:," + _ENTRY + rb")*\]\}")
_ENCODER = json.JSONEncoder(separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Answers:
    """
    What one respondent answered, on or off the path.

    Attributes:
        chosen: One entry per item of the questionnaire, in its order.
        skipped: Sections the respondent passed by as a whole. Never sent: an opened response has none,
            and conditions are made so that nothing on a respondent's path is dropped for it.
    """

    chosen: tuple[Answer, ...]
    skipped: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class DecodedAnswers:
    """
    One opened response.

    Attributes:
        unit: Position in the manifest's list of units, or None where it was left blank.
        answers: What was chosen; may still hold answers off the path.
        repaired: Items where an exclusive option stood together with others and gave way to them.
    """

    unit: int | None
    answers: Answers
    repaired: int


def answers_from_codes(
    questionnaire: Questionnaire,
    codes: Mapping[str, str | Sequence[str]],
    *,
    skipped: Collection[str] = (),
) -> Answers:
    """
    Answers written with the codes of a definition, as in a CSV file, a test or a demonstration.

    Args:
        questionnaire: What was asked.
        codes: Item id → code, or codes for `multi`. An empty text or sequence is left blank.
        skipped: Ids of sections passed by as a whole.

    Raises:
        UnknownNameError: If an item is not one of the questionnaire's.
        AnswerError: If a code is not one of the item's, or several are given for an item that takes one.
    """
    chosen: list[Answer] = [None] * len(questionnaire.items)
    for item_id, given in codes.items():
        item = questionnaire.item(item_id)
        if given:
            chosen[questionnaire.positions[item_id]] = _answer_from_codes(questionnaire, item, given)
    return Answers(tuple(chosen), frozenset(skipped))


def codes_of(questionnaire: Questionnaire, answers: Answers) -> dict[str, str | tuple[str, ...]]:
    """What was answered, by item id: a code, or codes for `multi`. Items without an answer are left out."""
    named: dict[str, str | tuple[str, ...]] = {}
    for item, answer in zip(questionnaire.items, answers.chosen, strict=True):
        options = questionnaire.options_of(item)
        if isinstance(answer, tuple):
            named[item.id] = tuple(options[position].code for position in answer)
        elif answer is not None:
            named[item.id] = options[answer].code
    return named


def band_of(options: Sequence[Option], number: int) -> int | None:
    """Position of the option whose declared band holds the number; None where none does."""
    return next((i for i, option in enumerate(options) if option.band and number in option.band), None)


def encode(questionnaire: Questionnaire, unit: int | None, answers: Answers) -> bytes:
    """
    Plaintext of a response: `{"v":1,"a":[unit,answer,…]}` in UTF-8, unpadded.

    `decode` gives the same answers back, except that it resolves an exclusive option chosen with others.

    Raises:
        AnswerError: If an answer is not one the item can have.
    """
    entries = [unit, *(list(a) if isinstance(a, tuple) else a for a in answers.chosen)]
    _checked(questionnaire, entries, units=None)
    return _plaintext(entries)


def decode(questionnaire: Questionnaire, data: bytes, units: int) -> DecodedAnswers:
    """
    Read a response that was sealed by anyone: exactly what `encode` writes, and nothing else.

    Args:
        questionnaire: The wave's questionnaire, with its sections only.
        data: The plaintext without its padding.
        units: How many units the manifest lists; a unit is a position below it.

    Raises:
        AnswerError: If it is anything else; `kind` says what, for the count of rejects.
    """
    if not _CANONICAL.fullmatch(data):
        _refuse_form(data)
    return _checked(questionnaire, json.loads(data)["a"], units=units)


def longest_plaintext(questionnaire: Questionnaire, units: int) -> int:
    """
    Bytes that hold every response to the questionnaire: what a wave's one envelope size is made from.

    An upper bound: it lets one response take every path at once.
    """
    entries: list[object] = [_longest_single(units)]
    for column in columns_of(questionnaire):
        longest_list = list(range(column.options))[-column.most_sent :]
        entries.append(longest_list if column.is_multi else _longest_single(column.options))
    return len(_plaintext(entries))


def padded(data: bytes, length: int) -> bytes:
    """
    The data, one byte 0x80, and zeros up to `length` bytes (ISO/IEC 7816-4, padding method 2).

    Raises:
        AnswerError: If the data does not leave room for the byte that begins the padding.
    """
    if len(data) >= length:
        raise AnswerError(
            AnswerErrorKind.BAD_PADDING, f"response: does not fit into {length} bytes with padding"
        )
    return (data + _PADDING_BEGINS).ljust(length, b"\x00")


def unpadded(data: bytes) -> bytes:
    """
    What `padded` was given.

    Raises:
        AnswerError: If the data does not end as padded data does.
    """
    stripped = data.rstrip(b"\x00")
    if not stripped.endswith(_PADDING_BEGINS):
        raise AnswerError(AnswerErrorKind.BAD_PADDING, "response: not padded as ISO/IEC 7816-4 says")
    return stripped[:-1]


class Column(NamedTuple):
    """What may stand at one item's place in a plaintext."""

    place: str
    is_multi: bool
    options: int
    most: int
    most_sent: int
    ranks: tuple[int, ...]


@lru_cache(maxsize=64)
def columns_of(questionnaire: Questionnaire) -> tuple[Column, ...]:
    """What may stand at each item's place, in the definition's order."""
    return tuple(_column(item, questionnaire.options_of(item)) for item in questionnaire.items)


def _column(item: Item, options: Sequence[Option]) -> Column:
    ranks = tuple(_rank(option) for option in options)
    most = min(item.max_choices or len(options), len(options))
    # An exclusive option that gives way takes no room among those that may be chosen, only in the bytes.
    most_sent = min(len(options), most + sum(rank > 0 for rank in ranks))
    return Column(f'item "{item.id}"', item.type is ItemType.MULTI, len(options), most, most_sent, ranks)


def _rank(option: Option) -> int:
    """Which options give way to which: those that say nothing to "none of them", that to what was named."""
    if not option.exclusive:
        return 0
    return 2 if option.kind.is_missing else 1


def _answer_from_codes(questionnaire: Questionnaire, item: Item, given: str | Sequence[str]) -> Answer:
    positions = {option.code: i for i, option in enumerate(questionnaire.options_of(item))}
    codes = (given,) if isinstance(given, str) else tuple(given)
    unknown = next((code for code in codes if code not in positions), None)
    if unknown is not None:
        raise AnswerError(
            AnswerErrorKind.UNKNOWN_CODE,
            f'item "{item.id}": no option has the code "{unknown}". {did_you_mean(unknown, positions)}',
        )
    if item.type is ItemType.MULTI:
        return tuple(sorted({positions[code] for code in codes}))
    if len(codes) > 1:
        raise AnswerError(
            AnswerErrorKind.WRONG_TYPE, f'item "{item.id}": {len(codes)} codes given; it takes one'
        )
    return positions[codes[0]]


def _plaintext(entries: Sequence[object]) -> bytes:
    return b'{"v":1,"a":' + _ENCODER.encode(entries).encode() + b"}"


def _longest_single(options: int) -> int | None:
    """The longest that stands where one position is expected: null, until positions have five digits."""
    return options - 1 if options > _FOUR_DIGITS else None


def _refuse_form(data: bytes) -> NoReturn:
    """Say what is wrong with bytes that are not in the one form of a plaintext."""
    try:
        value = json.loads(data)
    except (
        ValueError,
        RecursionError,
    ) as error:  # ValueError covers JSON, UTF-8 and numbers beyond all bounds
        raise AnswerError(AnswerErrorKind.MALFORMED, "response: not JSON") from error
    if not isinstance(value, dict) or not isinstance(value.get("a"), list) or type(value.get("v")) is not int:
        raise AnswerError(AnswerErrorKind.MALFORMED, 'response: not of the form {"v":1,"a":[…]}')
    if value["v"] != _VERSION:
        raise AnswerError(
            AnswerErrorKind.WRONG_VERSION, "response: not of version 1, the only one known here"
        )
    raise AnswerError(AnswerErrorKind.NOT_CANONICAL, "response: not in the one form that encodes it")


def _checked(questionnaire: Questionnaire, entries: Sequence[object], *, units: int | None) -> DecodedAnswers:
    columns = columns_of(questionnaire)
    if len(entries) != len(columns) + 1:
        raise AnswerError(
            AnswerErrorKind.WRONG_LENGTH,
            f"response: {len(entries)} entries; the unit and {len(columns)} items make {len(columns) + 1}",
        )
    unit = None if entries[0] is None else _position("unit", entries[0], units)
    chosen: list[Answer] = []
    repaired = 0
    for column, entry in zip(columns, islice(entries, 1, None), strict=True):
        if entry is None:
            chosen.append(None)
        elif column.is_multi:
            kept, repairs = _choices(column, entry)
            chosen.append(kept)
            repaired += repairs
        else:
            chosen.append(_position(column.place, entry, column.options))
    return DecodedAnswers(unit, Answers(tuple(chosen)), repaired)


def _position(place: str, entry: object, options: int | None) -> int:
    if not isinstance(entry, int):
        raise AnswerError(AnswerErrorKind.WRONG_TYPE, f"{place}: the position of one option belongs here")
    if entry < 0 or (options is not None and entry >= options):
        raise AnswerError(AnswerErrorKind.OUT_OF_RANGE, f"{place}: there is no option at that position")
    return entry


def _choices(column: Column, entry: object) -> tuple[Answer, bool]:
    """The options chosen in a `multi` item, and whether an exclusive one had to give way."""
    if not isinstance(entry, list) or not entry:
        raise AnswerError(AnswerErrorKind.WRONG_TYPE, f"{column.place}: a list of positions belongs here")
    positions = [_position(column.place, position, column.options) for position in entry]
    if any(later <= earlier for earlier, later in pairwise(positions)):
        raise AnswerError(AnswerErrorKind.NOT_CANONICAL, f"{column.place}: positions ascend, each named once")
    kept = _resolved(column, positions)
    if len(kept) > column.most:
        raise AnswerError(
            AnswerErrorKind.TOO_MANY_CHOICES, f"{column.place}: at most {column.most} can be chosen"
        )
    return tuple(kept) or None, len(kept) < len(positions)


def _resolved(column: Column, positions: list[int]) -> list[int]:
    """
    Positions without the exclusive ones that stood with others.

    "Nobody" together with a colleague is a colleague; "prefer not to answer" gives way to whatever else was
    said. Two exclusive options of one rank contradict each other, and then nothing was said.
    """
    if len(positions) == 1:
        return positions
    lowest = min(column.ranks[position] for position in positions)
    kept = [position for position in positions if column.ranks[position] == lowest]
    return kept if lowest == 0 or len(kept) == 1 else []

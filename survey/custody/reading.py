"""
Many opened plaintexts at once: from padded bytes to a matrix of positions.

What one response may look like is said in questionnaires/answers.py, and read there one at a time. Here a
machine of few states walks over thousands together, one byte of each at a step. It knows the one form of a
plaintext and nothing else: whatever it does not read to the end is given to `decode`, which reads it or says
what is wrong with it. Nothing is decided here that is not decided there; tests/survey/custody/test_reading.py
holds the two to each other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from enum import IntEnum, auto
from typing import Final

import numpy as np
import numpy.typing as npt

from analysis.routes import leave_out_what_was_not_asked
from analysis.tables import LEFT_BLANK, OpenedWave, Positions
from questionnaires.answers import Answer, Column, columns_of, decode, unpadded
from questionnaires.errors import AnswerError
from questionnaires.model import Questionnaire

Bytes = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]

_PREFIX: Final = np.frombuffer(b'{"v":1,"a":[', np.uint8)
_FAR: Final = 1_000_000
"""A position that no item has; longer numbers stay here."""
_MOST_IN_A_MASK: Final = 31
_ZERO_SIGN: Final = np.int32(ord("0"))


class _State(IntEnum):
    """What was read of a plaintext last."""

    LOST = 0  # not a plaintext that is read here
    ENTRY = auto()  # an entry begins
    N = auto()
    NU = auto()
    NUL = auto()
    NULL = auto()
    ZERO = auto()
    NUMBER = auto()
    ELEMENT = auto()  # an element of a list begins
    ELEMENT_ZERO = auto()
    ELEMENT_NUMBER = auto()
    LIST = auto()  # a list has ended
    ENTRIES = auto()  # all entries have ended
    OBJECT = auto()  # the object has ended
    PADDING = auto()


class _Event(IntEnum):
    """What follows from a byte, besides the next state."""

    NONE = 0
    DIGIT = auto()
    BLANK = auto()
    ELEMENT_ENDS = auto()
    SINGLE_ENDS = auto()
    LIST_ENDS = auto()


def _machine() -> npt.NDArray[np.uint16]:
    """By state and byte, what follows: the next state, times 256, and the event."""
    table = np.zeros((len(_State), 256), np.uint16)

    def on(state: _State, symbols: bytes, then: _State, event: _Event = _Event.NONE) -> None:
        table[state, list(symbols)] = then << 8 | event

    on(_State.ENTRY, b"n", _State.N, _Event.BLANK)
    for state, symbol, then in (
        (_State.N, b"u", _State.NU),
        (_State.NU, b"l", _State.NUL),
        (_State.NUL, b"l", _State.NULL),
        (_State.ENTRY, b"[", _State.ELEMENT),
        (_State.ENTRIES, b"}", _State.OBJECT),
        (_State.OBJECT, b"\x80", _State.PADDING),
        (_State.PADDING, b"\x00", _State.PADDING),
    ):
        on(state, symbol, then)
    for begins, zero, number in (
        (_State.ENTRY, _State.ZERO, _State.NUMBER),
        (_State.ELEMENT, _State.ELEMENT_ZERO, _State.ELEMENT_NUMBER),
    ):
        on(begins, b"0", zero, _Event.DIGIT)
        on(begins, b"123456789", number, _Event.DIGIT)
        on(number, b"0123456789", number, _Event.DIGIT)
    for state in (_State.NULL, _State.ZERO, _State.NUMBER):
        on(state, b",", _State.ENTRY, _Event.SINGLE_ENDS)
        on(state, b"]", _State.ENTRIES, _Event.SINGLE_ENDS)
    for state in (_State.ELEMENT_ZERO, _State.ELEMENT_NUMBER):
        on(state, b",", _State.ELEMENT, _Event.ELEMENT_ENDS)
        on(state, b"]", _State.LIST, _Event.ELEMENT_ENDS)
    on(_State.LIST, b",", _State.ENTRY, _Event.LIST_ENDS)
    on(_State.LIST, b"]", _State.ENTRIES, _Event.LIST_ENDS)
    return table.ravel()


_FOLLOWING: Final = _machine()
_STATE_BITS: Final = np.uint16(0xFF00)
_EVENT_BITS: Final = np.uint16(0xFF)
_DIGIT, _BLANK, _ELEMENT_ENDS, _SINGLE_ENDS, _LIST_ENDS = (np.uint16(event) for event in list(_Event)[1:])
_LOST: Final = np.uint16(_State.LOST << 8)
_WHOLE: Final = np.uint16(_State.PADDING << 8)


class ResponseReader:
    """Turns padded plaintexts of one questionnaire into rows of positions, off-path answers left out."""

    def __init__(self, questionnaire: Questionnaire, units: Sequence[str]) -> None:
        self._questionnaire = questionnaire
        self._units = tuple(units)
        self._allowed = _Allowed(columns_of(questionnaire), len(self._units))

    def read(self, plaintexts: Sequence[bytes]) -> tuple[Positions, Counter[str]]:
        """
        What these plaintexts, all of one length, say.

        Returns:
            The unit's position and one number per item, as `analysis.tables.OpenedWave` has them, a row for
            each that is a response to this questionnaire; and how many are none, by kind.
        """
        rejected: Counter[str] = Counter()
        if not plaintexts:
            return self._nothing(), rejected
        data = np.frombuffer(b"".join(plaintexts), np.uint8).reshape(len(plaintexts), -1)
        answers, known = _walked(data, 1 + len(self._questionnaire.items), self._allowed)
        kept = known.copy()
        for place in np.flatnonzero(~known).tolist():
            try:
                answers[place] = self._one(plaintexts[place])
                kept[place] = True
            except AnswerError as fault:
                rejected[fault.kind.value] += 1
        answers = answers[kept]
        leave_out_what_was_not_asked(self._questionnaire, answers)
        return answers, rejected

    def opened(self, parts: Sequence[Positions]) -> OpenedWave:
        """All that was read as one wave."""
        return OpenedWave(self._questionnaire, self._units, np.concatenate([self._nothing(), *parts]))

    def _one(self, plaintext: bytes) -> list[int]:
        decoded = decode(self._questionnaire, unpadded(plaintext), units=len(self._units))
        return [_number(decoded.unit), *map(_number, decoded.answers.chosen)]

    def _nothing(self) -> Positions:
        return np.empty((0, 1 + len(self._questionnaire.items)), np.int32)


def _number(answer: Answer) -> int:
    """A position, or the bit mask of several positions."""
    if answer is None:
        return LEFT_BLANK
    return answer if isinstance(answer, int) else sum(1 << position for position in answer)


class _Allowed:
    """What may stand in each entry of a plaintext, the unit's first, as arrays over the entries."""

    def __init__(self, columns: Sequence[Column], units: int) -> None:
        self.is_multi: Flags = np.array([False, *(column.is_multi for column in columns)])
        highest = [units, *(1 << c.options if c.is_multi else c.options for c in columns)]
        self.below = np.minimum(np.array(highest, np.int64), np.iinfo(np.int32).max)
        self.most = np.array([1, *(column.most for column in columns)], np.int32)
        gives_way = (sum(1 << place for place, rank in enumerate(c.ranks) if rank) for c in columns)
        self.gives_way = np.array([0, *(mask & (2**31 - 1) for mask in gives_way)], np.int32)

    def plain(self, entries: Positions, is_list: Flags) -> Flags:
        """Which responses are right as they stand, so that nothing has to give way in them."""
        blank = entries == LEFT_BLANK
        fits = (entries < self.below) & (blank | (is_list == self.is_multi))
        chosen = np.where(is_list, np.bitwise_count(np.maximum(entries, 0)), 1)
        resolved = ~is_list | (chosen == 1) | (entries & self.gives_way == 0)
        right: Flags = (fits & (chosen <= self.most) & resolved).all(axis=1)
        return right


def _walked(data: Bytes, width: int, allowed: _Allowed) -> tuple[Positions, Flags]:
    """The entries of each plaintext, and of which plaintexts they are known to be right."""
    begins = len(_PREFIX)
    used = np.flatnonzero(data.any(axis=0))
    ends = max(int(used[-1]) + 1 if used.size else 0, begins)
    # No plaintext has more entries than every second byte can end, and what there is has room.
    walk = _Walk(len(data), width + (ends - begins) // 2 + 1)
    if data.shape[1] >= begins:
        walk.lose((data[:, :begins] != _PREFIX).any(axis=1))
    # A column of bytes lies together, since it is read together.
    for symbols in np.ascontiguousarray(data[:, begins:ends].T):
        walk.step(symbols)
    entries, is_list, whole = walk.read(width)
    return entries, whole & allowed.plain(entries, is_list)


class _Walk:
    """Where the machine stands in each plaintext, and what it has read so far."""

    def __init__(self, rows: int, room: int) -> None:
        self._state = np.full(rows, _State.ENTRY << 8, np.uint16)
        self._entries = np.full(rows * room, LEFT_BLANK, np.int32)
        self._is_list = np.zeros(rows * room, np.bool_)
        self._first = np.arange(0, rows * room, room)
        self._place = self._first.copy()
        self._number = np.zeros(rows, np.int32)
        self._mask = np.zeros(rows, np.int32)
        self._before = np.full(rows, -1, np.int32)

    def lose(self, rows: Flags) -> None:
        """Read no further in these."""
        self._state[rows] = _LOST

    def step(self, symbols: Bytes) -> None:
        """Read the next byte of every plaintext."""
        following = _FOLLOWING.take(self._state + symbols)
        self._state, events = following & _STATE_BITS, following & _EVENT_BITS
        longer = np.minimum(self._number * 10 + symbols - _ZERO_SIGN, _FAR)
        number = np.where(events == _DIGIT, longer, self._number)
        number[events == _BLANK] = LEFT_BLANK
        # Every entry is written as far as it was read: to look which ones have ended takes longer.
        self._entries[self._place] = number
        if (events >= _ELEMENT_ENDS).any():
            self._end(events, number)
        self._number = number

    def read(self, width: int) -> tuple[Positions, Flags, Flags]:
        """The first entries of each, which are lists, and which plaintexts were read to their end."""
        shape = (len(self._state), -1)
        entries = self._entries.reshape(shape)[:, :width]
        is_list = self._is_list.reshape(shape)[:, :width]
        whole = (self._state == _WHOLE) & (self._place - self._first == width)
        return np.ascontiguousarray(entries), np.ascontiguousarray(is_list), whole

    def _end(self, events: npt.NDArray[np.uint16], number: npt.NDArray[np.int32]) -> None:
        elements, lists = events == _ELEMENT_ENDS, events == _LIST_ENDS
        if elements.any():
            self._end_elements(np.flatnonzero(elements), number)
        if lists.any():
            self._end_lists(np.flatnonzero(lists))
        self._place += events >= _SINGLE_ENDS
        number[events >= _ELEMENT_ENDS] = 0

    def _end_elements(self, rows: npt.NDArray[np.intp], numbers: npt.NDArray[np.int32]) -> None:
        number = numbers[rows]
        # Positions ascend, each named once.
        self._state[rows[(number <= self._before[rows]) | (number >= _MOST_IN_A_MASK)]] = _LOST
        self._mask[rows] |= np.int32(1) << np.minimum(number, _MOST_IN_A_MASK - 1)
        self._before[rows] = number

    def _end_lists(self, rows: npt.NDArray[np.intp]) -> None:
        self._entries[self._place[rows]] = self._mask[rows]
        self._is_list[self._place[rows]] = True
        self._mask[rows] = 0
        self._before[rows] = -1

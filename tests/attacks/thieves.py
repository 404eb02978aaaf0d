"""
Simulated waves on real files, and thieves who copy them: how well they link responses to invitations.

A wave is a history of exchanges and submissions in some order, on the databases the product uses, laid down
anew by the worker's own rule. A thief gets bytes: where the digests of codes and credentials stand in the
file and in the write-ahead log, and nothing else.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random  # noqa: TID251  Histories are invented, and the same for the same seed.
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt
from sqlalchemy import insert, update

from survey.storage.databases import Databases, open_databases
from survey.storage.models import Invitation
from survey.storage.responses import SealedResponse
from survey.storage.upgrading import upgrade
from survey.worker.duties import Rewriting
from tests.survey import rows

ANSWERING = 0.7
"""The share of those invited who answer."""
DAYS = 14
_RECENT = 60
WAVE, OWNER = "wave", "own"
# In memory where there is such a place: thousands of short transactions wait for a disk otherwise.
FAST = Path("/dev/shm")  # noqa: S108  Nobody else's file is opened there.

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Stolen:
    """Where the thief finds each respondent's code and row: places in file and log, -1 for nowhere."""

    code_in_file: Numbers
    code_in_log: Numbers
    row_in_file: Numbers
    row_in_log: Numbers

    @property
    def fresh_codes(self) -> Numbers:
        """Those exchanged since the last rewrite, in order: the log has them, and the file has not yet."""
        return _fresh(self.code_in_file, self.code_in_log)

    @property
    def fresh_rows(self) -> Numbers:
        """Those that came since, in order. A page in the log holds older ones too, which the file has."""
        return _fresh(self.row_in_file, self.row_in_log)


@contextmanager
def template() -> Iterator[Path]:
    """Two empty databases to copy from: migrations take longer than a small wave."""
    with TemporaryDirectory(dir=FAST if FAST.is_dir() else None) as folder:
        opened = databases(Path(folder))
        upgrade(opened)
        opened.dispose()
        yield Path(folder)


def databases(folder: Path) -> Databases:
    return open_databases(f"sqlite:///{folder}/a.db", f"sqlite:///{folder}/r.db")


def stolen_wave(empty: Path, people: int, chance: Random, *, after_a_rewrite: bool) -> Stolen:
    """
    What is stolen of a wave of `people` at one moment.

    After a rewrite: as both databases stand when the last response has come and they were laid down anew.
    Else: at a moment chosen evenly among the arrivals, whatever was laid down anew before it.
    """
    with TemporaryDirectory(dir=empty.parent) as place:
        folder = Path(place)
        for name in ("a.db", "r.db"):
            shutil.copy(empty / name, folder / name)
        opened = databases(folder)
        # Other codes and credentials in each wave: their digests alone say where they lie after a rewrite.
        first = chance.randrange(10**9) * 10_000
        invited = range(first, first + people)
        answering = chance.sample(invited, max(2, round(people * ANSWERING)))
        until = len(answering) if after_a_rewrite else chance.randint(2, len(answering))
        _live(opened, invited, answering[:until], chance)
        if after_a_rewrite:
            Rewriting(opened).everything()
        # A connection that stays open keeps the log on disk, as in a web that runs.
        with opened.responses.connect(), opened.alliance.connect():
            found = _read(folder, answering[:until])
        opened.dispose()
        return found


def _live(opened: Databases, invited: Sequence[int], answering: Sequence[int], chance: Random) -> None:
    with opened.alliance_session() as session:
        session.add(rows.organisation(OWNER))
        session.flush()
        session.add(rows.wave(WAVE, OWNER))
        session.flush()
        session.add_all(rows.invitation(number, WAVE, OWNER) for number in invited)
    # What a rewrite leaves depends on the rows alone, so all that came long before may come at once.
    earlier, recent = answering[:-_RECENT], answering[-_RECENT:]
    _exchange(opened, earlier)
    _submit(opened, earlier)
    rewriting = Rewriting(opened)
    rewriting.everything()
    for number in recent:
        _exchange(opened, [number])
        _submit(opened, [number])
        # The worker looks once a minute: now and then two arrive within one.
        if chance.random() < 0.8:
            rewriting.step()


def _exchange(opened: Databases, numbers: Sequence[int]) -> None:
    with opened.alliance_session() as session:
        for number in numbers:
            session.execute(
                update(Invitation)
                .where(Invitation.code_digest == rows.digest(number))
                .values(blinded_digest=rows.noise(f"blinded {number}", 32))
            )


def _submit(opened: Databases, numbers: Sequence[int]) -> None:
    with opened.responses_session() as session:
        for number in numbers:
            row = rows.sealed_response(_credential(number), WAVE)
            values = {column.name: getattr(row, column.name) for column in SealedResponse.__table__.columns}
            session.execute(insert(SealedResponse).values(values))


def _credential(number: int) -> int:
    """A credential's digest has nothing to do with the code's."""
    return number + 10**15


def _read(folder: Path, answering: Sequence[int]) -> Stolen:
    codes = [rows.noise(f"blinded {number}", 32) for number in answering]
    keys = [rows.digest(_credential(number)) for number in answering]
    return Stolen(
        _places((folder / "a.db").read_bytes(), codes),
        _places((folder / "a.db-wal").read_bytes(), codes),
        _places((folder / "r.db").read_bytes(), keys),
        _places((folder / "r.db-wal").read_bytes(), keys),
    )


def _places(content: bytes, wanted: Sequence[bytes]) -> Numbers:
    """Where each first stands: pages are written again and again, so the first time is when it came."""
    return np.array([content.find(one) for one in wanted], np.int64)


def auc(stolen: Stolen) -> float:
    """
    How often a true pair of code and row looks likelier than a false one: 0.5 is chance, 1 is certainty.

    The thief holds a pair for the likelier, the nearer the two stand in the order in which files and logs
    have them, and tries both directions.
    """
    code = _order(np.where(stolen.code_in_file < 0, stolen.code_in_log + 2**40, stolen.code_in_file))
    row = _order(np.where(stolen.row_in_file < 0, stolen.row_in_log + 2**40, stolen.row_in_file))
    return _auc(-np.abs(code[:, None] - row[None, :]))


def _fresh(in_file: Numbers, in_log: Numbers) -> Numbers:
    found = np.flatnonzero((in_file < 0) & (in_log >= 0))
    return found[np.argsort(in_log[found])]


def _order(places: Numbers) -> Numbers:
    return np.argsort(np.argsort(places, kind="stable"), kind="stable")


def _auc(likely: Numbers) -> float:
    true = np.sort(np.diagonal(likely))
    false = likely[~np.eye(len(likely), dtype=bool)]
    below = np.searchsorted(true, false, side="left")
    equal = np.searchsorted(true, false, side="right") - below
    # Of each false pair: true ones that look likelier, and half of those that look the same.
    return float((len(true) - below - equal + equal / 2).sum() / (len(true) * len(false)))


def linked(stolen: Stolen) -> float:
    """
    How often the thief's best guess at a respondent's row is right, over all who have answered.

    Those whose code and row stand in the logs are matched in the order of the logs; for the others one row
    is as good as another.
    """
    by_code, by_row = stolen.fresh_codes, stolen.fresh_rows
    # From the end, where the two logs are sure to meet.
    together = min(len(by_code), len(by_row))
    right = int((by_code[len(by_code) - together :] == by_row[len(by_row) - together :]).sum())
    others = len(stolen.row_in_file) - together
    return (right + (1 if others else 0)) / len(stolen.row_in_file)


def linked_by_nightly_copies(people: int, chance: Random) -> float:
    """
    How often the best guess is right of a thief who copies every night, of all who answer within two weeks.

    Whatever is laid down anew, two copies tell which codes were exchanged in between and which rows came.
    """
    answering = max(2, round(people * ANSWERING))
    # Most answer in the days after the invitation and after each of two reminders.
    weights = [0.24, 0.14, 0.07, 0.05, 0.02, 0.02, 0.03, 0.16, 0.08, 0.05, 0.02, 0.02, 0.06, 0.04]
    days = chance.choices(range(DAYS), weights, k=answering)
    return len(set(days)) / answering


def linked_by_watching(per_hour: float, chance: Random, arrivals: int = 400) -> float:
    """
    How often an operator is right who watches live and takes the sending nearest the usual pause.

    Args:
        per_hour: How many people send in an hour.
        chance: Draws arrivals and pauses.
        arrivals: How many are watched.
    """
    exchanged = np.cumsum([chance.expovariate(per_hour / 3600) for _ in range(arrivals)])
    sent = exchanged + np.array([chance.uniform(2, 6) for _ in range(arrivals)])
    nearest = np.abs(sent[None, :] - exchanged[:, None] - 4).argmin(axis=1)
    return float((nearest == np.arange(arrivals)).mean())

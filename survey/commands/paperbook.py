"""
How far the papers of one wave are typed in: a file beside the key file, so that nothing is sent twice.

A response is written here, sealed, before it is sent. If no answer comes, the same bytes are sent again: the
server takes them once. Format: docs/reference/formats.md, "Paper book".
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Literal

import httpx
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from questionnaires.files import read_file
from questionnaires.routing import on_path
from survey.answering.client import AnsweringError, Prepared, Respondent
from survey.commands.files import Reply
from survey.sealing.credentials import SIGNATURE_SIZE, Blinding
from survey.waves.manifest import from_b64, to_b64


class PaperError(Exception):
    """A paper that was not typed in; the message says what became of it and what to do."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Pending(_Part):
    """A sealed response whose arrival nobody has confirmed; b64."""

    secret: str = Field(repr=False)
    randomiser: str
    blinded: str
    inverse: str = Field(repr=False)
    envelope: str

    @classmethod
    def of(cls, prepared: Prepared) -> Pending:
        """What there is to keep of a prepared response."""
        blinding = prepared.blinding
        return cls(
            secret=to_b64(prepared.secret),
            randomiser=to_b64(blinding.randomiser),
            blinded=to_b64(blinding.blinded),
            inverse=to_b64(blinding.inverse.to_bytes(SIGNATURE_SIZE, "big")),
            envelope=to_b64(prepared.envelope),
        )

    def prepared(self) -> Prepared:
        """The response, ready to be sent again."""
        inverse = int.from_bytes(from_b64(self.inverse), "big")
        blinding = Blinding(from_b64(self.randomiser), from_b64(self.blinded), inverse)
        return Prepared(from_b64(self.secret), blinding, from_b64(self.envelope))


class PaperBook(_Part):
    """What was done of one wave's papers; changing it means writing a new one."""

    format: Literal["tillid-paper-book/1"] = "tillid-paper-book/1"
    wave: str
    used: Annotated[int, Field(ge=0)] = 0
    """Codes that are spent; the next paper takes the one after them."""
    pending: Pending | None = None
    rows_sent: dict[str, int] = Field(default_factory=dict)
    """SHA-256 (hex) of a CSV file → how many of its rows were sent."""


def book_at(key_file: Path, wave: str) -> Path:
    """Where the book of `wave` lies."""
    return key_file.with_name(f"{key_file.name}.paper-{wave}")


def read_book(path: Path, wave: str) -> PaperBook:
    """
    The book at `path`, or a fresh one.

    Raises:
        PaperError: If there is something else.
    """
    try:
        book = PaperBook.model_validate_json(read_file(path))
    except FileNotFoundError:
        return PaperBook(wave=wave)
    except (OSError, ValidationError) as fault:
        raise PaperError(
            f"{path}: it is no paper book. Move it away; codes that are spent are then tried once more"
        ) from fault
    if book.wave != wave:
        raise PaperError(f"{path}: it is the book of wave {book.wave}; give it back its name")
    return book


@dataclass(slots=True)
class Typist:
    """Sends papers one by one under the wave's paper codes, and writes down how far it came."""

    respondent: Respondent
    codes: Sequence[str] = field(repr=False)
    path: Path
    book: PaperBook

    @property
    def left(self) -> int:
        """How many papers can still be typed in."""
        return len(self.codes) - self.book.used

    def finish_pending(self) -> bool:
        """
        Send what an earlier try left behind; whether there was something.

        Raises:
            PaperError: As `enter`.
        """
        if self.book.pending is None:
            return False
        self._deliver(self.book.pending.prepared())
        return True

    def enter(self, reply: Reply, rows_sent: dict[str, int] | None = None) -> int:
        """
        Send one paper; how many answers were left out because the path does not lead to them.

        Raises:
            PaperError: If no code is left, or the server does not take it or does not answer.
        """
        if self.left <= 0:
            raise self._used_up()
        routed = on_path(self.respondent.questionnaire, reply.answers)
        prepared = self.respondent.prepared(reply.unit, routed.answers)
        # A row of a file is counted as it sets out: a crash must neither lose it nor send it twice.
        self._write(pending=Pending.of(prepared), rows_sent=rows_sent or self.book.rows_sent)
        self._deliver(prepared)
        return routed.dropped

    def enter_rows(self, file: Path, replies: Sequence[Reply]) -> tuple[int, int]:
        """
        Send the rows of a file that were not sent yet; how many were, and how many answers were left out.

        Raises:
            PaperError: If there are more rows than codes, or as `enter`.
        """
        name = sha256(file.read_bytes()).hexdigest()
        rest = replies[self.book.rows_sent.get(name, 0) :]
        if len(rest) > self.left:
            raise PaperError(
                f"{file}: {len(rest)} papers to type in, and {self.left} paper credentials are left."
                " Nothing was sent; the wave promised no more."
            )
        left_out = 0
        for number, reply in enumerate(rest, len(replies) - len(rest) + 1):
            left_out += self.enter(reply, {**self.book.rows_sent, name: number})
        return len(rest), left_out

    def _deliver(self, prepared: Prepared) -> None:
        while self.left > 0:
            try:
                self.respondent.deliver(self.codes[self.book.used], prepared)
            except AnsweringError as fault:
                if fault.code != "code_refused":
                    raise PaperError(
                        f"not taken: {fault.code}. It is kept sealed in {self.path}; run the command again"
                    ) from fault
                # Another trustee has used this code: the paper takes the next one.
                self._write(used=self.book.used + 1)
            except httpx.HTTPError as fault:
                raise PaperError(
                    f"no answer ({fault}). It is kept sealed in {self.path}; run the command again"
                ) from fault
            else:
                self._write(used=self.book.used + 1, pending=None)
                return
        raise self._used_up()

    def _used_up(self) -> PaperError:
        return PaperError(
            f"all {len(self.codes)} paper credentials of the wave are used; it promised no more"
        )

    def _write(self, **changes: object) -> None:
        self.book = self.book.model_copy(update=changes)
        aside = self.path.with_name(self.path.name + ".new")
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as opened:
            opened.write(self.book.model_dump_json(indent=2) + "\n")
            opened.flush()
            os.fsync(opened.fileno())
        aside.replace(self.path)

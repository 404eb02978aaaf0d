"""
Custody's own directory, outside every database and backup: its identity, pads of waves, and what it signed.

Without a wave's pad, all its trustees together cannot open it, and no backup can. Whoever can write in the
databases cannot make custody sign other promises, or another list, for a wave it has signed some for.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import Enum
from pathlib import Path

from survey.sealing.identity import Identity
from survey.waves import manifest as manifests
from survey.waves.waiting import Waits

_PAD_SIZE = 32
_DIGEST_SIZE = 32
_PRIVATE = 0o600
_PRIVATE_FOLDER = 0o700


class CustodyError(Exception):
    """Custody cannot do what it was asked to; the message says why and what to do, `waits` for whom."""

    def __init__(self, message: str, waits: Waits = Waits.OPERATOR) -> None:
        super().__init__(message)
        self.waits = waits


class Kept(Enum):
    """What custody says once of a wave and never otherwise; the values are folders."""

    MANIFEST = "manifests"
    LIST = "lists"


_PADS = "pads"
_CONFIRMATIONS = "confirmations"
_VOUCHED = "vouched"
_CONTRIBUTIONS = "contributions"
_RELEASES = "releases"
_EDITIONS = "editions"
_OWN = (_PADS, _CONFIRMATIONS, _VOUCHED, _CONTRIBUTIONS, _RELEASES, _EDITIONS)
_FOLDERS = (*_OWN, *(kind.value for kind in Kept))


class CustodyDirectory:
    """The files that only custody may read; made on first use, readable by custody's account alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for made in (folder, *(folder / name for name in _FOLDERS)):
            made.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)

    @contextmanager
    def held(self) -> Iterator[None]:
        """
        Keep the directory to this process until the block ends, however it ends.

        Raises:
            CustodyError: If another process has it: two would take each other's openings back.
        """
        handle = os.open(self._folder, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        except BlockingIOError as fault:
            raise CustodyError(
                f"{self._folder}: another custody process works with it; end that one first"
            ) from fault
        finally:
            os.close(handle)

    def keep(self, kind: Kept, wave: str, said: bytes) -> None:
        """
        Remember what custody is about to say of `wave`; the same again changes nothing.

        Raises:
            CustodyError: If it said something else before.
        """
        known = self.kept(kind, wave)
        if known is None:
            _write(self._folder / kind.value / wave, said)
        elif known != said:
            raise CustodyError(
                f"wave {wave}: custody has signed other {kind.value} for it; restore the database as it was"
            )

    def kept(self, kind: Kept, wave: str) -> bytes | None:
        """What custody said of `wave`, or None."""
        try:
            return (self._folder / kind.value / wave).read_bytes()
        except FileNotFoundError:
            return None

    def expect_confirmations(self, wave: str, digests: Sequence[bytes]) -> None:
        """
        Remember by which digests the trustees of `wave`, in their order, will be recognised.

        Here and not in a database: whoever could write them could confirm, and approve, for a trustee.
        """
        file = self._folder / _CONFIRMATIONS / wave
        file.unlink(missing_ok=True)
        _write(file, b"".join(digests))

    def expected_confirmations(self, wave: str) -> tuple[bytes, ...]:
        """What `expect_confirmations` was given; empty if there was no ceremony."""
        try:
            known = (self._folder / _CONFIRMATIONS / wave).read_bytes()
        except FileNotFoundError:
            return ()
        return tuple(known[at : at + _DIGEST_SIZE] for at in range(0, len(known), _DIGEST_SIZE))

    def vouch(self, spoken: str) -> None:
        """
        Remember that somebody heard this fingerprint from the trustee whose key it is.

        Args:
            spoken: As `survey.sealing.shares.spoken` gives it.
        """
        file = self._folder / _VOUCHED / spoken.replace(" ", "")
        if not file.exists():
            _write(file, b"")

    def is_vouched(self, spoken: str) -> bool:
        """Whether `vouch` was told this fingerprint."""
        return (self._folder / _VOUCHED / spoken.replace(" ", "")).exists()

    def keep_contribution(self, wave: str, contribution: bytes) -> None:
        """
        Remember what `wave` may give to its sector's figures; the same again changes nothing.

        Here and not in a database, whose backups would keep it after destruction.

        Raises:
            CustodyError: If another one is kept: an opening done again gives the same.
        """
        known = self.contribution(wave)
        if known is None:
            _write(self._folder / _CONTRIBUTIONS / wave, contribution)
        elif known != contribution:
            raise CustodyError(
                f"wave {wave}: another contribution of it is kept; restore custody's directory as it was"
            )

    def contribution(self, wave: str) -> bytes | None:
        """What `wave` may give to its sector's figures, or None."""
        try:
            return (self._folder / _CONTRIBUTIONS / wave).read_bytes()
        except FileNotFoundError:
            return None

    def erase_contribution(self, wave: str) -> None:
        """Overwrite and remove the contribution of `wave`, if there is one."""
        _erase(self._folder / _CONTRIBUTIONS / wave)

    def contributed(self) -> list[str]:
        """The waves whose contribution is kept."""
        return sorted(file.name for file in (self._folder / _CONTRIBUTIONS).iterdir() if not file.suffix)

    def keep_edition(self, number: int, edition: bytes) -> None:
        """
        Remember an edition before anybody is told of it.

        Raises:
            CustodyError: If there is one of that number: two would differ by too little.
        """
        try:
            _write(self._folder / _EDITIONS / f"{number:06}", edition)
        except FileExistsError as fault:
            raise CustodyError(
                f"edition {number}: custody remembers one of that number; restore its directory as it was"
            ) from fault

    def editions(self) -> list[bytes]:
        """Every edition ever made, the oldest first."""
        return [file.read_bytes() for file in sorted((self._folder / _EDITIONS).iterdir()) if not file.suffix]

    def remember_release(self, wave: str, digest: bytes) -> None:
        """
        Remember that `wave` was released, and as what: later waves are protected beside it.

        Here and not in a database alone: whoever could take it out there would have less protected.
        """
        file = self._folder / _RELEASES / wave
        if not file.exists():
            _write(file, digest)

    def remembered_releases(self, organisation: str) -> dict[str, bytes]:
        """Wave → digest of its release, for the waves of `organisation`."""
        return {
            file.name: file.read_bytes()
            for file in sorted((self._folder / _RELEASES).iterdir())
            if not file.suffix and self._organisation_of(file.name) == organisation
        }

    def _organisation_of(self, wave: str) -> str | None:
        promised = self.kept(Kept.MANIFEST, wave)
        return None if promised is None else manifests.from_bytes(promised).organisation.id

    def waves_with_a_pad(self) -> list[str]:
        """The waves that can still be opened."""
        return sorted(file.name for file in (self._folder / _PADS).iterdir() if not file.suffix)

    def identity(self) -> Identity:
        """Custody's identity, made the first time it is asked for."""
        file = self._folder / "identity"
        if not file.exists():
            _write(file, Identity.new_seed())
        return Identity(file.read_bytes())

    def new_pad(self, wave: str) -> bytes:
        """
        A fresh pad for `wave`, on disk before it is returned.

        Raises:
            CustodyError: If the wave has one already: a second ceremony would lose the first.
        """
        pad = secrets.token_bytes(_PAD_SIZE)
        try:
            _write(self._pad(wave), pad)
        except FileExistsError as fault:
            raise CustodyError(
                f"wave {wave}: it has a pad already; destroy or cancel the wave first"
            ) from fault
        return pad

    def pad(self, wave: str) -> bytes:
        """
        The pad of `wave`.

        Raises:
            CustodyError: If it was destroyed, or lies in another custody's directory.
        """
        try:
            return self._pad(wave).read_bytes()
        except FileNotFoundError as fault:
            raise CustodyError(f"wave {wave}: its pad is not here, so it can never be opened") from fault

    def erase_pad(self, wave: str) -> None:
        """Overwrite and remove the pad of `wave`, if it is there."""
        _erase(self._pad(wave))

    def _pad(self, wave: str) -> Path:
        return self._folder / _PADS / wave


def _erase(file: Path) -> None:
    if not file.exists():
        return
    # Overwritten in place first: a removed file's bytes stay on the disk until they are needed.
    with file.open("r+b") as erased:
        erased.write(secrets.token_bytes(file.stat().st_size))
        erased.flush()
        os.fsync(erased.fileno())
    file.unlink()
    _sync(file.parent)


def _write(file: Path, data: bytes) -> None:
    """
    Write a private file that is whole or not there at all.

    Raises:
        FileExistsError: If there is one.
    """
    aside = file.with_name(f"{file.name}.{secrets.token_hex(8)}.new")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE)
    try:
        with os.fdopen(handle, "wb") as opened:
            opened.write(data)
            opened.flush()
            os.fsync(opened.fileno())
        # A link takes nobody's place, as a renaming would.
        os.link(aside, file)
    finally:
        aside.unlink()
    _sync(file.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

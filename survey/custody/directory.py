"""
Custody's own directory, outside every database and backup: its identity, and one pad per wave.

Without a wave's pad, all its trustees together cannot open it, and no backup can.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from survey.sealing.identity import Identity

_PAD_SIZE = 32
_PRIVATE = 0o600
_PRIVATE_FOLDER = 0o700


class CustodyError(Exception):
    """Custody cannot do what it was asked to; the message says why and what to do."""


class CustodyDirectory:
    """The files that only custody may read; made on first use, readable by custody's account alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for made in (folder, folder / "pads"):
            made.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)

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
        file = self._pad(wave)
        if not file.exists():
            return
        # Overwritten in place first: a removed file's bytes stay on the disk until they are needed.
        with file.open("r+b") as pad:
            pad.write(secrets.token_bytes(_PAD_SIZE))
            pad.flush()
            os.fsync(pad.fileno())
        file.unlink()
        _sync(file.parent)

    def _pad(self, wave: str) -> Path:
        return self._folder / "pads" / wave


def _write(file: Path, data: bytes) -> None:
    """Write a private file that is whole or not there at all."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE)
    with os.fdopen(handle, "wb") as opened:
        opened.write(data)
        opened.flush()
        os.fsync(opened.fileno())
    _sync(file.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

"""Files that a command writes: there whole or not at all, and never in the place of something else."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Final

from survey.commands.files import FileError

_ASIDE: Final = ".tillid-"
"""Of the name that content has until it is whole."""


def check_out(path: Path, inputs: Iterable[Path] = ()) -> None:
    """
    See that a file can be written, before anything is done for what it will hold.

    Raises:
        FileError: If it has no folder, nothing can be written there, or what is there must not be replaced.
    """
    try:
        _check_place(path, inputs)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=_ASIDE):
            pass
    except OSError as fault:
        raise _unwritable(path, fault) from fault


def write_whole(path: Path, content: bytes) -> None:
    """
    Write a file that is there whole or not at all.

    Raises:
        FileError: If it cannot be written, or what is there is no regular file; then nothing is left behind.
    """
    try:
        _check_place(path)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=_ASIDE, delete=False) as aside:
            _fill(aside, content, path)
    except OSError as fault:
        raise _unwritable(path, fault) from fault


def _check_place(path: Path, inputs: Iterable[Path] = ()) -> None:
    if not path.parent.is_dir():
        raise FileError(f"{path}: there is no folder {path.parent}; make it, or write elsewhere")
    if not path.exists():
        return
    # What is renamed over a device or a pipe puts a plain file where others expect it.
    if not path.is_file():
        raise FileError(f"{path}: something is there that is no regular file; write elsewhere")
    if any(file.exists() and path.samefile(file) for file in inputs):
        raise FileError(f"{path}: it is one of the files that are read, and would be lost; write elsewhere")


def _fill(aside: IO[bytes], content: bytes, path: Path) -> None:
    try:
        aside.write(content)
        aside.flush()
        Path(aside.name).replace(path)
    except BaseException:
        Path(aside.name).unlink(missing_ok=True)
        raise


def _unwritable(path: Path, fault: OSError) -> FileError:
    return FileError(f"{path}: cannot be written ({fault.strerror}); write elsewhere, or make room")

"""A file that somebody names, read only where it is one: a pipe may never speak, a device never end."""

import errno
import os
import stat
from pathlib import Path


def read_file(file: Path, most: int = -1) -> bytes:
    """
    What a regular file holds.

    Args:
        file: Also through a link.
        most: Bytes that are read at most; -1 for all.

    Raises:
        OSError: If it cannot be read; of a pipe or a device with words of ours, before it is opened.
    """
    mode = file.stat().st_mode
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(file))
    # Opening a pipe waits for whoever writes into it, and that may be for ever.
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "it is a pipe or a device", str(file))
    with file.open("rb") as stream:
        return stream.read(most)

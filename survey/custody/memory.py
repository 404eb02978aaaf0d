"""
Keeping custody's memory off the disk: no core dumps, no swapped pages.

Opened responses and a wave's key exist in memory only; the kernel would write both out unless told not to.
"""

from __future__ import annotations

import ctypes
import resource
from pathlib import Path

_PR_SET_DUMPABLE = 4
_MCL_CURRENT_AND_FUTURE = 3
_SAFE_SWAP = ("/dev/zram", "/dev/dm-", "/dev/mapper/")


class UnsafeHostError(Exception):
    """The host would write custody's memory to a disk; the message says what to do."""


def forbid_core_dumps() -> None:
    """No core file, and no other process of this account may read custody's memory."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def lock_memory() -> bool:
    """Whether the kernel agreed to keep all pages, present and future, out of swap."""
    return bool(ctypes.CDLL(None).mlockall(_MCL_CURRENT_AND_FUTURE) == 0)


def unencrypted_swap(swaps: Path = Path("/proc/swaps")) -> list[str]:
    """Swap areas that may be written in the clear: neither in memory (zram) nor mapped by dm-crypt."""
    if not swaps.exists():
        return []
    areas = [line.split()[0] for line in swaps.read_text().splitlines()[1:] if line.strip()]
    return [area for area in areas if not area.startswith(_SAFE_SWAP)]


def harden(*, demo: bool, swaps: Path = Path("/proc/swaps")) -> None:
    """
    Everything above, as a process starts.

    Raises:
        UnsafeHostError: If the host swaps to an unencrypted disk; not in the demo, whose respondents are
            invented.
    """
    forbid_core_dumps()
    lock_memory()
    areas = unencrypted_swap(swaps)
    if areas and not demo:
        raise UnsafeHostError(
            f"custody: this host swaps to {', '.join(areas)}, which custody cannot see to be encrypted; "
            "turn swap off (swapoff -a), or put it on zram or dm-crypt"
        )

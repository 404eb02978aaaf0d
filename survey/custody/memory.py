"""
Keeping custody's memory off the disk: no core dumps, no swapped pages.

Opened responses and a wave's key exist in memory only; the kernel would write both out unless told not to.
"""

from __future__ import annotations

import ctypes
import resource
from collections.abc import Callable
from pathlib import Path

_PR_SET_DUMPABLE = 4
_MCL_CURRENT_AND_FUTURE = 3
SWAPS = Path("/proc/swaps")
_NOT_LOCKED = (
    "the kernel does not let it lock its memory; raise the limit (LimitMEMLOCK=infinity, or CAP_IPC_LOCK)"
)
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


def swap_areas(swaps: Path = SWAPS) -> list[str]:
    """Every place that the kernel may write pages to."""
    if not swaps.exists():
        return []
    return [line.split()[0] for line in swaps.read_text().splitlines()[1:] if line.strip()]


def unencrypted_swap(swaps: Path = SWAPS) -> list[str]:
    """Swap areas that may be written in the clear: neither in memory (zram) nor mapped by dm-crypt."""
    return [area for area in swap_areas(swaps) if not area.startswith(_SAFE_SWAP)]


def harden(*, demo: bool, swaps: Path = SWAPS, lock: Callable[[], bool] = lock_memory) -> list[str]:
    """
    Everything above, as a process starts.

    Args:
        demo: Respondents are invented; what would be refused is only said.
        swaps: What the kernel says of its swap.
        lock: Keeps memory out of swap, or says that it could not.

    Returns:
        What is not as it should be and harms nobody for now, a sentence each, for the log.

    Raises:
        UnsafeHostError: If the host swaps to an unencrypted disk, or swaps at all and the kernel does not let
            custody lock its memory; not in the demo.
    """
    forbid_core_dumps()
    is_locked, areas = lock(), swap_areas(swaps)
    in_the_clear = unencrypted_swap(swaps)
    faults = []
    if in_the_clear:
        faults.append(
            f"custody: this host swaps to {', '.join(in_the_clear)}, which custody cannot see to be "
            "encrypted; turn swap off (swapoff -a), or put it on zram or dm-crypt"
        )
    if areas and not is_locked:
        faults.append(f"custody: this host swaps, and {_NOT_LOCKED}")
    if faults and not demo:
        raise UnsafeHostError(faults[0])
    return faults if areas or is_locked else [f"custody: {_NOT_LOCKED}, before this host begins to swap"]

"""Memory management below Python: memory that a worker no longer needs goes back to the system, and a loaded
list is moved to large pages.

A full table of remembered words is rebuilt after some 200,000 or 400,000 new ones, as one block of 7 or 15
MB. glibc gives a block of that size a mapping of its own, which ends when the block is freed. But then glibc
raises its threshold and puts the next such block on the heap (`mallopt(3)`, "dynamic mmap threshold"), where
the freed block leaves a hole. A worker's memory grew by 8 and by 15 MB in this way, each time at once and
after hours.
"""

import ctypes
import os
import re
from contextlib import suppress
from pathlib import Path

LARGE = 1 << 20
"""Bytes: what a table of words passes, and few of a worker's other blocks do."""
_M_MMAP_THRESHOLD = -3  # malloc.h


def map_large_blocks() -> None:
    """Give every block of `LARGE` bytes a mapping of its own from now on. Without glibc nothing changes."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, LARGE)


def give_back() -> None:
    """Return what is free on the heap to the system. Without glibc nothing changes.

    Loading a list leaves holes: a tenth of the memory for a million names read from a snapshot.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


LARGE_PAGE = 2 << 20
"""Bytes of a large page of x86-64, and of ARM with pages of 4 KiB."""
_MADV_COLLAPSE = 25  # madvise(2), since Linux 6.1
_MAPPING = re.compile(
    r"^([0-9a-f]+)-([0-9a-f]+) rw-p \S+ \S+ 0 *(?:\[heap\])?\n(?:\w+:.*\n)*?Rss: +(\d+) kB$", re.MULTILINE
)
_FULL = 0.75
"""The part of a mapping that is in memory already; of a thread's stack next to nothing is."""


def resident_bytes() -> int:
    """What this process has in memory; 0 if the system has no /proc."""
    with suppress(OSError):
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0


def peak_bytes() -> int:
    """The most that this process has ever had in memory; 0 if the system has no /proc."""
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) << 10
    return 0


def move_to_large_pages() -> None:
    """Move what is in memory now to pages of 2 MiB; on a system that cannot, nothing changes.

    Looking words up reads memory all over the list, and with small pages finding each place costs as much as
    reading it. OFAC's list takes 0.1 to 0.4 s to move, and 2 MB more.
    """
    with suppress(OSError, AttributeError):
        advise = ctypes.CDLL(None).madvise
        for start, end in _own_mappings():
            first, last = -(-start // LARGE_PAGE) * LARGE_PAGE, end // LARGE_PAGE * LARGE_PAGE
            if last > first:
                advise(ctypes.c_void_p(first), ctypes.c_size_t(last - first), _MADV_COLLAPSE)


def _own_mappings() -> list[tuple[int, int]]:
    """The anonymous mappings that are mostly in memory: where each begins and ends."""
    # paths of files, of which nothing is taken, may be in any encoding
    found = _MAPPING.findall(Path("/proc/self/smaps").read_text(errors="replace"))
    spans = [(int(start, 16), int(end, 16), int(kibibytes) << 10) for start, end, kibibytes in found]
    return [(start, end) for start, end, resident in spans if resident >= _FULL * (end - start)]

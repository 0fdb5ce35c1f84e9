"""The C library's allocator: what a worker no longer needs goes back to the system.

A full table of remembered words is built anew after some 200,000 or 400,000 new ones, as 7 or 15 MB in one
block. glibc gives so large a block a mapping of its own, which ends when it is freed; but then it takes that
size for usual and puts the next such block on its heap (`mallopt(3)`, "dynamic mmap threshold"), where the
old one leaves a hole. A worker's memory rose so by 8 and by 15 MB, each at once and after hours.
"""

import ctypes
from contextlib import suppress

LARGE = 1 << 20
"""Bytes: what a table of words passes, and few of a worker's other blocks do."""
_M_MMAP_THRESHOLD = -3  # malloc.h


def map_large_blocks() -> None:
    """From now on every block of `LARGE` bytes has a mapping of its own. Without glibc nothing is changed."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, LARGE)

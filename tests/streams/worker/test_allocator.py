"""What becomes of the memory of large tables."""

import subprocess
import sys
from textwrap import dedent

import pytest

HEAP_AFTER_LARGE_TABLES = """
    import ctypes

    library = ctypes.CDLL(None)
    library.sbrk.restype = ctypes.c_void_p
    library.sbrk.argtypes = [ctypes.c_ssize_t]
    {first}
    heap = library.sbrk(0)
    for _ in range(9):
        table = bytes(7 << 20)
    print(library.sbrk(0) - heap)
"""


def heap_growth(first: str = "") -> int:
    """Bytes by which the heap of a new process grows while it replaces one large table by the next."""
    script = dedent(HEAP_AFTER_LARGE_TABLES).format(first=first)
    return int(subprocess.run([sys.executable, "-c", script], check=True, capture_output=True).stdout)


def test_a_large_table_that_is_replaced_leaves_no_hole_in_the_heap() -> None:
    if heap_growth() < 1 << 20:
        pytest.skip("this C library leaves none by itself")

    assert heap_growth("from streams.worker.allocator import map_large_blocks; map_large_blocks()") < 1 << 20

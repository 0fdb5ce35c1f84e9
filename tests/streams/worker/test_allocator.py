"""What becomes of the memory of large tables."""

import mmap
import os
import platform
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from streams.worker.allocator import move_to_large_pages

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


HELD_AFTER_HOLES = """
    from streams.worker.allocator import peak_bytes, resident_bytes
    from streams.worker.garbage import loading

    before = resident_bytes()
    with loading():
        blocks = [bytes(5_000) for _ in range(20_000)]
        kept = blocks[::20]
        del blocks
        table = {number: str(number) for number in range(400_000)}
        held = resident_bytes()
    print(held - resident_bytes(), peak_bytes() - before)
"""


def test_what_a_list_was_made_of_goes_back_once_it_is_loaded() -> None:
    command = [sys.executable, "-c", dedent(HELD_AFTER_HOLES)]
    given_back, peak = map(int, subprocess.run(command, check=True, capture_output=True).stdout.split())
    if not peak or platform.libc_ver()[0] != "glibc":
        pytest.skip("neither /proc nor this C library is everywhere")

    assert given_back > 30 << 20
    assert peak > 100_000_000


LOADED_IN_LARGE_PAGES = """
    from pathlib import Path
    from streams.worker.garbage import loading

    def in_large_pages():
        lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
        return sum(int(line.split()[1]) for line in lines if line.startswith("AnonHugePages"))

    before = in_large_pages()
    with loading():
        table = {{number: str(number) for number in range({entries})}}
    print(in_large_pages() - before)
"""


def kibibytes_moved(entries: int) -> int:
    """What of a table of so many entries lies in large pages after its load, in a new process."""
    script = dedent(LOADED_IN_LARGE_PAGES).format(entries=entries)
    return int(subprocess.run([sys.executable, "-c", script], check=True, capture_output=True).stdout)


@pytest.mark.skipif(
    platform.system() != "Linux", reason="no other system moves memory to large pages on demand"
)
def test_a_large_list_lies_in_large_pages_once_it_is_loaded() -> None:
    if not (moved := kibibytes_moved(400_000)):
        pytest.skip("this kernel moves nothing to large pages")

    assert moved > 20 << 10
    assert kibibytes_moved(4_000) == 0


def test_a_file_in_memory_whose_name_is_no_text_keeps_no_worker_from_starting(tmp_path: Path) -> None:
    file = os.fsencode(tmp_path) + b"/lib\xff.so"
    with open(file, "wb+") as written:
        written.write(b"library")
        written.flush()
        with mmap.mmap(written.fileno(), 0, access=mmap.ACCESS_READ):
            move_to_large_pages()

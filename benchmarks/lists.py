"""`python -m benchmarks.lists`: seconds and memory to read whole list files, each in a process of its own.

The real files of ../shared/data where they are, and a generated sdn_advanced.xml of the real file's size and
shape. Beside it, in the same run, what the plain way costs: ElementTree on the whole file.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from pathlib import Path

from screening import parse_list
from tests.command import say
from tests.screening.lists.advanced_file import write_large
from tests.shared_data import SHARED_DATA

PARTIES = 19_181  # in OFAC's file of 2026-07-30
PADDING_BYTES = 4_000  # of aliases for each, which makes the file 120 MB
PLAIN = "ElementTree"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--one", nargs=2, metavar=("SOURCE", "PATH"), help=argparse.SUPPRESS)
    options.add_argument("--parties", type=int, default=PARTIES)
    asked = options.parse_args()
    if asked.one:
        measure(*asked.one)
        return
    say(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}")
    say(f"{'source':15} {'MB':>7} {'entries':>9} {'seconds':>8} {'CPU s':>7} {'peak MB':>8}")
    for source in ("ofac", "un"):
        if (SHARED_DATA / source).is_dir():
            in_a_process(source, SHARED_DATA / source)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sdn_advanced.xml"
        write_large(path, asked.parties, PADDING_BYTES)
        in_a_process("ofac-advanced", path)
        in_a_process(PLAIN, path)


def in_a_process(source: str, path: Path) -> None:
    """Memory is the process's own high-water mark, so each measurement needs one."""
    command = [sys.executable, "-m", "benchmarks.lists", "--one", source, str(path)]
    subprocess.run(command, check=True)


def measure(source: str, path: str) -> None:
    started = time.perf_counter()
    if source == PLAIN:
        count = sum(1 for _ in ET.parse(path).iterfind(".//{*}DistinctParty"))
    else:
        count = sum(1 for _ in parse_list(source, path))
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    megabytes, cpu = size(Path(path)) / 1e6, time.process_time()
    say(f"{source:15} {megabytes:7.1f} {count:9,} {seconds:8.2f} {cpu:7.2f} {peak:8.0f}")


def size(path: Path) -> int:
    return sum(item.stat().st_size for item in (path.iterdir() if path.is_dir() else [path]))


if __name__ == "__main__":
    main()

"""What it was measured on: without this line a figure says nothing."""

import os
import sys
from pathlib import Path

from streams.diagnosis import compiled


def machine() -> str:
    """Processor, cores, Python, whether the domain is compiled, how busy the machine is with other work."""
    cpu = next(
        (line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
         if line.startswith("model name")),
        "unknown CPU",
    )  # fmt: skip
    version = ".".join(map(str, sys.version_info[:3]))
    domain = "compiled (make native)" if compiled() else "pure Python (not make native)"
    load = os.getloadavg()[0]
    return f"{cpu}, {os.cpu_count()} cores, Python {version}, screening {domain}, load average {load:.1f}"


def worker_cores(workers: int) -> list[int]:
    """One core for each worker, from the top. What is left is for the broker and the load."""
    cores = sorted(os.sched_getaffinity(0), reverse=True)
    if workers > len(cores):
        raise ValueError(f"{workers} workers need as many cores; this process may use {len(cores)}")
    return cores[:workers]

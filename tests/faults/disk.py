"""A broker's disk that can be full: a file system of limited size, in memory, mounted where its data are."""

import contextlib
import mmap
import os
import shutil
import subprocess
import sys
from typing import Self

from streams.resource import Resource
from tests.kafka.broker import KafkaBroker

SIZE_MB = 512
"""Room for several runs of 20,000 payments: Kafka deletes what was deleted a minute later."""


def missing() -> str:
    """Why no disk can be filled on this machine; empty where one can."""
    if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("mount") is None:
        return "a disk of limited size must be mounted, which needs Linux and root"
    return ""


class SmallDisk(Resource):
    """Holds one broker's data while the `with` block lasts."""

    def __init__(self, broker: KafkaBroker) -> None:
        self._broker = broker
        self._folder = broker.folder / "data"
        self._ballast = self._folder / "ballast"

    def fill(self) -> None:
        """Not one page is left: the broker's next write fails with ENOSPC."""
        for chunk in (b"\0" * (1 << 20), b"\0" * mmap.PAGESIZE):
            with contextlib.suppress(OSError), self._ballast.open("ab", buffering=0) as ballast:
                while ballast.write(chunk):
                    pass

    def free(self) -> None:
        self._ballast.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True)
        mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m", "interdict-faults", str(self._folder)]
        subprocess.run(mount, check=True)
        return self

    def close(self) -> None:
        self._broker.kill()
        subprocess.run(["umount", str(self._folder)], check=True)

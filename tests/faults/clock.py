"""Wall clocks of workers, stepped while they run: a small library is compiled and preloaded into them."""

import shutil
import struct
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

SOURCE = Path(__file__).with_name("clock.c")


def missing() -> str:
    """Why clocks cannot be stepped on this machine; empty where they can."""
    if sys.platform != "linux":
        return "clocks are stepped by a preloaded library, on Linux only"
    return "" if shutil.which("cc") else "a C compiler (cc) is needed to step clocks"


class Clocks:
    """The clocks of all processes started with `environment`; each is right until it is stepped."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "clocks"
        self._folder.mkdir()
        self._library = folder / "clock.so"
        command = ["cc", "-shared", "-fPIC", "-O1", "-o", str(self._library), str(SOURCE), "-ldl"]
        compiled = subprocess.run(command, capture_output=True, text=True)
        if compiled.returncode:
            raise RuntimeError(f"{SOURCE.name} does not compile: {compiled.stderr}")

    @property
    def environment(self) -> Mapping[str, str]:
        return {"LD_PRELOAD": str(self._library), "FAULTS_CLOCKS": str(self._folder)}

    def step(self, pid: int, seconds: int) -> None:
        """From now on this process reads a time of day that is so much later; 0 puts it right."""
        place = self._folder / str(pid)
        with place.open("r+b" if place.exists() else "w+b", buffering=0) as clock:
            clock.write(struct.pack("=q", seconds))

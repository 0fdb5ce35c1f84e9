"""The official parsers of the contracts, `@asyncapi/parser` and Ajv: npm fetches them while others run."""

import os
import shutil
import subprocess
import time
from pathlib import Path

from tests.kafka.broker import in_ci

HOME = Path(__file__).parents[1] / ".cache" / "contracts"
NEW = HOME.with_suffix(".new")
PACKAGES = ("@asyncapi/parser@3.6.6", "ajv@8.20.0", "ajv-formats@3.0.1")
INSTALL = ("install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(NEW))
PATIENCE_SECONDS = 90.0
"""For the fetching from its beginning: npm that has not ended while a thousand tests ran has no network."""

_fetching: list[tuple[float, subprocess.Popen[bytes]]] = []
"""Since when, and the process."""


def begin() -> None:
    """Fetch them in the background where that is not done yet: under CI alone, since it asks the network."""
    npm = shutil.which("npm")
    if npm is None or HOME.is_dir() or not in_ci():
        return
    shutil.rmtree(NEW, ignore_errors=True)
    NEW.mkdir(parents=True)
    ours = subprocess.Popen([npm, *INSTALL, *PACKAGES], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _fetching.append((time.monotonic(), ours))


def missing() -> str:
    """Why they are not there; empty where they are."""
    if HOME.is_dir():
        return ""
    if not _fetching:
        return "the official tools are not fetched; CI=true fetches them with npm"
    began, ours = _fetching[0]
    try:
        code = ours.wait(max(0.0, began + PATIENCE_SECONDS - time.monotonic()))
    except subprocess.TimeoutExpired:
        return f"the official tools cannot be fetched in {PATIENCE_SECONDS:.0f} s"
    if code:
        return f"the official tools cannot be fetched: npm ended with {code}"
    os.replace(NEW, HOME)
    return ""


def end() -> None:
    """Nothing of it outlives the tests."""
    while _fetching:
        _, ours = _fetching.pop()
        ours.terminate()
        ours.wait()


def against(contracts: Path) -> subprocess.CompletedProcess[str]:
    """What the parsers have against the contracts in a folder, on its stdout."""
    program = HOME / "contracts.mjs"  # beside its modules, or Node does not find them
    program.write_text((Path(__file__).parent / "contracts.mjs").read_text())
    command = ["node", str(program), str(contracts)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)

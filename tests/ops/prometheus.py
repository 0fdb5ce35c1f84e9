"""Where the Prometheus binaries are; tests that need them say so and skip, under CI they must run."""

import os
import shutil
from pathlib import Path

import pytest

CONFIG = Path(__file__).parents[2] / "config"


def binary(name: str) -> str:
    """The path of `promtool` or `prometheus`."""
    found = shutil.which(name)
    if found is None:
        reason = f"no {name} here: tests/browser/install installs Debian's prometheus package"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return found

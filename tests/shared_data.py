"""Where the real lists and messages are: beside the repository, or where INTERDICT_SHARED_DATA says."""

import os
from pathlib import Path

import pytest

SHARED_DATA = Path(
    os.environ.get("INTERDICT_SHARED_DATA") or Path(__file__).parents[2] / "shared" / "data"
).resolve()

needs_shared_data = pytest.mark.skipif(
    not SHARED_DATA.is_dir(), reason=f"the real messages and lists are not at {SHARED_DATA}"
)

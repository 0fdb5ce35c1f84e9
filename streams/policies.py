"""The policy in force: TOML files to a `Policy`."""

from importlib.resources import files
from pathlib import Path

from screening.embargoes import Embargo, read_embargoes
from screening.policy import Policy
from screening.policy_file import read_policy


def load_policy(path: Path | None) -> Policy:
    """The policy of a file, or the shipped one. Raises PolicyError, and OSError for a missing file."""
    file = path or files("config") / "policy.toml"
    return read_policy(file.read_text(encoding="utf-8"), load_embargoes())


def load_embargoes(path: Path | None = None) -> tuple[Embargo, ...]:
    """The embargoes of a file, or the shipped ones. Raises EmbargoError, and OSError for a missing file."""
    file = path or files("config") / "embargoes.toml"
    return read_embargoes(file.read_text(encoding="utf-8"))

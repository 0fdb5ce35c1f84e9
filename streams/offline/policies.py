"""The policy in force: TOML files to a `Policy`."""

from collections.abc import Callable, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TypeVar

from screening.policy.answers import AnswerPolicy
from screening.policy.answers_file import read_answers
from screening.policy.embargoes import Embargo, read_embargoes
from screening.policy.file import PolicyError, read_policy
from screening.policy.rules import Policy
from screening.policy.suggestions import SuggestionRules
from screening.policy.suggestions_file import read_suggestions

UTF8 = "utf-8-sig"
"""As editors save it, with the mark at its begin that some write."""


Read = TypeVar("Read")


def _shipped() -> Traversable:
    return files("config") / "policy.toml"


def _of_file(file: Path | Traversable, read: Callable[[str], Read]) -> Read:
    """What `read` makes of a policy's file. Raises PolicyError that names the file, and OSError."""
    try:
        return read(file.read_text(encoding=UTF8))
    except UnicodeDecodeError as error:
        raise PolicyError(f"{file}: byte {error.start} is not UTF-8; save the file as UTF-8") from None
    except PolicyError as error:
        raise PolicyError(f"{file}: {error}") from None


def load_policy(path: Path | None) -> Policy:
    """The policy of a file, or the shipped one. Raises PolicyError that names the file, and OSError."""
    return _of_file(path or _shipped(), lambda text: read_policy(text, load_embargoes(), shipped_mappings()))


def load_answers(path: Path | None) -> AnswerPolicy:
    """The `[answers]` of the same file. Raises as `load_policy`."""
    return _of_file(path or _shipped(), read_answers)


def load_suggestions(path: Path | None) -> SuggestionRules:
    """The `[suggestions]` of the same file; the shipped ones where it has none. Raises as `load_policy`."""
    own = _of_file(path, read_suggestions) if path else None
    return own or _of_file(_shipped(), read_suggestions) or SuggestionRules()


def shipped_mappings() -> Mapping[str, str]:
    """The mapping files that ship, by the name that a policy's `shipped_mappings` gives them."""
    folder = files("config") / "mappings"
    found = (file for file in folder.iterdir() if file.name.endswith(".toml"))
    return {file.name.removesuffix(".toml"): file.read_text(encoding=UTF8) for file in found}


def load_policies(folder: Path, like: Policy) -> Mapping[str, Policy]:
    """The policies of a folder's TOML files, by their hash. Raises PolicyError that names the file.

    They are used on one table with the policy `like`, so `party_books` and `no_ownership` must be its own.
    """
    found: dict[str, Policy] = {}
    for file in sorted(folder.glob("*.toml")):
        policy = load_policy(file)
        if policy.ownership != like.ownership:
            raise PolicyError(
                f"{file}: other party_books or no_ownership than the policy in force; name it with --policy"
            )
        found[policy.sha256] = policy
    if not found:
        raise PolicyError(f"{folder}: no policy file, *.toml")
    return found


def load_embargoes() -> tuple[Embargo, ...]:
    """The shipped embargoes."""
    return read_embargoes((files("config") / "embargoes.toml").read_text(encoding=UTF8))

"""The policy in force: TOML files to a `Policy`."""

from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from screening.policy.answers import AnswerPolicy
from screening.policy.answers_file import read_answers
from screening.policy.embargoes import Embargo, read_embargoes
from screening.policy.file import PolicyError, read_policy
from screening.policy.rules import Policy
from screening.policy.suggestions import SuggestionRules
from screening.policy.suggestions_file import read_suggestions

UTF8 = "utf-8-sig"
"""As editors save it, with the mark at its begin that some write."""


def _text_of(file: Path | Traversable) -> str:
    """What a policy's file says. Raises PolicyError for one that is no text, and OSError."""
    try:
        return file.read_text(encoding=UTF8)
    except UnicodeDecodeError as error:
        raise PolicyError(f"{file}: byte {error.start} is not UTF-8; save the file as UTF-8") from None


def load_policy(path: Path | None) -> Policy:
    """The policy of a file, or the shipped one. Raises PolicyError that names the file, and OSError."""
    file = path or files("config") / "policy.toml"
    text = _text_of(file)
    try:
        return read_policy(text, load_embargoes(), shipped_mappings())
    except PolicyError as error:
        raise PolicyError(f"{file}: {error}") from None


def load_answers(path: Path | None) -> AnswerPolicy:
    """The `[answers]` of the same file. Raises PolicyError that names the file, and OSError."""
    file = path or files("config") / "policy.toml"
    text = _text_of(file)
    try:
        return read_answers(text)
    except PolicyError as error:
        raise PolicyError(f"{file}: {error}") from None


def load_suggestions(path: Path | None) -> SuggestionRules:
    """The `[suggestions]` of the same file; the shipped ones where it has none. Raises as `load_answers`."""
    shipped = files("config") / "policy.toml"
    for file in (path or shipped, shipped):
        text = _text_of(file)
        try:
            rules = read_suggestions(text)
        except PolicyError as error:
            raise PolicyError(f"{file}: {error}") from None
        if rules is not None:
            return rules
    return SuggestionRules()


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

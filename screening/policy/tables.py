"""How every part of a policy file is read: its TOML, tables where some are expected, and known fields."""

import tomllib
from collections.abc import Mapping
from typing import Any

from screening.policy.errors import PolicyError


def read_toml(text: str) -> dict[str, Any]:
    """Raises PolicyError."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"not TOML: {error}") from None


def table_of(value: object, name: str) -> dict[str, Any]:
    """The table `[name]`. Raises PolicyError for what is none."""
    if not isinstance(value, dict):
        raise PolicyError(f"{name}: a table is expected, [{name}]")
    return value


def tables_of(value: object, name: str) -> list[dict[str, Any]]:
    """Those of `[[name]]`, which has a dot where it stands inside another. Raises PolicyError."""
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise PolicyError(f"{', '.join(name.split('.'))}: write each as [[{name}]]")
    return value


def check_fields(table: Mapping[str, Any], names: frozenset[str], place: str) -> None:
    """Raises PolicyError for a field that is none of these: misspelt, it would have no effect, unnoticed."""
    for name in table:
        if name not in names:
            raise PolicyError(f"{place}: {name!r} is no field; known are {', '.join(sorted(names))}")

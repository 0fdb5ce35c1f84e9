"""Reads the parts of a policy file: its TOML, tables where tables are expected, and known fields only."""

import tomllib
from collections.abc import Mapping
from typing import Any

from screening.policy.errors import PolicyError


def read_toml(text: str) -> dict[str, Any]:
    """The tables of a TOML text. Raises PolicyError."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # an integer of 4,301 digits, [[[[…
        raise PolicyError(f"not TOML: {error}") from None


def table_of(value: object, name: str) -> dict[str, Any]:
    """The table `[name]`. Raises PolicyError for anything else."""
    if not isinstance(value, dict):
        raise PolicyError(f"{name}: a table is expected, [{name}]")
    return value


def tables_of(value: object, name: str) -> list[dict[str, Any]]:
    """The tables `[[name]]`; the name has a dot if they are inside another table. Raises PolicyError."""
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise PolicyError(f"{', '.join(name.split('.'))}: write each as [[{name}]]")
    return value


def check_fields(table: Mapping[str, Any], names: frozenset[str], place: str) -> None:
    """Raises PolicyError for an unknown field: misspelt, it would have no effect, unnoticed."""
    for name in table:
        if name not in names:
            raise PolicyError(f"{place}: {name!r} is no field; known are {', '.join(sorted(names))}")

"""Mappings from the policy file (TOML), checked when a worker starts, with errors that name the line.

[[mapping]]
name = "core banking"
when = "$.transfer.ref"                 # the events it is for: those where this path leads somewhere
id = "$.transfer.ref"                   # also time, currency, rail, uetr
amount = "$.transfer.money.value"
remittance = "$.transfer.lines[*]"

[mapping.roles]                         # the events' words for roles, where `role_at` finds them
BEN = "creditor"

[[mapping.party]]
each = "$.transfer.parties[*]"          # one party for each; without it, one party of the event
role = "other"                          # or role_at, or both: the one for words that roles does not know
role_at = "@.type"
name = "@.fullName"                     # also account, bic, lei, country, address, birth_date, kind, gender
identifiers = { tax = "@.inn" }         # by scheme
"""

import tomllib
from collections.abc import Mapping
from typing import Any

from screening.payments.json_path import JsonPath, JsonPathError
from screening.payments.mapping import EventMapping, PartyMapping
from screening.payments.model import Role

_EVENT_PATHS = ("id", "time", "amount", "currency", "rail", "uetr", "remittance")
_PARTY_PATHS = ("name", "account", "bic", "lei", "country", "address", "birth_date", "kind", "gender")
_EVENT_KEYS = frozenset((*_EVENT_PATHS, "name", "when", "roles", "party"))
_PARTY_KEYS = frozenset((*_PARTY_PATHS, "role", "role_at", "each", "identifiers"))


class MappingError(ValueError):
    """A mapping file that cannot be used; the text names the line and the remedy."""


def read_mappings(text: str) -> tuple[EventMapping, ...]:
    """The `[[mapping]]` tables of a TOML file; other tables are not looked at. Raises MappingError."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MappingError(f"no TOML: {error}") from None
    return _File(text).mappings(tables)


class _File:
    """The text of a file, for the line numbers of errors."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()

    def mappings(self, tables: Mapping[str, Any]) -> tuple[EventMapping, ...]:
        found = self._tables(tables.get("mapping", []), "mapping")
        return tuple(self._mapping(table, f"mapping {number}") for number, table in enumerate(found, 1))

    def _mapping(self, table: Mapping[str, Any], place: str) -> EventMapping:
        self._only(table, _EVENT_KEYS, place)
        for key in ("name", "when", "id", "party"):
            if not table.get(key):
                raise MappingError(f"{self._line('[[mapping]]', place)}: {place} needs {key!r}")
        return EventMapping(
            str(table["name"]),
            self._path(table["when"], "when", relative=False),
            {key: self._path(table[key], key, relative=False) for key in _EVENT_PATHS if key in table},
            tuple(self._party(party, place) for party in self._tables(table["party"], "party")),
            {word: self._role(role) for word, role in self._table(table.get("roles", {}), "roles").items()},
        )

    def _party(self, table: Mapping[str, Any], place: str) -> PartyMapping:
        self._only(table, _PARTY_KEYS, f"{place}, party")
        paths = {key: self._path(table[key], key) for key in _PARTY_PATHS if key in table}
        if "role_at" in table:
            paths["role"] = self._path(table["role_at"], "role_at")
        identifiers = self._table(table.get("identifiers", {}), "identifiers")
        return PartyMapping(
            self._role(table.get("role", Role.OTHER)),
            self._path(table.get("each", "$"), "each", relative=False),
            paths,
            {scheme: self._path(path, scheme) for scheme, path in identifiers.items()},
        )

    def _path(self, value: Any, key: str, *, relative: bool = True) -> JsonPath:
        if not isinstance(value, str):
            raise MappingError(
                f"{self._line(key, str(value))}: {key} must be a path such as '$.transfer.ref'"
            )
        try:
            path = JsonPath.parse(value)
        except JsonPathError as error:
            raise MappingError(f"{self._line(key, value)}: {key}: {error}") from None
        if path.relative and not relative:
            raise MappingError(
                f"{self._line(key, value)}: {key}: {value!r} must start with $; @ is for parties"
            )
        return path

    def _role(self, value: Any) -> Role:
        try:
            return Role(value)
        except ValueError:
            known = ", ".join(role.value for role in Role)
            raise MappingError(f"{self._line(str(value))}: no role {value!r}; known are {known}") from None

    def _only(self, table: Mapping[str, Any], known: frozenset[str], place: str) -> None:
        for key in table:
            if key not in known:
                detail = f"{place}: unknown key {key!r}; known are {', '.join(sorted(known))}"
                raise MappingError(f"{self._line(key)}: {detail}")

    def _tables(self, value: Any, key: str) -> list[Mapping[str, Any]]:
        if not isinstance(value, list) or not all(isinstance(table, dict) for table in value):
            raise MappingError(f"{self._line(key)}: {key}: write [[{key}]], a list of tables")
        return value

    def _table(self, value: Any, key: str) -> Mapping[str, Any]:
        if not isinstance(value, dict):
            raise MappingError(f"{self._line(key)}: {key}: a table is expected")
        return value

    def _line(self, *words: str) -> str:
        """The first line that holds all of the words, which is where the reader should look."""
        for number, line in enumerate(self._lines, 1):
            if all(word in line for word in words):
                return f"line {number}"
        return self._line(words[0]) if len(words) > 1 else "line ?"

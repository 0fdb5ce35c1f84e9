"""Mappings from the policy file (TOML), checked when a worker starts, with errors that name the line.

[[mapping]]
name = "core banking"
when = "$.transfer.ref"                 # the events it is for; several conditions: a list, all must hold
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

docs/mappings.md has the whole language.
"""

import tomllib
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from screening.designations import Gender, Kind
from screening.payments.json_path import JsonPath, JsonPathError
from screening.payments.mapped.conditions import Condition, ConditionError
from screening.payments.mapped.reading import PartyMapping, Words
from screening.payments.mapped.source_file import SourceError, amount_source, source, time_source
from screening.payments.mapped.sources import Source
from screening.payments.mapping import EventMapping
from screening.payments.model import Role

_EVENT_SOURCES = ("id", "currency", "rail", "uetr", "remittance")
_PARTY_SOURCES = ("name", "account", "bic", "lei", "country", "address", "birth_date", "kind", "gender")
_WORDS = ("roles", "kinds", "genders")
_EVENT_KEYS = frozenset(
    (
        *(*_EVENT_SOURCES, *_WORDS, "amount", "time", "name", "when", "party"),
        *("format", "open", "event", "split", "ignore", "leave_out"),
    )
)
_PARTY_KEYS = frozenset((*_PARTY_SOURCES, "role", "role_at", "each", "identifiers", "when"))
_FORMATS = ("json", "xml")

Read = TypeVar("Read")


class MappingError(ValueError):
    """A mapping file that cannot be used; the text names the line and the remedy."""


def read_mappings(text: str) -> tuple[EventMapping, ...]:
    """The `[[mapping]]` tables of a TOML file; other tables are not looked at. Raises MappingError."""
    try:
        tables = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # an integer of 4,301 digits, [[[[…
        raise MappingError(f"no TOML: {error}") from None
    return _File(text).mappings(tables)


class _File:
    """The text of a file, for the line numbers of errors."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()
        self._from = 0
        """The line where the mapping that is being read begins."""
        self._splits = False

    def mappings(self, tables: Mapping[str, Any]) -> tuple[EventMapping, ...]:
        found = []
        starts = [number for number, line in enumerate(self._lines) if line.strip().startswith("[[mapping]]")]
        for number, table in enumerate(self._tables(tables.get("mapping", []), "mapping"), 1):
            self._from = starts[number - 1] if number <= len(starts) else 0
            found.append(self._mapping(table, f"mapping {number}"))
        return tuple(found)

    def _mapping(self, table: Mapping[str, Any], place: str) -> EventMapping:
        self._only(table, _EVENT_KEYS, place)
        self._splits = "split" in table
        ignores = table.get("ignore") is True
        whole = ignores or "event" in table
        for key in ("name", "when") if whole else ("name", "when", "id", "party"):
            if not table.get(key):
                raise MappingError(f"{self._line('[[mapping]]', place)}: {place} needs {key!r}")
        if table.get("format", "json") not in _FORMATS:
            raise MappingError(f"{self._line('format')}: format: json or xml is expected")
        for key in (
            sorted(table.keys() & {*_EVENT_SOURCES, "party", "split", "amount", "time"}) if whole else ()
        ):
            reason = "ignores the events" if ignores else "hands on the event inside"
            raise MappingError(f"{self._line(key)}: {place} {reason}, so {key!r} has no use")
        return EventMapping(
            str(table["name"]),
            self._conditions(table["when"], "when", relative=False),
            {key: self._source(table[key], key) for key in _EVENT_SOURCES if key in table},
            self._read(amount_source, table["amount"], "amount") if "amount" in table else None,
            self._read(time_source, table["time"], "time") if "time" in table else None,
            tuple(self._party(party, place) for party in self._tables(table.get("party", []), "party")),
            self._words(table),
            table.get("format") == "xml",
            self._opened(table),
            self._path(table["event"], "event", relative=False) if "event" in table else None,
            self._path(table["split"], "split", relative=False) if "split" in table else None,
            ignores,
            () if ignores else self._conditions(table.get("ignore", []), "ignore"),
            tuple(self._path(path, "leave_out") for path in self._list(table, "leave_out")),
        )

    def _party(self, table: Mapping[str, Any], place: str) -> PartyMapping:
        self._only(table, _PARTY_KEYS, f"{place}, party")
        sources = {key: self._source(table[key], key) for key in _PARTY_SOURCES if key in table}
        if "role_at" in table:
            sources["role"] = self._source(table["role_at"], "role_at")
        identifiers = self._table(table.get("identifiers", {}), "identifiers")
        return PartyMapping(
            self._one_of(Role, table.get("role", Role.OTHER), "role"),
            self._each(table["each"]) if "each" in table else None,
            sources,
            {scheme: self._source(path, scheme) for scheme, path in identifiers.items()},
            self._conditions(table.get("when", []), "when"),
        )

    def _words(self, table: Mapping[str, Any]) -> Words:
        def meanings(key: str, choices: Any) -> dict[str, Any]:
            words = self._table(table.get(key, {}), key)
            return {
                word: self._one_of(choices, meant, key.removesuffix("s")) for word, meant in words.items()
            }

        return Words(meanings("roles", Role), meanings("kinds", Kind), meanings("genders", Gender))

    def _each(self, value: Any) -> JsonPath:
        path = self._path(value, "each")
        if path.relative and not self._splits:
            raise MappingError(
                f"{self._line('each', str(value))}: each: {value!r} must start with $; @ is for splits"
            )
        return path

    def _opened(self, table: Mapping[str, Any]) -> tuple[JsonPath, ...]:
        paths = tuple(self._path(path, "open", relative=False) for path in self._list(table, "open"))
        for path in paths:
            if path.several:
                line = self._line("open", path.text)
                raise MappingError(f"{line}: open: {path.text!r}: name one place, without [*] or [?]")
        return paths

    def _conditions(self, value: Any, key: str, *, relative: bool = True) -> tuple[Condition, ...]:
        found = []
        for text in value if isinstance(value, list) else [value]:
            if not isinstance(text, str):
                raise MappingError(
                    f"{self._line(key, str(text))}: {key}: a condition such as \"$.type == 'x'\" is expected"
                )
            try:
                condition = Condition.parse(text)
            except ConditionError as error:
                raise MappingError(f"{self._line(key, text)}: {key}: {error}") from None
            self._absolute(condition.path, text, key, relative=relative)
            found.append(condition)
        return tuple(found)

    def _source(self, value: Any, key: str) -> Source:
        return self._read(source, value, key)

    def _read(self, read: Callable[[Any], Read], value: Any, key: str) -> Read:
        try:
            return read(value)
        except SourceError as error:
            shown = key if isinstance(value, dict | list) else str(value)
            raise MappingError(f"{self._line(key, shown)}: {key}{error}") from None

    def _path(self, value: Any, key: str, *, relative: bool = True) -> JsonPath:
        if not isinstance(value, str):
            raise MappingError(
                f"{self._line(key, str(value))}: {key} must be a path such as '$.transfer.ref'"
            )
        try:
            path = JsonPath.parse(value)
        except JsonPathError as error:
            raise MappingError(f"{self._line(key, value)}: {key}: {error}") from None
        self._absolute(path, value, key, relative=relative)
        return path

    def _absolute(self, path: JsonPath, value: str, key: str, *, relative: bool) -> None:
        if path.relative and not relative:
            raise MappingError(
                f"{self._line(key, value)}: {key}: {value!r} must start with $; @ is for parties and splits"
            )

    def _one_of(self, choices: Any, value: Any, what: str) -> Any:
        try:
            return choices(value)
        except ValueError:
            known = ", ".join(choice.value for choice in choices)
            raise MappingError(f"{self._line(str(value))}: no {what} {value!r}; known are {known}") from None

    def _only(self, table: Mapping[str, Any], known: frozenset[str], place: str) -> None:
        for key in table:
            if key not in known:
                detail = f"{place}: unknown key {key!r}; known are {', '.join(sorted(known))}"
                raise MappingError(f"{self._line(key)}: {detail}")

    def _list(self, table: Mapping[str, Any], key: str) -> list[Any]:
        value = table.get(key, [])
        return value if isinstance(value, list) else [value]

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
        for number, line in enumerate(self._lines[self._from :], self._from + 1):
            if all(word in line for word in words):
                return f"line {number}"
        return self._line(words[0]) if len(words) > 1 else "line ?"

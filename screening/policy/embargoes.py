"""Countries, regions and goods that a policy stops, whoever is paid: embargoes, read from a TOML file.

The shipped ones, each with its legal basis and its date, are in `config/embargoes.toml`.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

SOURCE = "embargo"


class EmbargoError(ValueError):
    """An embargo file that cannot be used; the text names the entry and the remedy."""


@dataclass(frozen=True, slots=True)
class Embargo:
    """One embargoed country or region, or one group of goods.

    `countries` are ISO 3166-1 alpha-2 codes. `names` are searched in addresses and free text, `places`
    (towns, ports) in addresses only, and `goods` in free text only. Where a name stands in one of the phrases
    `unless`, it is something else: the drink Cuba Libre.
    """

    id: str
    name: str
    countries: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    goods: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


def read_embargoes(text: str) -> tuple[Embargo, ...]:
    """The embargoes of a TOML file: tables `[[embargo]]` with the keys of `Embargo`. Raises EmbargoError."""
    try:
        tables = tomllib.loads(text).get("embargo", [])
    except (ValueError, RecursionError) as error:  # an integer of 4,301 digits, [[[[…
        raise EmbargoError(f"no TOML: {error}") from None
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise EmbargoError("[embargo]: a list of tables is expected; write [[embargo]]")
    return tuple(_embargo(table, f"embargo {number}") for number, table in enumerate(tables, 1))


def _embargo(table: Mapping[str, object], place: str) -> Embargo:
    for key in table:
        if key not in _TEXTS + _LISTS:
            raise EmbargoError(f"{place}: unknown key {key!r}; known are {', '.join(_TEXTS + _LISTS)}")
    lists = {key: _list(table.get(key, []), f"{place}: {key}") for key in _LISTS}
    for code in lists["countries"]:
        if len(code) != 2 or not code.isupper():
            raise EmbargoError(f"{place}: {code!r} is no ISO 3166-1 alpha-2 code, such as 'IR'")
    return Embargo(
        _text(table.get("id"), f"{place}: id"), _text(table.get("name"), f"{place}: name"), **lists
    )


_TEXTS = ("id", "name")
_LISTS = ("countries", "names", "places", "goods", "unless")


def _text(value: object, place: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise EmbargoError(f"{place}: a string is needed")
    return value


def _list(value: object, place: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise EmbargoError(f"{place}: a list of strings is expected")
    return tuple(_text(item, f"{place}[{number}]") for number, item in enumerate(value))

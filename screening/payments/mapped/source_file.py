"""How a mapping file writes where a value comes from: a path, several, or a table that says more.

name = "@.fullName"
name = ["@.name", "@.tradingName"]                                  # each is a value
name = { join = ["@.given", "@.family"] }                           # their texts, with a blank between
name = { path = "@.shopper", template = "[first name={}, last name={}]" }
currency = { constant = "USD" }
amount = { path = "$.amount", minor_units = true }                  # or scale = 2, exponents = { CLP = 2 }
time = { path = "$.booked", zone = "Europe/Berlin" }                # and epoch = "ms", layout = "%d.%m.%Y"
"""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from screening.payments.json_path import JsonPath, JsonPathError
from screening.payments.mapped.sources import EPOCHS, AmountSource, Source, TimeSource
from screening.payments.mapped.template import Template, TemplateError

_SOURCE_KEYS = frozenset(("path", "join", "with", "template", "constant"))
_AMOUNT_KEYS = frozenset(("minor_units", "scale", "exponents"))
_TIME_KEYS = frozenset(("epoch", "zone", "layout"))
_EPOCHS = (*EPOCHS, "auto")
_MOST_DECIMALS = 18


class SourceError(ValueError):
    """This names no source; the text goes behind the key's name."""


def source(value: Any) -> Source:
    """Where a text comes from. Raises SourceError."""
    if not isinstance(value, dict):
        return Source(_paths(value))
    _only(value, _SOURCE_KEYS)
    return _source(value)


def amount_source(value: Any) -> AmountSource:
    """Where an amount comes from, and in which units it is. Raises SourceError."""
    if not isinstance(value, dict):
        return AmountSource(Source(_paths(value)))
    _only(value, _SOURCE_KEYS | _AMOUNT_KEYS)
    minor, scale = value.get("minor_units", False), value.get("scale", 0)
    exponents = value.get("exponents", {})
    if not isinstance(minor, bool):
        raise SourceError(": minor_units: true or false is expected")
    if not isinstance(exponents, dict) or not all(map(_are_decimals, exponents.values())):
        raise SourceError(": exponents: decimals by currency are expected, like { CLP = 2 }")
    if not _are_decimals(scale) or (scale and minor):
        raise SourceError(f": scale: 0 to {_MOST_DECIMALS} decimals are expected, and not with minor_units")
    return AmountSource(_source(value), minor, scale, exponents)


def time_source(value: Any) -> TimeSource:
    """Where a time comes from, and how it is written. Raises SourceError."""
    if not isinstance(value, dict):
        return TimeSource(Source(_paths(value)))
    _only(value, _SOURCE_KEYS | _TIME_KEYS)
    epoch, zone, layout = value.get("epoch"), value.get("zone"), value.get("layout")
    if epoch is not None and epoch not in _EPOCHS:
        raise SourceError(f": epoch: {', '.join(EPOCHS)} or auto is expected, not {epoch!r}")
    if layout is not None and (not isinstance(layout, str) or "%" not in layout):
        raise SourceError(": layout: a text such as '%d.%m.%Y %H:%M' is expected")
    return TimeSource(_source(value), epoch, _zone(zone), layout)


def _source(table: Mapping[str, Any]) -> Source:
    given = [key for key in ("path", "join", "constant") if key in table]
    if len(given) != 1:
        raise SourceError(": one of path, join and constant is expected")
    constant, joint = table.get("constant"), table.get("with", " ")
    if constant is not None and (not isinstance(constant, str) or not constant.strip()):
        raise SourceError(": constant: a text is expected")
    if not isinstance(joint, str) or ("with" in table and "join" not in table):
        raise SourceError(": with: a text to stand between what join names is expected")
    if "template" in table and "path" not in table:
        raise SourceError(": template: only with path")
    try:
        template = Template.parse(str(table["template"])) if "template" in table else None
    except TemplateError as error:
        raise SourceError(f": template: {error}") from None
    paths = () if constant is not None else _paths(table[given[0]])
    return Source(paths, joint if "join" in table else None, template, constant)


def _paths(value: Any) -> tuple[JsonPath, ...]:
    texts = value if isinstance(value, list) else [value]
    if not texts or not all(isinstance(text, str) for text in texts):
        raise SourceError(" must be a path such as '$.transfer.ref', a list of paths, or a table")
    try:
        return tuple(JsonPath.parse(text) for text in texts)
    except JsonPathError as error:
        raise SourceError(f": {error}") from None


def _zone(name: Any) -> ZoneInfo | None:
    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        raise SourceError(f": zone: {name!r} is no time zone such as 'Europe/Berlin' or 'UTC'") from None


def _are_decimals(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST_DECIMALS


def _only(table: Mapping[str, Any], known: frozenset[str]) -> None:
    for key in table:
        if key not in known:
            raise SourceError(f": unknown key {key!r}; known are {', '.join(sorted(known))}")

"""JSON according to RFC 7493 (I-JSON): with one reading only, so that no two systems see different
payments."""

import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

import orjson

from screening.payments.keys import Keys, keys_of
from screening.payments.model import Field, PaymentError, PaymentProblem
from screening.payments.shown import LONGEST_SHOWN
from screening.payments.unread import SHORTEST_PACKED, refuse_packed
from screening.tuples import make

MAX_DEPTH = 64
"""Levels of nesting; a payment needs about 6, a mapped ISO 20022 message about 16."""

_FIRST_ID = re.compile(rb'\s*\{\s*"id"\s*:\s*"([^"\\]{1,256})"')
_NOT_A_NUMBER = re.compile(rb"[:\[,]\s*-?(NaN|Infinity)\b")
_BAD_SURROGATE = ("surrogate in string", "surrogate in hex")


def read_json(raw: bytes) -> Any:
    """The value in `raw`. Raises PaymentError for anything with no reading or more than one.

    A duplicate key is refused: parsers keep the first or the last, and a name hidden in the other would be
    paid and not screened.
    """
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        if raw.startswith(BOM_UTF8):
            return read_json(raw[3:])
        _refuse(raw, str(error))
    quotes = raw.count(b'"')
    if b"\\" in raw:
        quotes -= raw.replace(b"\\\\", b"").count(b'\\"')
    if quotes != 2 * _strings(value, 0):
        raise PaymentError(
            PaymentProblem.DUPLICATE_KEY, "a key stands twice in one object; send it once", first_id(raw)
        )
    return value


def first_id(raw: bytes) -> str | None:
    """The payment id of an unreadable event, if `id` is its first key."""
    found = _FIRST_ID.match(raw[:512])
    return found.group(1).decode("utf-8", "replace") if found else None


LONGEST_PATH = 500
"""Characters of the path of an object or a list: the deepest in use has 200. Each value below repeats it."""
MOST_BELOW = 5_000
"""Values below one place of a payment: twice what one is screened for. Of more none is even read."""


def fields(value: object, path: str, most: int = MOST_BELOW) -> tuple[Field, ...]:
    """Every text below a value, whatever its nesting, so that nothing is unscreened for its shape.

    A whole number counts as text, for it may be an account; a key of words that no field's name is made of
    is data, and stands behind the values, which may go on in one another. A ship's number is told from others
    by the word before it, which is here the key. Parts of a name with other values between are one, too.

    Raises PaymentError for more than the `most` values of a payment, and for a path too long to be repeated.
    """
    if type(value) is str:
        if len(value) >= SHORTEST_PACKED:
            refuse_packed(value, path)
        return (make(Field, (value, path)),) if value and not value.isspace() else ()
    found: list[Field] = []
    _collect(value, path, found, most)
    return tuple(found)


def check_path(path: str) -> None:
    """Raises PaymentError for the path of a container that is too long for each value below to repeat it."""
    if len(path) > LONGEST_PATH:
        detail = f"{path[:LONGEST_SHOWN]}…: a path of {len(path)} characters; at most {LONGEST_PATH} are read"
        raise PaymentError(PaymentProblem.TOO_LARGE, f"{detail}: send shorter keys")


def check_count(count: int, path: str, most: int = MOST_BELOW) -> None:
    """Raises PaymentError for more values than a payment has."""
    if count > most:
        detail = f"{path or '/'}: {count} values or more; at most {most} are read of one payment"
        raise PaymentError(PaymentProblem.TOO_LARGE, f"{detail}: send it in several")


def count_values(value: Any) -> int:
    """How many values a value is made of, itself included."""
    if isinstance(value, dict):
        return 1 + sum(count_values(item) for item in value.values())
    if isinstance(value, list):
        return 1 + sum(count_values(item) for item in value)
    return 1


def _collect(value: object, path: str, found: list[Field], most: int) -> None:
    if isinstance(value, str):
        found += fields(value, path)
    elif isinstance(value, dict):
        check_path(path)
        check_count(len(found) + len(value), path, most)
        for key, item in value.items():
            below = f"{path}/{pointer(key)}"
            if type(item) is not str:
                _collect(item, below, found, most)
            elif item and not item.isspace():
                if len(item) >= SHORTEST_PACKED:
                    refuse_packed(item, below)
                found.append(make(Field, (item, below)))
        if said := keys_of(value):
            _collect_keys(value, path, said, found)
    elif isinstance(value, list):
        check_path(path)
        check_count(len(found) + len(value), path, most)
        for number, item in enumerate(value):
            _collect(item, f"{path}/{number}", found, most)
        if len(value) >= FEWEST_BYTES and (text := _text_of(value)):
            found.append(Field(text, path))
    elif isinstance(value, int) and not isinstance(value, bool):
        found.append(Field(str(value), path))


FEWEST_BYTES = 4
"""Numbers in a list; fewer letters are no name."""


def _text_of(numbers: list[Any]) -> str:
    """The text whose bytes a list of numbers is, as Node.js writes a buffer as JSON; empty for any other."""
    try:
        text = bytes(numbers).decode() if type(numbers[0]) is int else ""
    except (TypeError, ValueError):
        return ""
    return text if text.isprintable() else ""


def _collect_keys(value: dict[str, Any], path: str, said: Keys, found: list[Field]) -> None:
    found += [Field(key, f"{path}/{pointer(key)}") for key in said.data]
    for key, word in said.ships:
        numbers = value[key] if type(value[key]) is list else [value[key]]
        at = f"{path}/{pointer(key)}"
        found += [Field(f"{word}{each}", at) for each in numbers if isinstance(each, str | int)]
    found += names_apart(value, path, said)


LONGEST_JOINED = 500
"""Characters of a name in parts that are also read as one; ISO 20022 has 140 for a whole name."""


def names_apart(value: Mapping[str, Any], path: str, said: Keys) -> Iterator[Field]:
    """Each name of an object whose parts other values part, as one, at its last part."""
    for keys in said.names:
        parts = [value[key] for key in keys if type(value[key]) is str]
        whole = " ".join(parts)
        if len(parts) > 1 and len(whole) <= LONGEST_JOINED:
            yield Field(whole, f"{path}/{pointer(keys[-1])}")


def pointer(key: str) -> str:
    """A key as it stands in a JSON pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1") if "~" in key or "/" in key else key


def _strings(value: Any, depth: int) -> int:
    """Keys and strings of a value: what the quotes in its text must add up to."""
    if depth > MAX_DEPTH:
        raise PaymentError(PaymentProblem.TOO_DEEP, f"more than {MAX_DEPTH} levels of nesting")
    count = 0
    if type(value) is dict:
        count = len(value)
        value = value.values()
    elif type(value) is str:
        return 1
    elif type(value) is not list:
        return 0
    for item in value:
        if type(item) is str:
            count += 1
        elif type(item) is dict or type(item) is list:
            count += _strings(item, depth + 1)
    return count


def _refuse(raw: bytes, error: str) -> NoReturn:
    payment_id = first_id(raw)
    if "depth limit" in error:
        raise PaymentError(PaymentProblem.TOO_DEEP, f"more than {MAX_DEPTH} levels of nesting", payment_id)
    try:
        raw.decode()
    except UnicodeDecodeError as bad:
        detail = f"byte {bad.start} is not UTF-8 ({bad.reason}); send UTF-8"
        raise PaymentError(PaymentProblem.NOT_UTF8, detail, payment_id) from None
    if any(words in error for words in _BAD_SURROGATE):
        detail = f"{error}; send every character whole, not half a surrogate pair"
        raise PaymentError(PaymentProblem.NOT_UTF8, detail, payment_id)
    if _NOT_A_NUMBER.search(raw):
        detail = "NaN and Infinity are no JSON numbers; send amounts as decimal strings"
        raise PaymentError(PaymentProblem.BAD_AMOUNT, detail, payment_id)
    raise PaymentError(PaymentProblem.NOT_JSON, f"{error}; send one JSON object", payment_id)

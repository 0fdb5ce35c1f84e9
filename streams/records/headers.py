"""Headers of records: as they came, and those that say where a dead letter came from and why."""

from collections.abc import Mapping
from typing import Any, Protocol

Headers = list[tuple[str, bytes | None]]
"""As they came: one that a sender gave may have no value."""

PART = "interdict.payment"
"""Of a decision: which payment of its record it is about, and how many the record holds: `2/3`."""

LEFT_OUT = "interdict.batch_left_out"
"""Of a record whose batch holds more than is unpacked, so that its bytes were not read."""


def part_header(number: int, count: int) -> tuple[str, bytes]:
    return PART, f"{number}/{count}".encode()


def part_of(headers: Mapping[str, bytes | None]) -> tuple[int, int] | None:
    """The number of the payment, and how many there are; None if a header does not say so, or is
    impossible."""
    number, _, count = (headers.get(PART) or b"").partition(b"/")
    if not (number.isdigit() and count.isdigit()) or not 1 <= int(number) <= int(count):
        return None
    return int(number), int(count)


class Received(Protocol):
    """A record as Faust hands it over; nothing here changes it."""

    @property
    def topic(self) -> str: ...
    @property
    def partition(self) -> int: ...
    @property
    def offset(self) -> int: ...
    @property
    def timestamp(self) -> float: ...
    @property
    def key(self) -> bytes | None: ...
    @property
    def value(self) -> Any: ...
    @property
    def headers(self) -> Any: ...


def headers_of(message: Received) -> Headers:
    """A message's headers as a list, however Faust hands them over."""
    given: Any = message.headers or []
    return list(given.items()) if isinstance(given, dict) else list(given)


def dead_letter_headers(
    message: Received, code: str, text: str, version: str, decision_id: str = ""
) -> Headers:
    """Where a dead letter came from and why, beside the headers it came with."""
    facts = {
        "topic": message.topic,
        "partition": message.partition,
        "offset": message.offset,
        "timestamp": int(message.timestamp * 1000),
        "code": code,
        "message": text[:1000],
        "version": version,
        "decision": decision_id,
    }
    return headers_of(message) + [
        (f"interdict.error.{name}", str(value).encode(errors="replace"))
        for name, value in facts.items()
        if value != ""
    ]

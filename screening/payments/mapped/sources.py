"""Where one value of a mapping comes from, and how it is read: text, amount or time."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from screening.payments.canonical import amount_of, time_of
from screening.payments.json_path import JsonPath
from screening.payments.mapped.currencies import exponent, scaled
from screening.payments.mapped.template import Template
from screening.payments.model import PaymentError, PaymentProblem
from screening.payments.shown import shown

EPOCHS: Mapping[str, int] = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
"""Units since 1970 to the second."""
_WHOLE = re.compile(r"-?[0-9]{1,20}")
_EPOCH_BEGIN = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_SECONDS = 250_000_000_000
"""Near the end of the year 9999, the last that a time can have."""
_GUESSED = (("ns", 10**17), ("us", 10**14), ("ms", 10**11), ("s", 0))
"""From which number on a time that says nothing of its unit is in it: all from 1973 on are distinguished."""


@dataclass(frozen=True, slots=True)
class Source:
    """Paths to a value, or the value itself.

    Several paths are several values, of which a single one takes the first that is there; with `join` their
    texts are one value. `template` takes the parts of a text.
    """

    paths: tuple[JsonPath, ...] = ()
    join: str | None = None
    template: Template | None = None
    constant: str | None = None


@dataclass(frozen=True, slots=True)
class AmountSource:
    """An amount as decimals, in minor units of its currency (`minor_units`), or in units of 10^-`scale`."""

    source: Source
    minor_units: bool = False
    scale: int = 0
    exponents: Mapping[str, int] = field(default_factory=dict)
    """Decimals by currency, where a platform's differ from ISO 4217's."""

    def amount(self, value: Any, path: str, currency: str | None) -> str | None:
        """Raises PaymentError for what is no amount, or in units that nobody named."""
        if value is None or not (self.minor_units or self.scale):
            return amount_of(value, path)
        decimals = exponent(currency, self.exponents) if self.minor_units else self.scale
        if decimals is None:
            detail = f"{path}: minor units of currency {shown(currency)}, whose decimals are not known"
            raise PaymentError(PaymentProblem.BAD_AMOUNT, f"{detail}; name them in the mapping's exponents")
        text = scaled(value, decimals) if type(value) is int or type(value) is str else None
        if text is None:
            detail = f"{path}: {shown(value)} is no whole number of minor units"
            raise PaymentError(PaymentProblem.BAD_AMOUNT, detail)
        return text


@dataclass(frozen=True, slots=True)
class TimeSource:
    """A time with its offset; a number since 1970 in the unit `epoch`, or a local time of `zone`.

    `layout` is how a text writes it (as `strptime` has it); without it ISO 8601.
    """

    source: Source
    epoch: str | None = None
    zone: ZoneInfo | None = None
    layout: str | None = None

    def time(self, value: Any, path: str) -> datetime | None:
        """Raises PaymentError for a time that could be several, or none."""
        if type(value) is int or (self.epoch and type(value) is str and _WHOLE.fullmatch(value)):
            return self._since_1970(int(value), path)
        if type(value) is not str or not (self.zone or self.layout):
            return time_of(value, path)
        try:
            time = datetime.strptime(value, self.layout) if self.layout else datetime.fromisoformat(value)  # noqa: DTZ007 - the zone follows
        except ValueError:
            wanted = f"as {self.layout}" if self.layout else "of ISO 8601"
            raise PaymentError(PaymentProblem.BAD_TIME, f"{path}: a time {wanted} is expected") from None
        if time.tzinfo is None and self.zone is None:
            raise PaymentError(PaymentProblem.BAD_TIME, f"{path}: a local time; name its zone in the mapping")
        return time if time.tzinfo else time.replace(tzinfo=self.zone)

    def _since_1970(self, value: int, path: str) -> datetime:
        if self.epoch is None:
            detail = f"{path}: a number; say in the mapping which epoch it counts: s, ms, us, ns or auto"
            raise PaymentError(PaymentProblem.BAD_TIME, detail)
        unit = self.epoch
        if unit == "auto":
            unit = next(unit for unit, least in _GUESSED if abs(value) >= least)
        seconds, rest = divmod(value, EPOCHS[unit])
        if abs(seconds) > _MOST_SECONDS:
            raise PaymentError(PaymentProblem.BAD_TIME, f"{path}: {value} {unit} since 1970 is no time")
        try:
            return _EPOCH_BEGIN + timedelta(seconds=seconds, microseconds=rest * 10**6 // EPOCHS[unit])
        except OverflowError:
            raise PaymentError(
                PaymentProblem.BAD_TIME, f"{path}: {value} {unit} since 1970 is no time"
            ) from None

"""JSON events of any shape, by a mapping: which path is which value, and all the rest as text.

What no path takes is screened as `other`, so a field that the mapping forgets is not lost. `mapping_file`
reads mappings from the configuration.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from screening.payments.canonical import (
    GENDERS,
    KINDS,
    account_scheme,
    amount_of,
    birth_date_of,
    time_of,
    wrong_type,
)
from screening.payments.json_path import JsonPath
from screening.payments.model import (
    Field,
    Party,
    PartyIdentifier,
    Payment,
    PaymentError,
    PaymentProblem,
    Role,
)
from screening.payments.strict_json import fields


@dataclass(frozen=True, slots=True)
class PartyMapping:
    """Where one party, or each party of a list (`each`), stands in an event."""

    role: Role
    each: JsonPath
    paths: Mapping[str, JsonPath]
    """By name, account, bic, lei, country, address, birth_date, kind, gender and role."""
    identifiers: Mapping[str, JsonPath]
    """By scheme."""


@dataclass(frozen=True, slots=True)
class EventMapping:
    """Where a payment's values stand in events of one shape; `when` leads somewhere in those only."""

    name: str
    when: JsonPath
    paths: Mapping[str, JsonPath]
    """By id, time, amount, currency, rail, uetr and remittance."""
    parties: tuple[PartyMapping, ...]
    roles: Mapping[str, Role]
    """The event's words for roles."""

    def covers(self, event: Any) -> bool:
        """Whether this mapping is for that event."""
        return next(self.when.values(event), None) is not None

    def payment(self, event: Any, fallback_id: str | None = None, at: str = "") -> Payment:
        """The payment in an event that `covers` accepts. Raises PaymentError with the event's own path."""
        reading = _Reading(event, at, self.roles)
        payment_id, place = reading.first(self.paths.get("id"))
        payment_id = str(payment_id) if type(payment_id) is int else payment_id or fallback_id
        if type(payment_id) is not str or payment_id.isspace():
            raise PaymentError(PaymentProblem.MISSING_ID, f"{place or self.name}: the mapping finds no id")
        try:
            return self._payment(payment_id, reading)
        except PaymentError as error:
            error.payment_id = payment_id
            raise

    def _payment(self, payment_id: str, reading: "_Reading") -> Payment:
        currency, rail, uetr = [reading.text(self.paths.get(key)) for key in ("currency", "rail", "uetr")]
        time, amount = reading.first(self.paths.get("time")), reading.first(self.paths.get("amount"))
        parties = [party for mapped in self.parties for party in reading.parties(mapped)]
        if not any(party.names or party.identifiers for party in parties):
            detail = f"mapping {self.name!r} finds no party with a name or an identifier"
            raise PaymentError(PaymentProblem.NO_PARTIES, detail)
        remittance = tuple(reading.fields(self.paths.get("remittance")))
        if remittance:
            parties.append(Party(Role.REMITTANCE, texts=remittance))
        rest = reading.rest()
        if rest:
            parties.append(Party(Role.OTHER, texts=rest))
        return Payment(
            payment_id, tuple(parties), "mapped", time_of(*time), amount_of(*amount), currency, rail, uetr
        )


class _Reading:
    """One event while a mapping reads it, and which places it has taken."""

    def __init__(self, event: Any, at: str, roles: Mapping[str, Role]) -> None:
        self._event, self._at, self._roles = event, at, roles
        self._taken: set[str] = set()

    def values(
        self, path: JsonPath | None, element: Any = None, below: str = ""
    ) -> Iterator[tuple[Any, str]]:
        if path is None:
            return
        start = (element, below) if path.relative else (self._event, self._at)
        for value, where in path.values(*start):
            self._taken.add(where)
            yield value, where

    def fields(self, path: JsonPath | None, element: Any = None, below: str = "") -> Iterator[Field]:
        for value, where in self.values(path, element, below):
            yield from fields(value, where)

    def first(self, path: JsonPath | None, element: Any = None, below: str = "") -> tuple[Any, str]:
        return next(self.values(path, element, below), (None, ""))

    def text(self, path: JsonPath | None) -> str | None:
        value, where = self.first(path)
        if value is not None and type(value) is not str:
            wrong_type(where, "a string", value)
        return value

    def parties(self, mapped: PartyMapping) -> Iterator[Party]:
        for element, below in mapped.each.values(self._event, self._at):
            party = self._party(mapped, element, below)
            if party.names or party.identifiers or party.addresses or party.countries:
                yield party

    def _party(self, mapped: PartyMapping, element: Any, below: str) -> Party:
        def read(key: str) -> tuple[Field, ...]:
            return tuple(self.fields(mapped.paths.get(key), element, below))

        def word(key: str) -> str:
            return next((field.value.lower() for field in read(key)), "")

        identifiers = [PartyIdentifier(key, *field) for key in ("bic", "lei") for field in read(key)]
        identifiers += [PartyIdentifier(account_scheme(field.value), *field) for field in read("account")]
        for scheme, path in mapped.identifiers.items():
            identifiers += [PartyIdentifier(scheme, *field) for field in self.fields(path, element, below)]
        given_role = read("role")
        role = self._roles.get(given_role[0].value) if given_role else None
        return Party(
            role or mapped.role,
            read("name"),
            tuple(identifiers),
            read("address"),
            read("country"),
            given_role if role is None else (),
            KINDS.get(word("kind")),
            birth_date_of(*self.first(mapped.paths.get("birth_date"), element, below)),
            GENDERS.get(word("gender")),
        )

    def rest(self) -> tuple[Field, ...]:
        """Every text at a place that no path took, nor anything around it."""
        return tuple(field for field in fields(self._event, self._at) if not self._is_taken(field.path))

    def _is_taken(self, path: str) -> bool:
        while path:
            if path in self._taken:
                return True
            path = path.rpartition("/")[0]
        return False

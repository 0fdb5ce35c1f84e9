"""JSON events (and XML) of any shape, by a mapping: which path is which value, and all the rest as text.

What no path takes is screened as `other`, so a field that the mapping forgets is not lost. `mapping_file`
reads mappings from the configuration.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from screening.payments.json_path import JsonPath
from screening.payments.lines import with_lines
from screening.payments.mapped import own_xml
from screening.payments.mapped.conditions import Condition, all_hold
from screening.payments.mapped.currencies import currency_code
from screening.payments.mapped.opened import opened
from screening.payments.mapped.pieces import Piece, split, whole
from screening.payments.mapped.reading import PartyMapping, Reading, Words
from screening.payments.mapped.sources import AmountSource, Source, TimeSource
from screening.payments.model import Party, Payment, PaymentError, PaymentProblem, Role, refused_payment

__all__ = ["EventMapping", "Mappings", "NestedEvent", "PartyMapping", "Words"]


class NestedEvent(NamedTuple):
    """An event inside another: the value, its place, and what stands around it."""

    value: Any
    at: str
    around: Party | None
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EventMapping:
    """Where a payment's values stand in events of one shape; every condition of `when` holds for those."""

    name: str
    when: tuple[Condition, ...]
    sources: Mapping[str, Source]
    """By id, currency, rail, uetr and remittance."""
    amount: AmountSource | None
    time: TimeSource | None
    parties: tuple[PartyMapping, ...]
    words: Words
    xml: bool
    """It is for XML, as `mapped.own_xml` has it."""
    opens: tuple[JsonPath, ...]
    """Texts that are JSON, read before anything else."""
    event: JsonPath | None
    """The place of a whole event of another shape, which is read instead."""
    split: JsonPath | None
    """Each element there is a payment."""
    ignores: bool
    """The events are no payments."""
    ignore: tuple[Condition, ...]
    """A payment for which one of these holds is none."""
    leave_out: tuple[JsonPath, ...]
    """Nothing at these places is screened."""

    def covers(self, event: Any) -> bool:
        """Whether this mapping is for that event."""
        event = opened(event, self.opens)
        return all_hold(self.when, lambda path: (value for value, _ in path.values(event)))

    def holds(self, condition: Condition, event: Any) -> bool:
        """Whether one condition holds for an event."""
        return condition.holds(value for value, _ in condition.path.values(opened(event, self.opens)))

    def nested(self, event: Any, at: str) -> NestedEvent | None:
        """The event inside an event that `covers` accepts; None where the mapping reads it itself."""
        if self.event is None:
            return None
        event = opened(event, self.opens)
        reading = Reading(event, at, whole(event, at)[0], lambda path: path, self.words)
        value, where = reading.first(Source((self.event,)))
        if value is None:
            raise PaymentError(
                PaymentProblem.WRONG_TYPE, f"{self.event.text}: mapping {self.name!r} finds no event"
            )
        texts, silent = reading.rest(self.leave_out)
        return NestedEvent(
            value, where, Party(Role.OTHER, texts=with_lines(texts)) if texts else None, self._notes(silent)
        )

    def payments(
        self, event: Any, fallback_id: str | None, at: str, ignored: Callable[[str], None]
    ) -> list[Payment]:
        """The payments in an event that `covers` accepts; `ignored` is told of each that is none.

        Raises PaymentError with the event's own path.
        """
        if self.ignores:
            ignored(self.name)
            return []
        event = opened(event, self.opens)
        pieces = split(event, at, self.split) if self.split else whole(event, at)
        found: list[Payment] = []
        ids: set[str] = set()
        for number, piece in enumerate(pieces, 1):
            reading = Reading(event, at, piece, self._pinned(piece), self.words)
            if self._is_none(reading):
                ignored(self.name)
                continue
            own = f"{fallback_id}#{number}" if fallback_id and self.split else fallback_id
            try:
                payment = self._payment(reading, own)
            except PaymentError as error:
                if len(pieces) == 1:
                    raise
                payment = refused_payment(error, repr(piece.element).encode("utf-8", "replace"), "mapped")
            while payment.id in ids:  # also where another is called what this one is called then
                payment = payment._replace(id=f"{payment.id}#{number}")
            ids.add(payment.id)
            found.append(payment)
        return found

    def _pinned(self, piece: Piece) -> Callable[[JsonPath], JsonPath]:
        trunk = self.split
        return (lambda path: path.within(trunk, piece.branch)) if trunk else (lambda path: path)

    def _is_none(self, reading: Reading) -> bool:
        return any(
            condition.holds(value for value, _ in reading.at(condition.path)) for condition in self.ignore
        )

    def _payment(self, reading: Reading, fallback_id: str | None) -> Payment:
        payment_id = reading.reference(self.sources.get("id")) or fallback_id
        if not payment_id:
            raise PaymentError(PaymentProblem.MISSING_ID, f"{self.name}: the mapping finds no id")
        try:
            return self._read(payment_id, reading)
        except PaymentError as error:
            error.payment_id = payment_id
            raise

    def _read(self, payment_id: str, reading: Reading) -> Payment:
        currency, rail, uetr = [
            reading.code(key, self.sources.get(key)) for key in ("currency", "rail", "uetr")
        ]
        if currency:
            currency = currency_code(currency)
        parties = [party for mapped in self.parties for party in reading.parties(mapped)]
        if not any(party.names or party.identifiers for party in parties):
            detail = f"mapping {self.name!r} finds no party with a name or an identifier"
            raise PaymentError(PaymentProblem.NO_PARTIES, detail)
        time = self.time.time(*reading.first(self.time.source)) if self.time else None
        amount = self.amount.amount(*reading.first(self.amount.source), currency) if self.amount else None
        if remittance := reading.fields(self.sources.get("remittance")):
            parties.append(Party(Role.REMITTANCE, texts=with_lines(remittance)))
        rest, silent = reading.rest(self.leave_out)
        if rest:
            parties.append(Party(Role.OTHER, texts=with_lines(rest)))
        return Payment(
            payment_id, tuple(parties), "mapped", time, amount, currency, rail, uetr, self._notes(silent)
        )

    def _notes(self, silent: Sequence[str]) -> tuple[str, ...]:
        """What was left out, for whoever reads the decision."""
        if not silent:
            return ()
        more = f" and {len(silent) - 5} more" if len(silent) > 5 else ""
        return (f"mapping {self.name!r} leaves out {', '.join(silent[:5])}{more}",)


def _nobody(name: str) -> None:
    """Told of ignored events where nobody counts them."""
    del name


class Mappings:
    """The mappings that one message is read with."""

    def __init__(self, mappings: Iterable[EventMapping], ignored: Callable[[str], None] | None) -> None:
        self._mappings = tuple(mappings)
        self._ignored = ignored or _nobody

    def payments(
        self,
        event: Any,
        fallback_id: str | None,
        at: str,
        inner: Callable[[NestedEvent], list[Payment]],
        *,
        xml: bool = False,
    ) -> list[Payment] | None:
        """The payments of a JSON event by the first mapping that covers it; None where there is none.

        `inner` reads an event inside the event. An ignored event has no payments.
        """
        for mapping in self._mappings:
            if mapping.xml is xml and mapping.covers(event):
                if mapping.ignores or not (nested := mapping.nested(event, at)):
                    return mapping.payments(event, fallback_id, at, self._ignored)
                return [_with_surroundings(payment, nested) for payment in inner(nested)]
        return None

    def of_xml(self, root: Element, inner: Callable[[NestedEvent], list[Payment]]) -> list[Payment] | None:
        """The same for XML; its elements become a value only where a mapping is for XML."""
        if not any(mapping.xml for mapping in self._mappings):
            return None
        return self.payments(own_xml.value_of(root), None, "", inner, xml=True)


def _with_surroundings(payment: Payment, nested: NestedEvent) -> Payment:
    parties = (*payment.parties, nested.around) if nested.around else payment.parties
    return payment._replace(parties=parties, notes=(*payment.notes, *nested.notes))

"""What mappings make of one event, for whoever writes them: each value with its place, and why not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from screening.payments import cloudevents
from screening.payments.decode import decode_payment
from screening.payments.mapped import own_xml
from screening.payments.mapping import EventMapping
from screening.payments.model import Party, Payment, PaymentError, Role
from screening.payments.registry.framing import Frame, FramingError, frame_of
from screening.payments.registry.schemas import SchemaError, Schemas
from screening.payments.safe_xml import read_xml
from screening.payments.strict_json import read_json


class Placed(NamedTuple):
    """One value that is screened: for whom, as what, and from where."""

    role: Role
    what: str
    """name, identifier and its scheme, address, country, text, ..."""
    value: str
    path: str


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of one event."""

    mapping: str | None
    """The first mapping that covers it."""
    payments: Sequence[Payment] = ()
    ignored: int = 0
    """Parts of it, or it itself, that are no payments."""
    problem: str = ""
    """Why it is refused."""
    conditions: Sequence[tuple[str, str]] = ()
    """By mapping that does not cover it, its first condition that does not hold."""


def tried(raw: bytes, mappings: Sequence[EventMapping], schemas: Schemas | None = None) -> Trial:
    """Read an event as a worker would. Raises SchemaNeededError as `decode_payment` does."""
    ignored: list[str] = []
    covering, conditions = None, []
    for mapping, condition in _conditions(raw, mappings, schemas):
        if condition is None:
            covering = mapping.name
            break
        conditions.append((mapping.name, condition))
    try:
        payments = decode_payment(raw, mappings=mappings, ignored=ignored.append, schemas=schemas)
    except PaymentError as error:
        return Trial(covering, problem=str(error), conditions=conditions)
    return Trial(covering, payments, len(ignored), conditions=conditions)


def placed(party: Party) -> Iterator[Placed]:
    """Every value of a party that is screened."""
    for what, found in (("name", party.names), ("address", party.addresses), ("country", party.countries)):
        for value, path in found:
            yield Placed(party.role, what, value, path)
    for scheme, value, path in party.identifiers:
        yield Placed(party.role, scheme, value, path)
    for what, fact in (("kind", party.kind), ("gender", party.gender), ("birth date", party.birth_date)):
        if fact is not None:
            yield Placed(party.role, what, str(fact), "")
    for value, path in party.texts:
        yield Placed(party.role, "text", value, path)


def _conditions(
    raw: bytes, mappings: Sequence[EventMapping], schemas: Schemas | None
) -> Iterator[tuple[EventMapping, str | None]]:
    """The mappings in order, each with its first condition that does not hold."""
    event, xml = _event(raw, schemas)
    for mapping in mappings:
        if mapping.xml is not xml:
            yield mapping, 'format = "xml"' if mapping.xml else 'format = "json"'
        elif mapping.covers(event):
            yield mapping, None
        else:
            failing = (each.text for each in mapping.when if not mapping.holds(each, event))
            yield mapping, next(failing, "")


def _event(raw: bytes, schemas: Schemas | None) -> tuple[Any, bool]:
    """The value that mappings see, and whether it was XML; None for what is neither."""
    try:
        if frame := frame_of(raw):
            inside = _of_frame(frame, schemas)
            return (inside, False) if not isinstance(inside, bytes) else _event(inside, None)
        if raw.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            return own_xml.value_of(read_xml(raw)), True
        event = read_json(raw)
        if type(event) is dict and "parties" not in event and cloudevents.is_cloudevent(event):
            data = cloudevents.structured(event).data
            event = read_json(data) if isinstance(data, bytes) else data
        return event, False
    except (PaymentError, FramingError, SchemaError):
        return None, False


def _of_frame(frame: Frame, schemas: Schemas | None) -> Any:
    """What stands in a schema registry's framing: a value, or bytes that need no schema."""
    try:
        return read_json(frame.body)
    except PaymentError:
        return frame.body if schemas is None else schemas[frame.key].event(frame)

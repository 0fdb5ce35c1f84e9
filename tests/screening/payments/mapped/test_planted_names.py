"""A listed name in any place of a mapped event, or of a record, is a hit; only what is left out is not."""

import copy
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening import Designation, Name, Policy, Screener
from screening.payments import Payment, PaymentError, decode_payment
from screening.payments.mapping import EventMapping
from screening.payments.mapping_file import read_mappings
from screening.payments.registry.record import payment_of_record
from screening.payments.strict_json import fields
from tests.screening.payments.mapped.test_shipped_mappings import HERE, SHIPPED, shipped

LISTED = "Versor Trading s.r.o."
NAMED_ALIKE = (
    *("checkout_com", "circle", "fireblocks", "flutterwave", "form3", "iso8583", "modulr", "paypal"),
    *("increase", "modern_treasury", "mollie", "paystack", "plaid", "razorpay", "thunes"),
)
"""Mappings whose events have their name."""
EVENTS = [
    *(("debezium", HERE / f"debezium_{kind}.json") for kind in ("create", "update", "epoch")),
    *((word, HERE / f"{word}_like.json") for word in ("stripe", "adyen", "pix")),
    ("mojaloop", HERE / "mojaloop_bare.json"),
    ("tazama", HERE / "tazama.json"),
    ("iat", HERE / "nacha_iat.json"),
    *(
        ("open_banking", HERE / f"{word}.json")
        for word in ("open_banking_uk", "berlin_group", "berlin_group_bulk")
    ),
    *(("ivms101", HERE / f"{word}.json") for word in ("travel_rule", "ivms101")),
    ("adyen", HERE / "adyen_transfer.json"),
    *((word, path) for word in NAMED_ALIKE for path in sorted(HERE.glob(f"{word}*.json"))),
    *(("mobile_money", HERE / f"mpesa_{word}.json") for word in ("received", "ordered", "sent", "confirmed")),
    ("mobile_money", HERE / "mtn_transfer.json"),
    ("mobile_money", HERE / "gsma_transfer.json"),
    ("pix", HERE / "pix_charge.json"),
    *(("cloud_envelopes", HERE / f"envelope_{word}.json") for word in ("sns", "eventbridge", "event_grid")),
]
LEFT_OUT = {
    "before",
    "source",
    "schema",
    "previous_attributes",
    "secret",
    "access_token",
    "SecurityCredential",
    *("Signature", "SigningCertURL", "UnsubscribeURL"),
}
"""Keys below which nothing is screened."""
Path_ = tuple[str | int, ...]


def places(value: Any, path: Path_ = ()) -> Iterator[Path_]:
    """Every string and number of a value."""
    if isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(item, (*path, key))
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        yield path


def planted(event: Any, path: Path_) -> Any:
    event = copy.deepcopy(event)
    inner = event
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = LISTED
    return event


@cache
def screener() -> Screener:
    found = Screener(Policy())
    found.upsert(Designation("case:1", (Name(LISTED),)))
    return found


def hit_or_refused(event: Any, mappings: tuple[EventMapping, ...]) -> str:
    """`hit`, `refused`, `ignored`, what is left out, or `clear`."""
    ignored: list[str] = []
    try:
        payments = decode_payment(json.dumps(event).encode(), mappings=mappings, ignored=ignored.append)
    except PaymentError:
        return "refused"
    decisions = [screener().screen(payment) for payment in payments]
    if any(decision.hits for decision in decisions):
        return "hit"
    if any(payment.refused for payment in payments):
        return "refused"
    if ignored:
        return "ignored"
    notes = [note for payment in payments for note in payment.notes]
    return "left out" if any(" leaves out " in note for note in notes) else "clear"


@pytest.mark.parametrize(("word", "file"), EVENTS, ids=lambda value: getattr(value, "stem", ""))
def test_a_name_in_any_place_of_a_platform_s_event_is_found(word: str, file: Path) -> None:
    event, mappings = json.loads(file.read_text()), shipped(word)
    found = {path: hit_or_refused(planted(event, path), mappings) for path in places(event)}

    assert [path for path, outcome in found.items() if outcome == "clear"] == []
    left_out = {path for path, outcome in found.items() if outcome == "left out"}
    assert all(LEFT_OUT & set(path) for path in left_out)
    assert "hit" in found.values()


@pytest.mark.parametrize(("word", "file"), EVENTS, ids=lambda value: getattr(value, "stem", ""))
def test_no_other_mapping_that_ships_reads_a_platform_s_event(word: str, file: Path) -> None:
    event = json.loads(file.read_text())
    (own,) = SHIPPED.glob(f"*{word}*.toml")
    others = [other for other in SHIPPED.glob("*.toml") if other not in (own, SHIPPED / "debezium.toml")]

    for other in others:
        covering = [mapping.name for mapping in mappings_of(other.read_text()) if mapping.covers(event)]
        assert covering == []


VALUES = st.recursive(
    st.text(max_size=8) | st.integers(-(2**63), 2**63 - 1) | st.booleans() | st.none(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(sorted("abcdefgh")), inner, max_size=4)
    ),
    max_leaves=12,
)
MAPPING = """[[mapping]]
name = "any"
when = "$.a"
id = ["$.a", "$.b.a", "$.c[*]"]
currency = "$.d"
rail = "$.e"
remittance = "$.f[*]"
[[mapping.party]]
each = "$.c[*]"
role_at = "@.a"
name = { join = ["@.b", "@.c"] }
country = "@.d"
account = "@.e"
bic = "@.f"
kind = "@.g"
gender = "@.h"
[[mapping.party]]
role = "debtor"
name = ["$.g", "$.h"]
"""
mappings_of = cache(read_mappings)
"""Made when a test asks for them: by what stands there then."""


def screened(payment: Payment) -> str:
    """Everything of a payment that is searched for names."""
    found = [
        value
        for party in payment.parties
        for group in (party.names, party.addresses, party.texts, party.countries)
        for value, _ in group
    ]
    found += [value for party in payment.parties for _, value, _ in party.identifiers]
    return "\n".join(found)


@given(VALUES)
def test_no_text_of_an_event_is_lost_whatever_its_shape(event: Any) -> None:
    try:
        payments = decode_payment(json.dumps(event).encode(), mappings=mappings_of(MAPPING))
    except PaymentError:
        return
    for payment in payments:
        if payment.format != "mapped":
            continue
        everything = screened(payment)
        kept = {payment.id, payment.currency, payment.rail}
        words = {"person", "organization", "vessel", "aircraft", "male", "female", "m", "f"}
        for value, _ in fields(event, ""):
            assert value in everything or value in kept or value.strip().lower() in words


@given(st.dictionaries(st.sampled_from(["id", "amount", "currency", "creditor", "payer", "x"]), VALUES))
def test_no_text_of_a_record_is_lost_whatever_its_shape(event: dict[str, Any]) -> None:
    try:
        payment = payment_of_record(event, "avro", "R-1", "")
    except PaymentError:
        return
    everything = screened(payment)
    for value, _ in fields(event, ""):
        assert value in everything or value in {payment.id, payment.currency, payment.amount}


@pytest.mark.parametrize("file", sorted(SHIPPED.glob("*.toml")), ids=lambda file: file.stem)
@given(event=VALUES)
def test_shipped_mappings_read_any_json_or_refuse_it(file: Path, event: Any) -> None:
    mappings = mappings_of(file.read_text())
    for shape in (event, {"payload": event}, {"pix": event}, {"notificationItems": event}, {"after": event}):
        try:
            decode_payment(json.dumps(shape).encode(), mappings=mappings)
        except PaymentError:
            continue

"""What becomes of an event that is mapped, of a record and of a body when one part of it is another.

`mapped_parts.txt` holds for each part a hash over what its changes come to. `python -m
tests.screening.payments.mapped.test_mapped_parts` writes it anew, and with `mapped`, `mapped twice`, `record`
or `body` says what the changes of that come to.
"""

from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from screening.payments import PaymentError, decode_payment
from screening.payments.mapping import EventMapping
from screening.payments.mapping_file import MappingError, read_mappings
from screening.payments.registry.record import payment_of_record
from tests.screening.payments.parts import VALUES, as_program, encoded, hashes, readings, shown
from tests.screening.payments.test_read_whole import of_payment
from tests.screening.said import kept

SAID = Path(__file__).with_name("mapped_parts.txt")
KEPT = kept(SAID)
UUID = "3f0c1a52-7d5e-4a0b-9d61-000000000000"
MAPPING = """
[[mapping]]
name = "m"
when = "$.ref"
#split = "$.all[*]"
id = "$.ref"
currency = "$.currency"
rail = "$.rail"
uetr = "$.uetr"
remittance = "$.lines[*]"
amount = { path = "$.amount", minor_units = true }
time = { path = "$.time", epoch = "auto", zone = "Europe/Berlin" }
open = ["$.box"]
leave_out = ["$.secret"]
ignore = "$.type == 'fee'"
[mapping.roles]
BEN = "creditor"
[mapping.kinds]
P = "person"
[[mapping.party]]
role = "debtor"
name = { join = ["$.first", "$.last"], with = " " }
country = "$.box.country"
[[mapping.party]]
each = "$.people[*]"
role = "other"
role_at = "@.role"
when = "@.name"
name = ["@.name", "@.alias"]
account = "@.account"
bic = "@.bic"
lei = "@.lei"
address = "@.address"
birth_date = "@.born"
kind = "@.kind"
gender = "@.gender"
identifiers = { tax = "@.tax" }
"""
PERSON = {
    "role": "BEN",
    "name": "Bob Brown",
    "alias": "Bobby",
    "account": "DE1",
    "bic": "DEUTDEFF",
    "lei": "5493001KJTIIGC8Y1R12",
    "address": "1 Main St",
    "born": "1968",
    "kind": "P",
    "gender": "male",
    "tax": "T-1",
    "rest": "Ali Hassan",
}
MAPPED = {
    "ref": "R-1",
    "currency": "EUR",
    "rail": "swift",
    "uetr": UUID,
    "lines": ["Inv 1"],
    "amount": 1250,
    "time": 1700000000,
    "box": '{"country": "IR"}',
    "secret": "Zz",
    "type": "pay",
    "first": "Ann",
    "last": "Lee",
    "people": [PERSON],
}
OF_MAPPED: dict[str, tuple[Any, ...]] = {
    "amount": ("1250", "12.50", -5, 0),
    "currency": ("JPY", "eur", "XXX", "EURO"),
    "time": (10**11, 10**11 - 1, 10**14, 10**17, 10**20, "2026-11-27T10:00:00", "2026-11-27T10:00:00Z"),
    "type": ("fee",),
    "box": ("{", "[1]"),
    "people": ([PERSON, PERSON | {"name": "Carl"}], [PERSON | {"role": "zz"}], PERSON),
}
TWO = MAPPED | {"ref": "R-2", "people": []}


def mapped() -> Iterator[tuple[str, str, list[str]]]:
    """Each value of an event that a mapping reads, alone and as one of two; each line of the mapping."""
    for head, wrap in (
        ("mapped", lambda event: event),
        ("mapped twice", lambda event: {"all": [event, TWO]}),
    ):
        lines = (
            MAPPING
            if head == "mapped"
            else MAPPING.replace("#", "").replace("$.", "@.").replace("@.all", "$.all")
        )
        lines = lines.replace('when = "@.ref"', 'when = "$.all"').replace('["@.box"]', '["$.all[0].box"]')
        mappings = read_mappings(lines)
        yield head, "", by_mapping(wrap(MAPPED), mappings)
        for key in (*MAPPED, "more"):
            for value in (*VALUES, *OF_MAPPED.get(key, ())):
                yield head, f"{key} {shown(value)}", by_mapping(wrap(MAPPED | {key: value}), mappings)
            left = {name: value for name, value in MAPPED.items() if name != key}
            yield head, f"{key} left out", by_mapping(wrap(left), mappings)
        for key in PERSON:
            for value in VALUES:
                event = wrap(MAPPED | {"people": [PERSON | {key: value}]})
                yield head, f"person's {key} {shown(value)}", by_mapping(event, mappings)
    whole = MAPPING.splitlines(keepends=True)
    for number, line in enumerate(whole):
        key, equals, _ = line.partition(" = ")
        for what, instead in {
            "left out": "",
            "twice": line * 2,
            "a number": f"{key} = 7\n",
            "a word": f'{key} = "zz"\n',
            "a list": f"{key} = []\n",
            "a table": f"{key} = {{ zz = 1 }}\n",
        }.items():
            if equals or what in ("left out", "twice"):
                text = "".join((*whole[:number], instead, *whole[number + 1 :]))
                yield "mapped", f"with {key.strip()} {what}", by_text(text)


def records() -> Iterator[tuple[str, str, list[str]]]:
    """Records of a schema that no mapping is for."""
    record = {
        "id": "R-1",
        "amount": {"value": "1.50", "ccy": "EUR"},
        "payee": {"name": "Bob"},
        "note": "Ali Hassan",
    }
    yield "record", "", by_record(record)
    for key in (
        *record,
        "payment_id",
        "transactionId",
        "uetr",
        "currency",
        "payer",
        "beneficiary",
        "ultimateDebtor",
    ):
        for value in (
            *VALUES,
            "EUR",
            "12.50",
            {"full_name": "Ali Hassan", "iban": "DE1", "bic": "DEUTDEFF", "x": "Y"},
        ):
            yield "record", f"{key} {shown(value)}", by_record(record | {key: value})
    yield "record", "no id", by_record({"payee": "Bob"})
    yield "record", "no text", by_record({"id": "R-1"})
    for value in (
        {"currency": "USD"},
        {"amount": {"amount": "7", "currency": "USD"}},
        {"amount": {"value": "x", "amount": 7}},
    ):
        yield "record", f"with {shown(value)}", by_record(record | value)


def bodies() -> Iterator[tuple[str, str, bytes]]:
    """What is no event, or holds several."""
    event = {"id": "C-1", "parties": [{"role": "creditor", "name": "Bob Brown"}]}
    cloud = {"specversion": "1.0", "id": "E-1", "source": "/core", "type": "paid", "data": event}
    yield "body", "", encoded(cloud)
    for key in (*cloud, "subject", "data_base64", "datacontenttype", "time"):
        for value in VALUES:
            yield "body", f"{key} {shown(value)}", encoded(cloud | {key: value})
        left = {name: value for name, value in cloud.items() if name != key}
        yield "body", f"{key} left out", encoded(left)
    for value in (
        [event],
        [7, event],
        [event, 7],
        [cloud],
        [cloud, cloud | {"id": "E-2"}],
        [cloud, cloud | {"id": 7}],
    ):
        yield "body", f"list {encoded(value).decode()[:70]}", encoded(value)
    for raw in (
        *(b"[]", b"7", b"null", b'"x"', b"", b" ", b"{", b'{"id": "x", "a": NaN}', b'{"id": "x", "id": "y"}'),
        *(
            b'{"id": "x", "a": "\\ud800"}',
            b'{"id": "x", "a": "\xff"}',
            b"A" * 30,
            b"eyJpZCI6ICJ4In0gICAgICAgICAg",
        ),
        *(
            b"zz, yy",
            b"a,b,c\nd,e,f",
            b"a=1&b=2",
            b"---\na: 1",
            b"<a",
            b"<a/>",
            b"<a>Ali Hassan</a>",
            b"\x82\xa1",
        ),
        *(
            b"ISA*00",
            b"UNB+UNOC",
            b"0100" + b"A" * 16,
            b"From: x",
            b"x <?xml",
            b"\x00\x00",
            b"Obj\x01",
            b"\x01\x02",
        ),
    ):
        yield "body", f"raw {raw!r}"[:80], raw


def by_mapping(event: Any, mappings: tuple[EventMapping, ...]) -> list[str]:
    try:
        payments = decode_payment(encoded(event), mappings=mappings)
    except PaymentError as error:
        return [f"! {error.problem} {error.payment_id}: {error.detail}"]
    return [line for payment in payments for line in of_payment(payment)]


def by_text(text: str) -> list[str]:
    try:
        return by_mapping(MAPPED, read_mappings(text))
    except MappingError as error:
        return [f"! {error}"]


def by_record(record: dict[str, Any]) -> list[str]:
    try:
        return [*of_payment(payment_of_record(record, "avro", None, ""))]
    except PaymentError as error:
        return [f"! {error.problem} {error.payment_id}: {error.detail}"]


@cache
def said() -> dict[str, list[str]]:
    return readings(chain(mapped(), records(), bodies()))


@pytest.mark.parametrize("whole", KEPT)
def test_a_part_of_an_event_comes_to_what_it_always_did(whole: str) -> None:
    assert hashes(said())[whole] == KEPT[whole]


if __name__ == "__main__":
    as_program(said(), SAID)

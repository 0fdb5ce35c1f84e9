"""The payment of `messages` in a shape that a mapping reads, and as an Avro record."""

import io
import json
from decimal import Decimal
from importlib import import_module

MAPPED = json.dumps(
    {
        "transfer": {
            "ref": "T-17",
            "money": {"value": 1250000, "unit": "USD"},
            "booked": "2023-08-17T09:30:00Z",
            "lines": ["INV 4471 spare parts"],
            "parties": [
                {
                    "type": "ORD",
                    "fullName": "Acme Trading",
                    "acc": "GB29NWBK60161331926819",
                    "land": "GB",
                },
                {"type": "BEN", "fullName": "Versor s.r.o.", "bank": "TATRSKBX", "land": "SK"},
            ],
            "memo": "second try",
        }
    }
).encode()
MAPPING = """[[mapping]]
name = "core banking"
when = "$.transfer.ref"
id = "$.transfer.ref"
amount = { path = "$.transfer.money.value", minor_units = true }
currency = "$.transfer.money.unit"
time = "$.transfer.booked"
remittance = "$.transfer.lines[*]"
[mapping.roles]
ORD = "debtor"
BEN = "creditor"
[[mapping.party]]
each = "$.transfer.parties[*]"
role_at = "@.type"
name = "@.fullName"
account = "@.acc"
bic = "@.bank"
country = "@.land"
"""
_PARTY = {
    "type": "record",
    "name": "Party",
    "fields": [{"name": name, "type": ["null", "string"]} for name in ("name", "account", "bic", "country")],
}
AVRO_SCHEMA = json.dumps(
    {
        "type": "record",
        "name": "Payment",
        "fields": [
            {"name": "id", "type": "string"},
            {
                "name": "amount",
                "type": {"type": "bytes", "logicalType": "decimal", "precision": 18, "scale": 2},
            },
            {"name": "currency", "type": "string"},
            {"name": "debtor", "type": ["null", _PARTY]},
            {"name": "creditor", "type": ["null", "Party"]},
            {"name": "lines", "type": {"type": "array", "items": "string"}},
        ],
    }
)


def avro_record() -> bytes:
    """One record in Confluent's framing, by schema 7."""
    fastavro = import_module("fastavro")
    nobody = dict.fromkeys(("name", "account", "bic", "country"))
    record = {
        "id": "T-17",
        "amount": Decimal("12500.00"),
        "currency": "USD",
        "debtor": nobody | {"name": "Acme Trading Ltd", "account": "GB29NWBK60161331926819", "country": "GB"},
        "creditor": nobody | {"name": "Versor s.r.o.", "bic": "TATRSKBX", "country": "SK"},
        "lines": ["INV 4471 spare parts"],
    }
    out = io.BytesIO()
    fastavro.schemaless_writer(out, fastavro.parse_schema(json.loads(AVRO_SCHEMA)), record)
    return b"\x00\x00\x00\x00\x07" + out.getvalue()

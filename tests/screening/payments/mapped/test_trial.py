"""What a mapping makes of one event, whatever the event stands in."""

import base64
import json
from typing import Any

import pytest

from screening.payments.mapped.trial import tried
from screening.payments.mapping_file import read_mappings

EVENT = {"ref": "R1", "type": "credit", "name": "Bob"}
MAPPINGS = read_mappings("""
[[mapping]]
name = "debits"
when = ["$.ref", "$.type == 'debit'"]
id = "$.ref"
[[mapping.party]]
role = "debtor"
name = "$.name"
[[mapping]]
name = "credits"
when = "$.type == 'credit'"
id = "$.ref"
[[mapping.party]]
role = "creditor"
name = "$.name"
[[mapping]]
name = "own"
format = "xml"
when = "$.Pay.ref"
id = "$.Pay.ref"
[[mapping.party]]
role = "creditor"
name = "$.Pay.name"
[[mapping]]
name = "noise"
when = "$.heartbeat"
ignore = true
""")
NOT_DEBIT = ("debits", "$.type == 'debit'")


def raw(value: Any) -> bytes:
    return json.dumps(value).encode()


def around(**data: Any) -> bytes:
    return raw({"specversion": "1.0", "id": "E-1", "source": "/s", "type": "t", **data})


@pytest.mark.parametrize(
    "event",
    [
        raw(EVENT),
        b"\x00\x00\x00\x00\x07" + raw(EVENT),
        around(data=EVENT),
        around(data=json.dumps(EVENT)),
        around(data_base64=base64.b64encode(raw(EVENT)).decode()),
    ],
    ids=["bare", "framed", "data", "text", "base64"],
)
def test_the_first_that_covers_it_reads_it_whatever_it_stands_in(event: bytes) -> None:
    trial = tried(event, MAPPINGS)

    assert (trial.mapping, trial.conditions, trial.ignored, trial.problem) == ("credits", [NOT_DEBIT], 0, "")
    (payment,) = trial.payments
    assert payment.parties[0].names[0].value == "Bob"


def test_an_event_in_xml_is_for_mappings_of_xml_and_others_are_not() -> None:
    trial = tried(b"\xef\xbb\xbf \n<Pay><ref>R1</ref><name>Bob</name></Pay>", MAPPINGS)

    assert trial.mapping == "own"
    assert trial.conditions == [("debits", 'format = "json"'), ("credits", 'format = "json"')]
    assert ("own", 'format = "xml"') in tried(raw({"heartbeat": 1}), MAPPINGS).conditions


def test_what_is_ignored_is_counted_and_what_nobody_covers_is_refused() -> None:
    ignored, refused = tried(raw({"heartbeat": 1}), MAPPINGS), tried(raw({"ref": "R1", "x": 1}), MAPPINGS)

    assert (ignored.mapping, ignored.payments, ignored.ignored) == ("noise", [], 1)
    assert (refused.mapping, refused.payments) == (None, ())
    assert refused.problem
    assert refused.conditions[:2] == [NOT_DEBIT, ("credits", "$.type == 'credit'")]


@pytest.mark.parametrize("event", [b"{", b"<Pay>", b"\x00\x00\x00\x00\x07\xff", b"\x00\x00"])
def test_bytes_that_cannot_be_read_are_covered_by_nobody(event: bytes) -> None:
    assert tried(event, MAPPINGS).mapping is None

"""How much one message may hold: each decoder takes as much as its bound says, and nothing of one more."""

import json
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from screening.payments import PaymentError, PaymentProblem, decode_payment
from screening.payments import decode as decoding
from screening.payments.flat import fedwire, nacha
from screening.payments.iso import document
from screening.payments.mapped import pieces
from screening.payments.mapping_file import read_mappings
from screening.payments.mt import message
from screening.payments.shapes import LONGEST_CODE
from screening.payments.strict_json import LONGEST_PATH, MOST_BELOW
from tests.screening.payments.flat.test_nacha import PPD, PPD_ENTRY
from tests.screening.payments.flat.test_nacha import nacha as file_of

MAPPING = """
[[mapping]]
name = "batch"
when = ["$.items"]
split = "$.items[*]"
id = "@.id"
[[mapping.party]]
role = "creditor"
name = "@.name"
"""


def iso(count: int) -> bytes:
    return b"<Document>" + b"<TxInf><Cdtr><Nm>Acme</Nm></Cdtr></TxInf>" * count + b"</Document>"


def mt(count: int) -> bytes:
    """Three parties of the message stand in each transaction, one is its own."""
    own = "".join(f":21:T{number}\r\n:32B:EUR1,\r\n:59:/1\r\nACME\r\n" for number in range(count))
    return (
        f"{{1:F01AAAAGB2LAXXX0}}{{2:I101BBBBUS33XXXXN}}{{4:\r\n:20:R\r\n:50K:/1\r\nBOB\r\n{own}-}}".encode()
    )


def wire(*parties: int) -> bytes:
    return "".join(
        f"{{1500}}30{{2000}}000000000100{'{5000}ANN GREEN*' * many}\n" for many in parties
    ).encode()


def events(count: int, shared: int = 0) -> bytes:
    items = ", ".join(f'{{"id": "P-{number}", "name": "Ann"}}' for number in range(count))
    return f'{{"items": [{items}], "beside": [{", ".join(["1234567"] * shared)}]}}'.encode()


@pytest.mark.parametrize(
    ("module", "name", "bound", "within", "beyond"),
    [
        (document, "MAX_PARTIES", 3, lambda: iso(3), lambda: iso(4)),
        (message, "MAX_PARTIES", 11, lambda: mt(2), lambda: mt(3)),
        (message, "MOST_MESSAGES", 2, lambda: mt(1) * 2, lambda: mt(1) * 3),
        (fedwire, "MAX_PARTIES", 8, lambda: wire(1, 5), lambda: wire(1, 6)),
        (
            nacha,
            "MAX_PARTIES",
            12,
            lambda: file_of(PPD, *[PPD_ENTRY] * 2),
            lambda: file_of(PPD, *[PPD_ENTRY] * 3),
        ),
        (
            nacha,
            "MAX_PAYMENTS",
            2,
            lambda: file_of(PPD, *[PPD_ENTRY] * 2),
            lambda: file_of(PPD, *[PPD_ENTRY] * 3),
        ),
        (decoding, "MAX_PAYMENTS", 2, lambda: iso(2), lambda: iso(3)),
        (pieces, "MOST_PAYMENTS", 2, lambda: events(2), lambda: events(3)),
        (pieces, "MOST_SHARED", 42, lambda: events(2, 3), lambda: events(2, 4)),
        (pieces, "MOST_SHARED_VALUES", 12, lambda: events(2, 3), lambda: events(2, 4)),
    ],
)
def test_a_message_is_read_up_to_its_bound(
    monkeypatch: pytest.MonkeyPatch,
    module: object,
    name: str,
    bound: int,
    within: Callable[[], bytes],
    beyond: Callable[[], bytes],
) -> None:
    mappings = read_mappings(MAPPING)
    monkeypatch.setattr(module, name, bound)

    assert decode_payment(within(), mappings=mappings)
    with pytest.raises(PaymentError) as refused:
        decode_payment(beyond(), mappings=mappings)
    assert refused.value.problem is PaymentProblem.TOO_LARGE
    if "SHARED" not in name:
        assert str(bound) in refused.value.detail
    monkeypatch.setattr(module, name, bound - 1)
    with pytest.raises(PaymentError):
        decode_payment(within(), mappings=mappings)


def payment(party: dict[str, Any] | None = None, /, **more: Any) -> bytes:
    return json.dumps({"id": "P-1", "parties": [{"name": "Acme", **(party or {})}], **more}).encode()


def wrapped(tag: str) -> bytes:
    """`tag` around elements whose paths all repeat it."""
    inside = f"<{tag}><A>Bob</A><A>Ann</A></{tag}>"
    message = f"<FIToFICstmrCdtTrf><CdtTrfTxInf>{inside}</CdtTrfTxInf></FIToFICstmrCdtTrf>"
    return f"<Document>{message}</Document>".encode()


def in_tags(tag: str) -> bytes:
    return json.dumps({"Document": {"FIToFICstmrCdtTrf": {"CdtTrfTxInf": [{tag: ["Bob", "Ann"]}]}}}).encode()


@pytest.mark.parametrize(
    "message",
    [
        lambda key: payment(data={key: ["Bob", "Ann"]}),
        lambda key: payment(data={key: {"a": "Bob"}}),
        lambda key: payment({"identifiers": {key: ["A1", "B2"]}}),
        lambda key: json.dumps({"items": [{"id": "P-1", "name": "Ann"}], key: ["Bob"]}).encode(),
        in_tags,
        wrapped,
    ],
    ids=["list", "object", "identifiers", "mapped", "ISO 20022 in JSON", "XML"],
)
def test_a_key_that_every_value_below_would_repeat_is_read_up_to_its_bound(
    message: Callable[[str], bytes],
) -> None:
    mappings = read_mappings(MAPPING)

    assert decode_payment(message("k" * (LONGEST_PATH - 80)), mappings=mappings)
    with pytest.raises(PaymentError) as refused:
        decode_payment(message("k" * LONGEST_PATH), mappings=mappings)
    assert refused.value.problem is PaymentProblem.TOO_LARGE
    assert str(LONGEST_PATH) in refused.value.detail
    assert len(refused.value.detail) < 200


@pytest.mark.parametrize(
    "message",
    [
        lambda count: payment(data=["Bob"] * count),
        lambda count: payment(data=[["Bob"] * (count // 2 - 1)] * 2),
        lambda count: payment(data={f"k{number}": None for number in range(count)}),
        lambda count: payment({"address": ["Bob"] * count}),
        lambda count: payment({"country": ["Iran"] * count}),
        lambda count: payment({"identifiers": {f"k{number}": "A1" for number in range(count)}}),
        lambda count: payment({f"k{number}": "Bob" for number in range(count)}),
        lambda count: json.dumps({"id": "P-1", "parties": [{"name": "Bob"}] * (count // 2 - 1)}).encode(),
        lambda count: json.dumps(
            {"Document": {"FIToFICstmrCdtTrf": {"CdtTrfTxInf": {f"k{n}": "Bob" for n in range(count)}}}}
        ).encode(),
    ],
    ids=["list", "lists", "nulls", "address", "country", "identifiers", "party", "parties", "ISO 20022"],
)
def test_values_of_one_payment_are_read_up_to_their_bound(message: Callable[[int], bytes]) -> None:
    assert decode_payment(message(MOST_BELOW - 8))
    with pytest.raises(PaymentError) as refused:
        decode_payment(message(MOST_BELOW + 8))
    assert refused.value.problem is PaymentProblem.TOO_LARGE
    assert str(MOST_BELOW) in refused.value.detail


@pytest.mark.parametrize(
    "raw",
    [
        b":20:X\n:20:Y\n-\n-\n" + b"$" * 200_000,
        b":20:X\n:20:Y\n-\n-\n" + b"\x01\n" * 100_000,
        b"," * 200_000,
        b"a\t" * 100_000,
        b"A" + b"\n" * 200_000 + b"!",
        payment(rail="<" * 200_000),
        payment(currency="=?u?B?" * 30_000),
        payment({"country": ["A1 b"] * 100_000}),
        payment(data={"k" * 100_000: [1] * 100_000}),
    ],
    ids=["$", "\\x01", ",", "tabs", "line ends", "<", "mime", "countries", "key"],
)
def test_a_message_of_one_sign_is_read_or_refused_at_once(raw: bytes) -> None:
    began = time.process_time()
    with suppress(PaymentError):
        decode_payment(raw)
    assert time.process_time() - began < 1


@pytest.mark.parametrize("key", ["currency", "rail", "uetr", "status"])
def test_what_is_longer_than_any_code_is_text_and_counts_as_such(key: str) -> None:
    """An alert shows a payment's codes as they are: a currency of a million digits made one of a megabyte."""
    (short,), (long,) = (
        decode_payment(payment(**{key: "1" * length})) for length in (LONGEST_CODE, LONGEST_CODE + 1)
    )

    assert [text.path for party in short.parties for text in party.texts] == []
    assert [text.path for party in long.parties for text in party.texts] == [f"/{key}"]

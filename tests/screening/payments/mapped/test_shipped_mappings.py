"""The mappings that ship read what their platforms send: payments, parties and hits, case by case."""

import csv
import fnmatch
import json
import re
from decimal import Decimal
from pathlib import Path

import pytest

from screening import Decision, Designation, Name, Payment, Policy, Screener
from screening.designations import Identifier, Kind
from screening.payments import PaymentError, decode_payment
from screening.payments.mapping import EventMapping
from screening.payments.mapping_file import read_mappings

HERE = Path(__file__).parent / "cases"
SHIPPED = Path(__file__).parents[4] / "config" / "mappings"
CASES = list(csv.DictReader((HERE / "cases.csv").read_text(encoding="utf-8").splitlines()))


def shipped(word: str) -> tuple[EventMapping, ...]:
    (file,) = SHIPPED.glob(f"*{word}*.toml")
    return read_mappings(file.read_text(encoding="utf-8"))


def _mappings(name: str) -> tuple[EventMapping, ...]:
    if name.startswith("shipped:"):
        return shipped(name.removeprefix("shipped:"))
    return read_mappings((HERE / name).read_text(encoding="utf-8"))


def _listed(text: str) -> Designation:
    """`id=name~kind~scheme=value`"""
    uid, _, given = text.partition("=")
    name, kind, *identifiers = given.split("~")
    codes = [Identifier(*each.split("=")) for each in identifiers]
    return Designation(f"case:{uid}", (Name(name),), Kind(kind), identifiers=tuple(codes))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['files']}-{case['mapping']}")
def test_a_case_is_read_as_it_means(case: dict[str, str]) -> None:
    payments = decode_payment((HERE / case["files"]).read_bytes(), mappings=_mappings(case["mapping"]))
    screener = Screener(Policy())
    for entry in case["list"].split(";"):
        screener.upsert(_listed(entry))
    decisions = [screener.screen(payment) for payment in payments]

    wanted = case["payments"].split(";")
    assert len(payments) == len(wanted)
    for payment, expected in zip(payments, wanted, strict=True):
        _is_read(payment, *expected.split(","))
    for expected in case["hits"].split(";"):
        _is_hit(decisions, expected)


def _is_read(payment: Payment, payment_id: str, amount: str = "", currency: str = "") -> None:
    assert fnmatch.fnmatch(payment.id, payment_id)
    if amount:
        assert payment.amount is not None and Decimal(payment.amount) == Decimal(amount)
        assert (payment.currency or "") == currency


def _is_hit(decisions: list[Decision], expected: str) -> None:
    """`n:role@path~entry`, `none`, `!entry` and `!n:entry`."""
    hits = [(n, hit) for n, decision in enumerate(decisions, 1) for hit in decision.hits]
    if expected == "none":
        assert hits == []
    elif expected.startswith("!"):
        number, _, entry = expected[1:].rpartition(":")
        assert [
            hit for n, hit in hits if hit.designation.id == f"case:{entry}" and number in ("", str(n))
        ] == []
    else:
        place, _, entry = expected.partition("~")
        number, _, where = place.partition(":")
        role, _, path = where.partition("@")
        assert any(
            number in ("*", str(n))
            and hit.designation.id == f"case:{entry}"
            and fnmatch.fnmatch(hit.role, role)
            and fnmatch.fnmatch(hit.path, path)
            for n, hit in hits
        )


@pytest.mark.parametrize("file", sorted(SHIPPED.glob("*.toml")), ids=lambda file: file.stem)
def test_every_shipped_mapping_is_a_mapping(file: Path) -> None:
    mappings = read_mappings(file.read_text(encoding="utf-8"))

    assert len({mapping.name for mapping in mappings}) == len(mappings) > 0


def _read(word: str, event: object) -> list[Payment]:
    raw = event if isinstance(event, bytes) else json.dumps(event).encode()
    return decode_payment(raw, mappings=shipped(word))


def test_a_deleted_row_is_no_payment_and_is_counted() -> None:
    event = {"payload": {"before": {"id": "p1"}, "after": None, "op": "d", "source": {}}}
    ignored: list[str] = []

    assert (
        decode_payment(json.dumps(event).encode(), mappings=shipped("debezium"), ignored=ignored.append) == []
    )
    assert ignored == ["debezium: a row was deleted"]


@pytest.mark.parametrize("wrapped", [True, False])
def test_what_a_program_wrote_into_the_log_is_not_passed_over_unread(wrapped: bool) -> None:
    event = {
        "op": "m",
        "message": {"prefix": "payments", "content": "eA=="},
        "source": {"connector": "postgresql"},
    }

    with pytest.raises(PaymentError):
        _read("debezium", {"payload": event} if wrapped else event)


def test_a_row_without_the_converter_s_schema_is_read_as_well() -> None:
    row = {"id": 17, "amount": 12.5, "currency": "EUR", "creditor_name": "Bob", "created_at": 1764237600123}
    (payment,) = _read(
        "debezium", {"before": None, "after": row, "op": "r", "source": {"connector": "mysql"}}
    )

    assert (payment.id, payment.amount, payment.currency) == ("17", "12.5", "EUR")
    assert payment.time is not None and payment.time.isoformat() == "2025-11-27T10:00:00.123000+00:00"


FIELDS = ":20:REF-1\r\n:50K:ALICE GREEN\r\n:59:BOB BROWN\r\n"
WIRE = "{1500}30User ReqT {1520}20261127SOURCE08000001{2000}000000001234{4200}D1*BOB BROWN*"


@pytest.mark.parametrize(
    ("inside", "format"),
    [
        (FIELDS, "mt"),
        (f"{{1:F01ABCDGB2LAXXX0000000000}}{{2:I103TATRSKBXXXXXN}}{{4:\r\n{FIELDS}-}}", "mt103"),
        (WIRE, "fedwire"),
        ('{"id": "P-1", "parties": [{"name": "BOB BROWN"}]}', "json"),
    ],
)
@pytest.mark.parametrize("wrapped", [True, False])
def test_an_outbox_row_hands_on_the_event_inside_whatever_its_format(
    wrapped: bool, inside: str, format: str
) -> None:
    change = {
        "before": None,
        "after": {"id": "o1", "payload": inside},
        "op": "c",
        "source": {"connector": "x"},
    }
    (payment,) = _read("debezium", {"schema": {}, "payload": change} if wrapped else change)

    assert payment.format == format
    assert "BOB BROWN" in [name.value for party in payment.parties for name in party.names]


def test_an_event_of_stripe_that_is_no_payment_is_ignored() -> None:
    event = {
        "object": "event",
        "type": "customer.updated",
        "data": {"object": {"object": "customer", "id": "c"}},
    }

    assert _read("stripe", event) == []


def test_an_amount_in_an_event_of_stripe_that_nobody_foresaw_is_screened_and_a_price_is_not() -> None:
    money = {"id": "n", "amount": 500, "currency": "usd", "to": {"first_name": "Ann", "last_name": "Green"}}
    event = {"object": "event", "data": {"object": {**money, "object": "new_money"}}}
    price = {"object": "event", "data": {"object": {**money, "object": "plan"}}}

    (payment,) = _read("stripe", event)

    assert (payment.id, payment.amount, payment.currency) == ("n", "5.00", "USD")
    assert {"Ann", "Green"} <= {field.value for party in payment.parties for field in party.texts}
    assert _read("stripe", price) == []


def test_adyen_s_reports_are_ignored_beside_the_payments_of_one_webhook() -> None:
    item = json.loads((HERE / "adyen_like.json").read_text())["notificationItems"][0]
    report = {"NotificationRequestItem": {"eventCode": "REPORT_AVAILABLE", "pspReference": "R"}}

    (payment,) = _read("adyen", {"live": "true", "notificationItems": [report, item]})

    assert payment.id == "7914A"


def test_a_refund_of_adyen_s_that_names_nobody_is_refused_and_not_passed_over() -> None:
    item = {"eventCode": "REFUND", "pspReference": "R", "amount": {"currency": "EUR", "value": 1}}

    with pytest.raises(PaymentError, match="finds no party"):
        _read("adyen", {"notificationItems": [{"NotificationRequestItem": item}]})


def test_an_outbox_without_the_converter_s_schema_is_read_too() -> None:
    inner = {"id": "P-5", "parties": [{"name": "Ann"}]}

    assert _read("debezium", {"payload": json.dumps(inner)}) == _read("debezium", {"payload": inner})


def test_the_parties_of_a_mojaloop_quote_are_named() -> None:
    party = {"partyIdInfo": {"partyIdType": "MSISDN", "partyIdentifier": "27713803912", "fspId": "payerfsp"}}
    complex_name = {"firstName": "Ivan", "lastName": "Zuvavov"}
    quote = {
        "quoteId": "q1",
        "payer": party | {"name": "Alice Green"},
        "payee": party | {"personalInfo": {"complexName": complex_name, "dateOfBirth": "1966-06-16"}},
        "amount": {"amount": "150", "currency": "USD"},
    }
    (payment,) = _read("mojaloop", quote)

    assert (payment.amount, payment.currency, payment.rail) == ("150", "USD", "mojaloop")
    assert "Ivan Zuvavov" in [name.value for party in payment.parties for name in party.names]


def test_a_wise_transfer_has_a_local_time_that_is_utc() -> None:
    transfer = {
        "id": 16521632,
        "targetAccount": 8692237,
        "created": "2017-11-24 10:47:49",
        "targetCurrency": "GBP",
        "targetValue": 150.1,
        "recipient": {"accountHolderName": "Ivan Zuvavov", "details": {"legalType": "PRIVATE"}},
    }
    (payment,) = _read("wise", transfer)

    assert payment.time is not None and payment.time.isoformat() == "2017-11-24T10:47:49+00:00"
    assert payment.parties[0].kind is Kind.PERSON


def test_a_debit_of_an_iat_takes_money_from_its_receiver() -> None:
    file = json.loads((HERE / "nacha_iat.json").read_text())
    for entry in file["IATBatches"][0]["IATEntryDetails"]:
        entry["transactionCode"] = 27
    payment, _ = _read("iat", file)

    assert {party.role.value: party.names[0].value for party in payment.parties if party.names} == {
        "debtor": "BOB BROWN",
        "creditor": "ALICE GREEN",
    }


def test_upi_is_read_from_its_own_xml() -> None:
    xml = b"""<upi:ReqPay xmlns:upi="http://npci.org/upi/schema/">
    <Head ver="2.0" ts="2026-11-27T10:00:00+05:30"/>
    <Txn id="T1" note="rent Zuvava" type="PAY"/>
    <Payer addr="ann@bank" name="Ann" type="PERSON"><Amount value="10.00" curr="INR"/></Payer>
    <Payees><Payee addr="ivan@bank" name="Ivan Zuvavov" type="PERSON"/>
    <Payee addr="x@bank" name="Zuvava Trading" type="ENTITY"/></Payees></upi:ReqPay>"""
    (payment,) = _read("upi", xml)

    assert (payment.id, payment.amount, payment.currency, payment.rail) == ("T1", "10.00", "INR", "upi")
    named = [(party.role.value, party.names[0]) for party in payment.parties if party.names]
    assert named == [
        ("debtor", ("Ann", "/ReqPay/Payer/@name")),
        ("creditor", ("Ivan Zuvavov", "/ReqPay/Payees/Payee/0/@name")),
        ("creditor", ("Zuvava Trading", "/ReqPay/Payees/Payee/1/@name")),
    ]


def test_a_payment_of_tazama_s_is_screened_though_a_status_stands_beside_it() -> None:
    transaction = {"PmtId": {"InstrId": "1", "EndToEndId": "E"}, "Cdtr": {"Nm": "Bob Brown"}}
    message = {"GrpHdr": {"MsgId": "M"}, "CdtTrfTxInf": transaction}
    status: dict[str, object] = {"TxTp": "pacs.002.001.12", "FIToFIPmtSts": {"GrpHdr": {"MsgId": "S"}}}

    (payment,) = _read("tazama", {**status, "FIToFICstmrCdtTrf": message})

    assert [name.value for party in payment.parties for name in party.names] == ["Bob Brown"]
    assert _read("tazama", status) == []


def test_a_name_in_any_field_of_jpos_s_xml_is_found() -> None:
    xml = (HERE / "iso8583_jpos.xml").read_text()
    screener = Screener(Policy())
    screener.upsert(_listed("l=Versor Trading s.r.o.~organization"))

    for number, value in re.findall(r'<field id="(\d+)" value="([^"]*)"', xml):
        planted = xml.replace(
            f'id="{number}" value="{value}"', f'id="{number}" value="Versor Trading s.r.o."'
        )
        try:
            (payment,) = _read("iso8583", planted.encode())
        except PaymentError:
            assert number in ("4", "49")  # the amount, and what it is an amount of
        else:
            assert screener.screen(payment).hits


def test_an_amount_in_a_currency_that_has_no_such_number_is_refused() -> None:
    with pytest.raises(PaymentError, match="decimals are not known"):
        _read("iso8583", {"MTI": "0200", "DE4": "000000000100", "DE11": "1", "DE42": "SHOP-1", "DE49": "000"})


@pytest.mark.parametrize(
    ("word", "event"),
    [
        (
            "paypal",
            {"event_type": "PAYMENT.PAYOUTSBATCH.SUCCESS", "resource_type": "payouts", "resource": {}},
        ),
        ("plaid", {"webhook_type": "TRANSFER", "webhook_code": "TRANSFER_EVENTS_UPDATE"}),
        ("mobile", {"Result": {"ConversationID": "AG_1", "ResultCode": 2001, "ResultDesc": "wrong"}}),
        ("mobile", {"Body": {"stkCallback": {"CheckoutRequestID": "ws_1", "ResultCode": 1032}}}),
    ],
)
def test_what_moves_no_money_is_ignored(word: str, event: dict[str, object]) -> None:
    assert _read(word, event) == []


def test_an_event_of_paypal_s_that_nobody_foresaw_is_refused_and_not_passed_over() -> None:
    event = {"event_type": "CUSTOMER.DISPUTE.CREATED", "resource_type": "dispute", "resource": {"id": "D"}}

    with pytest.raises(PaymentError):
        _read("paypal", event)


def test_each_destination_of_a_transaction_is_a_payee() -> None:
    event = json.loads((HERE / "fireblocks_webhook.json").read_text())
    event["data"]["destinations"] = [
        {"destinationAddress": address, "destination": {"name": name}}
        for name, address in (("Ann", "0x" + "1" * 40), ("Bob", "0x" + "2" * 40))
    ]
    (payment,) = _read("fireblocks", event)

    paid = [party for party in payment.parties if party.role == "creditor"]
    assert [party.names[0].value for party in paid] == ["Ivan Zuvavov", "Ann", "Bob"]
    assert [code.scheme for party in paid for code in party.identifiers] == ["wallet"] * 3

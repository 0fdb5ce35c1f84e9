"""ISO 20022 as JSON: the same payments as its XML, in short tags and in long names."""

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from screening.payments import Payment, PaymentError, PaymentProblem, decode_payment
from screening.payments.iso.json import short_name
from tests.screening.payments.screened import screened
from tests.shared_data import SHARED_DATA, needs_shared_data

SHORT = {
    "Document": {
        "FIToFICstmrCdtTrf": {
            "GrpHdr": {"MsgId": "M1"},
            "CdtTrfTxInf": [
                {
                    "PmtId": {"EndToEndId": "E1"},
                    "IntrBkSttlmAmt": {"@Ccy": "EUR", "#text": "12.50"},
                    "Dbtr": {"Nm": "Acme"},
                    "Cdtr": {"Nm": "Versor s.r.o.", "PstlAdr": {"Ctry": "SK", "AdrLine": ["High 1", "Town"]}},
                    "CdtrAcct": {"Id": {"IBAN": "GB29NWBK60161331926819"}},
                    "CdtrAgt": {"FinInstnId": {"BICFI": "TATRSKBX"}},
                    "IntrmyAgt1": {"FinInstnId": {"ClrSysMmbId": {"MmbId": "021000018"}}},
                    "UltmtCdtr": {
                        "Id": {"PrvtId": {"DtAndPlcOfBirth": {"BirthDt": "1968-05-01"}}},
                        "Nm": "Ivan",
                    },
                    "RmtInf": {"Ustrd": ["INV 4471", "spare parts"]},
                }
            ],
        }
    }
}
LONG = {
    "fIToFICustomerCreditTransferV08": {
        "groupHeader": {"messageIdentification": "M1"},
        "creditTransferTransactionInformation": [
            {
                "paymentIdentification": {"endToEndIdentification": "E1"},
                "interbankSettlementAmount": {"currency": "EUR", "amount": "12.50"},
                "debtor": {"name": "Acme"},
                "creditor": {
                    "name": "Versor s.r.o.",
                    "postalAddress": {"country": "SK", "addressLine": ["High 1", "Town"]},
                },
                "creditorAccount": {"identification": {"iban": "GB29NWBK60161331926819"}},
                "creditorAgent": {"financialInstitutionIdentification": {"bicfi": "TATRSKBX"}},
                "intermediaryAgent1": {
                    "financialInstitutionIdentification": {
                        "clearingSystemMemberIdentification": {"memberIdentification": "021000018"}
                    }
                },
                "ultimateCreditor": {
                    "identification": {
                        "privateIdentification": {"dateAndPlaceOfBirth": {"birthDate": "1968-05-01"}}
                    },
                    "name": "Ivan",
                },
                "remittanceInformation": {"unstructured": ["INV 4471", "spare parts"]},
            }
        ],
    }
}


def decoded(event: Any) -> Payment:
    (payment,) = decode_payment(json.dumps(event).encode())
    return payment


def without_paths(payment: Payment) -> list[tuple[str, ...]]:
    return [tuple(item[:3]) for item in screened(payment)]


def test_short_tags_and_long_names_give_the_same_payment() -> None:
    short, long = decoded(SHORT), decoded(LONG)

    assert without_paths(short) == without_paths(long)
    assert (short.format, short.amount, short.currency) == ("pacs.008", "12.50", "EUR")
    assert (long.format, long.amount, long.currency) == ("pacs.008", "12.50", "EUR")
    assert long.id == short.id and long.id.endswith("/M1/E1")


@pytest.mark.parametrize("event", [SHORT, LONG], ids=["short", "long"])
def test_paths_are_json_pointers_to_the_value_as_sent(event: Any) -> None:
    for item in screened(decoded(event)):
        value = event
        for step in item.path.split("/")[1:]:
            value = value[int(step)] if isinstance(value, list) else value[step]
        assert value == item.value or item.value.startswith(f"{value} ")  # several lines as one


@pytest.mark.parametrize(
    ("long", "short"),
    [
        ("ultimateDebtor", "UltmtDbtr"),
        ("initiatingParty", "InitgPty"),
        ("previousInstructingAgent2", "PrvsInstgAgt2"),
        ("instructedReimbursementAgent", "InstdRmbrsmntAgt"),
        ("instructionForCreditorAgent", "InstrForCdtrAgt"),
        ("instructionInformation", "InstrInf"),
        ("additionalRemittanceInformation", "AddtlRmtInf"),
        ("underlyingCustomerCreditTransfer", "UndrlygCstmrCdtTrf"),
        ("originalTransactionReference", "OrgnlTxRef"),
        ("transactionInformation", "TxInf"),
        ("paymentInformation", "PmtInf"),
        ("organisationIdentification", "OrgId"),
        ("contactDetails", "CtctDtls"),
        ("creationDateTime", "CreDtTm"),
        ("streetName", "StrtNm"),
        ("chargesInformation", "ChrgsInf"),
        ("invoicer", "Invcr"),
        ("assignee", "Assgne"),
        ("anyBIC", "AnyBIC"),
        ("CdtTrfTxInf", "CdtTrfTxInf"),
        ("Doc:Document", "Document"),
    ],
)
def test_long_names_are_abbreviated_as_the_dictionary_does(long: str, short: str) -> None:
    assert short_name(long) == short


def _values(payment: Payment) -> set[tuple[str, str]]:
    return {(item.role.value, item.value) for item in screened(payment)}


def styled(value: Any, between: str) -> Any:
    if isinstance(value, dict):
        apart = ((re.sub("(?<=[a-z])(?=[A-Z])", between, key).lower(), item) for key, item in value.items())
        return {key: styled(item, between) for key, item in apart}
    return [styled(item, between) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("between", ["_", "-"])
def test_long_names_with_a_sign_between_their_words_are_long_names(between: str) -> None:
    long, payment = decoded(LONG), decoded(styled(LONG, between))

    assert (payment.id, payment.amount, payment.currency) == (long.id, long.amount, long.currency)
    assert without_paths(payment) == without_paths(long)


@pytest.mark.parametrize("key", ["ivan_ivanov", "creditor_ivanov", "金_正恩"])
def test_a_key_with_another_word_is_data(key: str) -> None:
    payment = decoded({"Document": {"FIToFICstmrCdtTrf": {"Cdtr": {"Nm": "Ann", key: "1"}}}})

    assert key in [each.value for each in screened(payment)]


def test_lines_of_one_element_are_one_text() -> None:
    event = {"Document": {"FIToFICstmrCdtTrf": {"CdtTrfTxInf": {"RmtInf": ["for IVAN", "IVANOV"]}}}}
    payment = decoded(event)

    assert [[field.value for field in party.texts] for party in payment.parties] == [["for IVAN", "IVANOV"]]


def test_a_name_as_a_key_and_a_name_in_an_unknown_key_are_screened() -> None:
    event = {"Document": {"X": {"Cdtr": {"Nm": "Acme", "note": "Versor"}, "Versor s.r.o.": "yes"}}}

    assert {"Versor", "Versor s.r.o."} <= {item.value for item in screened(decoded(event))}


@pytest.mark.parametrize(
    "event",
    [
        {"FIToFIPmtStsRpt": {"GrpHdr": {"MsgId": "M1"}, "TxInfAndSts": [{"StsId": "1"}, {"StsId": "2"}]}},
        {
            "FIToFICustomerDirectDebit": {
                "groupHeader": {"messageIdentification": "M1"},
                "directDebitTransactionInformation": [
                    {"paymentIdentification": {"endToEndIdentification": number}} for number in "12"
                ],
            }
        },
    ],
)
def test_a_message_without_a_table_needs_no_envelope_and_is_one_payment_a_transaction(
    event: dict[str, dict[str, Any]],
) -> None:
    ((root, message),) = event.items()
    for transaction in list(message.values())[1]:
        transaction["debtor"] = {"name": "Versor s.r.o."}

    payments = decode_payment(json.dumps(event).encode())

    assert [payment.id.partition("/")[2] for payment in payments] == ["M1/1#1", "M1/2#2"]
    assert all(("debtor", "Versor s.r.o.") in _values(payment) for payment in payments), root


def _paid(amount: object, name: object) -> dict[str, object]:
    transaction = {"PmtId": {"EndToEndId": "E1"}, "IntrBkSttlmAmt": amount, "Cdtr": {"Nm": name}}
    return {"FIToFICstmrCdtTrf": {"GrpHdr": {"MsgId": "M1"}, "CdtTrfTxInf": transaction}}


@pytest.mark.parametrize(
    ("amount", "name", "path"),
    [
        ({"_": "10.00", "$": {"Ccy": "USD"}}, ["Bob"], "/Cdtr/Nm/0"),  # xml2js
        ({"_text": "10.00", "_attributes": {"Ccy": "USD"}}, {"_text": "Bob"}, "/Cdtr/Nm/_text"),  # xml-js
        ({"_text": "10.00", "_attributes": {"Ccy": "USD"}}, {"_cdata": "Bob"}, "/Cdtr/Nm/_cdata"),
        ({"$": "10.00", "@Ccy": "USD"}, {"$": "Bob"}, "/Cdtr/Nm/$"),  # BadgerFish
    ],
)
def test_texts_and_attributes_in_the_ways_of_converters_are_read(
    amount: object, name: object, path: str
) -> None:
    (payment,) = decode_payment(json.dumps(_paid(amount, name)).encode())

    assert (payment.amount, payment.currency) == ("10.00", "USD")
    assert [(field.value, field.path.partition("/CdtTrfTxInf")[2]) for field in payment.parties[0].names] == [
        ("Bob", path)
    ]


@pytest.mark.parametrize(
    "beside",
    [
        {"value": "Ivan Zuvavov"},
        {"currency": "Ivan Zuvavov"},
        {"amount": {"x": "Ivan Zuvavov"}},
        {"$": {"x": "Ivan Zuvavov"}},
        {"_attributes": {"x": "Ivan Zuvavov", "y": "z"}},
    ],
)
def test_no_text_beside_an_amount_is_lost(beside: dict[str, object]) -> None:
    event = _paid({"#text": "10.00", "@Ccy": "USD", **beside}, "Bob")
    (payment,) = decode_payment(json.dumps(event).encode())

    assert "Ivan Zuvavov" in [each.value for each in screened(payment)]


def test_a_bad_amount_is_refused_at_its_pointer() -> None:
    event = {"FICdtTrf": {"CdtTrfTxInf": {"IntrBkSttlmAmt": {"Ccy": "EUR", "value": "NaN"}}}}

    with pytest.raises(PaymentError, match="/FICdtTrf/CdtTrfTxInf/IntrBkSttlmAmt") as caught:
        decoded(event)

    assert caught.value.problem is PaymentProblem.BAD_AMOUNT


def as_json(element: ElementTree.Element) -> Any:
    """The common XML to JSON convention: attributes as @, text as #text, repeated elements as a list."""
    record: dict[str, Any] = {f"@{key}": value for key, value in element.attrib.items() if "}" not in key}
    for child in element:
        name = child.tag.rpartition("}")[2]
        value = as_json(child)
        if name in record:
            record[name] = [*(record[name] if isinstance(record[name], list) else [record[name]]), value]
        else:
            record[name] = value
    if len(element):
        return record
    return {**record, "#text": element.text or ""} if record else element.text or ""


@needs_shared_data
@pytest.mark.parametrize("path", sorted((SHARED_DATA / "iso20022").glob("*pacs*.xml")), ids=lambda p: p.name)
def test_a_real_message_reads_the_same_as_xml_and_as_json(path: Path) -> None:
    raw = path.read_bytes()
    root = ElementTree.fromstring(raw)  # noqa: S314 - a known file, and not our own parser
    event = {root.tag.rpartition("}")[2]: as_json(root)}

    of_xml, of_json = decode_payment(raw), decode_payment(json.dumps(event).encode())

    assert [set(without_paths(payment)) for payment in of_json] == [
        set(without_paths(payment)) for payment in of_xml
    ]
    assert [(p.id, p.amount, p.uetr) for p in of_json] == [(p.id, p.amount, p.uetr) for p in of_xml]

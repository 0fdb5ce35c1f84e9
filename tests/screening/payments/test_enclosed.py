"""Messages that an envelope of XML holds as text are read as messages, with roles, amounts and payments."""

import base64
import json
from xml.sax.saxutils import escape

import pytest

from screening.payments import Payment, PaymentError, PaymentProblem, Role, decode_payment

DECLARED = '<?xml version="1.0" encoding="utf-16"?>'
ISO = """<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08"><FIToFICstmrCdtTrf>
  <GrpHdr><MsgId>M1</MsgId></GrpHdr>
  <CdtTrfTxInf><PmtId><EndToEndId>E1</EndToEndId></PmtId><IntrBkSttlmAmt Ccy="EUR">5.00</IntrBkSttlmAmt>
    <Cdtr><Nm>Ivan Zuvavov</Nm><PstlAdr><Ctry>IR</Ctry></PstlAdr></Cdtr></CdtTrfTxInf>
  <CdtTrfTxInf><PmtId><EndToEndId>E2</EndToEndId></PmtId><Cdtr><Nm>Ann Green</Nm></Cdtr></CdtTrfTxInf>
</FIToFICstmrCdtTrf></Document>"""
PREFIXED = ISO.replace("<", "<p:").replace("<p:/", "</p:").replace("xmlns", "xmlns:p")
FIN = ":20:R-1\r\n:32A:261130EUR5,\r\n:50K:ANN GREEN\r\n:59:IVAN ZUVAVOV\r\n"


def in_base64(text: str) -> str:
    return base64.encodebytes(text.encode()).decode()


def soap(body: str) -> bytes:
    header = "<s:Header><From>Bay Bank</From></s:Header>"
    return f'<s:Envelope xmlns:s="x">{header}<s:Body>{body}</s:Body></s:Envelope>'.encode()


def of(payment: Payment, role: Role) -> list[str]:
    return [field.value for party in payment.parties if party.role is role for field in party.names]


@pytest.mark.parametrize(
    "text",
    [
        f"<msg>{escape(ISO)}</msg>",
        f"<msg>\n  {escape(DECLARED + ISO)}\n</msg>",
        f"<msg><![CDATA[{ISO}]]></msg>",
        f"<msg><![CDATA[{PREFIXED}]]></msg>",
        f"<msg>{in_base64(DECLARED + ISO)}</msg>",
        f"<OrderData>{in_base64(ISO)}</OrderData>",
    ],
    ids=["escaped", "declared", "cdata", "prefixed", "base64", "ebics"],
)
def test_a_message_in_a_text_is_read_as_itself(text: str) -> None:
    first, second = decode_payment(soap(text))

    assert (first.format, first.amount, first.currency) == ("pacs.008", "5.00", "EUR")
    assert (of(first, Role.CREDITOR), of(second, Role.CREDITOR)) == (["Ivan Zuvavov"], ["Ann Green"])
    assert [field.value for party in first.parties for field in party.countries] == ["IR"]
    assert ("Bay Bank", "/Envelope/Header/From") in [text for party in second.parties for text in party.texts]
    path = f"/Envelope/Body/{text[1 : text.index('>')]}"
    assert first.notes == second.notes == (f"the message is the text of {path}",)


def test_a_fin_message_in_base64_is_one_of_swift() -> None:
    pdu = f'<Saa:DataPDU xmlns:Saa="urn:swift:saa"><Saa:Body>{in_base64(FIN)}</Saa:Body></Saa:DataPDU>'
    (payment,) = decode_payment(pdu.encode())

    assert (payment.format, payment.amount, of(payment, Role.CREDITOR)) == ("mt", "5", ["IVAN ZUVAVOV"])


def test_of_several_messages_one_that_cannot_be_read_is_refused_alone() -> None:
    broken = escape(ISO).replace("5.00", "five")
    messages = [f"<m>{escape(FIN)}</m>", f"<m>{escape(ISO[:-20])}</m>", f"<m>{broken}</m>"]
    payments = decode_payment(soap("".join(messages)))

    refused = [payment.refused.problem if payment.refused else None for payment in payments]
    assert refused == [None, PaymentProblem.NOT_XML, PaymentProblem.BAD_AMOUNT, None]
    assert [
        note.rpartition("/")[2] for payment in payments for note in payment.notes if "text of" in note
    ] == [
        "m",
        "m[2]",
        "m[3]",
        "m[3]",
    ]
    with pytest.raises(PaymentError, match="not_xml"):
        decode_payment(soap(messages[1]))


@pytest.mark.parametrize(
    "text", ["&lt;p&gt;Document&lt;/p&gt; for Ivan Zuvavov", ":-) Ivan Zuvavov", "<b>Ivan</b>"]
)
def test_a_text_that_is_no_message_is_a_text(text: str) -> None:
    (payment,) = decode_payment(soap(f"<msg>{text}</msg>"))

    assert payment.format == "iso20022"
    assert any("Ivan" in field.value for party in payment.parties for field in party.texts)


def test_a_message_in_a_text_of_a_message_is_its_text() -> None:
    outer = ISO.replace(
        "<Cdtr><Nm>Ann Green", f"<RmtInf><Ustrd>{escape(ISO)}</Ustrd></RmtInf><Cdtr><Nm>Ann Green"
    )
    for raw in (outer.encode(), soap(outer)):
        assert len(decode_payment(raw)) == 2


def test_what_an_envelope_says_of_nobody_in_particular_is_not_multiplied_without_end() -> None:
    many = "".join(f"<From>Bay Bank {number}</From><Dbtr><Nm>Ann</Nm></Dbtr>" for number in range(300))
    rows = "".join(f"<CdtTrfTxInf><Cdtr><Nm>A{number}</Nm></Cdtr></CdtTrfTxInf>" for number in range(700))
    raw = soap(
        f"{many}<msg>{escape(f'<Document><FIToFICstmrCdtTrf>{rows}</FIToFICstmrCdtTrf></Document>')}</msg>"
    )
    with pytest.raises(PaymentError, match="more than 200000 parties"):
        decode_payment(raw)


@pytest.mark.parametrize("declared", ["utf-16", "ISO-8859-1", "windows-1252"])
def test_an_encoding_that_a_text_declares_was_of_other_bytes(declared: str) -> None:
    text = f'<?xml version="1.0" encoding="{declared}"?>{ISO}'.replace("Ann Green", "Ännï Grün")
    event = {"specversion": "1.0", "id": "1", "source": "/core", "type": "t", "data": text}
    _, payment = decode_payment(json.dumps(event).encode())

    assert of(payment, Role.CREDITOR) == ["Ännï Grün"]


def test_bytes_that_are_no_utf_16_and_declare_it_are_utf_8() -> None:
    assert len(decode_payment((DECLARED + ISO).encode())) == 2
    with pytest.raises(PaymentError, match="not UTF-8"):
        decode_payment((DECLARED + ISO.replace("Green", "Grün")).encode("latin-1"))

"""ISO 20022: parties and roles, one payment per transaction, stable ids, and no place to hide a name."""

from datetime import date

import pytest

from screening.designations import Kind
from screening.payments import PaymentError, PaymentProblem, Role, decode_payment
from screening.payments.iso.walk import MAX_DEPTH
from tests.screening.payments.screened import screened

PACS_008 = """<?xml version="1.0" encoding="UTF-8"?>
<Envelope xmlns="urn:swift:xsd:envelope">
  <AppHdr xmlns="urn:iso:std:iso:20022:tech:xsd:head.001.001.02">
    <Fr><FIId><FinInstnId><BICFI>ABCDGB2LXXX</BICFI></FinInstnId></FIId></Fr>
    <To><FIId><FinInstnId><BICFI>TATRSKBX</BICFI></FinInstnId></FIId></To>
    <BizMsgIdr>MSG-1</BizMsgIdr><BizSvc>swift.cbprplus.02</BizSvc><CreDt>2023-08-17T09:30:00+01:00</CreDt>
  </AppHdr>
  <Document xmlns="urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08"><FIToFICstmrCdtTrf>
    <GrpHdr><MsgId>MSG-1</MsgId><CreDtTm>2023-08-17T09:30:00+01:00</CreDtTm><NbOfTxs>1</NbOfTxs></GrpHdr>
    <CdtTrfTxInf>
      <PmtId><EndToEndId>E2E-1</EndToEndId><UETR>eb6305c9-1f7f-49de-aed0-16487c27b42d</UETR></PmtId>
      <IntrBkSttlmAmt Ccy="USD">12500.00</IntrBkSttlmAmt>
      <Dbtr><Nm>Acme Trading Ltd</Nm>
        <PstlAdr><TwnNm>London</TwnNm><Ctry>GB</Ctry><AdrLine>1 High Street</AdrLine></PstlAdr></Dbtr>
      <DbtrAcct><Id><IBAN>GB29NWBK60161331926819</IBAN></Id><Nm>Acme Operations</Nm></DbtrAcct>
      <Cdtr><Nm>Versor s.r.o.</Nm>
        <Id><OrgId><Othr><Id>36000001</Id><SchmeNm><Cd>TXID</Cd></SchmeNm></Othr></OrgId></Id>
        <CtctDtls><Nm>Ashot Mkrtychev</Nm><EmailAdr>office@versor.example</EmailAdr></CtctDtls></Cdtr>
      <UltmtCdtr><Nm>Ivan Ivanov</Nm><Id><PrvtId><DtAndPlcOfBirth><BirthDt>1968-05-01</BirthDt>
        <CityOfBirth>Minsk</CityOfBirth><CtryOfBirth>BY</CtryOfBirth></DtAndPlcOfBirth></PrvtId></Id></UltmtCdtr>
      <InstrForCdtrAgt><InstrInf>call Verus first</InstrInf></InstrForCdtrAgt>
      <RmtInf><Ustrd>INV 4471</Ustrd><Ustrd>spare parts</Ustrd></RmtInf>
    </CdtTrfTxInf>
  </FIToFICstmrCdtTrf></Document>
</Envelope>"""

TX = "/Envelope/Document/FIToFICstmrCdtTrf/CdtTrfTxInf"


def refused(raw: bytes) -> PaymentError:
    with pytest.raises(PaymentError) as caught:
        decode_payment(raw)
    return caught.value


def test_a_pacs_008_gives_its_parties_with_their_roles_values_and_paths() -> None:
    (payment,) = decode_payment(PACS_008.encode())

    assert (payment.format, payment.amount, payment.currency) == ("pacs.008", "12500.00", "USD")
    assert (payment.rail, payment.uetr) == ("swift", "eb6305c9-1f7f-49de-aed0-16487c27b42d")
    assert payment.time is not None and payment.time.isoformat() == "2023-08-17T09:30:00+01:00"
    assert payment.notes == ()
    by_path = {item.path: item for item in screened(payment)}
    expected = [
        ("/Envelope/AppHdr/Fr/FIId/FinInstnId/BICFI", Role.INSTRUCTING_AGENT, "identifiers", "ABCDGB2LXXX"),
        (f"{TX}/Dbtr/Nm", Role.DEBTOR, "names", "Acme Trading Ltd"),
        (f"{TX}/Dbtr/PstlAdr/TwnNm", Role.DEBTOR, "addresses", "London"),
        (f"{TX}/Dbtr/PstlAdr/Ctry", Role.DEBTOR, "countries", "GB"),
        (f"{TX}/DbtrAcct/Id/IBAN", Role.DEBTOR, "identifiers", "GB29NWBK60161331926819"),
        (f"{TX}/DbtrAcct/Nm", Role.DEBTOR, "names", "Acme Operations"),
        (f"{TX}/Cdtr/Nm", Role.CREDITOR, "names", "Versor s.r.o."),
        (f"{TX}/Cdtr/CtctDtls/Nm", Role.CREDITOR, "names", "Ashot Mkrtychev"),
        (f"{TX}/Cdtr/CtctDtls/EmailAdr", Role.CREDITOR, "identifiers", "office@versor.example"),
        (f"{TX}/UltmtCdtr/Nm", Role.ULTIMATE_CREDITOR, "names", "Ivan Ivanov"),
        (f"{TX}/InstrForCdtrAgt/InstrInf", Role.OTHER, "texts", "call Verus first"),
        (f"{TX}/RmtInf/Ustrd", Role.REMITTANCE, "texts", "INV 4471"),
        (f"{TX}/RmtInf/Ustrd[2]", Role.REMITTANCE, "texts", "spare parts"),
    ]
    for path, role, what, value in expected:
        assert (by_path[path].role, by_path[path].what, by_path[path].value) == (role, what, value)


def test_kind_birth_date_and_identifier_scheme_come_with_the_party() -> None:
    (payment,) = decode_payment(PACS_008.encode())

    parties = {party.names[0].value: party for party in payment.parties if party.names}
    born = parties["Ivan Ivanov"].birth_date
    assert parties["Versor s.r.o."].kind is Kind.ORGANIZATION
    assert parties["Versor s.r.o."].identifiers[0].scheme == "tax"
    assert parties["Ashot Mkrtychev"].kind is None
    assert parties["Ivan Ivanov"].kind is Kind.PERSON
    assert born is not None and born.earliest == born.latest == date(1968, 5, 1)


def test_an_account_belongs_to_the_party_beside_it() -> None:
    (payment,) = decode_payment(PACS_008.encode())

    (debtor,) = [party for party in payment.parties if party.role is Role.DEBTOR]
    assert [name.value for name in debtor.names] == ["Acme Trading Ltd", "Acme Operations"]
    assert debtor.identifiers[0].scheme == "iban"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-16-le"])
def test_utf_8_and_utf_16_read_the_same(encoding: str) -> None:
    text = PACS_008.replace("UTF-8", encoding.upper().removesuffix("-SIG").removesuffix("-BE"))

    assert decode_payment(text.encode(encoding)) == decode_payment(PACS_008.encode())


def test_any_version_and_any_prefix_read_the_same() -> None:
    prefixed = PACS_008.replace("pacs.008.001.08", "pacs.008.001.99").replace(
        "<Cdtr>", '<Cdtr xmlns="urn:x">'
    )

    assert decode_payment(prefixed.encode()) == decode_payment(PACS_008.encode())


PAIN_001 = """<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.03"><CstmrCdtTrfInitn>
  <GrpHdr><MsgId>M/1</MsgId><InitgPty><Nm>Treasury AG</Nm></InitgPty></GrpHdr>
  <PmtInf><PmtInfId>A</PmtInfId><PmtTpInf><SvcLvl><Cd>SEPA</Cd></SvcLvl><LclInstrm><Cd>INST</Cd></LclInstrm></PmtTpInf>
    <Dbtr><Nm>First Debtor</Nm></Dbtr>
    <CdtTrfTxInf><PmtId><EndToEndId>NOTPROVIDED</EndToEndId></PmtId><Cdtr><Nm>One</Nm></Cdtr></CdtTrfTxInf>
    <CdtTrfTxInf><PmtId><EndToEndId>NOTPROVIDED</EndToEndId></PmtId><Cdtr><Nm>Two</Nm></Cdtr></CdtTrfTxInf>
  </PmtInf>
  <PmtInf><PmtInfId>B</PmtInfId><Dbtr><Nm>Second Debtor</Nm></Dbtr>
    <CdtTrfTxInf><PmtId><EndToEndId>E3</EndToEndId></PmtId><Cdtr><Nm>Three</Nm></Cdtr></CdtTrfTxInf>
  </PmtInf>
  <PmtInf><PmtInfId>C</PmtInfId><Dbtr><Nm>Debtor of nothing</Nm></Dbtr></PmtInf>
</CstmrCdtTrfInitn></Document>"""


def test_each_transaction_is_a_payment_with_the_parties_of_its_batch_and_message() -> None:
    payments = decode_payment(PAIN_001.encode())

    names = [[name.value for party in payment.parties for name in party.names] for payment in payments]
    assert names == [
        ["Treasury AG", "First Debtor", "One"],
        ["Treasury AG", "First Debtor", "Two"],
        ["Treasury AG", "Second Debtor", "Three"],
        ["Treasury AG", "Debtor of nothing"],
    ]
    assert [payment.rail for payment in payments] == ["sepa_instant", "sepa_instant", None, None]


def test_ids_are_unique_in_a_message_and_the_same_for_every_delivery() -> None:
    ids = [payment.id for payment in decode_payment(PAIN_001.encode())]

    assert ids == ["M%2F1/A/NOTPROVIDED#1", "M%2F1/A/NOTPROVIDED#2", "M%2F1/B/E3#3", "M%2F1/C#4"]
    assert ids == [payment.id for payment in decode_payment(PAIN_001.encode())]


def test_a_message_without_any_reference_is_named_by_its_hash() -> None:
    raw = b"<Document><X><Dbtr><Nm>Acme</Nm></Dbtr></X></Document>"

    (payment,) = decode_payment(raw)

    assert payment.id.startswith("sha256-")
    assert payment.id != decode_payment(raw.replace(b"Acme", b"Acne"))[0].id


def test_a_type_outside_the_coverage_list_is_read_by_the_catch_all_and_says_so() -> None:
    (payment,) = decode_payment(
        b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn>'
        b"<GrpHdr><MsgId>N1</MsgId></GrpHdr><Ntfctn><Ntry><NtryDtls><TxDtls><RltdPties><Dbtr><Pty><Nm>Versor</Nm>"
        b"</Pty></Dbtr></RltdPties></TxDtls></NtryDtls></Ntry></Ntfctn></BkToCstmrDbtCdtNtfctn></Document>"
    )

    assert payment.format == "iso20022"
    assert payment.notes == ("camt.054: not of the coverage list; read by the catch-all",)
    assert [(item.role, item.value) for item in screened(payment)] == [(Role.DEBTOR, "Versor")]


@pytest.mark.parametrize(
    ("inside", "path"),
    [
        ("<Nm>Ver<!-- -->sor</Nm>", "/Nm"),
        ("<Nm>Ver<?pi x?>sor</Nm>", "/Nm"),
        ("<Nm><![CDATA[Ver]]>sor</Nm>", "/Nm"),
        ("<Nm>&#86;ersor</Nm>", "/Nm"),
        ("<Nm>Versor<x/></Nm>", "/Nm"),
        ("<Nm><x/>Versor</Nm>", "/Nm"),
        ("<Nm y='Versor'/>", "/Nm/@y"),
        ("<Unheard><Of>Versor</Of></Unheard>", "/Unheard/Of"),
        ("Versor", ""),
        ("<Id><OrgId><AnyBIC>to Versor</AnyBIC></OrgId></Id>", "/Id/OrgId/AnyBIC"),
        ("<PstlAdr><Ctry>Versor</Ctry></PstlAdr>", "/PstlAdr/Ctry"),
        ("<Id><PrvtId><DtAndPlcOfBirth><BirthDt>Versor</BirthDt></DtAndPlcOfBirth></PrvtId></Id>", None),
    ],
)
def test_no_trick_of_xml_hides_a_name(inside: str, path: str | None) -> None:
    raw = f"<Document><X><Cdtr>{inside}</Cdtr></X></Document>".encode()

    found = [item for item in screened(decode_payment(raw)[0]) if "Versor" in item.value]

    assert [item.role for item in found[:1]] == [Role.CREDITOR]
    assert path is None or {item.path for item in found} == {f"/Document/X/Cdtr{path}"}


@pytest.mark.parametrize(
    ("inside", "found"),
    [
        ("<Any>0x7F19720A857F834887FC9A7bC0a0fBe7Fc7f8102</Any>", True),
        ("<Any>7701234567</Any>", True),
        ("<Any>C01X00T47</Any>", True),
        ("<EndToEndId>12QtD5BFwRsdNsAZY76UVE1xyCGNTojH9h</EndToEndId>", True),
        ("<Any>2023-08-17</Any>", False),
        ("<Any>1234567</Any>", False),
        ("<Any>1000.00</Any>", False),
        ("<EndToEndId>E2E20230817</EndToEndId>", False),
    ],
)
def test_a_number_of_no_known_place_is_looked_up_as_an_identifier(inside: str, found: bool) -> None:
    raw = f"<Document><X><Cdtr><Nm>Acme</Nm>{inside}</Cdtr></X></Document>".encode()

    (creditor,) = decode_payment(raw)[0].parties

    assert bool(creditor.identifiers) is found


def test_a_name_cut_to_an_mt_line_is_also_screened_with_the_address_line_after_it() -> None:
    cut, rest = "LIMITED LIABILITY COMPANY VERUS TRA", "DING HOUSE"
    raw = (
        f"<Document><X><Cdtr><Nm>{cut}</Nm><PstlAdr><AdrLine>{rest}</AdrLine></PstlAdr></Cdtr></X></Document>"
    )

    (creditor,) = decode_payment(raw.encode())[0].parties

    assert [name.value for name in creditor.names] == [cut, f"{cut} {rest}"]


BAD = [
    ("<Document>", PaymentProblem.NOT_XML, "well-formed"),
    ("<Document></Dokument>", PaymentProblem.NOT_XML, "mismatched"),
    ("<Document>&name;</Document>", PaymentProblem.NOT_XML, "entity"),
    ("<Document>\x00</Document>", PaymentProblem.NOT_XML, "well-formed"),
    ("<Document/>", PaymentProblem.NO_PARTIES, "/Document"),
    ("<!DOCTYPE a [<!ENTITY b 'Versor'>]><a>&b;</a>", PaymentProblem.FORBIDDEN_XML, "DOCTYPE"),
    ("<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", PaymentProblem.FORBIDDEN_XML, "DOCTYPE"),
    ("<?xml version='1.0' encoding='cp037'?><a/>", PaymentProblem.NOT_UTF8, "cp037"),
    ("<?xml version='1.0' encoding='utf-7'?><a/>", PaymentProblem.NOT_UTF8, "utf-7"),
    ("<a>" * (MAX_DEPTH + 3) + "x" + "</a>" * (MAX_DEPTH + 3), PaymentProblem.TOO_DEEP, "64"),
    ("<a>" * 100_000, PaymentProblem.NOT_XML, "no element"),
    ("<a>" + "<b/>" * 210_000 + "</a>", PaymentProblem.TOO_LARGE, "elements"),
    ("<a><IntrBkSttlmAmt>NaN</IntrBkSttlmAmt></a>", PaymentProblem.BAD_AMOUNT, "/a/IntrBkSttlmAmt"),
]


@pytest.mark.parametrize(("text", "problem", "words"), BAD)
def test_unsafe_and_broken_xml_is_refused_with_the_reason(
    text: str, problem: PaymentProblem, words: str
) -> None:
    error = refused(text.encode())

    assert error.problem is problem
    assert words in error.detail


def test_a_doctype_does_not_pass_in_another_encoding() -> None:
    attack = "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'Versor'>]><a>&b;</a>"

    for encoding in ("utf-16", "utf-16-be", "utf-16-le"):
        assert refused(attack.encode(encoding)).problem is PaymentProblem.FORBIDDEN_XML


def test_bytes_that_are_not_the_declared_utf_8_are_refused() -> None:
    assert (
        refused("<Document><Nm>Müller</Nm></Document>".encode("latin-1")).problem is PaymentProblem.NOT_UTF8
    )
    assert refused("<Document/>".encode("utf-16")[:-1]).problem is PaymentProblem.NOT_UTF8


def test_a_header_full_of_parties_cannot_be_multiplied_without_bound() -> None:
    header = "<Dbtr><Nm>A</Nm></Dbtr>" * 10_000
    raw = f"<a>{header}{'<TxInf><Nm>A</Nm></TxInf>' * 10_000}</a>".encode()

    assert refused(raw).problem is PaymentProblem.TOO_LARGE

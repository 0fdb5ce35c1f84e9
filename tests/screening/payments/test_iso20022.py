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
    expected = {
        ("/Envelope/AppHdr/Fr/FIId/FinInstnId/BICFI", Role.INSTRUCTING_AGENT, "identifiers", "ABCDGB2LXXX"),
        (f"{TX}/Dbtr/Nm", Role.DEBTOR, "names", "Acme Trading Ltd"),
        (f"{TX}/Dbtr/PstlAdr/TwnNm", Role.DEBTOR, "addresses", "London"),
        (f"{TX}/Dbtr/PstlAdr/Ctry", Role.DEBTOR, "countries", "GB"),
        (f"{TX}/DbtrAcct/Id/IBAN", Role.DEBTOR, "identifiers", "GB29NWBK60161331926819"),
        (f"{TX}/DbtrAcct/Nm", Role.DEBTOR, "names", "Acme Operations"),
        (f"{TX}/Cdtr/Nm", Role.CREDITOR, "names", "Versor s.r.o."),
        (f"{TX}/Cdtr/CtctDtls/Nm", Role.CREDITOR, "names", "Ashot Mkrtychev"),
        (f"{TX}/Cdtr/CtctDtls/EmailAdr", Role.CREDITOR, "identifiers", "office@versor.example"),
        (f"{TX}/Cdtr/CtctDtls/EmailAdr", Role.CREDITOR, "texts", "office@versor.example"),
        (f"{TX}/UltmtCdtr/Nm", Role.ULTIMATE_CREDITOR, "names", "Ivan Ivanov"),
        (f"{TX}/InstrForCdtrAgt/InstrInf", Role.OTHER, "texts", "call Verus first"),
        (f"{TX}/RmtInf/Ustrd", Role.REMITTANCE, "texts", "INV 4471"),
        (f"{TX}/RmtInf/Ustrd[2]", Role.REMITTANCE, "texts", "spare parts"),
    }
    assert expected <= {(item.path, item.role, item.what, item.value) for item in screened(payment)}


@pytest.mark.parametrize(
    "alias",
    [
        "<Prxy><Tp><Cd>EMAL</Cd></Tp><Id>ivan.zuvavov@bank.example</Id></Prxy>",
        "<Id><Othr><Id>ivan.zuvavov@okaxis</Id></Othr></Id>",
        "<Id><Othr><Id>IVANZUVAVOV</Id></Othr></Id>",
    ],
)
def test_an_account_by_a_name_is_text_too(alias: str) -> None:
    raw = PACS_008.replace("</Cdtr>", f"</Cdtr><CdtrAcct>{alias}</CdtrAcct>", 1)
    value = alias.split("<Id>")[-1].partition("<")[0]

    (payment,) = decode_payment(raw.encode())

    assert (Role.CREDITOR, "texts", value) in {
        (item.role, item.what, item.value) for item in screened(payment)
    }


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


@pytest.mark.parametrize(
    ("root", "group"),
    [
        *(("BkToCstmrStmt", "Stmt"), ("BkToCstmrAcctRpt", "Rpt"), ("BkToCstmrDbtCdtNtfctn", "Ntfctn")),
        ("NtfctnToRcv", "Ntfctn"),
    ],
)
def test_an_account_s_owner_belongs_to_the_entries_of_his_own_statement(root: str, group: str) -> None:
    entry = "Itm" if root == "NtfctnToRcv" else "Ntry"
    groups = "".join(
        f"<{group}><Acct><Ownr><Nm>{owner}</Nm></Ownr></Acct>"
        f"<{entry}><AddtlInf>see {owner}</AddtlInf></{entry}></{group}>"
        for owner in ("Ann", "Bob")
    )

    payments = decode_payment(f"<Document><{root}>{groups}</{root}></Document>".encode())

    assert [{item.value for item in screened(payment)} for payment in payments] == [
        {owner, f"see {owner}"} for owner in ("Ann", "Bob")
    ]


def test_parties_in_elements_of_no_table_are_parties_of_their_own() -> None:
    """A listed name beside another's birth date and country scored less, as if they were its own."""
    inside = (
        "<TradgPty><Pty><Nm>Ivan Zuvavov</Nm><PstlAdr><Ctry>RU</Ctry></PstlAdr></Pty></TradgPty>"
        "<Prtry><Pty><Id><PrvtId><DtAndPlcOfBirth><BirthDt>1990-02-03</BirthDt></DtAndPlcOfBirth></PrvtId></Id>"
        "<CtryOfRes>GB</CtryOfRes><Nm>Ann</Nm></Pty></Prtry>"
        "<RcvgAgt><FinInstnId><BICFI>TATRSKBX</BICFI><Nm>Tatra Bank</Nm></FinInstnId></RcvgAgt>"
    )

    (payment,) = decode_payment(f"<Document><Foo>{inside}</Foo></Document>".encode())

    said = {
        party.names[0].value: (party.birth_date, [field.value for field in party.countries], party.kind)
        for party in payment.parties
        if party.names
    }
    assert said == {
        "Ivan Zuvavov": (None, ["RU"], None),
        "Ann": (None, [], None),
        "Tatra Bank": (None, [], Kind.ORGANIZATION),
    }


@pytest.mark.parametrize(
    "amount",
    [
        *(
            "<RvsdIntrBkSttlmAmt Ccy='EUR'>3.00</RvsdIntrBkSttlmAmt>",
            "<RvsdInstdAmt Ccy='EUR'>3.00</RvsdInstdAmt>",
        ),
        "<TrfdAmt><AmtWthCcy Ccy='EUR'>3.00</AmtWthCcy></TrfdAmt>",
    ],
)
def test_the_amount_of_a_reversal_and_of_a_transfer_of_liquidity_is_the_payment_s(amount: str) -> None:
    (payment,) = decode_payment(f"<Document><Foo><Dbtr><Nm>Ann</Nm></Dbtr>{amount}</Foo></Document>".encode())

    assert (payment.amount, payment.currency) == ("3.00", "EUR")


def test_ids_are_unique_in_a_message_and_the_same_for_every_delivery() -> None:
    ids = [payment.id for payment in decode_payment(PAIN_001.encode())]

    assert [id_.partition("/")[2] for id_ in ids] == [
        "M%2F1/A/NOTPROVIDED#1",
        "M%2F1/A/NOTPROVIDED#2",
        "M%2F1/B/E3#3",
        "M%2F1/C#4",
    ]
    assert all(id_.startswith("sender-") for id_ in ids)
    assert ids == [payment.id for payment in decode_payment(PAIN_001.encode())]


def test_a_message_without_any_reference_is_named_by_its_hash() -> None:
    raw = b"<Document><X><Dbtr><Nm>Acme</Nm></Dbtr></X></Document>"

    (payment,) = decode_payment(raw)

    assert payment.id.startswith("sha256-")
    assert payment.id != decode_payment(raw.replace(b"Acme", b"Acne"))[0].id


def test_a_type_outside_the_coverage_list_is_read_by_the_catch_all_and_says_so() -> None:
    (payment,) = decode_payment(
        b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.110.001.01"><InvstgtnReq>'
        b"<GrpHdr><MsgId>N1</MsgId></GrpHdr><Undrlyg><Dbtr><Pty><Nm>Versor</Nm>"
        b"</Pty></Dbtr></Undrlyg></InvstgtnReq></Document>"
    )

    assert payment.format == "iso20022"
    assert payment.notes == ("camt.110: not of the coverage list; read by the catch-all",)
    assert [(item.role, item.value) for item in screened(payment)] == [(Role.DEBTOR, "Versor")]
    for letters in (40, 41):
        root = "M" * letters
        (payment,) = decode_payment(f"<{root}><Cdtr><Nm>Ann</Nm></Cdtr></{root}>".encode())
        assert payment.notes == (f"{root[:40]}: not of the coverage list; read by the catch-all",)


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


def test_the_parts_of_a_name_in_elements_of_somebody_s_own_are_one_name() -> None:
    inside = "<FirstName>Ann</FirstName><Born>5 May</Born><LastName>Green</LastName><XLastName>B</XLastName>"
    (payment,) = decode_payment(f"<Document><X><Cdtr>{inside}</Cdtr></X></Document>".encode())

    assert [item[:3] for item in screened(payment)] == [
        (Role.CREDITOR, "texts", text) for text in ("Ann", "5 May", "Green", "B", "Ann Green")
    ]


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


@pytest.mark.parametrize("declared", ["utf-8", "utf-16", "us-ascii"])
def test_bytes_that_are_not_the_declared_utf_8_are_refused(declared: str) -> None:
    text = f"<?xml version='1.0' encoding='{declared}'?><Document><Nm>Müller</Nm></Document>"
    assert refused(text.encode("latin-1")).problem is PaymentProblem.NOT_UTF8
    assert refused(b"\xef\xbb\xbf<Document><Nm>M\xfcller</Nm></Document>").problem is PaymentProblem.NOT_UTF8
    assert refused("<Document/>".encode("utf-16")[:-1]).problem is PaymentProblem.NOT_UTF8


BY_SEVERAL = ("GB2312", "gb18030", "Big5", "Shift_JIS", "EUC-JP")
"""Pages of several bytes a letter."""
PAID_TO = "<Document><X><Cdtr><Nm>{}</Nm></Cdtr></X></Document>"


@pytest.mark.parametrize(
    ("page", "name"),
    [
        *((page, "Jürgen Müßig") for page in ("ISO-8859-1", "iso-8859-15", "Windows-1252")),
        ("ISO-8859-1", "Žiga Šušter"),  # as Windows' programs write it
        *((page, "Łukasz Wałęsa") for page in ("ISO-8859-2", "windows-1250")),
        *((page, "Ашот Мкртычев") for page in ("windows-1251", "KOI8-R", "iso-8859-5")),
        *((page, "李娜") for page in BY_SEVERAL),
    ],
)
def test_a_code_page_that_an_xml_declares_is_read(page: str, name: str) -> None:
    codec = "cp1252" if page == "ISO-8859-1" else page
    raw = f"<?xml version='1.0' encoding='{page}'?>{PAID_TO.format(name)}".encode(codec)
    (payment,) = decode_payment(raw)

    assert [field.value for party in payment.parties for field in party.names] == [name]
    in_utf8 = raw.decode(codec).encode()  # whatever it declares
    if page in BY_SEVERAL:
        assert refused(in_utf8).problem is PaymentProblem.NOT_UTF8  # it may be words of either
    else:
        assert decode_payment(in_utf8)[0].parties == payment.parties


def test_bytes_that_are_not_in_the_declared_code_page_are_refused() -> None:
    raw = b"<?xml version='1.0' encoding='windows-1252'?><Document><Nm>\x81\xfcller</Nm></Document>"

    assert refused(raw).problem is PaymentProblem.NOT_UTF8


def test_a_doctype_does_not_pass_in_a_code_page() -> None:
    attack = "<!DOCTYPE a [<!ENTITY b 'Versor'>]><a>ü&b;</a>"

    declared = "<?xml version='1.0' encoding='ISO-8859-1'?>"
    assert refused((declared + attack).encode("latin-1")).problem is PaymentProblem.FORBIDDEN_XML


@pytest.mark.parametrize("declaration", ["", "<?xml version='1.0'?>"])
@pytest.mark.parametrize(
    ("page", "name"),
    [
        ("latin-1", "Jürgen Müßig"),
        ("cp1250", "Aleksandar Vučić"),
        ("cp1254", "Ayşe Çağlar"),
        ("cp1251", "Ашот"),
    ],
)
def test_letters_of_a_page_that_nobody_declares_are_refused(declaration: str, page: str, name: str) -> None:
    assert refused((declaration + PAID_TO.format(name)).encode(page)).problem is PaymentProblem.NOT_UTF8


def test_a_header_full_of_parties_cannot_be_multiplied_without_bound() -> None:
    header = "<Dbtr><Nm>A</Nm></Dbtr>" * 10_000
    raw = f"<a>{header}{'<TxInf><Nm>A</Nm></TxInf>' * 10_000}</a>".encode()

    assert refused(raw).problem is PaymentProblem.TOO_LARGE


TWO = """<Document><FIToFICstmrCdtTrf><GrpHdr><MsgId>%s</MsgId>%s</GrpHdr><CdtTrfTxInf><PmtId>%s</PmtId>
<IntrBkSttlmAmt Ccy="EUR">%s</IntrBkSttlmAmt><Dbtr><Nm>%s</Nm></Dbtr></CdtTrfTxInf>
</FIToFICstmrCdtTrf></Document>"""
CLEARING = "<InstgAgt><FinInstnId><ClrSysMmbId><MmbId>%s</MmbId></ClrSysMmbId></FinInstnId></InstgAgt>"
LEI = "<InstgAgt><FinInstnId><LEI>%s</LEI></FinInstnId></InstgAgt>"
OTHER = "<InstgAgt><FinInstnId><Othr><Id>%s</Id></Othr></FinInstnId></InstgAgt>"
NAMED = "<InitgPty><Nm>%s</Nm></InitgPty>"


def credit(
    message: str = "M1", header: str = "", ids: str = "", amount: str = "1.00", name: str = "Acme"
) -> str:
    return TWO % (message, header, ids or "<EndToEndId>E1</EndToEndId>", amount, name)


@pytest.mark.parametrize("header", [CLEARING, LEI, OTHER, NAMED])
def test_payments_of_two_senders_have_two_ids_whatever_names_the_sender(header: str) -> None:
    first, second, again = (
        decode_payment(credit(header=header % sender).encode())[0].id for sender in ("A1", "A2", "A1")
    )

    assert first != second and first == again
    assert "A1" in first or first.startswith("sender-")


def test_payments_of_nobody_named_but_the_debtor_have_two_ids() -> None:
    first, second = (decode_payment(credit(name=name).encode())[0].id for name in ("Acme", "Zenith"))

    assert first != second
    assert "Acme" not in first  # ids stand in logs


def test_a_reference_that_says_nothing_is_taken_where_there_is_no_other_only() -> None:
    nothing = "<EndToEndId>NOTPROVIDED</EndToEndId>"

    assert decode_payment(credit(ids=nothing).encode())[0].id.endswith("/M1/NOTPROVIDED")
    assert decode_payment(credit(ids=f"<InstrId>I7</InstrId>{nothing}").encode())[0].id.endswith("/M1/I7")


HEADER = "<AppHdr><Fr><FIId><FinInstnId><BICFI>%s</BICFI></FinInstnId></FIId></Fr></AppHdr>"


@pytest.mark.parametrize(
    "wrapper",
    [
        "<B><M>%s%s</M><M>%s%s</M></B>",
        "<B>%s%s%s%s</B>",
        "<B><M><Hdr>%s</Hdr><Doc>%s</Doc></M><M><Hdr>%s</Hdr><Doc>%s</Doc></M></B>",  # nvlp.001
        "<B><Hdr>%s</Hdr>%s<Hdr>%s</Hdr>%s</B>",
        "<B><M><H><H>%s</H></H><D><D>%s</D></D></M><M><H><H>%s</H></H><D><D>%s</D></D></M></B>",
    ],
)
def test_each_message_of_a_wrapper_has_its_own_header(wrapper: str) -> None:
    raw = wrapper % (HEADER % "TATRSKBX", credit("MA"), HEADER % "DEUTDEFF", credit("MB"))

    first, second = decode_payment(raw.encode())

    assert (first.id, second.id) == ("TATRSKBX/MA/E1#1", "DEUTDEFF/MB/E1#2")
    assert "DEUTDEFF" not in [item.value for item in screened(first)]
    assert (first.format, second.format) == ("pacs.008", "pacs.008")


def test_what_stands_behind_a_birth_date_is_screened() -> None:
    born = "<Dbtr><Nm>Ann</Nm><Id><PrvtId><DtAndPlcOfBirth><BirthDt>1980-05-07 %s</BirthDt></DtAndPlcOfBirth>"
    raw = credit().replace("<Dbtr>", f"{born % 'Ivan Zuvavov'}</PrvtId></Id></Dbtr><Dbtr>")

    (payment,) = decode_payment(raw.encode())

    assert "1980-05-07 Ivan Zuvavov" in [item.value for item in screened(payment)]
    assert payment.parties[0].birth_date is not None


def test_a_header_behind_its_message_is_that_of_the_message() -> None:
    (payment,) = decode_payment(f"<B><Doc>{credit('MA')}</Doc><Hdr>{HEADER % 'TATRSKBX'}</Hdr></B>".encode())

    assert payment.id == "TATRSKBX/MA/E1"


def test_messages_without_a_document_have_their_own_headers_in_elements_of_any_name() -> None:
    bare = "<FICdtTrf><GrpHdr><MsgId>%s</MsgId></GrpHdr><Cdtr><Nm>%s</Nm></Cdtr></FICdtTrf>"
    first, second = (HEADER % "TATRSKBX" + bare % ("MA", "Ann"), HEADER % "DEUTDEFF" + bare % ("MB", "Bob"))

    one, other = decode_payment(f"<B><X>{first}</X><Y>{second}</Y></B>".encode())

    assert (one.id, other.id) == ("TATRSKBX/MA#1", "DEUTDEFF/MB#2")
    assert "TATRSKBX" not in [item.value for item in screened(other)]


def test_documents_without_headers_have_their_own_references() -> None:
    first, second = decode_payment(f"<B>{credit('MA')}{credit('MB')}</B>".encode())

    assert ("/MA/E1#1" in first.id, "/MB/E1#2" in second.id) == (True, True)


def test_a_document_inside_a_transaction_is_part_of_it() -> None:
    inside = "<SplmtryData><Document><Note>for Versor Trading</Note></Document></SplmtryData>"
    raw = credit().replace("<Dbtr>", f"{inside}<Dbtr>")

    (payment,) = decode_payment(raw.encode())

    assert payment.amount == "1.00" and payment.id.endswith("/M1/E1")
    assert "for Versor Trading" in [item.value for item in screened(payment)]


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("+10.00", "10.00"),
        (".50", "0.50"),
        (" 2.00 ", "2.00"),
        ("\n  3\n", "3"),
        ("-1.5", "-1.5"),
        ("7.", "7."),
    ],
)
def test_every_decimal_of_xml_schema_is_an_amount(written: str, amount: str) -> None:
    (payment,) = decode_payment(credit(amount=written).encode())

    assert payment.amount == amount


@pytest.mark.parametrize("written", ["1,000.00", "1e3", "", "NaN", "+-1", ".", "1 000"])
def test_what_is_no_decimal_refuses_a_message_of_one_transaction(written: str) -> None:
    if written:
        assert refused(credit(amount=written).encode()).problem is PaymentProblem.BAD_AMOUNT


def test_one_bad_amount_refuses_its_transaction_and_not_the_payroll() -> None:
    transaction = (
        "<CdtTrfTxInf><Amt><InstdAmt Ccy='EUR'>%s</InstdAmt></Amt><Cdtr><Nm>%s</Nm></Cdtr></CdtTrfTxInf>"
    )
    raw = "<Document><CstmrCdtTrfInitn><PmtInf>{}{}</PmtInf></CstmrCdtTrfInitn></Document>".format(
        transaction % ("1.000,00", "Acme"),
        transaction % ("2.00", "Versor"),
    )

    first, second = decode_payment(raw.encode())

    assert first.refused is not None and first.refused.problem is PaymentProblem.BAD_AMOUNT
    assert "CdtTrfTxInf/Amt/InstdAmt" in first.refused.detail
    assert (second.refused, second.amount) == (None, "2.00")


STATEMENT = """<Document><%s><GrpHdr><MsgId>S1</MsgId></GrpHdr>
<Stmt><Bal><Amt Ccy="EUR">999</Amt></Bal>%s</Stmt></%s></Document>"""
DETAILS = """<TxDtls><Refs><EndToEndId>%s</EndToEndId></Refs>%s
<RltdPties><Dbtr><Nm>%s</Nm></Dbtr></RltdPties></TxDtls>"""


@pytest.mark.parametrize(
    ("root", "format"),
    [("BkToCstmrStmt", "camt.053"), ("BkToCstmrAcctRpt", "camt.052"), ("BkToCstmrDbtCdtNtfctn", "camt.054")],
)
def test_a_statement_is_a_payment_an_entry_and_the_balance_is_none(root: str, format: str) -> None:
    money = '<Amt Ccy="EUR">%s</Amt>'
    entries = (
        f"<Ntry>{money % 5}<NtryDtls>{DETAILS % ('A1', '', 'Acme')}</NtryDtls></Ntry>"
        f"<Ntry>{money % 9}<NtryDtls>{DETAILS % ('A2', money % 2, 'Bo')}"
        f"{DETAILS % ('A3', money % 7, 'Cy')}</NtryDtls></Ntry>"
        f"<Ntry>{money % 3}<AddtlNtryInf>to Versor Trading</AddtlNtryInf></Ntry>"
    )

    payments = decode_payment((STATEMENT % (root, entries, root)).encode())

    assert [payment.amount for payment in payments] == ["5", "2", "7", "3"]
    assert [payment.id.rpartition("/")[2] for payment in payments] == ["A1#1", "A2#2", "A3#3", "S1#4"]
    assert {payment.format for payment in payments} == {format}


def test_a_statement_without_entries_has_no_amount() -> None:
    (payment,) = decode_payment((STATEMENT % ("X", "<Acct><Nm>Acme</Nm></Acct>", "X")).encode())

    assert payment.amount is None


RAILS = [
    ("<SttlmInf><ClrSys><Cd>FDN</Cd></ClrSys></SttlmInf>", "fednow"),
    ("<SttlmInf><ClrSys><Cd>FDW</Cd></ClrSys></SttlmInf>", "fedwire"),
    ("<SttlmInf><ClrSys><Cd>TGT</Cd></ClrSys></SttlmInf>", "t2"),
    ("<SttlmInf><ClrSys><Cd>SIC</Cd></ClrSys></SttlmInf>", "sic"),
    ("<SttlmInf><ClrSys><Cd>TCH</Cd></ClrSys></SttlmInf>", "rtp"),
    ("<SttlmInf><ClrSys><Prtry>CHAPS</Prtry></ClrSys></SttlmInf>", "chaps"),
    ("<PmtTpInf><SvcLvl><Cd>G001</Cd></SvcLvl><SvcLvl><Cd>SEPA</Cd></SvcLvl></PmtTpInf>", "sepa"),
    (
        "<PmtTpInf><SvcLvl><Cd>SEPA</Cd></SvcLvl><LclInstrm><Cd>INST</Cd></LclInstrm></PmtTpInf>",
        "sepa_instant",
    ),
    ("<SttlmInf><ClrSys><Cd>XYZ</Cd></ClrSys></SttlmInf>", None),
]


@pytest.mark.parametrize(("header", "rail"), RAILS)
def test_the_rail_is_known_where_the_message_says_it(header: str, rail: str | None) -> None:
    (payment,) = decode_payment(credit(header=header).encode())

    assert payment.rail == rail


@pytest.mark.parametrize(
    ("service", "rail"), [("swift.cbprplus.03", "swift"), ("boe.chaps.enh.01", "chaps"), ("FEDNOW", "fednow")]
)
def test_a_business_service_names_a_rail(service: str, rail: str) -> None:
    raw = f"<E><AppHdr><BizSvc>{service}</BizSvc></AppHdr>{credit()}</E>"

    assert decode_payment(raw.encode())[0].rail == rail


@pytest.mark.parametrize(
    ("wrapper", "rail"), [("FedNowOutgoing", "fednow"), ("FedwireFundsIncoming", "fedwire"), ("Any", None)]
)
def test_a_wrapper_of_one_rail_names_it(wrapper: str, rail: str | None) -> None:
    raw = f"<{wrapper}><Inner>{credit()}</Inner></{wrapper}>"

    assert decode_payment(raw.encode())[0].rail == rail


@pytest.mark.parametrize(
    "inside", ["Ivan <b>Versor</b>", "Ivan Ver<b>sor</b>", "<F>Ivan</F><L>Versor</L>", "<F>Ivan</F> Versor"]
)
def test_elements_inside_a_name_are_part_of_the_name(inside: str) -> None:
    (payment,) = decode_payment(credit(name=inside).encode())

    assert "Ivan Versor" in [item.value for item in screened(payment) if item.what == "names"]


def test_lines_of_a_text_are_screened_as_one_text_too() -> None:
    lines = "<RmtInf><Ustrd>INVOICE 7 TO IVAN</Ustrd><Ustrd>VERSOR</Ustrd></RmtInf>"
    raw = credit().replace("</CdtTrfTxInf>", f"{lines}</CdtTrfTxInf>")

    (payment,) = decode_payment(raw.encode())

    assert "INVOICE 7 TO IVAN VERSOR" in [item.value for item in screened(payment)]


@pytest.mark.parametrize(
    "attribute",
    ["Ccy='Versor Trading'", "x:by='Versor Trading'", "by='Versor Trading'", "xml:lang='Versor Trading'"],
)
def test_a_name_in_an_attribute_is_screened(attribute: str) -> None:
    raw = credit().replace("<Dbtr>", f"<Dbtr xmlns:x='urn:x' {attribute}>")

    assert "Versor Trading" in [item.value for item in screened(decode_payment(raw.encode())[0])]


@pytest.mark.parametrize("place", ["EndToEndId", "InstrId", "ClrSysRef"])
def test_short_words_where_a_reference_belongs_are_screened(place: str) -> None:
    raw = credit(ids=f"<{place}>KIM_JONG_UN</{place}>")

    assert "KIM_JONG_UN" in [item.value for item in screened(decode_payment(raw.encode())[0])]


def test_a_transaction_that_names_nobody_is_refused_alone_and_not_dropped() -> None:
    raw = (
        b"<Document xmlns='urn:iso:std:iso:20022:tech:xsd:pacs.004.001.09'><PmtRtr><GrpHdr><MsgId>M1</MsgId>"
        b"</GrpHdr><TxInf><RtrId>R1</RtrId><OrgnlTxRef><Dbtr><Pty><Nm>Acme</Nm></Pty></Dbtr></OrgnlTxRef></TxInf>"
        b"<TxInf><RtrId>R2</RtrId></TxInf></PmtRtr></Document>"
    )

    told, nobody = decode_payment(raw)

    assert (told.refused, told.parties[0].names[0].value) == (None, "Acme")
    assert nobody.refused is not None
    assert nobody.refused.problem == "no_parties"
    assert nobody.id != told.id


def test_who_pays_and_is_paid_by_a_cheque_has_its_role() -> None:
    inside = "<Chq><Pyer><Nm>Ann Green</Nm></Pyer><Pyee><Pty><Nm>Bob Brown</Nm></Pty></Pyee></Chq>"
    raw = f"<Document><ChqPresntmntNtfctn><Id>M</Id>{inside}</ChqPresntmntNtfctn></Document>"
    (payment,) = decode_payment(raw.encode())

    assert [(party.role, party.names[0].value) for party in payment.parties if party.names] == [
        (Role.DEBTOR, "Ann Green"),
        (Role.CREDITOR, "Bob Brown"),
    ]


def test_each_item_that_a_notice_tells_of_is_a_payment() -> None:
    items = "".join(
        f"<Itm><Id>{name}</Id><Amt Ccy='EUR'>{len(name)}</Amt><Dbtr><Pty><Nm>{name}</Nm></Pty></Dbtr></Itm>"
        for name in ("Ann Green", "Bob")
    )
    payments = decode_payment(
        f"<Document><NtfctnToRcv><Ntfctn>{items}</Ntfctn></NtfctnToRcv></Document>".encode()
    )

    assert [payment.amount for payment in payments] == ["9", "3"]
    assert [[name.value for party in payment.parties for name in party.names] for payment in payments] == [
        ["Ann Green"],
        ["Bob"],
    ]


def test_the_parties_of_a_group_that_is_reversed_belong_to_no_other_group() -> None:
    groups = "".join(
        f"<OrgnlPmtInfAndRvsl><Cdtr><Nm>{name}</Nm></Cdtr><TxInf><RvslId>1</RvslId></TxInf></OrgnlPmtInfAndRvsl>"
        for name in ("Ann Green", "Bob Brown")
    )
    payments = decode_payment(f"<Document><CstmrPmtRvsl>{groups}</CstmrPmtRvsl></Document>".encode())

    assert [[name.value for party in payment.parties for name in party.names] for payment in payments] == [
        ["Ann Green"],
        ["Bob Brown"],
    ]


@pytest.mark.parametrize(
    "inside",
    [
        "<MndtInitnReq><Mndt>{}</Mndt><Mndt>{}</Mndt></MndtInitnReq>",
        "<MndtAmdmntReq><UndrlygAmdmntDtls><Mndt>{}</Mndt></UndrlygAmdmntDtls>"
        "<UndrlygAmdmntDtls><Mndt>{}</Mndt></UndrlygAmdmntDtls></MndtAmdmntReq>",
        "<MndtCxlReq><UndrlygCxlDtls>{}</UndrlygCxlDtls><UndrlygCxlDtls>{}</UndrlygCxlDtls></MndtCxlReq>",
        "<IdVrfctnReq><Vrfctn>{}</Vrfctn><Vrfctn>{}</Vrfctn></IdVrfctnReq>",
        "<RtrTx><RptOrErr><BizRpt><TxRpt>{}</TxRpt><TxRpt>{}</TxRpt></BizRpt></RptOrErr></RtrTx>",
        "<AcctRptgReq><RptgReq>{}</RptgReq><RptgReq>{}</RptgReq></AcctRptgReq>",
    ],
)
def test_each_mandate_account_or_question_of_a_message_is_decided_by_itself(inside: str) -> None:
    names = [f"<Dbtr><Nm>{name}</Nm></Dbtr>" for name in ("Ann Green", "Bob Brown")]
    payments = decode_payment(f"<Document>{inside.format(*names)}</Document>".encode())

    assert [[name.value for party in payment.parties for name in party.names] for payment in payments] == [
        ["Ann Green"],
        ["Bob Brown"],
    ]
    assert payments[0].id != payments[1].id


@pytest.mark.parametrize("name", ["PhneNb", "MobNb", "FaxNb"])
def test_a_number_to_call_is_a_phone_s_whatever_is_called(name: str) -> None:
    number = f"<Cdtr><Nm>Ann</Nm><CtctDtls><{name}>+7-4951234567</{name}></CtctDtls></Cdtr>"
    (payment,) = decode_payment(
        f"<Document><FIToFICstmrCdtTrf>{number}</FIToFICstmrCdtTrf></Document>".encode()
    )

    assert [each.scheme for party in payment.parties for each in party.identifiers] == ["phone"]

"""Status reports are valid against the schema, whatever the payment they are about."""

from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.answers.originals import Original, originals
from screening.answers.pacs002 import NAMESPACE, status_report
from screening.policy.answers import USUAL, Cause, Course, Reply
from tests.screening.answers.schema import against_schema
from tests.shared_data import SHARED_DATA, needs_shared_data

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
RJCT = Reply(Course.REJECT, "RJCT", "RR04")
PACS_008 = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08"><FIToFICstmrCdtTrf>
<GrpHdr><MsgId>M-1</MsgId><CreDtTm>2026-03-02T09:29:58Z</CreDtTm><NbOfTxs>2</NbOfTxs>
<InstgAgt><FinInstnId><BICFI>DEUTDEFFXXX</BICFI></FinInstnId></InstgAgt>
<InstdAgt><FinInstnId><BICFI>BNPAFRPP</BICFI></FinInstnId></InstdAgt></GrpHdr>
<CdtTrfTxInf><PmtId><InstrId>I-1</InstrId><EndToEndId>E-1</EndToEndId><TxId>T-1</TxId>
<UETR>8a562c67-ca16-48ba-b074-65581be6f001</UETR></PmtId></CdtTrfTxInf>
<CdtTrfTxInf><PmtId><EndToEndId>E-2</EndToEndId></PmtId></CdtTrfTxInf>
</FIToFICstmrCdtTrf></Document>"""


def report(original: Original, reply: Reply = RJCT, payment_id: str = "P-1") -> str:
    return status_report("0123456789abcdef0123456789abcdef", AT, payment_id, original, reply)


def test_it_names_the_transaction_and_goes_back_the_way_that_the_payment_came() -> None:
    first, second = originals(PACS_008.encode())
    root = ElementTree.fromstring(report(first))  # noqa: S314  our own
    text = {each.tag.rpartition("}")[2]: each.text for each in root.iter() if each.text}

    assert text == {
        "MsgId": "0123456789abcdef0123456789abcdef",
        "CreDtTm": "2026-03-02T09:30:00.000Z",
        "BICFI": "DEUTDEFFXXX",
        "OrgnlMsgId": "M-1",
        "OrgnlMsgNmId": "pacs.008.001.08",
        "OrgnlInstrId": "I-1",
        "OrgnlEndToEndId": "E-1",
        "OrgnlTxId": "T-1",
        "OrgnlUETR": "8a562c67-ca16-48ba-b074-65581be6f001",
        "TxSts": "RJCT",
        "Cd": "RR04",
    }
    agents = root.findall(f".//{{{NAMESPACE}}}InstgAgt//{{{NAMESPACE}}}BICFI")
    assert [agent.text for agent in agents] == ["BNPAFRPP"]
    assert (second.end_to_end_id, second.instruction_id, second.uetr) == ("E-2", "", "")


def test_a_payment_without_references_of_its_own_is_named_by_its_id() -> None:
    assert "<OrgnlEndToEndId>P-1</OrgnlEndToEndId>" in report(Original())
    assert against_schema(report(Original(), payment_id="x" * 500)) == []


@pytest.mark.parametrize(("length", "told"), [(34, 34), (35, 35), (36, 35)])
def test_an_id_is_cut_to_35_characters(length: int, told: int) -> None:
    assert f"<OrgnlEndToEndId>{'x' * told}</OrgnlEndToEndId>" in report(Original(), payment_id="x" * length)


@pytest.mark.parametrize("cause", Cause)
def test_every_usual_answer_is_valid_against_the_schema(cause: Cause) -> None:
    for original in (Original(), *originals(PACS_008.encode())):
        assert against_schema(report(original, USUAL[cause])) == []


@given(st.builds(Original, *[st.text(max_size=40)] * 8), st.text(max_size=60))
def test_no_payment_makes_one_that_is_not_valid(original: Original, payment_id: str) -> None:
    assert against_schema(report(original, payment_id=payment_id)) == []


def test_the_check_sees_what_is_not_valid() -> None:
    valid = report(originals(PACS_008.encode())[0])

    assert against_schema(valid.replace("RJCT", "REJECTED")) != []
    assert against_schema(valid.replace("-48ba-", "-58ba-")) != []
    status = "<TxSts>RJCT</TxSts>"
    moved = valid.replace(status, "").replace("<OrgnlInstrId>", f"{status}<OrgnlInstrId>")
    assert against_schema(moved) == ["the elements stand in another order"]


@pytest.mark.parametrize("raw", [b"", b"{}", b"<a", b"<!DOCTYPE a><a/>", b"{1:F01BANKBEBB}", b"<a/>"])
def test_what_is_no_message_in_xml_has_no_references(raw: bytes) -> None:
    assert originals(raw) == []


@needs_shared_data
def test_real_messages_are_answered_validly() -> None:
    files = [*(SHARED_DATA / "iso20022").glob("*pacs[._]00[489]*.xml")]
    of_files = {file.name: originals(file.read_bytes()) for file in files}
    found = [original for originals_of_one in of_files.values() for original in originals_of_one]

    assert [name for name, of_one in of_files.items() if not of_one] == []
    assert len(found) >= len(files) > 0
    nameless = [
        each for each in found if not each.message_name or not (each.message_id or each.end_to_end_id)
    ]
    assert nameless == []
    assert [wrong for each in found for wrong in against_schema(report(each))] == []

"""What a status report says of the transaction that it is about: the original's own references."""

import time

import pytest

from screening.answers.originals import Original, originals

SPACE = "urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08"
AGENT_OF_MESSAGE = "<InstgAgt><FinInstnId><BICFI>AAAAGB2L</BICFI></FinInstnId></InstgAgt>"
HEADER = f"<GrpHdr><MsgId> M-1 </MsgId>{AGENT_OF_MESSAGE}</GrpHdr>"
IDS = (
    "<PmtId><InstrId>I-1</InstrId><EndToEndId>E-1</EndToEndId><TxId>T-1</TxId>"
    "<UETR>3f0c1a52-7d5e-4a0b-9d61-000000000000</UETR></PmtId>"
)
AGENT = "<InstdAgt><FinInstnId><BICFI>TATRSKBXXXX</BICFI></FinInstnId></InstdAgt>"


def message(*transactions: str, header: str = HEADER, space: str = SPACE) -> bytes:
    return f'<W><Document xmlns="{space}"><F>{header}{"".join(transactions)}</F></Document></W>'.encode()


WHOLE = Original(
    *("M-1", "pacs.008.001.08", "I-1", "E-1", "T-1", "3f0c1a52-7d5e-4a0b-9d61-000000000000"),
    *("AAAAGB2L", "TATRSKBXXXX"),
)


@pytest.mark.parametrize("tag", ["CdtTrfTxInf", "TxInf", "DrctDbtTxInf"])
def test_every_reference_of_a_transaction_is_read(tag: str) -> None:
    assert originals(message(f"<{tag}>{IDS}{AGENT}</{tag}>")) == [WHOLE]


def test_a_returned_payment_names_its_own_original() -> None:
    ids = "".join(
        f"<Orgnl{name}>{value}</Orgnl{name}>"
        for name, value in (("InstrId", "I-9"), ("EndToEndId", "E-9"), ("TxId", "T-9"), ("UETR", "u" * 36))
    )
    (found,) = originals(message(f"<TxInf>{ids}</TxInf>", header="", space="urn:other"))

    assert found == Original("", "", "I-9", "E-9", "T-9", "u" * 36)


def test_an_agent_of_the_transaction_goes_before_that_of_the_message() -> None:
    own = "<InstgAgt><FinInstnId><BICFI>BBBBGB2L</BICFI></FinInstnId></InstgAgt>"
    found = originals(message(f"<TxInf>{own}</TxInf>", "<TxInf><InstgAgt/></TxInf>", "<Other/>"))

    assert [each.instructing_bic for each in found] == ["BBBBGB2L", "AAAAGB2L"]


@pytest.mark.parametrize(
    ("longest", "read"), [(35, "message_id"), (11, "instructing_bic"), (35, "end_to_end_id")]
)
def test_a_reference_longer_than_iso_20022_allows_is_left_out(longest: int, read: str) -> None:
    for length in (longest, longest + 1):
        text = "x" * length
        agent = f"<InstgAgt><FinInstnId><BICFI>{text}</BICFI></FinInstnId></InstgAgt>"
        ids = f"<TxInf><PmtId><EndToEndId>{text}</EndToEndId></PmtId></TxInf>"
        (found,) = originals(message(ids, header=f"<GrpHdr><MsgId>{text}</MsgId>{agent}</GrpHdr>"))
        assert getattr(found, read) == (text if length == longest else "")


def test_a_uetr_has_36_characters() -> None:
    for length, read in ((36, "x" * 36), (37, "")):
        (found,) = originals(message(f"<TxInf><PmtId><UETR>{'x' * length}</UETR></PmtId></TxInf>"))
        assert found.uetr == read


@pytest.mark.parametrize(
    "raw", [None, b"", b'{"id": 1}', b"<Document", b" " * 64 + b"<Document/>", b"<Other/>"]
)
def test_other_bytes_name_nothing(raw: bytes | None) -> None:
    assert originals(raw) == []


def test_a_message_may_stand_behind_blanks() -> None:
    assert originals(b" " * 63 + message(f"<TxInf>{IDS}{AGENT}</TxInf>")) == [WHOLE]


def test_twice_the_transactions_take_twice_the_time() -> None:
    """A second for 20,000; with a look through the whole message for each it was half a minute."""
    many = message(*["<TxInf/>"] * 20_000)
    began = time.process_time()

    assert originals(many) == [Original("M-1", "pacs.008.001.08", instructing_bic="AAAAGB2L")] * 20_000
    assert time.process_time() - began < 5

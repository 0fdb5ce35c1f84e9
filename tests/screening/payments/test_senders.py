"""Two senders never share an id, whatever names them; what the same sender sends again has the same one."""

from hypothesis import given, settings
from hypothesis import strategies as st

from screening.payments import decode_payment

BICS = ("TATRSKBX", "TATRSKBX001", "TATRSKBX002", "DEUTDEFF", "DEUTDEFF500")
LEIS = ("5493001KJTIIGC8Y1R12", "529900T8BM49AURSDO55")
WORDS = st.text("AB1:/#%@ ", min_size=1, max_size=4).map(str.strip).filter(bool)
SENDERS = st.one_of(
    st.sampled_from([f"<BICFI>{bic}</BICFI>" for bic in BICS]),
    st.sampled_from([f"<LEI>{lei}</LEI>" for lei in LEIS]),
    st.builds(
        "<ClrSysMmbId><ClrSysId><Cd>{}</Cd></ClrSysId><MmbId>{}</MmbId></ClrSysMmbId>".format, WORDS, WORDS
    ),
    st.builds("<ClrSysMmbId><MmbId>{}</MmbId></ClrSysMmbId>".format, WORDS),
    st.builds("<Nm>{}</Nm>".format, WORDS),
    st.builds("<Othr><Id>{}</Id></Othr>".format, WORDS),
)
CREDIT = (
    "<Document><FIToFICstmrCdtTrf><GrpHdr><MsgId>1</MsgId><InstgAgt><FinInstnId>%s</FinInstnId></InstgAgt>"
    "</GrpHdr><CdtTrfTxInf><PmtId><EndToEndId>NOTPROVIDED</EndToEndId></PmtId><Cdtr><Nm>Ann</Nm></Cdtr>"
    "</CdtTrfTxInf></FIToFICstmrCdtTrf></Document>"
)
ORDER = (
    "<Batch><AppHdr><Fr><FIId><FinInstnId><BICFI>TATRSKBX</BICFI></FinInstnId></FIId></Fr></AppHdr><Document>"
    "<CstmrCdtTrfInitn><GrpHdr><MsgId>1</MsgId><InitgPty><Nm>%s</Nm></InitgPty></GrpHdr><PmtInf><CdtTrfTxInf>"
    "<PmtId><EndToEndId>NOTPROVIDED</EndToEndId></PmtId><Cdtr><Nm>Ann</Nm></Cdtr></CdtTrfTxInf></PmtInf>"
    "</CstmrCdtTrfInitn></Document></Batch>"
)


def id_of(message: str) -> str:
    (payment,) = decode_payment(message.encode())
    return payment.id


@settings(max_examples=150)
@given(SENDERS, SENDERS)
def test_two_senders_never_share_an_id(first: str, second: str) -> None:
    assert (id_of(CREDIT % first) == id_of(CREDIT % second)) == (first == second)


def test_one_number_in_two_clearing_systems_is_two_senders() -> None:
    number = "<ClrSysMmbId><ClrSysId><%s></ClrSysId><MmbId>202613</MmbId></ClrSysMmbId>"
    ids = [id_of(CREDIT % number % system) for system in ("Cd>GBDSC</Cd", "Cd>AUBSB</Cd", "Prtry>X</Prtry")]

    assert ids == ["GBDSC:202613/1/NOTPROVIDED", "AUBSB:202613/1/NOTPROVIDED", "X:202613/1/NOTPROVIDED"]


def test_orders_of_two_initiators_that_one_bank_hands_on_are_two_payments() -> None:
    assert id_of(ORDER % "Acme Ltd") != id_of(ORDER % "Zenith Ltd")

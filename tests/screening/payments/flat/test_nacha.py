"""NACHA files: one payment an entry, with the parties of IAT addenda and no column unscreened."""

import pytest

from screening.payments import PaymentError, PaymentProblem, Role, decode_payment
from tests.screening.payments.screened import screened

NAME = "VERSOR TRADING"


def record(**columns: str) -> str:
    """94 columns with values at the columns named, `c4="..."`."""
    line = [" "] * 94
    for at, value in columns.items():
        first = int(at[1:]) - 1
        line[first : first + len(value)] = value
    return "".join(line[:94])


FILE = record(
    c1="101", c4=" 231380104", c14=" 121042882", c24="2611271000A094101", c41="QWY BANK", c64="QWX BANK"
)
IAT = record(
    c1="5220",
    c21="FF3",
    c39="US",
    c41="123456789",
    c51="IAT",
    c54="TRADE",
    c64="CADUSD261127",
    c79="1231380100000001",
)
PPD = record(
    c1="5220",
    c5="ACME PAYROLL",
    c41="123456789",
    c51="PPD",
    c54="PAYROLL",
    c70="261127",
    c79="1231380100000002",
)
IAT_ENTRY = record(c1="622121042882", c13="0007", c30="0000123456", c40="9876543210", c80="231380100000001")
PPD_ENTRY = record(
    c1="622121042882", c13="12345", c30="0000000500", c40="EMP-7", c55="ANN GREEN", c80="231380100000002"
)
END = record(c1="8220000003") + "\n" + record(c1="9000001")


def nacha(*records: str) -> bytes:
    return "\n".join((FILE, *records, END)).encode()


def test_an_entry_is_a_payment_with_id_amount_and_currency() -> None:
    raw = nacha(IAT, IAT_ENTRY, record(c1="710ANN", c47=NAME), PPD, PPD_ENTRY)

    first, second = decode_payment(raw)

    assert first.id == "121042882/2611271000A/23138010-261127-0000001/231380100000001#1"
    assert (first.amount, first.currency, first.rail, first.format) == ("1234.56", "USD", "ach", "nacha")
    assert (second.amount, second.id[-2:]) == ("5.00", "#2")
    assert NAME not in [item.value for item in screened(second)]
    assert (Role.DEBTOR, "ACME PAYROLL") in {(item.role, item.value) for item in screened(second)}
    assert (Role.CREDITOR, "ANN GREEN") in {(item.role, item.value) for item in screened(second)}


ADDENDA = {
    record(c1="710ANN", c47=NAME): Role.CREDITOR,
    record(c1="711", c4=NAME): Role.DEBTOR,
    record(c1="711", c39=NAME): Role.DEBTOR,
    record(c1="712", c4=NAME): Role.DEBTOR,
    record(c1="713", c4=NAME): Role.DEBTOR_AGENT,
    record(c1="714", c4=NAME): Role.CREDITOR_AGENT,
    record(c1="715", c19=NAME): Role.CREDITOR,
    record(c1="716", c4=NAME): Role.CREDITOR,
    record(c1="717", c4=NAME): Role.REMITTANCE,
    record(c1="718", c4=NAME): Role.INTERMEDIARY_AGENT,
    record(c1="705", c4=NAME): Role.REMITTANCE,
    record(c1="799", c30=NAME): Role.REMITTANCE,
    record(c1="711", c74=NAME): Role.OTHER,
}


@pytest.mark.parametrize(("addendum", "role"), ADDENDA.items(), ids=range(len(ADDENDA)))
def test_a_name_in_any_addendum_is_its_party_s(addendum: str, role: Role) -> None:
    (payment,) = decode_payment(nacha(IAT, IAT_ENTRY, addendum))

    assert any(item.role is role and NAME in item.value for item in screened(payment))


@pytest.mark.parametrize(
    "records",
    [
        (PPD.replace("ACME PAYROLL  ", NAME), PPD_ENTRY),
        (PPD.replace(" " * 14, NAME, 1), PPD_ENTRY),
        (PPD, PPD_ENTRY.replace("ANN GREEN     ", NAME)),
        (PPD, record(c1=NAME), PPD_ENTRY),
        (PPD, PPD_ENTRY, record(c1="8220", c55=NAME)),
    ],
    ids=range(5),
)
def test_a_name_anywhere_in_a_file_is_screened(records: tuple[str, ...]) -> None:
    assert any(
        NAME in item.value for payment in decode_payment(nacha(*records)) for item in screened(payment)
    )


def test_country_and_postal_code_are_told_apart() -> None:
    (payment,) = decode_payment(nacha(IAT, IAT_ENTRY, record(c1="716", c4="SHIRAZ*FARS\\", c39="IR*71345\\")))

    found = {(item.what, item.value) for item in screened(payment) if item.role is Role.CREDITOR}
    assert {("countries", "IR"), ("addresses", "SHIRAZ FARS")} <= found


def test_a_debit_is_drawn_on_the_receiver() -> None:
    (payment,) = decode_payment(nacha(PPD, PPD_ENTRY.replace("622", "627", 1)))

    roles = {item.value: item.role for item in screened(payment)}
    assert (roles["ANN GREEN"], roles["ACME PAYROLL"]) == (Role.DEBTOR, Role.CREDITOR)


@pytest.mark.parametrize("between", ["\n", "\r\n", ""])
def test_lines_end_in_any_way_or_not_at_all(between: str) -> None:
    raw = between.join((FILE, PPD, PPD_ENTRY, record(c1="8220"), record(c1="9")))

    assert len(decode_payment(raw.encode())) == 1


def test_a_batch_without_its_file_header_is_read() -> None:
    assert len(decode_payment(f"{PPD}\n{PPD_ENTRY}".encode())) == 1


def test_an_amount_that_is_none_refuses_its_entry_alone() -> None:
    bad = PPD_ENTRY.replace("0000000500", "00000005.0")

    with pytest.raises(PaymentError) as caught:
        decode_payment(nacha(PPD, bad))
    first, second = decode_payment(nacha(PPD, bad, PPD_ENTRY))

    assert caught.value.problem is PaymentProblem.BAD_AMOUNT
    assert first.refused is not None and "line 3" in first.refused.detail
    assert second.refused is None


def test_a_file_without_entries_is_no_payment() -> None:
    with pytest.raises(PaymentError) as caught:
        decode_payment(nacha())

    assert caught.value.problem is PaymentProblem.NO_PARTIES

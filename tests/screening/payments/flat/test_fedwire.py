"""Fedwire's legacy tags: every party in its role, every element screened."""

import pytest

from screening.payments import Payment, PaymentError, PaymentProblem, Role, decode_payment
from tests.screening.payments.screened import screened

FRAME = (
    "{1500}30User ReqT {1510}1000{1520}20261127SOURCE08000001{2000}000000001234{3100}121042882QWX BANK NA*"
)
PARTY = "{%s}D123456789*VERSOR TRADING*12 MAIN STREET*NEW YORK*"
ROLES = {
    "4000": Role.INTERMEDIARY_AGENT,
    "4100": Role.CREDITOR_AGENT,
    "4200": Role.CREDITOR,
    "4400": Role.DEBTOR,
    "5000": Role.DEBTOR,
    "5100": Role.DEBTOR_AGENT,
    "5200": Role.INSTRUCTING_AGENT,
    "5400": Role.CREDITOR,
}


def one(text: str) -> Payment:
    (payment,) = decode_payment((FRAME + text).encode())
    return payment


def test_a_message_gives_id_amount_rail_and_banks() -> None:
    payment = one("{3400}231380104QWY BANK*{3600}CTR{4200}D1*ANN*")

    assert payment.id == "121042882/20261127SOURCE08000001"
    assert (payment.amount, payment.currency, payment.rail) == ("12.34", "USD", "fedwire")
    assert payment.format == "fedwire"
    found = {(item.role, item.value) for item in screened(payment)}
    assert {(Role.INSTRUCTING_AGENT, "121042882"), (Role.INSTRUCTING_AGENT, "QWX BANK NA")} <= found
    assert {(Role.INSTRUCTED_AGENT, "231380104"), (Role.INSTRUCTED_AGENT, "QWY BANK")} <= found


@pytest.mark.parametrize(("tag", "role"), ROLES.items())
def test_a_party_has_its_role_number_name_and_address(tag: str, role: Role) -> None:
    party = next(party for party in one(PARTY % tag).parties if party.role is role and party.addresses)

    assert party.names == (("VERSOR TRADING", f"{{{tag}}}"),)
    assert party.identifiers == (("account", "123456789", f"{{{tag}}}"),)
    assert [field.value for field in party.addresses][:2] == ["12 MAIN STREET", "NEW YORK"]


@pytest.mark.parametrize(
    "text",
    [
        "{4200}VERSOR TRADING*",
        "{4200}*VERSOR TRADING*",
        "{5010}CCPT/DE/C01X00T47*1/VERSOR TRADING*2/MAIN 1*3/US/NY*",
        "{5010}CCPT/DE/C01X00T47*1/VERSOR*1/TRADING*3/US/NY*",
        "{7050}50K*/123*VERSOR TRADING*NY*",
        "{7059}59F*1/VERSOR TRADING*",
        "{4200}D1*ANN*C/O VERSOR*TRADING*",
        "{6000}RENT FOR*VERSOR*TRADING*",
        "{6500}VERSOR TRADING*",
        "{7070}/RFB/1*VERSOR TRADING*",
        "{8200}0030VERSOR TRADING",
        "{8350}NAME*VERSOR TRADING*",
        "{3320}VERSOR TRADING*",
        "{9999}VERSOR TRADING*",
        "{4200}D1*VERSOR\nTRADING*",
    ],
)
def test_a_name_in_any_tag_is_screened_whole(text: str) -> None:
    assert any("VERSOR TRADING" in item.value for item in screened(one("{4100}D1*X*" + text)))


def test_short_words_in_elements_of_their_own_are_one_name() -> None:
    assert "KIM JUN" in {item.value for item in screened(one("{4100}D1*X*{6000}KIM*JUN*"))}


@pytest.mark.parametrize("text", ["{6410}LTRVERSOR TRADING*", "{6420}CHECKVERSOR TRADING*ROAD 1*"])
def test_a_code_that_advice_begins_with_is_no_part_of_the_name(text: str) -> None:
    assert "VERSOR TRADING" in {item.value for item in screened(one(text))}


def test_a_name_is_of_the_lines_that_are_numbered_so_and_of_no_others() -> None:
    payment = one("{5010}CCPT/DE/C01X00T47*BESIDE*0/NOBODY*1/VERSOR*1/TRADING*AND NOBODY*2/X*3/US*")
    party = next(party for party in payment.parties if party.role is Role.DEBTOR)

    assert party.names == (("VERSOR TRADING", "{5010}"),)


def test_every_message_of_a_record_is_a_payment() -> None:
    first, second = (FRAME.replace("08000001", f"0800000{n}") + PARTY % "4200" for n in (1, 2))

    for between in ("", "\n", "{1100}02P N{1110}11271200FT01{1120}20261127X"):
        assert len(decode_payment(f"{first}{between}{second}".encode())) == 2


def test_an_amount_that_is_none_refuses_its_message_alone() -> None:
    bad = FRAME.replace("000000001234", "12.34") + PARTY % "4200"

    with pytest.raises(PaymentError) as caught:
        decode_payment(bad.encode())
    good, refused = decode_payment((FRAME + PARTY % "4200" + bad).encode())

    assert caught.value.problem is PaymentProblem.BAD_AMOUNT
    assert good.refused is None and refused.refused is not None


@pytest.mark.parametrize("first", ["X12345", "D VERSOR"])
def test_an_element_that_begins_like_no_code_or_holds_words_is_the_name(first: str) -> None:
    party = next(
        party for party in one(f"{{4200}}{first}*MAIN STREET*").parties if party.role is Role.CREDITOR
    )

    assert party.names == ((first, "{4200}"),)
    assert party.identifiers == ()


@pytest.mark.parametrize("first", ["GAZPROMBANK", "BRIMOTEK", "SBERBANK"])
def test_a_name_in_the_shape_of_a_bic_is_a_name_and_so_is_the_one_behind_a_bic(first: str) -> None:
    (alone,) = [party for party in one(f"{{4100}}{first}*").parties if party.role is Role.CREDITOR_AGENT]
    (behind,) = [
        party for party in one(f"{{4100}}BTATRSKBX*{first}*").parties if party.role is Role.CREDITOR_AGENT
    ]

    assert first in [name.value for name in alone.names]
    assert first in [name.value for name in behind.names]
    assert ("bic", "TATRSKBX") in [each[:2] for each in behind.identifiers]

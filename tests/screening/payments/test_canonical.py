"""The canonical JSON event: what is read, and that everything else is refused by place and remedy."""

import json
from typing import Any

import pytest

from screening.designations import Gender, Kind
from screening.payments import Payment, PaymentError, PaymentProblem, Role, decode_payment


def event(**changes: Any) -> dict[str, Any]:
    """A payment with one party, changed as the test says; None takes a key out."""
    base = {"id": "P-1", "parties": [{"role": "creditor", "name": "Acme Trading Ltd"}]} | changes
    return {key: value for key, value in base.items() if value is not None}


def decoded(**changes: Any) -> Payment:
    (payment,) = decode_payment(json.dumps(event(**changes)).encode())
    return payment


def refused(raw: bytes | None) -> PaymentError:
    with pytest.raises(PaymentError) as caught:
        decode_payment(raw)
    return caught.value


def screened(payment: Payment) -> dict[str, str]:
    return {
        field.path: field.value
        for party in payment.parties
        for field in (*party.names, *party.texts, *party.addresses, *party.countries)
    } | {item.path: item.value for party in payment.parties for item in party.identifiers}


def test_every_field_of_the_contract_s_example_is_read() -> None:
    payment = decoded(
        time="2023-08-17T09:30:00Z",
        amount="12500.00",
        currency="USD",
        rail="swift",
        uetr="eb6305c9-1f7f-49de-aed0-16487c27b42d",
        parties=[
            {
                "role": "debtor",
                "name": "Acme Trading Ltd",
                "country": "GB",
                "account": "GB29NWBK60161331926819",
            },
            {
                "role": "creditor",
                "name": "Versor s.r.o.",
                "kind": "organization",
                "country": "SK",
                "bic": "TATRSKBX",
                "identifiers": {"registration": "36 000 001"},
            },
        ],
        remittance=["INV 4471 spare parts"],
    )

    debtor, creditor, remittance = payment.parties
    assert (payment.amount, payment.currency, payment.rail) == ("12500.00", "USD", "swift")
    assert (debtor.role, debtor.identifiers) == (
        Role.DEBTOR,
        (("iban", "GB29NWBK60161331926819", "/parties/0/account"),),
    )
    assert (creditor.kind, creditor.countries) == (Kind.ORGANIZATION, (("SK", "/parties/1/country"),))
    assert creditor.identifiers == (
        ("bic", "TATRSKBX", "/parties/1/bic"),
        ("registration", "36 000 001", "/parties/1/identifiers/registration"),
    )
    assert (remittance.role, remittance.texts) == (
        Role.REMITTANCE,
        (("INV 4471 spare parts", "/remittance/0"),),
    )


def test_a_person_s_birth_date_or_year_and_gender_are_read() -> None:
    payment = decoded(
        parties=[
            {"name": "A", "birth_date": "1968-05-01", "gender": "male"},
            {"name": "B", "birth_date": "1968"},
        ]
    )

    day, year = (party.birth_date for party in payment.parties)
    assert payment.parties[0].gender is Gender.MALE
    assert day is not None and (day.earliest.isoformat(), day.latest.isoformat()) == (
        "1968-05-01",
        "1968-05-01",
    )
    assert year is not None and (year.earliest.isoformat(), year.latest.isoformat()) == (
        "1968-01-01",
        "1968-12-31",
    )


def test_a_party_without_a_known_role_is_screened_as_other_with_the_word_it_had() -> None:
    payment = decoded(parties=[{"role": "drawee Versor", "name": "Acme"}, {"name": "Acme"}])

    assert [party.role for party in payment.parties] == [Role.OTHER, Role.OTHER]
    assert payment.parties[0].texts == (("drawee Versor", "/parties/0/role"),)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"vessel": "Versor"}, "/vessel"),
        ({"meta": {"a/b": [{"~": "Versor"}]}}, "/meta/a~1b/0/~0"),
        ({"beneficiaries": {"Versor s.r.o.": True}}, "/beneficiaries/Versor s.r.o."),
        ({"currency": "to Versor"}, "/currency"),
        ({"parties": [{"name": "Acme", "contact": {"name": "Versor"}}]}, "/parties/0/contact/name"),
        ({"parties": [{"names": ["Acme", "Versor"]}]}, "/parties/0/names/1"),
        ({"parties": [{"name": "Acme", "kind": "Versor"}]}, "/parties/0/kind"),
        ({"parties": [{"name": "Acme", "address": "c/o Versor"}]}, "/parties/0/address"),
        ({"parties": [{"name": "Acme", "account": {"holder": "Versor"}}]}, "/parties/0/account/holder"),
        ({"remittance": {"lines": ["for Versor"]}}, "/remittance/lines/0"),
        ({"memo": {"type": "Buffer", "data": [*b"for Versor"]}}, "/memo/data"),
    ],
)
def test_no_key_and_no_shape_hides_a_name(changes: dict[str, Any], path: str) -> None:
    assert "Versor" in screened(decoded(**changes))[path]


@pytest.mark.parametrize("account", [b"Ivan Zuvavov".hex(), "SXZhbiBadXZhdm92IGxtdA=="[:20], "金正恩"])
def test_an_account_that_is_a_text_as_bytes_or_in_another_script_is_text(account: str) -> None:
    (party,) = decoded(parties=[{"account": account}]).parties

    assert [text.value for text in party.texts] == [account]


def test_numbers_that_are_no_text_are_none() -> None:
    assert "/codes" not in screened(decoded(codes=[1, 2, 3, 300, 5]))
    assert "/codes" not in screened(decoded(codes=[65, 66, 67]))


def test_a_number_is_kept_as_an_identifier() -> None:
    payment = decoded(parties=[{"account": 12345678, "identifiers": {"Tax": 7701234567}}])

    assert payment.parties[0].identifiers == (
        ("account", "12345678", "/parties/0/account"),
        ("tax", "7701234567", "/parties/0/identifiers/Tax"),
    )


@pytest.mark.parametrize(
    "name",
    ["Ver\u200bsor", "\u202esrosreV", "Ver\u00adsor", "Ver\u0000sor", "ＶＥＲＳＯＲ", "ООО «Верус»", "🏦"],
)
def test_hidden_and_unusual_characters_reach_the_matcher_as_sent(name: str) -> None:
    assert decoded(parties=[{"name": name}]).parties[0].names == ((name, "/parties/0/name"),)


BAD = [
    (None, PaymentProblem.EMPTY, "null"),
    (b"", PaymentProblem.EMPTY, "no content"),
    (b" \n", PaymentProblem.EMPTY, "no content"),
    (b"not json", PaymentProblem.NOT_JSON, "send one JSON object"),
    (b'{"id": "P-1", "parties": [', PaymentProblem.NOT_JSON, "send one JSON object"),
    (b'{"id": "P-1", "parties": [{"name": "M\xfcller"}]}', PaymentProblem.NOT_UTF8, "send UTF-8"),
    (b'{"id": "P-1", "parties": [{"name": "\\ud800"}]}', PaymentProblem.NOT_UTF8, "surrogate"),
    (b'{"id": "P-1", "amount": NaN, "parties": []}', PaymentProblem.BAD_AMOUNT, "decimal strings"),
    (b'{"id": "P-1", "id": "P-2"}', PaymentProblem.DUPLICATE_KEY, "send it once"),
    (b'{"id": "P-1", "x": "' + b"x" * 5_000_000 + b'"}', PaymentProblem.TOO_LARGE, "1048576"),
    (b'{"id": "P-1", "x": ' + b"[" * 100 + b"]" * 100 + b"}", PaymentProblem.TOO_DEEP, "64"),
    (b"[" * 500_000, PaymentProblem.TOO_DEEP, "64"),
    (b'["P-1"]', PaymentProblem.WRONG_TYPE, "an object is expected, not a value of type array"),
    (b"null", PaymentProblem.WRONG_TYPE, "null"),
]


@pytest.mark.parametrize(("raw", "problem", "words"), BAD)
def test_bytes_that_are_no_payment_are_refused_with_the_reason(
    raw: bytes | None, problem: PaymentProblem, words: str
) -> None:
    error = refused(raw)

    assert error.problem is problem
    assert words in error.detail


WRONG = [
    ({"id": None}, PaymentProblem.MISSING_ID, "/id"),
    ({"id": " "}, PaymentProblem.MISSING_ID, "/id"),
    ({"id": 7}, PaymentProblem.MISSING_ID, "/id"),
    ({"parties": None}, PaymentProblem.NO_PARTIES, "/parties"),
    ({"parties": []}, PaymentProblem.NO_PARTIES, "/parties"),
    ({"parties": [{"role": "debtor"}]}, PaymentProblem.NO_PARTIES, "/parties"),
    ({"parties": {"name": "Acme"}}, PaymentProblem.WRONG_TYPE, "/parties"),
    ({"parties": ["Acme"]}, PaymentProblem.WRONG_TYPE, "/parties/0"),
    ({"parties": [{"name": 5}]}, PaymentProblem.WRONG_TYPE, "/parties/0/name"),
    ({"parties": [{"names": "Acme"}]}, PaymentProblem.WRONG_TYPE, "/parties/0/names"),
    ({"parties": [{"identifiers": ["x"]}]}, PaymentProblem.WRONG_TYPE, "/parties/0/identifiers"),
    ({"parties": [{"birth_date": "1 May 1968"}]}, PaymentProblem.WRONG_TYPE, "/parties/0/birth_date"),
    ({"parties": [{"birth_date": 1968}]}, PaymentProblem.WRONG_TYPE, "/parties/0/birth_date"),
    ({"currency": 840}, PaymentProblem.WRONG_TYPE, "/currency"),
    ({"rail": ["swift"]}, PaymentProblem.WRONG_TYPE, "/rail"),
    ({"amount": "NaN"}, PaymentProblem.BAD_AMOUNT, "/amount"),
    ({"amount": "1_000"}, PaymentProblem.BAD_AMOUNT, "/amount"),
    ({"amount": "1,000.00"}, PaymentProblem.BAD_AMOUNT, "/amount"),
    ({"amount": {"value": "1"}}, PaymentProblem.BAD_AMOUNT, "/amount"),
    ({"amount": True}, PaymentProblem.BAD_AMOUNT, "/amount"),
    ({"time": "2023-08-17T09:30:00"}, PaymentProblem.BAD_TIME, "/time"),
    ({"time": "yesterday"}, PaymentProblem.BAD_TIME, "/time"),
    ({"time": 1692264600}, PaymentProblem.BAD_TIME, "/time"),
]


@pytest.mark.parametrize(("changes", "problem", "place"), WRONG)
def test_a_wrong_value_is_refused_with_its_place_and_the_payment_s_id(
    changes: dict[str, Any], problem: PaymentProblem, place: str
) -> None:
    error = refused(json.dumps(event(**changes)).encode())

    assert error.problem is problem
    assert error.detail.startswith(f"{place}:")
    assert problem is PaymentProblem.MISSING_ID or error.payment_id == "P-1"


def test_what_cannot_be_read_still_names_the_payment_where_its_id_comes_first() -> None:
    assert refused(b'{"id": "P-1", "parties": [').payment_id == "P-1"
    assert refused(b'{"uetr": "x", "id": "P-1", "parties": [').payment_id is None


def test_a_second_key_cannot_hide_a_name_behind_escaped_quotes() -> None:
    r"""The fast check counts quotes; `\\"` ends a string and `\"` does not."""
    hidden = rb'{"id": "P\\", "parties": [{"name": "Versor", "name": "Acme \"UK\" \\"}]}'
    plain = rb'{"id": "P\\", "parties": [{"name": "Acme \"UK\" \\"}]}'

    assert refused(hidden).problem is PaymentProblem.DUPLICATE_KEY
    assert decode_payment(plain)[0].parties[0].names[0].value == 'Acme "UK" \\'


def test_a_byte_order_mark_is_read_over() -> None:
    assert decode_payment(b"\xef\xbb\xbf" + json.dumps(event()).encode())[0].id == "P-1"

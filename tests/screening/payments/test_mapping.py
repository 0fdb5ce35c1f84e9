"""Mapped JSON: values where the mapping says, everything else as text, errors by line."""

import json
from pathlib import Path
from typing import Any

import pytest

from screening.designations import Kind
from screening.payments import Payment, PaymentError, PaymentProblem, Role, decode_payment
from screening.payments.json_path import JsonPath, JsonPathError
from screening.payments.mapping_file import MappingError, read_mappings
from screening.policy.file import PolicyError, read_policy
from tests.screening.payments.screened import screened

MAPPING = """
[[mapping]]
name = "core banking"
when = "$.transfer.ref"
id = "$.transfer.ref"
amount = "$.transfer.money.value"
currency = "$.transfer.money.unit"
time = "$.transfer['booked at']"
remittance = "$.transfer.lines[*]"

[mapping.roles]
BEN = "creditor"
ORD = "debtor"

[[mapping.party]]
each = "$.transfer.parties[*]"
role_at = "@.type"
name = "@.fullName"
account = "@.acc"
country = "@.residence.country"
kind = "@.nature"
identifiers = { tax = "@.inn" }

[[mapping.party]]
role = "creditor_agent"
bic = "$.transfer.bank"
"""
EVENT: dict[str, Any] = {
    "transfer": {
        "ref": 4711,
        "money": {"value": "12.50", "unit": "EUR"},
        "booked at": "2023-08-17T09:30:00Z",
        "lines": ["INV 4471", "spare parts"],
        "parties": [
            {"type": "ORD", "fullName": "Acme", "acc": "GB29NWBK60161331926819"},
            {
                "type": "BEN",
                "fullName": "Versor s.r.o.",
                "nature": "ORGANIZATION",
                "residence": {"country": "SK"},
                "inn": 7701234567,
                "contact": "Mkrtychev",
            },
            {"type": "UBO", "fullName": "Ivan Ivanov"},
        ],
        "bank": "TATRSKBX",
        "memo": "for Verus LLC",
    }
}


def mapped(event: Any, mapping: str = MAPPING) -> Payment:
    (payment,) = decode_payment(json.dumps(event).encode(), mappings=read_mappings(mapping))
    return payment


def test_every_mapped_value_is_where_the_mapping_says_with_its_pointer() -> None:
    payment = mapped(EVENT)

    assert (payment.id, payment.format, payment.amount, payment.currency) == (
        "4711",
        "mapped",
        "12.50",
        "EUR",
    )
    assert payment.time is not None and payment.time.isoformat() == "2023-08-17T09:30:00+00:00"
    found = {item.path: (item.role, item.what, item.value) for item in screened(payment)}
    parties = "/transfer/parties"
    assert found[f"{parties}/0/fullName"] == (Role.DEBTOR, "names", "Acme")
    assert found[f"{parties}/1/fullName"] == (Role.CREDITOR, "names", "Versor s.r.o.")
    assert found[f"{parties}/1/inn"] == (Role.CREDITOR, "identifiers", "7701234567")
    assert found[f"{parties}/1/residence/country"] == (Role.CREDITOR, "countries", "SK")
    assert found["/transfer/bank"] == (Role.CREDITOR_AGENT, "identifiers", "TATRSKBX")
    assert found["/transfer/lines/1"] == (Role.REMITTANCE, "texts", "spare parts")
    assert payment.parties[1].kind is Kind.ORGANIZATION


def test_what_the_mapping_forgets_is_screened_as_other() -> None:
    found = {item.path: (item.role, item.what) for item in screened(mapped(EVENT))}

    assert found["/transfer/memo"] == (Role.OTHER, "texts")
    assert found["/transfer/parties/1/contact"] == (Role.OTHER, "texts")
    assert found["/transfer/parties/2/type"] == (Role.OTHER, "texts")


def test_a_mapped_event_inside_a_cloudevent_has_paths_into_it() -> None:
    payment = mapped({"specversion": "1.0", "id": "E-1", "source": "/", "type": "t", "data": EVENT})

    assert payment.parties[0].names[0].path == "/data/transfer/parties/0/fullName"


def test_the_first_mapping_that_covers_an_event_reads_it_and_canonical_events_need_none() -> None:
    canonical = {"id": "P-1", "parties": [{"name": "Acme"}]}

    assert mapped(canonical).format == "json"


@pytest.mark.parametrize(
    ("changes", "problem", "place"),
    [
        ({"ref": ""}, PaymentProblem.MISSING_ID, ""),
        ({"money": {"value": "NaN"}}, PaymentProblem.BAD_AMOUNT, "/transfer/money/value"),
        ({"booked at": "today"}, PaymentProblem.BAD_TIME, "/transfer/booked at"),
        ({"money": {"unit": 840}}, PaymentProblem.WRONG_TYPE, "/transfer/money/unit"),
        ({"parties": [], "bank": None}, PaymentProblem.NO_PARTIES, "mapping 'core banking'"),
    ],
)
def test_a_bad_value_is_refused_at_the_event_s_own_place(
    changes: dict[str, Any], problem: PaymentProblem, place: str
) -> None:
    with pytest.raises(PaymentError) as caught:
        mapped({"transfer": EVENT["transfer"] | changes})

    assert caught.value.problem is problem
    assert caught.value.detail.startswith(place)


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (
            MAPPING.replace('"$.transfer.ref"\nid', '"transfer.ref"\nid'),
            "line 4: when: 'transfer.ref' must start with $",
        ),
        (
            MAPPING.replace("$.transfer.lines[*]", "$.transfer.lines[x]"),
            "line 9: remittance: '$.transfer.lines[x]'",
        ),
        (MAPPING.replace("$.transfer.bank", "$..bank"), "line 26: bic: '$..bank': cannot read"),
        (MAPPING.replace('BEN = "creditor"', 'BEN = "payee"'), "line 12: no role 'payee'"),
        (MAPPING.replace("fullName", "full name"), "line 18: name"),
        (MAPPING.replace('each = "$.', 'each = "@.'), "line 16: each"),
        (MAPPING.replace("account =", "acount ="), "line 19: mapping 1, party: unknown key 'acount'"),
        (MAPPING.replace('id = "$.transfer.ref"\n', ""), "line 2: mapping 1 needs 'id'"),
        (MAPPING.replace('identifiers = { tax = "@.inn" }', 'identifiers = "@.inn"'), "line 22: identifiers"),
        (MAPPING.replace('name = "@.fullName"', "name = 7"), "line 18: name must be a path"),
        ('mapping = [{ name = "x", when = "$.a", zz = 1 }]', "line 1: mapping 1: unknown key 'zz'"),
        ("[mapping]\nname = 'x'", "line 1: mapping: write [[mapping]]"),
        ("[[mapping]", "no TOML"),
        ("mapping = " + "[" * 5_000, "no TOML"),
        (MAPPING.replace('"$.transfer.ref"', '"$.a == ' + "9" * 5_000 + '"', 1), "line 4: when: "),
        (MAPPING.replace('"$.transfer[', '{ path = "$", epoch = [] } # '), "line 8: time: epoch"),
    ],
)
def test_a_wrong_mapping_is_refused_with_its_line(broken: str, words: str) -> None:
    with pytest.raises(MappingError) as caught:
        read_mappings(broken)

    assert str(caught.value).startswith(words)


def test_a_policy_file_carries_mappings_which_are_part_of_its_hash() -> None:
    policy = read_policy(f"threshold = 0.8\n{MAPPING}")

    assert [mapping.name for mapping in policy.mappings] == ["core banking"]
    assert policy.sha256 == read_policy(f"threshold = 0.8\n{MAPPING}").sha256
    assert policy.sha256 != read_policy("threshold = 0.8").sha256
    with pytest.raises(PolicyError, match="line 2: mapping 1 needs 'id'"):
        read_policy(MAPPING.replace('id = "$.transfer.ref"\n', ""))


def test_the_example_of_the_documentation_is_a_mapping() -> None:
    page = (Path(__file__).parents[3] / "docs" / "mappings.md").read_text(encoding="utf-8")
    example = page.partition("## A first mapping")[2].partition("```toml\n")[2].partition("```")[0]

    assert mapped(EVENT, example).parties[1].names[0].value == "Versor s.r.o."


def test_paths_lead_to_values_and_their_pointers() -> None:
    value = {"a": [{"b": 1}, {"b": 2}], "odd/key": {"c": 3}}

    assert list(JsonPath.parse("$.a[*].b").values(value)) == [(1, "/a/0/b"), (2, "/a/1/b")]
    assert list(JsonPath.parse("$.a[1].b").values(value)) == [(2, "/a/1/b")]
    assert list(JsonPath.parse("$['odd/key'].c").values(value)) == [(3, "/odd~1key/c")]
    assert list(JsonPath.parse("$.a.b").values(value)) == []
    with pytest.raises(JsonPathError):
        JsonPath.parse("$.")

"""Records of a schema that no mapping covers: which fields are which party."""

from typing import Any

import pytest

from screening.payments.canonical import payment_of
from screening.payments.model import Field, Role
from screening.payments.registry.record import payment_of_record


@pytest.mark.parametrize(
    ("record", "role", "name", "path"),
    [
        ({"creditor": {"name": "Ann Green"}}, Role.CREDITOR, "Ann Green", "/creditor/name"),
        ({"creditor": "Ann Green"}, Role.CREDITOR, "Ann Green", "/creditor"),
        ({"creditor_name": "Ann Green"}, Role.CREDITOR, "Ann Green", "/creditor_name"),
        ({"beneficiaryFullName": "Ann Green"}, Role.CREDITOR, "Ann Green", "/beneficiaryFullName"),
        ({"UltimateDebtorName": "Ann Green"}, Role.ULTIMATE_DEBTOR, "Ann Green", "/UltimateDebtorName"),
        ({"creditor_agent_name": "QWX"}, Role.CREDITOR_AGENT, "QWX", "/creditor_agent_name"),
        ({"payer": {"lastName": "Green", "firstName": "Ann"}}, Role.DEBTOR, "Ann Green", "/payer/firstName"),
        ({"payee_name1": "Ann", "payee_name2": "Green"}, Role.CREDITOR, "Ann Green", "/payee_name1"),
        ({"PAYEE_NAME": "Ann", "PAYEE_NAME_2": "Green"}, Role.CREDITOR, "Ann Green", "/PAYEE_NAME"),
        ({"payee": {"name2": "Green", "name": "Ann"}}, Role.CREDITOR, "Ann Green", "/payee/name"),
        (
            {"payer_last_name": "Green", "payer_first_name": "Ann"},
            Role.DEBTOR,
            "Ann Green",
            "/payer_first_name",
        ),
    ],
)
def test_a_field_named_after_a_role_is_that_party(
    record: dict[str, Any], role: Role, name: str, path: str
) -> None:
    (party,) = payment_of_record({"id": "R-1", **record}, "avro", None, "").parties

    assert (party.role, party.names, party.texts) == (role, (Field(name, path),), ())


def test_what_stands_flat_and_in_a_record_is_one_party() -> None:
    record = {"id": "R-1", "creditor": {"name": "Ann Green", "note": "rent"}, "creditor_country": "AT"}
    creditor, rest = payment_of_record(record, "avro", None, "").parties

    assert (creditor.names[0].value, creditor.countries) == ("Ann Green", (Field("AT", "/creditor_country"),))
    assert [field.value for field in rest.texts] == ["rent"]


def test_parts_beside_a_name_and_other_fields_are_text() -> None:
    record = {"id": "R-1", "payee": {"name": "Ann Green", "surname": "Brown"}, "payee_note": "rent"}
    payee, rest = payment_of_record(record, "avro", None, "").parties

    assert [field.value for field in payee.names] == ["Ann Green"]
    assert [field.value for field in rest.texts] == ["Brown", "Ann Green Brown", "rent"]


@pytest.mark.parametrize("key", ["remittance", "remittance_information", "remittanceInformation"])
def test_a_remittance_is_text_over_its_lines_and_nobody_s_name(key: str) -> None:
    record = {"id": "R-1", "creditor": "Ann", key: ["rent for BOB", "BROWN, May"]}
    _, party = payment_of_record(record, "avro", None, "").parties

    assert (party.role, party.names) == (Role.REMITTANCE, ())
    assert [field.value for field in party.texts] == ["rent for BOB", "BROWN, May", "rent for BOB BROWN, May"]


def test_a_list_of_a_record_or_an_event_is_read_as_lines_where_it_is_short() -> None:
    long = ["x" * 600, "y" * 600]
    for lines, joined in ((["for BOB", "BROWN"], ["for BOB BROWN"]), (long, [])):
        found = payment_of_record({"id": "R-1", "memo": lines}, "avro", None, "").parties[-1]
        assert [field.value for field in found.texts] == [*lines, *joined]
        event = {"id": "P-1", "parties": [{"name": "Ann", "notes": lines}], "memo": lines}
        for party in payment_of(event).parties:
            assert [field.value for field in party.texts] == [*lines, *joined]

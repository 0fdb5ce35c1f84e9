"""Records of a schema that no mapping covers: which fields are which party."""

from typing import Any

import pytest

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

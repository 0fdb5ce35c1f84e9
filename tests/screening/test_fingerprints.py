"""What makes a party or a designation another one for a verdict, and what does not."""

from dataclasses import replace

import pytest

from screening import Designation, Name, NameType, Party, Role
from screening.designations import Identifier
from screening.fingerprints import designation_fingerprint, party_fingerprint
from screening.payments.model import Field, PartyIdentifier

ACME = Party(
    Role.CREDITOR,
    names=(Field("Acme Trading, Ltd", "/parties/0/name"),),
    identifiers=(PartyIdentifier("iban", "GB29 NWBK 6016 1331 9268 19", "/parties/0/account"),),
    countries=(Field("GB", "/parties/0/country"),),
)


@pytest.mark.parametrize(
    "same",
    [
        ACME._replace(role=Role.DEBTOR),
        ACME._replace(names=(Field("ACME  TRADING LTD", "/parties/7/name"),)),
        ACME._replace(identifiers=(PartyIdentifier("iban", "GB29NWBK60161331926819", ""),)),
    ],
)
def test_role_place_case_and_punctuation_leave_the_party_the_same(same: Party) -> None:
    assert party_fingerprint(same) == party_fingerprint(ACME)


@pytest.mark.parametrize(
    "other",
    [
        ACME._replace(names=(Field("Acme Traders Ltd", ""),)),
        ACME._replace(names=(*ACME.names, Field("Versor", ""))),
        ACME._replace(countries=(Field("RU", ""),)),
        ACME._replace(identifiers=()),
        ACME._replace(texts=(Field("for Versor", ""),)),
    ],
)
def test_another_name_country_or_account_is_another_party(other: Party) -> None:
    assert party_fingerprint(other) != party_fingerprint(ACME)


def test_any_change_of_a_designation_changes_its_fingerprint() -> None:
    versor = Designation("ofac:44521", (Name("VERSOR S.R.O.", NameType.PRIMARY),))
    told = {
        designation_fingerprint(changed)
        for changed in (
            versor,
            replace(versor, names=(*versor.names, Name("Versor"))),
            replace(versor, identifiers=(Identifier("lei", "1"),)),
            replace(versor, remarks="amended"),
        )
    }

    assert len(told) == 4
    assert designation_fingerprint(replace(versor)) == designation_fingerprint(versor)

"""Hashes that outlive a version: workers, case systems and archives of two versions must agree on them.

One that changes here changes every id or verdict that stands on a topic: raise `IDS` or say so in the notes.
"""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from screening import Designation, Kind, Name, NameType, Party, Payment, Role, decode_payment
from screening.decisions import (
    Decision,
    Hit,
    ListState,
    Outcome,
    Reason,
    SuppressedHit,
    alert_id,
    content_of,
    content_of_bytes,
    resubmission_alert_id,
)
from screening.designations import DateRange, Gender
from screening.fingerprints import (
    designation_fingerprint,
    owned_fingerprint,
    party_fingerprint,
    plain,
    resubmission_fingerprint,
    squeezed,
)
from screening.payments.model import Field, PartyIdentifier, PaymentError, PaymentProblem, refused_payment
from screening.policy.rules import Action

PARTY = Party(
    Role.CREDITOR,
    names=(Field("Versor,  S.R.O.", "/n"), Field("राम", "/n2")),
    identifiers=(PartyIdentifier("iban", "SK12 3456", "/i"),),
    addresses=(Field("Hlavná 1", "/a"),),
    countries=(Field("SK", "/c"),),
    texts=(Field("for goods", "/t"),),
    kind=Kind.PERSON,
    birth_date=DateRange(date(1968, 5, 1), date(1968, 5, 31), circa=True),
    gender=Gender.MALE,
)
TEXT = Party(Role.REMITTANCE, texts=(Field("Versor", "/r"),))
PAYMENT = Payment("P-1", (PARTY, TEXT), amount="12.00", currency="USD", rail="swift", uetr="u-1")
BARE = Payment("P-2", (Party(Role.DEBTOR_AGENT, names=(Field("Qwx Bank", "/b"),)), TEXT))
LISTED = Designation("ofac:1", (Name("VERSOR S.R.O.", NameType.PRIMARY),), listed_on=date(2023, 8, 16))
HIT = Hit(
    *(LISTED, LISTED.names[0], "Versor,  S.R.O.", 1.0, 0.8, Action.HOLD, Reason.NAME, Role.CREDITOR, "/n"),
    alert_id="a1",
    confirmed_by="somebody",
)
DECISION = Decision(
    *(
        "P-1",
        "c",
        Outcome.HIT,
        (HIT, replace(HIT, name=None)),
        ListState(),
        "policy",
        "1",
        "payment",
        "",
        ("note",),
    ),
    suppressed=(SuppressedHit(HIT, "somebody", "checked", datetime(2026, 1, 2, tzinfo=UTC)),),
)
UNNAMED = b"<Document><X><Dbtr><Nm>Acme</Nm></Dbtr></X></Document>"
REFUSED = PaymentError(PaymentProblem.NOT_JSON, "")
SEPARATED = PAYMENT._replace(uetr="u\x1f1")


def hashes() -> dict[str, str]:
    """Made when asked for: by what stands there then, not by what did when the tests were collected."""
    return {
        "content": content_of(PAYMENT),
        "content of next to nothing": content_of(BARE),
        "content with the separator": content_of(SEPARATED),
        "content of bytes": content_of_bytes(b"{"),
        "content of no bytes": content_of_bytes(None),
        "message without a reference": decode_payment(UNNAMED)[0].id,
        "refused part of a message": refused_payment(REFUSED, b"{", "json").id,
        "decision": DECISION.decision_id,
        "decision with the separator": replace(DECISION, error="a\x1fb").decision_id,
        "alert": alert_id(HIT, "P-1", "c"),
        "resubmission's alert": resubmission_alert_id("P-1", "c", "a1"),
        "party": party_fingerprint(PARTY, PAYMENT),
        "text between two ends": party_fingerprint(TEXT, PAYMENT),
        "text between banks": party_fingerprint(TEXT, BARE),
        "text alone": party_fingerprint(TEXT),
        "owned": owned_fingerprint("p", [("b", "c", 60.0), ("a", "b", 51.0)]),
        "resubmission": resubmission_fingerprint(PAYMENT, "p"),
        "designation": designation_fingerprint(LISTED),
    }


SAID = {
    "message without a reference": "sha256-6434bbfb0deb40a2bee5a7a3b6e1520e",
    "refused part of a message": "sha256-021fb596db81e6d02bf3d2586ee3981f",
    "content": "5a509cd755c29fc318614074b519a85b",
    "content of next to nothing": "99d242f2820037e72a4a58fd565d91ff",
    "content with the separator": "d81a1a67ea086f38f57d5ea23cec07e4",
    "content of bytes": "021fb596db81e6d02bf3d2586ee3981f",
    "content of no bytes": "e3b0c44298fc1c149afbf4c8996fb924",
    "decision": "c08985e6d1edd03f2dbe83f6af03e498",
    "decision with the separator": "06e267587fd75b170e9687b044131320",
    "alert": "c2a072164cd524f984d6fc9797db0915",
    "resubmission's alert": "3b0aec2a8c5eddb42025f48386e4fd2a",
    "party": "93dd7aeddf30214a79702cc90639cae3",
    "text between two ends": "3f952777008d9fdb00c023ae4a507c1d",
    "text between banks": "66b602f1156830d36d380b4ea4273cff",
    "text alone": "d9d119bd30fa1c5496e67e014b83bd0d",
    "owned": "92406bece3124ab2c54b674c8677f150",
    "resubmission": "241f1d3f30d3fc0d33e5cd653cac3e4e",
    "designation": "34ad4b32b55f32bccccca8b2357ecc9d",
}


def test_a_hash_is_the_same_in_every_version() -> None:
    assert hashes() == SAID


@pytest.mark.parametrize(
    ("value", "words", "code"),
    [
        ("VERSOR,  S.R.O.", "versor s r o", "versorsro"),
        (" _a-b_ ", "a b", "ab"),
        ("राम", "राम", "राम"),
        ("रा मी", "रा मी", "रामी"),
        ("e\u0301 —\u0301 x", "é \u0301 x", "é\u0301x"),
        ("Straße №1", "strasse no1", "strasseno1"),
        ("中 。文", "中 文", "中文"),
        ("", "", ""),
    ],
)
def test_a_value_is_compared_without_case_and_signs_but_with_its_marks(
    value: str, words: str, code: str
) -> None:
    assert (plain(value), squeezed(value)) == (words, code)

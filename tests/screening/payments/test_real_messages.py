"""The real messages beside the repository: each one decodes, and nothing in them goes unscreened."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from screening import Designation, Kind, Name, Screener
from screening.payments import PaymentError, Role, decode_payment
from tests.screening.payments.oracle import local, mt_lines, named_values
from tests.screening.payments.screened import screened
from tests.shared_data import SHARED_DATA, needs_shared_data

PLANTED = "Versor s.r.o."
SEARCHED = ("names", "texts", "addresses")
LARGEST_SHARE_OF_OTHER = 0.05
"""Values without a role of their own: settlement, regulatory and supplementary parts name no party."""

XML = sorted((SHARED_DATA / "iso20022").glob("*.xml"))
MT = sorted((SHARED_DATA / "mt").glob("*.fin"))
MAXIMAL = [path for path in XML if ".max." in path.name]

pytestmark = needs_shared_data


@pytest.mark.parametrize("path", XML, ids=lambda path: path.name)
def test_every_value_of_an_iso_20022_message_is_screened(path: Path) -> None:
    raw = path.read_bytes()

    payments = decode_payment(raw)

    values = {item.value for payment in payments for item in screened(payment)}
    assert named_values(raw) <= values
    assert all(payment.format != "iso20022" or payment.notes for payment in payments)


def test_few_values_of_the_real_messages_are_in_role_other() -> None:
    """`benchmarks.payments.coverage` prints the table."""
    roles = []
    for path in XML:
        wanted = named_values(raw := path.read_bytes())
        for payment in decode_payment(raw):
            roles += [item.role for item in screened(payment) if item.value in wanted]

    assert roles.count(Role.OTHER) / len(roles) < LARGEST_SHARE_OF_OTHER


@pytest.mark.parametrize("path", MAXIMAL, ids=lambda path: path.name)
def test_a_name_in_any_leaf_of_a_maximal_message_is_screened_or_the_message_refused(path: Path) -> None:
    tree = ElementTree.fromstring(path.read_bytes())  # noqa: S314
    leaves = [each for each in tree.iter() if not len(each) and (each.text or "").strip()]

    assert len(leaves) > 100
    assert [*map(local, missed(tree, leaves))] == []


@pytest.mark.parametrize("path", MAXIMAL, ids=lambda path: path.name)
def test_a_message_that_fills_every_field_is_screened_within_the_limits(path: Path) -> None:
    screener = Screener()
    screener.upsert(Designation("ofac:1", (Name("Versor LLC"),), Kind.ORGANIZATION))

    for payment in decode_payment(path.read_bytes()):
        assert not screener.screen(payment).error


def missed(tree: ElementTree.Element, leaves: list[ElementTree.Element]) -> list[ElementTree.Element]:
    """Of these leaves, with a name of its own in each, those whose name is not screened.

    A refused message says nothing of its other leaves: each half is tried apart, down to a leaf alone.
    """
    kept = [leaf.text for leaf in leaves]
    for number, leaf in enumerate(leaves):
        leaf.text = f"{PLANTED} {number}"
    try:
        (payment,) = decode_payment(ElementTree.tostring(tree))
        found = {item.value for item in screened(payment) if item.what in SEARCHED}
        return [leaf for leaf in leaves if leaf.text not in found]
    except PaymentError:
        pass
    finally:
        for leaf, text in zip(leaves, kept, strict=True):
            leaf.text = text
    half = len(leaves) // 2
    return missed(tree, leaves[:half]) + missed(tree, leaves[half:]) if half else []


@pytest.mark.parametrize("path", MT, ids=lambda path: path.name)
def test_every_name_line_of_an_mt_message_is_screened(path: Path) -> None:
    raw = path.read_bytes()

    payments = decode_payment(raw)

    values = {item.value for payment in payments for item in screened(payment)}
    for line in mt_lines(raw.decode()):
        assert line in values or line.lstrip("/") in values or any(line in value for value in values)
    assert all(payment.format != "mt" or payment.notes for payment in payments)

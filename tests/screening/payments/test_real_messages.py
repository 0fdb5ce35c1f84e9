"""The real messages beside the repository: each one decodes, and nothing in them goes unscreened."""

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from screening import Designation, Kind, Name, Screener
from screening.payments import PaymentError, Role, decode_payment
from tests.screening.payments.oracle import local, mt_lines, named_values
from tests.screening.payments.screened import screened
from tests.shared_data import SHARED_DATA, needs_shared_data

PLANTED = "Versor s.r.o."
WAYS: dict[str, Callable[[int], str]] = {
    "plain": lambda number: f"{PLANTED} {number}",
    "Han": lambda number: "金正" + chr(0x4E00 + number),
    "percent": lambda number: "".join(f"%{byte:02X}" for byte in f"{PLANTED} {number}".encode()),
    "quoted-printable": lambda number: "".join(f"={byte:02X}" for byte in f"Верус {number}".encode()),
    "entities": lambda number: "".join(f"&#{ord(sign)};" for sign in f"{PLANTED} {number}"),
    "JSON": lambda number: "".join(f"\\u{ord(sign):04x}" for sign in f"{PLANTED} {number}"),
}
"""How a name is written; each leaf has its own."""
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


@pytest.mark.parametrize(
    ("path", "write"),
    [
        *((path, "plain") for path in MAXIMAL),
        *((path, way) for path in MAXIMAL[:1] for way in WAYS if way != "plain"),
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_a_name_in_any_leaf_of_a_maximal_message_is_screened_or_the_message_refused(
    path: Path, write: str
) -> None:
    tree = ElementTree.fromstring(path.read_bytes())  # noqa: S314
    leaves = [each for each in tree.iter() if not len(each) and (each.text or "").strip()]

    assert len(leaves) > 100
    assert [*map(local, missed(tree, leaves, WAYS[write]))] == []


@pytest.mark.parametrize("path", MAXIMAL, ids=lambda path: path.name)
def test_a_message_that_fills_every_field_is_screened_within_the_limits(path: Path) -> None:
    screener = Screener()
    screener.upsert(Designation("ofac:1", (Name("Versor LLC"),), Kind.ORGANIZATION))

    for payment in decode_payment(path.read_bytes()):
        assert not screener.screen(payment).error


def missed(
    tree: ElementTree.Element, leaves: list[ElementTree.Element], write: Callable[[int], str]
) -> list[ElementTree.Element]:
    """Of these leaves, with a name of its own in each, those whose name is not screened.

    A refused message says nothing of its other leaves: each half is tried apart, down to a leaf alone.
    """
    kept = [leaf.text for leaf in leaves]
    for number, leaf in enumerate(leaves):
        leaf.text = write(number)
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
    return missed(tree, leaves[:half], write) + missed(tree, leaves[half:], write) if half else []


@pytest.mark.parametrize("path", MT, ids=lambda path: path.name)
def test_every_name_line_of_an_mt_message_is_screened(path: Path) -> None:
    raw = path.read_bytes()

    payments = decode_payment(raw)

    values = {item.value for payment in payments for item in screened(payment)}
    for line in mt_lines(raw.decode()):
        assert line in values or line.lstrip("/") in values or any(line in value for value in values)
    assert all(payment.format != "mt" or payment.notes for payment in payments)

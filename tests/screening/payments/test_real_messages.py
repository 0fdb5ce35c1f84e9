"""The real messages beside the repository: each one decodes, and nothing in them goes unscreened.

The oracle is a walk of its own over the raw text, which knows nothing of the decoders' tables. S314 is
waived below: these files are known, and an oracle must not share our parser.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from screening.payments import PaymentError, Role, decode_payment
from tests.screening.payments.screened import screened
from tests.shared_data import SHARED_DATA, needs_shared_data

ORACLE = {"Nm", "AnyBIC", "BICFI", "LEI", "IBAN", "Ustrd", "AddtlRmtInf", "InstrInf", "AdrLine", "AddtlInf"}
PLACES = {"TwnNm", "TwnLctnNm", "DstrctNm", "CtrySubDvsn", "PstCd"}
"""Towns and regions: screened against embargoes, not for names, or a ship stops payments to its namesake."""
PLANTED = "Versor s.r.o."
LARGEST_SHARE_OF_OTHER = 0.05
"""Values without a role of their own: settlement, regulatory and supplementary parts name no party."""

XML = sorted((SHARED_DATA / "iso20022").glob("*.xml"))
MT = sorted((SHARED_DATA / "mt").glob("*.fin"))
MAXIMAL = [path for path in XML if ".max." in path.name]

pytestmark = needs_shared_data


def leaves(raw: bytes) -> Iterator[ElementTree.Element]:
    """Every element with text of its own and nothing below."""
    for element in ElementTree.fromstring(raw.removeprefix(b"\xef\xbb\xbf").lstrip()).iter():  # noqa: S314
        if not len(element) and element.text and element.text.strip():
            yield element


def local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


@pytest.mark.parametrize("path", XML, ids=lambda path: path.name)
def test_every_value_of_an_iso_20022_message_is_screened(path: Path) -> None:
    raw = path.read_bytes()

    payments = decode_payment(raw)

    values = {item.value for payment in payments for item in screened(payment)}
    assert {element.text for element in leaves(raw) if local(element) in ORACLE} <= values
    assert all(payment.format != "iso20022" or payment.notes for payment in payments)


def test_few_values_of_the_real_messages_are_in_role_other(
    record_property: Callable[[str, object], None],
) -> None:
    roles = []
    for path in XML:
        raw = path.read_bytes()
        wanted = [element.text for element in leaves(raw) if local(element) in ORACLE]
        for payment in decode_payment(raw):
            roles += [item.role for item in screened(payment) if item.value in wanted]

    share = roles.count(Role.OTHER) / len(roles)

    record_property("in role other", f"{share:.1%} of {len(roles)} names, agents, accounts and texts")
    assert share < LARGEST_SHARE_OF_OTHER


@pytest.mark.parametrize("path", MAXIMAL, ids=lambda path: path.name)
def test_a_name_in_any_leaf_of_a_maximal_message_is_screened_or_the_message_refused(path: Path) -> None:
    raw = path.read_bytes()
    tree = ElementTree.fromstring(raw)  # noqa: S314
    missed = []
    for element in tree.iter():
        if len(element) or not (element.text or "").strip():
            continue
        kept, element.text = element.text, PLANTED
        try:
            (payment,) = decode_payment(ElementTree.tostring(tree))
            wanted = ("addresses",) if local(element) in PLACES else ("names", "texts")
            if not any(item.value == PLANTED and item.what in wanted for item in screened(payment)):
                missed.append(local(element))
        except PaymentError:
            pass
        element.text = kept

    assert missed == []


@pytest.mark.parametrize("path", MT, ids=lambda path: path.name)
def test_every_name_line_of_an_mt_message_is_screened(path: Path) -> None:
    raw = path.read_bytes()

    (payment,) = decode_payment(raw)

    values = {item.value for item in screened(payment)}
    for line in party_and_text_lines(raw.decode()):
        assert line in values or line.lstrip("/") in values or any(line in value for value in values)
    assert payment.format != "mt" or payment.notes


def party_and_text_lines(message: str) -> Iterator[str]:
    """Every line of fields 50, 52 to 59, 70 and 72 with a letter in it, less `n/` and account marks."""
    fields = re.findall(r"^:(5[02-9][A-Z]?|70|72):(.*?)(?=^:|^-\}|\Z)", message, re.MULTILINE | re.DOTALL)
    for tag, value in fields:
        for line in value.splitlines():
            structured = re.fullmatch(r"(?:3/[A-Z]{2}/|[1-8]/)(.*)", line) if tag.endswith("F") else None
            word = structured[1] if structured else line
            if re.search("[A-Za-z]{2}", word) and word.strip("/").upper() != "NOTPROVIDED":
                yield word.removeprefix("//").removeprefix("/")

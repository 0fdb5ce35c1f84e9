"""What is read of each case, whole: every value, where it stood, and what it is taken for.

`cases/said.txt` holds it, a line a value; a change of a decoder shows there as a diff. Of the real messages
beside the repository there is one hash each: two versions that differ in it give one payment two decisions.
`python -m tests.screening.payments.test_read_whole` writes both anew, to be read before they are kept.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from screening.decisions import content_of
from screening.payments import Payment, PaymentError, decode_payment
from screening.payments.flat.fedwire import is_fedwire
from screening.payments.flat.nacha import is_nacha
from screening.payments.model import Party
from tests.screening.said import kept, write
from tests.shared_data import SHARED_DATA, needs_shared_data

CASES = Path(__file__).parent / "cases"
SAID = CASES / "said.txt"
KEPT = kept(SAID)
HASHES = CASES / "hashes.txt"
FILES = sorted(path for path in CASES.iterdir() if path.suffix in (".json", ".xml", ".txt", ".fin", ".bin"))
FILES = [path for path in FILES if path not in (SAID, HASHES)]
REAL = sorted([*(SHARED_DATA / "iso20022").glob("*.xml"), *(SHARED_DATA / "mt").glob("*.fin")])


def read(raw: bytes) -> list[str]:
    """A line for each thing that is read."""
    try:
        return [line for payment in decode_payment(raw) for line in of_payment(payment)]
    except PaymentError as error:
        return [f"! {error.problem} {error.payment_id}: {error.detail}"]


def of_payment(payment: Payment) -> Iterator[str]:
    time = payment.time.isoformat() if payment.time else None
    said = (
        payment.format,
        time,
        payment.amount,
        payment.currency,
        payment.rail,
        payment.uetr,
        payment.status,
    )
    yield f"{payment.id} | " + " | ".join(each or "-" for each in said)
    yield from (f"  note {note}" for note in payment.notes)
    if payment.refused:
        yield f"  refused {payment.refused.problem}: {payment.refused.detail}"
    for party in payment.parties:
        yield from of_party(party)


def of_party(party: Party) -> Iterator[str]:
    born = f"{party.birth_date.earliest} {party.birth_date.latest}" if party.birth_date else "-"
    yield f"  {party.role} {party.kind or '-'} {born} {party.gender or '-'}"
    for what in ("names", "addresses", "countries", "texts"):
        yield from (f"    {what} {value!r} @ {path}" for value, path in getattr(party, what))
    yield from (f"    {scheme} {value!r} @ {path}" for scheme, value, path in party.identifiers)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_case_is_read_as_it_always_was(path: Path) -> None:
    assert read(path.read_bytes()) == KEPT[path.name]


def test_the_cases_of_flat_files_are_of_their_format() -> None:
    for name, told in (
        ("full_nacha.txt", is_nacha),
        ("nacha_iat.txt", is_nacha),
        ("full_fedwire.txt", is_fedwire),
    ):
        raw = (CASES / name).read_bytes()
        assert told(raw) and is_nacha(raw) is not is_fedwire(raw)


def test_nothing_is_said_of_a_case_that_is_gone() -> None:
    assert KEPT.keys() == {path.name for path in FILES}


def hashed(raw: bytes) -> str:
    """Of the ids and contents of a message's payments."""
    named = [f"{payment.id} {content_of(payment)}" for payment in decode_payment(raw)]
    return hashlib.sha256("\n".join(named).encode()).hexdigest()[:16]


@needs_shared_data
def test_real_messages_have_the_hashes_that_they_always_had() -> None:
    known = dict(line.split() for line in HASHES.read_text(encoding="utf-8").splitlines())

    assert {path.name: hashed(path.read_bytes()) for path in REAL} == known


if __name__ == "__main__":
    write(SAID, [(path.name, read(path.read_bytes())) for path in FILES])
    hashes = [f"{path.name} {hashed(path.read_bytes())}\n" for path in REAL]
    HASHES.write_text("".join(hashes), encoding="utf-8")

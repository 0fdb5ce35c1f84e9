"""What is made of every column of a NACHA record: a sign planted there, and a word that begins there.

`columns.txt` has three lines for each record. The first has a letter for each column, by what a sign in it
comes to: a name, an address, a text, an identifier, a country, the payment's id (#), its currency ($), an
amount that is refused (x), another record (!), or nothing (.). The second has a T where two words that begin
there make the record a text, because both stand in no column and among no codes. The third has a # where a
sign is in the payment's id, whatever else it is. `python -m
tests.screening.payments.flat.test_columns` writes it anew, to be read before it is kept.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from screening.payments import Payment, PaymentError
from screening.payments.flat.nacha import WIDTH, decode_nacha
from screening.payments.model import Role
from tests.screening.said import kept, write

SAID = Path(__file__).with_name("columns.txt")
KEPT = kept(SAID)
SIGN, WORDS = "Ω", "A b"
"""Either word alone is no name: they are missed as soon as one of their columns is a code's."""
FIELDS = ("names", "addresses", "texts", "identifiers", "countries")
FILE = "101"
ENTRY = "622".ljust(29) + "0000000100"
ADDENDA = ("05", *map(str, range(10, 19)), "98", "99")


def batch(sec: str) -> str:
    return "5200".ljust(50) + sec


RECORDS = {
    "file": ((FILE, batch("PPD"), ENTRY), 0),
    "batch PPD": ((FILE, batch("PPD"), ENTRY), 1),
    "batch IAT": ((FILE, batch("IAT"), ENTRY), 1),
    **{f"entry {sec}": ((FILE, batch(sec), ENTRY), 2) for sec in ("PPD", "CTX", "ACK", "ATX", "IAT")},
    **{f"addendum {kind}": ((FILE, batch("IAT"), ENTRY, "7" + kind), 3) for kind in ADDENDA},
    "end of a batch": ((FILE, batch("PPD"), ENTRY, "8200"), 3),
    "end of a file": ((FILE, batch("PPD"), ENTRY, "9"), 3),
    "of another kind": ((FILE, batch("PPD"), ENTRY, "2"), 3),
}


def planted(record: str, value: str) -> Iterator[Payment | None]:
    """The payment with the value in every column in turn; None where it is none any more."""
    lines, which = RECORDS[record]
    for column in range(WIDTH):
        line = lines[which].ljust(WIDTH)
        changed = (line[:column] + value + line[column + len(value) :])[:WIDTH]
        try:
            yield decode_nacha("\n".join((*lines[:which], changed, *lines[which + 1 :])).encode())[0]
        except PaymentError:
            yield None


def comes_to(payment: Payment | None) -> str:
    """What the sign in a payment is."""
    if payment is None:
        return "!"
    for field in FIELDS:
        if any(SIGN in each.value for party in payment.parties for each in getattr(party, field)):
            return field[0].upper()
    signs = {"#": SIGN in payment.id, "$": SIGN in (payment.currency or ""), "x": payment.refused}
    return next((sign for sign, so in signs.items() if so), ".")


def is_text(payment: Payment | None, line: int) -> bool:
    """Whether a whole record is among a payment's texts."""
    return payment is not None and any(
        field.path == str(line) for party in payment.parties for field in party.texts
    )


def columns(record: str) -> list[str]:
    """The three lines of a record."""
    number = RECORDS[record][1] + 1
    return [
        "".join(map(comes_to, planted(record, SIGN))),
        "".join("T" if is_text(payment, number) else "." for payment in planted(record, WORDS)),
        "".join("#" if payment and SIGN in payment.id else "." for payment in planted(record, SIGN)),
    ]


@pytest.mark.parametrize("record", RECORDS)
def test_every_column_of_a_record_is_what_it_always_was(record: str) -> None:
    assert columns(record) == KEPT[record]


def test_an_entry_is_a_debit_by_its_code_alone() -> None:
    debits = {"27", "28", "29", "37", "38", "39", "47", "48", "49", "55"}

    for code in map("{:02}".format, range(100)):
        entry = ("6" + code).ljust(29) + "0000000100".ljust(25) + "ANN GREEN"
        (payment,) = decode_nacha("\n".join((FILE, batch("PPD"), entry)).encode())
        (party,) = payment.parties
        assert (party.role is Role.DEBTOR) is (code in debits), code


if __name__ == "__main__":
    write(SAID, [(record, columns(record)) for record in RECORDS])

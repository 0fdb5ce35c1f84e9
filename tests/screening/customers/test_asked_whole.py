"""Which customers a list name is compared with, whole: a bound that lets more through finds nobody more.

`asked.txt` holds them for one small book, `written.txt`, a line each: a name and its kind, or an address.
`python -m tests.screening.customers.test_asked_whole` writes it anew, to be read before it is kept.
"""

import json
from functools import cache
from pathlib import Path

from screening import Designation, Kind, Name, NameType, Policy
from screening.customers.customer import Customer, decode_customer
from screening.customers.inverted import InvertedIndex
from tests.screening.said import changed, kept, write

SAID = Path(__file__).with_name("asked.txt")
KEPT = kept(SAID)
WRITTEN = Path(__file__).with_name("written.txt").read_text(encoding="utf-8").splitlines()


def customer(line: str) -> Customer:
    """Of `kind | name`, where the kind may be unknown, or of `address | line / line`."""
    said, _, value = line.partition(" | ")
    fields: dict[str, object] = {"name": value, "kind": said}
    if said == "address":
        fields = {"identifiers": {"passport": "X0000000"}, "address": value.split(" / ")}
    elif said == "unknown":
        del fields["kind"]
    return decode_customer(line, json.dumps(fields).encode())


@cache
def book() -> InvertedIndex:
    """All of them, after as many others that came and went."""
    index = InvertedIndex(Policy())
    others = [customer(line) for line in reversed(WRITTEN)]
    places = [index.put(number, other) for number, other in enumerate(others)]
    for number, other in enumerate(others):
        index.remove(number, other, places[number])
    for number, line in enumerate(WRITTEN):
        index.put(number, customer(line))
    return index


def asked(listed: str) -> list[str]:
    """The customers who may be `kind | name`."""
    kind, _, name = listed.partition(" | ")
    entry = Designation("t:1", (Name(name, NameType.PRIMARY),), Kind(kind) if kind != "unknown" else None)
    return [f"  {WRITTEN[number]}" for number in sorted(book().candidates(entry))]


def test_a_list_name_is_compared_with_whom_it_always_was() -> None:
    assert changed(KEPT, asked) == {}


if __name__ == "__main__":
    write(SAID, [(said, asked(said)) for said in KEPT])

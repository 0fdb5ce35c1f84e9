"""What is read of each field of an MT message by itself: parties in every option, narratives, subfields.

`mt_fields.txt` holds it whole, for `tag | line / line`; `python -m tests.screening.payments.test_mt_fields`
writes it anew, to be read before it is kept.
"""

from collections.abc import Iterable
from pathlib import Path

from screening.payments.model import Party
from screening.payments.mt.parties import PARTY_ROLES, party_of
from screening.payments.mt.subfields import subfields
from screening.payments.mt.text import NARRATIVES, narrative
from tests.screening.said import changed, kept, write

SAID = Path(__file__).with_name("mt_fields.txt")
KEPT = kept(SAID)


def read(said: str) -> Iterable[str]:
    """A line for each party, and one for each of its values."""
    tag, _, value = said.partition(" | ")
    lines = value.split(" / ")
    parties: list[Party] = []
    if tag[:2] in PARTY_ROLES and tag != "86":
        parties.append(party_of(tag, lines, tag))
    elif tag == "86" and (found := subfields(lines, tag)):
        parties += found
    else:
        narrative(NARRATIVES[tag], lines, tag, parties)
    for party in parties:
        yield " ".join(["", party.role, party.kind or "", str(party.birth_date or "")]).rstrip()
        for kind in ("names", "identifiers", "addresses", "countries", "texts"):
            yield from (f"   {kind} {[*each]}" for each in getattr(party, kind))


def test_a_field_is_read_as_it_always_was() -> None:
    assert changed(KEPT, read) == {}


if __name__ == "__main__":
    write(SAID, [(said, read(said)) for said in KEPT])

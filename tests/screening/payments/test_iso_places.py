"""Places of ISO 20022 elements: kept between messages, bounded, and never part of what is read."""

import pytest

from screening.payments import decode_payment
from screening.payments.iso import walk as iso_walk
from screening.payments.iso.places import LONGEST_KEPT, Memo

MESSAGE = (
    b"<Document xmlns='urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08' xmlns:x='urn:other'>"
    b"<FIToFICstmrCdtTrf>"
    b"<GrpHdr><MsgId>M</MsgId></GrpHdr><CdtTrfTxInf><Cdtr><Nm>Versor</Nm><x:Nm>Verus</x:Nm></Cdtr>"
    b"</CdtTrfTxInf></FIToFICstmrCdtTrf></Document>"
)


def test_a_place_is_worked_out_once() -> None:
    top = Memo().top

    assert top.child("{urn:a}Dbtr") is top.below["{urn:a}Dbtr"]


def test_too_many_places_make_the_memo_start_anew() -> None:
    top = Memo(most=3).top
    for number in range(4):
        top.child(f"Name{number}")

    assert list(top.below) == ["Name3"]


@pytest.mark.parametrize("tag", ["N" * (LONGEST_KEPT + 1), f"{{{'u' * LONGEST_KEPT}}}Nm"])
def test_what_is_too_long_is_read_and_not_kept(tag: str) -> None:
    top = Memo().top

    assert top.child(tag).name == tag.rpartition("}")[2]
    assert not top.below


@pytest.mark.parametrize("tag", ["N" * (LONGEST_KEPT - 1), f"{{{'u' * (LONGEST_KEPT - 4)}}}Nm"])
def test_what_is_as_long_as_it_may_be_is_kept(tag: str) -> None:
    top = Memo().top

    assert top.child(tag) is top.below[tag]


def test_what_is_kept_does_not_change_what_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(iso_walk, "_PLACES", Memo())
    cold = decode_payment(MESSAGE)
    warm = decode_payment(MESSAGE)
    monkeypatch.setattr(iso_walk, "_PLACES", Memo(most=1))
    forgetful = decode_payment(MESSAGE)

    assert cold == warm == forgetful


def test_elements_of_one_name_are_counted_together_whatever_their_namespace() -> None:
    creditor = next(party for party in decode_payment(MESSAGE)[0].parties if party.role == "creditor")

    assert [name.path.rpartition("/")[2] for name in creditor.names] == ["Nm", "Nm[2]"]

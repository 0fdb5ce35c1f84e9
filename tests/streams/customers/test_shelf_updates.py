"""Records of customers onto their shelf, and what services tell each other; without a broker."""

from datetime import UTC, datetime
from typing import Any, NamedTuple

import orjson
import pytest

from screening import Policy
from screening.customers.book import Book
from screening.decisions import MATCHER, ListState
from streams.audit.chain import HEADER, Chain
from streams.customers.proofs import ProofReplica
from streams.customers.reading import CustomerReader
from streams.customers.shelf import Shelf, Trigger
from streams.customers.standings import StandingReplica
from streams.records.customers import Proof, proof_to_json
from streams.records.json import Origin

NOW = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)
PROOF = Proof(0, 5, 1, "0" * 64, ListState({}, {0: 7}), "p", MATCHER, NOW, NOW, worker="w")


class Record(NamedTuple):
    key: bytes | None
    value: bytes | None
    offset: int = 5
    headers: Any = ()
    topic: str = "customers"
    partition: int = 0
    timestamp: int = 9


class Reading:
    """A reader with one shelf, up to offset 5 of which a proof reaches; and its dead letters."""

    def __init__(self) -> None:
        self.shelf = Shelf(0, Book(Policy()), proof=PROOF)
        self.dead: list[tuple[Any, ...]] = []
        made: Any = object.__new__(CustomerReader)
        made._outbox, made._dead_letters = self, "dead"
        self.reader = made

    def keep(self, *record: Any) -> None:
        self.dead.append(record)

    async def put(self, value: bytes | None, offset: int = 5, key: bytes | None = b"C-1") -> None:
        await self.reader._put(self.shelf, Record(key, value, offset))


@pytest.fixture
def reading() -> Reading:
    return Reading()


@pytest.mark.parametrize(("offset", "new"), [(4, False), (5, True), (6, True)])
async def test_a_customer_behind_the_proof_waits_and_one_before_it_is_screened_already(
    reading: Reading, offset: int, new: bool
) -> None:
    await reading.put(b'{"name": "Acme"}', offset)
    number = reading.shelf.book.number_of("C-1")
    assert number is not None

    assert list(reading.shelf.waiting[Trigger.CUSTOMER]) == ([number] if new else [])
    assert reading.shelf.origins == ({number: Origin("customers", 0, offset, 9)} if new else {})


@pytest.mark.parametrize(("offset", "new"), [(4, False), (5, True)])
async def test_a_customer_that_cannot_be_read_is_a_dead_letter_where_it_was_not_one_before(
    reading: Reading, offset: int, new: bool
) -> None:
    await reading.put(b"{", offset)

    assert len(reading.dead) == new
    assert reading.shelf.count_waiting == 0
    for topic, key, value, headers in reading.dead:
        told = dict(headers)
        assert (topic, key, value) == ("dead", b"C-1", b"{")
        assert told["interdict.error.code"] == b"not_json"
        assert (told["interdict.error.topic"], told["interdict.error.offset"]) == (b"customers", b"5")


@pytest.mark.parametrize(("offset", "new"), [(4, False), (6, True)])
async def test_a_customer_that_is_deleted_waits_for_nothing_any_more(
    reading: Reading, offset: int, new: bool
) -> None:
    await reading.put(b'{"name": "Acme"}', 5)
    await reading.put(b'{"name": "Other"}', 5, b"C-2")
    await reading.put(None, offset)

    assert reading.shelf.book.number_of("C-1") is None
    assert reading.shelf.gone == ({"C-1": Origin("customers", 0, offset, 9)} if new else {})
    other = reading.shelf.book.number_of("C-2")
    assert (list(reading.shelf.waiting[Trigger.CUSTOMER]), set(reading.shelf.origins)) == ([other], {other})

    await reading.put(b'{"name": "Acme"}', 7)
    assert reading.shelf.gone == {}
    await reading.put(None, 4, b"C-9")  # that was never there
    assert reading.shelf.gone == {}


def told(customer: str = "C-1", hits: int = 1) -> bytes:
    designation = {"id": "ofac:1", "fingerprint": "g"}
    hit = {"alert_id": "a", "fingerprint": "f", "designation": designation, "score": 1.0}
    return orjson.dumps(
        {"customer_id": customer, "hits": [hit | {"threshold": 0.8, "action": "hold"}] * hits}
    )


def test_what_another_service_told_is_known_and_its_own_records_are_known_already() -> None:
    foreign: list[str] = []
    replica = StandingReplica("t", {}, "ours", foreign.append)
    for session, known in (("ours", False), ("theirs", True), ("", True)):
        seal = Chain(session=session or "x").link("t", 0, b"C-1", told())
        record: Any = Record(b"C-1", told(), headers=(seal.header,) if session else ())
        replica.apply(record)
        assert bool(replica.known.of("C-1")) is known
        assert foreign == (["C-1"] if known else [])
        foreign.clear()
        withdrawn: Any = Record(b"C-1", None)
        replica.apply(withdrawn)
        assert not replica.known.of("C-1")
        foreign.clear()
    assert HEADER == "interdict.audit"
    assert not replica.complete
    replica._read.set()
    assert replica.complete


def test_the_last_proof_of_a_partition_counts_and_one_that_cannot_be_read_proves_nothing() -> None:
    replica = ProofReplica("t", {})
    whole: Any = Record(b"3", proof_to_json(PROOF))
    replica.apply(whole)
    assert replica.known == {3: PROOF}

    for value in (None, b"{}"):
        replica.apply(whole)
        record: Any = Record(b"3", value)
        if value is None:
            replica.apply(record)
        else:
            with pytest.raises(ValueError, match="no proof"):
                replica.apply(record)
        assert replica.known == {}


def test_what_a_proofs_topic_recreated_does_not_hold_is_to_be_proved_again() -> None:
    gone: list[int] = []
    replica = ProofReplica("t", {}, on_gone=gone.append)
    known = replica.known
    kept: Any = Record(b"3", proof_to_json(PROOF))
    other: Any = Record(b"4", proof_to_json(PROOF))
    for record in (kept, other):
        replica.apply(record)
    replica.read_again()
    replica.apply(kept)
    assert known == {3: PROOF, 4: PROOF}
    replica.is_read_again()

    assert (known, gone) == ({3: PROOF}, [4])
    replica.apply(other)
    assert replica.known is known and known == {3: PROOF, 4: PROOF}


def test_what_an_alerts_topic_recreated_does_not_say_was_told_to_nobody() -> None:
    screened_again: list[str] = []
    replica = StandingReplica("t", {}, "ours", screened_again.append)
    gone, kept, more = (Record(each, told()) for each in (b"C-1", b"C-2", b"C-3"))
    for record in (gone, kept):
        replica.apply(record)
    screened_again.clear()
    seal = Chain(session="ours").link("t", 0, b"C-2", told())
    replica.read_again()
    for record in (kept._replace(headers=(seal.header,)), more):  # its own records, too: are they there?
        replica.apply(record)
    assert replica.known.of("C-1") and not replica.known.of("C-3") and screened_again == []
    replica.is_read_again()

    assert [bool(replica.known.of(each)) for each in ("C-1", "C-2", "C-3")] == [False, True, True]
    assert sorted(screened_again) == ["C-1", "C-3"]

"""When the book counts as screened wholly, and each reason why not, word for word."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from confluent_kafka import Producer

from screening.decisions import ListState, ListVersion
from screening.ledger import ListDigest
from streams.customers.status import BookStatus, Held, _lists_behind, _why_not, read_status
from streams.kafka.embedded import EmbeddedBroker
from streams.kafka.topics import Topics
from streams.lists.status import ListVersionThere, TopicLists
from streams.records.customers import Proof, proof_to_json

NOW = datetime.now(UTC)
LISTS = ListState({"un": ListVersion("v1", 2, "aa")}, {0: 7})
PROOF = Proof(0, 5, 3, "0123456789abcdef", LISTS, "p", "m", NOW, NOW, worker="w")
THERE = TopicLists({"un": ListVersionThere("v1", 2, "aa", NOW)})


EMPTY = "partition 1 is empty, and no service has said so; start `interdict customers run`"


class Digest:
    def __init__(self, count: int, sha256: str) -> None:
        self.count, self.sha256 = count, sha256


def why_not(proof: Proof | None, end: int = 5, held: tuple[int, str] | None = None) -> list[str]:
    found: Any = None
    if held:
        found = Held()
        found.digest = Digest(*held)
    return list(_why_not(0, end, proof, found, THERE))


LATE = NOW - timedelta(days=2)


@pytest.mark.parametrize(
    ("proof", "end", "held", "told"),
    [
        (PROOF, 5, None, []),
        (PROOF, 5, (3, PROOF.sha256), []),
        (None, 5, None, ["partition 0 was never screened wholly; start `interdict customers run`"]),
        (
            None,
            0,
            None,
            ["partition 0 is empty, and no service has said so; start `interdict customers run`"],
        ),
        (PROOF, 7, None, ["partition 0 is 2 records behind: screened up to 5 of 7"]),
        (PROOF, 7, (9, "f" * 16), ["partition 0 is 2 records behind: screened up to 5 of 7"]),
        (
            PROOF,
            5,
            (4, "fedcba9876543210"),
            [
                "partition 0 holds 4 customers, hash fedcba987654, but its proof says 3, 0123456789ab; "
                "restart its service (w)"
            ],
        ),
        (
            replace(PROOF, unscreened=2),
            5,
            None,
            [
                "partition 0: 2 customers could not be read or screened; "
                "the dead letters and alerts with outcome error name them"
            ],
        ),
        (replace(PROOF, wholly_at=NOW - timedelta(days=1)), 5, None, []),
        (
            replace(PROOF, wholly_at=datetime(2100, 1, 1, tzinfo=UTC)),
            5,
            None,
            [
                "partition 0: its proof is of 2100-01-01T00:00:00.000+00:00, which is still to come; "
                "set the service's clock"
            ],
        ),
        (
            replace(PROOF, wholly_at=LATE),
            5,
            None,
            [f"partition 0: the day's whole pass is missing since {LATE:%Y-%m-%d}"],
        ),
    ],
)
def test_each_reason_is_said(
    proof: Proof | None, end: int, held: tuple[int, str] | None, told: list[str]
) -> None:
    assert why_not(proof, end, held) == told


@pytest.mark.parametrize(
    ("lists", "told"),
    [
        ({"un": ListVersionThere("v1", 2, "aa", NOW)}, []),
        ({"un": ListVersionThere("v2", 2, "bb", NOW)}, ["it was screened with un v1, and v2 is in force"]),
        ({"un": ListVersionThere("v1", 2, "bb", NOW)}, ["it was screened with un v1, and v1 is in force"]),
        (
            {"eu": ListVersionThere("v1", 2, "aa", NOW)},
            [
                "it was screened without list eu",
                "it was screened with list un, which is not in force any more",
            ],
        ),
    ],
)
def test_a_list_that_was_not_screened_with_is_named(
    lists: dict[str, ListVersionThere], told: list[str]
) -> None:
    assert list(_lists_behind("it", PROOF, TopicLists(lists))) == told


def test_what_an_operator_reads_says_how_much_is_proved_and_since_when() -> None:
    later = replace(PROOF, partition=1, customers=1_000, screened_at=NOW + timedelta(1), wholly_at=LATE)
    whole = BookStatus({1: later, 0: PROOF}, THERE, [])
    first, listed, zero, one = whole.lines()

    assert (whole.complete, whole.customers) == (True, 1_003)
    assert (whole.screened_at, whole.wholly_at) == (NOW + timedelta(1), LATE)
    assert first.startswith("complete: 1,003 customers in 2 partitions, screened wholly with these lists")
    assert listed == "  list un v1: 2 entries, hash aa"
    assert zero.startswith("  partition 0: 3 customers up to offset 5, hash 0123456789ab, proved ")
    assert one.startswith("  partition 1: 1,000 customers")
    told: Any = whole.as_json()
    assert (told["complete"], told["reasons"], told["customers"]) == (True, [], 1_003)
    assert [each["partition"] for each in told["partitions"]] == [0, 1]

    cut = BookStatus({}, THERE, ["why"])
    assert list(cut.lines()) == ["incomplete: 0 customers in 0 partitions are proved", listed, "  why"]
    assert (cut.screened_at, cut.wholly_at, cut.as_json()["screened_at"]) == (None, None, None)


@pytest.fixture
def broker() -> Iterator[EmbeddedBroker]:
    with EmbeddedBroker(dict(Topics().partitions(2))) as embedded:
        yield embedded


def test_the_last_proof_of_a_partition_is_compared_with_what_its_topic_holds(broker: EmbeddedBroker) -> None:
    client, topics = {"bootstrap.servers": broker.bootstrap}, Topics()
    producer, digest = Producer(client), ListDigest()
    for key in (b"C-1", b"C-2"):
        producer.produce(topics.customers, b"{}", key, partition=0)
        digest.add(key, b"{}")
    nothing = ListState({}, {0: 0})
    good = replace(PROOF, offset=2, customers=2, sha256=digest.sha256, lists=nothing)
    for key, value in (
        (b"0", proof_to_json(replace(good, customers=9))),
        (b"0", proof_to_json(good)),
        (b"1", b"{"),
        (b"x", b"{}"),
        (b"7", proof_to_json(good)),
    ):
        producer.produce(topics.customer_proofs, value, key)
    assert producer.flush(10) == 0
    found = read_status(client, topics)

    assert set(found.proofs) == {0}
    assert found.proofs[0].customers == 2
    no_proof = [reason for reason in found.reasons if "is no proof" in reason]
    assert [reason.partition(" ")[0] for reason in no_proof] == [
        f"{topics.customer_proofs}@2",
        f"{topics.customer_proofs}@3",
    ]
    rest = [reason for reason in found.reasons if reason not in no_proof]
    assert rest == [EMPTY]

    producer.produce(
        topics.customer_proofs, proof_to_json(replace(good, partition=1, offset=0, policy="q")), b"1"
    )
    producer.produce(topics.customer_proofs, proof_to_json(replace(good, sha256="0" * 64)), b"0")
    assert producer.flush(10) == 0
    assert any(
        "but its proof says 2, 000000000000" in reason for reason in read_status(client, topics).reasons
    )
    taken = read_status(client, topics, count=False).reasons
    assert not any("but its proof says" in reason for reason in taken)
    assert "partitions were screened with different policies or matchers; restart the services" in taken

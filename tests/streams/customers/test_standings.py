"""What a record changes of how a customer stood before, alert by alert."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
from confluent_kafka import Producer

from screening import Designation, Name, NameType, Screener
from screening.cases.dispositions import Disposition, Dispositions, Verdict
from screening.customers.customer import Customer, decode_customer
from screening.customers.ruling import rule
from screening.fingerprints import designation_fingerprint
from streams.audit.chain import Seal
from streams.customers.standings import (
    CLEAR,
    Standing,
    StandingReplica,
    Standings,
    changes,
    standing_of,
)
from streams.kafka.embedded import EmbeddedBroker
from streams.kafka.topics import Topics
from streams.records.customers import customer_alert

NOW = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)
VERSOR = Designation("ofac:44521", (Name("VERSOR S.R.O.", NameType.PRIMARY),))
AMENDED = Designation(VERSOR.id, (*VERSOR.names, Name("Versor Slovakia")))
TOPICS = Topics()


@cache
def customer() -> Customer:
    return decode_customer("C-1", b'{"name": "Versor s.r.o."}')


def stands(listed: Designation | None, dispositions: Dispositions | None = None) -> Standing:
    screener = Screener()
    if listed:
        screener.upsert(listed)
    decision = rule(customer(), screener, dispositions, NOW, "list")
    return standing_of(customer_alert(decision, customer(), NOW))


def false_positive(until: datetime) -> Dispositions:
    (told,) = stands(VERSOR).hits.values()
    known = Dispositions()
    said = (told.party, VERSOR.id, designation_fingerprint(VERSOR), Verdict.FALSE_POSITIVE)
    known.put(Disposition(*said, by="m.novak", reason="another", until=until))
    return known


def what(before: Standing, after: Standing, listed: bool = True) -> list[tuple[str, str]]:
    told = changes(before, after, lambda _: listed, "customer_changed")
    return [(change["state"], change["what"]) for change in told]


def test_an_alert_is_raised_amended_and_delisted_under_one_id() -> None:
    first, amended, gone = stands(VERSOR), stands(AMENDED), stands(None)

    assert first.hits.keys() == amended.hits.keys()
    assert what(CLEAR, first) == [("raised", "raised")]
    assert what(first, amended) == [("superseded", "amended")]
    assert what(amended, gone, listed=False) == [("superseded", "delisted")]
    assert what(first, first) == []


def test_a_false_positive_closes_its_alert_and_its_end_opens_it_again() -> None:
    first = stands(VERSOR)
    silenced = stands(VERSOR, false_positive(NOW + timedelta(days=1)))

    assert (len(silenced.hits), len(silenced.suppressed)) == (0, 1)
    assert what(first, silenced) == [("closed", "false_positive")]
    assert what(silenced, first) == [("updated", "reopened")]


def test_an_alert_whose_customer_changed_is_closed() -> None:
    assert what(stands(VERSOR), CLEAR) == [("closed", "customer_changed")]


def test_customers_are_found_by_designation_and_when_a_disposition_ends() -> None:
    known = Standings()
    known.put("C-1", stands(VERSOR, false_positive(NOW + timedelta(days=1))))

    assert known.on(VERSOR.id) == {"C-1"}
    assert [*known.ended(NOW)] == []
    assert [*known.ended(NOW + timedelta(days=1))] == ["C-1"]
    known.put("C-1", CLEAR)
    assert (len(known), known.on(VERSOR.id)) == (0, frozenset())


def raised() -> bytes:
    screener = Screener()
    screener.upsert(VERSOR)
    return orjson.dumps(customer_alert(rule(customer(), screener, None, NOW, "list"), customer(), NOW))


def replica(on_foreign: Callable[[str], object], client: dict[str, str] | None = None) -> StandingReplica:
    return StandingReplica(TOPICS.customer_alerts, client or {}, "s-5", on_foreign)


@pytest.mark.parametrize(("session", "own"), [("s-5", True), ("s-4", False), ("s-6", False), ("", False)])
def test_a_record_of_another_session_changes_what_is_known_and_its_own_does_not(
    session: str, own: bool
) -> None:
    others: list[str] = []
    known = replica(others.append)
    headers = [Seal("customers", session, 0, 0, "-", b"", b"").header] if session else []
    record: Any = SimpleNamespace(key=b"C-1", value=raised(), headers=headers)

    known.apply(record)

    assert others == ([] if own else ["C-1"])
    assert bool(known.known.of("C-1")) is not own


async def test_the_alerts_are_complete_once_read_and_followed_from_there() -> None:
    with EmbeddedBroker(dict(TOPICS.partitions(1))) as broker:
        writer = Producer({"bootstrap.servers": broker.bootstrap})
        writer.produce(TOPICS.customer_alerts, raised(), b"C-1")
        assert writer.flush(20) == 0
        coming = asyncio.Queue[str]()
        following = replica(coming.put_nowait, {"bootstrap_servers": broker.bootstrap})
        complete_before = following.complete
        assert not complete_before
        async with asyncio.timeout(10), following:
            assert await coming.get() == "C-1"
            assert following.complete
            writer.produce(TOPICS.customer_alerts, None, b"C-1")
            assert writer.flush(20) == 0
            assert await coming.get() == "C-1"

    assert len(following.known) == 0

"""The worker's copy of the list: when it calls itself complete, and when it must not."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from screening import Designation, Screener
from streams.console.feed import Feed
from streams.kafka.embedded import EmbeddedBroker
from streams.kafka.provisioning import TopicAdmin
from streams.kafka.topics import Topics
from streams.records.json import designation_to_json, registry_to_json
from streams.worker.metrics import Metrics
from streams.worker.replicas.designations import Replica
from tests.kafka.topics import alter
from tests.streams.list_topic import ListTopic, designation

PATIENCE_SECONDS = 15.0


@pytest.fixture
def broker() -> Iterator[EmbeddedBroker]:
    with EmbeddedBroker({"designations": 1}) as embedded:
        yield embedded


def replica_of(broker: EmbeddedBroker, *, required: tuple[str, ...] = ()) -> Replica:
    return Replica(
        "designations",
        client={"bootstrap_servers": broker.bootstrap},
        new_screener=Screener,
        metrics=Metrics(process=False),
        feed=Feed(),
        required_lists=required,
    )


@asynccontextmanager
async def running(replica: Replica) -> AsyncIterator[Replica]:
    """The replica started in the background, since its start is the barrier under test."""
    start = asyncio.create_task(replica.start())
    try:
        yield replica
    finally:
        await replica.stop()
        await start


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not condition():  # noqa: ASYNC110  what is waited for has no event of its own
            await asyncio.sleep(0.02)


def names(replica: Replica, name: str) -> list[str]:
    return [hit.designation.id for hit in replica.screener.match(name)]


async def test_a_committed_list_is_complete_and_named_in_decisions(broker: EmbeddedBroker) -> None:
    async with ListTopic(broker.bootstrap) as topic, running(replica_of(broker)) as replica:
        await topic.begin("v1")
        await topic.entry("44521", "VERSOR S.R.O.")
        offset = await topic.commit("v1")
        await asyncio.wait_for(replica.complete.wait(), PATIENCE_SECONDS)

        assert names(replica, "Versor s.r.o.") == ["ofac:44521"]
        assert replica.screener.lists.versions["ofac"].version == "v1"
        assert replica.screener.lists.offsets == {0: offset + 1}
        later = await topic.designate("2", "Igor Petrov")
        await until(lambda: bool(names(replica, "Igor Petrov")))
        await until(lambda: replica.screener.lists.offsets == {0: later + 1})


async def test_an_empty_topic_is_no_complete_list_and_recovers_by_itself(broker: EmbeddedBroker) -> None:
    async with ListTopic(broker.bootstrap) as topic, running(replica_of(broker)) as replica:
        await until(lambda: "no list was committed" in " ".join(replica.reasons))
        assert not replica.complete.is_set()

        await topic.entry("1", "Somebody")
        await topic.commit()
        await asyncio.wait_for(replica.complete.wait(), PATIENCE_SECONDS)


async def test_entries_without_commit_are_no_complete_list(broker: EmbeddedBroker) -> None:
    async with ListTopic(broker.bootstrap) as topic, running(replica_of(broker)) as replica:
        await topic.begin("v1")
        await topic.entry("1", "Somebody")
        await until(lambda: "being received" in " ".join(replica.reasons))

        assert not replica.complete.is_set()


async def test_a_required_list_that_is_absent_holds_payments_back(broker: EmbeddedBroker) -> None:
    async with ListTopic(broker.bootstrap) as topic, running(replica_of(broker, required=("un",))) as replica:
        await topic.entry("1", "Somebody")
        await topic.commit()
        await until(lambda: "list un is required" in " ".join(replica.reasons))

        assert not replica.complete.is_set()


async def test_a_publication_is_in_force_with_its_commit_and_nothing_of_it_before(
    broker: EmbeddedBroker,
) -> None:
    async with ListTopic(broker.bootstrap) as topic, running(replica_of(broker)) as replica:
        await topic.entry("1", "Ashot MKRTYCHEV")
        await topic.commit()
        await asyncio.wait_for(replica.complete.wait(), PATIENCE_SECONDS)

        await topic.begin("v2")
        await topic.delist("1")
        offset = await topic.entry("2", "VERSOR S.R.O.")
        await replica.reached(offset + 1)
        assert names(replica, "Ashot Mkrtychev") == ["ofac:1"]
        assert not names(replica, "Versor")
        assert replica.screener.lists.versions["ofac"].version == "v1"

        await replica.reached(await topic.commit("v2") + 1)
        assert not names(replica, "Ashot Mkrtychev")
        assert names(replica, "Versor") == ["ofac:2"]
        assert replica.screener.lists.versions["ofac"].version == "v2"


async def test_a_publication_that_takes_long_to_apply_is_never_seen_half_way(
    broker: EmbeddedBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.worker.replicas.turns.APPLY_SLICE_SECONDS", 0.0)
    async with ListTopic(broker.bootstrap) as topic, running(replica_of(broker)) as replica:
        await topic.entry("0", "Somebody 0")
        await topic.commit()
        await asyncio.wait_for(replica.complete.wait(), PATIENCE_SECONDS)
        await topic.begin("v2")
        for number in range(1, 100):
            await topic.entry(str(number), f"Somebody {number}")
        committed = asyncio.create_task(topic.commit("v2"))

        async with asyncio.timeout(PATIENCE_SECONDS):
            while replica.screener.lists.versions["ofac"].version == "v1" or not replica.complete.is_set():
                assert not replica.complete.is_set() or len(replica.screener) == 1
                await asyncio.sleep(0)
        await committed
        assert len(replica.screener) == 100


@pytest.mark.parametrize("restarted", [False, True])
async def test_tombstones_without_a_publication_hold_payments_back_until_the_list_is_published_again(
    broker: EmbeddedBroker, restarted: bool
) -> None:
    async with ListTopic(broker.bootstrap) as topic:
        for number in range(51):
            await topic.entry(str(number), f"Somebody {number}")
        await topic.commit()
        if restarted:
            for number in range(51):
                await topic.raw(f"ofac:{number}", None)
        async with running(replica_of(broker)) as replica:
            if not restarted:
                await asyncio.wait_for(replica.complete.wait(), PATIENCE_SECONDS)
                for number in range(51):
                    await topic.raw(f"ofac:{number}", None)
            await until(lambda: "51 entries were changed without a publication" in " ".join(replica.reasons))
            assert not replica.complete.is_set()

            await topic.begin("v2")
            for number in range(51):
                await topic.entry(str(number), f"Somebody {number}")
            await topic.commit("v2")
            await asyncio.wait_for(replica.complete.wait(), PATIENCE_SECONDS)
            assert len(replica.screener) == 51


@pytest.mark.parametrize("live", [False, True])
async def test_a_list_that_vanished_whole_is_missed_though_another_is_left(
    broker: EmbeddedBroker, live: bool
) -> None:
    async with ListTopic(broker.bootstrap) as topic:
        await topic.entry("1", "Somebody")
        await topic.commit()
        await topic.raw("@lists", registry_to_json(["ofac", "un"]))

        replica = replica_of(broker)
        if live:
            replica._ever_required = frozenset(["eu"])
        async with running(replica):
            await until(lambda: "list un is required and not in force" in " ".join(replica.reasons))
            assert ("list eu is required" in " ".join(replica.reasons)) == live
            assert "interdict lists withdraw un" in " ".join(replica.reasons)
            assert not replica.complete.is_set()


async def test_a_withdrawn_list_is_out_of_force_and_no_longer_required(broker: EmbeddedBroker) -> None:
    async with ListTopic(broker.bootstrap) as topic, running(replica_of(broker)) as replica:
        await topic.entry("1", "Somebody")
        await topic.commit()
        await topic.raw("un:1", designation_to_json(replace(designation("1", "Else"), id="un:1")))
        await topic.marker("un", "commit", {"un:1": replace(designation("1", "Else"), id="un:1")})
        await until(lambda: len(replica.screener) == 2)

        await topic.marker("un", "withdrawal", {})
        await until(lambda: len(replica.screener) == 1)

        assert replica.complete.is_set()
        assert set(replica.screener.lists.versions) == {"ofac"}


async def test_a_commit_that_disagrees_holds_payments_back_until_a_good_one_comes(
    broker: EmbeddedBroker,
) -> None:
    async with ListTopic(broker.bootstrap) as topic, running(replica_of(broker)) as replica:
        await topic.entry("1", "Somebody")
        await topic.commit("v1")
        await asyncio.wait_for(replica.complete.wait(), PATIENCE_SECONDS)

        await topic.commit("v2", missing=1)
        await until(lambda: not replica.complete.is_set())
        assert "v2" in " ".join(replica.reasons)

        await topic.commit("v3")
        await asyncio.wait_for(replica.complete.wait(), PATIENCE_SECONDS)


async def test_a_commit_that_disagrees_lets_the_topic_be_read_anew_for_something_may_be_lost_here(
    broker: EmbeddedBroker,
) -> None:
    async with ListTopic(broker.bootstrap) as topic, running(replica_of(broker)) as replica:
        await topic.entry("1", "Somebody")
        await topic.commit("v1")
        await asyncio.wait_for(replica.complete.wait(), PATIENCE_SECONDS)
        replica._table.ledger._lists["ofac"].digest.add(b"ofac:9", b"what only this worker believes")

        await topic.designate("2", "Somebody Else")

        await until(lambda: replica.complete.is_set() and len(replica.screener) == 2)


async def test_an_unreadable_entry_holds_payments_back_and_is_named(broker: EmbeddedBroker) -> None:
    async with ListTopic(broker.bootstrap) as topic, running(replica_of(broker)) as replica:
        await topic.entry("1", "Somebody")
        await topic.commit()
        await asyncio.wait_for(replica.complete.wait(), PATIENCE_SECONDS)

        await topic.begin("v2")
        await topic.broken("2")
        await topic.commit("v2")
        await until(lambda: not replica.complete.is_set() and bool(replica.reasons))
        assert "ofac:2" in " ".join(replica.reasons)
        assert "unexpected character" in " ".join(replica.reasons)

        await topic.designate("2", "Readable Now")
        await asyncio.wait_for(replica.complete.wait(), PATIENCE_SECONDS)


async def test_a_broker_that_is_away_is_waited_for() -> None:
    replica = Replica(
        "designations",
        client={"bootstrap_servers": "127.0.0.1:1"},
        new_screener=Screener,
        metrics=Metrics(process=False),
        feed=Feed(),
    )
    async with running(replica):
        await until(lambda: "is the broker up" in " ".join(replica.reasons))

        assert not replica.complete.is_set()


async def test_of_an_entry_that_was_written_often_only_the_last_record_is_indexed(
    broker: EmbeddedBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    indexed: list[str] = []
    upsert = Screener.upsert

    def noted(screener: Screener, listed: Designation) -> frozenset[str]:
        indexed.append(listed.name)
        return upsert(screener, listed)

    monkeypatch.setattr(Screener, "upsert", noted)
    async with ListTopic(broker.bootstrap) as topic:
        await topic.raw("ofac:1", b"{unreadable, and overwritten")
        for name in ("First", "Second", "Third"):
            await topic.entry("1", name)
        await topic.entry("2", "Gone")
        await topic.delist("2")
        await topic.commit()

    async with running(replica_of(broker)) as replica:
        await asyncio.wait_for(replica.complete.wait(), PATIENCE_SECONDS)

        assert indexed == ["Third"]
        assert names(replica, "Third") == ["ofac:1"]


async def test_a_loaded_list_that_disagrees_with_its_commit_is_not_complete(broker: EmbeddedBroker) -> None:
    async with ListTopic(broker.bootstrap) as topic:
        await topic.entry("1", "Somebody")
        await topic.commit("v1", missing=1)

    async with running(replica_of(broker)) as replica:
        await until(lambda: "but its commit says 2" in " ".join(replica.reasons))

        assert not replica.complete.is_set()


async def test_a_list_in_doubt_is_not_complete_before_it_was_read_anew(
    broker: EmbeddedBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def recreated(*_: object) -> dict[object, int]:
        monkeypatch.undo()
        return {0: 0}

    async with ListTopic(broker.bootstrap) as topic, running(replica_of(broker)) as replica:
        for number in range(200):
            await topic.entry(str(number), f"Somebody {number}")
        await topic.commit()
        await asyncio.wait_for(replica.complete.wait(), PATIENCE_SECONDS)
        table = replica.screener
        monkeypatch.setattr(AIOKafkaConsumer, "end_offsets", recreated)
        await until(lambda: not replica.complete.is_set())
        await topic.designate("200", "Somebody more")

        async with asyncio.timeout(PATIENCE_SECONDS):
            while replica.screener is table or not replica.complete.is_set():
                assert not replica.complete.is_set()
                await asyncio.sleep(0)
        assert len(replica.screener) == 201


async def test_a_topic_that_is_recreated_while_it_is_read_is_read_once_more(
    broker: EmbeddedBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    loads, index = list[bool](), Replica._index_loaded

    async def told_meanwhile(replica: Replica) -> None:
        loads.append(len(loads) > 0 or replica.ends_before(0, 1))
        await index(replica)

    monkeypatch.setattr(Replica, "_index_loaded", told_meanwhile)
    async with ListTopic(broker.bootstrap) as topic, running(replica_of(broker)) as replica:
        await topic.entry("1", "Somebody")
        await topic.commit()
        await asyncio.wait_for(replica.complete.wait(), PATIENCE_SECONDS)

        assert loads == [True, True]


@pytest.mark.parametrize("answers", [True, False])
async def test_the_topics_id_is_asked_for_before_a_record_is_read_and_is_not_waited_for_long(
    broker: EmbeddedBroker, monkeypatch: pytest.MonkeyPatch, answers: bool
) -> None:
    """A topic that was recreated while it was first read had the id that was first asked for."""
    done, new_consumer = list[str](), Replica._new_consumer

    async def list_end() -> int:
        done.append("asked")
        await asyncio.sleep(0 if answers else 60)
        raise ConnectionError

    def opened(replica: Replica) -> AIOKafkaConsumer:
        done.append("read")
        return new_consumer(replica)

    monkeypatch.setattr(Replica, "_new_consumer", opened)
    monkeypatch.setattr("streams.worker.replicas.designations.IDENTIFY_SECONDS", 0.05)
    replica = replica_of(broker)
    replica._list_end = list_end
    async with ListTopic(broker.bootstrap) as topic, running(replica):
        await topic.entry("1", "Somebody")
        await topic.commit()
        await asyncio.wait_for(replica.complete.wait(), PATIENCE_SECONDS)

    assert done[:2] == ["asked", "read"]


@pytest.mark.parametrize("state", ["_reload", "_loading", "_applying"])
async def test_a_list_whose_ledger_is_whole_is_not_complete_while_its_table_is_not(
    broker: EmbeddedBroker, state: str
) -> None:
    async with ListTopic(broker.bootstrap) as topic, running(replica_of(broker)) as replica:
        await topic.entry("1", "Somebody")
        await topic.commit()
        await asyncio.wait_for(replica.complete.wait(), PATIENCE_SECONDS)

        # in one turn of the loop, so that nothing of it is put right meanwhile
        replica._pause("in doubt")
        setattr(replica, state, True)
        replica._end_reported(replica._offset, replica._offset)
        assert not replica.complete.is_set()
        setattr(replica, state, False)
        replica._end_reported(replica._offset, replica._offset)
        assert replica.complete.is_set()


async def test_an_end_that_was_told_before_the_last_record_came_is_no_reason_for_doubt(
    broker: EmbeddedBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = AIOKafkaConsumer.end_offsets
    told = asyncio.Event()

    async with ListTopic(broker.bootstrap) as topic, running(replica_of(broker)) as replica:
        await topic.entry("1", "Somebody")
        await topic.commit()
        await asyncio.wait_for(replica.complete.wait(), PATIENCE_SECONDS)

        async def told_late(consumer: AIOKafkaConsumer, partitions: list[TopicPartition]) -> Any:
            ends = await ask(consumer, partitions)
            monkeypatch.undo()
            await topic.designate("2", "Somebody else")
            await until(lambda: names(replica, "Somebody else") != [])
            asyncio.get_running_loop().call_soon(told.set)
            return ends

        monkeypatch.setattr(AIOKafkaConsumer, "end_offsets", told_late)
        await told.wait()
        await asyncio.sleep(0)

        assert replica.complete.is_set()


async def test_an_unreadable_entry_found_while_loading_is_named(broker: EmbeddedBroker) -> None:
    async with ListTopic(broker.bootstrap) as topic:
        await topic.entry("1", "Somebody")
        await topic.broken("2")
        await topic.commit()

    async with running(replica_of(broker)) as replica:
        await until(lambda: "ofac:2: unexpected character" in " ".join(replica.reasons))

        assert not replica.complete.is_set()


async def test_the_garbage_collector_runs_again_once_the_list_is_loaded_and_leaves_the_list_alone(
    broker: EmbeddedBroker,
) -> None:
    async with ListTopic(broker.bootstrap) as topic:
        await topic.entry("1", "Somebody")
        await topic.commit()
        async with running(replica_of(broker)) as replica:
            await asyncio.wait_for(replica.complete.wait(), PATIENCE_SECONDS)

            assert gc.isenabled()
            assert gc.get_freeze_count() > 0
    gc.unfreeze()


async def test_when_what_is_proved_to_be_there_does_not_come_another_broker_is_asked_and_the_table_stays(
    broker: EmbeddedBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broker that is read from does not know that another one leads."""
    monkeypatch.setattr("streams.worker.replicas.topic_end.STUCK_SECONDS", 0.5)
    monkeypatch.setattr("streams.worker.replicas.topic_end.CONFIRM_SECONDS", 0.1)
    monkeypatch.setattr("streams.worker.replicas.designations.CONFIRM_SECONDS", 0.1)
    hidden = 5

    async def list_end() -> int:
        return replica.screener.lists.offsets.get(0, 0) + hidden

    replica = replica_of(broker)
    replica._list_end = list_end
    async with ListTopic(broker.bootstrap) as topic, running(replica):
        await topic.entry("1", "Somebody")
        await topic.commit()
        await asyncio.wait_for(replica.complete.wait(), PATIENCE_SECONDS)
        table, consumer = replica.screener, replica._consumer

        await until(lambda: "another one is asked" in replica.behind)
        await until(lambda: replica._consumer not in (None, consumer))
        await topic.designate("2", "Somebody Else")
        await until(lambda: len(replica.screener) == 2)
        hidden = 0

        await until(lambda: replica.behind == "")
        assert replica.screener is table
        assert replica.complete.is_set()


@pytest.mark.kafka
async def test_a_topic_that_deletes_entries_is_refused_until_it_is_compacted(
    kafka: str, topic_prefix: str
) -> None:
    TopicAdmin({"bootstrap.servers": kafka}, topic_prefix).create(partitions=1)
    topic_name = Topics(topic_prefix).designations
    await asyncio.to_thread(alter, kafka, topic_name, {"cleanup.policy": "compact,delete"})
    replica = Replica(
        topic_name,
        client={"bootstrap_servers": kafka},
        new_screener=Screener,
        metrics=Metrics(process=False),
        feed=Feed(),
    )
    async with ListTopic(kafka, topic_name) as topic, running(replica):
        await topic.entry("1", "Somebody")
        await topic.commit()
        await until(lambda: "cleanup.policy is compact,delete" in " ".join(replica.reasons))
        assert not replica.complete.is_set()

        await asyncio.to_thread(alter, kafka, topic_name, {"cleanup.policy": "compact"})
        await asyncio.wait_for(replica.complete.wait(), PATIENCE_SECONDS)

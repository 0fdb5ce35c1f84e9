"""On a real Kafka: of several publishers of one topic, one holds the claim, and what the others send counts
for nothing."""

import asyncio
from dataclasses import replace

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import ProducerFenced

from screening import Designation, ListError
from screening.ledger import Ledger
from streams.kafka.log import TopicLog
from streams.kafka.provisioning import TopicAdmin
from streams.kafka.topics import Topics
from streams.lists.claimed_log import ClaimedLog, PublicationConflictError, Sending
from streams.lists.folding import fold
from streams.lists.publishing import Published, publish
from streams.lists.status import TopicLists, read_topic
from streams.lists.withdrawing import withdraw
from streams.records.designations import key_text
from tests.kafka.topics import alter, delete_before
from tests.streams.list_topic import designation

pytestmark = pytest.mark.kafka


@pytest.fixture
def topic(kafka: str, topic_prefix: str) -> str:
    TopicAdmin({"bootstrap.servers": kafka}, topic_prefix).create(partitions=1)
    return Topics(topic_prefix).designations


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A publisher that stands still is given up at once."""
    monkeypatch.setattr("streams.lists.claimed_log.SILENT_SECONDS", 0.5)


def entries(*names: str, source: str = "ofac") -> list[Designation]:
    return [
        replace(designation(str(number), name), id=f"{source}:{number}") for number, name in enumerate(names)
    ]


async def publish_list(kafka: str, topic: str, listed: list[Designation], date: str = "") -> Published:
    return await publish(
        {"bootstrap_servers": kafka},
        listed,
        list_name=listed[0].source,
        topic=topic,
        source_date=date,
        max_shrink=1.0,
    )


async def held(kafka: str, topic: str) -> TopicLists:
    return await asyncio.to_thread(read_topic, {"bootstrap.servers": kafka}, topic)


async def test_an_older_file_whose_publisher_was_overtaken_is_refused(
    kafka: str, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The slow one read the topic before the fast one committed its newer file."""
    await publish_list(kafka, topic, entries("A", "B"), "2023-08-14")
    claim = ClaimedLog.claim

    async def overtaken(log: ClaimedLog) -> bool:
        monkeypatch.undo()
        await publish_list(kafka, topic, entries("A", "B", "C"), "2023-08-16")
        return await claim(log)

    monkeypatch.setattr(ClaimedLog, "claim", overtaken)

    with pytest.raises(ListError, match="the file is of 2023-08-15, the list in force of 2023-08-16"):
        await publish_list(kafka, topic, entries("A"), "2023-08-15")
    assert (await held(kafka, topic)).lists["ofac"].entries == 3
    assert (await held(kafka, topic)).problems == []


async def test_an_older_file_is_refused_also_where_the_broker_that_is_read_from_sends_nothing_new(
    kafka: str, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one does that was cut off from its peers; that the topic goes on is proved by who leads it."""
    monkeypatch.setattr("streams.lists.claimed_log.STUCK_SECONDS", 0.2)
    await publish_list(kafka, topic, entries("A", "B", "C"), "2023-08-16")
    readers: list[AIOKafkaConsumer] = []
    reader = ClaimedLog._reader

    def silent_at_first(log: ClaimedLog, isolation: str) -> AIOKafkaConsumer:
        made = reader(log, isolation)
        if not readers:
            made.getmany = nothing
        readers.append(made)
        return made

    async def nothing(timeout_ms: int = 0) -> dict[str, list[str]]:
        await asyncio.sleep(timeout_ms / 1000)
        return {}

    monkeypatch.setattr(ClaimedLog, "_reader", silent_at_first)

    with pytest.raises(ListError, match="the file is of 2023-08-15, the list in force of 2023-08-16"):
        await publish_list(kafka, topic, entries("A", "B"), "2023-08-15")
    assert len(readers) == 2


@pytest.mark.parametrize("rival", ["ofac", "un"])
async def test_a_publisher_that_stood_still_and_wakes_up_after_another_changes_nothing(
    kafka: str, topic: str, monkeypatch: pytest.MonkeyPatch, rival: str
) -> None:
    """Of another list's publisher it learns that its own list stands as it was, and publishes it anew."""
    await publish_list(kafka, topic, entries(*"ABCDEFGHIJ"))
    stopped, woken = asyncio.Event(), asyncio.Event()
    send = Sending.send

    async def stands_still(sending: Sending, key: str, value: bytes | None) -> None:
        await send(sending, key, value)
        if key == "ofac:5" and not stopped.is_set():
            await sending._delivered()
            stopped.set()
            await woken.wait()

    monkeypatch.setattr(Sending, "send", stands_still)
    older = asyncio.create_task(publish_list(kafka, topic, entries(*"abcdefg")))
    await stopped.wait()

    newer = await publish_list(kafka, topic, entries(*"KLMNO", source=rival))
    woken.set()

    if rival == "ofac":
        with pytest.raises(PublicationConflictError, match="another publication took over"):
            await older
    else:
        assert (await older).committed
    now = await held(kafka, topic)
    assert now.problems == []
    assert now.lists[rival].sha256 == newer.sha256
    assert now.lists["ofac"].entries == (5 if rival == "ofac" else 7)


async def test_publications_of_several_lists_at_once_all_come_into_force(kafka: str, topic: str) -> None:
    names = ("ofac", "un", "eu")

    await asyncio.gather(*(publish_list(kafka, topic, entries(*"ABCDE", source=name)) for name in names))

    now = await held(kafka, topic)
    assert sorted(now.lists) == sorted(names)
    assert now.problems == []


async def test_two_publications_of_one_list_at_once_end_as_one_of_the_two_files(
    kafka: str, topic: str
) -> None:
    files = entries(*"ABCDEFGHIJ"), entries(*"ABCDEFGHIK")

    outcomes = await asyncio.gather(
        *(publish_list(kafka, topic, file) for file in files), return_exceptions=True
    )

    assert any(isinstance(outcome, Published) for outcome in outcomes)
    assert all(isinstance(outcome, Published | PublicationConflictError) for outcome in outcomes)
    assert (await held(kafka, topic)).problems == []
    standing = (await held(kafka, topic)).lists["ofac"].version
    assert standing in {outcome.version for outcome in outcomes if isinstance(outcome, Published)}


async def test_a_publication_that_fails_half_way_is_seen_by_nobody(
    kafka: str, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await publish_list(kafka, topic, entries(*"ABCDE"))
    send = Sending.send

    async def breaks(sending: Sending, key: str, value: bytes | None) -> None:
        if key == "ofac:3":
            raise RuntimeError("a defect")
        await send(sending, key, value)

    monkeypatch.setattr(Sending, "send", breaks)
    with pytest.raises(RuntimeError, match="a defect"):
        await publish_list(kafka, topic, entries(*"abcde"))

    now = await held(kafka, topic)
    assert now.lists["ofac"].sha256 == before.sha256
    assert now.coming == {}
    assert now.problems == []


async def test_a_withdrawn_list_is_gone_with_all_its_entries_and_is_no_longer_required(
    kafka: str, topic: str
) -> None:
    await publish_list(kafka, topic, entries(*"ABC"))
    await publish_list(kafka, topic, entries(*"DE", source="un"))

    done = await withdraw(
        {"bootstrap_servers": kafka}, list_name="un", topic=topic, reason="tried out", by="jo"
    )

    assert (done.entries, done.left) == (2, ("ofac",))
    now = await held(kafka, topic)
    assert (set(now.lists), now.withdrawn, now.problems) == ({"ofac"}, {"un": "tried out"}, [])
    await publish_list(kafka, topic, entries(*"F", source="un"))
    assert (await held(kafka, topic)).lists["un"].entries == 1


async def test_a_list_that_was_never_in_force_cannot_be_withdrawn(kafka: str, topic: str) -> None:
    await publish_list(kafka, topic, entries("A"))

    with pytest.raises(ListError, match="list nu is not in force; in force are: ofac"):
        await withdraw({"bootstrap_servers": kafka}, list_name="nu", topic=topic, reason="typo", by="jo")


async def test_a_list_whose_records_all_vanished_is_told_as_missing(kafka: str, topic: str) -> None:
    """As after a wrong cleanup policy; the other list was published last."""
    await publish_list(kafka, topic, entries(*"ABC"))
    before = (await held(kafka, topic)).end
    await publish_list(kafka, topic, entries(*"DE", source="un"))

    delete_before(kafka, topic, before)

    now = await held(kafka, topic)
    assert now.forgotten == ("ofac",)
    assert "interdict lists withdraw ofac" in " ".join(now.problems)


async def test_a_publication_whose_commit_was_done_and_not_answered_is_reported_as_published(
    kafka: str, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody claims the topic right behind the commit, and the answer to it is lost."""
    commit = AIOKafkaProducer.commit_transaction

    async def unanswered(producer: AIOKafkaProducer) -> None:
        await commit(producer)
        raise ProducerFenced

    monkeypatch.setattr(AIOKafkaProducer, "commit_transaction", unanswered)

    done = await publish_list(kafka, topic, entries(*"AB"))

    assert (done.committed, done.added) == (True, 2)
    assert (await held(kafka, topic)).lists["ofac"].sha256 == done.sha256


async def test_a_list_that_only_a_worker_remembers_can_be_withdrawn(kafka: str, topic: str) -> None:
    """Its records were deleted, and with them those of the lists ever in force."""
    client = {"bootstrap_servers": kafka}
    await publish_list(kafka, topic, entries(*"AB"))
    worker = Ledger()
    read_on(kafka, topic, worker)
    delete_before(kafka, topic, (await held(kafka, topic)).end)

    with pytest.raises(ListError, match="say --forgotten"):
        await withdraw(client, list_name="ofac", topic=topic, reason="it was deleted", by="jo")
    await withdraw(client, list_name="ofac", topic=topic, reason="it was deleted", by="jo", forgotten=True)

    read_on(kafka, topic, worker)
    assert worker.required() == frozenset()
    assert worker.withdrawn()["ofac"].reason == "it was deleted"


async def test_compaction_keeps_the_entry_in_force_where_an_overtaken_publication_wrote_over_it(
    kafka: str, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A restarted worker reads what compaction left: nothing of a lost claim may have taken its place."""
    await publish_list(kafka, topic, entries(*"ABCDE"))
    send = Sending.send

    async def breaks(sending: Sending, key: str, value: bytes | None) -> None:
        await send(sending, key, value)
        if key == "ofac:3":
            await sending._delivered()
            raise RuntimeError("killed")

    with monkeypatch.context() as broken:
        broken.setattr(Sending, "send", breaks)
        with pytest.raises(RuntimeError, match="killed"):
            await publish_list(kafka, topic, entries(*"abcde"))
    for last in "FGHI":  # commits that compaction can take, and one that it leaves
        kept = await publish_list(kafka, topic, entries(*"ABCD", last))
    await asyncio.to_thread(alter, kafka, topic, COMPACT_NOW)
    async with asyncio.timeout(120):
        while overwritten(kafka, topic, "ofac"):
            await publish_list(kafka, topic, entries("X", source="un"))  # rolls the segment
            await publish_list(kafka, topic, entries("Y", source="un"))
            await asyncio.sleep(1)

    now = await held(kafka, topic)
    assert now.problems == []
    assert now.lists["ofac"].sha256 == kept.sha256


COMPACT_NOW = {
    "segment.ms": "100",
    "min.compaction.lag.ms": "0",
    "max.compaction.lag.ms": "100",
    "min.cleanable.dirty.ratio": "0.001",
}


def read_on(kafka: str, topic: str, ledger: Ledger) -> None:
    """All that the topic holds, as a reader that is told of it after what it knows already."""
    with TopicLog({"bootstrap.servers": kafka}, topic) as log:
        for record in log.read_all(log.spans()):
            fold(ledger, key_text(record.key), record.value, record.headers.items())


def overwritten(kafka: str, topic: str, source: str) -> int:
    """How many records of a list compaction has still to take away."""
    with TopicLog({"bootstrap.servers": kafka}, topic) as log:
        keys = [record.key for record in log.read_all(log.spans())]
    own = [key for key in keys if key.startswith(f"{source}:".encode())]
    return len(own) - len(set(own))

"""aiokafka as the code under test sees it: the consumers, producers and connections of a model cluster.

Only what the code under test calls, with aiokafka's own answers and errors. A consumer believes whom it knows
as the leader until that one denies it; a producer sends again until it is answered, without idempotence also
what had arrived; a fenced producer is of no more use.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator
from types import SimpleNamespace
from typing import Any, Self

from aiokafka import TopicPartition
from aiokafka.errors import (
    ConcurrentTransactions,
    CoordinatorNotAvailableError,
    IllegalOperation,
    KafkaConnectionError,
    KafkaError,
    KafkaTimeoutError,
    LeaderNotAvailableError,
    NotEnoughReplicasError,
    NotLeaderForPartitionError,
    OffsetOutOfRangeError,
    ProducerFenced,
    RequestTimedOutError,
    TopicAuthorizationFailedError,
)
from aiokafka.errors import InvalidProducerEpoch as _InvalidProducerEpoch

from streams.kafka.log import Record, Span
from streams.kafka.provisioning import BrokerError
from streams.kafka.requests import AskTopicId
from tests.simulation.cluster import Answer, Cluster, Node
from tests.simulation.log import Entry, Log, Writer
from tests.simulation.loop import PROCESS, DeadError, VirtualLoop
from tests.simulation.transactions import Coordinator

RETRIES = 4
BACKOFF_SECONDS = 0.1
LINGER_SECONDS = 0.001
DELIVERY_SECONDS = 8.0
"""How long a producer without idempotence tries; aiokafka's own limit is 40 s."""
PATIENCE = 25
"""Topics where nothing is asked between two records are polled so many times less often than in reality."""
LIST_PATIENCE = 4
"""The same for the list: nothing happens in most polls, and what comes ends one at once."""
RETRIABLE = (
    *(RequestTimedOutError, NotLeaderForPartitionError, LeaderNotAvailableError, NotEnoughReplicasError),
    *(CoordinatorNotAvailableError, ConcurrentTransactions),
)


class Kafka:
    """The cluster and its coordinator, for whoever opens a client."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.coordinator = Coordinator(cluster)

    @property
    def loop(self) -> VirtualLoop:
        return self.cluster.loop


_opened: list[Kafka] = []


def opened(kafka: Kafka | None) -> None:
    """The cluster that new clients connect to."""
    _opened[:] = [kafka] if kafka else []


class _Client:
    def __init__(self) -> None:
        self.kafka = _opened[0]
        self.cluster = self.kafka.cluster
        self.loop = self.cluster.loop
        self.rng = self.cluster.rng
        self.process = PROCESS.get()
        self.leader = 0
        self.closed = False

    async def metadata(self) -> None:
        """Whom some broker names as the leader of the list. Raises KafkaConnectionError."""
        self._require_life()
        for _ in range(RETRIES):
            try:
                self.leader = await self.cluster.ask(self.cluster.any_node(), _tell_leader)
            except RequestTimedOutError:
                continue
            return
        raise KafkaConnectionError("no broker answers")

    def _require_life(self) -> None:
        if self.process is not None and self.process.dead:
            raise DeadError


def _tell_leader(node: Node, answer: Answer) -> None:
    answer(node.view[0])


class _OfOldBrokers:
    """AIOKafkaClient on brokers before Kafka 2.8, which know no topic by an id: none is recreated here."""

    def get_random_node(self) -> None:
        return None


class Consumer(_Client):
    """AIOKafkaConsumer outside of any group."""

    _client = _OfOldBrokers()

    def __init__(self, *topics: str, **options: Any) -> None:
        super().__init__()
        self._topics = topics
        self._committed = options.get("isolation_level") == "read_committed"
        self._jumps = options.get("auto_offset_reset") != "none"
        self._assigned: list[TopicPartition] = []
        self._positions: dict[TopicPartition, int] = {}

    async def start(self) -> None:
        await self.metadata()
        if self._topics:
            self.assign(
                [
                    TopicPartition(topic, partition)
                    for topic in self._topics
                    for partition in range(self.cluster.topics.get(topic, 0))
                ]
            )

    async def stop(self) -> None:
        self._require_life()
        self.closed = True

    async def topics(self) -> set[str]:
        await self.metadata()
        return set(self.cluster.topics)

    def assign(self, partitions: Iterable[TopicPartition]) -> None:
        self._assigned = list(partitions)
        self._positions = dict.fromkeys(self._assigned, 0)

    def assignment(self) -> set[TopicPartition]:
        return set(self._assigned)

    def seek(self, partition: TopicPartition, offset: int) -> None:
        self._positions[partition] = offset

    async def seek_to_beginning(self, *partitions: TopicPartition) -> None:
        for partition, offset in (await self.beginning_offsets(partitions)).items():
            self._positions[partition] = offset

    async def position(self, partition: TopicPartition) -> int:
        return self._positions[partition]

    async def beginning_offsets(self, partitions: Iterable[TopicPartition]) -> dict[TopicPartition, int]:
        return {each: await self._offset(each, "start") for each in partitions}

    async def end_offsets(self, partitions: Iterable[TopicPartition]) -> dict[TopicPartition, int]:
        return {each: await self._offset(each, "end") for each in partitions}

    async def offsets_for_times(self, times: dict[TopicPartition, int]) -> dict[TopicPartition, Any]:
        found: dict[TopicPartition, Any] = {}
        for partition, since in times.items():
            entries = self._log(partition).committed()
            first = next((each for each in entries if each.timestamp >= since), None)
            found[partition] = SimpleNamespace(offset=first.offset) if first else None
        await asyncio.sleep(0.001)
        return found

    async def _offset(self, partition: TopicPartition, which: str) -> int:
        """Raises KafkaTimeoutError when nobody answers as the leader for long."""

        def tell(node: Node, answer: Answer) -> None:
            try:
                end = self.cluster.end_of_list(node, self._committed)
                answer(node.log.start if which == "start" else end)
            except KafkaError as error:
                answer(error)

        self._require_life()
        if partition.topic != self.cluster.listed:
            log = self._log(partition)
            await asyncio.sleep(self.rng.random() * 0.003)
            return log.start if which == "start" else log.end
        for _ in range(RETRIES):
            try:
                return int(await self.cluster.ask(self.leader, tell))
            except RETRIABLE:
                await asyncio.sleep(BACKOFF_SECONDS)
                await self.metadata()
        raise KafkaTimeoutError

    def _log(self, partition: TopicPartition) -> Log:
        if partition.topic == self.cluster.listed:
            return self.cluster.nodes[self.leader].log
        return self.cluster.logs[partition.topic, partition.partition]

    async def getmany(
        self, *partitions: TopicPartition, timeout_ms: int = 0, max_records: int | None = None
    ) -> dict[Any, list[Any]]:
        """What has come, or nothing when the time is over; fewer at a time than anybody bounds it to. Raises
        OffsetOutOfRangeError."""
        del max_records
        self._require_life()
        chosen = list(partitions) or self._assigned
        quiet = all(each.topic != self.cluster.listed for each in chosen)
        ends = self.loop.now + timeout_ms / 1000 * (PATIENCE if quiet else LIST_PATIENCE)
        while True:
            await self._find_leader(chosen)
            found = {each: records for each in chosen if (records := self._fetched(each))}
            if found:
                await asyncio.sleep(0.0003 + self.rng.random() ** 4 * 0.03)
                return found
            left = ends - self.loop.now
            if left <= 0:
                return {}
            await self.cluster.change(chosen[0].topic, left)

    async def _find_leader(self, chosen: list[TopicPartition]) -> None:
        node = self.cluster.nodes[self.leader]
        if any(each.topic == self.cluster.listed for each in chosen) and not (node.leads or node.frozen):
            await self.metadata()

    def _fetched(self, partition: TopicPartition) -> list[Any]:
        """Some of what stands behind the position: brokers send as much as they like at a time."""
        at, log = self._positions[partition], self._log(partition)
        if partition.topic == self.cluster.listed:
            node = self.cluster.nodes[self.leader]
            if node.frozen or not node.leads:
                return []
        if at < log.start or at > log.end:
            if not self._jumps:
                raise OffsetOutOfRangeError({partition: at})
            at = self._positions[partition] = log.start
        if at > log.high:
            return []
        entries, end = log.read(at, self._committed)
        if self.cluster.lost and self.rng.random() < self.cluster.lost:
            return []
        some = len(entries) if self.rng.random() < 0.6 else self.rng.randint(0, len(entries))
        if some < len(entries):
            end = entries[some].offset
        self._positions[partition] = end
        return [_record(partition, each) for each in entries[:some]]

    async def getone(self, *partitions: TopicPartition) -> Any:
        while True:
            for records in (await self.getmany(*partitions, timeout_ms=200)).values():
                first, *rest = records
                if rest:
                    self._positions[TopicPartition(first.topic, first.partition)] = rest[0].offset
                return first


def _record(partition: TopicPartition, entry: Entry) -> Any:
    return SimpleNamespace(
        topic=partition.topic,
        partition=partition.partition,
        offset=entry.offset,
        timestamp=entry.timestamp,
        key=entry.key,
        value=entry.value,
        headers=entry.headers,
    )


class Batch:
    """What `create_batch` gives."""

    def __init__(self) -> None:
        self.records: list[tuple[int, Any, Any, Any]] = []

    def append(self, *, timestamp: int, key: Any, value: Any, headers: Any) -> object:
        self.records.append((timestamp, key, value, headers))
        return self


class Producer(_Client):
    """AIOKafkaProducer: plain, or with a transactional id."""

    def __init__(self, **options: Any) -> None:
        super().__init__()
        self._name: str | None = options.get("transactional_id")
        self._timeout = options.get("transaction_timeout_ms", 60_000) / 1000
        self._id, self._epoch, self._sequence = -1, -1, 0
        self._open = self._began = False
        self._fatal: BaseException | None = None
        self._busy: defaultdict[tuple[str, int], asyncio.Lock] = defaultdict(asyncio.Lock)
        self._sent: set[asyncio.Future[Any]] = set()

    async def start(self) -> None:
        await self.metadata()
        if self._name:
            self._id, self._epoch = await self._coordinate("initialise", self._timeout)

    async def stop(self) -> None:
        self._require_life()
        self.closed = True

    async def begin_transaction(self) -> None:
        self._open, self._began = True, False

    async def commit_transaction(self) -> None:
        await self._end(commits=True)

    async def abort_transaction(self) -> None:
        if self._fatal:
            raise AssertionError("Invalid state transition")  # as aiokafka has it
        await self._end(commits=False)

    async def _end(self, commits: bool) -> None:
        self._require_life()
        if self._sent:
            await asyncio.wait(self._sent)
        self._open = False
        if self._began:
            await self._coordinate("end", self._epoch, commits)

    async def _coordinate(self, request: str, *arguments: Any) -> Any:
        """Asks until it is answered. Raises ProducerFenced and what else ends a transaction."""
        while True:
            self._require_life()
            try:
                return await self.kafka.coordinator.ask(request, self._name or "", *arguments)
            except RETRIABLE:
                await asyncio.sleep(BACKOFF_SECONDS * (0.2 + self.rng.random()))
            except _InvalidProducerEpoch:
                self._fatal = ProducerFenced()
                self._open = False
                raise ProducerFenced from None
            except KafkaError as error:
                self._fatal, self._open = error, False
                raise

    async def partitions_for(self, topic: str) -> set[int]:
        return set(range(self.cluster.topics[topic]))

    def create_batch(self) -> Batch:
        return Batch()

    async def send(
        self,
        topic: str,
        value: Any = None,
        key: Any = None,
        partition: int | None = None,
        timestamp_ms: int | None = None,
        headers: Any = (),
    ) -> "asyncio.Future[Any]":
        self._require_life()
        if self._name and not self._open:
            raise IllegalOperation("Can't send messages while not in transaction")
        batch = Batch()
        at = timestamp_ms if timestamp_ms is not None else int(self.loop.wall() * 1000)
        batch.append(timestamp=at, key=key, value=value, headers=list(headers or ()))
        return await self.send_batch(batch, topic, partition=partition or 0)

    async def send_and_wait(self, topic: str, value: Any = None, key: Any = None, **more: Any) -> Any:
        return await (await self.send(topic, value, key, **more))

    async def send_batch(self, batch: Batch, topic: str, *, partition: int) -> "asyncio.Future[Any]":
        self._require_life()
        sent: asyncio.Future[Any] = self.loop.create_future()
        self._sent.add(sent)
        sent.add_done_callback(self._sent.discard)
        sent.add_done_callback(lambda done: done.cancelled() or done.exception())
        task = asyncio.create_task(self._deliver(batch, topic, partition, sent))
        sent.task = task  # type: ignore[attr-defined]  # kept for as long as somebody waits
        return sent

    async def _deliver(self, batch: Batch, topic: str, partition: int, sent: "asyncio.Future[Any]") -> None:
        """One batch of a partition after the other, each again until it is answered."""
        try:
            async with self._busy[topic, partition]:
                if self._fatal:
                    raise self._fatal
                writer = await self._writer()
                offset = await self._again_and_again(batch, topic, partition, writer)
        except _InvalidProducerEpoch:
            _fail(sent, ProducerFenced())
        except KafkaError as error:
            _fail(sent, error)
        else:
            if not sent.done():
                sent.set_result(SimpleNamespace(topic=topic, partition=partition, offset=offset))

    async def _writer(self) -> Writer | None:
        if not self._name:
            return None
        if not self._began:
            await self._coordinate("begin", self._epoch)
            self._began = True
        self._sequence += 1
        return Writer(self._id, self._epoch, self._sequence)

    async def _again_and_again(self, batch: Batch, topic: str, partition: int, writer: Writer | None) -> int:
        began = self.loop.now
        while True:
            self._require_life()
            try:
                return int(await self._produce(batch, topic, partition, writer))
            except RETRIABLE as error:
                if writer is None and self.loop.now - began > DELIVERY_SECONDS:
                    raise KafkaTimeoutError from error
                await asyncio.sleep(BACKOFF_SECONDS)
                await self.metadata()

    def _produce(
        self, batch: Batch, topic: str, partition: int, writer: Writer | None
    ) -> "asyncio.Future[Any]":
        def arrive(node: Node, answer: Answer) -> None:
            if topic == self.cluster.listed:
                entries = [(key, value, tuple(headers)) for _, key, value, headers in batch.records]
                self.cluster.write(node, answer, entries, writer)
            elif topic in self.cluster.forbidden:
                answer(TopicAuthorizationFailedError(topic))
            else:
                for record in batch.records:
                    offset = self.cluster.put(topic, partition, *record)
                answer(offset)

        to = self.leader if topic == self.cluster.listed else self.cluster.any_node()
        return self.cluster.ask(to, arrive)


def _fail(sent: "asyncio.Future[Any]", error: BaseException) -> None:
    if not sent.done():
        sent.set_exception(error)


class Admin(_Client):
    """AIOKafkaAdminClient: what `promises_of` asks."""

    def __init__(self, **options: Any) -> None:
        del options
        super().__init__()

    async def start(self) -> None:
        await self.metadata()

    async def close(self) -> None:
        self.closed = True

    async def describe_configs(self, resources: Any) -> Any:
        await self.metadata()
        told = [("cleanup.policy", "compact"), ("min.insync.replicas", "2")]
        return (SimpleNamespace(resources=[(0, "", 2, resources[0].name, told)]),)


class Connection:
    """AIOKafkaConnection: what `PartitionEnd` asks one broker."""

    def __init__(self, number: int, client: _Client) -> None:
        self._number = number
        self._client = client
        self._open = True

    def connected(self) -> bool:
        return self._open

    def close(self) -> None:
        self._open = False

    def send(self, request: Any) -> "asyncio.Future[Any]":
        cluster, topic = self._client.cluster, request._topic
        if isinstance(request, AskTopicId):
            raise NotImplementedError  # as of a broker before Kafka 2.8: no topic is recreated here

        def metadata(node: Node, answer: Answer) -> None:
            leader, epoch = node.view
            partition = (0, 0, leader, epoch, sorted(cluster.nodes), (), ())
            brokers = [(number, "model", number, None) for number in cluster.nodes]
            answer(SimpleNamespace(brokers=brokers, topics=[(0, topic, False, [partition])]))

        def end(node: Node, answer: Answer) -> None:
            try:
                offset, error = cluster.end_of_list(node, committed=True, epoch=request._epoch), 0
            except KafkaError as refused:
                offset, error = -1, refused.errno
            answer(SimpleNamespace(topics=[(topic, [(0, error, -1, offset, node.epoch)])]))

        return cluster.ask(self._number, end if hasattr(request, "_epoch") else metadata)


async def connect(host: str, port: int, **options: Any) -> Connection:
    """`create_conn`."""
    del host, options
    client = _Client()
    await asyncio.sleep(0.0005)
    return Connection(port, client)


class ListLog:
    """librdkafka's reader of the list (`streams.kafka.log.TopicLog`): all at once, of whom it believes."""

    def __init__(self, client: Any, topic: str) -> None:
        del client, topic
        kafka = _opened[0]
        believed = kafka.cluster.nodes[kafka.cluster.any_node()].view[0]
        self._node = kafka.cluster.nodes[believed]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: Any) -> None: ...

    def first_span(self) -> Span:
        """Raises BrokerError where nobody answers."""
        if self._node.frozen or not self._node.leads:
            raise BrokerError("no answer")
        log = self._node.log
        return Span(0, log.start, log.stable)

    def read(self, span: Span) -> Iterator[Record]:
        del span
        for each in self._node.log.committed():
            yield Record(each.offset, each.timestamp / 1000, each.key or b"", each.value, dict(each.headers))


async def in_thread(work: Any, *arguments: Any) -> Any:
    """`asyncio.to_thread`, for what takes a while and is of one piece."""
    await asyncio.sleep(0.002)
    return work(*arguments)

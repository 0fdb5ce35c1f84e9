"""Topics as batches: where they begin and end, and what a broker sends from an offset on. In no group."""

import asyncio
from collections.abc import Sequence
from typing import Any, NamedTuple

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError, NotLeaderForPartitionError, UnknownTopicOrPartitionError, for_code
from aiokafka.protocol.fetch import FetchRequest
from aiokafka.protocol.offset import OffsetRequest
from aiokafka.structs import TopicPartition

from streams.kafka.options import ClientOptions
from streams.kafka.provisioning import BrokerError
from streams.kafka.requests import topic_id

NEWEST, OLDEST = -1, -2
"""Asked as a time: the first offset that is not there yet, and the first that is still there."""
_COMMITTED = 1
_ATTEMPTS = 5
_PAUSE_SECONDS = 0.2
WAIT_MS = 100
ANSWER_SECONDS = 10.0
"""A broker that has not answered by then stands still, and by then another leads (`broker.session.timeout.ms`
is 9 s). aiokafka waits for 40 s."""


class Reach(NamedTuple):
    """Offsets of one partition, `end` not included."""

    first: int
    end: int

    def __len__(self) -> int:
        return max(0, self.end - self.first)


class Sent(NamedTuple):
    """What one fetch brought: batches as they are, and the aborted transactions among them.

    `end` is where the partition ended then: behind the last record that is committed.
    """

    batches: bytes
    aborted: list[tuple[int, int]]
    end: int = 0


def sent_of(found: Sequence[Any]) -> Sent:
    """What an answer to a fetch says of one partition. Raises the error that the broker names there."""
    error = for_code(found[1])
    if error.errno != 0:
        raise error()
    aborted = [(int(one[0]), int(one[1])) for one in found[-3 if len(found) > 7 else -2] or ()]
    return Sent(bytes(found[-1]), aborted, int(found[3]))


class RawLog:
    """A connection to the brokers; `client` are aiokafka's options. It connects when it is first asked."""

    def __init__(self, client: ClientOptions, name: str = "interdict-console") -> None:
        self._options, self._name = client, name
        self._client: AIOKafkaClient | None = None
        self._opening = asyncio.Lock()

    async def stop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def reach(self, topic: str) -> dict[int, Reach]:
        """By partition, what the topic holds. Raises BrokerError, KafkaError."""
        partitions = await self._partitions(topic)
        ends = await self._offsets(topic, partitions, NEWEST)
        firsts = await self._offsets(topic, partitions, OLDEST)
        return {
            each: Reach(firsts[each] if firsts[each] >= 0 else ends[each], ends[each]) for each in partitions
        }

    async def topic_id(self, topic: str) -> bytes:
        """What tells a topic from one recreated under its name. Raises KafkaError."""
        return await topic_id(await self.connected(), topic)

    async def fetch(self, topic: str, partition: int, offset: int, most: int) -> Sent:
        """The batches from the one that holds this offset on, about `most` bytes and at least one batch."""
        for attempt in range(_ATTEMPTS):
            node = await self.leader(topic, partition)
            asked = [(topic, [(partition, offset, most)])]
            answer = await (await self.connected()).send(
                node, FetchRequest(WAIT_MS, 1, most, _COMMITTED, asked, "")
            )
            (found,) = answer.topics[0][1]
            try:
                return sent_of(found)
            except KafkaError as error:
                await self._again(type(error), attempt)
        raise NotLeaderForPartitionError(f"{topic}-{partition}")

    async def _offsets(self, topic: str, partitions: list[int], at_ms: int) -> dict[int, int]:
        found: dict[int, int] = {}
        for attempt in range(_ATTEMPTS):
            leaders: dict[int, list[tuple[int, int]]] = {}
            for partition in partitions:
                if partition not in found:
                    leaders.setdefault(await self.leader(topic, partition), []).append((partition, at_ms))
            error: type[KafkaError] | None = None
            for node, asked in leaders.items():
                answer = await (await self.connected()).send(
                    node, OffsetRequest(-1, _COMMITTED, [(topic, asked)])
                )
                for partition, code, _, offset in answer.topics[0][1]:
                    if code:
                        error = for_code(code)
                    else:
                        found[partition] = offset
            if error is None:
                return found
            await self._again(error, attempt)
        raise NotLeaderForPartitionError(topic)

    async def _partitions(self, topic: str) -> list[int]:
        client = await self.connected()
        for _ in range(_ATTEMPTS):
            found = client.cluster.partitions_for_topic(topic)
            if found:
                return sorted(found)
            await client.add_topic(topic)
            await client.force_metadata_update()
        raise BrokerError(
            f"there is no topic {topic}, or this user may not read it; see `interdict topics check`"
        )

    async def leader(self, topic: str, partition: int) -> int:
        """Who leads it. Raises KafkaError where nobody does for a second."""
        client = await self.connected()
        for _ in range(_ATTEMPTS):
            node = client.cluster.leader_for_partition(TopicPartition(topic, partition))
            if node is not None and node >= 0:
                return int(node)
            await client.force_metadata_update()
            await asyncio.sleep(_PAUSE_SECONDS)
        raise NotLeaderForPartitionError(f"{topic}-{partition}")

    async def _again(self, error: type[KafkaError], attempt: int) -> None:
        """Ask again where a new leader was chosen. Raises the error where that is of no use."""
        if not getattr(error, "invalid_metadata", False) or attempt == _ATTEMPTS - 1:
            raise error()
        if error is UnknownTopicOrPartitionError:
            raise error()
        await (await self.connected()).force_metadata_update()
        await asyncio.sleep(_PAUSE_SECONDS)

    async def connected(self) -> AIOKafkaClient:
        """The client, connected. Raises KafkaError where no broker answers."""
        async with self._opening:
            if self._client is None:
                client = AIOKafkaClient(
                    **self._options, client_id=self._name, request_timeout_ms=round(ANSWER_SECONDS * 1000)
                )
                try:
                    await client.bootstrap()
                except BaseException:
                    await client.close()
                    raise
                self._client = client
            return self._client

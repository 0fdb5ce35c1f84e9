"""Three brokers in one process: copies of the list that follow a leader, and one copy of everything else.

The list's partition is replicated as Kafka does it: a leader in an epoch, followers that copy from it, a
high watermark that moves when every copy in sync has a record, a controller that elects another leader from
those in sync. A broker can be cut off from its peers (it goes on answering clients, and believes that it
leads) or frozen (it answers nobody). `min.insync.replicas` is 2. The other topics have one copy that is never
lost: what can go wrong with them is that requests and answers are late or lost.
"""

import asyncio
import random
from collections.abc import Callable, Mapping
from typing import Any

from aiokafka.errors import (
    InvalidProducerEpoch,
    InvalidTxnState,
    LeaderNotAvailableError,
    NotEnoughReplicasError,
    NotLeaderForPartitionError,
    RequestTimedOutError,
)

from tests.simulation.log import Entry, Log, Writer
from tests.simulation.loop import START, VirtualLoop

NODES = (1, 2, 3)
IN_SYNC = 2
REQUEST_SECONDS = 3.0
"""After this a client takes a request for lost; aiokafka's own limit is 40 s."""
ELECTION_SECONDS = 1.5
"""A broker that the controller has not heard of for so long leads nothing any more."""
LAG_SECONDS = 1.0
"""A follower that has not copied for so long is no longer in sync."""

Answer = Callable[[Any], None]
"""Takes a result, or the error that the broker answers."""
Handler = Callable[["Node", Answer], None]


class Node:
    """One broker."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.log = Log()
        self.leads = number == NODES[0]
        """It believes so."""
        self.epoch = 1
        self.view = (NODES[0], 1)
        """Leader and epoch of the list's partition, as this broker tells clients."""
        self.epoch_start = 0
        """Where its own epoch as a leader begins."""
        self.cut = False
        self.frozen = False
        self.skew = 0.0
        self.in_sync = set(NODES)
        self.waiting: list[Callable[[], None]] = []
        """What arrived while it was frozen."""
        self.copies = 1
        """The epoch of the leader that its log is a copy of, up to its end."""
        self.copying = False
        """A copy is under way."""
        self.produced: list[tuple[int, Answer]] = []
        """Writes that wait for the high watermark: the offset behind them, and who waits."""


class Cluster:
    """The brokers, their controller, and the network between them and their clients."""

    def __init__(self, loop: VirtualLoop, rng: random.Random, topics: Mapping[str, int], listed: str) -> None:
        self.loop = loop
        self.rng = rng
        self.listed = listed
        self.topics = topics
        self.nodes = {number: Node(number) for number in NODES}
        self.leader, self.epoch = NODES[0], 1
        """As the controller has it."""
        self.logs = {
            (topic, partition): Log()
            for topic, partitions in topics.items()
            for partition in range(partitions)
            if topic != listed
        }
        self.history: list[tuple[float, Entry]] = []
        """Every entry of the list, at the moment when enough copies had it; nothing is ever taken out."""
        self.lost = 0.0
        """Share of requests and of answers that do not arrive."""
        self.slow = 1.0
        self.coordinator_away = False
        self.verified: Callable[[Writer], bool] = lambda _: True
        """Whether the coordinator knows of the transaction that this is to begin on the list (KIP-890)."""
        self.forbidden: set[str] = set()
        """Topics that refuse whatever is written."""
        self._changed: dict[str, list[asyncio.Future[None]]] = {topic: [] for topic in topics}

    # the network

    def ask(self, number: int, handler: Handler) -> asyncio.Future[Any]:
        """A client's request to one broker; the answer comes late, never, or is an error."""
        answered: asyncio.Future[Any] = self.loop.create_future()
        ends = self.loop.now + REQUEST_SECONDS
        came = False

        def late() -> None:
            self.loop.later(max(0.0, ends - self.loop.now), _settle, answered, RequestTimedOutError())

        def answer(result: Any) -> None:
            nonlocal came
            came = True
            if self._loses():
                late()
            else:
                self.loop.later(self._trip(), _settle, answered, result)

        def arrive() -> None:
            node = self.nodes[number]
            if node.frozen:
                node.waiting.append(arrive)
            else:
                handler(node, answer)
            if not came:
                late()

        if self._loses():
            late()
        else:
            self.loop.later(self._trip(), arrive)
        return answered

    def _loses(self) -> bool:
        return self.lost > 0 and self.rng.random() < self.lost

    def _trip(self) -> float:
        return (0.0003 + self.rng.random() ** 4 * 0.02) * self.slow

    def any_node(self) -> int:
        return self.rng.choice(NODES)

    # the list's partition

    def write(
        self, node: Node, answer: Answer, entries: list[tuple[Any, ...]], writer: Writer | None
    ) -> None:
        """Append to the list as its leader, and answer when enough copies have it."""
        if not node.leads:
            return answer(NotLeaderForPartitionError())
        if writer is not None:
            if node.log.epoch_of(writer.id) > writer.epoch:
                return answer(InvalidProducerEpoch())
            if (offset := node.log.repeated(writer)) is not None:
                return self._answer_behind(node, offset + 1, offset, answer)
            if not node.log.open_for(writer.id) and not self.verified(writer):
                return answer(InvalidTxnState())
        if len(node.in_sync) < IN_SYNC:
            return answer(NotEnoughReplicasError())
        first = node.log.end
        for key, value, headers in entries:
            self._append(node, key=key, value=value, headers=headers, writer=writer)
        return self._answer_behind(node, node.log.end, first, answer)

    def mark(self, node: Node, answer: Answer, producer: int, epoch: int, commits: bool) -> None:
        """The marker that ends a transaction; its epoch fences every older one of this producer."""
        if not node.leads:
            return answer(NotLeaderForPartitionError())
        if len(node.in_sync) < IN_SYNC:
            return answer(NotEnoughReplicasError())
        self._append(node, writer=Writer(producer, epoch, -1), commits=commits)
        return self._answer_behind(node, node.log.end, 0, answer)

    def _append(self, node: Node, **fields: Any) -> None:
        at = int((START + self.loop.now + node.skew) * 1000)
        node.log.append(Entry(node.log.end, node.epoch, at, **fields))
        for other in self.nodes.values():
            if other is not node and not other.copying:
                other.copying = True
                self.loop.later(self._trip(), self._copy, other)

    def _answer_behind(self, node: Node, end: int, result: int, answer: Answer) -> None:
        if node.log.high >= end:
            answer(result)
        else:
            node.produced.append((end, lambda error: answer(result if error is None else error)))
            self._copied(node)

    def _copy(self, follower: Node) -> None:
        """A follower copies what its leader has, as far as both can be reached."""
        follower.copying = False
        number, epoch = follower.view
        leader = self.nodes[number]
        if follower.leads or follower.cut or follower.frozen or leader.cut or leader.frozen:
            return
        if not leader.leads or leader.epoch != epoch:
            return
        if follower.copies != epoch:
            follower.log.truncate(follower.log.common(leader.log))
            follower.copies = epoch
        follower.log.start = max(follower.log.start, leader.log.start)
        for entry in leader.log.entries:
            if entry.offset >= follower.log.end:
                follower.log.append(entry)
        follower.log.lead(leader.epoch, leader.epoch_start)
        follower.log.end = max(follower.log.end, leader.log.end)
        follower.log.delete_before(leader.log.start)
        follower.log.high = max(follower.log.high, min(leader.log.high, follower.log.end))
        if follower.number not in leader.in_sync and not leader.cut:
            leader.in_sync.add(follower.number)
        self._copied(leader)

    def _copied(self, leader: Node) -> None:
        """Move the high watermark to what every copy in sync has."""
        if not leader.leads or len(leader.in_sync) < IN_SYNC:
            return
        if all(self._follows(number, leader) for number in leader.in_sync):
            high = min(self.nodes[number].log.end for number in leader.in_sync)
            if high > leader.log.high:
                leader.log.high = high
                if leader.epoch == self.epoch:
                    self._remember(leader.log)
                self._wake(self.listed)
        ready = [each for each in leader.produced if each[0] <= leader.log.high]
        leader.produced = [each for each in leader.produced if each[0] > leader.log.high]
        for _, done in ready:
            done(None)

    def _follows(self, number: int, leader: Node) -> bool:
        """What a copy has counts only when it is a copy of this leader's log."""
        node = self.nodes[number]
        return node is leader or (
            node.view == (leader.number, leader.epoch) and not node.leads and node.copies == leader.epoch
        )

    def _remember(self, log: Log) -> None:
        known = self.history[-1][1].offset + 1 if self.history else 0
        self.history += [(self.loop.now, entry) for entry in log.entries if known <= entry.offset < log.high]

    def _wake(self, topic: str) -> None:
        changed, self._changed[topic] = self._changed[topic], []
        for waiter in changed:
            if not waiter.done():
                waiter.set_result(None)

    def change(self, topic: str, seconds: float) -> asyncio.Future[None]:
        """Done when a reader of the topic may find something new, or after so long."""
        waiter: asyncio.Future[None] = self.loop.create_future()
        self._changed[topic].append(waiter)
        self.loop.later(seconds, _settle, waiter, None)
        return waiter

    def end_of_list(self, node: Node, committed: bool, epoch: int | None = None) -> int:
        """Where the list ends, as this broker says. Raises KafkaError."""
        if not node.leads or (epoch is not None and epoch != node.epoch):
            raise NotLeaderForPartitionError
        if node.log.high < node.epoch_start:
            raise LeaderNotAvailableError  # KIP-207: its end could go back
        return node.log.stable if committed else node.log.high

    # the controller

    def tend(self) -> None:
        """What the controller and the leader do now and then: who is in sync, who leads."""
        leader = self.nodes[self.leader]
        if leader.cut or leader.frozen:
            candidates = [n for n in NODES if n in leader.in_sync and self._reachable(n)]
            if candidates:
                self._elect(self.rng.choice(candidates))
        else:
            for number in NODES:
                node = self.nodes[number]
                if node is not leader and (node.cut or node.frozen) and number in leader.in_sync:
                    leader.in_sync.discard(number)
            self._copied(leader)
        for node in self.nodes.values():
            if not node.cut and not node.frozen:
                self._learn(node)
                self._copy(node)

    def _reachable(self, number: int) -> bool:
        node = self.nodes[number]
        return not node.cut and not node.frozen

    def move(self) -> None:
        """Another leader in good order, as when a broker restarts."""
        leader = self.nodes[self.leader]
        others = [n for n in sorted(leader.in_sync) if n != self.leader and self._reachable(n)]
        if others and self._reachable(self.leader):
            self._elect(self.rng.choice(others))

    def _elect(self, number: int) -> None:
        before = self.nodes[self.leader]
        self.leader, self.epoch = number, self.epoch + 1
        fresh = self.nodes[number]
        fresh.view = (number, self.epoch)
        fresh.leads, fresh.epoch, fresh.epoch_start = True, self.epoch, fresh.log.end
        fresh.copies = self.epoch
        fresh.log.lead(self.epoch, fresh.log.end)
        fresh.in_sync = {n for n in before.in_sync if self._reachable(n)} | {number}
        for node in self.nodes.values():
            if node is not fresh:
                self.loop.later(self.rng.random() * 0.3, self._learn, node)

    def _learn(self, node: Node) -> None:
        """A broker hears who leads."""
        if node.cut or node.frozen or node.view[1] >= self.epoch:
            return
        node.view = (self.leader, self.epoch)
        if node.leads and node.number != self.leader:
            node.leads = False
            for _, done in node.produced:
                done(NotLeaderForPartitionError())
            node.produced.clear()
        self.loop.later(self._trip(), self._copy, node)
        self._wake(self.listed)

    def heal(self, node: Node) -> None:
        node.cut = False
        if node.frozen:
            node.frozen = False
            waiting, node.waiting = node.waiting, []
            for arrive in waiting:
                self.loop.later(self._trip(), arrive)
        self.loop.later(self.rng.random() * 0.5, self._learn, node)
        self.loop.later(0.6, self._copy, node)

    # the other topics

    def put(self, topic: str, partition: int, at_ms: int, key: Any, value: Any, headers: Any) -> int:
        """One record at the end of a topic that has one copy."""
        log = self.logs[topic, partition]
        offset = log.end
        log.append(Entry(offset, 0, at_ms, key, value, tuple(headers)))
        log.high = log.end
        self._wake(topic)
        return offset


def _settle(answered: asyncio.Future[Any], result: Any) -> None:
    if answered.done():
        return
    if isinstance(result, BaseException):
        answered.set_exception(result)
    else:
        answered.set_result(result)

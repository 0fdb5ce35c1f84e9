"""Where a partition ends, according to the broker that leads it, with the proof that no other broker does.

A broker that is cut off from its peers still believes that it leads, and answers clients "nothing new" for as
long as it lives. So its answer counts only when enough replicas know of no newer leader. A record is
acknowledged when `min.insync.replicas` of a partition's R replicas have it, and a follower that fetches from
a new leader knows the new leader's epoch. When R - min.insync.replicas + 1 replicas, the leader among them,
were asked after a moment and know of no newer epoch, no new leader can have acknowledged anything before that
moment: it would have needed one of them.

Each replica is asked over its own connection: Kafka answers one connection's requests in turn, and one broker
that hangs must not hold up the others' answers. The leader is asked under the epoch that the others name
(KIP-320); it refuses any other.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from aiokafka.conn import AIOKafkaConnection, create_conn
from aiokafka.errors import KafkaError, for_code

from streams.kafka.options import ClientOptions
from streams.kafka.requests import NO_ID, AskEnd, AskMetadata, AskTopicId, is_another, topic_id_in

ANSWER_SECONDS = 2.0
"""A broker that does not answer within this counts as one that said nothing."""
HEDGE_SECONDS = 0.05
"""After this the replicas that the proof can do without are asked, too; an answer takes a millisecond."""
HUNG_SECONDS = 0.5
"""A broker with a question open for so long is not asked the next one before it answers or is given up."""
IDENTITY_SECONDS = 0.2
"""How old the leader's word may be that the topic is the same. Nobody makes one anew and publishes to it a
list as long as the old one in less."""
ELECTIONS = 3
"""So many new leaders may turn up while one question is answered."""


class NotProvedError(RuntimeError):
    """Too few brokers say who leads; the text says which are missing."""


@dataclass(frozen=True, slots=True)
class View:
    """Who leads the partition, as one broker knows it."""

    leader: int
    epoch: int
    replicas: tuple[int, ...]
    hosts: Mapping[int, tuple[str, int]]


def needed(replicas: int, in_sync: int) -> int:
    """How many replicas must know of no newer leader, so that the rest, with `in_sync` copies needed, cannot
    acknowledge."""
    return max(1, replicas - in_sync + 1)


class PartitionEnd:
    """Asks for the end of a topic's only partition; `in_sync` is its `min.insync.replicas`."""

    def __init__(self, topic: str, client: ClientOptions, in_sync: int) -> None:
        self._topic = topic
        self._in_sync = in_sync
        self._bootstrap: str = client["bootstrap_servers"]
        self._options = {name: value for name, value in client.items() if name != "bootstrap_servers"}
        self._view: View | None = None
        self._connections: dict[tuple[str, int], AIOKafkaConnection] = {}
        self._opening: defaultdict[tuple[str, int], asyncio.Lock] = defaultdict(asyncio.Lock)
        self._asked: defaultdict[int, list[float]] = defaultdict(list)
        """When the questions that are under way were asked, by node: one that hangs is asked no more."""
        self._tasks: set[asyncio.Task[Any]] = set()
        self._known_id = self._newest_id = NO_ID
        """The topic's, as those who ask know it and as its leader named it last; none of an old broker."""
        self._identified_at = float("-inf")

    async def end(self) -> int:
        """The offset after the last record that every reader could see at some moment after this call. 0,
        once, if the topic was recreated: nothing that was read before is there.

        Raises NotProvedError, KafkaError and OSError.
        """
        view = self._view or await self._first_view()
        for _ in range(ELECTIONS):
            end, views = await self._ask(view)
            newest = max(views.values(), default=view, key=lambda each: each.epoch)
            if newest.epoch > view.epoch:
                self._view = view = newest
            elif isinstance(end, int):
                self._require(view, views)
                return 0 if self._is_another() else end
            else:
                self._view = None  # the leader is down, or was another one's for long: ask anybody
                raise end
        raise NotProvedError(f"{self._topic}: its leaders change too fast to be asked")

    def _require(self, view: View, views: Mapping[int, View]) -> None:
        """Require that enough replicas know of no newer leader; the one that answered as leader is one of
        them."""
        wanted = needed(len(view.replicas), self._in_sync)
        agreeing = (views.keys() | {view.leader}) & set(view.replicas)
        if len(agreeing) < wanted:
            # it may be of a moment when the others had not come back: who they are is asked anew
            self._view = None
            silent = ", ".join(map(str, sorted(set(view.replicas) - agreeing)))
            raise NotProvedError(
                f"{self._topic}: {wanted} of {len(view.replicas)} replicas must say that broker "
                f"{view.leader} leads it; no answer from broker {silent}"
            )

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for connection in self._connections.values():
            connection.close()
        self._connections.clear()

    async def _ask(self, view: View) -> tuple[int | Exception, Mapping[int, View]]:
        """The leader's answer or why there is none, and as many other views as the proof needs."""
        if view.leader not in view.hosts:
            self._view = None
            raise NotProvedError(f"{self._topic}: no broker leads it")
        leader = self._task(self._end_at(view))
        views = await self._views_of_others(view, needed(len(view.replicas), self._in_sync) - 1)
        try:
            return await leader, views
        except (KafkaError, OSError) as error:
            return error, views

    async def _views_of_others(self, view: View, wanted: int) -> Mapping[int, View]:
        """As many views as are wanted; if one broker does not answer at once, all others are asked, too."""
        now = time.monotonic()
        hung = {node for node, since in self._asked.items() if now - min(since, default=now) > HUNG_SECONDS}
        others = [node for node in view.replicas if node in view.hosts and node not in {view.leader, *hung}]
        asked: dict[asyncio.Task[View], int] = {}
        views: Mapping[int, View] = {}
        for some, patience in ((others[:wanted], HEDGE_SECONDS), (others[wanted:], ANSWER_SECONDS)):
            if len(views) < wanted:
                asked |= {self._task(self._asks(node, view)): node for node in some}
                views = await _answers(asked, wanted, patience)
        return views

    def _task(self, work: Any) -> "asyncio.Task[Any]":
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda done: done.cancelled() or done.exception())  # seen, also by nobody
        return task

    async def _asks(self, node: int, view: View) -> View:
        since = time.monotonic()
        self._asked[node].append(since)
        try:
            return await self._view_of(*view.hosts[node])
        finally:
            self._asked[node].remove(since)

    async def _first_view(self) -> View:
        """The newest view of all brokers that answer: the first one to answer may be the one that is cut
        off."""
        addresses = [_address(text) for text in self._bootstrap.split(",")]
        found = await asyncio.gather(
            *(self._view_of(host, port) for host, port in addresses), return_exceptions=True
        )
        views = [each for each in found if isinstance(each, View)]
        if not views:
            raise next(each for each in found if isinstance(each, BaseException))
        self._view = max(views, key=lambda each: each.epoch)
        return self._view

    async def _view_of(self, host: str, port: int) -> View:
        answer = await self._send(host, port, AskMetadata(self._topic))
        hosts = {node: (name, at) for node, name, at, _ in answer.brokers}
        for error, name, _, partitions in answer.topics:
            if name != self._topic:
                continue
            if error:
                raise for_code(error)(f"{self._topic}")
            for _, partition, leader, epoch, replicas, *_ in partitions:
                if partition == 0:
                    return View(leader, epoch, tuple(replicas), hosts)
        raise KafkaError(f"there is no topic {self._topic}")

    async def _end_at(self, view: View) -> int:
        """Ask for the end and the topic's id on one connection, which is answered in order, so that the id
        belongs to the end."""
        leader = view.hosts[view.leader]
        question = self._send(*leader, AskEnd(self._topic, view.epoch))
        if time.monotonic() - self._identified_at > IDENTITY_SECONDS:
            answer, _ = await asyncio.gather(question, self._identify(*leader))
        else:
            answer = await question
        ((_, ((_, error, _, offset, _),)),) = answer.topics
        if error:
            raise for_code(error)(f"{self._topic}: broker {view.leader} in epoch {view.epoch}")
        return int(offset)

    async def _identify(self, host: str, port: int) -> None:
        """Ask for the topic's id; a broker older than Kafka 2.8 does not know it."""
        with suppress(NotImplementedError):
            answer = await self._send(host, port, AskTopicId(self._topic))
            if (named := topic_id_in(answer, self._topic)) != NO_ID:
                self._newest_id = named
        self._identified_at = time.monotonic()

    def _is_another(self) -> bool:
        """Whether the topic is not the one that was asked about before; reported once."""
        before, self._known_id = self._known_id, self._newest_id
        return is_another(before, self._newest_id)

    async def _send(self, host: str, port: int, request: Any) -> Any:
        async with asyncio.timeout(ANSWER_SECONDS):
            async with self._opening[host, port]:
                connection = self._connections.get((host, port))
                if connection is None or not connection.connected():
                    connection = await create_conn(host, port, **self._options)
                    self._connections[host, port] = connection
            try:
                return await connection.send(request)
            except (TimeoutError, asyncio.CancelledError):
                connection.close()  # a late answer would be taken for the next one's
                raise


async def _answers(
    asked: Mapping["asyncio.Task[View]", int], wanted: int, patience: float
) -> Mapping[int, View]:
    """The answers so far, once enough have come, all have come, or the time is up."""
    give_up_at = time.monotonic() + patience
    while True:
        views = {
            node: task.result()
            for task, node in asked.items()
            if task.done() and not task.cancelled() and task.exception() is None
        }
        waiting = [task for task in asked if not task.done()]
        left = give_up_at - time.monotonic()
        if len(views) >= wanted or not waiting or left <= 0:
            return views
        await asyncio.wait(waiting, timeout=left, return_when=asyncio.FIRST_COMPLETED)


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.strip().rpartition(":")
    return host.strip("[]"), int(port)

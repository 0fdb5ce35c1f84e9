"""Where a partition ends, from the broker that leads it, with the proof that no other broker does.

A broker that is cut off from its peers goes on believing that it leads, and tells clients "nothing new" for
as long as it lives. So its answer counts only when enough replicas know of no newer leader. A record is
acknowledged when `min.insync.replicas` of a partition's R replicas have it, and a follower that fetches
from a new leader knows the new leader's epoch. When R - min.insync.replicas + 1 replicas, the leader among
them, were asked after a moment and know of no newer epoch, no new leader can have acknowledged anything
before that moment: it would have needed one of them.

Each is asked over a connection of its own: Kafka answers one connection's requests in turn, and one broker
that hangs must not hold up the others' answers. The leader is asked under the epoch that the others name
(KIP-320); it refuses another one.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiokafka.conn import AIOKafkaConnection, create_conn
from aiokafka.errors import KafkaError, for_code

from streams.kafka.requests import AskEnd, AskMetadata

ANSWER_SECONDS = 2.0
"""A broker that does not answer within this counts as one that said nothing."""


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
    """So many replicas must know of no newer leader; any `in_sync` others would be too few to acknowledge."""
    return max(1, replicas - in_sync + 1)


class PartitionEnd:
    """Asks for the end of a topic's one partition; `in_sync` is its `min.insync.replicas`."""

    def __init__(self, topic: str, client: Mapping[str, Any], in_sync: int) -> None:
        self.leader = -1
        """Who led the partition at the last proof."""
        self._topic = topic
        self._in_sync = in_sync
        self._bootstrap: str = client["bootstrap_servers"]
        self._options = {name: value for name, value in client.items() if name != "bootstrap_servers"}
        self._view: View | None = None
        self._connections: dict[tuple[str, int], AIOKafkaConnection] = {}
        self._asked: set[int] = set()
        """Nodes with a question under way; one that hangs is not asked again before it has answered."""
        self._tasks: set[asyncio.Task[Any]] = set()

    async def end(self) -> int:
        """The offset behind the last record that every reader could see at some moment after this call.

        Raises NotProvedError, KafkaError and OSError.
        """
        view = self._view or await self._first_view()
        end, views = await self._ask(view)
        newest = max([view, *views.values()], key=lambda each: each.epoch)
        if newest.epoch > view.epoch or newest.hosts != view.hosts:
            self._view = newest
        if newest.epoch > view.epoch:
            end, views = await self._ask(newest)
        view = self._view or newest
        agreeing = {node for node, each in views.items() if each.epoch <= view.epoch} | {view.leader}
        wanted = needed(len(view.replicas), self._in_sync)
        if len(agreeing & set(view.replicas)) < wanted:
            silent = ", ".join(map(str, sorted(set(view.replicas) - agreeing)))
            raise NotProvedError(
                f"{self._topic}: {wanted} of {len(view.replicas)} replicas must say that broker "
                f"{view.leader} leads it; no answer from broker {silent}"
            )
        self.leader = view.leader
        return end

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for connection in self._connections.values():
            connection.close()
        self._connections.clear()

    async def _ask(self, view: View) -> tuple[int, Mapping[int, View]]:
        """The leader's answer, and the views of as many others as the proof needs, or of all that answer."""
        if view.leader not in view.hosts:
            self._view = None
            raise NotProvedError(f"{self._topic}: no broker leads it")
        others = [node for node in view.replicas if node != view.leader and node in view.hosts]
        leader = self._task(self._end_at(view))
        asked = {self._task(self._asks(node, view)): node for node in others if node not in self._asked}
        views: dict[int, View] = {}
        wanted = needed(len(view.replicas), self._in_sync) - 1
        waiting = set(asked) if wanted else set()
        while waiting and len(views) < wanted:
            done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                if task.exception() is None:
                    views[asked[task]] = task.result()
        try:
            return await leader, views
        except (KafkaError, OSError):
            newer = [each for each in views.values() if each.epoch > view.epoch]
            if newer:
                return -1, views
            self._view = None  # what is known of the leader is old, or it is down: ask anybody
            raise

    def _task(self, work: Any) -> "asyncio.Task[Any]":
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda done: done.cancelled() or done.exception())  # seen, also by nobody
        return task

    async def _asks(self, node: int, view: View) -> View:
        self._asked.add(node)
        try:
            return await self._view_of(*view.hosts[node])
        finally:
            self._asked.discard(node)

    async def _first_view(self) -> View:
        """From every broker that answers, the newest: the first one may be the one that is cut off."""
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
        answer = await self._send(*view.hosts[view.leader], AskEnd(self._topic, view.epoch))
        ((_, ((_, error, _, offset, _),)),) = answer.topics
        if error:
            raise for_code(error)(f"{self._topic}: broker {view.leader} in epoch {view.epoch}")
        return int(offset)

    async def _send(self, host: str, port: int, request: Any) -> Any:
        connection = self._connections.get((host, port))
        async with asyncio.timeout(ANSWER_SECONDS):
            if connection is None or not connection.connected():
                connection = await create_conn(host, port, **self._options)
                self._connections[host, port] = connection
            try:
                return await connection.send(request)
            except (TimeoutError, asyncio.CancelledError):
                connection.close()  # a late answer would be taken for the next one's
                raise


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.strip().rpartition(":")
    return host.strip("[]"), int(port)

"""The coordinator of transactions: who holds a transactional id, and what becomes of what another left open.

Its own log is taken for safe (it is replicated, too); requests to it are late and lost like any other. It
answers a commit when the decision stands, and writes the markers afterwards, as Kafka does.
"""

import asyncio
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from aiokafka.errors import (
    ConcurrentTransactions,
    CoordinatorNotAvailableError,
    InvalidProducerEpoch,
    InvalidTxnState,
    RequestTimedOutError,
)

from tests.simulation.cluster import REQUEST_SECONDS, Answer, Cluster, Node
from tests.simulation.log import Writer

RETRY_SECONDS = 0.05


class State(StrEnum):
    EMPTY = "empty"
    ONGOING = "ongoing"
    ENDING = "ending"


@dataclass(slots=True)
class Holder:
    """What the coordinator knows of one transactional id."""

    producer: int
    epoch: int = 0
    state: State = State.EMPTY
    commits: bool | None = None
    """How its last transaction ended, or is ending."""
    timeout: float = 600.0
    began: float = 0.0


class Coordinator:
    """Of every transactional id, on one of the brokers."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.holders: dict[str, Holder] = {}
        cluster.verified = self._ongoing

    def _ongoing(self, writer: Writer) -> bool:
        return any(
            (each.producer, each.epoch, each.state) == (writer.id, writer.epoch, State.ONGOING)
            for each in self.holders.values()
        )

    def ask(self, request: str, name: str, *arguments: Any) -> asyncio.Future[Any]:
        """`initialise`, `begin` or `end`, from a client."""

        def arrive(node: Node, answer: Answer) -> None:
            del node
            if self.cluster.coordinator_away:
                answer(CoordinatorNotAvailableError())
            else:
                getattr(self, request)(answer, name, *arguments)

        return self.cluster.ask(self.node, arrive)

    @property
    def node(self) -> int:
        """The coordinator moves away from a broker that the controller has lost."""
        up = [n for n, node in self.cluster.nodes.items() if not node.cut and not node.frozen]
        return max(up, default=3)

    def initialise(self, answer: Answer, name: str, timeout: float) -> None:
        """Take the id over; what its holder left open is aborted first."""
        holder = self.holders.setdefault(name, Holder(producer=1000 + len(self.holders), epoch=-1))
        holder.timeout = timeout
        if holder.state is State.ONGOING:
            holder.epoch += 1  # the one who held it is refused from here on
            self._finish(holder, commits=False)
        if holder.state is State.ENDING:
            return answer(ConcurrentTransactions())
        holder.epoch, holder.commits = holder.epoch + 1, None
        return answer((holder.producer, holder.epoch))

    def begin(self, answer: Answer, name: str, epoch: int) -> None:
        """The list's partition takes part in the transaction from here on."""
        holder = self.holders[name]
        if epoch != holder.epoch:
            return answer(InvalidProducerEpoch())
        if holder.state is State.ENDING:
            return answer(ConcurrentTransactions())
        if holder.state is State.EMPTY:
            holder.began = self.cluster.loop.now
        holder.state = State.ONGOING
        return answer(None)

    def end(self, answer: Answer, name: str, epoch: int, commits: bool) -> None:
        holder = self.holders[name]
        if epoch != holder.epoch:
            return answer(InvalidProducerEpoch())
        if holder.state is State.ONGOING:
            self._finish(holder, commits)
        elif holder.commits != commits:
            return answer(InvalidTxnState())
        elif holder.state is State.ENDING:
            return answer(ConcurrentTransactions())
        return answer(None)

    def tend(self) -> None:
        """Transactions that nobody ends are aborted when their time is over."""
        for holder in self.holders.values():
            if holder.state is State.ONGOING and self.cluster.loop.now - holder.began > holder.timeout:
                holder.epoch += 1
                self._finish(holder, commits=False)

    def _finish(self, holder: Holder, commits: bool) -> None:
        holder.state, holder.commits = State.ENDING, commits
        cluster, epoch, tried = self.cluster, holder.epoch, 0

        def mark() -> None:
            nonlocal tried
            tried += 1
            attempt = tried
            leader = cluster.nodes[cluster.leader]
            if leader.cut or leader.frozen:
                cluster.loop.later(RETRY_SECONDS, mark)
                return
            cluster.loop.later(REQUEST_SECONDS, lambda: marked(RequestTimedOutError(), attempt))
            cluster.mark(leader, lambda result: marked(result, attempt), holder.producer, epoch, commits)

        def marked(result: Any, attempt: int) -> None:
            if attempt != tried or holder.state is not State.ENDING or holder.epoch != epoch:
                return
            if isinstance(result, BaseException):
                cluster.loop.later(RETRY_SECONDS, mark)
            else:
                holder.state = State.EMPTY

        cluster.loop.later(0.001 + cluster.rng.random() ** 3 * 0.1, mark)

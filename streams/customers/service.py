"""`interdict customers run`: the parts of the service, and the order in which they start and stop.

First the pages, so that `/ready` can say why it is not ready; then the list, proved complete as in a worker;
then what was published and proved before; only then the customers.
"""

import asyncio
import logging
import os
import socket
from collections.abc import Callable, Iterable

from aiokafka import AIOKafkaProducer, ConsumerRecord
from mode import Service

from config.settings import Settings
from screening.decisions import MATCHER
from screening.policy.rules import Policy
from streams.audit.chain import Chain
from streams.audit.key import audit_key
from streams.console.feed import Feed
from streams.customers.desk import CustomerDesk
from streams.customers.metrics import CustomerMetrics
from streams.customers.proofs import ProofReplica
from streams.customers.reading import CustomerReader
from streams.customers.shelf import Trigger
from streams.customers.standings import StandingReplica
from streams.faust_internals.patches import patch_aiokafka
from streams.kafka.connection import aiokafka_options
from streams.kafka.options import MOST_PRODUCED, ClientOptions
from streams.kafka.topics import Topics
from streams.records.dispositions import pair_of_key, suppression_rules
from streams.worker.barrier import Barrier
from streams.worker.delivery import Outbox
from streams.worker.kept import KeptTables
from streams.worker.metrics import Metrics
from streams.worker.replicas.dispositions import DispositionReplica
from streams.worker.replicas.proved_list import proved_list
from streams.worker.replicas.table import EntryChange
from streams.worker.web import WebServer, WorkerStatus

log = logging.getLogger(__name__)

IDLE_SECONDS = 0.02
"""How soon the desk looks again for something to do."""


class _Dispositions(DispositionReplica):
    """A copy that also reports the pair of every record."""

    on_pair: Callable[[str], object] | None = None

    def apply(self, record: ConsumerRecord[bytes, bytes]) -> None:
        try:
            super().apply(record)
        finally:
            if (pair := pair_of_key(record.key)) is not None:
                self.changed([pair])

    def changed(self, pairs: Iterable[str]) -> None:
        for pair in pairs:
            if self.on_pair:
                self.on_pair(pair)


def _new_producer(client: ClientOptions) -> AIOKafkaProducer:
    return AIOKafkaProducer(
        **client,
        acks="all",
        compression_type="zstd",
        max_batch_size=1 << 20,
        max_request_size=MOST_PRODUCED,
    )


class CustomerService(Service):
    """Screens the customers of its partitions until it is stopped."""

    logger = log

    def __init__(self, settings: Settings, policy: Policy) -> None:
        super().__init__()
        client, topics = aiokafka_options(settings), Topics(settings.topic_prefix)
        patch_aiokafka()
        self.metrics = Metrics()
        self.name_of_worker = f"{socket.gethostname()}:{os.getpid()}"
        chain = Chain(audit_key(settings), "customers")
        self._producer = _new_producer(client)
        self._outbox = Outbox(lambda: self._producer, chain)  # a compacted chain has gaps by right
        self._barrier = Barrier(topics.designations, client)
        self._replica = proved_list(
            settings, policy, self._barrier, self.metrics, Feed(), self._designation_changed
        )
        self._read_back(settings, client, topics, chain)
        customers = CustomerMetrics(self.metrics.registry, lambda: self.desk.shelves.values())
        self.desk = CustomerDesk(
            self._replica,
            self._barrier,
            self._outbox,
            topics,
            customers,
            self._standings.known,
            self._dispositions.known,
            self.name_of_worker,
        )
        self._dispositions.on_pair = self.desk.disposition_changed
        self._reader = CustomerReader(
            topics.customers,
            topics.dead_letters,
            client=client,
            group=f"{settings.group}.customers",
            session_seconds=settings.session_timeout_seconds,
            policy=policy,
            desk=self.desk,
            proofs=self._proofs,
            outbox=self._outbox,
            on_given_up=customers.given_up,
        )
        self.web_pages = self._new_pages(settings)
        lists = (topics.designations, topics.dispositions)
        book = (topics.customers, topics.customer_alerts, topics.customer_proofs)
        self._services: tuple[Service, ...] = (
            self.web_pages,
            KeptTables(lists + book, client, self.metrics),
            self._barrier,
            self._replica,
            self._dispositions,
            self._proofs,
            self._standings,
            self._reader,
        )

    def _read_back(self, settings: Settings, client: ClientOptions, topics: Topics, chain: Chain) -> None:
        """Create the copies that are read before anything is screened: dispositions, standings, proofs."""
        unreadable = self.metrics.unreadable_of
        self._dispositions = _Dispositions(
            topics.dispositions,
            client=client,
            metrics=self.metrics,
            rules=suppression_rules(settings),
            on_unreadable=unreadable(topics.dispositions),
        )
        self._standings = StandingReplica(
            topics.customer_alerts,
            client,
            chain.session,
            on_foreign=lambda customer: self.desk.wait_for(Trigger.LIST, customer),
            on_unreadable=unreadable(topics.customer_alerts),
        )
        self._proofs = ProofReplica(
            topics.customer_proofs,
            client,
            on_unreadable=unreadable(topics.customer_proofs),
            on_gone=lambda partition: self.desk.proof_gone(partition),
        )

    def _new_pages(self, settings: Settings) -> WebServer:
        return WebServer(
            settings.web_host,
            settings.web_port,
            health=self,
            metrics=self.metrics,
            feed=Feed(),
            status=self.status,
            lookup=lambda designation_id: self._replica.screener.get(designation_id),
            token=settings.web_token.get_secret_value() if settings.web_token else None,
        )

    def _designation_changed(self, change: EntryChange) -> None:
        self.desk.designation_changed(change)

    @property
    def reasons(self) -> list[str]:
        """Why customers are not screened now; empty if they are."""
        crashed = [repr(service.crash_reason) for service in self._services if service.crashed]
        waits = (
            *crashed,
            *self._replica.reasons,
            self._barrier.reason,
            self._replica.behind,
            self._dispositions.missing,
            self._proofs.missing,
            self._standings.missing,
            self._reader.reason,
        )
        found = [reason for reason in waits if reason]
        loading = [shelf.partition for shelf in self.desk.shelves.values() if not shelf.loaded]
        if loading:
            found.append(f"partitions {', '.join(map(str, sorted(loading)))} are being read")
        return found

    @property
    def ready(self) -> bool:
        return not self.reasons

    def status(self) -> WorkerStatus:
        screener = self._replica.screener
        return {
            "worker": self.name_of_worker,
            "lists": self._replica.status(),
            "offsets": {str(at): offset for at, offset in screener.lists.offsets.items()},
            "partitions": [],
            "policy": screener.policy_sha256,
            "matcher": MATCHER,
            "customers": self.desk.status(),
        }

    async def on_start(self) -> None:
        try:
            await self._producer.start()
        except BaseException:
            await self._producer.stop()
            raise
        await self.web_pages.start()
        self.add_future(self._run())

    async def _run(self) -> None:
        """Start the parts in order, then screen until stopped."""
        for service in self._services[1:]:
            if self.should_stop:
                return
            await service.start()
        while not self.should_stop:
            if any(service.crashed for service in self._services):
                raise RuntimeError("; ".join(self.reasons))
            screens = self._replica.complete.is_set() and self._standings.complete and self._proofs_read
            if not (screens and await self.desk.advance()):
                await self.sleep(IDLE_SECONDS)
            else:
                await asyncio.sleep(0)

    @property
    def _proofs_read(self) -> bool:
        return not self._proofs.missing

    async def on_stop(self) -> None:
        """Stop in order: the group first, so that others take over; the producer last."""
        for service in reversed(self._services):
            await service.stop()
        await self._producer.stop()

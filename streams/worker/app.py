"""Settings to a Faust app: the services of a worker, in the order in which they must start, and nothing else.

Web pages first, so that `/ready` can say why a worker is not ready; then the list replica, whose start waits
until the list is complete; only then the consumer that joins the group and takes payments.
"""

import asyncio
import logging
import os
import socket
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, cast

from faust.types import StreamT
from mode import CrashingSupervisor
from mode.types import ServiceT

from config.settings import Settings
from screening.decisions import MATCHER
from screening.policy.embargoes import EmbargoError
from screening.policy.file import PolicyError
from screening.policy.rules import Policy
from streams.audit.chain import Chain
from streams.audit.key import audit_key
from streams.console.feed import Feed
from streams.console.opening import console_of
from streams.faust_internals.app import App
from streams.faust_internals.batches import BatchStream
from streams.faust_internals.credentials import faust_credentials
from streams.faust_internals.engine import assigned, consumer_lag, kafka_producer
from streams.faust_internals.patches import patch_aiokafka
from streams.faust_internals.transport import MOST_FETCHED
from streams.kafka.connection import aiokafka_options, librdkafka_options
from streams.kafka.consumer import METADATA_SECONDS
from streams.kafka.options import MOST_PRODUCED
from streams.kafka.topics import Topics
from streams.offline.policies import load_policy
from streams.records.dispositions import suppression_rules
from streams.registry.fetching import registry_of
from streams.worker.barrier import Barrier
from streams.worker.budget import Budget, BudgetTimer
from streams.worker.delivery import Outbox
from streams.worker.desk import ScreeningDesk
from streams.worker.garbage import GarbageCollection
from streams.worker.kept import KeptTables
from streams.worker.metrics import NO_PARTITION, Metrics, ShadowLoss
from streams.worker.recreated import SameTopic
from streams.worker.refusals import InOneLine
from streams.worker.replicas.dispositions import DispositionReplica
from streams.worker.replicas.proved_list import proved_list
from streams.worker.replicas.repeats import PairReplica
from streams.worker.replicas.stopped import StoppedReplica
from streams.worker.results import Publication
from streams.worker.shadow import Shadow
from streams.worker.tracing import traces_from_environment
from streams.worker.watchdog import Watchdog
from streams.worker.web import WebServer, WorkerStatus

log = logging.getLogger(__name__)

LAST_CHECKPOINT_SECONDS = 5.0


class Worker(App):
    """One worker: a Faust app with the replica, the screening agent, the web pages and the watchdog."""

    def __init__(self, settings: Settings, policy: Policy, **options: Any) -> None:
        self.settings = settings
        self.policy = policy
        super().__init__(settings.group, **_faust_options(settings), **options)
        # where the end of `_screen_payments` is logged
        logging.getLogger("faust.agents.actor").addFilter(InOneLine())
        self.topics_in_use = Topics(settings.topic_prefix)
        patch_aiokafka(self.topics_in_use.payments)
        self.metrics = Metrics()
        self.metrics.mappings_known(each.name for each in policy.mappings if each.ignores or each.ignore)
        self.feed = Feed()
        self._open_copies(settings, policy)
        self._open_desk(settings)
        self._open_watch(settings)
        self.agent(
            self.topic(self.topics_in_use.payments),
            name="screen_payments",
            supervisor_strategy=CrashingSupervisor,
        )(self._screen_payments)

    def _open_copies(self, settings: Settings, policy: Policy) -> None:
        """Create this worker's copies of topics: the list, the dispositions, and two memories of the
        alerts."""
        self.barrier = Barrier(self.topics_in_use.designations, aiokafka_options(settings))
        self.replica = proved_list(settings, policy, self.barrier, self.metrics, self.feed)
        unreadable = self.metrics.unreadable_of
        self.dispositions = DispositionReplica(
            self.topics_in_use.dispositions,
            client=aiokafka_options(settings),
            metrics=self.metrics,
            rules=suppression_rules(settings),
            on_unreadable=unreadable(self.topics_in_use.dispositions),
        )
        self.pairs = PairReplica(
            self.topics_in_use.alerts,
            aiokafka_options(settings),
            on_unreadable=unreadable(self.topics_in_use.alerts),
        )
        self.stopped = StoppedReplica(
            self.topics_in_use.alerts,
            policy.stripping,
            aiokafka_options(settings),
            self.metrics,
            on_unreadable=unreadable(self.topics_in_use.alerts),
        )

    def _open_desk(self, settings: Settings) -> None:
        """Create the desk, where payments are decided, and what belongs to it."""
        self.publication = Publication(
            Outbox(lambda: kafka_producer(self), Chain(audit_key(settings)), self.topics_in_use.audit),
            self.topics_in_use,
            self.metrics,
            self.feed,
            self.pairs.known,
        )
        self.desk = ScreeningDesk(
            self.replica,
            self.barrier,
            self.publication,
            self.metrics,
            traces=traces_from_environment(),
            dispositions=self.dispositions.known,
            stopped=self.stopped.known,
            registry=registry_of(settings, self.metrics),
            budget=Budget(settings.payment_budget_seconds),
        )
        self.budget_timer = BudgetTimer(self.desk.budget)
        self.shadow = self.publication.shadow = self._shadow()
        self.garbage = GarbageCollection(self.desk.idle)

    def _open_watch(self, settings: Settings) -> None:
        """Create what watches over the worker and what shows it to others."""
        self.watchdog = Watchdog(
            self,
            decided=lambda: self.desk.decided,
            paused=lambda: bool(not self.replica.complete.is_set() or self._registry_reason),
            undelivered=lambda: self.publication.outbox.under_way,
            stall_seconds=settings.stall_seconds,
        )
        self.kept = KeptTables(
            (self.topics_in_use.designations, self.topics_in_use.dispositions),
            aiokafka_options(settings),
            self.metrics,
        )
        self.same_topic = SameTopic(self, self.topics_in_use.payments, self.metrics.passed_over.set)
        self.web_pages = WebServer(
            settings.web_host,
            settings.web_port,
            health=self,
            metrics=self.metrics,
            feed=self.feed,
            status=self.status,
            lookup=lambda designation_id: self.replica.screener.get(designation_id),
            token=settings.web_token.get_secret_value() if settings.web_token else None,
            console=console_of(settings, self.policy.mappings),
        )

    def services_before(self) -> Iterable[ServiceT]:
        return [
            self.web_pages,
            self.kept,
            self.barrier,
            self.replica,
            self.dispositions,
            self.pairs,
            self.stopped,
        ]

    def services_with_producer(self) -> Iterable[ServiceT]:
        return [self.budget_timer, self.same_topic]

    def services_after(self) -> Iterable[ServiceT]:
        return [*([self.shadow] if self.shadow else []), self.garbage, self.watchdog]

    def _shadow(self) -> Shadow | None:
        """The shadow policy's comparison; a policy that cannot be used is logged and does not stop
        payments."""
        file = self.settings.shadow_policy_file
        if file is None:
            return None
        try:
            proposed = load_policy(file)
            if proposed.ownership != self.policy.ownership:
                raise PolicyError("party_books and no_ownership must be those of the policy in force")
        except (PolicyError, EmbargoError, OSError) as error:
            log.error("no shadow policy, %s: %s", file, error)
            self.metrics.shadow_lost(ShadowLoss.POLICY)
            return None
        return Shadow(
            proposed,
            self.topics_in_use.shadow,
            librdkafka_options(self.settings),
            self.metrics,
            worker=self.name_of_worker,
            idle=self.desk.idle,
        )

    @property
    def name_of_worker(self) -> str:
        return f"{socket.gethostname()}:{os.getpid()}"

    async def on_stop(self) -> None:
        """Write the session's last checkpoint, while the producer still runs."""
        if self.desk.decided:
            with suppress(TimeoutError):
                await asyncio.wait_for(self.publication.outbox.last_checkpoint(), LAST_CHECKPOINT_SECONDS)
        await super().on_stop()

    async def _screen_payments(self, stream: StreamT[bytes]) -> None:
        """The agent: every payment is decided, and its offset is committed only then."""
        await self.desk.work(cast(BatchStream, stream).batches(self.settings.batch_size))

    @property
    def reasons(self) -> list[str]:
        """Why this worker must not be sent payments; empty if it may."""
        if waits := (*self.replica.reasons, *filter(None, (self.barrier.reason, self.replica.behind))):
            return list(waits)
        if missing := self.dispositions.missing or self.stopped.missing:
            return [missing]
        if self._registry_reason:
            return [self._registry_reason]
        if self.rebalancing:
            return ["payment partitions are being assigned"]
        return [] if assigned(self) else [NO_PARTITION]

    @property
    def _registry_reason(self) -> str:
        """Which payment waits for its schema, and why; empty if none does."""
        return self.desk.registry.waiting if self.desk.registry else ""

    @property
    def ready(self) -> bool:
        return not self.reasons

    def status(self) -> WorkerStatus:
        """What `/status.json` and `interdict lists status` show about this worker."""
        screener = self.replica.screener
        return {
            "worker": self.name_of_worker,
            "lists": self.replica.status(),
            "offsets": {str(partition): offset for partition, offset in screener.lists.offsets.items()},
            "partitions": [
                {"partition": partition, "lag": lag} for partition, lag in sorted(consumer_lag(self).items())
            ],
            "policy": self.policy.sha256,
            "matcher": MATCHER,
        }


def _faust_options(settings: Settings) -> dict[str, Any]:
    """Faust's options: delivery as `delivery.py` requires it, raw bytes, no tables, no web server of its
    own."""
    return {
        "broker": f"kafka://{settings.broker.replace(',', ';kafka://')}",
        "broker_credentials": faust_credentials(settings),
        "broker_session_timeout": settings.session_timeout_seconds,
        "broker_heartbeat_interval": settings.session_timeout_seconds / 4,
        "broker_commit_interval": settings.commit_interval_seconds,
        "consumer_group_instance_id": settings.instance_id,
        "consumer_auto_offset_reset": "earliest",  # a new group begins with the oldest payment
        "consumer_max_fetch_size": settings.max_message_bytes,
        "consumer_metadata_max_age_ms": METADATA_SECONDS * 1000,
        "producer_acks": -1,
        "producer_compression_type": "zstd",  # every client reads it since Kafka 2.1; see delivery.Outbox
        "producer_linger": 0.0,  # the outbox makes the batches
        "producer_max_batch_size": 1 << 20,
        "producer_max_request_size": MOST_PRODUCED,
        "key_serializer": "raw",
        "value_serializer": "raw",
        "Stream": BatchStream,
        "stream_wait_empty": True,
        "stream_buffer_maxsize": 65536,  # never reached: see faust_internals/transport.py
        "broker_max_poll_records": MOST_FETCHED,
        "store": "memory://",
        "table_standby_replicas": 0,
        "topic_allow_declare": False,
        "topic_disable_leader": True,
        "web_enabled": False,  # Faust's own pages show tables to anybody; ours are in streams/worker/web.py
    }

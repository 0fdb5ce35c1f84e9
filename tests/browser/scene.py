"""A worker on the in-process broker: the real screener, feed and pages, and a script of what reaches them."""

from collections.abc import AsyncIterator, Iterable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

import orjson
from confluent_kafka import Producer

from config.settings import load_settings
from screening import Designation, Payment, Policy, Screener
from screening.decisions import Hit, Outcome
from screening.designations import Kind, Link, Name, NameType
from screening.payments import Field, Party, Role
from streams.console.feed import Feed
from streams.console.opening import console_of, giving_of
from streams.console.routes import Console
from streams.console.server import PageServer
from streams.console.standalone import ConsoleServer
from streams.kafka.embedded import EmbeddedBroker
from streams.kafka.topics import Topics
from streams.records.json import alert_to_json, decision_to_json, designation_to_json
from streams.worker.metrics import Metrics
from streams.worker.web import WebServer, WorkerStatus

MKRTYCHEV = Designation(
    "ofac:41563",
    (Name("Ashot MKRTYCHEV", NameType.PRIMARY), Name("Ashot MKRTICHEV")),
    Kind.PERSON,
    programs=("RUSSIA-EO14024",),
    countries=("SK",),
)


def company(uid: int, name: str, *aliases: str) -> Designation:
    """One of the three companies designated on 16 August 2023 for their tie to Ashot Mkrtychev."""
    return Designation(
        f"ofac:{uid}",
        (Name(name, NameType.PRIMARY), *(Name(alias) for alias in aliases)),
        Kind.ORGANIZATION,
        programs=("RUSSIA-EO14024",),
        links=(Link("Ashot MKRTYCHEV", "linked_to", MKRTYCHEV.id),),
    )


VERUS = company(44519, "VERUS")
DEFENSE_ENGINEERING = company(44520, "DEFENSE ENGINEERING LIMITED LIABILITY PARTNERSHIP")
VERSOR = company(44521, "VERSOR S.R.O.")


def payment(number: int, creditor: str, debtor: str = "Acme Trading Ltd", **options: Any) -> Payment:
    return Payment(
        id=f"P-{number}",
        parties=(
            Party(Role.DEBTOR, names=(Field(debtor, "/parties/0/name"),)),
            Party(Role.CREDITOR, names=(Field(creditor, "/parties/1/name"),)),
        ),
        **({"amount": "12500.00", "currency": "USD"} | options),
    )


@dataclass
class Scene:
    """What the tests do to the worker, and to the topics that its pages read."""

    bootstrap: str = ""
    feed: Feed = field(default_factory=Feed)
    screener: Screener = field(default_factory=lambda: Screener(Policy()))
    ready: bool = True
    reasons: list[str] = field(default_factory=list)
    url: str = ""

    def __post_init__(self) -> None:
        self._producer = Producer({"bootstrap.servers": self.bootstrap, "linger.ms": 5, "log_level": 0})

    def publish(self, *designations: Designation, effective_seconds: float = 0.0124) -> None:
        for designation in designations:
            self.screener.upsert(designation)
            self.send(TOPICS.designations, designation.id, designation_to_json(designation))
            self.feed.designated(designation, "added", effective_seconds)
        self._producer.flush()

    def pay(self, payments: Iterable[Payment]) -> None:
        for each in payments:
            started = perf_counter()
            decision = self.screener.screen(each)
            seconds = perf_counter() - started + 0.0021
            now = datetime.now(UTC)
            self.send(TOPICS.payments, each.id, orjson.dumps(event_of(each)))
            self.send(TOPICS.decisions, each.id, decision_to_json(decision, now, seconds * 1000))
            self.feed.decided(decision.outcome, seconds)
            if decision.outcome is Outcome.HIT:
                self.alert(each.id, alert_to_json(decision, each, now, seconds * 1000))
        self._producer.flush()

    def alert_on(self, paid: Payment, hit: Hit) -> None:
        """An alert that says whatever a payer wrote, however the matcher would judge it."""
        hit = replace(hit, value=paid.parties[1].names[0].value, role=Role.CREDITOR)
        decision = replace(self.screener.screen(paid), outcome=Outcome.HIT, hits=(hit,))
        self.alert(paid.id, alert_to_json(decision, paid, datetime.now(UTC), 2.0))
        self._producer.flush()

    def alert(self, payment_id: str, alert: bytes) -> None:
        self.send(TOPICS.alerts, payment_id, alert)
        self.feed.alert(alert)

    def send(self, topic: str, key: str, value: bytes | None) -> None:
        self._producer.produce(topic, value, key.encode())

    def status(self) -> WorkerStatus:
        now = datetime.now(UTC).isoformat()
        return {
            "worker": "worker-1:4711",
            "lists": {"ofac": {"version": "2023-08-16", "entries": len(self.screener), "published_at": now}},
            "offsets": {"0": 18231},
            "partitions": [{"partition": 0, "lag": 0}, {"partition": 1, "lag": 12}],
            "policy": self.screener.policy.sha256,
            "matcher": "1.0.0",
        }


TOPICS = Topics()


def event_of(paid: Payment) -> dict[str, Any]:
    """The payment as a platform sends it."""
    parties = [
        {"role": party.role, "name": party.names[0].value} if party.names else {"role": party.role}
        for party in paid.parties
    ]
    return {"id": paid.id, "amount": paid.amount, "currency": paid.currency, "parties": parties}


@asynccontextmanager
async def scene(port: int = 0, token: str | None = None, bootstrap: str = "") -> AsyncIterator[Scene]:
    """A served scene; everything in it is gone afterwards. `bootstrap` names a broker that stays."""
    with ExitStack() as stack:
        if not bootstrap:
            bootstrap = stack.enter_context(EmbeddedBroker(dict(TOPICS.partitions(2)))).bootstrap
        stage = Scene(bootstrap)
        server = WebServer(
            "127.0.0.1",
            port,
            token=token,
            health=stage,
            metrics=Metrics(),
            feed=stage.feed,
            status=stage.status,
            lookup=lambda designation_id: stage.screener.get(designation_id),
            console=_console(bootstrap),
        )
        async with _served(stage, server):
            yield stage


@asynccontextmanager
async def console(bootstrap: str = "", **settings: Any) -> AsyncIterator[Scene]:
    """The same scene as `interdict console` shows it, with no worker."""
    with ExitStack() as stack:
        if not bootstrap:
            bootstrap = stack.enter_context(EmbeddedBroker(dict(TOPICS.partitions(2)))).bootstrap
        stage = Scene(bootstrap)
        loaded = load_settings(broker=bootstrap, **settings)
        shown = console_of(loaded, ())
        async with _served(stage, ConsoleServer("127.0.0.1", 0, shown, None, giving_of(loaded, shown))):
            yield stage


def _console(bootstrap: str) -> Console:
    return console_of(load_settings(broker=bootstrap), ())


@asynccontextmanager
async def _served(stage: Scene, server: PageServer) -> AsyncIterator[None]:
    async with server:
        stage.url = server.url
        yield

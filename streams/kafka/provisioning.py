"""Topics on the broker: created as `topics.py` says, and checked against what the pipeline relies on."""

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeVar

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import (
    AdminClient,
    ConfigResource,
    NewTopic,
    ResourceType,
)

from streams.errors import CannotProceedError
from streams.kafka.options import ClientOptions
from streams.kafka.topics import USUAL, TopicSpec

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 15.0
"""A broker that is just being started, or a leader just being chosen, answers within this."""
QUIET_SECONDS = 2.0
"""One that is up answers long before; then what is waited for is said."""
_NO_ANSWER = (KafkaError._TRANSPORT, KafkaError._TIMED_OUT)  # noqa: SLF001  their public names are these
REPLICAS = 3
"""With one copy a broker's disk is the end of the list; with three and two in sync, any one may go."""
IN_SYNC = "min.insync.replicas"

_NO_LESS = ("delete.retention.ms", "retention.ms", IN_SYNC)
_NO_MORE = ("min.cleanable.dirty.ratio", "segment.ms", "max.compaction.lag.ms")
Answer = TypeVar("Answer")


class BrokerError(CannotProceedError):
    """The broker could not be asked, or refused; the text says what to look at."""


def first_answer(ask: Callable[[float], Answer], bootstrap: str) -> Answer:
    """What a broker answers to the first question; `ask` is called with how many seconds it may wait.

    If nothing has come after `QUIET_SECONDS`, it logs that it waits for the brokers of `bootstrap`. Raises
    KafkaException after `TIMEOUT_SECONDS`, and at once if the broker refuses.
    """
    try:
        return ask(min(QUIET_SECONDS, TIMEOUT_SECONDS))
    except KafkaException as error:
        reason: KafkaError = error.args[0]
        left = TIMEOUT_SECONDS - QUIET_SECONDS
        if reason.code() not in _NO_ANSWER or left <= 0:  # librdkafka takes a time below zero for no end
            raise
    log.warning("%s: no broker answers yet; waiting for %.0f s more", bootstrap, left)
    return ask(left)


@dataclass(frozen=True, slots=True)
class TopicProblem:
    """One thing on the broker that differs from what the pipeline relies on, and the remedy."""

    topic: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.topic}: {self.problem}; {self.remedy}"


class TopicAdmin:
    """Creates and checks the topics under one prefix. Every call blocks; use a thread from async code.

    `client` are librdkafka's options (`connection.librdkafka_options`).
    """

    def __init__(self, client: ClientOptions, prefix: str = "", specs: Sequence[TopicSpec] = USUAL) -> None:
        self._prefix = prefix
        self._specs = specs
        self._admin = AdminClient({**client, "log_level": 2})  # failures come to the caller, not to stderr
        self._bootstrap = client.get("bootstrap.servers", "")

    def create(self, partitions: int, replication: int | None = None) -> list[str]:
        """Create missing topics and return their names; existing topics stay as they are.

        `replication` None means three copies, or one on each broker if there are fewer.
        """
        on_broker = self._metadata()
        copies = replication or min(REPLICAS, len(on_broker.brokers))
        wanted = [
            NewTopic(
                self._prefix + spec.name,
                num_partitions=spec.partitions or partitions,
                replication_factor=copies,
                config={**spec.config, **_durability(copies)},
            )
            for spec in self._specs
            if self._prefix + spec.name not in on_broker.topics
        ]
        made = self._admin.create_topics(wanted, request_timeout=TIMEOUT_SECONDS) if wanted else {}
        created = [name for name, future in made.items() if _created(name, future)]
        self._await(created)
        return created

    def _await(self, names: list[str]) -> None:
        """Wait until every broker knows a new topic: one answers before the others do, and the next client
        might not find it."""
        give_up_at = time.monotonic() + TIMEOUT_SECONDS
        while any(name not in self._metadata().topics for name in names):
            if time.monotonic() > give_up_at:
                raise BrokerError(
                    f"{', '.join(names)}: created but not visible after {TIMEOUT_SECONDS:.0f} s"
                )
            time.sleep(0.05)

    def check(self) -> list[TopicProblem]:
        """Every difference that matters, in the order of the topics given; empty if all is well."""
        on_broker = self._metadata()
        there = [spec for spec in self._specs if self._prefix + spec.name in on_broker.topics]
        configs = self._configs([self._prefix + spec.name for spec in there])
        problems: list[TopicProblem] = []
        for spec in self._specs:
            name = self._prefix + spec.name
            if spec not in there:
                problems.append(TopicProblem(name, "does not exist", "create it: interdict topics create"))
                continue
            replicas = [len(part.replicas) for part in on_broker.topics[name].partitions.values()]
            problems += _layout(name, spec, replicas, len(on_broker.brokers))
            wanted = {**spec.config, **_durability(min(replicas))}
            problems += _settings(name, wanted, configs[name])
            problems += _writable(name, min(replicas), configs[name])
        return problems

    def _metadata(self) -> Any:
        try:
            return first_answer(lambda wait: self._admin.list_topics(timeout=wait), self._bootstrap)
        except KafkaException as error:
            raise BrokerError(
                f"{self._bootstrap}: no answer ({_text(error)}); is the broker up, and are the address and "
                "the security settings right?"
            ) from None

    def _configs(self, names: list[str]) -> dict[str, dict[str, str]]:
        if not names:
            return {}
        asked = self._admin.describe_configs(
            [ConfigResource(ResourceType.TOPIC, name) for name in names], request_timeout=TIMEOUT_SECONDS
        )
        try:
            return {
                resource.name: {key: entry.value for key, entry in future.result().items()}
                for resource, future in asked.items()
            }
        except KafkaException as error:
            raise BrokerError(
                f"the broker does not disclose topic settings ({_text(error)}); DESCRIBE_CONFIGS is needed"
            ) from None


def _created(name: str, future: "Future[None]") -> bool:
    try:
        future.result()
    except KafkaException as error:
        if error.args[0].code() == KafkaError.TOPIC_ALREADY_EXISTS:
            return False  # somebody else was quicker
        raise BrokerError(f"{name} could not be created: {_text(error)}") from None
    return True


def _durability(copies: int) -> dict[str, str]:
    return {IN_SYNC: "2"} if copies >= REPLICAS else {}


def _layout(name: str, spec: TopicSpec, replicas: list[int], brokers: int) -> Iterator[TopicProblem]:
    if spec.partitions and len(replicas) != spec.partitions:
        yield TopicProblem(
            name,
            f"has {len(replicas)} partitions, {spec.partitions} is relied on",
            "make the topic anew: partitions cannot be taken away",
        )
    if min(replicas) < min(REPLICAS, brokers):
        yield TopicProblem(
            name,
            f"keeps {min(replicas)} copy where {brokers} brokers could keep {min(REPLICAS, brokers)}",
            "raise it: kafka-reassign-partitions.sh",
        )


def _writable(name: str, copies: int, found: Mapping[str, str]) -> Iterator[TopicProblem]:
    """With as many in sync as there are copies, where three could spare one, nothing is written while one
    broker is away; with more, older brokers take nothing at all."""
    in_sync = int(found.get(IN_SYNC) or 0)
    most = copies - 1 if copies >= REPLICAS else copies
    if in_sync > most:
        when = "by older brokers" if in_sync > copies else "while one broker is away"
        yield TopicProblem(
            name,
            f"{IN_SYNC} is {in_sync} and there are {copies} copies of each record: nothing is taken {when}",
            f"set it: kafka-configs.sh --alter --topic {name} --add-config {IN_SYNC}={min(most, 2)}",
        )


def _settings(name: str, wanted: Mapping[str, str], found: Mapping[str, str]) -> Iterator[TopicProblem]:
    for key, value in wanted.items():
        has = found.get(key, "")
        if not _serves(key, value, has):
            yield TopicProblem(
                name,
                f"{key} is {has or 'unset'}, {_bound(key)}{value} is relied on",
                f"set it: kafka-configs.sh --alter --topic {name} --add-config {key}={value}",
            )


def _serves(key: str, wanted: str, has: str) -> bool:
    if key not in _NO_LESS + _NO_MORE:
        return has == wanted
    try:
        number, bound = float(has), float(wanted)
    except ValueError:
        return False
    if key in _NO_LESS:
        return number >= bound or number == -1  # -1: for ever
    return number <= bound


def _bound(key: str) -> str:
    return "at least " if key in _NO_LESS else "at most " if key in _NO_MORE else ""


def _text(error: KafkaException) -> str:
    return str(error.args[0].str()) if error.args else repr(error)

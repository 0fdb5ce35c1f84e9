"""Who needs which rights at the broker: the one declaration.

The documentation, `interdict doctor`, `interdict topics rights`, the examples in `deploy/kafka` and the tests
against a broker that denies by default are all derived from it. Topics are named as in `topics.py`, without
prefix; READ and WRITE include DESCRIBE (Kafka, Authorization and ACLs).
"""

import json
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from streams.kafka.topics import (
    ALERTS,
    ALL,
    ANSWERS,
    AUDIT,
    CUSTOMER_ALERTS,
    CUSTOMER_PROOFS,
    CUSTOMERS,
    DEAD_LETTERS,
    DECISIONS,
    DESIGNATIONS,
    DISPOSITIONS,
    HISTORY,
    PAYMENTS,
    RELEASED,
    SHADOW,
    STOPPED,
    STOPS,
    SUGGESTIONS,
    TopicSpec,
)


class Operation(StrEnum):
    READ = "READ"
    WRITE = "WRITE"
    CREATE = "CREATE"
    DESCRIBE = "DESCRIBE"
    DESCRIBE_CONFIGS = "DESCRIBE_CONFIGS"


class Resource(StrEnum):
    TOPIC = "topic"
    GROUP = "group"
    TRANSACTION = "transactional-id"


def claim_on(topic: str) -> str:
    """The transactional id that all publishers of a topic share, so that only one of them at a time holds
    it."""
    return f"interdict.lists.{topic}"


class Right(NamedTuple):
    """One operation on one topic or group, by full name; `prefixed` means every name that begins like
    this."""

    operation: Operation
    resource: Resource
    name: str
    prefixed: bool = False


@dataclass(frozen=True, slots=True)
class Principal:
    """One user of the broker with the least rights that it needs.

    `group` is the ending of its consumer group after the workers' group, or None; `groups` says whether that
    stands for all groups that begin so.
    """

    name: str
    purpose: str
    reads: tuple[TopicSpec, ...] = ()
    writes: tuple[TopicSpec, ...] = ()
    manages: tuple[TopicSpec, ...] = ()
    """Topics that it creates and whose settings it reads."""
    group: str | None = None
    groups: bool = False
    describes: tuple[TopicSpec, ...] = ()
    """Topics whose settings it relies on and reads."""
    watches: bool = False
    """Asks how far the workers' group has come."""
    transaction: str | None = None
    """The end of its transactional id, after the workers' group."""
    claims: TopicSpec | None = None
    """The topic that it writes under the transactional id which all its writers share."""
    shadow: bool = False
    """Writes comparisons where a shadow policy is set."""

    def rights(self, prefix: str, group: str, *, shadow: bool = True) -> Iterator[Right]:
        """All its rights, with full names; without `shadow`, only those that are needed without a shadow
        policy."""
        writes = self.writes + ((SHADOW,) if self.shadow and shadow else ())
        for operation, specs in (
            (Operation.READ, self.reads),
            (Operation.WRITE, writes),
            (Operation.CREATE, self.manages),
            (Operation.DESCRIBE_CONFIGS, self.manages + self.describes),
        ):
            yield from (Right(operation, Resource.TOPIC, prefix + spec.name) for spec in specs)
        if self.group is not None:
            yield Right(Operation.READ, Resource.GROUP, group + self.group, self.groups)
        if self.watches:
            yield Right(Operation.DESCRIBE, Resource.GROUP, group)
        if self.transaction is not None:
            yield Right(Operation.WRITE, Resource.TRANSACTION, group + self.transaction)
        if self.claims is not None:
            yield Right(Operation.WRITE, Resource.TRANSACTION, claim_on(prefix + self.claims.name))


WORKER = Principal(
    "worker",
    "`interdict worker`",
    reads=(PAYMENTS, DESIGNATIONS, DISPOSITIONS, ALERTS, DECISIONS),  # the last for its console
    writes=(DECISIONS, ALERTS, DEAD_LETTERS, AUDIT),
    describes=(DESIGNATIONS, DISPOSITIONS),
    group="",
    shadow=True,
)
LOOKBACK = Principal(
    "lookback",
    "`interdict lookback`",
    reads=(PAYMENTS, DESIGNATIONS, HISTORY, ALERTS, DECISIONS, DISPOSITIONS),
    writes=(ALERTS, HISTORY, AUDIT),
    describes=(DISPOSITIONS,),
    group=".lookback",
    groups=True,
)
PUBLISHER = Principal(
    "publisher",
    "`interdict lists publish`, `watch` and `withdraw`; nobody else writes lists",
    reads=(DESIGNATIONS,),
    writes=(DESIGNATIONS,),
    describes=(DESIGNATIONS,),
    claims=DESIGNATIONS,
)
PLATFORM = Principal(
    "payments", "a payment platform", reads=(DECISIONS,), writes=(PAYMENTS,), group="-payments", groups=True
)
CUSTOMER_DESK = Principal(
    "customers",
    "`interdict customers run` and `status`",
    reads=(CUSTOMERS, DESIGNATIONS, DISPOSITIONS, CUSTOMER_ALERTS, CUSTOMER_PROOFS),
    writes=(CUSTOMER_ALERTS, CUSTOMER_PROOFS, DEAD_LETTERS),
    describes=(DESIGNATIONS, DISPOSITIONS, CUSTOMERS, CUSTOMER_ALERTS, CUSTOMER_PROOFS),
    group=".customers",
)
ONBOARDING = Principal("onboarding", "whoever writes the customer book", writes=(CUSTOMERS,))
CASES = Principal(
    "cases",
    "a case system",
    reads=(ALERTS, CUSTOMER_ALERTS, SUGGESTIONS),
    writes=(DISPOSITIONS,),
    group="-cases",
    groups=True,
)
CONSOLE = Principal(
    "console",
    "`interdict console`; it writes where `INTERDICT_WEB_WRITERS` says who may",
    reads=(PAYMENTS, DESIGNATIONS, DECISIONS, ALERTS, DISPOSITIONS),
    writes=(DISPOSITIONS,),
)
SERVER = Principal(
    "serve",
    "`interdict serve`; it writes with `--record` alone",
    reads=(DESIGNATIONS, DISPOSITIONS, ALERTS),
    writes=(DECISIONS, ALERTS, AUDIT),
    describes=(DESIGNATIONS, DISPOSITIONS),
)
EXPORTER = Principal("export", "`interdict export`", reads=(ALERTS,), group="-export", groups=True)
SUGGESTER = Principal(
    "suggest",
    "`interdict suggest run` and `measure`",
    reads=(ALERTS, DESIGNATIONS, DISPOSITIONS, SUGGESTIONS),
    writes=(SUGGESTIONS,),
    describes=(DESIGNATIONS, DISPOSITIONS),
    group=".suggestions",
)
AUDITOR = Principal(
    "auditor",
    "`interdict audit` and `replay`",
    reads=(
        PAYMENTS,
        DESIGNATIONS,
        HISTORY,
        DECISIONS,
        ALERTS,
        DEAD_LETTERS,
        AUDIT,
        CUSTOMER_ALERTS,
        CUSTOMER_PROOFS,
    ),
    watches=True,
)
RECHECK = Principal(
    "recheck",
    "`interdict recheck`",
    reads=(PAYMENTS, DESIGNATIONS, DECISIONS, ALERTS, DISPOSITIONS),
    writes=(DECISIONS, ALERTS, AUDIT),
)
REDELIVERY = Principal(
    "dead-letters",
    "`interdict dead-letters replay`",
    reads=(DEAD_LETTERS, PAYMENTS),
    writes=(PAYMENTS, DEAD_LETTERS),
    transaction=".dead-letters",
)
GATE = Principal(
    "answers",
    "`interdict answers`",
    reads=(PAYMENTS, DECISIONS, DISPOSITIONS, STOPS),
    writes=(RELEASED, STOPPED, ANSWERS, STOPS),
    describes=(DISPOSITIONS, STOPS),
    group=".answers",
    transaction=".answers",
)
OPERATOR = Principal("operator", "`interdict topics create` and `check`", manages=ALL)
PRINCIPALS = (
    WORKER,
    LOOKBACK,
    PUBLISHER,
    PLATFORM,
    CUSTOMER_DESK,
    ONBOARDING,
    CASES,
    CONSOLE,
    SERVER,
    EXPORTER,
    SUGGESTER,
    AUDITOR,
    RECHECK,
    REDELIVERY,
    GATE,
    OPERATOR,
)


def table(principal: Principal) -> str:
    """Its rights in one line, as the documentation shows them, with topics named without a prefix."""
    found: dict[tuple[Operation, Resource], list[str]] = {}
    for right in principal.rights("", "GROUP"):
        named = f"`{right.name}{'*' if right.prefixed else ''}`"
        if principal.shadow and right.name == SHADOW.name:
            named += " with a shadow policy"
        found.setdefault((right.operation, right.resource), []).append(named)
    return "; ".join(
        f"{operation} {'' if resource is Resource.TOPIC else f'{resource} '}{', '.join(names)}"
        for (operation, resource), names in found.items()
    )


def acl_commands(principal: Principal, prefix: str, group: str) -> Iterator[str]:
    """The `kafka-acls.sh` calls that give exactly these rights to the user of this name."""
    for (resource, name, prefixed), operations in _by_resource(principal, prefix, group).items():
        yield (
            f'kafka-acls.sh "$@" --add --allow-principal User:interdict-{principal.name} '
            + " ".join(f"--operation {_camel(operation)}" for operation in operations)
            + f" --{resource} {shlex.quote(name)}"
            + (" --resource-pattern-type prefixed" if prefixed else "")
        )


_STRIMZI = {Resource.TOPIC: "topic", Resource.GROUP: "group", Resource.TRANSACTION: "transactionalId"}


def strimzi_user(principal: Principal, prefix: str, group: str) -> Iterator[str]:
    """A `KafkaUser` of Strimzi with exactly these rights, as lines of YAML."""
    yield "---"
    yield "apiVersion: kafka.strimzi.io/v1beta2"
    yield "kind: KafkaUser"
    yield "metadata:"
    yield f"  name: interdict-{principal.name}"
    yield "  labels: {strimzi.io/cluster: kafka}"
    yield "spec:"
    yield "  authentication: {type: scram-sha-512}"
    yield "  authorization:"
    yield "    type: simple"
    yield "    acls:"
    for (resource, name, prefixed), operations in _by_resource(principal, prefix, group).items():
        pattern = "prefix" if prefixed else "literal"
        named = f"type: {_STRIMZI[resource]}, name: {json.dumps(name)}, patternType: {pattern}"
        yield f"      - resource: {{{named}}}"
        yield f"        operations: [{', '.join(_camel(operation) for operation in operations)}]"


def _by_resource(
    principal: Principal, prefix: str, group: str
) -> dict[tuple[Resource, str, bool], list[Operation]]:
    found: dict[tuple[Resource, str, bool], list[Operation]] = {}
    for operation, resource, name, prefixed in principal.rights(prefix, group):
        found.setdefault((resource, name, prefixed), []).append(operation)
    return found


def _camel(operation: Operation) -> str:
    """DESCRIBE_CONFIGS -> DescribeConfigs, as kafka-acls.sh and Strimzi write it."""
    return operation.title().replace("_", "")

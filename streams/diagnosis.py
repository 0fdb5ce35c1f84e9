"""What stands between this machine and a screened payment: one check a line, each with its remedy.

Every check asks the broker as a worker would, with the same settings, and changes nothing.
"""

import asyncio
import importlib.metadata
import importlib.util
import json
import os
import platform
import socket
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import aiokafka.errors
from confluent_kafka import ConsumerGroupState, KafkaError, KafkaException, TopicCollection, libversion
from confluent_kafka.admin import (
    AclOperation,
    AdminClient,
)

from config.settings import SecurityProtocol, Settings, unknown_variables
from screening.decisions import MATCHER
from screening.matching import index
from streams.errors import CannotProceedError
from streams.kafka.connection import librdkafka_options, security_warnings
from streams.kafka.groups import Standing, group, groups_beginning
from streams.kafka.provisioning import BrokerError, TopicAdmin
from streams.kafka.rights import EXPORTER, LOOKBACK, WORKER, Resource
from streams.kafka.topics import Topics, wanted
from streams.lists.status import age, read_topic
from streams.offline.policies import load_policy
from streams.registry.answers import RegistryAwayError
from streams.registry.fetching import registry_of

TIMEOUT_SECONDS = 5.0
FAUST = "0.15.3"
"""`streams/faust_internals` relies on how this version acknowledges."""
IN_CLEAR = (SecurityProtocol.PLAINTEXT, SecurityProtocol.SASL_PLAINTEXT)

_DENIED = (
    KafkaError.TOPIC_AUTHORIZATION_FAILED,
    KafkaError.GROUP_AUTHORIZATION_FAILED,
    KafkaError.UNKNOWN_TOPIC_OR_PART,  # also said of a topic that one may not see
)


class Level(StrEnum):
    OK = "ok"
    NOTE = "note"
    """Not as it should be in production, or could not be determined."""
    FAIL = "fail"
    """Payments are not screened like this."""


@dataclass(frozen=True, slots=True)
class Check:
    level: Level
    subject: str
    text: str
    remedy: str = ""


def examine(settings: Settings) -> Iterator[Check]:
    """The checks in the order in which a newcomer meets their subjects; ends early without a broker."""
    yield from _versions()
    yield from _environment()
    yield from _policy(settings)
    yield from _security(settings)
    yield from _registry(settings)
    reached = list(_network(settings))
    yield from reached
    if any(each.level is Level.FAIL for each in reached):
        return
    admin = AdminClient({**librdkafka_options(settings), "log_level": 2})
    topics = list(_topics(settings))
    yield from topics
    designations = Topics(settings.topic_prefix).designations
    if not any(each.text.startswith(f"{designations}: does not exist") for each in topics):
        yield from _lists(settings)
    for subject, check in (("access", _access), ("workers", _workers), ("beside", _exports_and_lookback)):
        yield from _asked(subject, check, admin, settings)


def _versions() -> Iterator[Check]:
    own, faust, aiokafka = (
        importlib.metadata.version(name) for name in ("interdict", "faust-streaming", "aiokafka")
    )
    form = "compiled" if compiled() else "pure Python"
    text = (
        f"interdict {own}, matcher {MATCHER} ({form}), Python {platform.python_version()}, Faust {faust}, "
        f"aiokafka {aiokafka}, librdkafka {libversion()[0]}"
    )
    if faust == FAUST:
        yield Check(Level.OK, "versions", text)
    else:
        yield Check(
            Level.FAIL, "versions", text, f"install faust-streaming {FAUST}: delivery is proved on it"
        )


def _environment() -> Iterator[Check]:
    """Variables that somebody has set and nobody reads: a misspelt one leaves its setting as it was."""
    for sentence in unknown_variables(os.environ):
        text, _, remedy = sentence.partition("; ")
        yield Check(Level.NOTE, "settings", text, remedy)


def compiled() -> bool:
    """Is the domain compiled? The image's is, and a checkout's after `make native`."""
    return not str(index.__file__).endswith(".py")


def _policy(settings: Settings) -> Iterator[Check]:
    origin = str(settings.policy_file or "the shipped one")
    try:
        policy = load_policy(settings.policy_file)
    except (OSError, ValueError) as error:
        yield Check(
            Level.FAIL, "policy", f"{origin}: {error}", "correct the file INTERDICT_POLICY_FILE names"
        )
        return
    yield Check(
        Level.OK,
        "policy",
        f"{origin}, threshold {policy.threshold}, {len(policy.rules)} rules, sha256 {policy.sha256[:12]}",
    )


def _security(settings: Settings) -> Iterator[Check]:
    noted = list(security_warnings(settings))
    yield from (Check(Level.NOTE, *warning) for warning in noted)
    if "security" not in {warning.subject for warning in noted}:
        local = ", on this machine only" if settings.security_protocol in IN_CLEAR else ""
        yield Check(Level.OK, "security", f"{settings.security_protocol}{local}")


def _registry(settings: Settings) -> Iterator[Check]:
    """Nothing where no registry is named: without one, records in Avro and Protobuf are dead letters."""
    registry = registry_of(settings)
    if registry is None:
        return
    try:
        asyncio.run(registry.reachable())
    except RegistryAwayError as error:
        remedy = "check INTERDICT_SCHEMA_REGISTRY_URL; payments whose schema is not known yet wait for it"
        yield Check(Level.FAIL, "registry", f"{registry.url}: {error}", remedy)
        return
    missing = [name for name in ("fastavro", "google.protobuf") if not _installed(name)]
    if missing:
        yield Check(
            Level.FAIL,
            "registry",
            f"{' and '.join(missing)} not installed",
            "install interdict[registry]: Avro or Protobuf payments are dead letters without",
        )
    else:
        yield Check(Level.OK, "registry", f"{registry.url} answers")


def _installed(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False


def _network(settings: Settings) -> Iterator[Check]:
    """Each bootstrap address by itself, since one that answers hides the others from Kafka's own client."""
    for address in settings.broker.split(","):
        host, _, port = address.rpartition(":")
        try:
            with socket.create_connection((host.strip("[]"), int(port)), timeout=TIMEOUT_SECONDS):
                yield Check(Level.OK, "network", f"{address} accepts connections")
        except socket.gaierror:
            remedy = "check the name in INTERDICT_BROKER and this machine's DNS"
            yield Check(Level.FAIL, "network", f"{address}: no such host", remedy)
        except OSError as error:
            remedy = "is the broker up, is the port right, is a firewall between?"
            yield Check(Level.FAIL, "network", f"{address}: {error.strerror or error}", remedy)


def _topics(settings: Settings) -> Iterator[Check]:
    try:
        problems = TopicAdmin(
            librdkafka_options(settings), settings.topic_prefix, wanted(answers=settings.answers)
        ).check()
    except BrokerError as error:
        yield Check(Level.NOTE, "topics", str(error), "the checks that follow may say why")
        return
    for each in problems:
        yield Check(Level.FAIL, "topics", f"{each.topic}: {each.problem}", each.remedy)
    if not problems:
        yield Check(Level.OK, "topics", "all as the pipeline relies on")


def _lists(settings: Settings) -> Iterator[Check]:
    """Each list in force and its age; what is required and missing, and what nobody published."""
    topic = Topics(settings.topic_prefix).designations
    try:
        found = read_topic(librdkafka_options(settings), topic, settings.required_lists)
    except (aiokafka.errors.KafkaError, OSError, ValueError, CannotProceedError) as error:
        yield Check(Level.FAIL, "lists", f"{topic} cannot be read: {error}", "see topics and access")
        return
    now = datetime.now(UTC)
    for name, at in found.lists.items():
        if not any(problem.startswith(f"list {name} ") for problem in found.problems):
            text = f"{name} {at.version}: {at.entries} entries, {age(at.at, now)} old, required"
            yield Check(Level.OK, "lists", text)
    for problem in found.problems:
        text, _, remedy = problem.rpartition("; ")
        yield Check(Level.FAIL, "lists", text, remedy)
    for name in sorted(_named_by_policy(settings) - found.lists.keys()):
        text = f"the policy names list {name}, which is not in force: what it says of it has no effect"
        yield Check(Level.NOTE, "lists", text, "publish the list, or correct its name in the policy")
    for name, version in found.coming.items():
        yield Check(Level.NOTE, "lists", f"{name}: version {version} is being published")
    for name, reason in found.withdrawn.items():
        yield Check(Level.OK, "lists", f"{name} was withdrawn: {reason}")
    if not found.lists and not found.problems:
        remedy = "publish one: interdict lists publish"
        yield Check(Level.FAIL, "lists", "no list is in force, so payments wait", remedy)


def _named_by_policy(settings: Settings) -> frozenset[str]:
    try:
        return load_policy(settings.policy_file).lists_named
    except (OSError, ValueError):
        return frozenset()  # reported by the policy's own check


def _access(admin: AdminClient, settings: Settings) -> Iterator[Check]:
    """The least a worker needs; brokers without authorisation allow everything."""
    needed: dict[tuple[Resource, str], set[AclOperation]] = {}
    for right in WORKER.rights(
        settings.topic_prefix, settings.group, shadow=settings.shadow_policy_file is not None
    ):
        needed.setdefault((right.resource, right.name), set()).add(AclOperation[right.operation])
    lacking = [
        f"{operation.name} {name}"
        for (resource, name), operations in needed.items()
        if (allowed := _allowed(admin, resource, name)) is not None
        for operation in sorted(operations - allowed, key=lambda operation: operation.name)
    ]
    if lacking:
        user = settings.sasl_username or "this principal"
        remedy = f"allow {user} what `interdict topics rights worker` prints"
        yield Check(Level.FAIL, "access", f"not allowed: {', '.join(lacking)}", remedy)
    else:
        yield Check(Level.OK, "access", "READ and WRITE where a worker needs them")


def _allowed(admin: AdminClient, resource: Resource, name: str) -> set[AclOperation] | None:
    """What this principal may do there; None where the broker does not say. Raises KafkaException."""
    asked: dict[str, Any]
    if resource is Resource.GROUP:
        asked = admin.describe_consumer_groups(
            [name], include_authorized_operations=True, request_timeout=TIMEOUT_SECONDS
        )
    else:
        asked = admin.describe_topics(
            TopicCollection([name]), include_authorized_operations=True, request_timeout=TIMEOUT_SECONDS
        )
    try:
        allowed = asked[name].result().authorized_operations
    except KafkaException as error:
        if error.args[0].code() in _DENIED:
            return set()
        raise
    return None if allowed is None else set(allowed)


def _workers(admin: AdminClient, settings: Settings) -> Iterator[Check]:
    found = group(admin, settings.group)
    if found.state is ConsumerGroupState.STABLE:
        yield Check(Level.OK, "workers", f"{found.members} in group {found.name}, {_backlog(found)}")
        return
    text = f"group {found.name} is {found.state.name.lower()}, {found.members} workers, {_backlog(found)}"
    waiting = _waiting(settings)
    if waiting:
        yield Check(Level.NOTE, "workers", f"{text}; one on this machine waits: {waiting}", "see lists")
    else:
        remedy = (
            "start some: interdict worker. One that waits for its lists is not in the group yet and says "
            "why on /ready"
        )
        yield Check(Level.NOTE, "workers", text, remedy)


def _waiting(settings: Settings) -> str:
    """Why the worker whose pages are on this machine takes no payments; empty where none answers or waits."""
    url = f"http://{settings.web_host}:{settings.web_port}/ready"
    try:
        with urllib.request.urlopen(url, timeout=1) as answer:
            answer.read()
    except urllib.error.HTTPError as error:
        with error, suppress(ValueError, KeyError, TypeError):
            return "; ".join(map(str, json.loads(error.read(65536))["reasons"]))
    except OSError:
        pass
    return ""


def _exports_and_lookback(admin: AdminClient, settings: Settings) -> Iterator[Check]:
    """The exports and the lookback: each stands in a group of its own and may have stopped unnoticed.

    The lookback reads partitions that it chose itself and is never a member.
    """
    for found in groups_beginning(
        admin, *(settings.group + (each.group or "") for each in (LOOKBACK, EXPORTER))
    ):
        if found.members or not found.behind:
            yield Check(Level.OK, "beside", f"{found.name}: {_backlog(found)}")
        else:
            remedy = "is it running? If it has served its time, delete the group"
            yield Check(Level.NOTE, "beside", f"{found.name}: {_backlog(found)}", remedy)


def _backlog(found: Standing) -> str:
    return f"{found.behind:,} records behind" if found.behind else "nothing waits"


def _asked(
    subject: str,
    check: Callable[[AdminClient, Settings], Iterator[Check]],
    admin: AdminClient,
    settings: Settings,
) -> Iterator[Check]:
    """A check whose question this broker may not answer: then it is a note, not a failure."""
    try:
        yield from check(admin, settings)
    except KafkaException as error:
        # the text of some errors is their request alone, or nothing: the name is there always
        text = f"{error.args[0].name()}, {error.args[0].str()}".rstrip(":, ") if error.args else repr(error)
        yield Check(Level.NOTE, subject, f"could not be determined ({text})", "DESCRIBE is needed to see it")

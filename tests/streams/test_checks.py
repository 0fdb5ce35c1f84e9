"""Each check of `interdict doctor` by itself, on what a broker may answer: level, words and remedy."""

import importlib.metadata
import io
import json
import urllib.error
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import Message
from types import SimpleNamespace
from typing import Any

import pytest
from confluent_kafka import ConsumerGroupState, KafkaError, KafkaException
from confluent_kafka.admin import AclOperation

from config.settings import Settings
from screening.matching import index
from streams import diagnosis
from streams.diagnosis import Check, Level
from streams.kafka.groups import Standing, group, groups_beginning
from streams.kafka.provisioning import BrokerError, TopicProblem
from streams.kafka.rights import Resource
from streams.registry.answers import RegistryAwayError

SETTINGS = Settings(broker="b:1", group="g", topic_prefix="t-")
Patch = pytest.MonkeyPatch


def told(checks: Any) -> list[tuple[str, str, str]]:
    return [(each.level.name, each.text, each.remedy) for each in checks]


def answering(value: Any) -> Callable[..., Any]:
    def answer(*_: Any, **__: Any) -> Any:
        if isinstance(value, Exception):
            raise value
        return value

    return answer


@pytest.mark.parametrize(("faust", "level"), [(diagnosis.FAUST, "OK"), ("0.0.1", "FAIL")])
def test_another_faust_is_a_failure(monkeypatch: Patch, faust: str, level: str) -> None:
    version = {"interdict": "1", "faust-streaming": faust, "aiokafka": "2"}.__getitem__
    monkeypatch.setattr(importlib.metadata, "version", version)
    ((found, text, remedy),) = told(diagnosis._versions())

    assert found == level
    assert text.startswith("interdict 1, matcher ") and f"Faust {faust}, aiokafka 2, librdkafka " in text
    assert ("compiled" if diagnosis.compiled() else "pure Python") in text
    assert bool(remedy) is (level == "FAIL")


@pytest.mark.parametrize(
    ("missing", "reached", "found"),
    [
        ((), None, [("OK", "http://r answers", "")]),
        (("fastavro",), None, [("FAIL", "fastavro not installed", "install interdict[registry]")]),
        (
            ("fastavro", "google.protobuf"),
            None,
            [("FAIL", "fastavro and google.protobuf not installed", "install interdict[registry]")],
        ),
        ((), RegistryAwayError("gone"), [("FAIL", "http://r: gone", "check INTERDICT_SCHEMA_REGISTRY_URL")]),
    ],
)
def test_a_registry_is_asked_and_its_libraries_looked_for(
    monkeypatch: Patch, missing: tuple[str, ...], reached: Exception | None, found: list[Any]
) -> None:
    async def reachable() -> None:
        if reached:
            raise reached

    registry = SimpleNamespace(url="http://r", reachable=reachable)
    monkeypatch.setattr(diagnosis, "registry_of", lambda _: registry)
    monkeypatch.setattr(diagnosis, "_installed", lambda name: name not in missing)
    heard = told(diagnosis._registry(SETTINGS))

    assert [
        (level, text, remedy[: len(begins)])
        for (level, text, remedy), (_, _, begins) in zip(heard, found, strict=True)
    ] == found


def test_a_library_is_looked_for_by_its_name() -> None:
    assert diagnosis._installed("json") and diagnosis._installed("importlib.metadata")
    assert not diagnosis._installed("no_such_library") and not diagnosis._installed("no_such.library")
    assert list(diagnosis._registry(SETTINGS)) == []


@pytest.mark.parametrize(
    ("problems", "found"),
    [
        ([], [("OK", "all as the pipeline relies on", "")]),
        (
            [
                TopicProblem("t-payments", "does not exist", "create it"),
                TopicProblem("t-x", "is small", "grow"),
            ],
            [("FAIL", "t-payments: does not exist", "create it"), ("FAIL", "t-x: is small", "grow")],
        ),
        (BrokerError("no answer"), [("NOTE", "no answer", "the checks that follow may say why")]),
    ],
)
def test_topics_are_compared_with_what_the_pipeline_relies_on(
    monkeypatch: Patch, problems: Any, found: list[Any]
) -> None:
    monkeypatch.setattr(diagnosis, "TopicAdmin", lambda *_: SimpleNamespace(check=answering(problems)))

    assert told(diagnosis._topics(SETTINGS)) == found


def lists(**more: Any) -> Any:
    parts: dict[str, Any] = {"lists": {}, "problems": [], "coming": {}, "withdrawn": {}, **more}
    return SimpleNamespace(**parts)


AT = SimpleNamespace(version="v1", entries=3, at=datetime.now(UTC))


@pytest.mark.parametrize(
    ("topic", "found"),
    [
        (
            lists(),
            [("FAIL", "no list is in force, so payments wait", "publish one: interdict lists publish")],
        ),
        (lists(lists={"un": AT}), [("OK", "un v1: 3 entries, 0 s old, required", "")]),
        (
            lists(lists={"un": AT}, problems=["list un v1: hash differs; publish it again"]),
            [("FAIL", "list un v1: hash differs", "publish it again")],
        ),
        (
            lists(lists={"un": AT}, problems=["list ofac is required and not in force; publish it"]),
            [
                ("OK", "un v1: 3 entries, 0 s old, required", ""),
                ("FAIL", "list ofac is required and not in force", "publish it"),
            ],
        ),
        (
            lists(lists={"un": AT}, coming={"eu": "v2"}, withdrawn={"own": "tried out"}),
            [
                ("OK", "un v1: 3 entries, 0 s old, required", ""),
                ("NOTE", "eu: version v2 is being published", ""),
                ("OK", "own was withdrawn: tried out", ""),
            ],
        ),
        (
            ValueError("torn"),
            [("FAIL", "t-designations cannot be read: torn", "see topics and access")],
        ),
    ],
)
def test_each_list_is_told_with_its_age_or_what_is_wrong_with_it(
    monkeypatch: Patch, topic: Any, found: list[Any]
) -> None:
    monkeypatch.setattr(diagnosis, "read_topic", answering(topic))
    monkeypatch.setattr(diagnosis, "age", lambda at, now: f"{(now - at).days:.0f} s")

    assert told(diagnosis._lists(SETTINGS)) == found


ALL = set(AclOperation)


@pytest.mark.parametrize(
    ("allowed", "lacking"),
    [
        ({}, ""),
        ({"g": None, "t-payments": None}, ""),  # a broker that does not say
        ({"t-payments": ALL - {AclOperation.READ}}, "READ t-payments"),
        ({"g": {AclOperation.DESCRIBE}}, "READ g"),
        ({"t-screening.alerts": set()}, "READ t-screening.alerts, WRITE t-screening.alerts"),
    ],
)
def test_what_a_worker_may_not_do_is_named(monkeypatch: Patch, allowed: Any, lacking: str) -> None:
    monkeypatch.setattr(diagnosis, "_allowed", lambda _, __, name: allowed.get(name, ALL))
    admin: Any = None
    remedy = "allow this principal what `interdict topics rights worker` prints"

    assert told(diagnosis._access(admin, SETTINGS)) == [
        ("FAIL", f"not allowed: {lacking}", remedy)
        if lacking
        else ("OK", "READ and WRITE where a worker needs them", "")
    ]


@pytest.mark.parametrize("shadow", [False, True])
def test_a_right_on_the_shadow_s_topic_is_needed_with_a_shadow_policy_alone(
    monkeypatch: Patch, shadow: bool
) -> None:
    monkeypatch.setattr(diagnosis, "_allowed", lambda *_: set())
    settings = SETTINGS.model_copy(update={"shadow_policy_file": "x" if shadow else None})
    admin: Any = None
    ((_, text, _),) = told(diagnosis._access(admin, settings))

    assert ("WRITE t-screening.shadow" in text) is shadow


class Future:
    def __init__(self, value: Any) -> None:
        self.result = answering(value)


def denied(code: int) -> KafkaException:
    return KafkaException(KafkaError(code))


@pytest.mark.parametrize(
    ("answer", "allowed"),
    [
        (SimpleNamespace(authorized_operations=[AclOperation.READ]), {AclOperation.READ}),
        (SimpleNamespace(authorized_operations=[]), set()),
        (SimpleNamespace(authorized_operations=None), None),
        (denied(KafkaError.TOPIC_AUTHORIZATION_FAILED), set()),
        (denied(KafkaError.GROUP_AUTHORIZATION_FAILED), set()),
        (denied(KafkaError.UNKNOWN_TOPIC_OR_PART), set()),
    ],
)
@pytest.mark.parametrize("resource", ["TOPIC", "GROUP"])
def test_what_this_principal_may_do_is_asked_of_topics_and_groups_apart(
    resource: str, answer: Any, allowed: Any
) -> None:
    asked = list[str]()

    def describe(what: str) -> Callable[..., Any]:
        def answered(_: Any, *, include_authorized_operations: bool, request_timeout: float) -> Any:
            assert include_authorized_operations and request_timeout == 5.0
            asked.append(what)
            return {"n": Future(answer)}

        return answered

    admin: Any = SimpleNamespace(
        describe_topics=describe("TOPIC"), describe_consumer_groups=describe("GROUP")
    )
    assert diagnosis._allowed(admin, Resource[resource], "n") == allowed
    assert asked == [resource]


def test_another_refusal_is_no_answer_about_rights() -> None:
    refused = answering({"n": Future(denied(KafkaError.CLUSTER_AUTHORIZATION_FAILED))})
    admin: Any = SimpleNamespace(describe_topics=refused)

    with pytest.raises(KafkaException):
        diagnosis._allowed(admin, Resource.TOPIC, "n")


def standing(members: int, state: ConsumerGroupState, behind: int, name: str = "g") -> Standing:
    return Standing(name, members, state, behind)


STABLE, EMPTY = ConsumerGroupState.STABLE, ConsumerGroupState.EMPTY


@pytest.mark.parametrize(
    ("group", "waits", "found"),
    [
        (standing(2, STABLE, 0), "", ("OK", "2 in group g, nothing waits", "")),
        (standing(2, STABLE, 1_200), "a list", ("OK", "2 in group g, 1,200 records behind", "")),
        (
            standing(0, EMPTY, 3),
            "a list; another",
            (
                "NOTE",
                "group g is empty, 0 workers, 3 records behind; one on this machine waits: a list; another",
                "see lists",
            ),
        ),
        (
            standing(0, EMPTY, 0),
            "",
            ("NOTE", "group g is empty, 0 workers, nothing waits", "start some: interdict worker. One"),
        ),
    ],
)
def test_workers_are_told_with_how_far_they_are_or_why_they_wait(
    monkeypatch: Patch, group: Standing, waits: str, found: tuple[str, str, str]
) -> None:
    monkeypatch.setattr(diagnosis, "group", lambda *_: group)
    monkeypatch.setattr(diagnosis, "_waiting", lambda _: waits)
    admin: Any = None
    ((level, text, remedy),) = told(diagnosis._workers(admin, SETTINGS))

    assert (level, text) == found[:2] and remedy.startswith(found[2]) and bool(remedy) is bool(found[2])


def http_error(body: bytes) -> urllib.error.HTTPError:
    return urllib.error.HTTPError("u", 503, "x", Message(), io.BytesIO(body))


@pytest.mark.parametrize(
    ("answer", "waits"),
    [
        (http_error(json.dumps({"reasons": ["list un", 7]}).encode()), "list un; 7"),
        (http_error(b"no JSON"), ""),
        (http_error(b"{}"), ""),
        (http_error(b"[]"), ""),
        (urllib.error.URLError("refused"), ""),
        (TimeoutError(), ""),
        (io.BytesIO(b"ready"), ""),
    ],
)
def test_the_worker_on_this_machine_says_why_it_waits(monkeypatch: Patch, answer: Any, waits: str) -> None:
    asked = list[Any]()

    def opened(url: str, timeout: float) -> Any:
        asked.append((url, timeout))
        return answering(answer)()

    monkeypatch.setattr(urllib.request, "urlopen", opened)

    assert diagnosis._waiting(Settings(web_host="10.0.0.1", web_port=6067)) == waits
    assert asked == [("http://10.0.0.1:6067/ready", 1)]


def test_an_export_that_nobody_runs_and_that_is_behind_is_noted(monkeypatch: Patch) -> None:
    asked = list[str]()
    groups = (
        standing(1, STABLE, 9, "g-export-webhook"),
        standing(0, EMPTY, 0, "g-export-lines"),
        standing(0, EMPTY, 4, "g.lookback"),
    )

    def beginning(_: Any, *prefixes: str) -> Any:
        asked.extend(prefixes)
        return groups

    monkeypatch.setattr(diagnosis, "groups_beginning", beginning)
    admin: Any = None
    found = told(diagnosis._exports_and_lookback(admin, SETTINGS))

    assert [each[:2] for each in found] == [
        ("OK", "g-export-webhook: 9 records behind"),
        ("OK", "g-export-lines: nothing waits"),
        ("NOTE", "g.lookback: 4 records behind"),
    ]
    assert [bool(each[2]) for each in found] == [False, False, True]
    assert len(asked) == 2 and all(each.startswith("g") and len(each) > 1 for each in asked)


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (denied(KafkaError.CLUSTER_AUTHORIZATION_FAILED), "CLUSTER_AUTHORIZATION_FAILED, Broker: "),
        (
            KafkaException(KafkaError(KafkaError.COORDINATOR_NOT_AVAILABLE, "ConsumerGroupDescribe: ")),
            "COORDINATOR_NOT_AVAILABLE, ConsumerGroupDescribe)",
        ),
        (KafkaException(), "KafkaException()"),
    ],
)
def test_a_question_that_is_not_allowed_is_a_note(error: KafkaException, why: str) -> None:
    def check(*_: Any) -> Any:
        yield Check(Level.OK, "beside", "first")
        raise error

    admin: Any = None
    first, (level, text, remedy) = told(diagnosis._asked("beside", check, admin, SETTINGS))

    assert first == ("OK", "first", "")
    assert (level, remedy) == ("NOTE", "DESCRIBE is needed to see it")
    assert text.startswith(f"could not be determined ({why}")


class Groups:
    """A broker's answers about groups."""

    def __init__(self, noted: dict[int, int], ends: dict[int, int]) -> None:
        self.noted, self.ends = noted, ends

    def list_consumer_groups(self, request_timeout: float) -> Future:
        assert request_timeout == 5.0
        names = ("g-b", "other", "g-a", "h")
        return Future(SimpleNamespace(valid=[SimpleNamespace(group_id=name) for name in names]))

    def describe_consumer_groups(self, names: list[str], request_timeout: float) -> Any:
        assert request_timeout == 5.0
        return {names[0]: Future(SimpleNamespace(members=["m"] * 2, state=STABLE))}

    def list_consumer_group_offsets(self, asked: list[Any], request_timeout: float) -> Any:
        assert request_timeout == 5.0
        said = {7: "done"}  # where the seventh partition is noted, it is all that was to be read
        at = [
            SimpleNamespace(topic="t", partition=part, offset=to, metadata=said.get(part, ""))
            for part, to in self.noted.items()
        ]
        return {asked[0].group_id: Future(SimpleNamespace(topic_partitions=at))}

    def list_offsets(self, places: Any, request_timeout: float) -> Any:
        assert request_timeout == 5.0
        return {place: Future(SimpleNamespace(offset=self.ends[place.partition])) for place in places}


@pytest.mark.parametrize(
    ("noted", "ends", "behind"),
    [
        ({}, {}, 0),
        ({0: -1001}, {}, 0),  # nothing read yet
        ({0: 5, 1: 7}, {0: 8, 1: 7}, 3),
        ({0: 0}, {0: 4}, 4),
        ({0: 1, 7: 1}, {0: 3, 7: 9}, 2),
        ({0: 9, 1: 1}, {0: 4, 1: 3}, 2),  # a topic that was recreated ends before
    ],
)
def test_how_far_a_group_is_behind_is_the_sum_of_its_partitions(
    noted: dict[int, int], ends: dict[int, int], behind: int
) -> None:
    admin: Any = Groups(noted, ends)

    assert group(admin, "g") == Standing("g", 2, STABLE, behind)
    assert [each.name for each in groups_beginning(admin, "g-", "h")] == ["g-a", "g-b", "h"]


@pytest.mark.parametrize(("file", "is_compiled"), [("index.py", False), ("index.cpython-311.so", True)])
def test_the_domain_is_compiled_where_it_is_no_source(
    file: str, is_compiled: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "__file__", f"/screening/matching/{file}")

    assert diagnosis.compiled() is is_compiled

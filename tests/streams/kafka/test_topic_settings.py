"""What a topic must be and what it may be: each setting on its bound and beyond it, without a broker."""

import time
from types import SimpleNamespace
from typing import Any

import pytest
from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import ResourceType

from streams.kafka import provisioning
from streams.kafka.provisioning import (
    BrokerError,
    TopicAdmin,
    TopicProblem,
    _created,
    _durability,
    _layout,
    _serves,
    _settings,
    _text,
    _writable,
)
from streams.kafka.topics import DESIGNATIONS, PAYMENTS


@pytest.mark.parametrize(
    ("key", "wanted", "serves", "falls_short"),
    [
        ("delete.retention.ms", "100", ("100", "101", "-1"), ("99", "0", "-2", "", "none")),
        ("retention.ms", "100", ("100", "101", "-1"), ("99", "0", "-2", "", "none")),
        ("retention.bytes", "-1", ("-1",), ("1073741824", "0", "")),
        ("min.insync.replicas", "2", ("2", "3"), ("1", "0", "")),
        ("min.cleanable.dirty.ratio", "0.1", ("0.1", "0.05", "0"), ("0.11", "1", "")),
        ("segment.ms", "100", ("100", "99"), ("101", "")),
        ("max.compaction.lag.ms", "100", ("100", "99"), ("101", "")),
        ("cleanup.policy", "compact", ("compact",), ("delete", "compact,delete", "")),
        ("max.message.bytes", "100", ("100",), ("101", "99", "")),
    ],
)
def test_a_setting_serves_up_to_its_bound_on_its_own_side(
    key: str, wanted: str, serves: tuple[str, ...], falls_short: tuple[str, ...]
) -> None:
    assert [has for has in (*serves, *falls_short) if _serves(key, wanted, has)] == [*serves]


@pytest.mark.parametrize(
    ("key", "value", "has", "problem"),
    [
        ("retention.ms", "100", {"retention.ms": "9"}, "retention.ms is 9, at least 100 is relied on"),
        ("segment.ms", "100", {"segment.ms": "900"}, "segment.ms is 900, at most 100 is relied on"),
        ("cleanup.policy", "compact", {}, "cleanup.policy is unset, compact is relied on"),
    ],
)
def test_a_setting_that_falls_short_is_told_with_its_bound_and_remedy(
    key: str, value: str, has: dict[str, str], problem: str
) -> None:
    (found,) = _settings("t", {key: value}, has)

    assert found == TopicProblem(
        "t", problem, f"set it: kafka-configs.sh --alter --topic t --add-config {key}={value}"
    )
    assert str(found) == f"t: {problem}; {found.remedy}"


@pytest.mark.parametrize(("copies", "in_sync"), [(1, {}), (2, {}), (3, "2"), (4, "2")])
def test_two_replicas_in_sync_are_asked_for_where_there_are_three(copies: int, in_sync: Any) -> None:
    assert _durability(copies) == ({"min.insync.replicas": in_sync} if in_sync else {})


@pytest.mark.parametrize(
    ("in_sync", "copies", "when"),
    [
        ("1", 1, ""),
        ("2", 1, "by older brokers"),
        ("2", 2, ""),
        ("3", 2, "by older brokers"),
        ("2", 3, ""),
        ("3", 3, "while one broker is away"),
        ("4", 3, "by older brokers"),
        ("", 3, ""),
    ],
)
def test_more_in_sync_than_copies_can_be_is_a_problem(in_sync: str, copies: int, when: str) -> None:
    found = [*_writable("t", copies, {"min.insync.replicas": in_sync})]

    assert len(found) == bool(when)
    if when:
        assert found[0].problem == (
            f"min.insync.replicas is {in_sync} and there are {copies} copies of each record: "
            f"nothing is taken {when}"
        )
        assert found[0].remedy.endswith(f"min.insync.replicas={min(2, copies)}")


@pytest.mark.parametrize(
    ("replicas", "brokers", "problem"),
    [
        ([3], 3, ""),
        ([3], 5, ""),
        ([4], 5, ""),
        ([2], 3, "keeps 2 copy where 3 brokers could keep 3"),
        ([1], 2, "keeps 1 copy where 2 brokers could keep 2"),
        ([2], 2, ""),
        ([1], 1, ""),
    ],
)
def test_a_topic_has_as_many_copies_as_there_are_brokers_up_to_three(
    replicas: list[int], brokers: int, problem: str
) -> None:
    assert [each.problem for each in _layout("t", PAYMENTS, replicas, brokers)] == (
        [problem] if problem else []
    )


def test_the_least_replicated_partition_counts_and_a_topic_of_one_partition_has_one() -> None:
    assert [each.problem for each in _layout("t", PAYMENTS, [3, 1, 3], 3)] == [
        "keeps 1 copy where 3 brokers could keep 3"
    ]
    assert [each.problem for each in _layout("t", DESIGNATIONS, [3, 3], 3)] == [
        "has 2 partitions, 1 is relied on"
    ]


class Refused:
    def __init__(self, code: int) -> None:
        self._code = code

    def result(self) -> None:
        raise KafkaException(KafkaError(self._code))


def test_a_topic_that_somebody_else_made_is_none_of_ours_and_a_refusal_is_told() -> None:
    there: Any = Refused(KafkaError.TOPIC_ALREADY_EXISTS)
    refused: Any = Refused(KafkaError.TOPIC_AUTHORIZATION_FAILED)
    made: Any = SimpleNamespace(result=lambda: None)

    assert (_created("t", there), _created("t", made)) == (False, True)
    with pytest.raises(BrokerError, match=r"^t could not be created: .*uthoriz"):
        _created("t", refused)
    assert _text(KafkaException()) == "KafkaException()"


class Broker:
    """What an admin client is told; topics that are made are seen after some looks."""

    def __init__(self, brokers: int, unseen: int = 0) -> None:
        self.brokers, self.unseen, self.made = brokers, unseen, list[Any]()

    def list_topics(self, timeout: float) -> Any:
        del timeout
        self.unseen -= bool(self.made)
        seen = {topic.topic: None for topic in self.made} if self.unseen <= 0 else {}
        return SimpleNamespace(brokers=dict.fromkeys(range(self.brokers)), topics=seen)

    def create_topics(self, wanted: list[Any], request_timeout: float) -> Any:
        del request_timeout
        self.made += wanted
        return {topic.topic: SimpleNamespace(result=lambda: None) for topic in wanted}


def admin_on(broker: Broker) -> TopicAdmin:
    admin = TopicAdmin({"bootstrap.servers": "127.0.0.1:1"}, "t.", (PAYMENTS, DESIGNATIONS))
    vars(admin)["_admin"] = broker
    return admin


@pytest.mark.parametrize(
    ("brokers", "asked", "copies", "in_sync"),
    [
        (1, None, 1, None),
        (2, None, 2, None),
        (3, None, 3, "2"),
        (5, None, 3, "2"),
        (5, 1, 1, None),
        (3, 4, 4, "2"),
    ],
)
def test_topics_are_made_with_three_copies_where_there_are_brokers_for_them(
    brokers: int, asked: int | None, copies: int, in_sync: str | None
) -> None:
    broker = Broker(brokers)
    assert admin_on(broker).create(6, asked) == ["t.payments", "t.designations"]

    assert [(each.num_partitions, each.replication_factor) for each in broker.made] == [
        (6, copies),
        (1, copies),
    ]
    assert [each.config.get("min.insync.replicas") for each in broker.made] == [in_sync] * 2
    assert broker.made[1].config["cleanup.policy"] == "compact"
    assert admin_on(broker).create(6, asked) == []


def test_a_topic_is_waited_for_until_it_is_seen_and_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0

    def sleep(seconds: float) -> None:
        nonlocal now
        now += seconds

    monkeypatch.setattr(time, "sleep", sleep)
    monkeypatch.setattr(time, "monotonic", lambda: now)
    admin_on(Broker(1, unseen=20)).create(1)
    assert 0.5 < now < 2

    now = 0.0
    with pytest.raises(
        BrokerError, match=r"t\.payments, t\.designations: created but not visible after 15 s"
    ):
        admin_on(Broker(1, unseen=10_000)).create(1)
    assert 15 < now < 15.1


@pytest.mark.parametrize("refuses", [False, True])
def test_what_is_set_of_each_topic_is_asked_for_in_one_go(refuses: bool) -> None:
    asked: list[Any] = []

    class Disclosing:
        def describe_configs(self, resources: list[Any], request_timeout: float) -> Any:
            asked.append(([(each.restype, each.name) for each in resources], request_timeout))

            def result() -> Any:
                if refuses:
                    raise KafkaException(KafkaError(KafkaError.TOPIC_AUTHORIZATION_FAILED))
                return {"retention.ms": SimpleNamespace(value="7"), "segment.ms": SimpleNamespace(value=None)}

            return {each: SimpleNamespace(result=result) for each in resources}

    admin: Any = admin_on(Broker(1))
    admin._admin = Disclosing()
    assert admin._configs([]) == {} and asked == []
    if refuses:
        with pytest.raises(BrokerError, match=r"does not disclose topic settings \(.*DESCRIBE_CONFIGS"):
            admin._configs(["t.payments"])
        return
    settings = {"retention.ms": "7", "segment.ms": None}
    assert admin._configs(["t.a", "t.b"]) == {"t.a": settings, "t.b": settings}
    kind = ResourceType.TOPIC
    assert asked == [([(kind, "t.a"), (kind, "t.b")], provisioning.TIMEOUT_SECONDS)]

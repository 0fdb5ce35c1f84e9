"""Topics on a real Kafka: made as the pipeline relies on them, and every difference found."""

import pytest
from click.testing import CliRunner
from confluent_kafka.admin import AdminClient, NewTopic

from streams.cli import main
from streams.kafka.provisioning import BrokerError, TopicAdmin
from streams.kafka.topics import DAY_MS, USUAL, Topics
from tests.kafka.topics import alter

pytestmark = pytest.mark.kafka


def admin_of(kafka: str, prefix: str) -> TopicAdmin:
    return TopicAdmin({"bootstrap.servers": kafka}, prefix)


def test_created_topics_are_as_relied_on(kafka: str, topic_prefix: str) -> None:
    admin = admin_of(kafka, topic_prefix)

    assert admin.create(partitions=3) == [topic_prefix + spec.name for spec in USUAL]
    assert admin.check() == []
    on_broker = AdminClient({"bootstrap.servers": kafka}).list_topics(timeout=10).topics
    counted = {name: len(on_broker[name].partitions) for name in on_broker if name.startswith(topic_prefix)}
    assert counted == dict(Topics(topic_prefix).partitions(3))


def test_creating_again_changes_nothing(kafka: str, topic_prefix: str) -> None:
    admin = admin_of(kafka, topic_prefix)
    admin.create(partitions=1)

    assert admin.create(partitions=5) == []


def test_what_is_missing_is_named_with_the_remedy(kafka: str, topic_prefix: str) -> None:
    findings = admin_of(kafka, topic_prefix).check()

    assert [finding.topic for finding in findings] == [topic_prefix + spec.name for spec in USUAL]
    assert "interdict topics create" in findings[0].remedy


def test_every_setting_that_differs_is_named(kafka: str, topic_prefix: str) -> None:
    admin = admin_of(kafka, topic_prefix)
    admin.create(partitions=1)
    alter(
        kafka,
        Topics(topic_prefix).designations,
        {
            "cleanup.policy": "delete",
            "delete.retention.ms": str(DAY_MS),
            "segment.ms": str(30 * DAY_MS),
            "message.timestamp.type": "CreateTime",
        },
    )

    problems = {finding.problem.split(" is ")[0] for finding in admin.check()}
    assert problems == {"cleanup.policy", "delete.retention.ms", "segment.ms", "message.timestamp.type"}


def test_a_setting_that_is_safer_than_needed_is_no_difference(kafka: str, topic_prefix: str) -> None:
    admin = admin_of(kafka, topic_prefix)
    admin.create(partitions=1)
    safer = {"delete.retention.ms": str(30 * DAY_MS), "segment.ms": "60000"}
    alter(kafka, Topics(topic_prefix).designations, safer)
    alter(kafka, Topics(topic_prefix).decisions, {"retention.ms": "-1"})

    assert admin.check() == []


def test_a_limit_in_bytes_that_ends_records_before_their_time_is_found(kafka: str, topic_prefix: str) -> None:
    """It may be the cluster's default: payments of an hour were left, and the check said that all is well."""
    admin = admin_of(kafka, topic_prefix)
    admin.create(partitions=1)
    alter(kafka, Topics(topic_prefix).payments, {"retention.bytes": str(1 << 30)})

    (found,) = admin.check()
    assert found.problem == "retention.bytes is 1073741824, -1 is relied on"


def test_a_list_topic_with_more_than_one_partition_is_found(kafka: str, topic_prefix: str) -> None:
    client = AdminClient({"bootstrap.servers": kafka})
    name = Topics(topic_prefix).designations
    client.create_topics([NewTopic(name, num_partitions=4, replication_factor=1)])[name].result()
    admin = admin_of(kafka, topic_prefix)
    admin.create(partitions=1)

    problems = [finding.problem for finding in admin.check()]
    assert "has 4 partitions, 1 is relied on" in problems


def test_a_broker_out_of_reach_is_an_error_that_says_what_to_look_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.kafka.provisioning.TIMEOUT_SECONDS", 0.5)

    with pytest.raises(BrokerError, match="is the broker up"):
        admin_of("127.0.0.1:1", "").check()


def test_the_command_creates_checks_and_fails_when_something_differs(kafka: str, topic_prefix: str) -> None:
    def topics(*arguments: str) -> tuple[int, str]:
        told = CliRunner().invoke(main, ["topics", *arguments, "--broker", kafka, "--prefix", topic_prefix])
        return told.exit_code, told.output

    assert topics("check")[0] == 1
    assert topics("create", "--partitions", "2") == (
        0,
        "".join(f"{topic_prefix}{spec.name}: created\n" for spec in USUAL),
    )
    assert topics("check") == (0, f"{len(USUAL)} topics are as the pipeline needs them\n")
    alter(kafka, Topics(topic_prefix).payments, {"max.message.bytes": "1000"})
    code, told = topics("check")
    assert code == 1
    assert f"{topic_prefix}payments: max.message.bytes is 1000" in told

"""`interdict doctor`: what it finds is what keeps payments from being screened, and the remedy works."""

import asyncio
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner, Result
from confluent_kafka import Consumer, Producer, TopicPartition

from config.settings import Settings
from streams.cli import main
from streams.diagnosis import Level, examine
from streams.kafka.groups import DONE
from streams.kafka.log import TopicLog
from streams.kafka.provisioning import TopicAdmin
from streams.kafka.topics import Topics
from streams.lists.publishing import publish
from tests.e2e.pipeline import Pipeline
from tests.e2e.worker import wait_until
from tests.streams.list_topic import designation


def doctor(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["doctor", *arguments])


def levels(settings: Settings) -> dict[str, Level]:
    return {finding.subject: finding.level for finding in examine(settings)}


def test_a_broker_that_is_down_is_named_with_a_remedy() -> None:
    result = doctor("--broker", "127.0.0.1:1")

    assert result.exit_code == 1
    assert "fail  network   127.0.0.1:1: Connection refused; is the broker up" in result.output


def test_each_bootstrap_address_is_tried_by_itself() -> None:
    result = doctor("--broker", "127.0.0.1:1,127.0.0.1:2", "--json")

    findings = [orjson.loads(line) for line in result.output.splitlines()]
    assert [finding["level"] for finding in findings if finding["subject"] == "network"] == ["fail", "fail"]


def test_a_host_that_does_not_exist_is_told_from_one_that_refuses() -> None:
    assert "no such host" in doctor("--broker", "broker.invalid:9092").output


def test_payments_in_plain_text_on_a_network_are_noted() -> None:
    found = levels(Settings(broker="broker.invalid:9092"))

    assert found["security"] is Level.NOTE


def test_a_console_for_everybody_is_noted() -> None:
    assert levels(Settings(broker="127.0.0.1:1", web_host="0.0.0.0"))["console"] is Level.NOTE  # noqa: S104


@pytest.mark.kafka
def test_what_it_finds_on_a_real_broker_is_gone_after_its_remedy(kafka: str, topic_prefix: str) -> None:
    settings = Settings(broker=kafka, topic_prefix=topic_prefix, group=topic_prefix + "workers")
    before = [finding for finding in examine(settings) if finding.level is Level.FAIL]
    assert {finding.remedy for finding in before if finding.subject == "topics"} == {
        "create it: interdict topics create"
    }

    TopicAdmin({"bootstrap.servers": kafka}, topic_prefix).create(partitions=2)

    assert levels(settings) == {
        "versions": Level.OK,
        "policy": Level.OK,
        "security": Level.OK,
        "network": Level.OK,
        "topics": Level.OK,
        "lists": Level.FAIL,
        "access": Level.OK,
        "workers": Level.NOTE,
    }


@pytest.mark.kafka
async def test_lists_are_told_with_their_ages_and_what_is_missing(
    kafka: str, topic_prefix: str, tmp_path: Path
) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text('[[rule]]\nlists = ["watchlist"]\naction = "review"\n')
    settings = Settings(
        broker=kafka, topic_prefix=topic_prefix, required_lists=("un",), policy_file=policy, group="none"
    )
    TopicAdmin({"bootstrap.servers": kafka}, topic_prefix).create(partitions=1)
    await publish(
        {"bootstrap_servers": kafka},
        [designation("1", "Somebody")],
        list_name="ofac",
        topic=Topics(topic_prefix).designations,
    )

    findings = await asyncio.to_thread(lambda: [*examine(settings)])

    told = {(finding.level, finding.text) for finding in findings if finding.subject == "lists"}
    assert [text for level, text in told if level is Level.FAIL] == [
        f"list un is required and not in force on {topic_prefix}designations"
    ]
    assert any(level is Level.OK and ": 1 entries, " in text for level, text in told)
    assert any("the policy names list watchlist, which is not in force" in text for _, text in told)


def test_a_variable_that_nobody_reads_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERDICT_REQUIRED_LIST", "ofac")

    found = [each for each in examine(Settings(broker="127.0.0.1:1")) if each.subject == "settings"]

    assert [(each.level, each.remedy) for each in found] == [
        (Level.NOTE, "did you mean INTERDICT_REQUIRED_LISTS?")
    ]


@pytest.mark.kafka
def test_an_export_that_fell_behind_is_told_with_how_far_and_a_lookback_that_is_done_is_not(
    kafka: str, topic_prefix: str
) -> None:
    settings = Settings(broker=kafka, topic_prefix=topic_prefix, group=topic_prefix + "workers")
    TopicAdmin({"bootstrap.servers": kafka}, topic_prefix).create(partitions=1)
    alerts = Topics(topic_prefix).alerts
    producer = Producer({"bootstrap.servers": kafka})
    for number in range(5):
        producer.produce(alerts, str(number))
    producer.flush()
    export = Consumer({"bootstrap.servers": kafka, "group.id": f"{settings.group}-export-webhook"})
    export.commit(offsets=[TopicPartition(alerts, 0, 2)], asynchronous=False)
    export.close()
    with TopicLog({"bootstrap.servers": kafka}, alerts, f"{settings.group}.lookback.1") as finished:
        finished.note({0: 2}, DONE)

    found = [(each.level, each.text) for each in examine(settings) if each.subject == "beside"]

    assert found == [
        (Level.NOTE, f"{settings.group}-export-webhook: 3 records behind"),
        (Level.OK, f"{settings.group}.lookback.1: nothing waits"),  # it has done what it was asked for
    ]


@pytest.mark.kafka
def test_a_worker_that_waits_is_told_from_none(kafka: str, topic_prefix: str, tmp_path: Path) -> None:
    """It is not in the group yet: only its own pages say what it waits for."""
    with Pipeline(kafka, tmp_path, prefix=topic_prefix, workers=1, partitions=1) as pipeline:
        pipeline.create_topics()
        (worker,) = pipeline.workers
        worker.start()
        wait_until(lambda: "no list was committed" in " ".join(worker.reasons), "a worker that waits")
        settings = Settings(
            broker=kafka, topic_prefix=topic_prefix, group=pipeline.group, web_port=worker.port
        )

        (found,) = [each for each in examine(settings) if each.subject == "workers"]

    assert "one on this machine waits: " in found.text
    assert "no list was committed" in found.text

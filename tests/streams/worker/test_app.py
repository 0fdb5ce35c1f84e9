"""What a worker is set to, and why it may not be sent payments; made but never started."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from config.settings import load_settings
from screening import Policy
from streams.faust_internals.batches import BatchStream
from streams.worker import app as module
from streams.worker.app import Worker, _faust_options


def test_delivery_rests_on_these_options() -> None:
    settings = load_settings(
        broker="a:1,b:2",
        session_timeout_seconds=20.0,
        commit_interval_seconds=1.5,
        max_message_bytes=1_000_000,
        instance_id="w-1",
    )

    assert _faust_options(settings) == {
        "broker": "kafka://a:1;kafka://b:2",
        "broker_credentials": None,
        "broker_session_timeout": 20.0,
        "broker_heartbeat_interval": 5.0,
        "broker_commit_interval": 1.5,
        "consumer_group_instance_id": "w-1",
        "consumer_auto_offset_reset": "earliest",
        "consumer_max_fetch_size": 1_000_000,
        "consumer_metadata_max_age_ms": 10_000,
        "producer_acks": -1,
        "producer_compression_type": "zstd",
        "producer_linger": 0.0,
        "producer_max_batch_size": 1_048_576,
        "producer_max_request_size": 1_073_741_824,
        "key_serializer": "raw",
        "value_serializer": "raw",
        "Stream": BatchStream,
        "stream_wait_empty": True,
        "stream_buffer_maxsize": 65_536,
        "broker_max_poll_records": 500,
        "store": "memory://",
        "table_standby_replicas": 0,
        "topic_allow_declare": False,
        "topic_disable_leader": True,
        "web_enabled": False,
    }


@pytest.fixture
async def worker(monkeypatch: pytest.MonkeyPatch) -> Any:
    made: Any = Worker(load_settings(group="a-group", web_port=0), Policy())
    made.replica.reasons = ()
    made.dispositions._read.set()
    made.stopped._read.set()
    monkeypatch.setattr(module, "assigned", lambda _: True)
    return made


async def test_a_worker_is_ready_when_nothing_keeps_it(worker: Any) -> None:
    worker.rebalancing = False
    assert (worker.reasons, worker.ready) == ([], True)


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("list", ["the list", "the barrier", "behind"]),
        ("barrier", ["the barrier"]),
        ("behind", ["behind"]),
        ("dispositions", ["screening.dispositions is not read yet"]),
        ("stopped", ["screening.alerts is not read yet"]),
        ("registry", ["a schema"]),
        ("rebalancing", ["payment partitions are being assigned"]),
        ("unassigned", ["no payment partition is assigned yet"]),
    ],
)
async def test_each_thing_that_keeps_a_worker_is_given_as_the_reason(
    worker: Any, monkeypatch: pytest.MonkeyPatch, what: str, told: list[str]
) -> None:
    worker.rebalancing = what == "rebalancing"
    if what == "list":
        worker.replica.reasons = ("the list",)
    if what in ("list", "barrier"):
        worker.barrier.reason = "the barrier"
    if what in ("list", "behind"):
        worker.replica._topic_end.behind = "behind"
    if what == "dispositions":
        worker.dispositions._read.clear()
    if what == "stopped":
        worker.stopped._read.clear()
    if what == "registry":
        worker.desk.registry = SimpleNamespace(waiting="a schema")
    if what == "unassigned":
        monkeypatch.setattr(module, "assigned", lambda _: False)

    assert len(worker.reasons) == len(told)
    assert all(reason.startswith(start) for reason, start in zip(worker.reasons, told, strict=True))
    assert not worker.ready


async def test_waiting_is_right_while_the_list_or_a_schema_is_waited_for(worker: Any) -> None:
    paused = worker.watchdog._paused
    assert paused()
    worker.replica.complete.set()
    assert not paused()
    worker.desk.registry = SimpleNamespace(waiting="a schema")
    assert paused()
    worker.desk.registry.waiting = ""
    assert not paused()
    worker.desk.decided = 7
    assert worker.watchdog._decided() == 7


async def test_what_a_worker_rests_on_starts_before_it_takes_payments(worker: Any) -> None:
    before = list(worker.services_before())

    assert before[:4] == [worker.web_pages, worker.kept, worker.barrier, worker.replica]
    assert {*before[4:]} == {worker.dispositions, worker.pairs, worker.stopped}
    assert list(worker.services_with_producer()) == [worker.budget_timer, worker.same_topic]
    assert list(worker.services_after()) == [worker.garbage, worker.watchdog]


@pytest.mark.parametrize(
    ("policy", "there"),
    [("", True), ("threshold = 2", False), ("no_ownership = ['ofac']", False), (None, False)],
)
async def test_a_shadow_policy_that_cannot_be_used_stops_no_payments(
    tmp_path: Path, policy: str | None, there: bool
) -> None:
    file = tmp_path / "shadow.toml"
    if policy is not None:
        file.write_text(policy)
    made = Worker(load_settings(group="a-group", web_port=0, shadow_policy_file=file), Policy())

    assert (made.shadow is not None) is there
    assert (made.shadow in list(made.services_after())) is there
    lost = made.metrics.registry.get_sample_value("interdict_shadow_losses_total", {"reason": "policy"})
    assert lost == (0 if there else 1)


async def test_a_list_is_proved_by_the_settings_of_its_worker() -> None:
    settings = load_settings(
        group="a-group",
        web_port=0,
        topic_prefix="t.",
        required_lists=["un"],
        list_silence_seconds=7.0,
        remembered_parties=5,
        remembered_megabytes=3,
    )
    made = Worker(settings, Policy())

    assert made.replica.topic == "t.designations"
    assert made.replica._required == ("un",)
    assert made.replica._silence_seconds == 7.0
    assert made.replica._list_end == made.barrier.list_end

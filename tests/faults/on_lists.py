"""What happens to the list itself: publishers in each other's way, records that nobody published, a leader
that is cut off. Each fault proves by itself that the list came out of it as it should."""

import asyncio
import signal
import subprocess
import sys
import tempfile
from dataclasses import replace
from functools import partial
from pathlib import Path

from confluent_kafka.admin import AdminClient

from screening import Designation
from streams.lists.status import TopicLists, read_topic
from streams.lists.withdrawing import withdraw
from streams.records.json import designation_to_json
from tests.e2e.records import TIMEOUT_SECONDS, producer
from tests.e2e.worker import WorkerProcess, wait_until
from tests.faults.scene import PATIENCE_SECONDS, Scene

TOMBSTONES = 51
HELD_SECONDS = 3.0
"""For so long the brokers stay apart after another leads the list, and payments go on."""


def leader_isolated(scene: Scene) -> None:
    """The broker that leads the list is cut off from its peers, and not from the workers."""
    network = scene.ground.network
    assert network
    topic = scene.pipeline.topics.designations
    lost = scene.cluster.brokers[_leader(scene.pipeline.bootstrap, topic) - 1]
    others = ",".join(each.address for each in scene.cluster.brokers if each is not lost)
    with network.cut_off(lost.node_id):
        wait_until(
            lambda: _leader(others, topic) != lost.node_id,
            "another broker leads the list",
            seconds=PATIENCE_SECONDS,
        )
        scene.change_list()
        scene.hold(HELD_SECONDS)
    scene.cluster.wait()
    scene.change_list()


def publisher_stopped(scene: Scene) -> None:
    """In the middle of sending an older file, until another publication is committed."""
    _overtaken(scene, "half", "another publication took over")


def two_publishers(scene: Scene) -> None:
    """A slow one has read the topic when a fast one commits a newer file."""
    _overtaken(scene, "claim", "the list in force of")


def _overtaken(scene: Scene, where: str, told: str) -> None:
    older = [replace(each, remarks=f"older, {scene.rng.random()}") for each in scene.listed[5:]]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "older"
        file.write_bytes(b"\n".join(map(designation_to_json, older)))
        slow = subprocess.Popen(
            [
                *(sys.executable, "-m", "tests.faults.publisher", scene.pipeline.bootstrap),
                *(scene.pipeline.topics.designations, str(file), scene.dates.before, where),
            ],
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            wait_until(
                lambda: _is_stopped(slow.pid), "the slow publisher stands still", seconds=PATIENCE_SECONDS
            )
            newer = scene.pipeline.publish(scene.listed, max_shrink=1.0, source_date=scene.dates.newer())
            slow.send_signal(signal.SIGCONT)
            _, said = slow.communicate(timeout=PATIENCE_SECONDS)
        finally:
            slow.kill()
            slow.wait()
    held = _lists(scene)
    if slow.returncode != 1 or told not in said:
        raise AssertionError(f"the slow publisher ended with {slow.returncode}: {said}")
    if held.lists["ofac"].sha256 != newer.sha256 or held.problems:
        raise AssertionError(f"the list is not the newer file: {held}")
    scene.change_list()


def tombstones(scene: Scene) -> None:
    """Somebody deletes entries without publishing that; then the list is published again."""
    writer = producer(scene.pipeline.bootstrap)
    for designation in scene.listed[:TOMBSTONES]:
        writer.produce(scene.pipeline.topics.designations, None, designation.id.encode())
    writer.flush()
    _wait_for_reason(scene, f"{TOMBSTONES} entries were changed without a publication")
    scene.worker().kill()  # who starts anew must not take it for the list either
    _wait_for_reason(scene, "changed without a publication")
    scene.pipeline.publish(scene.listed, max_shrink=1.0, source_date=scene.dates.newer())
    scene.change_list()


def list_vanished(scene: Scene) -> None:
    """All records of one list go, its markers too; another list is left. It is withdrawn in the end."""
    other = Designation(id="un:1", names=scene.listed[0].names)
    scene.pipeline.publish([replace(other, id=f"un:{number}") for number in range(3)])
    writer = producer(scene.pipeline.bootstrap)
    for key in ("un:0", "un:1", "un:2", "un:@begin", "un:@commit"):
        writer.produce(scene.pipeline.topics.designations, None, key.encode())
    writer.flush()
    _wait_for_reason(scene, "list un is required and not in force")
    for worker in scene.pipeline.workers:
        worker.kill()
    _wait_for_reason(scene, "list un is required and not in force")
    asyncio.run(
        withdraw(
            {"bootstrap_servers": scene.pipeline.bootstrap},
            list_name="un",
            topic=scene.pipeline.topics.designations,
            reason="the fault is over",
            by="tests",
        )
    )
    scene.change_list()


def _wait_for_reason(scene: Scene, text: str) -> None:
    """Every worker says so, and so decides nothing."""
    for worker in scene.pipeline.workers:
        wait_until(
            partial(_says, worker, text),
            f"{worker.name} says that {text}",
            seconds=PATIENCE_SECONDS,
            told=worker.told,
        )


def _says(worker: WorkerProcess, text: str) -> bool:
    return any(text in reason for reason in worker.reasons)


def _leader(bootstrap: str, topic: str) -> int:
    admin = AdminClient({"bootstrap.servers": bootstrap, "log_level": 0})
    return int(admin.list_topics(topic, timeout=TIMEOUT_SECONDS).topics[topic].partitions[0].leader)


def _is_stopped(pid: int) -> bool:
    return "State:\tT" in Path(f"/proc/{pid}/status").read_text()


def _lists(scene: Scene) -> TopicLists:
    client = {"bootstrap.servers": scene.pipeline.bootstrap}
    return read_topic(client, scene.pipeline.topics.designations)

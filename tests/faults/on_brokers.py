"""What happens to brokers and topics; each fault heals before it returns."""

import time

from confluent_kafka import ElectionType, TopicPartition
from confluent_kafka.admin import AclOperation, AdminClient, ResourceType

from tests.e2e.records import TIMEOUT_SECONDS, producer
from tests.e2e.worker import wait_until
from tests.faults.scene import MINUTE_SECONDS, PATIENCE_SECONDS, Scene
from tests.kafka.rights import forbidden
from tests.kafka.topics import alter

AWAY_SECONDS = 15.0
"""Longer than the worker's session, shorter than a test's patience."""
SLOW_SECONDS = 15.0
STOPPED_SECONDS, GOING_SECONDS = 0.4, 0.1
"""A slow broker's rhythm: it answers far slower than requests come, and yet never leaves the cluster."""
FULL_SECONDS = 10.0
CLOCK_STEP_SECONDS = 1800
"""A broker takes nothing that is an hour ahead of it (`message.timestamp.after.max.ms`)."""
FORBIDDEN_SECONDS = 5.0


def broker_restarted(scene: Scene) -> None:
    """SIGTERM and a new start, as in a rolling upgrade: its leaders move in order."""
    broker = scene.broker()
    broker.stop()
    broker.start()
    scene.cluster.wait()
    scene.change_list()


def broker_killed(scene: Scene) -> None:
    broker = scene.broker()
    broker.kill()
    broker.start()
    scene.cluster.wait()
    scene.change_list()


def broker_frozen(scene: Scene) -> None:
    """Connections stay open and nobody answers: a stopped virtual machine. The cluster gives it up."""
    broker = scene.broker()
    broker.pause()
    scene.hold(scene.session_seconds * 0.7)
    broker.resume()
    scene.change_list()


def broker_slow(scene: Scene) -> None:
    """A disk or a machine at its limit: every answer takes up to half a second, and none fails."""
    broker = scene.broker()
    scene.change_list()
    ends = time.monotonic() + SLOW_SECONDS
    while time.monotonic() < ends:
        broker.pause()
        scene.hold(STOPPED_SECONDS)
        broker.resume()
        scene.hold(GOING_SECONDS)
    scene.change_list()


def broker_gone_for_a_minute(scene: Scene) -> None:
    broker = scene.broker()
    broker.kill()
    scene.hold(MINUTE_SECONDS / 2)
    if len(scene.cluster.brokers) > 1:
        scene.change_list()
    scene.hold(MINUTE_SECONDS / 2)
    broker.start()
    scene.cluster.wait()
    scene.change_list()


def every_broker_away(scene: Scene) -> None:
    """No Kafka at all for longer than sessions and the list's silence."""
    _all_away(scene, AWAY_SECONDS)


def every_broker_gone_for_a_minute(scene: Scene) -> None:
    """Longer than requests are tried for."""
    _all_away(scene, MINUTE_SECONDS)


def _all_away(scene: Scene, seconds: float) -> None:
    for broker in scene.cluster.brokers:
        broker.kill()
    scene.hold(seconds)
    for broker in scene.cluster.brokers:
        broker.start()
    scene.cluster.wait()
    scene.change_list()


def leaders_moved(scene: Scene) -> None:
    """Two brokers are restarted, one after the other; then leaders go back to where they belong."""
    for broker in scene.rng.sample(scene.cluster.brokers, min(2, len(scene.cluster.brokers))):
        broker.stop()
        scene.change_list_if_served()
        broker.start()
        scene.cluster.wait()
    admin = AdminClient({"bootstrap.servers": scene.pipeline.bootstrap, "log_level": 0})
    found = admin.list_topics(timeout=TIMEOUT_SECONDS).topics
    every = [TopicPartition(topic, partition) for topic in found for partition in found[topic].partitions]
    admin.elect_leaders(ElectionType.PREFERRED, every).result()
    scene.change_list()


def disk_full(scene: Scene) -> None:
    """A broker that cannot write one byte gives up; somebody makes room and starts it again."""
    broker = scene.broker()
    disk = scene.ground.disks[broker.node_id]
    disk.fill()
    wait_until(
        lambda: not broker.running, "a broker without room for one byte gives up", seconds=PATIENCE_SECONDS
    )
    scene.hold(FULL_SECONDS)
    scene.change_list_if_served()
    disk.free()
    broker.start()
    scene.cluster.wait()
    scene.change_list()


def broker_clocks_stepped(scene: Scene) -> None:
    """The time of day of every broker, by which the list topic is stamped."""
    scene.step_clocks(scene.cluster.brokers, CLOCK_STEP_SECONDS)


def rights_withdrawn(scene: Scene) -> None:
    """What workers must write, read or be in is forbidden while they run, and then allowed again."""
    topics = scene.pipeline.topics
    kind, name, operation = scene.rng.choice(
        (
            (ResourceType.TOPIC, topics.alerts, AclOperation.WRITE),
            (ResourceType.TOPIC, topics.decisions, AclOperation.WRITE),
            (ResourceType.TOPIC, topics.designations, AclOperation.READ),
            (ResourceType.TOPIC, topics.payments, AclOperation.READ),
            (ResourceType.GROUP, scene.pipeline.group, AclOperation.READ),
        )
    )
    with forbidden(scene.pipeline.bootstrap, kind, name, operation):
        scene.change_list()
        scene.hold(FORBIDDEN_SECONDS)


def alerts_refused(scene: Scene) -> None:
    """The broker takes no alert: no payment that hits may be committed until it does again."""
    topic = scene.pipeline.topics.alerts
    alter(scene.pipeline.bootstrap, topic, {"max.message.bytes": "100"})
    scene.change_list()
    scene.hold(5.0)
    alter(scene.pipeline.bootstrap, topic, {"max.message.bytes": str(8 << 20)})


def payment_too_large(scene: Scene) -> None:
    """Larger than anything that is read, in a small compressed batch, between the others."""
    writer = producer(scene.pipeline.bootstrap, **{"compression.type": "gzip", "message.max.bytes": 32 << 20})
    writer.produce(scene.pipeline.topics.payments, b"x" * (20 << 20), b"too large")
    writer.flush()
    scene.change_list()


def list_published_anew(scene: Scene) -> None:
    """A whole publication between its markers, as every list's own update is."""
    scene.change_list()
    scene.pipeline.publish(scene.listed, max_shrink=1.0)

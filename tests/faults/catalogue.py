"""Every kind of fault: a function that hurts the scene, changes the list while it hurts, and heals it again.

A worker that ends is started again by the scene's supervisor, so those faults need no healing of their own.
"""

from collections.abc import Callable, Mapping

from tests.e2e.records import producer
from tests.faults.scene import Scene
from tests.kafka.topics import alter

AWAY_SECONDS = 15.0
"""Longer than the worker's session, shorter than a test's patience."""

Fault = Callable[[Scene], None]


def worker_killed(scene: Scene) -> None:
    """SIGKILL, also what an out-of-memory killer sends."""
    scene.worker().kill()
    scene.change_list()


def worker_terminated(scene: Scene) -> None:
    """SIGTERM, as in a rolling restart."""
    scene.worker().terminate()
    scene.change_list()


def every_worker_killed(scene: Scene) -> None:
    for worker in scene.pipeline.workers:
        worker.kill()
    scene.change_list()


def worker_frozen(scene: Scene) -> None:
    """SIGSTOP for longer than its session: the others take its partitions, then it wakes up and goes on."""
    worker = scene.worker()
    worker.pause()
    scene.change_list()
    scene.hold(scene.session_seconds * 1.5)
    worker.resume()


def broker_restarted(scene: Scene) -> None:
    broker = scene.rng.choice(scene.cluster.brokers)
    broker.stop()
    broker.start()
    scene.cluster.wait()
    scene.change_list()


def broker_killed(scene: Scene) -> None:
    broker = scene.rng.choice(scene.cluster.brokers)
    broker.kill()
    broker.start()
    scene.cluster.wait()
    scene.change_list()


def broker_frozen(scene: Scene) -> None:
    """Connections stay open and nobody answers: a slow disk, a stopped virtual machine."""
    broker = scene.rng.choice(scene.cluster.brokers)
    broker.pause()
    scene.hold(scene.session_seconds * 0.7)
    broker.resume()
    scene.change_list()


def every_broker_away(scene: Scene) -> None:
    """No Kafka at all for longer than sessions and the list's silence."""
    for broker in scene.cluster.brokers:
        broker.kill()
    scene.hold(AWAY_SECONDS)
    for broker in scene.cluster.brokers:
        broker.start()
    scene.cluster.wait()
    scene.change_list()


def rebalances_in_a_storm(scene: Scene) -> None:
    """A worker that comes and goes: each time every partition is taken from everybody and given anew."""
    guest = scene.pipeline.new_worker("guest")
    for _ in range(3):
        guest.start()
        scene.hold(3.0)
        scene.change_list()
        guest.kill() if scene.rng.random() < 0.5 else guest.stop()
    guest.stop()


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
    writer.produce(scene.pipeline.topics.payments, b" " * (20 << 20), b"too large")
    writer.flush()
    scene.change_list()


def list_published_anew(scene: Scene) -> None:
    """A whole publication between its markers, as every list's own update is."""
    scene.change_list()
    scene.pipeline.publish(scene.listed, max_shrink=1.0)


CATALOGUE: Mapping[str, Fault] = {
    fault.__name__.replace("_", " "): fault
    for fault in (
        worker_killed,
        worker_terminated,
        every_worker_killed,
        worker_frozen,
        broker_restarted,
        broker_killed,
        broker_frozen,
        every_broker_away,
        rebalances_in_a_storm,
        alerts_refused,
        payment_too_large,
        list_published_anew,
    )
}

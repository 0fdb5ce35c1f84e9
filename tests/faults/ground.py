"""What the pipelines of a series stand on: brokers that can be hurt in more ways than ending them."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from string import Template

from tests.faults import clock, disk
from tests.faults.clock import Clocks
from tests.faults.disk import SmallDisk
from tests.kafka import network
from tests.kafka.broker import PROPERTIES, KafkaCluster
from tests.kafka.network import BrokerNetwork

RIGHTS = """
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
allow.everyone.if.no.acl.found=true
super.users=User:controller
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:SASL_PLAINTEXT
sasl.mechanism.controller.protocol=PLAIN
listener.name.controller.sasl.enabled.mechanisms=PLAIN
listener.name.controller.plain.sasl.jaas.config=\
org.apache.kafka.common.security.plain.PlainLoginModule required \
username="controller" password="controller" user_controller="controller";
"""
"""Everybody may do everything until a fault forbids it. The controllers have a name of their own: they elect
one of them before any rights can be read."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Brokers, and what of them can be hurt on this machine."""

    cluster: KafkaCluster
    disks: Mapping[int, SmallDisk]
    """By node id, where disks can be filled."""
    clocks: Clocks | None
    """Of brokers and workers, where they can be stepped."""
    network: BrokerNetwork | None = None
    """Where brokers can be cut off from each other."""


@contextmanager
def ground(size: int, folder: Path) -> Iterator[Ground]:
    """`size` brokers with disks, clocks and rights; `folder` is for the clocks."""
    clocks = None if clock.missing() else Clocks(folder)
    with ExitStack() as mounted:
        net = None if network.missing() or size < 2 else mounted.enter_context(BrokerNetwork(size))
        cluster = KafkaCluster(
            size,
            start=False,
            properties=Template(PROPERTIES.template + RIGHTS),
            environment=clocks.environment if clocks else {},
            network=net,
        )
        mounted.enter_context(cluster)
        disks = {}
        if not disk.missing():
            disks = {node.node_id: mounted.enter_context(SmallDisk(node)) for node in cluster.brokers}
        cluster.start()
        yield Ground(cluster, disks, clocks, net)

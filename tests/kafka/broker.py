"""Apache Kafka brokers as processes of this machine: one, or several in one KRaft cluster.

Data and ports stay the same over `stop`, `kill` and `start`, so clients find the broker again as they would
after a machine's restart. Nothing outlives the `with` block.
"""

import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from string import Template

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from tests.kafka.jars import kafka_jars
from tests.kafka.network import BrokerNetwork
from tests.kafka.servers import NOTHING, ServerProcess, Started

START_SECONDS = 300.0
"""A broker is up in 2 s on an idle machine; this is for a busy one."""
SERVERS_PORTS = range(20_000, 32_000)
"""Below those that systems give to outgoing connections: from 32,768 on Linux, 49,152 elsewhere."""
JVM = ("-Xms128m", "-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dlog4j2.level=WARN")
"""Small, and quick to start rather than quick at its peak: tests start brokers often."""
JVM_AS_SHIPPED = (
    "-server", "-Xms1G", "-Xmx1G", "-XX:+UseG1GC", "-XX:MaxGCPauseMillis=20",
    "-XX:InitiatingHeapOccupancyPercent=35", "-XX:+ExplicitGCInvokesConcurrent", "-Dlog4j2.level=WARN",
)  # fmt: skip
"""What Kafka's own scripts start it with (`kafka-server-start.sh`, `kafka-run-class.sh`): measured on."""
PROPERTIES = Template((Path(__file__).parent / "server.properties").read_text())


class KafkaBroker(ServerProcess):
    """One node: broker and controller in one process."""

    def __init__(
        self,
        node_id: int,
        folder: Path,
        port: int,
        controller_port: int,
        properties: Template = PROPERTIES,
        format_options: Sequence[str] = (),
        environment: Mapping[str, str] = NOTHING,
        network: BrokerNetwork | None = None,
        jvm: Sequence[str] = JVM,
    ) -> None:
        self._template = properties
        self._jvm = jvm
        self._run_by = network.command(node_id) if network else ()
        self.host = network.address(node_id) if network else "127.0.0.1"
        self._environment = environment
        self._format_options = format_options
        self.node_id = node_id
        self.folder = folder
        self.port = port
        self.controller_port = controller_port

    @property
    def address(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def log(self) -> Path:
        """What the broker printed; the place to look when it did not start."""
        return self.folder / "kafka.log"

    def format(self, cluster_id: str, voters: str, replicas: int) -> None:
        """Write the node's configuration and an empty log."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._properties.write_text(
            self._template.substitute(
                node_id=self.node_id,
                data=self.folder / "data",
                host=self.host,
                port=self.port,
                controller_port=self.controller_port,
                voters=voters,
                replicas=replicas,
            )
        )
        tool = subprocess.run(
            self._java(
                "kafka.tools.StorageTool",
                "format",
                f"--cluster-id={cluster_id}",  # with "=": an id may begin with a dash
                f"--config={self._properties}",
                *self._format_options,
            ),
            capture_output=True,
            text=True,
        )
        if tool.returncode:
            raise RuntimeError(f"Kafka's storage could not be formatted: {tool.stdout}{tool.stderr}")

    def start(self) -> None:
        """Start the process; `KafkaCluster.wait` tells when it serves."""
        if self.running:
            return
        command = [*self._run_by, *self._java("kafka.Kafka", str(self._properties))]
        self.launch(command, self.log, environment=self._environment)

    def stop(self) -> None:
        """SIGTERM: leaders move away, the log is closed in order."""
        self.end(signal.SIGTERM)

    def kill(self) -> None:
        """SIGKILL: as when the machine loses power."""
        self.end(signal.SIGKILL)

    @property
    def _properties(self) -> Path:
        return self.folder / "server.properties"

    def _java(self, main: str, *arguments: str) -> list[str]:
        return ["java", *self._jvm, "-cp", f"{kafka_jars()}/*", main, *arguments]


class KafkaCluster(Started):
    """`size` brokers that replicate to each other, while the `with` block lasts.

    With `start=False` the addresses are known but nobody answers there until `start` is called. `environment`
    is added to the brokers' own; on a `network` each lives at an address of its own; `jvm` is what Java is
    started with.

    >>> with KafkaCluster(3) as cluster:
    ...     cluster.brokers[0].kill()
    """

    def __init__(
        self,
        size: int = 1,
        *,
        start: bool = True,
        properties: Template = PROPERTIES,
        format_options: Sequence[str] = (),
        environment: Mapping[str, str] = NOTHING,
        network: BrokerNetwork | None = None,
        jvm: Sequence[str] = JVM,
    ) -> None:
        self.starts_itself = start
        self._folder = Path(tempfile.mkdtemp(prefix="interdict-kafka-"))
        ports = free_ports(2 * size)
        self.brokers: Sequence[KafkaBroker] = [
            KafkaBroker(
                number,
                self._folder / str(number),
                ports.pop(),
                ports.pop(),
                properties,
                format_options,
                environment,
                network,
                jvm,
            )
            for number in range(1, size + 1)
        ]

    @property
    def bootstrap(self) -> str:
        return ",".join(broker.address for broker in self.brokers)

    def start(self) -> None:
        """Format and start every broker; returns when the cluster serves."""
        cluster_id = urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        voters = ",".join(f"{node.node_id}@{node.host}:{node.controller_port}" for node in self.brokers)
        for broker in self.brokers:
            broker.format(cluster_id, voters, replicas=len(self.brokers))
            broker.start()
        self.wait()

    def wait(self) -> None:
        """Until every broker is registered and answers. Raises with the log's end when one does not."""
        ends = time.monotonic() + START_SECONDS
        while not self._serves():
            dead = [broker for broker in self.brokers if not broker.running]
            if dead or time.monotonic() > ends:
                told = "\n".join(broker.log.read_text()[-2000:] for broker in dead or self.brokers)
                raise RuntimeError(f"Kafka did not start within {START_SECONDS:.0f} s:\n{told}")
            time.sleep(0.1)

    def _serves(self) -> bool:
        return all(self._knows_all(broker) for broker in self.brokers)

    def _knows_all(self, broker: KafkaBroker) -> bool:
        """This broker itself answers, and sees every other one."""
        admin = AdminClient({"bootstrap.servers": broker.address, "log_level": 0})
        try:
            return len(admin.list_topics(timeout=2).brokers) == len(self.brokers)
        except KafkaException:
            return False

    def stop(self) -> None:
        """End every process and remove what they wrote."""
        for broker in reversed(self.brokers):
            # nobody reads these logs again, so there is nothing to close in order
            broker.kill()
        shutil.rmtree(self._folder, ignore_errors=True)


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on, all different. The system gives none of these to a connection that is
    opened before the server listens: a broker did not start where its port was another's way out."""
    each = random.SystemRandom().sample(SERVERS_PORTS, len(SERVERS_PORTS))
    return list(islice(filter(_is_free, each), count))


def free_port() -> int:
    """One of them."""
    (port,) = free_ports(1)
    return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as a server that is started again
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def in_ci() -> bool:
    """Under CI the tests that need a broker must run or fail."""
    return os.environ.get("CI", "").lower() in ("true", "1")

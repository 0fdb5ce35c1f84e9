"""The last proof of every partition, from the proofs topic."""

from collections.abc import Callable

from aiokafka import ConsumerRecord

from streams.kafka.options import ClientOptions
from streams.records.customers import Proof, proof_from_json
from streams.worker.replicas.compacted import CompactedReplica
from streams.worker.replicas.follower import OnUnreadable


class ProofReplica(CompactedReplica[dict[int, Proof]]):
    """Keeps `known`, by partition, equal to the topic."""

    without = "no customer is screened"
    needed = True

    def __init__(
        self,
        topic: str,
        client: ClientOptions,
        on_unreadable: OnUnreadable | None = None,
        on_gone: Callable[[int], object] | None = None,
    ) -> None:
        super().__init__(topic, client, dict, on_unreadable)
        self._on_gone = on_gone

    def put(self, kept: dict[int, Proof], record: ConsumerRecord[bytes, bytes]) -> None:
        """Apply one record; an unreadable one proves nothing."""
        partition = int(record.key or b"-1")
        kept.pop(partition, None)
        if record.value:
            kept[partition] = proof_from_json(record.value)

    def become(self, found: dict[int, Proof]) -> None:
        """Partitions whose proof is no longer on the topic must be proved again."""
        gone = self.known.keys() - found.keys()
        self.known.clear()
        self.known.update(found)
        if self._on_gone:
            for partition in gone:
                self._on_gone(partition)

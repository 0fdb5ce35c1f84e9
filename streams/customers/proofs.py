"""The last proof of every partition, as the proofs topic has it."""

from aiokafka import ConsumerRecord

from streams.kafka.options import ClientOptions
from streams.records.customers import Proof, proof_from_json
from streams.worker.replicas.follower import OnUnreadable, TopicReplica


class ProofReplica(TopicReplica):
    """Keeps `known`, by partition, equal to the topic."""

    without = "no customer is screened"
    needed = True

    def __init__(self, topic: str, client: ClientOptions, on_unreadable: OnUnreadable | None = None) -> None:
        super().__init__(topic, client, on_unreadable)
        self.known: dict[int, Proof] = {}

    def apply(self, record: ConsumerRecord[bytes, bytes]) -> None:
        """One that cannot be read proves nothing."""
        partition = int(record.key or b"-1")
        self.known.pop(partition, None)
        if record.value:
            self.known[partition] = proof_from_json(record.value)

"""The last proof of every partition, as the proofs topic has it."""

from collections.abc import Callable

from aiokafka import ConsumerRecord

from streams.kafka.options import ClientOptions
from streams.records.customers import Proof, proof_from_json
from streams.worker.replicas.follower import OnUnreadable, TopicReplica


class ProofReplica(TopicReplica):
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
        super().__init__(topic, client, on_unreadable)
        self.known: dict[int, Proof] = {}
        self._on_gone = on_gone
        self._again: dict[int, Proof] | None = None
        """What the topic says, while it is read from its beginning once more."""

    def apply(self, record: ConsumerRecord[bytes, bytes]) -> None:
        """One that cannot be read proves nothing."""
        partition = int(record.key or b"-1")
        known = self.known if self._again is None else self._again
        known.pop(partition, None)
        if record.value:
            known[partition] = proof_from_json(record.value)

    def read_again(self) -> None:
        """What is proved stays so until the topic is read."""
        self._again = {}

    def is_read_again(self) -> None:
        """What the topic does not say any more is to be proved again."""
        found, self._again = self._again or {}, None
        gone = self.known.keys() - found.keys()
        self.known.clear()
        self.known.update(found)
        if self._on_gone:
            for partition in gone:
                self._on_gone(partition)

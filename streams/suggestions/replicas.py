"""What facts are found in beside the alert: entries of the lists and dispositions, as their topics stand."""

from aiokafka import ConsumerRecord

from screening.designations import Designation
from streams.kafka.options import ClientOptions
from streams.records.designations import is_marker, key_text
from streams.records.json import designation_from_json
from streams.worker.replicas.compacted import CompactedReplica
from streams.worker.replicas.dispositions import DispositionsCopy

WITHOUT = "nothing is suggested"


class Entries(CompactedReplica[dict[str, bytes]]):
    """Every entry by id, as bytes: one in thousands is asked for."""

    without = WITHOUT
    needed = True

    def __init__(self, topic: str, client: ClientOptions) -> None:
        super().__init__(topic, client, dict)
        self.offset = 0
        """Behind the last record that was read."""

    def put(self, kept: dict[str, bytes], record: ConsumerRecord[bytes, bytes]) -> None:
        self.offset = record.offset + 1
        key = key_text(record.key)
        if record.value is None:
            kept.pop(key, None)
        elif not is_marker(key):
            kept[key] = record.value

    def read_again(self) -> None:
        """An alert waits for what it names until that is read: none is suggested on by half a list."""
        super().read_again()
        self.offset = 0

    def become(self, found: dict[str, bytes]) -> None:
        """What the topic does not hold any more is listed no longer."""
        self.known.clear()
        self.known.update(found)

    def get(self, designation_id: str) -> Designation | None:
        """The entry in force; None where none is, or it cannot be read."""
        raw = self.known.get(designation_id)
        try:
            return designation_from_json(raw) if raw else None
        except ValueError:
            return None


class Given(DispositionsCopy):
    """The dispositions, in force or not. One that cannot be read is no fact."""

    without = WITHOUT
    needed = True

"""What facts are found in beside the alert: entries of the lists and dispositions, as their topics stand."""

from aiokafka import ConsumerRecord

from screening.designations import Designation
from streams.kafka.options import ClientOptions
from streams.records.designations import is_marker, key_text
from streams.records.json import designation_from_json
from streams.worker.replicas.dispositions import DispositionsCopy
from streams.worker.replicas.follower import TopicReplica

WITHOUT = "nothing is suggested"


class Entries(TopicReplica):
    """Every entry by id, as bytes: one in thousands is asked for."""

    without = WITHOUT
    needed = True

    def __init__(self, topic: str, client: ClientOptions) -> None:
        super().__init__(topic, client)
        self._raw: dict[str, bytes] = {}
        self._again: dict[str, bytes] | None = None
        """What the topic says, while it is read from its beginning once more."""
        self.offset = 0
        """Behind the last record that was read."""

    def apply(self, record: ConsumerRecord[bytes, bytes]) -> None:
        self.offset = record.offset + 1
        raw = self._raw if self._again is None else self._again
        key = key_text(record.key)
        if record.value is None:
            raw.pop(key, None)
        elif not is_marker(key):
            raw[key] = record.value

    def read_again(self) -> None:
        """An alert waits for what it names until that is read: none is suggested on by half a list."""
        self._again, self.offset = {}, 0

    def is_read_again(self) -> None:
        """What the topic does not hold any more is listed no longer."""
        if self._again is not None:
            self._raw, self._again = self._again, None

    def get(self, designation_id: str) -> Designation | None:
        """The entry in force; None where none is, or it cannot be read."""
        raw = self._raw.get(designation_id)
        try:
            return designation_from_json(raw) if raw else None
        except ValueError:
            return None


class Given(DispositionsCopy):
    """The dispositions, in force or not. One that cannot be read is no fact."""

    without = WITHOUT
    needed = True

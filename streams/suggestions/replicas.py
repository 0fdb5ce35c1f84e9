"""What facts are found in beside the alert: entries of the lists and dispositions, as their topics stand."""

from aiokafka import ConsumerRecord

from screening.cases.dispositions import Dispositions, SuppressionRules
from screening.designations import Designation
from streams.kafka.options import ClientOptions
from streams.records.designations import is_marker, key_text
from streams.records.dispositions import take
from streams.records.json import designation_from_json
from streams.worker.replicas.follower import TopicReplica

WITHOUT = "nothing is suggested"


class Entries(TopicReplica):
    """Every entry by id, as bytes: one in thousands is asked for."""

    without = WITHOUT
    needed = True

    def __init__(self, topic: str, client: ClientOptions) -> None:
        super().__init__(topic, client)
        self._raw: dict[str, bytes] = {}
        self.offset = 0
        """Behind the last record that was read."""

    def apply(self, record: ConsumerRecord[bytes, bytes]) -> None:
        self.offset = record.offset + 1
        key = key_text(record.key)
        if record.value is None:
            self._raw.pop(key, None)
        elif not is_marker(key):
            self._raw[key] = record.value

    def get(self, designation_id: str) -> Designation | None:
        """The entry in force; None where none is, or it cannot be read."""
        raw = self._raw.get(designation_id)
        try:
            return designation_from_json(raw) if raw else None
        except ValueError:
            return None


class Given(TopicReplica):
    """The dispositions, in force or not."""

    without = WITHOUT
    needed = True

    def __init__(self, topic: str, client: ClientOptions, rules: SuppressionRules) -> None:
        super().__init__(topic, client)
        self.known = Dispositions(rules)

    def apply(self, record: ConsumerRecord[bytes, bytes]) -> None:
        """One that cannot be read is no fact."""
        take(self.known, record.key, record.value, record.timestamp / 1000)

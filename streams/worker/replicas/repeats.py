"""The worker's memory of pairs: every alert of every worker and lookback, read from the alerts topic."""

from aiokafka import ConsumerRecord

from screening.cases.repeats import Pairs
from streams.kafka.options import ClientOptions
from streams.records.alerts import alert_from_json
from streams.worker.replicas.follower import OnUnreadable, TopicReplica


class PairReplica(TopicReplica):
    """Keeps `known` in step with the alerts topic, back over its whole retention."""

    without = "repeats are alerted as news"

    def __init__(self, topic: str, client: ClientOptions, on_unreadable: OnUnreadable | None = None) -> None:
        super().__init__(topic, client, on_unreadable)
        self.known = Pairs()

    def apply(self, record: ConsumerRecord[bytes, bytes]) -> None:
        """Note an alert; an update is not another alert, and an alert of an earlier version may lack the
        fingerprint."""
        alert = alert_from_json(record.value)
        if alert is None or "update" in alert:
            return
        for hit in alert["hits"]:
            if fingerprint := hit.get("fingerprint"):
                self.known.note(
                    hit["alert_id"], fingerprint, hit["designation"]["id"], at=record.timestamp / 1000
                )

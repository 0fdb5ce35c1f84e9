"""A copy of a compacted topic that stays in use while the topic is read again from its beginning.

A recreated topic may contradict what is known, or say nothing about it. Until it has been read to its end,
what was known before is the best answer; from then on the topic counts.

A topic whose cleanup policy lets records vanish with age is not read before the policy is corrected: a true
positive or a proof that has vanished looks like one that nobody gave.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

from aiokafka import ConsumerRecord

from streams.kafka.options import ClientOptions
from streams.kafka.promises import wrong_cleanup
from streams.worker.replicas.follower import OnUnreadable, TopicReplica

Kept = TypeVar("Kept")


class CompactedReplica(TopicReplica, Generic[Kept]):
    """Keeps `known` equal to the topic. Subclasses say in `put` what a record means, and in `become` what
    happens when the topic was read again. `empty` makes what is known of an empty topic."""

    def __init__(
        self,
        topic: str,
        client: ClientOptions,
        empty: Callable[[], Kept],
        on_unreadable: OnUnreadable | None = None,
    ) -> None:
        super().__init__(topic, client, on_unreadable)
        self.known = empty()
        self._empty = empty
        self._again: Kept | None = None
        """What the topic says, while it is read from its beginning."""

    async def unfit(self) -> str:
        return await wrong_cleanup(self._client, self._topic)

    def put(self, kept: Kept, record: ConsumerRecord[bytes, bytes]) -> None:
        """Apply one record to `known`, or to what is being read again. Raises the same as `apply`."""
        raise NotImplementedError

    def become(self, found: Kept) -> None:
        """The topic was read to its end: from here on only what it says is known. `known` stays the same
        object, because others hold it."""
        raise NotImplementedError

    def apply(self, record: ConsumerRecord[bytes, bytes]) -> None:
        self.put(self.known if self._again is None else self._again, record)

    def read_again(self) -> None:
        self._again = self._empty()

    def is_read_again(self) -> None:
        found, self._again = self._again, None
        if found is not None:
            self.become(found)

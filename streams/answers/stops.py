"""The stopped records that wait for a person, in memory, and what to store about them."""

from collections.abc import Iterator

from screening.cases.dispositions import pair_key
from streams.kafka.log import Place
from streams.records.stops import Stop, StoppedHit

MOST_OPEN = 50_000
"""Stopped records that are followed, some 60 MB; a desk works through a thousand a day."""


class Stops:
    """`changed` holds what differs from what was stored last: None for a stop that has ended."""

    def __init__(self, most_open: int = MOST_OPEN) -> None:
        self.changed: dict[Place, Stop | None] = {}
        self.forgotten = 0
        """Those that are followed no longer: there were too many, or their bytes are gone."""
        self._most_open = most_open
        self._stops: dict[Place, Stop] = {}
        self._of_pair: dict[str, set[Place]] = {}
        self._ended = 0
        self._touched: dict[Place, None] = {}

    def __contains__(self, place: Place) -> bool:
        return place in self._stops

    def __len__(self) -> int:
        """How many wait for a person."""
        return len(self._stops) - self._ended

    def get(self, place: Place) -> Stop | None:
        return self._stops.get(place)

    def restore(self, place: Place, stop: Stop) -> None:
        """Restore a stop as it was stored before a restart; dispositions may have come since."""
        self._unindex(place)
        self._stops[place] = stop
        self._ended += stop.ended
        self._touched[place] = None
        for key in () if stop.ended else _keys(stop.hits):
            self._of_pair.setdefault(key, set()).add(place)

    def put(self, place: Place, stop: Stop) -> None:
        self.restore(place, stop.bounded())
        self.changed[place] = self._stops[place]

    def end(self, place: Place, *, remember: bool) -> None:
        """End a stop for good. It is remembered if a restart would read the record again."""
        if remember:
            self.put(place, Stop(self._stops[place].cause, ended=True))
            return
        self._unindex(place)
        del self._stops[place]
        self.changed[place] = None

    def begin_anew(self, partitions: set[int]) -> int:
        """Drop the stops of recreated partitions: their payments no longer exist."""
        gone = [place for place in self._stops if place.partition in partitions]
        for place in gone:
            self.end(place, remember=False)
        return len(gone)

    def judged(self, key: str) -> None:
        """A disposition on a pair is new or withdrawn."""
        self._touched |= dict.fromkeys(self._of_pair.get(key, ()))

    def touch(self, place: Place) -> None:
        """A person's release or reject of one record is new or withdrawn."""
        self._touched[place] = None

    def touched(self) -> Iterator[tuple[Place, Stop]]:
        """The waiting stops that were affected since the last call, in the order of their records."""
        touched, self._touched = self._touched, {}
        for place in sorted(touched):
            stop = self._stops.get(place)
            if stop is not None and not stop.ended:
                yield place, stop

    def too_many(self) -> list[Place]:
        """The oldest stops, if more wait than are followed."""
        if (left := len(self) - self._most_open) <= 0:
            return []
        return [place for place, stop in self._stops.items() if not stop.ended][:left]

    def _unindex(self, place: Place) -> None:
        stop = self._stops.get(place)
        if stop is None:
            return
        self._ended -= stop.ended
        for key in _keys(stop.hits):
            places = self._of_pair.get(key, set())
            places.discard(place)
            if not places:
                self._of_pair.pop(key, None)


def _keys(hits: tuple[StoppedHit, ...]) -> Iterator[str]:
    for hit in hits:
        for fingerprint in hit.fingerprints:
            yield pair_key(fingerprint, hit.designation_id)

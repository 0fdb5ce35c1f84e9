"""What case systems and people have decided about hits and stopped payments: the whole dispositions topic."""

from datetime import UTC, datetime

from screening.cases.dispositions import Dispositions, SuppressionRules, Verdict
from screening.cases.releases import Release, Word
from streams.kafka.clock import CLOCKS_APART_SECONDS
from streams.kafka.log import Place
from streams.records.dispositions import EVENT, release_from_json, take
from streams.records.stops import StoppedHit, place_from


class Judged:
    """Fed with the topic's records in order."""

    def __init__(self, rules: SuppressionRules, payments_topic: str) -> None:
        self._rules = rules
        self._topic = payments_topic
        self._known = Dispositions(rules)
        self._words: dict[Place, tuple[Release, float]] = {}

    def take(self, key: bytes | None, value: bytes | None, at: float) -> Place | None:
        """Take one record; returns the payment record that it releases or rejects, or None if it is about a
        pair.

        Raises ValueError for one that cannot be read: it judges nothing, and what it replaces no longer does
        either.
        """
        text = (key or b"").decode(errors="replace")
        if not text.startswith(EVENT):
            take(self._known, key, value, at)
            return None
        place = place_from(text.removeprefix(EVENT), self._topic)
        if place is None:
            return None
        self._words.pop(place, None)
        if value is not None:
            release = release_from_json(value)
            if release.event != text.removeprefix(EVENT):
                raise ValueError(f"the record's key must be {EVENT}{release.event}")
            self._words[place] = release, at
        return place

    def word(self, place: Place, stopped_at: float) -> Word | None:
        """A person's release or reject of a record, if it counts. One that is older than its stop is about
        another record: nobody has seen this one, and the topic may have been recreated."""
        release, at = self._words.get(place, (None, 0.0))
        if release is None or at < stopped_at - CLOCKS_APART_SECONDS:
            return None
        return release.word if release.holds(four_eyes=self._rules.four_eyes) else None

    def verdict(self, hit: StoppedHit, now: float) -> Verdict | None:
        """The disposition on a hit: on its own pair, or else on that of the payment which it resubmits."""
        moment = datetime.fromtimestamp(now, UTC)
        for fingerprint in hit.fingerprints:
            found = self._known.judged(fingerprint, hit.designation_id, hit.designation_fingerprint, moment)
            if found is not None:
                return found.verdict
        return None

"""Which payment may go, which waits and which is finished: the gate's state, without Kafka and without a
clock.

Records of a partition leave the gate in their order; one that is not decided by its deadline leaves when that
passes, whatever is before it. A record that has left comes out a second time only if it was stopped:
dispositions or a person release or reject it.
"""

import heapq
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import replace

from screening.cases.dispositions import Verdict
from screening.cases.releases import Word
from screening.policy.answers import AnswerPolicy, Cause, Course, Reply
from streams.answers.heard import Heard, complete, strictest
from streams.answers.judged import Judged
from streams.answers.moves import Move, Waiting
from streams.answers.stops import MOST_OPEN, Stops
from streams.kafka.log import Place
from streams.records.decided import Decided
from streams.records.stops import Stop, StoppedHit


class Gate:
    """Fed with records in each partition's order; `moves` says what leaves, and `stops.changed` what to
    store."""

    def __init__(self, policy: AnswerPolicy, judged: Judged, most_open: int = MOST_OPEN) -> None:
        self.stops = Stops(most_open)
        self._policy = policy
        self._judged = judged
        self._heard = Heard()
        self._queues: dict[int, deque[Waiting]] = {}
        self._next: dict[int, int] = {}
        self._at: dict[Place, Waiting] = {}
        self._dues: list[tuple[float, Place]] = []

    def start(self, partition: int, offset: int) -> None:
        """Payments of a partition are read from here on; everything before is answered."""
        self._next[partition] = offset
        self._queues.setdefault(partition, deque())

    def read(self, waiting: Waiting) -> None:
        """Take the next payment record of its partition."""
        self._heard.seen(waiting.place)
        self._next[waiting.place.partition] = waiting.place.offset + 1
        waiting.answered = waiting.place in self.stops
        self._queues[waiting.place.partition].append(waiting)
        self._at[waiting.place] = waiting
        if not waiting.answered:
            heapq.heappush(self._dues, (waiting.due, waiting.place))
        if len(self._dues) > 2 * len(self._at) + 1000:  # most are answered long before they are due
            self._dues = [(each.due, each.place) for each in self._at.values() if not each.answered]
            heapq.heapify(self._dues)

    def passed(self, place: Place) -> None:
        """Take a record that holds no payment."""
        self._heard.used(place)
        self._next[place.partition] = place.offset + 1

    def decided(self, decision: Decided) -> None:
        """Take a decision. One on a record that is answered is ignored, unless that was answered
        undecided."""
        place, stop = decision.event, self.stops.get(decision.event)
        late = stop is not None and stop.cause is Cause.UNANSWERED and not stop.ended
        if not (late or place in self._at or self._is_unseen(place)):
            return
        self._heard.note(decision, ahead=self._is_unseen(place))
        known = self._heard.about(place)
        if late and stop is not None and complete(known):
            self._decided_late(place, stop, known)

    def is_error(self, place: Place) -> bool:
        """Whether a record waits because it could not be read or screened."""
        stop = self.stops.get(place)
        return stop is not None and stop.cause is Cause.ERROR and not stop.ended

    def sent_again(self, place: Place) -> None:
        """A record that could not be read was mended and sent again at another place: that one is answered
        instead."""
        if self.is_error(place):
            self._end(place)

    def moves(self, now: float) -> Iterator[Move]:
        """Every record that may leave now."""
        for queue in self._queues.values():
            while queue and (queue[0].answered or self._may_leave(queue[0], now)):
                head = queue.popleft()
                if not head.answered:
                    yield self._first(head, now)
                elif (stop := self.stops.get(head.place)) and stop.ended:
                    self.stops.end(head.place, remember=False)
                head.let_go()
                self._at.pop(head.place, None)
                self._used(head.place)
        while self._dues and self._dues[0][0] <= now:
            overdue = self._at.get(heapq.heappop(self._dues)[1])
            if overdue is not None and not overdue.answered:
                yield self._first(overdue, now)
                overdue.answered = True
                overdue.let_go()
                self._used(overdue.place)
        yield from self._follow_ups(now)

    def payments(self) -> dict[int, int]:
        """Partition -> the first record that is not answered."""
        return {
            partition: queue[0].place.offset if queue else self._next[partition]
            for partition, queue in self._queues.items()
        }

    def decisions(self, positions: Mapping[int, int]) -> dict[int, int]:
        """Partition -> the first decision that an answer may still need, given how far they are read."""
        return self._heard.first_needed(positions)

    def unused(self, partition: int) -> int:
        """Decisions of a partition whose payments are not read yet. Those on a record that waits do not
        count: it may hold more payments than are read ahead, and waits for the last of them."""
        return self._heard.ahead(partition)

    def drop_unseen(self) -> int:
        """Drop decisions on records that do not exist; returns how many."""
        return sum(self._heard.used(place) for place in [*self._heard.places()] if self._is_unseen(place))

    @property
    def waiting(self) -> int:
        """Records that are not answered, and records behind them that wait for their place in the order."""
        return len(self._at)

    def _is_unseen(self, place: Place) -> bool:
        return place.offset >= self._next.get(place.partition, 0)

    def _may_leave(self, waiting: Waiting, now: float) -> bool:
        return waiting.due <= now or complete(self._heard.about(waiting.place))

    def _first(self, waiting: Waiting, now: float) -> Move:
        """The first answer to a record, and its stop if it has to wait from then on."""
        place, known = waiting.place, self._heard.about(waiting.place)
        cause, reply = self._answer(waiting, known, late=now >= waiting.due)
        if reply.course is Course.STOP:
            hits, whole = _hits_of(known)
            named = tuple(each.payment_id for each in waiting.references if each.payment_id)
            stop = Stop(cause, waiting.rail or "", waiting.due, hits, whole, at=now)
            self.stops.put(place, replace(stop, payment_ids=_ids_of(known) or named))
        elif self._is_ahead(place):
            self.stops.put(place, Stop(cause, ended=True))
        return Move(place, cause, reply, waiting.due, waiting=replace(waiting), decisions=known)

    def _is_ahead(self, place: Place) -> bool:
        """Whether earlier records are not answered yet, so that a restart would read it again."""
        queue = self._queues[place.partition]
        return bool(queue) and queue[0].place < place

    def _answer(self, waiting: Waiting, known: Mapping[int, Decided], *, late: bool) -> tuple[Cause, Reply]:
        """Answer by the strictest decision on its payments; after the deadline nothing is released."""
        rail = waiting.rail
        cause = strictest(known) if complete(known) else Cause.UNANSWERED
        reply = self._policy.reply(cause, rail)
        if not late:
            return cause, reply
        unanswered = self._policy.reply(Cause.UNANSWERED, rail)
        if unanswered.course is Course.REJECT:
            return Cause.UNANSWERED, unanswered
        if reply.course is Course.RELEASE and not self._policy.releases_late(rail):
            return Cause.UNANSWERED, unanswered
        return cause, reply

    def _decided_late(self, place: Place, stop: Stop, known: Mapping[int, Decided]) -> None:
        """A record that was stopped undecided now has a decision: its hits can be judged from now on."""
        hits, whole = _hits_of(known)
        cause = strictest(known)
        counts = self._policy.releases_late(stop.rail) if cause is Cause.CLEAR else bool(hits)
        cause = cause if counts else stop.cause
        named = _ids_of(known)
        self.stops.put(place, replace(stop, cause=cause, hits=hits, whole=whole, payment_ids=named))
        self._used(place)

    def _follow_ups(self, now: float) -> Iterator[Move]:
        for place, stop in self.stops.touched():
            if (cause := self._lifted(place, stop, now)) is not None:
                reply = self._policy.reply(cause, stop.rail)
                self._end(place)  # before it is handed on: what is written with it says so
                yield Move(place, cause, reply, stop.due, follows=True)
        for place in self.stops.too_many():
            self._end(place)
            self.stops.forgotten += 1

    def _lifted(self, place: Place, stop: Stop, now: float) -> Cause | None:
        """Why a stopped record no longer waits; None while it does."""
        word = self._judged.word(place, stop.at)
        if word is not None:
            return Cause.FALSE_POSITIVE if word is Word.RELEASE else Cause.TRUE_POSITIVE
        if stop.cause is Cause.CLEAR:
            return Cause.CLEAR
        verdicts = [self._judged.verdict(hit, now) for hit in stop.hits]
        if Verdict.TRUE_POSITIVE in verdicts:
            return Cause.TRUE_POSITIVE
        judgeable = stop.whole and stop.cause in (Cause.HOLD, Cause.REVIEW)
        if judgeable and verdicts and all(verdict is Verdict.FALSE_POSITIVE for verdict in verdicts):
            return Cause.FALSE_POSITIVE
        return None

    def _end(self, place: Place) -> None:
        """End a stop."""
        self.stops.end(place, remember=place in self._at)

    def _used(self, place: Place) -> None:
        """Drop the decisions on a record, unless it waits for the rest of them."""
        stop, known = self.stops.get(place), self._heard.about(place)
        if stop is not None and stop.cause is Cause.UNANSWERED and known and not complete(known):
            return
        self._heard.used(place)


def _ids_of(known: Mapping[int, Decided]) -> tuple[str, ...]:
    """The ids of the record's payments, in their order."""
    return tuple(known[number].payment_id for number in sorted(known))


def _hits_of(known: Mapping[int, Decided]) -> tuple[tuple[StoppedHit, ...], bool]:
    hits = tuple(hit for number in sorted(known) for hit in known[number].hits)
    return hits, complete(known) and all(each.whole for each in known.values())

"""Which payment may go, which waits and which is over: the gate's state, without Kafka and without a clock.

Records of a partition leave the gate in their order; one that nobody decides by its deadline leaves it when
that is over, whatever stands before it. What has left it comes out a second time only from
`screening.stops`: released or rejected by dispositions or by a person's word.
"""

import heapq
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from screening.cases.dispositions import Verdict
from screening.cases.releases import Word
from screening.policy.answers import AnswerPolicy, Cause, Course, Reply
from streams.answers.judged import Judged
from streams.kafka.log import Place, Record
from streams.records.answers import Reference
from streams.records.decided import Decided
from streams.records.stops import Stop, StoppedHit

MOST_OPEN = 50_000
"""Stopped records that are followed, some 55 MB; a desk works through a thousand a day. Of more, the oldest
are forgotten: they stay stopped."""
_RANK = {cause: place for place, cause in enumerate(Cause)}


@dataclass(slots=True)
class Waiting:
    """A payment record at the gate."""

    place: Place
    due: float
    rail: str | None
    record: Record | None
    """Its bytes; None where they were let go of to save memory, and are read again."""
    references: tuple[Reference, ...] = ()
    answered: bool = False
    """By its deadline, or before a restart, and others before it are not yet."""

    def let_go(self) -> None:
        self.record, self.references = None, ()


@dataclass(frozen=True, slots=True)
class Move:
    """One record leaves the gate, for the first time or (`follows`) for good."""

    place: Place
    cause: Cause
    reply: Reply
    due: float
    follows: bool = False
    waiting: Waiting | None = None
    """With its bytes, where they are still at hand."""
    decisions: Mapping[int, Decided] = field(default_factory=dict)
    """By the payment's number in the record."""


class Gate:
    """`states` holds what is to be written on `screening.stops` with the moves before it: None takes it
    out."""

    def __init__(self, policy: AnswerPolicy, judged: Judged, most_open: int = MOST_OPEN) -> None:
        self._policy = policy
        self._judged = judged
        self._most_open = most_open
        self._queues: dict[int, deque[Waiting]] = {}
        self._next: dict[int, int] = {}
        self._at: dict[Place, Waiting] = {}
        self._dues: list[tuple[float, Place]] = []
        self._decided: dict[Place, dict[int, Decided]] = {}
        self._unused: dict[int, dict[int, Place]] = {}
        """Offsets of decisions that no answer rests on yet, by their partition, with their event's place."""
        self._open: dict[Place, Stop] = {}
        self._of_pair: dict[str, set[Place]] = {}
        self._ended = 0
        self._touched: dict[Place, None] = {}
        self.states: dict[Place, Stop | None] = {}
        self.forgotten = 0
        """Stopped records that are followed no longer: there were too many, or their bytes are gone."""

    # what comes in

    def restore(self, place: Place, stop: Stop) -> None:
        """A record that was stopped before a restart."""
        self._put_open(place, stop)
        self._touched[place] = None

    def start(self, partition: int, offset: int) -> None:
        """Payments of a partition are read from here on; what stands before is answered."""
        self._next[partition] = offset
        self._queues.setdefault(partition, deque())

    def read(self, waiting: Waiting) -> None:
        """The next payment record of its partition."""
        self._next[waiting.place.partition] = waiting.place.offset + 1
        waiting.answered = waiting.place in self._open
        self._queues[waiting.place.partition].append(waiting)
        self._at[waiting.place] = waiting
        if not waiting.answered:
            heapq.heappush(self._dues, (waiting.due, waiting.place))
        if len(self._dues) > 2 * len(self._at) + 1000:  # most are answered long before they are due
            self._dues = [(each.due, each.place) for each in self._at.values() if not each.answered]
            heapq.heapify(self._dues)

    def passed(self, place: Place) -> None:
        """A record that holds no payment."""
        self._next[place.partition] = place.offset + 1

    def decided(self, said: Decided) -> None:
        """A decision. One about a record that is answered says nothing, unless that waits undecided."""
        place, stop = said.event, self._open.get(said.event)
        unseen = place.offset >= self._next.get(place.partition, 0)
        late = stop is not None and stop.cause is Cause.UNANSWERED and not stop.ended
        if not (unseen or late or place in self._at):
            return
        known = self._decided.setdefault(place, {})
        before = known.get(said.number)
        if (
            before is None or _RANK[said.cause] > _RANK[before.cause]
        ):  # repeated otherwise: the stricter counts
            if before is not None:
                self._take_unused(before)
            known[said.number] = said
            self._unused.setdefault(said.place.partition, {})[said.place.offset] = place
        if late and stop is not None and _complete(known):
            self._decided_late(place, stop, known)

    def judged(self, key: str) -> None:
        """A disposition on a pair, or a word on a record, is new or withdrawn."""
        for place in self._of_pair.get(key, ()):
            self._touched[place] = None

    def said(self, place: Place) -> None:
        """A word on one record is new or withdrawn."""
        if place in self._open:
            self._touched[place] = None

    def sent_again(self, place: Place) -> None:
        """A record that could not be read was mended and stands elsewhere now: that one is answered."""
        stop = self._open.get(place)
        if stop is not None and stop.cause is Cause.ERROR and not stop.ended:
            self._end(place)

    def forget(self, place: Place) -> None:
        """A stopped record whose bytes are kept nowhere any more."""
        if place in self._open:
            self._end(place)
            self.forgotten += 1

    # what goes out

    def moves(self, now: float) -> Iterator[Move]:
        """Everything that may leave now; `states` says afterwards what is to be kept of it."""
        for queue in self._queues.values():
            while queue and (queue[0].answered or self._is_due(queue[0], now)):
                head = queue.popleft()
                if not head.answered:
                    yield self._first(head, now)
                elif (stop := self._open.get(head.place)) and stop.ended:
                    self._close(head.place)
                head.let_go()
                self._at.pop(head.place, None)
                self._used(head.place)
        while self._dues and self._dues[0][0] <= now:
            _, place = heapq.heappop(self._dues)
            overdue = self._at.get(place)
            if overdue is not None and not overdue.answered:
                yield self._first(overdue, now)
                overdue.answered = True
                overdue.let_go()
                self._used(place)
        yield from self._follow_ups(now)

    def _is_due(self, waiting: Waiting, now: float) -> bool:
        return waiting.due <= now or _complete(self._decided.get(waiting.place, {}))

    def _first(self, waiting: Waiting, now: float) -> Move:
        """The first answer of a record, and its stop where it waits from then on."""
        place, said = waiting.place, self._decided.get(waiting.place, {})
        cause, reply = self._reply(waiting, said, late=now >= waiting.due)
        if reply.course is Course.STOP:
            hits, whole = _hits_of(said)
            self._put_open(place, Stop(cause, waiting.rail or "", waiting.due, hits, whole).bounded())
            self.states[place] = self._open[place]
            self._touched[place] = None
        elif place != self._queues_head(place):
            self._put_open(place, Stop(cause, ended=True))
            self.states[place] = self._open[place]
        return Move(place, cause, reply, waiting.due, waiting=replace(waiting), decisions=said)

    def _queues_head(self, place: Place) -> Place:
        """Where the oldest record of its partition stands that is not answered; itself, where it is taken
        out."""
        queue = self._queues[place.partition]
        return queue[0].place if queue and queue[0].place < place else place

    def _reply(self, waiting: Waiting, said: Mapping[int, Decided], *, late: bool) -> tuple[Cause, Reply]:
        """By the strictest of its payments' decisions; past the deadline nothing is released."""
        rail, cause = waiting.rail, Cause.UNANSWERED
        if _complete(said):
            cause = max((each.cause for each in said.values()), key=_RANK.__getitem__)
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
        """Of a record that was stopped undecided: its hits can be judged from now on."""
        hits, whole = _hits_of(known)
        cause = max((each.cause for each in known.values()), key=_RANK.__getitem__)
        stop = replace(stop, cause=cause if hits else stop.cause, hits=hits, whole=whole).bounded()
        if cause is Cause.CLEAR and self._policy.releases_late(stop.rail):
            stop = replace(stop, cause=Cause.CLEAR, whole=True)
        self._put_open(place, stop)
        self.states[place] = stop
        self._touched[place] = None
        self._used(place)

    def _follow_ups(self, now: float) -> Iterator[Move]:
        touched, self._touched = self._touched, {}
        for place in touched:
            stop = self._open.get(place)
            if stop is None or stop.ended or (cause := self._lifted(place, stop, now)) is None:
                continue
            reply = self._policy.reply(cause, stop.rail)
            self._end(place)  # before it is handed on: what is written with it says so
            yield Move(place, cause, reply, stop.due, follows=True)
        if (left := self.open - self._most_open) > 0:
            for place in [place for place, stop in self._open.items() if not stop.ended][:left]:
                self.forget(place)

    def _lifted(self, place: Place, stop: Stop, now: float) -> Cause | None:
        """Why a stopped record waits no longer."""
        word = self._judged.word(place)
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

    # how far everything has come

    def payments(self) -> dict[int, int]:
        """Partition -> the first record that is not answered."""
        return {
            partition: queue[0].place.offset if queue else self._next[partition]
            for partition, queue in self._queues.items()
        }

    def decisions(self, positions: Mapping[int, int]) -> dict[int, int]:
        """Partition -> the first decision that an answer may still rest on, given how far they are read."""
        read_to = dict(positions)
        for partition, unused in self._unused.items():
            if unused and partition in read_to:  # they are noted in the order in which they stand
                read_to[partition] = min(next(iter(unused)), read_to[partition])
        return read_to

    def unused(self, partition: int) -> int:
        """Decisions of a partition that wait for their payments."""
        return len(self._unused.get(partition, ()))

    def drop_unseen(self) -> int:
        """Let go of decisions about records that are not there; returns how many."""
        unseen = [place for place in self._decided if place.offset >= self._next.get(place.partition, 0)]
        dropped = sum(len(self._decided[place]) for place in unseen)
        for place in unseen:
            self._used(place)
        return dropped

    @property
    def waiting(self) -> int:
        return len(self._at)

    @property
    def open(self) -> int:
        """Stopped records that wait for a person."""
        return len(self._open) - self._ended

    def oldest_due(self) -> float | None:
        """The deadline that comes first, of those that wait."""
        while self._dues and ((at := self._at.get(self._dues[0][1])) is None or at.answered):
            heapq.heappop(self._dues)
        return self._dues[0][0] if self._dues else None

    # its own books

    def _used(self, place: Place) -> None:
        """Nothing rests on the decisions about a record any more, unless that waits for the rest of them."""
        stop = self._open.get(place)
        known = self._decided.get(place, {})
        if stop is not None and stop.cause is Cause.UNANSWERED and known and not _complete(known):
            return
        for said in self._decided.pop(place, {}).values():
            self._take_unused(said)

    def _take_unused(self, said: Decided) -> None:
        self._unused.get(said.place.partition, {}).pop(said.place.offset, None)

    def _put_open(self, place: Place, stop: Stop) -> None:
        self._unindex(place)
        self._open[place] = stop
        self._ended += stop.ended
        for hit in () if stop.ended else stop.hits:
            for key in _keys(hit):
                self._of_pair.setdefault(key, set()).add(place)

    def _end(self, place: Place) -> None:
        """Answered for good; remembered for as long as a restart would read the record again."""
        if place in self._at:
            self._put_open(place, Stop(self._open[place].cause, ended=True))
            self.states[place] = self._open[place]
        else:
            self._close(place)

    def _close(self, place: Place) -> None:
        self._unindex(place)
        del self._open[place]
        self.states[place] = None

    def _unindex(self, place: Place) -> None:
        stop = self._open.get(place)
        self._ended -= bool(stop and stop.ended)
        for hit in stop.hits if stop else ():
            for key in _keys(hit):
                places = self._of_pair.get(key)
                if places is not None:
                    places.discard(place)
                    if not places:
                        del self._of_pair[key]


def _keys(hit: StoppedHit) -> Iterator[str]:
    for fingerprint in hit.fingerprints:
        yield f"{fingerprint}|{hit.designation_id}"


def _complete(said: Mapping[int, Decided]) -> bool:
    """Whether every payment of the record is decided."""
    first = next(iter(said.values()), None)
    return first is not None and len(said) >= first.count


def _hits_of(said: Mapping[int, Decided]) -> tuple[tuple[StoppedHit, ...], bool]:
    hits = tuple(hit for number in sorted(said) for hit in said[number].hits)
    return hits, _complete(said) and all(each.whole for each in said.values())

"""Replay: a recorded decision taken again with the list as it stood, and compared byte for byte."""

import math
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

import orjson

from screening.cases.dispositions import Disposition, Dispositions, Verdict
from screening.decisions import MATCHER, Decision, Stopped
from screening.judge import decide
from screening.limits import short_id
from screening.payments import Payment, PaymentError
from screening.policy.rules import Policy
from screening.screener import Screener
from streams.errors import NOT_OURS
from streams.kafka.log import READ_ON_KIB, Place, Record, Span, TopicLog
from streams.kafka.options import ClientOptions
from streams.kafka.topics import Topics, partition_of
from streams.lists.log import ListLog
from streams.offline.snapshots import Snapshots
from streams.records.dead_letters import replaced
from streams.records.decisions import whole_decision
from streams.records.json import Origin, decision_to_json
from streams.records.shapes import OFFSETS, DecisionRecord, HitRecord, ListsRecord
from streams.records.stopped import resubmits
from streams.registry.reading import WITHOUT_REGISTRY, PaymentReader

CLOCKS_SECONDS = 60.0
"""How far a worker's clock and a broker's may differ at the most."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A decision as it stands on the topic."""

    raw: bytes
    body: DecisionRecord

    @property
    def list_offset(self) -> int:
        """How far the list was applied when it was taken."""
        return int(self.body["list"][OFFSETS].get("0", 0))

    @property
    def taken_at(self) -> float:
        """When it was taken, by the worker's clock (Unix time)."""
        return datetime.fromisoformat(self.body["screened_at"]).timestamp()

    @property
    def event(self) -> Origin:
        return Origin(**self.body["event"])


@dataclass(frozen=True, slots=True)
class Replayed:
    """A recorded decision and what it comes to now; `differences` is empty when the bytes are equal."""

    recorded: Recorded
    raw: bytes
    differences: tuple[str, ...]

    @property
    def identical(self) -> bool:
        return not self.differences


class PastList:
    """The list as of any offset, going forward only: `history` gives its records in order.

    An offset is one of the topic of its time: `recreated` says when another one of that name was made (Unix
    times, oldest first), whose records follow in `history` with offsets from the beginning.
    """

    def __init__(
        self,
        history: Iterable[Record],
        policy: Policy,
        snapshots: Snapshots | None = None,
        recreated: Sequence[float] = (),
    ) -> None:
        self._recreated = recreated
        self._begin_anew = partial(ListLog, policy, snapshots)
        self.listed = self._begin_anew()
        self.topics_before, self.newest = 0, 0.0
        self._reached = -1
        self._ahead = iter(history)
        self._next: Record | None = next(self._ahead, None)

    def topic_at(self, moment: float) -> int:
        """How many topics of this name there were before that of a moment (Unix time)."""
        return bisect_right(self._recreated, moment)

    def at(self, offset: int, moment: float = math.inf) -> Screener:
        """Applied up to before `offset`, as a worker's list is named, of that moment's topic (Unix time)."""
        topic = self.topic_at(moment)
        while self._next is not None and (self._topic_ahead() < topic or self._is_before(offset, topic)):
            self._apply()
        self.listed.offset = offset
        self.listed.state()
        return self.listed.screener

    def at_time(self, moment: float) -> Screener:
        """As it stood at a moment (Unix time) at the broker."""
        while self._next is not None and self._next.time <= moment:
            self._apply()
        self.listed.state()
        return self.listed.screener

    def lacks(self, recorded: Recorded) -> bool:
        """Whether what was last read of the topic cannot be what a decision was taken with: it was written
        after that, though at an offset below the decision's, or there is nothing at all."""
        if not recorded.list_offset:
            return False
        return self._reached < 0 or self.newest > recorded.taken_at + CLOCKS_SECONDS

    def _topic_ahead(self) -> int:
        """Which topic the next record is of."""
        return self.topics_before + self._goes_back()

    def _goes_back(self) -> bool:
        return self._next is not None and self._next.offset <= self._reached

    def _is_before(self, offset: int, topic: int) -> bool:
        return self._next is not None and self._next.offset < offset and self._topic_ahead() == topic

    def _apply(self) -> None:
        if self._goes_back():
            self.topics_before, self._reached, self.listed = self._topic_ahead(), -1, self._begin_anew()
        if self._next is not None:
            self.listed.read(self._next)
            self._reached, self.newest = self._next.offset, self._next.time
        self._next = next(self._ahead, None)


def find_decisions(
    client: ClientOptions,
    topics: Topics,
    payment_ids: Iterable[str] = (),
    since: float | None = None,
) -> Iterator[Recorded]:
    """Live decisions of these payments, or of all, since a time (Unix time). What is no decision is passed
    over."""
    wanted = {payment_id.encode(errors="replace") for payment_id in payment_ids}
    with TopicLog(client, topics.decisions, read_ahead_kib=READ_ON_KIB) as log:
        spans = log.spans(since)
        for record in _of_keys(log, spans, wanted) if wanted else log.read_all(spans):
            with suppress(ValueError):
                body = whole_decision(record.value)
                if record.value and body.get("trigger") == "payment" and "event" in body:
                    yield Recorded(record.value, body)


def _of_keys(log: TopicLog, spans: Sequence[Span], keys: Collection[bytes]) -> Iterator[Record]:
    """Their records: in the partition that a worker writes a key to, then, for a topic that was given more
    partitions since, of those that are not there in all of them."""
    partitions, found = [span.partition for span in spans], set[bytes]()
    for span in spans:
        own = {key for key in keys if partition_of(key, partitions) == span.partition}
        for record in log.read_keys(span, own) if own else ():
            found.add(record.key)
            yield record
    if elsewhere := set(keys) - found:
        for span in spans:
            yield from log.read_keys(span, elsewhere)


def replay(
    client: ClientOptions,
    topics: Topics,
    past: PastList,
    decisions: Iterable[Recorded],
    policies: Mapping[str, Policy] | None = None,
    read: PaymentReader = WITHOUT_REGISTRY,
) -> Iterator[Replayed]:
    """Every decision again, in the order of the list offsets they were taken at. Raises BrokerError.

    `policies`, by hash, are those of the past: a decision is taken with the one it names, and with that of
    the list where it names none of them.
    """
    in_order = sorted(decisions, key=lambda one: (past.topic_at(one.taken_at), one.list_offset))
    messages = _messages(client, topics, in_order)
    views: dict[tuple[int, str], Screener] = {}
    for recorded in in_order:
        screener = past.at(recorded.list_offset, recorded.taken_at)
        sha256, topic = recorded.body.get("policy", ""), past.topics_before
        view = screener
        if then := (policies or {}).get(sha256):
            view = views.setdefault((topic, sha256), screener.under(then))
        view.lists = screener.lists
        yield _explained(_replayed(recorded, messages, view, read), past.lacks(recorded), topics)


def replay_at(
    client: ClientOptions,
    topics: Topics,
    past: PastList,
    decisions: Iterable[Recorded],
    read: PaymentReader = WITHOUT_REGISTRY,
) -> Iterator[Replayed]:
    """Every decision with the list of one other moment. Raises BrokerError."""
    decisions = list(decisions)
    messages = _messages(client, topics, decisions)
    for recorded in decisions:
        yield _replayed(recorded, messages, past.listed.screener, read)


def _explained(replayed: Replayed, lacks_list: bool, topics: Topics) -> Replayed:
    """With what became of the list of then, and what is left to do, where it cannot be rebuilt."""
    if replayed.identical or not lacks_list:
        return replayed
    gone = (
        f"{topics.designations} was recreated since, and {topics.history} has no copy of what it held "
        "(`interdict lookback --follow` keeps one): decide the payment again with the list's file, "
        "`interdict screen --list`"
    )
    return replace(replayed, differences=(*replayed.differences, gone))


def _messages(client: ClientOptions, topics: Topics, decisions: Iterable[Recorded]) -> Mapping[Place, Record]:
    """The payment events of decisions."""
    with TopicLog(client, topics.payments) as log:
        return log.read_places(Place(one.event.partition, one.event.offset) for one in decisions)


def _replayed(
    recorded: Recorded, messages: Mapping[Place, Record], screener: Screener, read: PaymentReader
) -> Replayed:
    at = recorded.event
    message = messages.get(Place(at.partition, at.offset))
    if message is None:
        gone = f"event: {at.topic}-{at.partition}@{at.offset} is past its retention"
        return Replayed(recorded, b"", (gone,))
    try:
        return compare(recorded, redecide(recorded, message, screener, read))
    except NOT_OURS as error:  # it resembles a decision, and no worker wrote it
        return Replayed(recorded, b"", (f"record: it lacks what a decision has, or it is wrong: {error!r}",))


def redecide(
    recorded: Recorded, message: Record, screener: Screener, read: PaymentReader = WITHOUT_REGISTRY
) -> bytes:
    """The decision's bytes with the recorded clock and dispositions, everything else taken anew."""
    body = recorded.body
    screened_at = datetime.fromisoformat(body["screened_at"])
    decision = _decision(body, message, screener, screened_at, read)
    more = replaced(message.headers.items())
    return decision_to_json(decision, screened_at, body["latency_ms"], recorded.event, **more)


def compare(recorded: Recorded, raw: bytes) -> Replayed:
    """Byte for byte; where they differ, by which of list, policy and code."""
    if raw == recorded.raw:
        return Replayed(recorded, raw, ())
    then, now = recorded.body, orjson.loads(raw)
    differences = []
    if then["list"] != now["list"]:
        differences.append(f"list: {_named(then['list'])} then, {_named(now['list'])} rebuilt")
    if then["policy"] != now["policy"]:
        differences.append(f"policy: {then['policy'][:12]} then, {now['policy'][:12]} now")
    if then["matcher"] != MATCHER:
        differences.append(f"matcher: {then['matcher']} then, {MATCHER} now")
    if then["outcome"] != now["outcome"]:
        differences.append(f"outcome: {then['outcome']} then, {now['outcome']} now")
    if differences:
        differences += _of_hits(then, now)
    else:
        fields = [name for name in then.keys() | now.keys() if then.get(name) != now.get(name)]
        differences.append(f"code: same list, policy and matcher version, but other {', '.join(fields)}")
    return Replayed(recorded, raw, tuple(differences))


def _of_hits(then: DecisionRecord, now: DecisionRecord) -> Iterator[str]:
    """The designations that one of them hits and the other does not: under another matcher no two decisions
    have equal bytes, and what it would have held or let go is what an examiner asks."""
    before, after = ({hit["designation"]["id"] for hit in one["hits"]} for one in (then, now))
    changes = [f"no more {listed}" for listed in sorted(before - after)]
    changes += [f"{listed} new" for listed in sorted(after - before)]
    if changes:
        yield f"hits: {', '.join(changes)}"


def _decision(
    body: DecisionRecord, message: Record, screener: Screener, at: datetime, read: PaymentReader
) -> Decision:
    payment_id, mappings = str(body["payment_id"]), screener.policy.mappings
    try:
        for payment in read(message.value, message.headers, mappings):
            if short_id(payment.id) == payment_id:
                return decide(payment, screener, RecordedStops(body), _dispositions(body), at)
    except PaymentError as error:
        return screener.refuse(payment_id, str(error), message.value)
    return screener.refuse(payment_id, "the event holds no payment of this id")


class RecordedStops:
    """The stopped payments that a decision says its payment resubmits: the memory of then is gone."""

    def __init__(self, body: DecisionRecord) -> None:
        self._stopped = resubmits(body)

    def like(self, payment: Payment, now: datetime) -> Iterable[Stopped]:
        del payment, now
        return self._stopped


def _dispositions(body: DecisionRecord) -> Dispositions:
    """The dispositions that the decision says were in force: their topic keeps only the newest."""
    known = Dispositions()
    for held in body.get("suppressed", ()):
        if given := held.get("disposition"):
            until = datetime.fromisoformat(given["until"])
            known.put(_disposition(held, Verdict.FALSE_POSITIVE, given["by"], given["reason"], until))
    for hit in body["hits"]:
        if by := hit.get("confirmed_by"):
            ever = datetime.max.replace(tzinfo=UTC)
            known.put(_disposition(hit, Verdict.TRUE_POSITIVE, by, "as recorded", ever))
    return known


def _disposition(hit: HitRecord, verdict: Verdict, by: str, reason: str, until: datetime) -> Disposition:
    return Disposition(
        fingerprint=hit["fingerprint"],
        designation_id=hit["designation"]["id"],
        designation_fingerprint=hit["designation"]["fingerprint"],
        verdict=verdict,
        by=by,
        reason=reason,
        until=until,
    )


def _named(lists: ListsRecord) -> str:
    """Versions, and up to which offset of the list topic: at another one the same list is another record."""
    versions = [
        f"{name} {at['version']} ({at['entries']} entries, {at['sha256'][:12]})"
        for name, at in lists.items()
        if name != OFFSETS
    ]
    at = ", ".join(f"{offset}" for offset in lists[OFFSETS].values())
    return (", ".join(versions) or "no list") + (f" at offset {at}" if at else "")

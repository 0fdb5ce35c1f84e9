"""Screens customers: those that changed, those whom a changed designation may concern, and all of them.

The shelves hold what is to be done; the desk takes it in slices, between which the event loop runs. A
customer is always decided against the whole present list, so its newest record is its present state and older
ones do not count. A partition is proved when nothing waits on its shelf, it is read to its end, and the list
is up to date, with the same proof of freshness as a worker's.

At least once: a proof is written after every earlier alert is acknowledged. A service that takes a partition
over screens what its last proof does not cover, finds the same, and publishes only what was not published.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import NamedTuple

import orjson

from screening.cases.dispositions import Dispositions
from screening.customers.ruling import rule
from screening.decisions import MATCHER, Decision, Outcome
from streams.customers.metrics import CustomerMetrics
from streams.customers.shelf import Shelf, Trigger
from streams.customers.standings import CLEAR, Standing, Standings, changes, standing_of
from streams.kafka.clock import CLOCKS_APART_SECONDS
from streams.kafka.topics import Topics
from streams.records.customers import Proof, customer_alert, proof_to_json
from streams.records.json import CONTENT_TYPE, Origin
from streams.records.shapes.customers import CustomerAlertRecord
from streams.worker.barrier import Barrier
from streams.worker.delivery import Outbox
from streams.worker.replicas.designations import Replica
from streams.worker.replicas.table import EntryChange

log = logging.getLogger(__name__)

SLICE_SECONDS = 0.02
"""Customers are screened for this long before the event loop gets its turn."""
PROOF_SECONDS = 2.0
"""How long a proof waits for the broker to say where the list ends, before other work has its turn."""
CHANGES_A_SLICE = 8
"""Designations that ask the inverted index together."""
TURNED_COSTS, ONE_MORE_FOR = 4, 25_000
"""Looking for one designation's customers takes as long as ruling so many, and one more for so many in the
book: where more changed than this pays for, all are ruled instead. `benchmarks/customers.py` measured 1 to 2
with 3,000 customers, 6 to 8 with 100,000 and 40 with a million."""


class Written(NamedTuple):
    """The place of a list record, and when the broker accepted it (ms of Unix time; 0: not known).

    On a recreated topic another record may be at the same offset.
    """

    offset: int
    came_ms: float


NEVER_WRITTEN = Written(-1, 0)


class CustomerDesk:
    """Screens what waits on the shelves, a slice with each `advance`."""

    def __init__(
        self,
        replica: Replica,
        barrier: Barrier,
        outbox: Outbox,
        topics: Topics,
        metrics: CustomerMetrics,
        standings: Standings,
        dispositions: Dispositions,
        worker: str,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.shelves: dict[int, Shelf] = {}
        self._replica = replica
        self._barrier = barrier
        self._outbox = outbox
        self._topics = topics
        self._metrics = metrics
        self._standings = standings
        self._dispositions = dispositions
        self._worker = worker
        self._clock = clock
        self._screener = replica.screener
        self._written: dict[str, Written] = {}
        """The last record of each designation, and of each company that it moved."""
        self._pending: dict[str, float] = {}
        """Designations whose effect is under way, and when the broker took them (Unix time)."""

    def designation_changed(self, change: EntryChange) -> None:
        """Called by the list replica for every entry that it applies, also while it loads."""
        written = Written(change.offset, change.came_ms)
        changed = [each for each in change.moved if written > self._written.get(each, NEVER_WRITTEN)]
        if change.offset >= 0 and written != self._written.get(change.key):
            changed.append(change.key)  # at a lower offset, or the same, where the topic was recreated
        for key in changed:
            self._written[key] = written
            for shelf in self.shelves.values():
                shelf.changed.add(key)
        if change.came_ms and self._replica.screener is self._screener:
            self._pending[change.key] = change.came_ms / 1000

    def take(self, shelf: Shelf) -> None:
        """This service has a partition from now on."""
        self.shelves[shelf.partition] = shelf

    def loaded(self, shelf: Shelf) -> None:
        """The shelf holds the whole partition: queue what its last proof does not cover."""
        shelf.loaded = True
        proof, now = shelf.proof, self._clock()
        if proof is None or not self._is_of_these(proof, shelf):
            shelf.begin_pass(now, checks=False)
            return
        shelf.wholly_at = proof.wholly_at
        since = Written(proof.lists.applied_to, (proof.screened_at.timestamp() - CLOCKS_APART_SECONDS) * 1000)
        shelf.changed |= {
            key
            for key, (offset, came_ms) in self._written.items()
            if offset >= since.offset or came_ms > since.came_ms
        }
        self._look_at_standings(shelf)

    def _is_of_these(self, proof: Proof, shelf: Shelf) -> bool:
        """Whether the proof is about this policy and matcher, and about topics that were not recreated
        since."""
        screener = self._replica.screener
        decided_by = (proof.policy, proof.matcher) == (screener.policy_sha256, MATCHER)
        read_to = proof.offset <= shelf.offset and proof.lists.applied_to <= screener.lists.applied_to
        return decided_by and read_to

    def disposition_changed(self, pair: str) -> None:
        """A disposition came or was withdrawn: `fingerprint|designation`."""
        fingerprint, _, designation = pair.partition("|")
        for customer_id in self._standings.on(designation):
            if (fingerprint, designation) in self._standings.of(customer_id).pairs():
                self.wait_for(Trigger.DISPOSITION, customer_id)

    def proof_gone(self, partition: int) -> None:
        """The partition's proof is no longer on the topic: another is written."""
        if shelf := self.shelves.get(partition):
            shelf.proof = None

    def wait_for(self, trigger: Trigger, customer_id: str) -> None:
        for shelf in self.shelves.values():
            shelf.wait_for(trigger, (customer_id,))

    async def advance(self) -> bool:
        """Do one slice of work on every shelf; returns whether there was any. The list must be complete."""
        if self._replica.screener is not self._screener:  # it was read anew
            self._screener = self._replica.screener
            for shelf in self.shelves.values():
                self._look_at_standings(shelf)
        now = self._clock()
        for customer_id in self._standings.ended(now):
            self.wait_for(Trigger.DISPOSITION, customer_id)
        busy = False
        for shelf in [*self.shelves.values()]:
            if shelf.loaded and self._replica.complete.is_set():
                busy |= await self._advance(shelf, now)
        if not busy and self._pending:
            self._effective()
        return busy

    async def _advance(self, shelf: Shelf, now: datetime) -> bool:
        if shelf.changed:
            self._find(shelf)
        if _is_another_day(shelf.wholly_at, now) and shelf.pass_began is None:
            shelf.begin_pass(now, checks=True)
        records = self._screen(shelf, now)
        for customer_id, record in records:
            key = customer_id.encode(errors="surrogateescape")
            self._outbox.send(self._topics.customer_alerts, key, orjson.dumps(record), [CONTENT_TYPE])
        if records:
            await self._outbox.delivered()
            for customer_id, record in records:
                self._standings.put(customer_id, standing_of(record))
            self._metrics.published(record["changes"] for _, record in records)
        shelf.end_pass()
        if shelf.idle:
            await self._prove(shelf)
        return not shelf.idle

    def _find(self, shelf: Shelf) -> None:
        """Queue the customers whom the changed designations may concern."""
        each = TURNED_COSTS + len(shelf.book) / ONE_MORE_FOR
        if len(shelf.changed) * each > len(shelf.book):
            shelf.wait(Trigger.LIST, shelf.book.numbers)
            shelf.changed.clear()
            return
        ends = time.monotonic() + SLICE_SECONDS
        while shelf.changed and time.monotonic() < ends:
            some = [shelf.changed.pop() for _ in range(min(CHANGES_A_SLICE, len(shelf.changed)))]
            shelf.wait(Trigger.LIST, shelf.book.candidates(self._screener, some))
            for designation in self._screener.touched_by(some):
                shelf.wait_for(Trigger.LIST, self._standings.on(designation))

    def _screen(self, shelf: Shelf, now: datetime) -> list[tuple[str, CustomerAlertRecord]]:
        """Screen customers for a slice of time; returns the records of those whose state differs from the
        published one."""
        records = [self._take_out(key, event, now) for key, event in shelf.gone.items()]
        shelf.gone.clear()
        ends = time.monotonic() + SLICE_SECONDS
        while found := shelf.next():
            trigger, number = found
            record = self._rule(shelf, trigger, number, now)
            if record is not None:
                records.append(record)
            if time.monotonic() > ends:
                break
        return [each for each in records if each]

    def _rule(
        self, shelf: Shelf, trigger: Trigger, number: int, now: datetime
    ) -> tuple[str, CustomerAlertRecord] | None:
        customer = shelf.book.customer(number)
        event = shelf.origins.pop(number, None)
        began = time.perf_counter()
        decision = rule(customer, self._screener, self._dispositions, now, trigger)
        self._metrics.screened(trigger, decision.outcome, time.perf_counter() - began)
        before = self._standings.of(customer.id)
        if not (decision.hits or decision.suppressed or decision.error or before):
            return None
        record = customer_alert(decision, customer, now, event)
        changed = self._changed(record, before, trigger)
        if changed and trigger is Trigger.WHOLE and shelf.pass_checks:
            self._report_missed(record)
        return (customer.id, record) if changed else None

    def _report_missed(self, record: CustomerAlertRecord) -> None:
        missed = sum(each["what"] == "raised" for each in record["changes"])
        if missed:
            self._metrics.missed(missed)
            log.error(
                "customer %s: only the day's whole pass found %d of its hits", record["customer_id"], missed
            )

    def _take_out(
        self, customer_id: str, event: Origin | None, now: datetime
    ) -> tuple[str, CustomerAlertRecord] | None:
        before = self._standings.of(customer_id)
        if not before:
            return None
        gone = Decision(
            payment_id=customer_id,
            content="",
            outcome=Outcome.CLEAR,
            hits=(),
            lists=self._screener.lists,
            policy=self._screener.policy_sha256,
            trigger=Trigger.CUSTOMER,
        )
        record = customer_alert(gone, None, now, event)
        record["changes"] = [*changes(before, CLEAR, lambda _: True, "customer_deleted")]
        return customer_id, record

    def _changed(self, record: CustomerAlertRecord, before: Standing, trigger: Trigger) -> bool:
        """Fill in what the record changes; returns whether it changes anything."""
        after = standing_of(record)
        if after == before:
            return False
        why = "customer_changed" if trigger is Trigger.CUSTOMER else "no_hit"
        record["changes"] = [*changes(before, after, lambda key: self._screener.get(key) is not None, why)]
        return True

    def _look_at_standings(self, shelf: Shelf) -> None:
        """Queue customers whose designation is no longer listed, or who could not be screened."""
        for designation in self._standings.designations():
            if self._screener.get(designation) is None:
                shelf.wait_for(Trigger.LIST, self._standings.on(designation))
        shelf.wait_for(Trigger.LIST, self._standings.errors())

    async def _prove(self, shelf: Shelf) -> None:
        """Write what the shelf was screened with, unless that is written already."""
        if shelf.still_proved(self._proof(shelf)):
            return
        read_to = self._screener.lists.applied_to
        try:
            async with asyncio.timeout(PROOF_SECONDS):
                end = await self._barrier.list_end()
                self._replica.ends_before(end, read_to)
                await self._replica.reached(end)
        except TimeoutError:
            return  # without the proof that the list is the newest; what changes meanwhile is not held up
        read_anew = self._replica.screener is not self._screener
        if read_anew or not shelf.idle or self.shelves.get(shelf.partition) is not shelf:
            return
        proof = self._proof(shelf)
        key = str(shelf.partition).encode()
        self._outbox.send(self._topics.customer_proofs, key, proof_to_json(proof), [CONTENT_TYPE])
        await self._outbox.delivered()
        shelf.proof = proof
        self._metrics.proved(proof)

    def _proof(self, shelf: Shelf) -> Proof:
        errors = [each for each in self._standings.errors() if shelf.book.number_of(each) is not None]
        return Proof(
            partition=shelf.partition,
            offset=shelf.offset,
            customers=len(shelf.book),
            sha256=shelf.book.sha256,
            lists=self._screener.lists,
            policy=self._screener.policy_sha256,
            matcher=MATCHER,
            screened_at=self._clock(),
            wholly_at=shelf.wholly_at,
            unscreened=len({*shelf.book.unreadable, *errors}),
            worker=self._worker,
        )

    def _effective(self) -> None:
        """Called when every alert that these changes lead to is acknowledged."""
        now = time.time()
        for taken_at in self._pending.values():
            self._metrics.effective(max(0.0, now - taken_at))
        self._pending.clear()

    def status(self) -> Mapping[str, object]:
        """What `/status.json` shows of each partition."""
        return {
            str(shelf.partition): {
                "customers": len(shelf.book),
                "offset": shelf.offset,
                "loaded": shelf.loaded,
                "waiting": shelf.count_waiting,
                "screened_at": shelf.proof.screened_at.isoformat() if shelf.proof else None,
                "wholly_at": shelf.wholly_at.isoformat() if shelf.proof else None,
            }
            for shelf in self.shelves.values()
        }


def _is_another_day(then: datetime, now: datetime) -> bool:
    """Article 5d of Regulation (EU) No 260/2012: "at least once every calendar day"; days of UTC."""
    return _day(then) != _day(now)


def _day(at: datetime) -> date:
    return at.astimezone(UTC).date() if at.year > 1 else date.min

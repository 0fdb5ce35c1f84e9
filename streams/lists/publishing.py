"""Publishing a list: the difference between a file and the topic, in one transaction between two markers.

The topic is the only state. A publisher claims the topic, reads it to its end, and refuses there what must
not be published. Then it sends `begin`, the entries that differ, `commit` and the names of all lists ever in
force in one Kafka transaction: every reader sees all of it or nothing. Finally it reads the topic again and
checks that it holds the file.

The claim is Kafka's own fencing. All publishers of a topic share a transactional id. Claiming it aborts
whatever another publisher had not committed, and the brokers refuse every later record of that publisher,
even of one that was stopped in the middle of a send and wakes up after a week. So nothing that was checked
after the claim can have changed when the transaction is committed. See docs/list-publication.md.
"""

import asyncio
import logging
import random
import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from screening.designations import Designation
from screening.ledger import ListDigest, Marker, MarkerType
from screening.lists import ListError
from screening.lists.dates import moment
from screening.policy.embargoes import SOURCE as EMBARGO
from streams.kafka.options import ClientOptions
from streams.lists.claimed_log import MOST_SENT_BYTES, ClaimedLog, PublicationConflictError, Sending
from streams.lists.losses import loss
from streams.records.designations import is_marker
from streams.records.json import designation_to_json
from streams.records.shapes import OFFSETS, PublicationRecord

log = logging.getLogger(__name__)

MAX_SHRINK = 0.10
"""A list that loses more than this share at once is more likely truncated than amended."""
ATTEMPTS = 5
"""How often a claim is made anew that the publisher of another list has taken."""
SPREAD_SECONDS = 0.2
"""A claim is made anew after a random wait of up to this, then of up to twice as long each time: publishers
that begin at the same moment would else take it from each other, again and again."""

AHEAD = timedelta(days=2)
"""A file may be dated so far ahead of our clock: lists are dated in all zones, and often for the next day."""
MOST_ENTRY_BYTES = MOST_SENT_BYTES - 4096
"""Of one record, whose key and headers count as well."""

OnSent = Callable[[int, int], None]
"""Called with records sent so far and records to send."""


@dataclass(frozen=True, slots=True)
class Published:
    """What a publication did; all zero for a list that was there already."""

    list_name: str
    version: str
    entries: int
    sha256: str
    added: int = 0
    amended: int = 0
    removed: int = 0
    committed: bool = False
    """False: the topic held exactly this, and nothing was sent."""
    changes: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """("added" | "amended" | "removed", designation id) for every difference."""
    repaired: str = ""
    """Why the list could not be relied on before."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What must be sent so that the topic holds the file."""

    added: Mapping[str, bytes]
    amended: Mapping[str, bytes]
    removed: tuple[str, ...]

    @classmethod
    def between(cls, wanted: Mapping[str, bytes], held: Mapping[str, bytes]) -> "Difference":
        return cls(
            added={key: value for key, value in wanted.items() if key not in held},
            amended={key: value for key, value in wanted.items() if held.get(key, value) != value},
            removed=tuple(key for key in held if key not in wanted),
        )

    def records(self) -> Iterable[tuple[str, bytes | None]]:
        """Additions first, delistings last: a reader that sees only part of it stops too much rather than too
        little."""
        yield from self.added.items()
        yield from self.amended.items()
        for key in self.removed:
            yield key, None

    def changes(self) -> Iterator[tuple[str, str]]:
        for what, ids in (("added", self.added), ("amended", self.amended), ("removed", self.removed)):
            yield from ((what, designation_id) for designation_id in ids)

    def __len__(self) -> int:
        return len(self.added) + len(self.amended) + len(self.removed)


@dataclass(frozen=True, slots=True)
class Edition:
    """One state of a list, ready to be sent: its entries by key, and what the file says about itself."""

    list_name: str
    entries: Mapping[str, bytes]
    digest: ListDigest
    source_date: str = ""
    source_sha256: str = ""

    @property
    def version(self) -> str:
        return "-".join(filter(None, (self.source_date, self.digest.sha256[:12])))

    def marker(self, publication: str, held: Marker | None = None) -> PublicationRecord:
        """A file without a date keeps that of the list in force: an older one is still older behind it."""
        return {
            "list": self.list_name,
            "version": self.version,
            "count": self.digest.count,
            "sha256": self.digest.sha256,
            "run": publication,
            "source_date": self.source_date or (held.source_date if held else ""),
            "source_sha256": self.source_sha256,
        }


async def publish(
    client: ClientOptions,
    designations: Iterable[Designation],
    *,
    list_name: str,
    topic: str,
    source_date: str = "",
    source_sha256: str = "",
    max_shrink: float = MAX_SHRINK,
    dry_run: bool = False,
    progress: OnSent | None = None,
) -> Published:
    """Bring one list on the topic to the state of `designations`; `client` are aiokafka's options.

    Raises ListError for what must not be published and PublicationConflictError when another publication of
    the list took over; in both cases nothing of this one is in force.
    """
    edition = _edition(designations, list_name, source_date, source_sha256)
    async with ClaimedLog(client, topic, list_name) as log:
        await log.refresh()
        outcome = _compared(edition, log, max_shrink)
        if dry_run or not outcome.committed:
            return outcome
        outcome, last = await _send_under_claim(edition, log, outcome, max_shrink, progress)
        if last is not None:
            await _prove(log, edition, last)
    return outcome


async def _send_under_claim(
    edition: Edition, log: ClaimedLog, outcome: Published, max_shrink: float, progress: OnSent | None
) -> tuple[Published, int | None]:
    """Returns what was published and its last offset; None for the offset if somebody else had published the
    same.

    Raises ListError and PublicationConflictError as `publish` does.
    """
    before, last = log.seen, -1
    for attempt in range(ATTEMPTS):
        if attempt:
            await asyncio.sleep(random.uniform(0.0, SPREAD_SECONDS * 2 ** (attempt - 1)))  # noqa: S311
        if not await log.claim():
            continue
        if log.seen != before:
            found, before = _compared(edition, log, max_shrink), log.seen
            if not found.committed:
                # a claim ends what was under way: a commit that seemed lost was done
                return (found, None) if last < 0 else (outcome, last)
            outcome = found
        sending = await _send(log, edition, progress)
        last = sending.last
        if not sending.lost:
            return outcome, last
        # the claim is lost: to another list, and this one stands as it was checked; or else
        await log.refresh()
        if _stands(edition, log):
            return outcome, last  # the commit's answer was lost, or somebody else published the same file
        if log.seen != before:
            raise PublicationConflictError(
                f"list {edition.list_name}: another publication took over and its file is in force; nothing "
                "of this one is. Publish again if yours is the newer file"
            )
    raise PublicationConflictError(
        f"list {edition.list_name}: {ATTEMPTS} times another publication took over; publish again later"
    )


def _compared(edition: Edition, log: ClaimedLog, max_shrink: float) -> Published:
    """What publishing would change on the topic as it was read. Raises ListError."""
    held, commit = log.entries, log.commit
    difference = Difference.between(edition.entries, held)
    _refuse(edition, difference, held, commit, max_shrink)
    return Published(
        edition.list_name,
        edition.version,
        edition.digest.count,
        edition.digest.sha256,
        added=len(difference.added),
        amended=len(difference.amended),
        removed=len(difference.removed),
        committed=not _stands(edition, log),
        changes=tuple(difference.changes()),
        repaired=log.ledger.in_doubt(edition.list_name) if commit else "",
    )


def _stands(edition: Edition, log: ClaimedLog) -> bool:
    """Whether this edition is provably in force on the topic as it was read."""
    commit = log.commit
    same = log.entries == edition.entries and commit is not None and commit.version == edition.version
    return same and not log.ledger.in_doubt(edition.list_name)


async def _send(log: ClaimedLog, edition: Edition, progress: OnSent | None) -> Sending:
    """Send the whole publication as one transaction; `lost` if another publisher holds the claim now."""
    difference = Difference.between(edition.entries, log.entries)
    publication = uuid.uuid4().hex
    marker = edition.marker(publication, log.commit)
    async with log.publication(publication) as sending:
        await sending.mark(MarkerType.BEGIN, marker)
        for sent, (key, value) in enumerate(difference.records(), 1):
            await sending.send(key, value)
            if progress:
                progress(sent, len(difference))
        await sending.mark(MarkerType.COMMIT, marker)
        await sending.register(log.ledger.required() | {edition.list_name})
    return sending


async def _prove(log: ClaimedLog, edition: Edition, last: int) -> None:
    """Check that the topic holds the file, for every reader that looks now. Raises PublicationConflictError.

    `last` is the offset of the last record that was sent.
    """
    await log.refresh_past(last)
    if log.entries != edition.entries or log.ledger.problem(edition.list_name):
        raise PublicationConflictError(
            f"list {edition.list_name}: was published and is not what the topic holds now; somebody else "
            "writes to it. Publish again"
        )


def _edition(
    designations: Iterable[Designation], list_name: str, source_date: str, source_sha256: str
) -> Edition:
    check_name(list_name)
    entries: dict[str, bytes] = {}
    digest = ListDigest()
    for designation in designations:
        if designation.source != list_name:
            raise ListError(f"{designation.id} does not belong to list {list_name}")
        if is_marker(designation.id):
            raise ListError(f"{designation.id} is the key of a marker; the entry needs another uid")
        if designation.id in entries:
            raise ListError(f"{designation.id} stands twice in the file; each entry needs an id of its own")
        value = designation_to_json(designation)
        if len(value) > MOST_ENTRY_BYTES:
            raise ListError(
                f"{designation.id} takes {len(value):,} bytes with its {len(designation.names):,} names, and "
                f"an entry may take {MOST_ENTRY_BYTES:,}; correct the file, or split the entry"
            )
        entries[designation.id] = value
        digest.add(designation.id.encode(), value)
    return Edition(list_name, entries, digest, source_date, source_sha256)


def check_name(list_name: str) -> None:
    """Raises ListError for a list name that cannot be used: a colon ends it in an id, a comma in a setting,
    and `embargo` and `offsets` have a meaning of their own in decisions."""
    if (
        list_name in (EMBARGO, OFFSETS)
        or not list_name.isprintable()
        or re.search(r"[:,]|^\s|\s$|^$", list_name)
    ):
        raise ListError(
            f"{list_name!r} cannot be a list's name: it needs one without colon, comma and blanks around it; "
            f"{EMBARGO!r} is the policy's own, and {OFFSETS!r} stands beside the lists in a decision"
        )


def _refuse(
    edition: Edition,
    difference: Difference,
    held: Mapping[str, bytes],
    commit: Marker | None,
    max_shrink: float,
) -> None:
    list_name = edition.list_name
    if not edition.entries:
        raise ListError(f"list {list_name}: the file has no entries; an empty list would clear everybody")
    # what was committed counts, too: entries deleted by somebody else must not hide that a file is cut
    of = max(len(held), commit.count if commit else 0)
    gone = max(len(difference.removed), of - len(edition.entries))
    if gone > max_shrink * of:
        raise ListError(
            f"list {list_name}: {gone} of {of} entries would go "
            f"({gone / of:.0%}, at most {max_shrink:.0%}); if that is right, say so with --max-shrink"
        )
    if lost := loss(held, edition.entries, max_shrink):
        raise ListError(f"list {list_name}: {lost}; if that is right, say so with --max-shrink")
    _refuse_older(edition, commit.source_date if commit else "", datetime.now(UTC))


def _refuse_older(edition: Edition, held_date: str, now: datetime) -> None:
    """Raises ListError for a file that is older than the list in force, by the dates that both give
    themselves.

    A date that is yet to come, or that cannot be read, says nothing: once in force, it would refuse every
    later file of the list.
    """
    coming, held = moment(edition.source_date), moment(held_date)
    if coming and coming > now + AHEAD:
        log.warning(
            "list %s: the file is of %s, a day that is yet to come; whether it is older than the list "
            "in force (of %s) is not checked",
            *(edition.list_name, edition.source_date, held_date or "no date"),
        )
    elif coming and held and coming < held <= now + AHEAD:
        raise ListError(
            f"list {edition.list_name}: the file is of {edition.source_date}, "
            f"the list in force of {held_date}"
        )

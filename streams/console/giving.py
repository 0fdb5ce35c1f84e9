"""The disposition form: checked, made of what the topics say, and sent as `interdict dispositions add` does.

Who gives it is whose token it carries. A browser sends a bearer token only where a page of ours puts it,
never by itself as it does a password or a cookie, so no other page can give one in somebody's name.

Where four eyes are asked for, what would release more is a proposal until another approves: a false positive,
a true one that ends sooner, and the withdrawal of one. What stands stays in force until then.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, cast
from weakref import WeakValueDictionary

import orjson
from aiohttp import hdrs, web

from screening.cases.dispositions import (
    Disposition,
    Dispositions,
    Proposal,
    Proposed,
    SuppressionRules,
    Verdict,
    mark_of,
)
from screening.cases.people import same_person
from streams.console.case_desk import MOST_RECORDS, CaseDesk, Kind, offsets_from_text
from streams.console.disposing import (
    OUTDATED,
    OVERLOOKED,
    disposition_of,
    is_outdated,
    send,
    settle_overtaken,
)
from streams.console.open_hits import LONGEST_PAIR
from streams.console.reading.words import searchable
from streams.console.routes import answered
from streams.console.server import Handler, json_answer, same_token, token_of
from streams.console.work import WorkList
from streams.kafka.options import ClientOptions
from streams.records.dispositions import (
    KeyedRecord,
    approving,
    giving,
    overlooked,
    pair_of,
    pair_of_key,
    proposing,
    take,
    withdrawing,
)
from streams.records.json import disposition_to_json
from streams.records.shapes import HitRecord

MOST_BYTES = 16 << 10
LONGEST_REASON = 4_000
LONGEST_ID = 400
MOST_LOOKS = 50
"""So often a part of the dispositions is searched for what stands of a pair."""
UNREADABLE = "no JSON object"

Asked = Mapping[str, object]
"""What a page sends, of which every field is checked before it is used."""


class RefusedError(Exception):
    """The disposition is not given; the text says why."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


@dataclass(frozen=True, slots=True)
class Giving:
    """What the form needs: `writers` (token -> name), librdkafka's options, the topic, the rules."""

    desk: CaseDesk
    work: WorkList
    writers: Mapping[str, str]
    client: ClientOptions
    topic: str
    rules: SuppressionRules
    turns: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)
    """By pair: of two who decide at once, the second is told of the first."""

    def pages(self) -> Mapping[str, Handler]:
        """Path -> what answers POST there."""
        return {"/desk/dispositions": answered(self._answer)}

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        try:
            name = self._writer(request)
            asked = await _body(request)
            of_pair = next((each for each in ("approve", "withdraw") if each in asked), None)
            hit = None if of_pair else await self._hit(asked)
            key = pair_of(hit) if hit else _text(asked, str(of_pair), LONGEST_PAIR)
            async with self.turns.setdefault(key, asyncio.Lock()):
                given = await self._given(name, asked, key, hit)
                await asyncio.to_thread(send, self.client, self.topic, given.records)
                if not given.waits:
                    await self._check_counts(key, given)
        except RefusedError as refused:
            return json_answer({"error": str(refused)}, refused.status)
        self.work.forget()
        said = orjson.loads(disposition_to_json(given.disposition)) if given.disposition else None
        return json_answer({"disposition": said, "waits": given.waits})

    async def _given(self, name: str, asked: Asked, key: str, hit: HitRecord | None) -> "_Given":
        if hit is not None:
            return await self._decided(name, asked, hit)
        return await (self._approved if "approve" in asked else self._withdrawn)(name, asked, key)

    async def _check_counts(self, key: str, given: "_Given") -> None:
        """Of two who decide at once, each on another console, the second had not seen the first. Raises
        RefusedError where what the first gave stays in force, once it is in its place again."""
        known = (await self._pair(key)).known
        if overlooked(known, key, given.disposition):
            await asyncio.to_thread(settle_overtaken, self.client, self.topic, known, key, given.approved)
            self.work.forget()
            raise RefusedError(409, OVERLOOKED)

    def _writer(self, request: web.Request) -> str:
        """Whose token the request carries. Raises RefusedError."""
        scheme = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")[0].lower()
        token = token_of(request) if scheme == "bearer" else None
        name = next((name for known, name in self.writers.items() if same_token(token, known)), None)
        if name is None:
            raise RefusedError(
                403, "this token may give no disposition; INTERDICT_WEB_WRITERS says whose may"
            )
        if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
            raise RefusedError(403, "a disposition is given on the console's own page")
        if request.content_type != "application/json":
            raise RefusedError(415, "application/json is expected")
        return name

    async def _decided(self, name: str, asked: Asked, hit: HitRecord) -> "_Given":
        verdict = _verdict(asked)
        pair = await self._pair(pair_of(hit))
        stands = pair.known.of_pair(pair.key)
        if "stands" in asked:
            pair.unchanged(asked["stands"])
        try:
            given = disposition_of(
                hit,
                verdict,
                name,
                _text(asked, "reason", LONGEST_REASON),
                lasts=timedelta(days=_days(asked)),
                longest=self.rules.longest,
                now=datetime.now(UTC),
                stood=mark_of(stands),
            )
            record = giving(given, self.rules, stands)
        except ValueError as error:
            raise RefusedError(400, str(error)) from None
        return _Given([record], given, waits=record[0] != given.key)

    async def _approved(self, name: str, asked: Asked, key: str) -> "_Given":
        """What waits, approved by a second person."""
        pair = await self._pair(key)
        if pair.newest is None:
            raise RefusedError(409, "this pair has no disposition in force")
        pair.unchanged(asked.get("offset"))
        waiting = pair.known.waiting(pair.key)
        if waiting is None:
            raise RefusedError(409, "nothing waits for a second person for this pair")
        proposal = waiting.proposal
        if proposal.disposition and proposal.disposition.until <= datetime.now(UTC):
            until = proposal.disposition.until.isoformat()
            raise RefusedError(409, f"it ended at {until}; give a new one")
        if same_person(proposal.by, name):
            raise RefusedError(403, f"{proposal.by} gave it; another person approves it")
        if is_outdated(proposal.disposition, await self._newest_hit(key)):
            raise RefusedError(409, OUTDATED)
        stands = pair.known.of_pair(pair.key)
        both = replace(proposal, approved_by=name, stood=mark_of(stands))
        return _Given(approving(proposal, name, stands), both.approved, waits=False, approved=waiting)

    async def _withdrawn(self, name: str, asked: Asked, key: str) -> "_Given":
        """What stands, withdrawn: at once where payments are released by it, else when two say so."""
        pair = await self._pair(key)
        pair.unchanged(asked.get("offset"))
        stands = pair.known.of_pair(pair.key)
        if stands is None:
            raise RefusedError(409, "this pair has no disposition in force")
        proposal = Proposal(pair.key, name, _text(asked, "reason", LONGEST_REASON))
        waits = self.rules.keeps(stands, None, datetime.now(UTC))
        return _Given([proposing(proposal)] if waits else withdrawing(pair.key), None, waits=waits)

    async def _pair(self, key: str) -> "_Pair":
        """What all records of a pair say, however many of others hold its name. Raises RefusedError."""
        records, until = list[Mapping[str, Any]](), None
        for _ in range(MOST_LOOKS):
            found = await self.desk.search(Kind.DISPOSITIONS, searchable(key), MOST_RECORDS, until)
            records += (each for each in found["records"] if pair_of_key(each["key"].encode()) == key)
            until = offsets_from_text(found["next"]) if found["next"] else None
            if not until:
                return _Pair(key, self._known(records), records[0]["offset"] if records else None)
        raise RefusedError(503, "the pair's past is too long to be read at once; use the command line")

    def _known(self, newest_first: Sequence[Mapping[str, Any]]) -> Dispositions:
        known = Dispositions(self.rules)
        for record in reversed(newest_first):
            value = record.get("value", UNREADABLE)
            with suppress(ValueError):
                take(known, record["key"].encode(), value and orjson.dumps(value), record["at"])
        return known

    async def _newest_hit(self, key: str) -> HitRecord | None:
        """Of the pair, as its newest alert or update shows it."""
        found = await self.desk.search(Kind.ALERTS, searchable(key.replace("|", " ", 1)), MOST_RECORDS)
        hits = (hit for record in found["records"] for hit in (record.get("value") or {}).get("hits", ()))
        return next((cast(HitRecord, hit) for hit in hits if _is_of(hit, key)), None)

    async def _hit(self, asked: Asked) -> HitRecord:
        """The hit as its topic says it; where the page says where it stands, it is found at once."""
        alert_id, _ = _text(asked, "alert_id", LONGEST_ID), _verdict(asked)
        partition, offset = asked.get("partition"), asked.get("offset")
        until = None
        if isinstance(partition, int) and isinstance(offset, int):
            until = {int(partition): int(offset) + 1}
        found = await self.desk.search(Kind.ALERTS, alert_id, 1, until)
        for record in found["records"]:
            for hit in record["value"].get("hits", ()):
                if hit.get("alert_id") == alert_id:
                    return cast(HitRecord, hit)
        raise RefusedError(404, f"no alert {alert_id} was found on its topic")


class _Given(NamedTuple):
    """What is written for one who decides: a disposition, None where one is withdrawn."""

    records: Sequence[KeyedRecord]
    disposition: Disposition | None
    waits: bool
    approved: Proposed | None = None
    """What waited and is approved with it."""


class _Pair(NamedTuple):
    """What is known of a pair, and the offset of its newest record, also of one that withdraws."""

    key: str
    known: Dispositions
    newest: int | None

    def unchanged(self, seen: object) -> None:
        """Who decides has seen what another decided: of two analysts the slower would overrule the other
        unasked, a true positive too. `seen` is the newest offset, None of none. Raises RefusedError."""
        if self.newest != seen:
            raise RefusedError(409, "another disposition was given meanwhile; look at it first")


async def _body(request: web.Request) -> Asked:
    """A JSON object of a form's size. Raises RefusedError."""
    read = bytearray()
    async for part in request.content.iter_chunked(4096):
        read += part
        if len(read) > MOST_BYTES:
            raise RefusedError(413, f"at most {MOST_BYTES} bytes are read")
    try:
        asked = orjson.loads(read)
    except orjson.JSONDecodeError:
        asked = None
    if not isinstance(asked, dict):
        raise RefusedError(400, "a JSON object is expected")
    return asked


def _text(asked: Asked, name: str, longest: int) -> str:
    text = asked.get(name)
    if not isinstance(text, str) or not text.strip() or len(text) > longest:
        raise RefusedError(400, f"{name}: 1 to {longest} characters are expected")
    return text.strip()


def _is_of(hit: object, key: str) -> bool:
    """Whether what stands there as a hit is one of the pair; anybody may write anything on a topic."""
    with suppress(KeyError, TypeError, AttributeError):
        return pair_of(cast(HitRecord, hit)) == key
    return False


def _verdict(asked: Asked) -> Verdict:
    verdict = _text(asked, "verdict", LONGEST_ID)
    if verdict not in set(Verdict):
        raise RefusedError(400, f"verdict: one of {', '.join(Verdict)} is expected")
    return Verdict(verdict)


def _days(asked: Asked) -> float:
    days = asked.get("days")
    if isinstance(days, bool) or not isinstance(days, int | float) or not 0 < days <= 36_525:
        raise RefusedError(400, "days: a number from 1 to 36525 is expected")
    return float(days)

"""The disposition form: checked, made of what the topics say, and sent as `interdict dispositions add` does.

Who gives it is whose token it carries. A browser sends a bearer token only where a page of ours puts it,
never by itself as it does a password or a cookie, so no other page can give one in somebody's name.

Where four eyes are asked for, a false positive of one person counts for nothing until another approves.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import orjson
from aiohttp import hdrs, web

from screening.cases.dispositions import Disposition, SuppressionRules, Verdict
from screening.cases.people import same_person
from streams.console.case_desk import CaseDesk, Kind
from streams.console.disposing import disposition_of, send
from streams.console.open_hits import LONGEST_PAIR
from streams.console.reading.words import searchable
from streams.console.routes import answered
from streams.console.server import Handler, json_answer, same_token, token_of
from streams.console.work import WorkList
from streams.kafka.options import ClientOptions
from streams.records.dispositions import disposition_of_record, pair_of
from streams.records.json import disposition_to_json
from streams.records.shapes import HitRecord

MOST_BYTES = 16 << 10
LONGEST_REASON = 4_000
LONGEST_ID = 400

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

    def pages(self) -> Mapping[str, Handler]:
        """Path -> what answers POST there."""
        return {"/desk/dispositions": answered(self._answer)}

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        try:
            name = self._writer(request)
            asked = await _body(request)
            given = await (self._approved(name, asked) if "approve" in asked else self._decided(name, asked))
        except RefusedError as refused:
            return json_answer({"error": str(refused)}, refused.status)
        await asyncio.to_thread(send, self.client, self.topic, given.key, disposition_to_json(given))
        self.work.forget()
        said = orjson.loads(disposition_to_json(given))
        return json_answer({"disposition": said, "waits": self.rules.waits(given)})

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

    async def _decided(self, name: str, asked: Asked) -> Disposition:
        alert_id, verdict = _text(asked, "alert_id", LONGEST_ID), _text(asked, "verdict", LONGEST_ID)
        if verdict not in set(Verdict):
            raise RefusedError(400, f"verdict: one of {', '.join(Verdict)} is expected")
        hit = await self._hit(alert_id, asked)
        if "stands" in asked:
            self._unchanged(await self._standing(pair_of(hit)), asked["stands"])
        try:
            return disposition_of(
                hit,
                Verdict(verdict),
                name,
                _text(asked, "reason", LONGEST_REASON),
                lasts=timedelta(days=_days(asked)),
                longest=self.rules.longest,
                now=datetime.now(UTC),
            )
        except ValueError as error:
            raise RefusedError(400, str(error)) from None

    async def _approved(self, name: str, asked: Asked) -> Disposition:
        """The disposition that stands, approved by a second person."""
        pair = _text(asked, "approve", LONGEST_PAIR)
        stands = await self._standing(pair)
        if stands is None or not isinstance(stands.get("value"), dict):
            raise RefusedError(409, "no disposition of this pair stands")
        self._unchanged(stands, asked.get("offset"))
        try:
            given = disposition_of_record(pair.encode(), orjson.dumps(stands["value"]))
            if given.until <= datetime.now(UTC):
                raise RefusedError(409, f"it ended at {given.until.isoformat()}; give a new one")
            if same_person(given.by, name):
                raise RefusedError(403, f"{given.by} gave it; another person approves it")
            return replace(given, approved_by=name)
        except ValueError as error:
            raise RefusedError(409, str(error)) from None

    async def _standing(self, pair: str) -> dict[str, Any] | None:
        """The newest record of a pair, also one that withdraws."""
        found = await self.desk.search(Kind.DISPOSITIONS, searchable(pair), 10)
        return next((record for record in found["records"] if record["key"] == pair), None)

    @staticmethod
    def _unchanged(stands: Mapping[str, Any] | None, seen: object) -> None:
        """Who decides has seen what another decided: of two analysts the slower would overrule the other
        unasked, a true positive too. `seen` is the record's offset, None of none. Raises RefusedError."""
        if (stands["offset"] if stands else None) != seen:
            raise RefusedError(409, "another disposition was given meanwhile; look at it first")

    async def _hit(self, alert_id: str, asked: Asked) -> HitRecord:
        """The hit as its topic says it; where the page says where it stands, it is found at once."""
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


def _days(asked: Asked) -> float:
    days = asked.get("days")
    if isinstance(days, bool) or not isinstance(days, int | float) or not 0 < days <= 36_525:
        raise RefusedError(400, "days: a number from 1 to 36525 is expected")
    return float(days)

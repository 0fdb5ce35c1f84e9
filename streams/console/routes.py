"""The case desk over HTTP: what a page asks, checked, and every problem a sentence.

| request | answers |
| --- | --- |
| `GET /desk/records?in=&q=&limit=&until=&after=` | the newest records of a topic that hold these words |
| `GET /desk/work?by=` | what is open, by pair of party and designation, the most urgent first |
"""

from collections.abc import Mapping
from typing import NamedTuple

from aiohttp import web
from aiokafka.errors import KafkaError, TopicAuthorizationFailedError

from streams.console.case_desk import MOST_RECORDS, BusyError, CaseDesk, Kind, offsets_from_text
from streams.console.reading.words import SearchError
from streams.console.server import Handler, json_answer
from streams.console.work import Order, WorkList
from streams.errors import CannotProceedError

LONGEST_QUERY = 2_000
USUAL_RECORDS = 50


class Console(NamedTuple):
    """What the pages ask."""

    desk: CaseDesk
    work: WorkList


def desk_pages(console: Console) -> Mapping[str, Handler]:
    """Path -> what answers GET there."""

    async def records(request: web.Request) -> web.StreamResponse:
        asked = request.query
        kind = asked.get("in", Kind.ALERTS)
        if kind not in set(Kind):
            raise SearchError(f"in: one of {', '.join(Kind)} is expected")
        text = asked.get("q", "")
        if len(text) > LONGEST_QUERY:
            raise SearchError(f"q: at most {LONGEST_QUERY} characters are searched")
        found = await console.desk.search(
            Kind(kind), text, _limit(asked.get("limit")), _offsets(asked, "until"), _offsets(asked, "after")
        )
        return json_answer(found)

    async def open_work(request: web.Request) -> web.StreamResponse:
        order = request.query.get("by", Order.DEADLINE)
        if order not in set(Order):
            raise SearchError(f"by: one of {', '.join(Order)} is expected")
        return json_answer(await console.work.rows(Order(order)))

    return {"/desk/records": answered(records), "/desk/work": answered(open_work)}


def answered(handler: Handler) -> Handler:
    """The same, where every problem is a sentence in `error`."""

    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except BusyError as busy:
            return _problem(503, str(busy))
        except SearchError as wrong:
            return _problem(400, str(wrong))
        except TopicAuthorizationFailedError:
            return _problem(
                502, "the broker does not let this user read the topic; see `interdict topics rights`"
            )
        except CannotProceedError as error:
            return _problem(502, str(error))
        except (KafkaError, OSError) as error:
            return _problem(502, f"the broker does not answer: {str(error) or type(error).__name__}")

    return answer


def _problem(status: int, text: str) -> web.StreamResponse:
    return json_answer({"error": text}, status)


def _limit(text: str | None) -> int:
    if text is None:
        return USUAL_RECORDS
    if not text.isascii() or not text.isdecimal() or len(text) > 4 or not 1 <= int(text) <= MOST_RECORDS:
        raise SearchError(f"limit: a whole number from 1 to {MOST_RECORDS} is expected")
    return int(text)


def _offsets(asked: Mapping[str, str], name: str) -> Mapping[int, int] | None:
    text = asked.get(name)
    return offsets_from_text(text) if text else None

"""Callers that come one by one and share one piece of work: what comes meanwhile waits for the next."""

import asyncio
import sys
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, NamedTuple, TypeVar

from streams.serve.errors import LateError

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


class Caller(NamedTuple, Generic[Asked, Answer]):
    """What is asked, its answer once there is one, and until when anybody waits for it (`time.monotonic`)."""

    asked: Asked
    answer: asyncio.Future[Answer]
    until: float


class Together(Generic[Asked, Answer]):
    """Has `work` answer those who wait, at most `most` of them together, one group after the other.

    `work` gives each caller an answer or an error. Where it is broken off, because the caller that brought it
    about is given up, whoever comes next has the others answered.
    """

    def __init__(
        self, work: Callable[[Sequence[Caller[Asked, Answer]]], Awaitable[None]], most: int = sys.maxsize
    ) -> None:
        self._work = work
        self._most = most
        self._waiting: deque[Caller[Asked, Answer]] = deque()
        self._one_at_a_time = asyncio.Lock()

    def __len__(self) -> int:
        """How many wait for the next work."""
        return len(self._waiting)

    async def ask(self, asked: Asked, until: float) -> Answer:
        """The answer. Raises LateError where those before took until then, and the error that `work` gives.

        The holder of the lock has the first who wait answered, itself included: each holder before it has
        answered at least one, and the lock is given in the order of arrival.
        """
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append(Caller(asked, answer, until))
        async with self._one_at_a_time:
            if not answer.done():
                await self._answer_waiting()
        return await answer

    async def _answer_waiting(self) -> None:
        taken, now = list[Caller[Asked, Answer]](), time.monotonic()
        while self._waiting and len(taken) < self._most:
            each = self._waiting.popleft()
            if now > each.until:
                each.answer.set_exception(LateError())
            else:
                taken.append(each)
        try:
            if taken:
                await self._work(taken)
        except BaseException:
            self._waiting.extendleft(reversed([each for each in taken if not each.answer.done()]))
            raise

"""An event loop with a clock of its own: seconds pass only when nobody has anything left to do.

Every callback belongs to a `Process` or to the world around them (the brokers). A process can be killed or
stopped between any two callbacks, which is at any `await`: what is dead runs no more, not even what stands in
a `finally`; what is stopped goes on later where it stood. Callbacks run in asyncio's own order, so nothing
happens here that could not happen there; chance lies in how long the brokers take.
"""

import asyncio
import contextvars
import heapq
import itertools
import random
from collections import deque
from collections.abc import Callable, Coroutine, Generator
from contextlib import suppress
from typing import Any, TypeVar, TypeVarTuple

START = 1_692_187_200.0
"""Unix time at which every run begins: 16 August 2023, noon."""
PACE = (0.3, 0.02)
"""How often the code under test takes any time at all between two looks at the clock, and up to how much."""

Given = TypeVarTuple("Given")
Answer = TypeVar("Answer")


class SimulationError(RuntimeError):
    """The simulation itself cannot go on; no statement about what is simulated."""


class DeadError(BaseException):
    """Somebody who was killed wants to do something."""


class Step:
    """A callback to come; what asyncio calls a handle, without what only a debugger needs."""

    __slots__ = ("arguments", "callback", "context", "gone", "when_")

    def __init__(
        self, callback: Callable[..., Any], arguments: Any, context: contextvars.Context, when: float = 0.0
    ) -> None:
        self.callback = callback
        self.arguments = arguments
        self.context = context
        self.when_ = when
        self.gone = False

    def cancel(self) -> None:
        self.gone = True

    def cancelled(self) -> bool:
        return self.gone

    def when(self) -> float:
        return self.when_


class Process:
    """Something that runs on a machine of its own, with a clock that may be wrong by `skew` seconds."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.skew = 0.0
        self.pace = PACE
        self.dead = False
        self.stopped = False
        self.on_death: Callable[[], None] = lambda: None
        self.steps = 0
        self._at: dict[int, Callable[[], None]] = {}
        self._waiting: list[Step] = []
        self.tasks: list[asyncio.Task[Any]] = []
        self.ids: list[str] = []
        """Ids that it made."""

    def after(self, steps: int, action: Callable[[], None]) -> None:
        """Do this between two callbacks, so many callbacks from now."""
        self._at[self.steps + max(1, steps)] = action

    def kill(self) -> None:
        """SIGKILL."""
        if not self.dead:
            self.dead = True
            self._waiting.clear()
            self.on_death()

    def stop(self) -> None:
        """SIGSTOP."""
        self.stopped = True

    def go_on(self) -> list[Step]:
        """SIGCONT; returns what has to run now."""
        self.stopped = False
        waiting, self._waiting = self._waiting, []
        return waiting

    def takes(self, handle: Step) -> bool:
        """Whether this callback may run now."""
        if self._at and (action := self._at.pop(self.steps, None)):
            self.steps += 1
            action()
        if self.dead:
            return False
        if self.stopped:
            self._waiting.append(handle)
            return False
        self.steps += 1
        return True

    def bury(self) -> None:
        """Let go of the tasks of one that was killed, without a word about what they never did."""
        for task in self.tasks:
            if not task.done():
                left: Any = task
                left._log_destroy_pending = False
                coroutine: Any = task.get_coro()
                inner = coroutine.cr_frame.f_locals.values() if coroutine.cr_frame else ()
                for each in (*filter(asyncio.iscoroutine, inner), coroutine):
                    with suppress(BaseException):  # whatever a `finally` of the dead wants
                        each.close()
        self.tasks.clear()


PROCESS: contextvars.ContextVar[Process | None] = contextvars.ContextVar("process", default=None)
WORLD = contextvars.Context()
"""What brokers do goes on whoever asked for it."""


class VirtualLoop(asyncio.BaseEventLoop):
    """Runs everything that can run, then jumps to the next timer."""

    def __init__(self, rng: random.Random) -> None:
        super().__init__()
        self.rng = rng
        self.now = 0.0
        self.steps = 0
        self.processes: list[Process] = []
        """All that ever ran."""
        self._soon: deque[Step] = deque()
        self._timers: list[tuple[float, int, Step]] = []
        self._number = itertools.count()
        self.set_task_factory(_remembered)
        self.set_exception_handler(lambda *_: None)

    def time(self) -> float:
        return self.now

    def monotonic(self) -> float:
        """As the code under test sees it: time passes while it works."""
        process = PROCESS.get()
        share, seconds = process.pace if process else PACE
        if self.rng.random() < share:
            self.now += self.rng.random() * seconds
        return self.now

    def wall(self) -> float:
        """Unix time as the process that asks believes it to be."""
        process = PROCESS.get()
        return START + self.now + (process.skew if process else 0.0)

    def call_soon(
        self, callback: Callable[[*Given], object], *args: *Given, context: contextvars.Context | None = None
    ) -> Any:
        step = Step(callback, args, context if context is not None else contextvars.copy_context())
        self._soon.append(step)
        return step

    def call_at(
        self,
        when: float,
        callback: Callable[[*Given], object],
        *args: *Given,
        context: contextvars.Context | None = None,
    ) -> Any:
        step = Step(callback, args, context if context is not None else contextvars.copy_context(), when)
        heapq.heappush(self._timers, (when, next(self._number), step))
        return step

    def call_later(
        self,
        delay: float,
        callback: Callable[[*Given], object],
        *args: *Given,
        context: contextvars.Context | None = None,
    ) -> Any:
        return self.call_at(self.now + delay, callback, *args, context=context)

    def later(self, seconds: float, action: Callable[..., None], *arguments: Any) -> Step:
        """Something that the world does."""
        step = Step(action, arguments, WORLD, self.now + seconds)
        heapq.heappush(self._timers, (step.when_, next(self._number), step))
        return step

    def resume(self, process: Process) -> None:
        self._soon.extend(process.go_on())

    def start(self, process: Process, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Run this in a process, and every task that it starts."""
        context = contextvars.Context()
        context.run(PROCESS.set, process)
        if process not in self.processes:
            self.processes.append(process)
        return self.create_task(work, context=context)

    def clear(self) -> None:
        """Nothing goes on."""
        self._soon.clear()
        self._timers.clear()

    def _run_once(self) -> None:
        soon, timers = self._soon, self._timers
        while timers and (not soon or timers[0][0] <= self.now):
            when, _, step = heapq.heappop(timers)
            if not step.gone:
                if when > self.now:
                    self.now = when
                soon.append(step)
        if not soon and not self._stopping:  # type: ignore[attr-defined]  # BaseEventLoop's own
            raise SimulationError("nobody has anything left to do and no timer is set")
        self.steps += len(soon)
        for _ in range(len(soon)):
            step = soon.popleft()
            if step.gone:
                continue
            process = step.context.get(PROCESS)
            if process is None or process.takes(step):
                step.context.run(step.callback, *step.arguments)

    def _asyncgen_finalizer_hook(self, _: Any) -> None:
        """One that a killed process left half-way: nobody runs its end, as nobody does after SIGKILL."""

    def _process_events(self, event_list: Any) -> None:
        """No socket is open."""

    def _write_to_self(self) -> None:
        """No thread calls."""


def _remembered(
    loop: asyncio.AbstractEventLoop,
    work: Coroutine[Any, Any, Answer] | Generator[Any, None, Answer],
    context: Any = None,
    **options: Any,
) -> asyncio.Task[Answer]:
    assert isinstance(work, Coroutine)
    task = asyncio.Task(work, loop=loop, context=context, **options)
    process = (context or contextvars.copy_context()).get(PROCESS)
    if process is not None:
        tasks = process.tasks
        tasks.append(task)
        if len(tasks) > 500:
            tasks[:] = [each for each in tasks if not each.done()]
    return task

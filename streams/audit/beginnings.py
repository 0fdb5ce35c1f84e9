"""Tells the beginning of a session that retention has deleted from one that somebody has removed.

If retention deleted the oldest records of a partition, a session may begin with any number. Other records say
how far it had come and when: its first checkpoint, every later one, and the decisions that name its alerts.
Retention cannot have deleted what was written long after the oldest record that is left.
"""

from typing import NamedTuple

EVERY_MS = 3600 * 1000
"""A mark an hour is kept: ten years of one session are 88,000."""
TOLERANCE_MS = 2 * 3600 * 1000
"""Clocks of writers may be an hour apart and more; what is nearer to retention's edge is given to it."""


class Mark(NamedTuple):
    """Everything that a session wrote to a partition after this number, it wrote after this time."""

    number: int
    at_ms: int


NOTHING = -1
"""The number of a session that has written nothing yet."""


class Beginnings:
    """The marks of every session, by whatever names its partition."""

    def __init__(self) -> None:
        self._began_ms: dict[str, int] = {}
        self._marks: dict[tuple[object, str], list[Mark]] = {}

    def began(self, session: str, at_ms: int) -> None:
        """It wrote its first checkpoint: what it has written by then is no older than its last batch."""
        self._began_ms[session] = at_ms

    def note(self, partition: object, session: str, mark: Mark) -> None:
        marks = self._marks.setdefault((partition, session), [])
        if not marks or mark.at_ms - marks[-1].at_ms >= EVERY_MS:
            marks.append(mark)

    def taken_out(self, partition: object, session: str, first: int, oldest_ms: int) -> Mark | None:
        """The mark after which records were removed: the session now begins with `first`, and retention
        cannot explain that, because it has left what was written at `oldest_ms`. None if it can."""
        marks = list(self._marks.get((partition, session), ()))
        if session in self._began_ms:
            marks.append(Mark(NOTHING, self._began_ms[session]))
        before = [mark for mark in marks if mark.number + 1 < first and mark.at_ms - TOLERANCE_MS > oldest_ms]
        return max(before, default=None)

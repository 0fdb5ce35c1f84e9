"""Where a topic ends, as far as is known: whether a broker answers, and whether its reader is stuck before
the end."""

import time

STUCK_SECONDS = 2.0
"""The topic has more and nothing comes: another broker is asked for it then."""
CONFIRM_SECONDS = 1.0
"""How often the broker is asked where the topic ends: the only proof that silence means nothing is new."""


class TopicEnd:
    """Fed with the answers to that question; `unreachable` and `behind` say in words what is wrong."""

    def __init__(self, topic: str, silence_seconds: float) -> None:
        self.unreachable = ""
        """Why the list may be older than the topic: nobody has answered for too long. Empty else."""
        self.behind = ""
        """Why what is proved to be on the topic does not come; empty while it does."""
        self._topic = topic
        self._silence_seconds = silence_seconds
        self._answered_at = 0.0
        self._stuck: tuple[int, float] | None = None
        """Offset and monotonic time since when nothing comes although the topic has more."""

    def answered(self) -> None:
        """A broker has just answered."""
        self._answered_at = time.monotonic()

    def not_answered(self, error: str) -> bool:
        """No broker answers, with this error; returns whether that has gone on for too long."""
        silent = time.monotonic() - self._answered_at
        if silent > self._silence_seconds:
            self.unreachable = f"{self._topic}: out of reach for {silent:.0f} s ({error})"
            return True
        return False

    def reached(self) -> None:
        """Everything that the topic holds was read."""
        self.unreachable = self.behind = ""
        self._stuck = None

    def stands_still(self, end: int, read_to: int, *, busy: bool) -> bool:
        """Whether nothing has arrived for too long although the topic goes on to `end`.

        A broker that no longer leads the topic, and does not know it, never sends anything new. A reader that
        is `busy` with earlier records is not stuck.
        """
        now = time.monotonic()
        if busy or self._stuck is None or self._stuck[0] != read_to:
            self._stuck = (read_to, now)
        elif now - self._stuck[1] > STUCK_SECONDS - CONFIRM_SECONDS / 2:
            self.behind = (
                f"{self._topic}: read up to {read_to} of {end}, and the broker it is read from sends no "
                "more; another one is asked"
            )
            self._stuck = None
            return True
        return False

"""What benchmarks and long series of tests share as commands."""

import signal
import sys


def say(text: str) -> None:
    """A line that is seen at once, also in a file or behind a pipe."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def end_in_order() -> None:
    """SIGTERM ends the program as an exit does: nothing that was started stays."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))

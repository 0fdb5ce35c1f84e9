"""Labels that stay few, whatever payments, lists and mappings are called, and edges that histograms share."""

from collections.abc import Callable

from screening.payments import FORMATS as PAYMENT_FORMATS

FORMATS = (*PAYMENT_FORMATS, "other")
# The objective is 100 ms from read to decision at p99; the edges sit close around it.
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 1.0, 2.5)


def format_label(name: str) -> str:
    """A payment's format as a bounded label: `pacs.008.001.12 -> pacs.008`, `MT103 -> mt103`."""
    short = ".".join(name.lower().replace(" ", "").split(".")[:2])
    return short if short in FORMATS else "other"


class BoundedLabels:
    """The first `most` values of a label. Every further one is "other": nobody can blow up the series.

    `begin` is called with each of the first once, for its series to begin at zero.
    """

    def __init__(self, most: int, begin: Callable[[str], object] | None = None) -> None:
        self._most = most
        self._begin = begin
        self._known: set[str] = set()

    def __call__(self, value: str) -> str:
        if value not in self._known:
            if len(self._known) >= self._most:
                return "other"
            self._known.add(value)
            if self._begin:
                self._begin(value)
        return value

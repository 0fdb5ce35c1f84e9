"""The metrics of a worker: each module defines some, and has the methods that set them."""

from streams.worker.metrics.every import MOST_LISTS, Metrics
from streams.worker.metrics.memory import SCHEMA_OUTCOMES, ShadowLoss
from streams.worker.metrics.series import FORMATS, format_label
from streams.worker.metrics.state import NO_PARTITION

__all__ = [
    "FORMATS",
    "MOST_LISTS",
    "NO_PARTITION",
    "SCHEMA_OUTCOMES",
    "Metrics",
    "ShadowLoss",
    "format_label",
]

"""Values that Avro and Protobuf have and JSON has not, as texts that are screened."""

import math


def text_of(value: bytes) -> str:
    """Bytes as the text in them: a name is found there whatever stands around it."""
    return value.decode("utf-8", "replace")


def finite(value: float) -> float | str:
    """A number as JSON has it; one that it has not as its word, which no amount is."""
    return value if math.isfinite(value) else str(value)

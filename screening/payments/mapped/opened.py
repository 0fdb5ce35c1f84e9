"""JSON in a string (an outbox, a change event's `json` column) opened, so that paths lead into it."""

from collections.abc import Iterable
from typing import Any

from screening.payments.json_path import JsonPath, Steps
from screening.payments.model import PaymentError
from screening.payments.strict_json import read_json


def opened(event: Any, paths: Iterable[JsonPath]) -> Any:
    """The event with its strings at these paths replaced by the JSON in them; the event itself is unchanged.

    A string that is no JSON object or list stays what it is: a text, to be screened as one.
    """
    for path in paths:
        for value, _, steps in list(path.branches(event)):
            if isinstance(value, str) and (inner := _json(value)) is not None:
                event = _replaced(event, steps, inner)
    return event


def _json(text: str) -> Any:
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        return read_json(text.encode("utf-8", "surrogatepass"))
    except PaymentError:
        return None


def _replaced(value: Any, steps: Steps, inner: Any) -> Any:
    """A copy of a value, of no more than what leads to the place, with something else there."""
    if not steps:
        return inner
    step, rest = steps[0], steps[1:]
    if isinstance(value, list) and isinstance(step, int):
        return [*value[:step], _replaced(value[step], rest, inner), *value[step + 1 :]]
    if isinstance(value, dict) and step in value:
        return value | {step: _replaced(value[step], rest, inner)}
    return value

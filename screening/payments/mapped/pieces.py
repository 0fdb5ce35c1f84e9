"""An event that holds several payments, cut into them; what they share belongs to each."""

from dataclasses import dataclass
from typing import Any

from screening.payments.json_path import JsonPath, Steps
from screening.payments.model import Field, PaymentError, PaymentProblem
from screening.payments.strict_json import count_values, fields

MOST_PAYMENTS = 10_000
"""In one event: of 1 MiB, each payment then has a hundred bytes."""
MOST_SHARED = 4 << 20
"""Characters screened because they stand beside every payment of an event, all payments together."""

MOST_SHARED_VALUES = 500_000
"""Values that stand beside the payments, counted with each: a mapping's paths may lead through them all."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One payment's part of an event."""

    element: Any
    at: str
    branch: Steps
    texts: tuple[Field, ...]
    """Every text of the element, and of the event around all elements."""


def whole(event: Any, at: str) -> list[Piece]:
    """The event as the one payment that it is."""
    return [Piece(event, at, (), fields(event, at, MOST_SHARED_VALUES))]


def split(event: Any, at: str, path: JsonPath) -> list[Piece]:
    """A piece for each element that a path leads to. Raises PaymentError for none, or more than are read."""
    found: list[tuple[Any, str, Steps]] = []
    for branch in path.branches(event, at):
        if len(found) == MOST_PAYMENTS:
            detail = f"{path.text}: more than {MOST_PAYMENTS} payments in one event; send fewer at once"
            raise PaymentError(PaymentProblem.TOO_LARGE, detail)
        if branch[0] is not None:
            found.append(branch)
    if not found:
        raise PaymentError(PaymentProblem.NO_PARTIES, f"{path.text}: the mapping finds no payment there")
    beside = count_values(event) - sum(count_values(element) for element, _, _ in found)
    if beside * len(found) > MOST_SHARED_VALUES:
        detail = f"{len(found)} payments that share {beside} values; send them in smaller events"
        raise PaymentError(PaymentProblem.TOO_LARGE, detail)
    own: dict[str, list[Field]] = {where: [] for _, where, _ in found}
    shared: list[Field] = []
    for text in fields(event, at, MOST_SHARED_VALUES):
        own.get(_element_of(text.path, own), shared).append(text)
    length = sum(len(text.value) for text in shared)
    if length * len(found) > MOST_SHARED:
        detail = f"{len(found)} payments that share {length} characters; send them in smaller events"
        raise PaymentError(PaymentProblem.TOO_LARGE, detail)
    return [Piece(element, where, steps, (*own[where], *shared)) for element, where, steps in found]


def _element_of(path: str, elements: dict[str, list[Field]]) -> str:
    """The place of the element that a path is in; empty for none."""
    while path and path not in elements:
        path = path.rpartition("/")[0]
    return path

"""All that is changed in aiokafka, in one call: what each change is for stands in its own module."""

from streams.faust_internals.committed_places import ask_committed_places_again
from streams.faust_internals.decompression import bound_decompression
from streams.faust_internals.header_names import read_any_header_names
from streams.faust_internals.paced_connections import pace_connections
from streams.faust_internals.paced_metadata import pace_metadata


def patch_aiokafka(payments: str = "") -> None:
    """Changes every client of this process, and may be called more than once.

    `payments` is the topic of which a batch that is too large is read as placeholders rather than refused;
    nothing where this process reads no payments with aiokafka.
    """
    bound_decompression(payments)
    read_any_header_names()
    pace_connections()
    pace_metadata()
    ask_committed_places_again()
